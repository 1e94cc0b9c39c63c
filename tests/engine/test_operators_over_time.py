"""Operators over time on records: whether they hold, on which records, and since or until when."""

import pytest

from servanda.evidence.instant import parse_period
from tests.engine.test_conditions import ask, told
from tests.evidence.small import UTC


@pytest.mark.parametrize(
    ("text", "at", "holds", "ids", "when"),
    told(
        [
            # Attacks come on 1, 3 and 5 February; an act holds at its instant alone.
            ("previous (attack)", "2026-02-01T00:00:00.000001Z", True, ["a1"], None),
            ("previous (attack)", "2026-02-01T00:00:00Z", False, [], None),
            (
                "previous [0 days, 1 day] (attack)",
                "2026-02-01T00:00:00.000001Z",
                True,
                ["a1"],
                None,
            ),
            ("previous [1 day, 2 days] (attack)", "2026-02-02T00:00:00Z", False, [], None),
            ("next (attack)", "2026-01-31T23:59:59.999999Z", True, ["a1"], None),
            ("next (attack)", "2026-02-01T00:00:00Z", False, [], None),
            ("once (attack)", "2026-01-31T00:00:00Z", False, [], None),
            ("once (attack)", "2026-02-04T00:00:00Z", True, ["a2"], None),  # the latest
            ("once [3 days, *] (attack)", "2026-02-04T00:00:00Z", True, ["a1"], None),
            ("eventually (attack by North)", "2026-01-01T00:00:00Z", True, ["a1"], None),
            ("eventually (attack by North)", "2026-02-02T00:00:00Z", False, [], None),
            ("historically (quiet)", "2026-01-31T00:00:00Z", True, [], None),
            ("historically (quiet)", "2026-02-04T00:00:00Z", False, ["a2"], None),
            ("always (quiet)", "2026-02-04T00:00:00Z", False, ["a3"], None),
            ("always (quiet)", "2026-02-06T00:00:00Z", True, [], None),
            ("for at least 2 days (quiet)", "2026-02-07T00:00:00Z", False, ["a3"], None),
            ("for at least 2 days (quiet)", "2026-02-07T00:00:01Z", True, [], None),
            ("(not enters) since (attack)", "2026-02-04T00:00:00Z", True, ["a2"], "2026-02-03"),
            ("(not enters) since (attack)", "2026-02-11T00:00:00Z", False, [], None),
            ("(quiet) since (in_force)", "2026-02-04T00:00:00Z", True, ["s1", "s2"], "2026-02-04"),
            ("(quiet) since [1 day, *] (in_force)", "2026-02-03T12:00:00Z", False, [], None),
            ("(not enters) until (attack)", "2026-02-02T00:00:00Z", True, ["a2"], "2026-02-03"),
            ("(not attack) until (enters)", "2026-02-06T00:00:00Z", True, ["e1"], "2026-02-10"),
            ("(not attack) until (enters)", "2026-02-04T00:00:00Z", False, [], None),
        ]
    ),
)
def test_an_operator_at_an_instant(
    text: str, at: str, holds: bool, ids: list[str], when: str | None
) -> None:
    found = ask(text, at)
    assert found.holds is holds
    assert [r.id for r in found.records()] == ids
    assert found.at == (None if when is None else parse_period(when, UTC).first)


@pytest.mark.parametrize(
    ("text", "witness"),
    [
        ("once (attack)", "2026-02-03"),
        ("eventually (attack)", "2026-02-05"),
        ("historically (quiet)", "2026-02-03"),
        ("always (quiet)", "2026-02-05"),
    ],
)
def test_a_witness_says_when_it_was(text: str, witness: str) -> None:
    (part,) = ask(text, "2026-02-04T00:00:00Z").parts
    assert part.at == parse_period(witness, UTC).first
