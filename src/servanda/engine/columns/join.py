"""Conjunction, difference and complement: both hold, one but not the other, it does not hold."""

from dataclasses import replace

import numpy as np

from servanda.engine.columns.line import lay
from servanda.engine.columns.merge import merged, normal, ordered
from servanda.engine.columns.search import holding, pairs, spread, touching
from servanda.engine.columns.table import Table, reordered, take


def conjunction(left: Table, right: Table) -> Table:
    """Both hold, for keys that agree on the columns that both have.

    Law: `t ∈ (A ∧ B)(k, m, n)` iff `t ∈ A(k, m)` and `t ∈ B(k, n)`, `k` being the shared columns.
    """
    if not left.names and _is_unit(left, right):
        return right
    if not right.names and _is_unit(right, left):
        return left
    shared = [n for n in left.names if n in right.names]
    if len(shared) == len(right.names):
        return _restricted(left, right)
    if len(shared) == len(left.names):
        return _restricted(right, left)
    on_left, on_right = lay([left, right], shared)
    one, other = pairs(on_left, on_right)
    extra = [i for i, n in enumerate(right.names) if n not in shared]
    return Table(
        (*left.names, *(right.names[i] for i in extra)),
        (*left.kinds, *(right.kinds[i] for i in extra)),
        (*(c[one] for c in left.columns), *(right.columns[i][other] for i in extra)),
        np.maximum(left.start[one], right.start[other]),
        np.minimum(left.end[one], right.end[other]),
        points=left.points or right.points,
    )


def _is_unit(one: Table, other: Table) -> bool:
    """Whether a table without keys holds wherever the other does."""
    if len(one) != 1:
        return False
    return len(other) == 0 or bool(
        one.start[0] <= other.start.min() and other.end.max() <= one.end[0]
    )


def _restricted(left: Table, right: Table) -> Table:
    """Conjunction where the right side has no further columns: its intervals are disjoint."""
    right = ordered(reordered(right, [n for n in left.names if n in right.names]))
    on_left, on_right = lay([left, right], right.names)
    if left.points:
        return take(left, holding(on_left.start, on_right).held)
    first, beyond = touching(on_left, on_right)
    one, step = spread(beyond - first)
    other = first[one] + step
    return replace(
        take(left, one, ordered=left.ordered),
        start=np.maximum(left.start[one], right.start[other]),
        end=np.minimum(left.end[one], right.end[other]),
        points=right.points,
        merged=left.merged and right.merged,
    )


def difference(left: Table, right: Table) -> Table:
    """The left holds and the right does not; the right has no columns that the left lacks.

    Law: `t ∈ (A ∖ B)(k, m)` iff `t ∈ A(k, m)` and not `t ∈ B(k)`.
    """
    if len(right) == 0:
        return left
    right = normal(reordered(right, [n for n in left.names if n in right.names]))
    on_left, on_right = lay([left, right], right.names)
    if left.points:
        return take(left, ~holding(on_left.start, on_right).held)
    first, beyond = touching(on_left, on_right)
    one, step = spread(beyond - first + 1)
    other = first[one] + step
    opening, closing = step == 0, other == beyond[one]
    start = np.where(opening, left.start[one], right.end[np.maximum(other - 1, 0)])
    end = np.where(closing, left.end[one], right.start[np.minimum(other, len(right) - 1)])
    some = start < end
    rows = take(left, one[some], ordered=left.ordered)
    return replace(rows, start=start[some], end=end[some], points=False, merged=left.merged)


def complement(table: Table, first: int, last: int) -> Table:
    """When it does not hold, for the keys of the table and within the axis.

    Law: for `k` with `A(k) ≠ ∅`: `t ∈ complement(A)(k)` iff not `t ∈ A(k)`.
    """
    table = merged(table)
    if len(table) == 0:
        return table
    other = np.zeros(len(table), np.bool_)
    for column in table.columns:
        other[1:] |= column[1:] != column[:-1]
    other[0] = True
    starts_key = np.flatnonzero(other)
    ends_key = np.append(starts_key[1:], len(table)) - 1
    before = np.full(len(table), first, np.int64)
    before[1:] = np.where(other[1:], first, table.end[:-1])
    heads = replace(table, start=before, end=table.start)
    tails = replace(
        take(table, ends_key, ordered=True),
        start=table.end[ends_key],
        end=np.full(len(ends_key), last, np.int64),
    )
    both = replace(
        table,
        columns=tuple(
            np.concatenate([h, t]) for h, t in zip(heads.columns, tails.columns, strict=True)
        ),
        start=np.concatenate([heads.start, tails.start]),
        end=np.concatenate([heads.end, tails.end]),
        ordered=False,
        merged=False,
        points=False,
    )
    return ordered(replace(take(both, both.start < both.end), merged=True))
