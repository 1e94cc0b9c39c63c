"""Which acts make a condition true: guards beside them are judged by the states just before.

A row gives a condition as it is written and the acts that it names.  The first attack comes at the
very instant of entry into force, so that what is asked of the states just before it shows.
"""

from collections.abc import Sequence

import pytest

from servanda import library
from servanda.engine.acts import is_act
from servanda.evidence.read import read_text
from servanda.evidence.standard import Role
from tests.engine.test_conditions import READINGS, ROWS, TEXT
from tests.evidence.small import UTC

AT_FORCE = (
    '{"id":"a0","type":"attack","at":"2026-01-12T00:00:00Z",'
    '"args":{"by":"South","on":"North"},"source":"X"}\n'
)
LATER = (
    '{"id":"a4","type":"attack","at":"2026-02-15T00:00:00Z",'
    '"args":{"by":"North","on":"South"},"source":"X"}\n'
)
MORE = """\

term deed "what counts"
  reading strikes: attack by North
  reading entries: enters forces_of North
term when_bound "from when"
  reading bound: in_force
  reading first_breach: p.hold is breached
"""
FIXED = {**READINGS, "deed": "strikes", "when_bound": "bound"}


def acts(text: str, **readings: str) -> tuple[bool, list[str]]:
    """Whether a condition is one of acts, and the ids of those that make it true, in order."""
    lib = library.from_text(TEXT + MORE + f"\ndefine asked as {text}\n")
    rows = read_text(ROWS + AT_FORCE + LATER, "rows", lib.agreement.record_types, UTC)
    asked, _ = library.question(lib, rows, as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", {**FIXED, **readings}).evaluator
    cond = lib.agreement.definitions["asked"].condition
    found = [fact.ids[0] for fact, _ in evaluator.acts(cond, {}, Role.OFFENDING)]
    return is_act(evaluator, cond), found


@pytest.mark.parametrize(
    ("text", "acting", "ids"),
    [
        ("attack", True, ["a0", "a1", "a2", "a3", "a4"]),
        ("attack by North", True, ["a1", "a4"]),
        ("attack by North or attack by South", True, ["a1", "a4", "a0", "a2"]),
        ("attack on South or attack by North", True, ["a1", "a3", "a4"]),  # each act once
        ("attack by North and attack on South", True, ["a1", "a4"]),
        ("some x (attack by x)", True, ["a0", "a1", "a2", "a4"]),
        ("strike(North)", True, ["a1", "a4"]),
        ("deed", True, ["a1", "a4"]),
        # Guards: states of norms and the entry into force just before the act …
        ("attack and in_force", True, ["a1", "a2", "a3", "a4"]),
        ("in_force and attack", True, ["a1", "a2", "a3", "a4"]),
        ("attack and not in_force", True, ["a0"]),
        ("attack and consent of {North, South} by {signs}", True, ["a1", "a2", "a3", "a4"]),
        ("attack and p.hold[North] is breached", True, ["a2", "a3", "a4"]),
        ("attack and not p.hold[North] is breached", True, ["a0", "a1"]),
        ("attack and p.hold[South] is breached", True, ["a3", "a4"]),  # a0 came too early
        (
            "attack and (p.hold[South] is breached or not p.hold[North] is breached)",
            True,
            ["a0", "a1", "a3", "a4"],
        ),
        (
            "attack and (p.hold[South] is breached and p.hold[North] is breached)",
            True,
            ["a3", "a4"],
        ),
        ("attack and p.hold[North] has been kept for 5 days", True, ["a1", "a4"]),
        ("attack and p.hold[North] has been kept for 22 days", True, []),
        ("attack and when_bound", True, ["a1", "a2", "a3", "a4"]),
        ("attack and in_force and p.hold[North] is breached", True, ["a2", "a3", "a4"]),
        # … and everything else at its instant.
        ("attack and 2026-02-03T00:00:00Z", True, ["a2", "a3", "a4"]),
        ("attack and guards of North at most 200 people", True, ["a0", "a3", "a4"]),
        ("attack and who is one", True, ["a0", "a1", "a2", "a3", "a4"]),
        ("attack and who is both", True, []),
        ("some u (enters unit u and once (0 days, 20 days] (attack unit u))", True, ["e1"]),
        # What is no act is made true by none.
        ("in_force", False, []),
        ("not attack", False, []),
        ("quiet", False, []),
        ("inside(South)", False, []),
        ("p.hold is breached", False, []),
        ("in_force and who is one", False, []),
        ("attack or in_force", False, ["a0", "a1", "a2", "a3", "a4"]),
        ("clock", False, []),
        ("once (attack)", False, []),
    ],
)
def test_acts_and_their_guards(text: str, acting: bool, ids: Sequence[str]) -> None:
    assert acts(text) == (acting, list(ids))


@pytest.mark.parametrize(
    ("text", "readings", "ids"),
    [
        ("deed", {"deed": "entries"}, ["e3"]),
        ("attack and when_bound", {"when_bound": "first_breach"}, ["a2", "a3", "a4"]),
        ("attack and clock", {"clock": "early"}, ["a0", "a1", "a2", "a3", "a4"]),
        ("attack and clock", {"clock": "signed"}, ["a1", "a2", "a3", "a4"]),
    ],
)
def test_acts_under_another_reading(
    text: str, readings: dict[str, str], ids: Sequence[str]
) -> None:
    assert acts(text, **readings)[1] == list(ids)
