"""For how long an act keeps a state open: until an act that ends it at its place, or for good."""

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

MORE = """\
record seizes "somebody takes a place"
  arg by actor
  arg what place
  actor by
state taken(taker)
  begins when enters forces_of taker or seizes by taker
  ends when forces_withdrawn of taker
state touched(toucher)
  begins when attack by toucher
state provoked(toucher)
  begins when attack by toucher and p.hold[toucher] is breached
  ends when forces_withdrawn of toucher
"""
SIGNED = [
    {"id": f"s{n}", "type": "signs", "at": "2026-01-01", "args": {"party": p}, "source": p}
    for n, p in enumerate(("North", "South"))
]


def row(identity: str, day: int, kind: str, place: Any = None, **args: str) -> dict[str, Any]:
    found = {"id": identity, "type": kind, "at": f"2026-02-{day:02}T00:00:00Z", "source": "X"}
    return found | {"args": args} | ({"place": place} if place else {})


ENTERS = row("e", 1, "enters", {"name": "Kharkiv"}, forces_of="South", territory_of="North")
NOWHERE = row("e", 1, "enters", forces_of="South", territory_of="North")
SEIZES = row("e", 1, "seizes", by="South", what="Kharkiv")


def leaves(day: int, whence: str, place: Any = None) -> dict[str, Any]:
    return row(f"w{day}", day, "forces_withdrawn", place, of="South", **{"from": whence})


def asked(text: str, rows: list[dict[str, Any]]) -> tuple[Evaluator, c.Condition]:
    lib = library.from_text(f"{TEXT}{MORE}\ndefine asked as {text}\n")
    lines = "\n".join(json.dumps(one) for one in (*SIGNED, *rows))
    records = read_text(lines, "rows", lib.agreement.record_types, UTC)
    assert not records.refused, records.refused
    question, _ = asking.question(lib, records, as_of="2026-12-31", standard="any_claim")
    evaluator = question.run("any_claim", READINGS).evaluator
    return evaluator, lib.agreement.definitions["asked"].condition


def days(text: str, rows: list[dict[str, Any]]) -> list[tuple[int, int | None, str]]:
    """The stretches of a state: first day, day on which it ends or None, and the act."""
    evaluator, cond = asked(text, rows)
    start = parse_period("2026-02-01", UTC).first
    assert isinstance(cond, c.Call)
    found = evaluator.openings(cond, {})
    assert found == evaluator.openings(cond, {})

    def day(instant: int) -> int | None:
        number = (instant - start) // 86_400_000_000 + 1
        return number if number < 100 else None

    return [(day(s.start) or 0, day(s.end), s.fact.ids[0]) for s in found]


@pytest.mark.parametrize(
    ("rows", "end"),
    [
        ([ENTERS], None),
        ([ENTERS, leaves(5, "North")], 5),  # from a party's territory: from all of it
        ([ENTERS, leaves(5, "North"), leaves(7, "North")], 5),
        ([ENTERS, leaves(1, "North")], None),  # what comes at the same instant ends nothing
        ([ENTERS, leaves(5, "Kharkiv")], 5),
        ([ENTERS, leaves(5, "Sumy")], None),
        ([ENTERS, leaves(5, "Sumy"), leaves(7, "Kharkiv")], 7),
        (
            [ENTERS, leaves(5, "North", {"name": "Kharkiv"})],
            5,
        ),  # a place says more than an argument
        ([ENTERS, leaves(5, "North", {"name": "Sumy"})], None),
        ([ENTERS, leaves(5, "North", {"lat": 49.99, "lon": 36.23})], None),  # a point is no region
        ([NOWHERE, leaves(5, "Kharkiv")], None),
        ([NOWHERE, leaves(5, "North")], 5),
        ([SEIZES, leaves(5, "Kharkiv")], 5),  # its place is an argument
        ([SEIZES, leaves(5, "Sumy")], None),
    ],
)
def test_an_act_that_ends_it_must_be_about_its_place(
    rows: list[dict[str, Any]], end: int | None
) -> None:
    assert days("taken(South)", rows) == [(1, end, "e")]
    assert days("taken(North)", rows) == []


def test_each_act_has_its_own_stretch_in_the_order_of_time() -> None:
    again = row("f", 3, "enters", {"name": "Sumy"}, forces_of="South", territory_of="North")
    rows = [again, ENTERS, leaves(5, "Sumy"), leaves(7, "Kharkiv")]
    assert days("taken(South)", rows) == [(1, 7, "e"), (3, 5, "f")]


def test_without_an_end_it_stays_open() -> None:
    strike = row("a", 2, "attack", by="South", on="North")
    assert days("touched(South)", [strike, leaves(5, "North")]) == [(2, None, "a")]


def test_what_opens_it_may_ask_for_the_state_of_a_commitment() -> None:
    first, second = (row(f"a{n}", n, "attack", by="South", on="North") for n in (2, 4))
    assert days("provoked(South)", [first, second, leaves(5, "North")]) == [(4, 5, "a4")]
    assert days("provoked(North)", [first, second]) == []


@pytest.mark.parametrize("state", ["taken", "provoked"])
def test_a_state_may_be_asked_of_a_variable(state: str) -> None:
    strikes = [row(f"a{n}", n, "attack", by="South", on="North") for n in (1, 2)]
    at = parse_period("2026-02-03", UTC).first
    for whose, holds in (("{South}", True), ("{North}", False)):
        evaluator, cond = asked(f"every x in {whose} ({state}(x))", [ENTERS, *strikes])
        assert evaluator.holds(cond, {}, at, Role.FULFILLING) is holds
        assert evaluator.evaluate(cond, {}, at, Role.FULFILLING).holds is holds


def test_two_states_are_told_apart() -> None:
    strike = row("a", 2, "attack", by="South", on="North")
    evaluator, both = asked("taken(South) and touched(South)", [ENTERS, strike])
    assert isinstance(both, c.And)
    found = [evaluator.openings(one, {}) for one in both.parts if isinstance(one, c.Call)]
    assert [[s.fact.ids for s in spells] for spells in found] == [[("e",)], [("a",)]]


def test_while_states_of_commitments_change_it_is_asked_anew() -> None:
    class Changing:
        now = False

        def holds(self, *_: object) -> bool:
            return self.now

    strike = row("a", 2, "attack", by="South", on="North")
    evaluator, cond = asked("provoked(South)", [strike])
    assert isinstance(cond, c.Call)
    assert evaluator.openings(cond, {}) == ()
    evaluator.states = states = Changing()  # type: ignore[assignment]
    states.now = True
    assert [s.fact.ids for s in evaluator.openings(cond, {})] == [("a",)]
