"""Monitoring: a formula over a log, to the assignments that satisfy it at each time-point.

In: a parsed formula and the columns of a log.  Out: the satisfying assignments as columns, ordered
by time-point, and how many time-points the log decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from servanda.engine.columns import plan
from servanda.engine.columns.merge import distinct
from servanda.engine.columns.normalise import normalised
from servanda.engine.columns.pack import packed, unpacked
from servanda.engine.columns.progress import progress
from servanda.engine.columns.safety import checked
from servanda.engine.columns.search import spread
from servanda.engine.columns.table import Array, Ints, Table, reordered, take
from servanda.engine.columns.timeline import Stamped
from servanda.model import formula as f
from servanda.model.event_log import EventLog

# No time-stamp is as late: the end of a closed log is at no finite distance from any of them.
CLOSING = 1 << 61


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The satisfying assignments: row i says that the values satisfy the formula at `at[i]`."""

    variables: tuple[str, ...]
    kinds: tuple[f.Kind, ...]
    columns: tuple[Array, ...]
    at: Ints
    decided: int


@dataclass(slots=True)
class LogFacts:
    """The leaves of a formula: tables of events, made once for each way a predicate is used."""

    events: EventLog
    stamps: Ints
    made: dict[f.Predicate, Table] = field(default_factory=dict)

    def table(self, predicate: f.Predicate) -> Table:
        if predicate not in self.made:
            self.made[predicate] = plan.chosen(
                self._stored(predicate.name), predicate.args, self.events.codes
            )
        return self.made[predicate]

    def _stored(self, name: str) -> Table:
        here = np.arange(len(self.stamps))
        match name:
            case "tp":
                return _points(("int",), (here,), here)
            case "ts":
                return _points(("int",), (self.stamps,), here)
            case "tpts":
                return _points(("int", "int"), (here, self.stamps), here)
        relation = self.events.relations[name]
        points = _points(relation.kinds, relation.columns, relation.at)
        # Where no time-point has two events of a predicate none of them is repeated.
        alone = bool((relation.at[1:] > relation.at[:-1]).all())
        return points if alone else distinct(points)


def _points(kinds: tuple[f.Kind, ...], columns: tuple[Array, ...], at: Ints) -> Table:
    names = tuple(str(i) for i in range(len(kinds)))
    return Table(names, kinds, columns, at, at + 1, points=True)


def monitor(formula: f.Formula, events: EventLog, *, open_end: bool = False) -> Verdicts:
    """What satisfies the formula where; raises Unsafe or PlanError with the place in the formula.

    Unless the end is left open the log is closed: nothing comes after it, and what waits for
    something does not wait any longer.
    """
    normal = normalised(formula)
    checked(normal)
    stamps = events.stamps if open_end else np.append(events.stamps, CLOSING)
    table = plan.evaluate(normal, LogFacts(events, stamps), Stamped(stamps), events.codes)
    decided = min(progress(normal, stamps, closed=not open_end), len(events.stamps))
    variables = f.columns(formula)
    rows = expanded(reordered(table, variables), decided)
    return Verdicts(variables, rows.kinds, rows.columns, rows.start, decided)


def expanded(table: Table, before: int) -> Table:
    """Every position by itself, ordered by position and then by key; none at or after `before`."""
    end = np.minimum(table.end, before)
    counts = np.maximum(end - table.start, 0)
    if table.points:
        rows = take(table, counts > 0) if len(counts) and counts.min() == 0 else table
        at = rows.start
    else:
        row, step = spread(counts)
        rows = take(table, row)
        at = rows.start + step
    columns = rows.columns
    if not bool((at[1:] > at[:-1]).all()):
        at, *ordered = _sorted((at, *columns))
        columns = tuple(ordered)
    return Table(rows.names, rows.kinds, columns, at, at + 1, points=True)


def _sorted(columns: Sequence[Array]) -> list[Array]:
    """Rows in the order of the columns from left to right."""
    both = packed(columns)
    if both is not None:
        numbers, layout = both
        numbers.sort()
        return list(unpacked(numbers, layout))
    order = np.lexsort(columns[::-1])
    return [c[order] for c in columns]


def predicates(formula: f.Formula) -> Iterable[f.Predicate]:
    """All uses of predicates, those of definitions included."""
    if isinstance(formula, f.Predicate):
        yield formula
    for child in f.children(formula):
        yield from predicates(child)
