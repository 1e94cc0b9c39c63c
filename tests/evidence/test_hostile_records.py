"""Rows from anyone: refused one by one with line and reason, or the file with its reason."""

import json
from datetime import timedelta
from pathlib import Path

import polars
import pytest

from benchmarks.monitored import records as monitored
from servanda import library
from servanda.evidence.bulk import frames
from servanda.evidence.read import Records, read_file, read_text
from tests.evidence.small import UTC, agreement, attack

TYPES = agreement().record_types
GOOD = json.dumps(attack("good", "Paper"))


def lines(*rows: str) -> Records:
    return read_text("\n".join(rows), "r.jsonl", TYPES, UTC)


def csv(text: str) -> Records:
    return read_text(text, "r.csv", TYPES, UTC, csv_form=True)


BAD_LINES = {
    "1e999999999 as count": (attack("a", "P", count=1) | {"count": "1e999999999"}, "out of range"),
    "digits of another script": (attack("a", "P") | {"count": "٣"}, "digits 0 to 9"),
    "infinity as text": (attack("a", "P") | {"count": "Infinity"}, "finite"),
    "not a number": (attack("a", "P") | {"count": "sNaN"}, "finite"),
    "an escape sequence in the id": (attack("\x1b[31m", "P"), "nobody sees"),
    "an override in the source": (attack("a", "P\u202er"), "nobody sees"),
    "a C1 control": (attack("a", "P\x9b"), "nobody sees"),
    "a zero-width space": (attack("a", "P\u200b"), "nobody sees"),
    "half a surrogate pair": (attack("a", "P\ud800"), "nobody sees"),
    "marks piled up": (attack("a", "P" + "\u0301" * 31), "more marks"),
    "the year 9999": (attack("a", "P", at="9999-12-31"), "outside the years"),
    "the year 1": (attack("a", "P", at="0001-01-01T00:00:00+14:00"), "outside the years"),
    "a month of the year 9999": (attack("a", "P", at="9999-12", precision="month"), "out of range"),
    "a place beyond the earth": (attack("a", "P", place={"lat": 1e30, "lon": 0}), "itude"),
    "a list as a latitude": (attack("a", "P", place={"lat": [1], "lon": 0}), "lat"),
    "a long unknown type": (attack("a", "P") | {"type": "x" * 5_000}, "unknown record type"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_line_is_refused_and_the_others_are_used(case: str) -> None:
    row, reason = BAD_LINES[case]
    read = lines(json.dumps(row), GOOD)
    assert [r.id for r in read.records] == ["good"]
    (refused,) = read.refused
    assert refused.line == 1
    assert reason in refused.reason
    assert len(refused.reason) <= 300


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 1e9999999999999999999999}', "not a number"),
        ('{"id": ' + "9" * 41 + "}", "more than 40 digits"),
        ('{"id": NaN}', "not a number"),
        ('{"id": "a", "id": "b"}', "given twice"),
        ('{"id": ' + "[" * 21 + "]" * 21 + "}", "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": "' + "a" * 1_000_000 + '"}', "longer than 1,000,000"),
        ("\x00", "not JSON"),
    ],
    ids=lambda v: v[:20],
)
def test_a_line_that_is_no_record(line: str, reason: str) -> None:
    read = lines(line, GOOD)
    assert [r.id for r in read.records] == ["good"]
    assert reason in read.refused[0].reason


HEADER = "id,type,source,at,args.by,args.on\n"
ROW = "a,attack,Paper,2026-02-01,A,B\n"


def test_a_quotation_that_breaks_off_takes_its_row_alone() -> None:
    read = csv(HEADER + 'x,"attack"oops,P,2026-02-01,A,B\n' + ROW)
    assert [r.id for r in read.records] == ["a"]
    assert [r.line for r in read.refused] == [2]


def test_a_quotation_never_closed_says_from_where_to_where() -> None:
    read = csv(HEADER + ROW + 'x,"attack,P\n' + ROW.replace("a,", "b,", 1) * 3)
    assert [r.id for r in read.records] == ["a"]
    (refused,) = read.refused
    assert refused.line == 3
    assert "goes on to line 6" in refused.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,type,id\na,attack,b\n", "“id” is there twice"),
        (",".join(f"c{i}" for i in range(1_001)) + "\nx\n", "more than 1,000 columns"),
        (HEADER + "a" * 131_073 + ",attack\n", "field limit"),
        (HEADER + "a,attack,P,2026-02-01,A,B,C\n", "7 cells under 6"),
        ('id,type,source,at,args\na,attack,P,2026-02-01,"[[""by"",""A""]]"\n', "no JSON"),
        ('id,type,source,at,args\na,attack,P,2026-02-01,"{""by"":1,""by"":2}"\n', "given twice"),
        ('id,type,source,at,args\na,attack,P,2026-02-01,"' + "[" * 9_999 + '"\n', "JSON"),
    ],
    ids=range(7),
)
def test_csv_that_is_none(text: str, reason: str) -> None:
    read = csv(text)
    assert not read.records
    assert reason.replace("no JSON", "not a JSON") in read.refused[0].reason


def test_parquet_with_odd_types(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    good = attack("good", "Paper")
    frame = polars.DataFrame(
        {
            "id": ["good", "odd"],
            "type": ["attack"] * 2,
            "source": ["Paper"] * 2,
            "at": [good["at"], good["at"]],
            "args": [json.dumps(good["args"])] * 2,
            "claimed_by": polars.Series([None, b"\xff\x00"], dtype=polars.Binary),
        }
    )
    frame.write_parquet(path)
    read = read_file(path, TYPES, UTC)
    assert [r.id for r in read.records] == ["good"]
    assert [(r.line, r.reason) for r in read.refused] == [(2, "“claimed_by” is not text")]
    frame.with_columns(at=polars.Series([timedelta(days=1)] * 2)).write_parquet(path)
    assert {r.reason for r in read_file(path, TYPES, UTC).refused} == {"“at” is not text"}


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1", b"id\n"])
def test_parquet_that_is_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "r.parquet"
    path.write_bytes(data)
    (refused,) = read_file(path, TYPES, UTC).refused
    assert "not a Parquet file" in refused.reason


def test_parquet_with_bytes_changed(tmp_path: Path) -> None:
    """Whatever byte is damaged: rows or a reason."""
    path = tmp_path / "r.parquet"
    polars.DataFrame({"id": ["a"], "type": ["attack"], "source": ["P"]}).write_parquet(path)
    whole = path.read_bytes()
    for index in range(0, len(whole), 7):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 0xFF]) + whole[index + 1 :])
        read = read_file(path, TYPES, UTC)
        assert read.records or read.refused


def test_parquet_with_too_many_columns(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    polars.DataFrame({f"c{i}": [1] for i in range(1_001)}).write_parquet(path)
    (refused,) = read_file(path, TYPES, UTC).refused
    assert "more than can be read" in refused.reason


def test_a_name_typed_with_separate_accents_is_the_same_name() -> None:
    read = lines(json.dumps(attack("a", "Kyi\u0308v"), ensure_ascii=False))
    assert read.records[0].source == "Ky\u00efv"


def test_a_parquet_file_that_is_damaged_in_one_stretch_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stretches are read by themselves; what one of them cannot be read from is no table."""
    monkeypatch.setattr(frames, "STRETCH", 500)
    whole = tmp_path / "whole.parquet"
    monitored(2_000, seed=1).write_parquet(whole, row_group_size=500)
    lib = library.load("ukraine-28-point")
    assert len(lib.read([whole]).records) > 1_900
    raw = bytearray(whole.read_bytes())
    middle = len(raw) * 3 // 5
    raw[middle : middle + 300] = bytes(300)
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(raw)
    found = lib.read([damaged])
    (refused,) = found.refused
    assert not len(found.records)
    assert (refused.file, refused.line) == ("damaged.parquet", 0)
    assert refused.reason.startswith("not a Parquet file: ")
