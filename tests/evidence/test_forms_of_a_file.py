"""One set of records in every form of a file: JSON Lines, CSV, Parquet, nested or in columns."""

import csv
import json
from pathlib import Path
from typing import Any

import polars
import pytest

import servanda
from servanda import library
from servanda.evidence.record import Record

LIB = library.load("ukraine-28-point")
PARTIES = ["Russia", "Ukraine", "Europe"]
ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "type": "agrees",
        "at": "2026-01-10",
        "args": {"party": "Russia"},
        "source": "Russia",
    },
    {
        "id": "b",
        "type": "attack",
        "at": "2026-02-01T10:00:00Z",
        "args": {"by": "Russia", "on": "Ukraine", "weapon": "drone"},
        "place": {"lat": 50.0, "lon": 36.2},
        "source": "Reuters",
        "claimed_by": "Ukraine",
        "derived_from": ["a"],
        "same_as": ["c", "d"],
    },
    {
        "id": "e",
        "type": "concludes",
        "at": "2026-02",
        "args": {"instrument": "non_aggression_pact", "parties": PARTIES},
        "source": "Russia",
    },
    {
        "id": "f",
        "type": "pays",
        "at": "2026-02-01",
        "args": {
            "from": "Europe",
            "into": "us_led_investment",
            "amount": "0.10",
            "currency": "EUR",
        },
        "source": "Reuters",
    },
    {
        "id": "g",
        "type": "attack",
        "at": "2026-02-01",
        "args": {"by": "Ukraine", "on": "Russia"},
        "place": {"name": "Kharkiv"},
        "source": "AFP",
    },
    {"id": "w", "type": "attack", "source": "AFP", "reported": "2026-02-05", "withdraws": ["g"]},
]


def nested(row: dict[str, Any]) -> dict[str, Any]:
    """What nests, as JSON in a cell."""
    return {n: json.dumps(v) if isinstance(v, dict | list) else v for n, v in row.items()}


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """What nests, in columns of its own; lists with semicolons."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found.update(
                (f"{name}.{n}", ";".join(v) if isinstance(v, list) else v) for n, v in value.items()
            )
        else:
            found[name] = ";".join(value) if isinstance(value, list) else value
    return found


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(n for row in rows for n in row)))
        writer.writeheader()
        writer.writerows(rows)


def write(path: Path, form: str) -> Path:
    if form == "jsonl":
        path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    elif form == "nested.csv":
        write_csv(path, [nested(row) for row in ROWS])
    elif form == "flat.csv":
        write_csv(path, [flat(row) for row in ROWS])
    elif form == "nested.parquet":
        polars.DataFrame(list(map(nested, ROWS)), infer_schema_length=None).write_parquet(path)
    elif form == "flat.parquet":
        polars.DataFrame(list(map(flat, ROWS)), infer_schema_length=None).write_parquet(path)
    else:
        polars.DataFrame(ROWS, infer_schema_length=None).write_parquet(path)
    return path


def read(path: Path) -> tuple[Record, ...]:
    from dataclasses import replace

    found = LIB.read([path])
    assert found.refused == ()
    return tuple(replace(record, line=0) for record in found.records)


FORMS = ("nested.csv", "flat.csv", "nested.parquet", "flat.parquet", "struct.parquet")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_records(tmp_path: Path, form: str) -> None:
    expected = read(write(tmp_path / "records.jsonl", "jsonl"))
    assert len(expected) == len(ROWS)
    assert read(write(tmp_path / f"records.{form}", form)) == expected


def test_a_cell_that_begins_like_json_and_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    write_csv(path, [{**nested(ROWS[1]), "place": '{"lat": 50.0'}])
    found = LIB.read([path])
    assert found.records == ()
    assert [(r.line, r.reason) for r in found.refused] == [
        (2, "column place is not JSON, though it begins like it")
    ]


def test_records_may_be_plain_data(tmp_path: Path) -> None:
    path = write(tmp_path / "records.jsonl", "jsonl")
    only = {"as_of": "2026-06-01", "only": ["p2", "p14"]}
    assert servanda.assess(LIB, ROWS, **only) == servanda.assess(LIB, [path], **only)
    assert servanda.assess(LIB, [*ROWS[:3], path], **only) == servanda.assess(LIB, path, **only)


def test_plain_data_that_cannot_be_used_is_refused_by_its_number() -> None:
    result = servanda.assess(
        LIB, [ROWS[0], {"id": "x", "type": "atack", "source": "AFP"}], only=["p1"]
    )
    assert [row["line"] for row in result["refused"]] == [2]


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(library.InputError, match="nofile: there is no such file"):
        servanda.assess(LIB, "nofile")
