"""Monitoring: a formula over a log, to the assignments that satisfy it at each time-point.

In: a parsed formula and the columns of a log.  Out: the satisfying assignments as columns, ordered
by time-point, and how many time-points the log decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from servanda.engine.columns import plan
from servanda.engine.columns.merge import distinct
from servanda.engine.columns.normalise import normalised
from servanda.engine.columns.pack import packed, unpacked
from servanda.engine.columns.progress import progress
from servanda.engine.columns.safety import checked
from servanda.engine.columns.search import spread
from servanda.engine.columns.table import Array, Ints, Table, reordered, take, within
from servanda.engine.columns.timeline import Stamped
from servanda.model import formula as f
from servanda.model.event_log import EventLog

# No time-stamp is as late: the end of a closed log is at no finite distance from any of them.
CLOSING = 1 << 61
ROWS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Verdicts:
    """The satisfying assignments of the variables, as intervals of decided time-points.

    `columns` and `at` have a row for each time-point and assignment; `parts` gives the same piece
    by piece, for what holds so long that all rows would not fit into memory.
    """

    variables: tuple[str, ...]
    table: Table
    decided: int

    @property
    def kinds(self) -> tuple[f.Kind, ...]:
        return self.table.kinds

    @cached_property
    def rows(self) -> Table:
        return expanded(self.table, self.decided)

    @property
    def columns(self) -> tuple[Array, ...]:
        return self.rows.columns

    @property
    def at(self) -> Ints:
        return self.rows.start

    def parts(self, most: int = ROWS_AT_ONCE) -> Iterator[Table]:
        """Rows as in `columns` and `at`, about `most` at a time, split between time-points."""
        end = np.minimum(self.table.end, self.decided)
        if int(np.maximum(end - self.table.start, 0).sum()) <= most:
            yield self.rows
            return
        some = self.table.start < end
        steps = np.bincount(self.table.start[some], minlength=self.decided + 1)
        steps = steps - np.bincount(end[some], minlength=self.decided + 1)
        before = np.cumsum(np.cumsum(steps))
        cuts = np.searchsorted(before, np.arange(most, int(before[-1]) + most, most))
        first = 0
        for last in (*np.unique(cuts[cuts < self.decided]).tolist(), self.decided):
            if last > first:
                start = np.maximum(self.table.start, first)
                inside = replace(self.table, points=False)
                yield expanded(within(inside, start, np.minimum(end, last)), last)
            first = last


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
    return Verdicts(variables, reordered(table, variables), decided)


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
