"""Since and until: the right held once, and the left has held from then on until now.

    right      |           B  holds at some s in the window
    left       |            =========E        the left holds after s, up to its end E
    since      |           ==========         from s, as far as the window reaches, before E

The left is a table, or one that must *not* hold (`negated`), which is how the complement of what is
finite is used without ever being written out.
"""

from dataclasses import replace

import numpy as np

from servanda.engine.columns.join import difference
from servanda.engine.columns.line import lay
from servanda.engine.columns.merge import merged, projected, union
from servanda.engine.columns.search import holding, spread, touching
from servanda.engine.columns.table import Ints, Table, reordered, take, within
from servanda.engine.columns.timeline import Timeline
from servanda.engine.columns.window import reaching
from servanda.model.formula import Interval


def since(
    left: Table, right: Table, window: Interval, axis: Timeline, *, negated: bool = False
) -> Table:
    """Law: `t ∈ since(A, B)(k, m)` iff for some `s ≤ t` at a distance within the window
    `s ∈ B(k, m)` and `u ∈ A(k)` for every `s < u ≤ t`.  A has no columns that B lacks."""
    return _dyadic(left, right, window, axis, negated=negated, future=False)


def until(
    left: Table, right: Table, window: Interval, axis: Timeline, *, negated: bool = False
) -> Table:
    """Law: `t ∈ until(A, B)(k, m)` iff for some `s ≥ t` at a distance within the window
    `s ∈ B(k, m)` and `u ∈ A(k)` for every `t ≤ u < s`."""
    return _dyadic(left, right, window, axis, negated=negated, future=True)


def _dyadic(
    left: Table, right: Table, window: Interval, axis: Timeline, *, negated: bool, future: bool
) -> Table:
    if window.empty or len(right) == 0:
        return within(right, right.start, right.start)
    left = merged(reordered(left, [n for n in right.names if n in left.names]))
    if right.points:
        return merged(_from_points(left, right, window, axis, negated=negated, future=future))
    if negated:
        left = _opposite(left, right, axis)
    reached = _from_intervals(left, right, window, axis, future=future)
    return union([reached, right]) if window.lower == 0 else merged(reached)


def _from_points(
    left: Table, right: Table, window: Interval, axis: Timeline, *, negated: bool, future: bool
) -> Table:
    """Where the right holds at single instants each of them sees one stretch of the left."""
    neighbour = right.start - 1 if future else right.start + 1
    beside = replace(right, start=neighbour, end=neighbour + 1)
    on_right, on_left = lay([beside, left], left.names)
    at = on_right.start
    if negated:
        stop = _nearest(at, on_left.start, on_left.end, left, right, axis, future=future)
    else:
        found = holding(at, on_left)
        if len(left) == 0:
            stop = neighbour + (1 if future else 0)
        elif future:
            stop = np.where(found.held, left.start[found.row], right.start)
        else:
            stop = np.where(found.held, left.end[found.row], neighbour)
    if future:
        start = np.maximum(axis.back_upper(right.start, window.upper), stop)
        return within(right, start, axis.back_lower(right.start, window.lower))
    end = np.minimum(axis.past_upper(right.start, window.upper), stop)
    return within(right, axis.from_lower(right.start, window.lower), end)


def _nearest(
    at: Ints, start: Ints, end: Ints, left: Table, right: Table, axis: Timeline, *, future: bool
) -> Ints:
    """Where what must not hold next holds: after each instant, or beyond its end before it."""
    if len(start) == 0:
        return np.full(len(at), axis.first if future else axis.last, np.int64)
    if future:
        # The last interval that begins at or before the neighbour; it may hold there.
        row = np.searchsorted(start, at, side="right") - 1
        there = np.maximum(row, 0)
        same = (row >= 0) & _same_key(left, right, there)
        return np.where(same, np.minimum(left.end[there], right.start), axis.first)
    # The first interval that ends after the neighbour; it may hold there already.
    row = np.searchsorted(end, at, side="right")
    there = np.minimum(row, len(start) - 1)
    same = (row < len(start)) & _same_key(left, right, there)
    return np.where(same, np.maximum(left.start[there], right.start + 1), axis.last)


def _same_key(left: Table, right: Table, rows: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    same = np.ones(len(rows), np.bool_)
    for name in left.names:
        same &= left.column(name)[rows] == right.column(name)
    return same


def _opposite(left: Table, right: Table, axis: Timeline) -> Table:
    """When the left does not hold, for the keys of the right."""
    keys = projected(replace(right, points=False, merged=False), left.names)
    whole = np.full(len(keys), axis.first), np.full(len(keys), axis.last)
    always = merged(replace(keys, start=whole[0], end=whole[1], merged=False))
    return merged(difference(always, left))


def _from_intervals(
    left: Table, right: Table, window: Interval, axis: Timeline, *, future: bool
) -> Table:
    """Where the right holds for a while: each part that lies beside one stretch of the left."""
    beside = replace(
        left,
        start=left.start if future else left.start - 1,
        end=left.end + 1 if future else left.end,
    )
    on_right, on_left = lay([right, beside], left.names)
    first, beyond = touching(on_right, on_left)
    one, step = spread(beyond - first)
    run = first[one] + step
    part = replace(
        take(right, one),
        start=np.maximum(right.start[one], beside.start[run]),
        end=np.minimum(right.end[one], beside.end[run]),
    )
    # The stretch of the left that each part sees travels with it as two more columns.
    carried = replace(
        part,
        names=(*part.names, "from", "to"),
        kinds=(*part.kinds, "int", "int"),
        columns=(*part.columns, left.start[run], left.end[run]),
    )
    seen = reaching(replace(carried, points=False), window, axis, future=future)
    start = np.maximum(seen.start, seen.columns[-2])
    end = np.minimum(seen.end, seen.columns[-1])
    bare = replace(
        seen, names=right.names, kinds=right.kinds, columns=seen.columns[:-2], ordered=False
    )
    return within(bare, start, end)
