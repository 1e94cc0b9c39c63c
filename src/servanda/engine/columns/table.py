"""Interval tables: for which keys something holds, and when.

A table has key columns and half-open intervals `[start, end)` of positions on an axis.  Per key the
intervals do not overlap.  Strings are codes into a sorted list, so that every column is numeric and
the order of codes is the order of strings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.model.formula import Kind

Array = NDArray[Any]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and intervals.

    `ordered`: rows are sorted by the key columns from left to right, then by start.
    `points`: every interval is one position; equal neighbours are not merged.
    `merged`: per key no interval touches the next.
    """

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    columns: tuple[Array, ...]
    start: Ints
    end: Ints
    ordered: bool = False
    points: bool = False
    merged: bool = False

    def __len__(self) -> int:
        return len(self.start)

    def column(self, name: str) -> Array:
        return self.columns[self.names.index(name)]

    def kind(self, name: str) -> Kind:
        return self.kinds[self.names.index(name)]

    def keys(self, names: Sequence[str]) -> tuple[Array, ...]:
        return tuple(self.column(name) for name in names)


def unit(first: int, last: int) -> Table:
    """What holds for no key in particular, always: the neutral element of conjunction."""
    whole = np.array([first]), np.array([last])
    return Table((), (), (), *whole, ordered=True, merged=True)


def nothing(names: Sequence[str] = (), kinds: Sequence[Kind] = ()) -> Table:
    """What never holds: the neutral element of union."""
    columns = tuple(np.empty(0, np.float64 if k == "float" else np.int64) for k in kinds)
    none = np.empty(0, np.int64)
    return Table(tuple(names), tuple(kinds), columns, none, none, True, True, True)


def take(table: Table, rows: Ints | Mask, *, ordered: bool = False) -> Table:
    """Some rows of a table; a mask keeps their order."""
    kept = table.ordered if rows.dtype == np.bool_ else ordered
    return replace(
        table,
        columns=tuple(c[rows] for c in table.columns),
        start=table.start[rows],
        end=table.end[rows],
        ordered=kept,
    )


def within(table: Table, start: Ints, end: Ints) -> Table:
    """The same keys with other intervals; those that are empty are dropped.

    The new intervals keep the order of the old ones per key; they may touch or overlap, so that
    the caller merges them.
    """
    kept = start < end
    if kept.all():
        return replace(table, start=start, end=end, points=False, merged=False)
    columns = tuple(c[kept] for c in table.columns)
    return replace(
        table, columns=columns, start=start[kept], end=end[kept], points=False, merged=False
    )


def renamed(table: Table, names: Sequence[str]) -> Table:
    return replace(table, names=tuple(names))


def reordered(table: Table, names: Sequence[str]) -> Table:
    """The same columns in another order; the rows stay where they are."""
    names = tuple(names)
    if names == table.names:
        return table
    where = [table.names.index(name) for name in names]
    return replace(
        table,
        names=names,
        kinds=tuple(table.kinds[i] for i in where),
        columns=tuple(table.columns[i] for i in where),
        ordered=False,
    )


def with_column(table: Table, name: str, kind: Kind, column: Array) -> Table:
    """A further key column that is determined by the others."""
    return replace(
        table,
        names=(*table.names, name),
        kinds=(*table.kinds, kind),
        columns=(*table.columns, column),
        ordered=False,
    )


def concatenated(tables: Sequence[Table]) -> Table:
    """The rows of several tables with the same columns in the same order."""
    first = tables[0]
    return Table(
        first.names,
        first.kinds,
        tuple(np.concatenate([t.columns[i] for t in tables]) for i in range(len(first.names))),
        np.concatenate([t.start for t in tables]),
        np.concatenate([t.end for t in tables]),
        points=all(t.points for t in tables),
    )
