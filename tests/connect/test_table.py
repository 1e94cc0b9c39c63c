"""Tables from anybody: broken rows are kept apart with line and reason, and the rest is read."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.connect.row import Raw, Rejected, Unusable
from servanda.connect.table import MAX_LINE, MAX_SPAN, opened, rows

HEAD = "id,says\n"


def _read(text: str) -> list[Raw | Rejected]:
    return list(rows(io.StringIO(text, newline=""), "t"))[1:]


def _cells(found: list[Raw | Rejected]) -> list[tuple[int, str]]:
    return [(r.line, r.cells["id"]) for r in found if isinstance(r, Raw)]


def test_rows_carry_the_line_on_which_they_start() -> None:
    found = _read(HEAD + '1,"two\nlines"\n\n2,x\n')
    assert [(r.line, dict(r.cells)) for r in found] == [
        (2, {"id": "1", "says": "two\nlines"}),
        (5, {"id": "2", "says": "x"}),
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("1,2,3", "3 cells under 2 column names"),
        ("1", "1 cells under 2 column names"),
        ('1,"never closed', "a quotation that is never closed"),
        ('1,"x"y', "not CSV"),
        ("1,a\udcffb", "not UTF-8 text"),
        ("1," + "x" * (MAX_LINE + 5), "longer than"),
    ],
)
def test_a_broken_row_costs_itself_alone(bad: str, reason: str) -> None:
    found = _read(HEAD + "0,a\n" + bad + "\n" + "".join(f"{n},b\n" for n in range(2, 300)))
    refused = [r for r in found if isinstance(r, Rejected)]
    assert [r.line for r in refused] == [3]
    assert reason in refused[0].reason
    assert _cells(found) == [(2, "0"), *((n + 2, str(n)) for n in range(2, 300))]


def test_two_open_quotations_cost_two_rows() -> None:
    found = _read(HEAD + '0,"a\n1,b\n2,"c\n3,d\n')
    assert [r.line for r in found if isinstance(r, Rejected)] == [2, 4]
    assert _cells(found) == [(3, "1"), (5, "3")]
    assert MAX_SPAN > 3


plain = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(plain, plain), max_size=20))
def test_what_was_written_is_read(table: list[tuple[str, str]]) -> None:
    import csv

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "says"])
    writer.writerows(table)
    found = _read(stream.getvalue())
    assert all(isinstance(r, Raw) for r in found)
    assert [(r.cells["id"], r.cells["says"]) for r in found] == table


@given(st.text(max_size=200))
def test_every_line_of_anything_is_answered(text: str) -> None:
    """No line disappears: what is not part of an accepted row is rejected, or empty."""
    found = _read(HEAD + text)
    lines = [line for line in text.split("\n") if line.strip()]
    assert len(found) <= len(io.StringIO(HEAD + text, newline="").readlines())
    assert bool(found) == bool(lines) or not text.strip()


def test_delimiters_and_objects() -> None:
    assert _cells(_read("id;says\n1;a,b\n")) == [(2, "1")]
    found = list(rows(io.StringIO('{"id": 1, "says": null, "n": 1.50}\n{x\n[]\n'), "t"))
    assert isinstance(found[0], Raw)
    assert found[0].cells == {"id": "1", "says": "", "n": "1.50"}, "numbers as they are written"
    assert [r.line for r in found if isinstance(r, Rejected)] == [2, 3]


def _zip(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return path


def test_plain_gzipped_and_zipped(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\ufeff" + HEAD + "1,ї\n", encoding="utf-8")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((HEAD + "1,ї\n").encode()))
    for path in (
        tmp_path / "a.csv",
        tmp_path / "a.csv.gz",
        _zip(tmp_path / "a.zip", a_csv=HEAD + "1,ї\n", a_txt="read me"),
    ):
        with opened(path) as (stream, _):
            assert [dict(r.cells) for r in list(rows(stream, path.name))[1:]] == [
                {"id": "1", "says": "ї"}
            ]


@pytest.mark.parametrize(
    ("text", "reason"), [("", "is empty"), ("\n \n", "is empty"), ("a,a\n", "named twice")]
)
def test_files_that_are_no_table(text: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        list(rows(io.StringIO(text), "t"))


def test_an_archive_holds_one_table(tmp_path: Path) -> None:
    with (
        pytest.raises(Unusable, match="one CSV file"),
        opened(_zip(tmp_path / "b.zip", a_csv=HEAD, b_csv=HEAD)),
    ):
        pass
