"""Where a condition may change: at its boundaries, and nowhere between them."""

from itertools import product

import pytest

from servanda.engine.axis import BEGINNING
from servanda.engine.reference import Evaluator
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.quantity import Duration, Window
from tests.engine.logs import UNIT, Log, Plain, evaluator

# `p` happens at 5; `s` lasts from 4 until `x` ends it at 8.
LOG: Log = [(4, "s"), (5, "p"), (8, "x")]
P, S = c.Pattern("p"), c.Pattern("s")
ASKED, FAR = range(-12, 30), range(-40, 60)


def window(lower: int, upper: int | None) -> Window:
    return Window(Duration(lower, UNIT), None if upper is None else Duration(upper, UNIT))


def lasting(ticks: int, body: c.Condition) -> c.Condition:
    return c.Lasting(Duration(ticks, UNIT), body)


WINDOWS = (None, window(0, 0), window(0, 3), window(2, 2), window(2, 5), window(3, None))
SHAPES: tuple[c.Condition, ...] = (P, S, c.Not(P), c.Not(S))


def asks_all(cond: c.Condition) -> None:
    """Hold every answer of the evaluator to the plain definition, and the edges to both."""
    asked: Evaluator = evaluator(LOG)
    table = Plain(LOG, FAR).table(cond)
    edges = [BEGINNING, *asked.boundaries(cond, {}, Role.FULFILLING)]
    for t in ASKED:
        told = asked.evaluate(cond, {}, t, Role.FULFILLING).holds
        assert told == table[t], (t, cond)
        assert asked.holds(cond, {}, t, Role.FULFILLING) == told, (t, cond)
        before = max(e for e in edges if e <= t)
        assert asked.evaluate(cond, {}, before, Role.FULFILLING).holds == told, (t, cond)


@pytest.mark.parametrize("op", ["since", "until"])
def test_of_two_parts_and_a_window(op: str) -> None:
    for left, right, within in product(SHAPES, SHAPES, WINDOWS):
        asks_all(c.Dyadic(op, within, left, right))


@pytest.mark.parametrize("op", ["once", "historically", "eventually", "always", "previous", "next"])
def test_of_one_part_and_a_window(op: str) -> None:
    for body, within in product(SHAPES, WINDOWS):
        asks_all(c.Temporal(op, within, body))


def test_of_what_lasts() -> None:
    for body, ticks in product(SHAPES, (0, 1, 3)):
        asks_all(lasting(ticks, body))


def test_the_course_of_a_condition_has_real_changes_only() -> None:
    asked = evaluator(LOG)
    same: list[c.Condition] = [S, c.Not(c.Not(S)), c.Or((S, c.And((S, P))))]
    other: list[c.Condition] = [P, c.Not(S), c.Or((S, c.Temporal("previous", None, S)))]
    courses = [asked.course(cond, {}, Role.FULFILLING) for cond in (*same, *other)]
    assert len(set(courses[:3])) == 1
    assert len(set(courses)) == 4


@pytest.mark.parametrize(
    ("cond", "expected"),
    [
        (P, (5, 6)),
        (S, (4, 8)),
        (c.Not(P), (5, 6)),
        (c.And((P, S)), (4, 5, 6, 8)),
        (c.Or((P, S)), (4, 5, 6, 8)),
        (c.Temporal("previous", None, P), (6, 7)),
        (c.Temporal("next", None, P), (4, 5)),
        (c.Temporal("once", None, P), (5, 6)),
        (c.Temporal("once", window(2, 10), P), (7, 8, 15, 16)),
        (c.Temporal("historically", window(2, 10), P), (7, 8, 15, 16)),
        (c.Temporal("eventually", window(2, 10), P), (-5, -4, 3, 4)),
        (c.Temporal("always", window(2, 10), P), (-5, -4, 3, 4)),
        # The right counts up to one instant before the left begins.
        (c.Dyadic("since", window(2, None), S, P), (4, 5, 7, 8, 9)),
        (c.Dyadic("until", window(2, None), S, P), (3, 4, 7, 8)),
        (lasting(20, P), (5, 6, 25, 26)),
    ],
)
def test_they_are_as_few_as_can_be(cond: c.Condition, expected: tuple[int, ...]) -> None:
    assert evaluator(LOG).boundaries(cond, {}, Role.FULFILLING) == expected
