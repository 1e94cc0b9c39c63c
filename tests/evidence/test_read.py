"""Reading records: three forms, one meaning; what cannot be read is kept apart with its reason."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars
import pytest

from servanda.evidence.read import Records, read_file, read_text
from servanda.geo import Point
from tests.evidence.small import UTC, agreement, attack, read

TYPES = agreement().record_types


def from_csv(text: str) -> Records:
    return read_text(text, "r.csv", TYPES, UTC, csv_form=True)


def test_the_same_rows_as_lines_of_json_as_csv_and_as_parquet(tmp_path: Path) -> None:
    rows = [
        attack("a", "Paper", claimed_by="B", place={"lat": 50.5, "lon": 36.25}),
        {
            **attack("m", "Observers", at="2026-02-01", reported="2026-02-03"),
            "type": "measure",
            "args": {"name": "guards", "of": "A", "value": 120.5, "unit": "people"},
            "derived_from": ["a"],
        },
    ]
    as_json = read(*rows)
    csv = (
        "id,type,at,source,claimed_by,reported,lat,lon,args.by,args.on,args,derived_from\n"
        "a,attack,2026-02-01T10:00:00Z,Paper,B,,50.5,36.25,A,B,,\n"
        'm,measure,2026-02-01,Observers,,2026-02-03,,,,,"{""name"": ""guards"", ""of"": ""A"", '
        '""value"": 120.5, ""unit"": ""people""}",a\n'
    )
    path = tmp_path / "r.parquet"
    table = [{**row, "args": json.dumps(row["args"])} for row in rows]
    polars.DataFrame(table, infer_schema_length=None).write_parquet(path)
    as_csv, as_parquet = from_csv(csv), read_file(path, TYPES, UTC)
    assert not as_json.refused
    for other in (as_csv, as_parquet):
        assert not other.refused, other.refused
        assert [_plain(r) for r in other.records] == [_plain(r) for r in as_json.records]


def _plain(record: Any) -> Any:
    from dataclasses import replace

    return replace(record, line=0)


def test_numbers_are_exact() -> None:
    text = '{"id":"p","type":"pays","at":"2026-02-01","source":"A","args":{"from":"A","into":"F",'
    text += '"amount":"0.1","currency":"USD"}}\n'
    text += text.replace('"p"', '"q"', 1).replace('"0.1"', "100000000000.01")
    found = read_text(text, "t", TYPES, UTC)
    assert [r.number("amount") for r in found.records] == [
        Decimal("0.1"),
        Decimal("100000000000.01"),
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": None}, "without id"),
        ({"source": "", "type": None}, "without type and source"),
        ({"type": "atack"}, "unknown record type “atack”; did you mean “attack”?"),
        ({"at": None}, "without “at”"),
        ({"at": "2026-02-30"}, "“at”: “2026-02-30” is no date"),
        ({"at": "2026-02-01T10:00:00"}, "names no time zone"),
        ({"at": 20260201}, "“at”"),
        ({"precision": "week"}, "precision “week” is none of"),
        ({"args": {"by": "A", "wepon": "drone"}}, "attack has no argument “wepon”"),
        ({"args": {"weapon": "rocket"}}, "“args.weapon” is “rocket”, not one of missile"),
        ({"args": []}, "“args” is not an object"),
        ({"place": {"lat": 50}}, "“place” needs both lat and lon"),
        ({"place": {"lat": 91, "lon": 0}}, "“place”"),
        ({"place": 7}, "“place” is a name or {lat, lon}"),
        ({"count": "many"}, "“count” is not a number"),
        ({"source": "Pa\u202eper"}, "control characters"),
        ({"source": ["Paper"]}, "“source” is not text"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_reason(change: dict[str, Any], why: str) -> None:
    found = read(attack("good", "Paper"), attack("bad", "Paper") | change, attack("last", "Radio"))
    assert [r.id for r in found.records] == ["good", "last"]
    (refused,) = found.refused
    assert refused.line == 2
    assert why in refused.reason


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON at column 2"),
        ("[1]", "a record is a JSON object"),
        ('{"id":"x","id":"y"}', "field “id” is given twice"),
        ('{"id":NaN}', "NaN is not a number"),
        ('{"count":' + "9" * 60 + "}", "more than 40 digits"),
        ("[" * 100_000, "not JSON|nested too deeply"),
        ('{"id":"' + "x" * 1_000_001 + '"}', "longer than 1,000,000 characters"),
    ],
)
def test_a_broken_line_leaves_the_others_alone(line: str, why: str) -> None:
    import re

    good = json.dumps(attack("good", "Paper"))
    found = read_text(f"{line}\n{good}\n", "t", TYPES, UTC)
    assert [r.id for r in found.records] == ["good"]
    assert [r.line for r in found.refused] == [1]
    assert re.search(why, found.refused[0].reason)


def test_same_id_and_content_is_one_record_other_content_is_refused() -> None:
    found = read(attack("a", "Paper"), attack("a", "Paper"), attack("a", "Radio"))
    assert [r.id for r in found.records] == ["a"]
    (refused,) = found.refused
    assert refused.line == 3
    assert "stands on line 1 with other content" in refused.reason


def test_bytes_that_are_not_utf8_cost_their_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    good = json.dumps(attack("good", "Paper")).encode()
    path.write_bytes(b'{"id":"\xff"}\n' + good + b"\n")
    found = read_file(path, TYPES, UTC)
    assert [r.id for r in found.records] == ["good"]
    assert [(r.line, r.reason) for r in found.refused] == [(1, "not UTF-8 text")]


def test_what_a_row_leaves_out_is_not_filled_in() -> None:
    (one,) = read({k: v for k, v in attack("a", "Paper").items() if k != "args"}).records
    assert (one.args, one.place, one.claimed_by, one.received, one.count) == (
        {},
        None,
        None,
        None,
        None,
    )
    assert one.reported == (one.at.last if one.at else None)  # reported is the time of the act
    assert one.speaker == "Paper"


def test_unattributed_is_no_name() -> None:
    (one,) = read(attack("a", "Paper", args={"by": "unattributed", "on": "B"})).records
    assert one.word("by") is None
    assert one.words("by") == ()
    assert one.args["by"] == "unattributed"


def test_a_place_is_a_name_or_a_point() -> None:
    named, point = read(
        attack("a", "Paper", place={"name": "Kharkiv"}),
        attack("b", "Paper", place={"lat": "50.5", "lon": 36}),
    ).records
    assert named.place == "Kharkiv"
    assert point.place == Point(50.5, 36.0)


def test_csv_cells_beyond_the_columns_are_refused_by_row() -> None:
    found = from_csv(
        "id,type,at,source\na,attack,2026-02-01,Paper\nb,attack,2026-02-01,Paper,more\n"
    )
    assert [r.id for r in found.records] == ["a"]
    assert "5 cells under 4 column names" in found.refused[0].reason


def test_a_file_that_is_no_parquet_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    path.write_bytes(b"PAR1 not really")
    found = read_file(path, TYPES, UTC)
    assert found.records == ()
    assert "not a Parquet file" in found.refused[0].reason
