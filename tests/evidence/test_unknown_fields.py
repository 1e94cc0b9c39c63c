"""Fields that no record has are told once, with what may be meant; nothing is refused or lost."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from servanda import library
from servanda.cli import main
from servanda.evidence.checked import FIELDS
from servanda.evidence.read import read_file, read_rows, read_text
from servanda.evidence.unknown_fields import MAX_TOLD, Noting
from tests.evidence.small import UTC, agreement, attack

TYPES = agreement().record_types


def unknown(*rows: dict[str, Any]) -> list[tuple[str, int, int, str]]:
    text = "\n".join(json.dumps(row) for row in rows)
    read = read_text(text, "r.jsonl", TYPES, UTC)
    assert len(read.records) == len(rows)
    assert not read.refused
    return [(u.name, u.line, u.rows, u.near) for u in read.unknown]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("clamed_by", "claimed_by"),
        ("claimedBy", "claimed_by"),
        ("Claimed-By", "claimed_by"),
        ("derived", "derived_from"),
        ("sameas", "same_as"),
        ("observed", "observed_how"),
        ("withdraw", "withdraws"),
        ("SOURCE", "source"),
        ("weather", ""),
        ("latitude", ""),
    ],
)
def test_the_field_that_may_be_meant(name: str, meant: str) -> None:
    assert unknown(attack("a", "Paper", **{name: "x"})) == [(name, 1, 1, meant)]


def test_each_is_told_once_with_its_first_line() -> None:
    rows = [attack(f"a{n}", "Paper", **({"colour": "red"} if n else {})) for n in range(3)]
    rows[2]["mood"] = 1
    assert unknown(*rows) == [("colour", 2, 2, ""), ("mood", 3, 1, "")]


def test_within_a_place_as_well() -> None:
    row = attack("a", "Paper", place={"lat": 1, "lon": 2, "long": 2})
    assert unknown(row) == [("place.long", 1, 1, "place.lon")]


def test_what_data_sets_keep_beside_a_record_is_no_slip() -> None:
    assert unknown(attack("a", "Paper", url="https://example.org", note="x", sides=["A"])) == []
    for name in library.bundled():
        assert not library.load(name).records.unknown


def test_an_argument_among_the_fields_is_refused_and_not_told_twice() -> None:
    row = {**attack("a", "Paper"), "by": "A", "args": {"on": "B"}}
    read = read_rows([row], TYPES, UTC)
    assert len(read.refused) == 1
    assert not read.unknown


def test_a_table_of_another_sort_is_cut() -> None:
    noting = Noting("f", FIELDS)
    noting.note(1, {f"column{n}": 1 for n in range(10_000)})
    assert len(noting.found()) == MAX_TOLD


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_all_three_forms_and_the_same_result(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.servanda").write_text(
        'agreement x "x"\n  zone UTC\n  draft 2026-01-01\n  in force when 2026-01-01\n'
        'party A\nparty B\nprohibition t.hold "x"\n  bearer A\n  not attack by A\n  from in_force\n'
    )
    plain = {"id": "a", "type": "attack", "at": "2026-02-01", "source": "Paper"}
    told: list[str] = []
    for number, more in enumerate(({}, {"clamed_by": "B", "mood": "grim"})):
        file = Path(f"r{number}.{form}")
        row = {**plain, **more}
        if form == "jsonl":
            file.write_text(json.dumps({**row, "args": {"by": "A", "on": "B"}}) + "\n")
        elif form == "csv":
            flat = {**row, "args.by": "A", "args.on": "B"}
            file.write_text(",".join(flat) + "\n" + ",".join(flat.values()) + "\n")
        else:
            pl.DataFrame([{**row, "args": {"by": "A", "on": "B"}}]).write_parquet(file)
        assert read_file(file, TYPES, UTC).records[0].args == {"by": "A", "on": "B"}
        assert main(["assess", "t.servanda", "--records", str(file), "--format", "json"]) == 0
        out, err = capsys.readouterr()
        told.append(out)
        assert ("did you mean “claimed_by”?" in err) == bool(more)
        assert err.count(": note: ") == len(more)
    assert told[0] == told[1]
