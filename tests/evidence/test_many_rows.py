"""Many rows are read in columns, with the result of reading them one by one."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servanda import library
from servanda.evidence import read
from servanda.evidence.bulk import written_alike
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import Records
from servanda.evidence.rows import csv_rows, json_rows, parquet_rows
from servanda.evidence.table import table_of
from tests.evidence.test_hostile_records import BAD_LINES

LIB = library.load("ukraine-28-point")
TYPES = LIB.agreement.record_types
ZONE = ZoneInfo("Europe/Kyiv")


@contextmanager
def in_columns(few: int = 1) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "MANY_BYTES", -1)
        patch.setattr(written_alike, "FEW", few)
        patch.setattr(written_alike, "VAIN", 100)
        yield


def agree(text: str, csv_form: bool = False) -> Records:
    """Both ways of reading give the same, to the letter of every number."""
    rows = csv_rows(io.StringIO(text, newline="")) if csv_form else json_rows(text.split("\n"))
    slow = read._collect(rows, "f", TYPES, ZONE)
    for few in (1, 1 << 40):  # with patterns of lines written alike, and without
        with in_columns(few):
            fast = read.read_text(text, "f", TYPES, ZONE, csv_form)
        same(slow, fast)
        same(known_places(slow), known_places(fast))
    return slow


def known_places(found: Records) -> Records:
    return with_known_places(found, TYPES, LIB.atlas, "f")


def same(slow: Records, fast: Records) -> None:
    assert isinstance(fast.records, Excerpt)
    assert [repr(r) for r in fast.records] == [repr(r) for r in slow.records]
    assert fast.refused == slow.refused
    assert fast.unknown == slow.unknown


# --- rows of every sort -------------------------------------------------------------------------

ids = st.sampled_from(
    [*("a", "b 1", " c", "é", 'q"', "d\\e", "x\x1f", "", "y", "z", "e\u0301"), 5, None]
)
instants = st.sampled_from(
    [
        *("2026-01-05T10:00:00Z", "2026-01-05T10:07Z", "2026-02-30T10:00:00Z", "2026-01-05"),
        *("2026-01", "2026-01-05T24:00:00Z", "2026-01-05T10:00:00+02:00", "2026-01-05T10"),
        *("2026-01-05T10Z", "0003-01-01T00:00:00Z", "2026-01-05T10:00:00.5Z", "soon", "", 7, None),
        *("2026-01-05T10:00:60Z", "2026-01-05T10:00-03:30", "2026-01-05/2026-01-09", " 2026-01-05"),
        *("8000-12-31T23:59Z", "0100-01-01T00:00+14:00", "2026-01-05T10:00:00+24:00"),
    ]
)
words = st.sampled_from(
    ["OSCE", "Étranger", " x ", "E\u0301", None, "", 1, 1.0, True, "1", "{", "["]
)
numbers = st.sampled_from(
    [5, 0, 1.50, 1e22, "7", "1_000", "", "x", None, True, "0.10", 10**45, -0.0, [1], "1e999"]
)
coordinates = st.sampled_from([48.1, 37, 0, 95, -181, 1e-40, "48.10", "x", None, "", True, 0.0001])
places = st.one_of(
    st.sampled_from(["Kyiv", "", None, 4, {"name": "Kyiv"}, {}, {"name": None}, "Ivanivka"]),
    st.fixed_dictionaries(
        {}, optional={"lat": coordinates, "lon": coordinates, "name": words, "height": words}
    ),
)
args = st.one_of(
    st.fixed_dictionaries(
        {}, optional={"by": words, "on": st.sampled_from(["Ukraine", "Russia"]), "weapon": words}
    ),
    st.fixed_dictionaries(
        {"name": st.just("armed_forces"), "value": numbers}, optional={"of": words}
    ),
    st.fixed_dictionaries({"by": words, "count": numbers}, optional={"period": words}),
    st.sampled_from([None, {}, 5, {"record": ["a", "b"]}, {"record": "a;b"}, {"until": "soon"}]),
)
others = st.sampled_from(["a", "a;b", ["a", "b"], [], "", None, 3, [None], "[]", '["a"]'])
rows = st.fixed_dictionaries(
    {
        "id": ids,
        "type": st.sampled_from(
            ["attack", "measure", "claim_total", "acknowledges", "coverage", " attack"]
        ),
        "at": instants,
        "source": words,
    },
    optional={
        "args": args,
        "place": places,
        "claimed_by": words,
        "reported": instants,
        "received": instants,
        "precision": st.sampled_from(["day", "hour", "exact", "week", None, 1]),
        "status": words,
        "count": numbers,
        "withdraws": others,
        "same_as": others,
        "derived_from": others,
        "url": words,
        "clamed_by": words,
        "by": words,
    },
)


@given(st.lists(rows, min_size=1, max_size=15))
@example([{"id": "a", "type": "attack", "at": "2026-01-05T10:00:00Z", "source": "OSCE"}] * 2)
def test_lines_of_json(given_rows: list[Any]) -> None:
    agree("\n".join(json.dumps(row, ensure_ascii=False) for row in given_rows))


marks = st.text(st.sampled_from(' :",{}[]\\01e.-_aé\x7f\u2028'), max_size=12)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.just("a") | marks, "type": st.just("attack"), "at": st.just("2026-01-05")},
            optional={
                "source": marks,
                "note": marks | numbers,
                "args": st.dictionaries(st.just("by") | marks, marks | numbers, max_size=2),
                "place": st.dictionaries(st.sampled_from(["lat", "lon", "name"]), coordinates),
                "lat": numbers,
                "a:": marks,
            },
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from([(", ", ": "), (",", ":"), (" ,  ", " :"), (",", ":  ")]),
    st.booleans(),
)
def test_lines_with_marks_of_json_in_their_texts(
    given_rows: list[Any], separators: tuple[str, str], ascii_only: bool
) -> None:
    agree(
        "\n".join(
            json.dumps(row, ensure_ascii=ascii_only, separators=separators) for row in given_rows
        )
    )


def test_a_pattern_finds_the_values_of_lines_written_alike() -> None:
    line = (
        '{"id": "a: b", "type": "attack", "n": -1.50, "args": {"by":"x, y"}, "place": {"lat": 4}}'
    )
    other = line.replace("a: b", "Ä").replace("-1.50", "7").replace('"x, y"', '"}, "')
    found = written_alike.pattern(line)
    assert found is not None
    text, names = found
    assert names == ["id", "type", "n", "args.by", "place.lat"]
    cells = pl.Series([line, other, line + " "]).str.extract_groups(text).struct.unnest()
    assert cells.rows() == [
        ("a: b", "attack", "-1.50", "x, y", "4"),
        ("Ä", "attack", "7", "}, ", "4"),
        (None,) * 5,
    ]


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "id": "b", "type": "attack"}',
        '{"id": "", "type": "attack"}',
        '{"id": "a\\u0062", "type": "attack"}',
        '{"id": "a", "type": "attack", "lat": 4}',
        '{"id": "a", "type": "attack", "args": {"by": null}}',
        '{"id": "a", "type": "attack", "args": {"by": {"x": 1}}}',
        '{"id": "a", "type": "attack", "args": {}}',
        '{"id": "a", "type": "attack", "other": {"x": 1}}',
        '{"id": "a", "type": "attack", "n": 1e3}',
        '{"id": "a", "type": "attack", "n": 1234567890123456}',
        '{"id": "a", "a.b": "attack"}',
        '{"id": "a" , "same_as": ["b"]}',
        '["a"]',
        "7",
        '{"id": "a"',
    ],
)
def test_a_line_that_is_not_of_the_plainest_has_no_pattern(line: str) -> None:
    assert written_alike.pattern(line) is None


@given(st.lists(rows, min_size=1, max_size=15))
def test_csv(given_rows: list[Any]) -> None:
    flat = [flattened(row) for row in given_rows]
    header = sorted({name for row in flat for name in row})
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[row.get(name, "") for name in header] for row in flat])
    agree(out.getvalue(), csv_form=True)


csv_cells = st.sampled_from(
    [*("a", "b", "attack", "2026-01-05", "OSCE", "48.1", "37", "", " ", " a ", "é\u2003"), "\x1ca"]
)


@given(
    st.lists(
        st.tuples(
            csv_cells,
            st.just("attack") | csv_cells,
            st.just("2026-01-05") | csv_cells,
            st.just("OSCE") | csv_cells,
        ).map(list)
        | st.lists(csv_cells, max_size=7),
        max_size=8,
    ),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n,,\n"]),
    st.sampled_from(
        ["id,type,at,source,lat,lon", " id , type,at,lat", "id,at,id", ',id,type"', ""]
    ),
)
def test_csv_without_quotes(given_rows: list[list[str]], end: str, header: str) -> None:
    agree(end.join([header, *(",".join(row) for row in given_rows)]), csv_form=True)


def flattened(row: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{n}": cell(v) for n, v in value.items()}
        else:
            found[name] = cell(value)
    return found


def cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


TYPED = {
    "id": st.sampled_from(["a", "b", "c", "é", "", None]),
    "type": st.sampled_from(["attack", "measure", "pays", "x", None]),
    "at": st.sampled_from(["2026-01-05T10:07Z", "2026-01-05", "2026-02-30T10:00Z", "soon", None]),
    "source": st.sampled_from(["OSCE", "", None]),
    "args.by": st.sampled_from(["Russia", "unattributed", None]),
    "args.value": st.sampled_from([1.5, 2.0, float("nan"), 1e16, None]),
    "args.amount": st.sampled_from([5, 10**15, None]),
    "args.name": st.sampled_from(["armed_forces", None]),
    "lat": st.sampled_from([48.1, 0.0, 95.0, float("inf"), None]),
    "lon": st.sampled_from([37.5, 0.0, None]),
    "place": st.sampled_from(["Kyiv", '{"lat": 1, "lon": 2}', None]),
    "count": st.sampled_from([1, 2, None]),
    "withdraws": st.sampled_from(["a", "a;b", None]),
    "same_as": st.sampled_from([["a"], [], None]),
    "reported": st.sampled_from(["2026-01-06T00:00Z", None]),
    "note": st.sampled_from(["x", "", None]),
    "clamed_by": st.sampled_from(["x", None]),
}


@given(st.data())
def test_parquet(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from(sorted(TYPED)), min_size=5))
    count = data.draw(st.integers(1, 12))
    columns = {
        name: data.draw(st.lists(TYPED[name], min_size=count, max_size=count))
        for name in sorted({"id", "type", "at", "source"} | names)
    }
    path = tmp_path_factory.mktemp("rows") / "f"
    pl.DataFrame(columns, strict=False).write_parquet(path)
    agree_on(path)


def agree_on(path: Path) -> None:
    slow = read._collect(parquet_rows(path), path.name, TYPES, ZONE)
    same(slow, read._read_parquet(path, TYPES, ZONE))


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"id": [1, 2], "type": "attack", "at": "2026-01-05", "source": "OSCE"}),
        pl.DataFrame({"id": ["1"], "type": [1], "at": ["2026-01-05"], "source": ["OSCE"]}),
        pl.DataFrame({"id": ["1"], "at": ["2026-01-05"], "source": ["OSCE"]}),
        pl.DataFrame({"type": ["attack"], "at": ["2026-01-05"], "source": ["OSCE"]}),
        pl.DataFrame(
            {
                "id": ["1", "2"],
                "type": "attack",
                "at": ["2026-01-05", None],
                "source": "OSCE",
                "args": [{"by": "Russia", "weapon": None}, {"by": None, "weapon": "drone"}],
                "place": [{"lat": 48.5, "lon": 37.5}, {"lat": None, "lon": None}],
            }
        ),
        pl.DataFrame({"id": "1", "type": "attack", "at": [date(2026, 1, 5)], "source": "OSCE"}),
        pl.DataFrame({"id": "1", "type": "attack", "at": "2026-01-05", "source": "O", "args": [5]}),
        pl.DataFrame({"id": [], "type": []}),
    ],
)  # fmt: skip
def test_parquet_of_other_forms(tmp_path: Path, frame: pl.DataFrame) -> None:
    frame.write_parquet(tmp_path / "f")
    agree_on(tmp_path / "f")


GOOD = '{"id": "g", "type": "attack", "at": "2026-01-05", "source": "OSCE"}'
REST = '"type": "attack", "at": "2026-01-05", "source": "OSCE"'


@pytest.mark.parametrize(
    "line",
    [
        f'{{"id": "a", "id": "b", {REST}}}',
        f'{{"id" : "a", {REST}, "id": "b"}}',
        f'{{"id": "a", {REST}, "count": NaN}}',
        f'{{"id": "a\\": \\"", {REST}}}',
        f'{{"id": "a", {REST}, "x": {{"y": 1, "y": 2}}}}',
        f'{{"id": "a", {REST}, "count": 0.1000}}',
        f'{{"id": "a", {REST}, "x": 1e99999999999}}',
        f'{{"id": "a", {REST}, "x": {"9" * 41}}}',
        f'{{"id": "a", {REST}, "x": {"[" * 30}{"]" * 30}}}',
        *("[1]", "5", "null", "{", "", "   ", "\x1c", '{"a": 1}', "\ufeff{}", GOOD + "x", "{}"),
        f'{{"id": "a", {REST}, "place": {{"lat": 1, "lat": 2, "lon": 3}}}}',
        f'{{"id": "a", {REST}, "args": {{"by": ["A", "B"]}}}}',
    ],
)
def test_lines_that_are_no_plain_record(line: str) -> None:
    agree(f"{GOOD}\n{line}\n{GOOD.replace('g', 'h', 1)}")


@pytest.mark.parametrize("case", BAD_LINES)
def test_hostile_lines(case: str) -> None:
    agree(json.dumps(BAD_LINES[case][0]) + "\n" + GOOD)


@pytest.mark.parametrize(
    "text",
    [
        *("", "id", "id,id\n1,2\n", "id,,\na,b,c\n", 'id,type\n"a\n"b"\n', "id,type\na,b,c\n"),
        'id,type,at,source,note\n"a",attack,2026-01-05,OSCE,"two\nlines"\nb,attack,2026-01-05,OSCE\n',
        "id,type,at,source,lat,lon\na,attack,2026-01-05,OSCE,48.1,\nb,attack,2026-01-05,OSCE,1,2\n",
        "id,type,at,source\n\n , \n a ,attack, 2026-01-05 ,OSCE\n",
    ],
)
def test_csv_of_other_forms(text: str) -> None:
    agree(text, csv_form=True)


@given(st.lists(rows, min_size=1, max_size=15))
def test_a_table_gives_the_records_that_were_put_in(given_rows: list[Any]) -> None:
    found = read.read_text("\n".join(map(json.dumps, given_rows)), "f", TYPES, ZONE).records
    table = table_of(found)
    assert [repr(r) for r in Excerpt.whole(table)] == [repr(r) for r in found]
    assert {i: table.ids[row] for i, row in table.rows_of(r.id for r in found).items()} == {
        r.id: r.id for r in found
    }
    assert table.rows_of(["none of them"]) == {}


def test_records_in_columns_equal_records_one_by_one() -> None:
    text = f"{GOOD}\n{GOOD.replace('g', 'h', 1)}"
    one_by_one = read.read_text(text, "f", TYPES, ZONE).records
    with in_columns():
        together = read.read_text(text, "f", TYPES, ZONE).records
    assert one_by_one == together
    assert together == list(one_by_one)
    assert together != one_by_one[:1]
    with pytest.raises(TypeError, match="no hash"):
        hash(together)
