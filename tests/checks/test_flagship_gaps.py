"""On the flagship the audit finds every gap that a modeller noted: by which warning, in a table."""

import csv
from collections import Counter
from pathlib import Path

from tests.checks.test_audit import audited

FLAGSHIP = "ukraine-28-point"
TABLE = Path(__file__).parent / "flagship_gaps.tsv"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_every_gap_is_answered_by_the_warnings_that_the_table_names() -> None:
    found = {w.id for w in audited(FLAGSHIP).warnings}
    rows = _rows(TABLE)
    assert len(rows) >= 75
    missing = [
        f"{row['point']}{row['sub']} {row['gap']}: {name}"
        for row in rows
        for name in row["warnings"].split()
        if name not in found
    ]
    assert not missing


def test_every_noted_gap_stands_in_the_table(shared: Path) -> None:
    """The modeller's column has one entry for each part that a semicolon sets apart, or more."""
    noted = {
        (row["point"], row["sub"]): [p for p in row["gaps_for_a_modeller"].split(";") if p.strip()]
        for row in _rows(shared / "plan" / "points.tsv")
        if row["gaps_for_a_modeller"].strip()
    }
    answered = Counter((row["point"], row["sub"]) for row in _rows(TABLE))
    assert len(noted) >= 35
    short = {key: parts for key, parts in noted.items() if answered[key] < len(parts)}
    assert not short
    assert not set(noted) - set(answered)


def test_the_sharpest_gaps_are_shown_by_a_course_of_events() -> None:
    told = {w.id: w for w in audited(FLAGSHIP).warnings}
    for name in (
        "SA0202:p28.ceasefire.start",
        "SA0601:p10.guarantee.decided_by",
        "SA0604:p10.guarantee",
    ):
        story = told[name].story
        assert story is not None
        assert len(story.told) >= 2
    assert told["SA0202:p28.ceasefire.start"].readings == ({"ceasefire_start": "after_withdrawal"},)
    assert told["SA0604:p10.guarantee"].readings == ({"p22_exception": "either"},)
