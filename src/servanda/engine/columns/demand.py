"""Demands: for which keys and instants somebody asks, pushed down from what triggers the question.

An answer must be right for the keys and instants that are demanded and may be anything elsewhere.
A demand is worked out only when an operator needs it, since most answers come from the log alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from servanda.engine.columns.merge import merged, projected
from servanda.engine.columns.table import Table, within
from servanda.engine.columns.timeline import Timeline
from servanda.model.formula import Interval


@dataclass(frozen=True, slots=True)
class Demand:
    """`variables` of the keys asked for, and how to work out the table of keys and instants."""

    variables: frozenset[str]
    table: Callable[[], Table]

    def over(self, names: Sequence[str]) -> Table:
        """The demand on some of its variables, merged."""
        table = self.table()
        kept = [n for n in table.names if n in names]
        return merged(projected(replace(table, points=False), kept))

    def before(self, window: Interval, axis: Timeline) -> "Demand":
        """What a look back through the window asks for."""

        def widened() -> Table:
            table = self.table()
            start = axis.back_upper(table.start, window.upper)
            return _loose(table, start, axis.back_lower(table.end - 1, window.lower))

        return Demand(self.variables, widened)

    def after(self, window: Interval, axis: Timeline) -> "Demand":
        """What a look ahead through the window asks for."""

        def widened() -> Table:
            table = self.table()
            start = axis.from_lower(table.start, window.lower)
            return _loose(table, start, axis.past_upper(table.end - 1, window.upper))

        return Demand(self.variables, widened)

    def moved(self, by: int, axis: Timeline) -> "Demand":
        """What the neighbouring instants ask for."""

        def shifted() -> Table:
            table = self.table()
            start, end = table.start + by, table.end + by
            return _loose(table, start.clip(axis.first), end.clip(max=axis.last))

        return Demand(self.variables, shifted)


def of(table: Table) -> Demand:
    return Demand(frozenset(table.names), lambda: table)


def _loose(table: Table, start: object, end: object) -> Table:
    """Intervals that may overlap; only `over` makes a table of them."""
    return replace(within(table, start, end), ordered=False)  # type: ignore[arg-type]
