"""Which acts make a condition true: guards beside them are judged by the states just before.

A row gives a condition as it is written and the acts that it names.  The first attack comes at the
very instant of entry into force, so that what is asked of the states just before it shows.
"""

from collections.abc import Sequence

import pytest

from servanda import asking, library
from servanda.engine.acts import is_act
from servanda.engine.reference import Evaluator
from servanda.evidence.read import read_text
from servanda.evidence.standard import Role
from servanda.model import condition as c
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
term deed_by_name "what counts, by its name"
  reading strikes: strike(North)
define twice_removed as strike(North)
define quarrel(one_side, x) as attack by one_side on x
term when_bound "from when"
  reading bound: in_force
  reading first_breach: p.hold is breached
"""
FIXED = {**READINGS, "deed": "strikes", "deed_by_name": "strikes", "when_bound": "bound"}


def asked(text: str, more: str = "", **readings: str) -> tuple[Evaluator, c.Condition]:
    lib = library.from_text(TEXT + MORE + f"\ndefine asked as {text}\n")
    rows = read_text(ROWS + AT_FORCE + LATER + more, "rows", lib.agreement.record_types, UTC)
    question, _ = asking.question(lib, rows, as_of="2026-12-31", standard="any_claim")
    evaluator = question.run("any_claim", {**FIXED, **readings}).evaluator
    return evaluator, lib.agreement.definitions["asked"].condition


def named(evaluator: Evaluator, cond: c.Condition) -> list[str]:
    return [fact.ids[0] for fact, _ in evaluator.acts(cond, {}, Role.OFFENDING)]


def acts(text: str, **readings: str) -> tuple[bool, list[str]]:
    """Whether a condition is one of acts, and the ids of those that make it true, in order."""
    evaluator, cond = asked(text, **readings)
    return is_act(evaluator, cond), named(evaluator, cond)


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
        ("strike({North, East})", True, ["a1", "a4"]),
        ("deed", True, ["a1", "a4"]),
        ("strike(North) or deed", True, ["a1", "a4"]),
        ("who is one and strike(North)", True, ["a1", "a4"]),
        ("some x (strike(x))", True, ["a1", "a4"]),
        ("some x (strike(x) and p.hold[x] is breached)", True, ["a4"]),
        ("some x (quarrel(x, North) and p.hold[x] is breached)", True, []),
        ("some x (attack by x and quarrel(x, South))", True, ["a1", "a4"]),
        ("twice_removed", True, ["a1", "a4"]),
        ("deed_by_name", True, ["a1", "a4"]),
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
        ("some x (attack by x and (in_force and p.hold[x] is breached))", True, ["a4"]),
        ("some x (attack by x and (p.hold[x] is breached or who is both))", True, ["a4"]),
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


def test_just_before_is_one_microsecond_before() -> None:
    """An act right after the entry into force finds the agreement in force."""
    at_once = AT_FORCE.replace("a0", "a5").replace("00:00:00Z", "00:00:00.000001Z")
    evaluator, cond = asked("attack and in_force", at_once)
    assert named(evaluator, cond) == ["a5", "a1", "a2", "a3", "a4"]


def test_acts_beside_a_state_are_asked_anew() -> None:
    """While a course of events is followed, the states of commitments go on changing."""

    class Changing:
        now = False

        def holds(self, *_: object) -> bool:
            return self.now

        def changes(self, *_: object) -> tuple[int, ...]:
            return (7,) if self.now else ()

        def matching(self, *_: object) -> tuple[()]:
            return ()

        def consulted(self, _: str) -> frozenset[str]:
            return frozenset()

    evaluator, cond = asked("attack by North and p.hold[South] is breached")
    evaluator.states = states = Changing()  # type: ignore[assignment]
    assert named(evaluator, cond) == []
    assert 7 not in evaluator.boundaries(cond, {}, Role.OFFENDING)
    states.now = True
    assert named(evaluator, cond) == ["a1", "a4"]
    assert 7 in evaluator.boundaries(cond, {}, Role.OFFENDING)
