"""The reference evaluator against the plain definition of every operator, on both axes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.engine.axis import BEGINNING, TimePoints
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.quantity import Duration, Window
from tests.engine.logs import (
    UNIT,
    Log,
    Plain,
    conditions,
    evaluator,
    logs,
)

P = c.Pattern("p")
FAR = range(-24, 66)  # wider than all windows of a condition together
ASKED = range(-3, 30)


@settings(max_examples=400)
@given(logs, conditions())
def test_on_dense_time(log: Log, cond: c.Condition) -> None:
    asked = evaluator(log)
    table = Plain(sorted(log), FAR).table(cond)
    for t in ASKED:
        assert asked.evaluate(cond, {}, t, Role.FULFILLING).holds == table[t], (t, cond)


@settings(max_examples=200)
@given(logs, conditions())
def test_truth_without_reasons_is_the_same(log: Log, cond: c.Condition) -> None:
    asked = evaluator(log)
    for t in ASKED:
        reason = asked.evaluate(cond, {}, t, Role.FULFILLING)
        assert asked.holds(cond, {}, t, Role.FULFILLING) == reason.holds


@settings(max_examples=200)
@given(logs, conditions())
def test_nothing_changes_between_boundaries(log: Log, cond: c.Condition) -> None:
    asked = evaluator(log)
    edges = [BEGINNING, *asked.boundaries(cond, {}, Role.FULFILLING)]
    for t in ASKED:
        before = max(e for e in edges if e <= t)
        assert (
            asked.evaluate(cond, {}, t, Role.FULFILLING).holds
            == asked.evaluate(cond, {}, before, Role.FULFILLING).holds
        )


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("pqx")), min_size=1, max_size=12),
    conditions(2),
)
def test_on_time_points(rows: list[tuple[int, str]], cond: c.Condition) -> None:
    """Several points may share a stamp; distances are those of stamps."""
    stamps, now = [], 0
    for step, _ in rows:
        now += step
        stamps.append(now)
    log = [(position, kind) for position, (_, kind) in enumerate(rows)]
    cond = _without_counts(cond)
    asked = evaluator(log, TimePoints(tuple(stamps)))
    table = Plain(log, range(len(rows)), stamps.__getitem__).table(cond)
    for t in range(len(rows)):
        assert asked.evaluate(cond, {}, t, Role.FULFILLING).holds == table[t], (t, stamps, cond)


def _without_counts(cond: c.Condition) -> c.Condition:
    """Counts over windows are asked on dense time only, until peers' logs need them."""
    from dataclasses import replace

    match cond:
        case c.Aggregate(body=body):
            return body
        case c.And(parts):
            return c.And(tuple(map(_without_counts, parts)))
        case c.Or(parts):
            return c.Or(tuple(map(_without_counts, parts)))
        case c.Dyadic():
            return replace(cond, left=_without_counts(cond.left), right=_without_counts(cond.right))
        case c.Not() | c.Temporal() | c.Lasting():
            return replace(cond, body=_without_counts(cond.body))
        case _:
            return cond


def test_previous_differs_between_the_axes() -> None:
    """On dense time the instant before is a microsecond away; on points it is the row before."""
    previous = c.Temporal("previous", None, c.Pattern("p"))
    log: Log = [(0, "p"), (5, "q")]
    assert not evaluator(log).evaluate(previous, {}, 5, Role.FULFILLING).holds
    points = evaluator([(0, "p"), (1, "q")], TimePoints((0, 5)))
    assert points.evaluate(previous, {}, 1, Role.FULFILLING).holds


def test_exactly_two_back_differs_between_the_axes() -> None:
    window = Window(Duration(2, UNIT), Duration(2, UNIT))
    once = c.Temporal("once", window, c.Not(c.Pattern("p")))
    log: Log = [(1, "p")]
    assert evaluator(log).evaluate(once, {}, 4, Role.FULFILLING).holds
    points = evaluator([(0, "p"), (1, "q")], TimePoints((0, 5)))
    assert not points.evaluate(once, {}, 1, Role.FULFILLING).holds, "no row is two away"


def test_a_window_without_a_row_holds_nothing() -> None:
    since = c.Dyadic("since", Window(Duration(2, UNIT), Duration(2, UNIT)), P, c.Not(P))
    found = evaluator([(0, "p")], TimePoints((0, 5))).evaluate(since, {}, 1, Role.FULFILLING)
    assert (found.condition, found.holds) == (since, False)


def test_the_tree_of_reasons_has_the_records_at_its_leaves() -> None:
    cond = c.Dyadic("since", None, c.Not(c.Pattern("x")), c.Pattern("p"))
    reason = evaluator([(3, "p"), (9, "x")]).evaluate(cond, {}, 5, Role.FULFILLING)
    assert reason.holds
    assert reason.at == 3
    assert [r.id for r in reason.records()] == ["r000"]
