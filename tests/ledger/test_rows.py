"""What goes in comes out: any row that can be read, in both ways of making records."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servanda import library
from servanda.cli import main
from servanda.evidence import read
from servanda.evidence.checked import to_record
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.rows import Bad
from servanda.ledger import canon, outsider, sealing
from servanda.ledger.importing import steps
from servanda.ledger.kept import Asked
from servanda.ledger.reading import rows_read
from servanda.ledger.rows import RowOrBad, Text, rows

LIB = library.load("ukraine-28-point")
TYPES = LIB.agreement.record_types

text = st.text(st.characters(codec="utf-8"), max_size=12)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.integers()
values = st.recursive(
    text | numbers.map(lambda n: Decimal(str(n))) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
usual = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a", "b 1", " c", "é", 'q"', "d\\e", "x\x1f"]),
        "type": st.sampled_from(["attack", "measure", "flies", "enters", " attack"]),
        "at": st.sampled_from(
            [
                *("2026-01-05T10:00:00Z", "2026-01-05T10:07Z", "2026-02-30T10:00:00Z"),
                *("2026-01-05", "2026-01", "2026-01-05T24:00:00Z", "2026-01-05T10:00:00+02:00"),
                *("2026-01-05T10", "0003-01-01T00:00:00Z", "2026-01-05T10:00:00.5Z", "soon"),
            ]
        ),
        "source": st.sampled_from(["OSCE", "Étranger", " x "]),
    },
    optional={
        "args": st.sampled_from(
            [
                {"by": "Russia", "on": "Ukraine"},
                {"by": "unattributed", "weapon": "drone"},
                {"name": "armed_forces", "value": 5, "of": "Ukraine"},
                {"weapon": "spoon"},
                {},
                None,
            ]
        ),
        "place": st.sampled_from(
            [{"name": "Kyiv"}, "Kyiv", {"lat": 48.1, "lon": 37}, {"lat": 95, "lon": 1}, {"lat": 4}]
        ),
        "claimed_by": st.sampled_from(["Ukraine", ""]),
        "reported": st.sampled_from(["2026-01-06", "2026-01-06T01:02:03Z"]),
        "precision": st.sampled_from(["day", "hour"]),
        "status": st.just("verified"),
        "withdraws": st.just("a"),
        "url": st.just("https://example.org/1"),
    },
)


@given(st.lists(usual, min_size=1, max_size=12))
@example([{"id": "a", "type": "attack", "at": "2026-01-05T10:00:00Z", "source": "OSCE"}] * 2)
def test_what_is_read_in_columns_is_what_a_row_alone_gives(given_rows: list[Any]) -> None:
    zone = ZoneInfo("Europe/Kyiv")
    asked = Asked(TYPES, zone, "confidential", None)
    rows, expected, refused = [], [], []
    for line, row in enumerate(given_rows, 1):
        members = [canon.member(n, v) for n, v in {**row, "id": f"{row['id']}{line}"}.items()]
        rows.append(f"{{{','.join(members)}}}".encode())
        try:
            expected.append(to_record(canon.read(members), TYPES, zone, line + 10))
        except Bad as error:
            refused.append((line + 10, str(error)))
    origins = [("f", line + 11) for line in range(len(rows))]
    for many in (0, 1 << 40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(read, "MANY_BYTES", many)
            found = rows_read(rows, origins, asked)
        assert list(Excerpt.whole(found.table)) == expected
        assert [(r.line, r.reason) for r in found.refused] == refused


@given(st.dictionaries(text.filter(bool), values, min_size=1, max_size=20))
def test_what_is_sealed_is_what_was_given(row: dict[str, Any]) -> None:
    lines = [canon.member(name, value).encode() for name, value in row.items()]
    secret = sealing.secrets(1)
    root, body = sealing.seal(secret, lines)
    made, opened = sealing.unseal(secret, body)
    assert opened == lines
    assert outsider.root_of(sealing.commitments(made, opened)) == root
    assert canon.read(line.decode() for line in opened) == row
    assert list(outsider.content([line.decode() for line in opened])) == list(row)
    with pytest.raises(ValueError, match="was altered"):
        sealing.unseal(sealing.secrets(1), body)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_of_rows_stop(data: bytes) -> None:
    for csv_form in (False, True):
        for line, row in rows(Text(io.BytesIO(data), ends=csv_form), csv_form):
            assert line >= 0
            assert isinstance(row, Bad | dict)


@pytest.mark.parametrize(
    "members",
    [
        ['"a":1,"b":2', '"c":3'],
        ['"a":[1', '2],"b":3'],
        ['"a":1', '"a":2'],
        ['"a":1', ""],
        ['"a"'],
        ['"a":1}{"b":2'],
    ],
)
def test_fields_that_run_into_each_other_are_refused(members: list[str]) -> None:
    with pytest.raises(outsider.Bad):
        outsider.content(members)


def test_a_step_does_not_part_a_line() -> None:
    given_rows: list[RowOrBad] = [(1, {}), (2, {}), (2, {}), (2, {}), (3, {})]
    assert [[n for n, _ in step] for step in steps(given_rows, 2)] == [[1, 2, 2, 2], [3]]


def test_a_connector_plugs_into_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows of any source, accepted or rejected, with the line where they stood."""
    monkeypatch.chdir(tmp_path)
    Path("any.csv").write_text("no,day\n1,2026-01-01\n2,soon\n")
    mapping = "csv: {id: 'r-{no}', type: attack, source: Press, at: {column: day}}\n"
    Path("m.yaml").write_text(mapping)
    main(["ledger", "init", "--ledger", "l"])
    capsys.readouterr()
    words = ["import", "any.csv", "--connector", "csv", "--mapping", "m.yaml", "--ledger", "l"]
    assert main(["ledger", *words, "--format", "json"]) == 2
    (done,) = json.loads(capsys.readouterr().out)
    assert done["entered"] == 1
    assert [(r["line"], r["file"]) for r in done["refused"]] == [(3, "any.csv")]
    assert main(["ledger", "show", "r-1", "--ledger", "l"]) == 0
    assert "line: 2" in capsys.readouterr().out
    Path("m.yaml").write_text(mapping.replace("attack", "enters"))
    assert main(["ledger", *words]) == 2
    assert "stands on line 2 with other content" in capsys.readouterr().err
