"""Sorting and merging of intervals: the normal forms of a table, projection and union."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from servanda.engine.columns.line import lay
from servanda.engine.columns.pack import Layout, packed, unpacked
from servanda.engine.columns.table import (
    Ints,
    Mask,
    Table,
    concatenated,
    nothing,
    reordered,
    take,
)


def ordered(table: Table) -> Table:
    """Rows sorted by key, then by start.  Law: the same rows."""
    if table.ordered:
        return table
    (on_line,) = lay([table], table.names)
    return take(table, np.argsort(on_line.start), ordered=True)


def merged(table: Table) -> Table:
    """The same instants in the fewest intervals, sorted; overlapping input is allowed.

    Law: `t ∈ merged(A)(k)` iff `t ∈ A(k)`, and per key no interval touches the next.
    """
    if table.merged and table.ordered:
        return table
    (on_line,) = lay([table], table.names)
    start, end = on_line.start, on_line.end
    if not table.ordered:
        order = np.argsort(start)
        table, start, end = take(table, order, ordered=True), start[order], end[order]
    if len(table) == 0:
        return replace(table, merged=True)
    reach = np.maximum.accumulate(end)
    opens: Mask = np.empty(len(start), np.bool_)
    opens[0] = True
    np.greater(start[1:], reach[:-1], out=opens[1:])
    if opens.all():
        return replace(table, merged=True, ordered=True)
    first: Ints = np.flatnonzero(opens)
    ends = np.maximum.reduceat(table.end, first)
    kept = take(table, first, ordered=True)
    return replace(kept, end=ends, merged=True, points=False)


def distinct(table: Table) -> Table:
    """Points without repetition, sorted; they are not merged with their neighbours.

    Law: `t ∈ distinct(A)(k)` iff `t ∈ A(k)`.
    """
    both = None if table.ordered else packed((*table.columns, table.start))
    if both is not None:
        return _unpacked(table, *both)
    table = ordered(table)
    if len(table) < 2:
        return table
    (on_line,) = lay([table], table.names)
    fresh = np.empty(len(table), np.bool_)
    fresh[0] = True
    np.not_equal(on_line.start[1:], on_line.start[:-1], out=fresh[1:])
    return table if fresh.all() else take(table, fresh)


def _unpacked(table: Table, numbers: Ints, layout: Layout) -> Table:
    numbers.sort()
    if len(numbers) > 1:
        fresh = np.empty(len(numbers), np.bool_)
        fresh[0] = True
        np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
        numbers = numbers if fresh.all() else numbers[fresh]
    *columns, start = unpacked(numbers, layout)
    return replace(table, columns=tuple(columns), start=start, end=start + 1, ordered=True)


def normal(table: Table) -> Table:
    """Points stay points; intervals are merged."""
    return distinct(table) if table.points else merged(table)


def projected(table: Table, names: Sequence[str]) -> Table:
    """Some of the columns; what held for any value of the others holds.

    Law: `t ∈ projected(A, K)(k)` iff `t ∈ A(k, m)` for some `m`.
    """
    if set(names) == set(table.names):
        return reordered(table, names)
    kept = reordered(table, [*names, *(n for n in table.names if n not in names)])
    count = len(names)
    return normal(
        replace(
            kept,
            names=kept.names[:count],
            kinds=kept.kinds[:count],
            columns=kept.columns[:count],
            merged=False,
            # A prefix of sorted columns is sorted, but the starts behind it are not.
            ordered=False,
        )
    )


def union(tables: Sequence[Table]) -> Table:
    """What holds in any of the tables; they have the same columns, in any order.

    Law: `t ∈ (A ∪ B)(k)` iff `t ∈ A(k)` or `t ∈ B(k)`.
    """
    first = tables[0]
    some = [reordered(t, first.names) for t in tables if len(t)]
    if not some:
        return nothing(first.names, first.kinds)
    if len(some) == 1:
        return some[0]
    return normal(concatenated(some))
