"""Whose word is enough depends on what an act is used for, in every form of condition (rule 6).

North's withdrawal is told by two other sides and by nobody else: enough where it fulfils, not
enough where it offends.  South's entry is told by South alone: enough where it offends only.
"""

import json
from typing import Any

import pytest

from servanda import asking, library
from servanda.engine.reference import Evaluator
from servanda.evidence.instant import parse_period
from servanda.evidence.read import read_text
from servanda.evidence.standard import Role
from servanda.model import condition as c
from tests.engine.test_conditions import READINGS, TEXT
from tests.evidence.small import UTC

AGREED = TEXT.replace("{soldier, civilian}", "{missing, remains}")
MORE = """\
term deed "what counts"
  reading act: forces_withdrawn of North
  reading act_in_time: forces_withdrawn of North and p.hold[North] is active
term seen "whether it was seen"
  reading once_seen: once (forces_withdrawn)
  reading never: who is both
define left(who_leaves) as forces_withdrawn of who_leaves
"""


def record(identity: str, kind: str, source: str, args: dict[str, Any], day: str) -> str:
    at = f"2026-02-{day}T00:00:00Z"
    return json.dumps({"id": identity, "type": kind, "at": at, "source": source, "args": args})


def by_two_sides(kind: str, args: dict[str, Any], day: str) -> list[str]:
    return [record(f"{kind}-{source}", kind, source, args, day) for source in ("South", "East")]


ROWS = "\n".join(
    [
        record("s1", "signs", "North", {"party": "North"}, "01"),
        record("s2", "signs", "South", {"party": "South"}, "01"),
        *by_two_sides("forces_withdrawn", {"of": "North", "from": "Kharkiv"}, "10"),
        record("e1", "enters", "South", {"forces_of": "South", "territory_of": "North"}, "10"),
    ]
)
DAY, LATER = "2026-02-10T00:00:00Z", "2026-02-20T00:00:00Z"


def asked(text: str, rows: str = ROWS) -> tuple[Evaluator, c.Condition]:
    lib = library.from_text(f"{AGREED}{MORE}\ndefine asked as {text}\n")
    records = read_text(rows, "rows", lib.agreement.record_types, UTC)
    assert not records.refused, records.refused
    question, _ = asking.question(lib, records, as_of="2026-12-31", standard="corroborated")
    evaluator = question.run(
        "corroborated", {**READINGS, "deed": "act", "seen": "once_seen"}
    ).evaluator
    return evaluator, lib.agreement.definitions["asked"].condition


def holds(text: str, at: str, role: Role, rows: str = ROWS) -> bool:
    """Whether a condition holds, by each of the ways to ask."""
    evaluator, cond = asked(text, rows)
    instant = parse_period(at, UTC).first
    found = evaluator.evaluate(cond, {}, instant, role).holds
    assert evaluator.holds(cond, {}, instant, role) is found
    return found


def changes(text: str, role: Role, rows: str = ROWS) -> list[int]:
    """The boundaries of a condition from shortly before North's withdrawal on."""
    evaluator, cond = asked(text, rows)
    first = parse_period("2026-02-08", UTC).first
    return [edge for edge in evaluator.boundaries(cond, {}, role) if edge > first]


FORMS = [
    "forces_withdrawn",
    "forces_withdrawn and clock",
    "forces_withdrawn or who is both",
    "not (not forces_withdrawn)",
    "deed",
    "left(North)",
    "left({North, South})",
    "some x (forces_withdrawn of x)",
    "every x in {North} (forces_withdrawn of x)",
    "once (forces_withdrawn)",
    "historically [0 days, 1 day] (forces_withdrawn)",
    "eventually (forces_withdrawn)",
    "always (forces_withdrawn)",
    "previous (forces_withdrawn)",
    "next (forces_withdrawn)",
    "for at least 1 day (forces_withdrawn)",
    "1 day after forces_withdrawn",
    "(clock) since (forces_withdrawn)",
    "(clock) since (new forces_withdrawn)",
    "(forces_withdrawn) since [1 day, 1 day] (clock)",
    "(clock) until (forces_withdrawn)",
    "(forces_withdrawn) until [1 day, 1 day] (clock)",
    "count in (forces_withdrawn) at least 1",
    "count in (forces_withdrawn) within 30 days at least 1",
    # The same beside the state of a commitment, which is asked in another way.
    "forces_withdrawn and p.hold[North] is active",
    "forces_withdrawn or p.hold[North] is breached",
    "not (not forces_withdrawn or p.hold[North] is breached)",
    "once (forces_withdrawn and p.hold[North] is active)",
    "for at least 1 day (forces_withdrawn and p.hold[North] is active)",
    "1 day after (forces_withdrawn and p.hold[North] is active)",
    "(p.hold[North] is active) since (forces_withdrawn)",
    "(forces_withdrawn) since [1 day, 1 day] (p.hold[North] is active)",
    "some x (forces_withdrawn of x and p.hold[x] is active)",
    "every x in {North} (forces_withdrawn of x and p.hold[x] is active)",
    "count in (forces_withdrawn and p.hold[North] is active) at least 1",
]


@pytest.mark.parametrize("text", FORMS)
def test_two_other_sides_are_enough_for_what_fulfils_only(text: str) -> None:
    assert holds(text, LATER, Role.FULFILLING)
    assert not holds(text, LATER, Role.OFFENDING)
    assert changes(text, Role.FULFILLING)
    assert not changes(text, Role.OFFENDING)


@pytest.mark.parametrize(
    "text", ["once (forces_withdrawn)", "(clock) since (forces_withdrawn)", "deed", "left(North)"]
)
def test_a_reason_rests_on_what_counts(text: str) -> None:
    evaluator, cond = asked(text)
    found = evaluator.evaluate(cond, {}, parse_period(LATER, UTC).first, Role.FULFILLING)
    assert [r.id for r in found.records()] == ["forces_withdrawn-East", "forces_withdrawn-South"]


def test_the_course_of_a_condition_is_that_of_what_counts() -> None:
    evaluator, cond = asked("forces_withdrawn")
    never = evaluator.course(asked("who is both")[1], {}, Role.FULFILLING)
    assert evaluator.course(cond, {}, Role.OFFENDING) == never
    assert evaluator.course(cond, {}, Role.FULFILLING) != never


def test_an_own_word_is_enough_for_what_offends_only() -> None:
    assert holds("enters", DAY, Role.OFFENDING)
    assert not holds("enters", DAY, Role.FULFILLING)


@pytest.mark.parametrize(
    "text",
    [
        "forces_withdrawn",
        "forces_withdrawn of North or who is both",
        "forces_withdrawn and clock",
        "clock and some x (forces_withdrawn of x)",
        "left(North)",
        "deed",
        "forces_withdrawn and p.hold[North] is active",
        # What stands beside an act is judged in the same use as the act.
        "forces_withdrawn and once (forces_withdrawn)",
        "forces_withdrawn and seen",
        "forces_withdrawn and not historically (not forces_withdrawn)",
        "forces_withdrawn and (once (forces_withdrawn) or who is both)",
        "forces_withdrawn and (once (forces_withdrawn) and clock)",
    ],
)
def test_acts_are_those_that_count_in_their_use(text: str) -> None:
    evaluator, cond = asked(text)
    act = ("forces_withdrawn-East", "forces_withdrawn-South")
    assert [f.ids for f, _ in evaluator.acts(cond, {}, Role.FULFILLING)] == [act]
    assert [f.ids for f, _ in evaluator.acts(cond, {}, Role.OFFENDING)] == []


TALLY = {"holder": "North", "category": "missing", "listed": 5, "returned": 5}
GUARDS = {"name": "guards", "of": "North", "value": 250, "unit": "people"}
HELD = {"name": "guards", "of": "South", "value": 5, "unit": "people"}
ENTRY = {"forces_of": "South", "territory_of": "North"}
LEAVES = {"of": "South", "from": "South"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("text", "rows", "holding"),
    [
        # A tally is what fulfils, a measure is what may offend.
        (
            "outstanding held(North, missing) at most 0",
            by_two_sides("tally", TALLY, "10"),
            True,
        ),
        (
            "guards of North at most 200 people",
            [record("m", "measure", "North", GUARDS, "10")],
            False,
        ),
        (
            "count in (enters) at least guards of South less 5 people",
            [record("m", "measure", "South", HELD, "10")],
            True,
        ),
        # What opens a state may offend, what ends it fulfils.
        ("inside(South)", [record("e", "enters", "South", ENTRY, "10")], True),
        (
            "inside(South)",
            [
                record("e", "enters", "South", ENTRY, "03"),
                record("w", "forces_withdrawn", "North", LEAVES, "10"),
                record("v", "forces_withdrawn", "East", LEAVES, "10"),
            ],
            False,
        ),
    ],
)
def test_some_uses_do_not_depend_on_who_asks(
    text: str, rows: list[str], holding: bool, role: Role
) -> None:
    told = "\n".join([*ROWS.splitlines()[:2], *rows])
    assert holds(text, LATER, role, told) is holding
    assert holds(text, "2026-02-09", role, told) is not holding
    assert changes(text, role, told)


@pytest.mark.parametrize("role", Role)
def test_entry_into_force_is_something_that_is_fulfilled(role: Role) -> None:
    lines = TEXT.splitlines()
    first = next(n for n, line in enumerate(lines) if "in force when" in line)
    lines[first : first + 2] = ["  in force when new forces_withdrawn of North"]
    question, _ = asking.question(
        lib := library.from_text("\n".join([*lines, "define asked as in_force"])),
        read_text(ROWS, "rows", lib.agreement.record_types, UTC),
        as_of="2026-12-31",
        standard="corroborated",
    )
    evaluator = question.run("corroborated", READINGS).evaluator
    found = evaluator.evaluate(c.InForce(), {}, parse_period(LATER, UTC).first, role)
    assert found.condition == c.InForce()
    assert (found.holds, found.at) == (True, parse_period(DAY, UTC).first)
    assert [r.id for r in found.records()] == ["forces_withdrawn-East", "forces_withdrawn-South"]
    assert evaluator.holds(c.InForce(), {}, parse_period(LATER, UTC).first, role)
