"""One log in four forms is one log; what cannot be read is refused with its place."""

import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.language.mfotl.columns import columns_of
from servanda.language.mfotl.frame import read_csv, read_parquet
from servanda.language.mfotl.lexer import MfotlError, Text
from servanda.language.mfotl.log import RawLog, read_text
from servanda.language.mfotl.plain import read_plain
from servanda.language.mfotl.signature import parse_signature
from servanda.model.event_log import EventLog
from tests.support.examples import examples

SIGNATURE = parse_signature(Text("p(int) q(int,float) s(string,int) e()"))
WANTED = set(SIGNATURE)
values = st.integers(-9, 99)
events = st.one_of(
    st.tuples(st.just("p"), st.tuples(values)),
    st.tuples(st.just("q"), st.tuples(values, st.sampled_from([0.5, -2.0, 12.25]))),
    st.tuples(st.just("s"), st.tuples(st.sampled_from(["aa", "b", "Z9"]), values)),
    st.tuples(st.just("e"), st.just(())),
)
logs = st.lists(
    st.tuples(st.integers(0, 3), st.lists(events, min_size=1, max_size=4)), min_size=1, max_size=6
)
Rows = list[tuple[int, list[tuple[str, tuple[float | str, ...]]]]]


def stamped(rows: Rows) -> list[tuple[int, list[tuple[str, tuple[float | str, ...]]]]]:
    now, found = 0, []
    for step, some in rows:
        now += step
        found.append((now, some))
    return found


def as_text(rows: Rows) -> str:
    return "".join(
        f"@{now} " + " ".join(f"{name}({','.join(map(str, args))})" for name, args in some) + ";\n"
        for now, some in stamped(rows)
    )


def as_csv(rows: Rows) -> str:
    lines = ["ts,tp,rel,a,b"]
    for tp, (now, some) in enumerate(stamped(rows)):
        for name, args in some:
            cells = [*map(str, args), "", ""][:2]
            lines.append(f"{now},{tp},{name},{','.join(cells)}")
    return "\n".join(lines) + "\n"


def plainly(log: EventLog) -> object:
    relations = {
        name: sorted(zip(r.at.tolist(), *(c.tolist() for c in r.columns), strict=True))
        for name, r in log.relations.items()
    }
    return log.stamps.tolist(), relations, list(log.strings), list(log.problems)


def finished(raw: RawLog | None) -> object:
    assert raw is not None
    return plainly(columns_of(raw, SIGNATURE, ["c"]))


@examples(200)
@given(logs)
def test_one_log_in_four_forms(rows: Rows) -> None:
    careful = finished(read_text(as_text(rows), "log", SIGNATURE))
    for form in (as_text(rows), as_text(rows).replace("(", " ("), as_text(rows).replace(";", "")):
        assert finished(read_plain(form.encode(), "log", SIGNATURE)) == careful
        assert finished(read_text(form, "log", SIGNATURE)) == careful
    table = as_csv(rows).encode()
    assert finished(read_csv(table, "log", SIGNATURE, WANTED)) == careful
    file = io.BytesIO()
    pl.read_csv(table, schema_overrides={"a": pl.String}).write_parquet(file)
    file.seek(0)
    assert finished(read_parquet(file, "log", SIGNATURE, WANTED)) == careful


@examples(300)
@given(logs, st.data())
def test_a_damaged_log_is_never_read_otherwise_than_with_care(
    rows: Rows, data: st.DataObject
) -> None:
    """Where the fast reader reads at all it reads what the careful one does."""
    text = as_text(rows)
    at = data.draw(st.integers(0, len(text) - 1))
    cut = data.draw(st.integers(0, 3))
    text = text.replace("(", data.draw(st.sampled_from(["(", " ("])))
    put = data.draw(st.text(st.sampled_from("@(); ,\n1pq-x"), max_size=2))
    text = text[:at] + put + text[at + cut :]
    plain = read_plain(text.encode(), "log", SIGNATURE)
    careful = read_text(text, "log", SIGNATURE)
    if plain is not None:
        fast, slow = finished(plain), finished(careful)
        assert fast[:2] == slow[:2], text  # type: ignore[index]
        assert bool(plain.problems) == bool(careful.problems)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("@1 p(1) r(2)", ["log:1:9: r is not in the signature."]),
        ("@1 p(x)\n@2 p(1,2)", ["log:1:6: “x” is no int.", "log:2:5: p has 1 arguments"]),
        ("@5 p(1)\n@4 p(2)\n@6 p(3)", ["log:2:2: Time-stamp 4 is before 5"]),
        ("@x p(1)", ["log:1:2: “x” is no time-stamp"]),
        ("p(1) @2 p(2)", ["log:1:1: A time-stamp is expected here"]),
        ("@1 p(1", ["log:1:5: This event of p has no closing “)”."]),
        ('@1 p("1")', ['log:1:6: “"1"” is no int.']),
        ("@1 p(99999999999999999999)", ["log:1:6: “99999999999999999999” is no int."]),
        ("@1 q(1,nan)", ["log:1:8: “nan” is no float."]),
        ("@1 ) p(1)", ["log:1:4: The name of a predicate is expected here"]),
    ],
)
def test_the_place_and_the_reason(text: str, problems: list[str]) -> None:
    found = [f"{p.where}: {p.reason}" for p in read_text(text, "log", SIGNATURE).problems]
    assert len(found) == len(problems)
    for one, expected in zip(found, problems, strict=True):
        assert one.startswith(expected)


def test_the_rest_goes_on() -> None:
    log = read_text("@1 p(x) p(2)\n@0 p(3)\n@4 p(5) z(1)(2) p(6)", "log", SIGNATURE)
    assert list(log.stamps) == [1, 4]
    assert list(log.relations["p"].columns[0]) == [2, 5, 6]
    assert len(log.problems) == 3


def test_rows_of_a_table_that_do_not_fit() -> None:
    table = (
        b"ts,tp,rel,a,b\n1,0,p,1,\n1,0,p,x,\n2,1,zz,1,\n-2,1,p,4,\n3,2,p,5,6\n2,3,p,6,\n4,4,p,7,\n"
    )
    log = read_csv(table, "t.csv", SIGNATURE, WANTED)
    assert log.relations["p"].columns[0].tolist() == [1, 7]
    assert np.asarray(log.stamps).tolist() == [1, 2, 3, 4]
    assert [p.where for p in log.problems] == [f"t.csv: row {n}" for n in (5, 7, 4, 3, 6)]


def test_time_points_keep_their_own_numbers() -> None:
    log = read_csv(
        b"ts,tp,rel,a\n7,5,p,1\n7,5,p,2\n9,8,p,3\n", "t", parse_signature(Text("p(int)")), {"p"}
    )
    assert log.relations["p"].at.tolist() == [0, 0, 1]
    assert log.numbers.tolist() == [5, 8]


def test_files_that_are_none(tmp_path: Path) -> None:
    for name, data in (("a.parquet", b"no"), ("a.csv", b"\xff\xfe\x00"), ("b.csv", b"")):
        file = tmp_path / name
        file.write_bytes(data)
        reader = read_csv if name.endswith("csv") else read_parquet
        with pytest.raises(MfotlError, match=name):
            reader(file, name, SIGNATURE, WANTED)
    with pytest.raises(MfotlError, match="there is no column rel"):
        read_csv(b"ts,a\n1,2\n", "c.csv", SIGNATURE, WANTED)
