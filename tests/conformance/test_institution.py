"""The voting institution in Servanda's language gives the intervals of RTEC, line by line.

What differs is worked out here too, from the actions: see `docs/voting-institution.md`.
"""

from pathlib import Path

import pytest

from servanda.engine.question import COLUMNAR, REFERENCE
from tests.conformance.institution import (
    MOTIONS,
    WINDOW,
    Lines,
    actions,
    asked,
    expected,
    recognised,
    records,
)
from tests.conftest import ROOT

FIRST = WINDOW + 1  # where the first window ends
FREE_OF_VOTES = {"status", "outcome", "auxPerCloseBallot", "per"}
# The shape of the day, so that an empty answer does not agree with an empty file.
KINDS = {*FREE_OF_VOTES, "voted", "obl", "sanctioned"}


def _actions(shared: Path) -> Path:
    return shared / "conformance" / "voting-1000.csv.gz"


def _intervals(shared: Path) -> Path:
    return shared / "conformance" / "voting-1000.intervals.gz"


def test_the_first_window(shared: Path) -> None:
    rows = records(actions(_actions(shared), first=1, last=WINDOW))
    wanted = expected(_intervals(shared), FIRST)
    assert {fluent[0] for fluent, _ in wanted} == KINDS
    assert recognised(asked(rows, COLUMNAR), FIRST) == wanted


def test_what_happens_at_the_very_beginning_lies_before_the_first_window(shared: Path) -> None:
    """RTEC works in windows that do not hold their first instant: (0, 10], (10, 20] …"""
    rows = records(
        (at, words) for at, words in actions(_actions(shared), last=WINDOW) if words[0] != "vote"
    )
    wanted = {line for line in expected(_intervals(shared), FIRST) if line[0][0] in FREE_OF_VOTES}
    found = {
        line for line in recognised(asked(rows, COLUMNAR), FIRST) if line[0][0] in FREE_OF_VOTES
    }
    assert wanted - found == {
        line
        for motion in MOTIONS
        for line in (
            (("status", motion, "proposed"), ((2, 4),)),
            (("status", motion, "null"), ((1, 2), (9, 11))),
            (("auxPerCloseBallot", motion, "false"), ((2, 4),)),
        )
    }
    assert found - wanted == {
        line
        for motion in MOTIONS
        for line in (
            (("status", motion, "proposed"), ((1, 4),)),
            (("status", motion, "null"), ((9, 11),)),
            (("auxPerCloseBallot", motion, "false"), ((1, 4),)),
        )
    }


def test_both_engines_give_the_same(shared: Path) -> None:
    """A tenth of the agents, and two windows: the plain way takes its time."""
    rows = records(
        (at, words)
        for at, words in actions(_actions(shared), last=2 * WINDOW)
        if int(words[1]) % 100 < 10
    )
    columnar, plain = (
        recognised(asked(rows, engine), 2 * FIRST) for engine in (COLUMNAR, REFERENCE)
    )
    assert columnar == plain
    assert {fluent[0] for fluent, _ in columnar} >= KINDS - {"per"}


@pytest.mark.long
def test_all_windows(shared: Path) -> None:
    """100,523 actions, 27,039 lines; all are equal but where a sanction follows upon a sanction."""
    rows = records(actions(_actions(shared), first=1))
    wanted, found = expected(_intervals(shared)), recognised(asked(rows, COLUMNAR))
    closed = {
        (words[1], at) for at, words in actions(_actions(shared)) if words[0] == "close_ballot"
    }
    assert len(found & wanted) == 26_986
    assert _neither(found, closed) == wanted


@pytest.mark.long
def test_the_first_window_the_plain_way(shared: Path) -> None:
    rows = records(actions(_actions(shared), first=1, last=WINDOW))
    assert recognised(asked(rows, REFERENCE), FIRST) == expected(_intervals(shared), FIRST)


def _neither(lines: Lines, closed: set[tuple[str, int]]) -> Lines:
    """As RTEC has it where a chair offends at the very instant at which its sanction ends.

    Both values are then brought about at once: it reports neither, until the four units of the
    second sanction are over.
    """
    found: Lines = set()
    for fluent, spans in lines:
        if fluent[0] != "sanctioned" or fluent[-1] != "false":
            found.add((fluent, spans))
            continue
        again = [(fluent[1], start - 1) in closed for start, _ in spans]
        later = (start + 4 * two for two, (start, _) in zip(again, spans, strict=True))
        found.add((fluent, tuple((s, end) for s, (_, end) in zip(later, spans, strict=True))))
    return found


def test_the_page_shows_the_agreement_as_it_is() -> None:
    page = (ROOT / "docs" / "voting-institution.md").read_text(encoding="utf-8")
    agreement = (ROOT / "tests" / "conformance" / "voting.md").read_text(encoding="utf-8")
    shown = page.split("```text from the agreement\n")[1:]
    assert len(shown) >= 4
    for block in shown:
        assert block.split("```")[0] in agreement
