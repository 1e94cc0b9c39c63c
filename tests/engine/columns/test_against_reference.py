"""The columnar engine and the reference evaluator say the same, on time-points."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from servanda.engine.axis import TimePoints
from servanda.engine.columns import plan
from servanda.engine.columns.normalise import normalised
from servanda.engine.columns.table import Table
from servanda.engine.columns.timeline import Stamped
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model import formula as f
from servanda.model.quantity import Window
from tests.engine.columns.tables import members
from tests.engine.logs import Log, Plain, conditions, evaluator
from tests.engine.test_reference import _without_counts
from tests.support.examples import examples


@dataclass
class Acts:
    """The leaves: where a record of a type holds, lasting ones until they end."""

    log: Log
    count: int

    def table(self, predicate: f.Predicate) -> Table:
        plain = Plain(self.log, range(self.count))
        at = [t for t, held in plain.table(c.Pattern(predicate.name)).items() if held]
        start = np.array(at, np.int64)
        return Table((), (), (), start, start + 1, ordered=True, points=True)


def formula(cond: c.Condition) -> f.Formula:
    """A condition without keys as a formula."""
    match cond:
        case c.Pattern(kind):
            return f.Predicate(kind, ())
        case c.Not(body):
            return f.Not(formula(body))
        case c.And(parts):
            return f.And(tuple(map(formula, parts)))
        case c.Or(parts):
            return f.Or(tuple(map(formula, parts)))
        case c.Temporal(op, window, body):
            return f.Temporal(op, interval(window), formula(body))
        case c.Dyadic(op, window, left, right):
            return f.Dyadic(op, interval(window), formula(left), formula(right))
        case c.Lasting(duration, body):
            return f.Temporal("historically", f.Interval(0, duration.ticks), formula(body))
        case _:
            raise AssertionError(cond)


def interval(window: Window | None) -> f.Interval:
    return f.ANY if window is None else f.Interval(*window.ticks)


@examples(500)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("pqsx")), min_size=1, max_size=12),
    conditions(2).map(_without_counts),
)
def test_on_time_points(rows: list[tuple[int, str]], cond: c.Condition) -> None:
    stamps = np.cumsum([step for step, _ in rows])
    log = [(position, kind) for position, (_, kind) in enumerate(rows)]
    reference = evaluator(log, TimePoints(tuple(stamps.tolist())))
    acts = Acts(log, len(rows))
    found = plan.evaluate(normalised(formula(cond)), acts, Stamped(stamps), {})
    held = {at for _, at in members(found)}
    for t in range(len(rows)):
        expected = reference.evaluate(cond, {}, t, Role.FULFILLING).holds
        assert (t in held) is expected, (t, stamps, cond)
