"""Operators over a window of time: once, eventually, historically, always, for at least.

An interval reaches from where its first instant enters the window to where its last one leaves it.
On time-points a window can be empty (two stamps apart where no row is two away); what reaches over
such a position does not hold there.
"""

from dataclasses import replace

import numpy as np

from servanda.engine.columns.join import difference
from servanda.engine.columns.line import Laid
from servanda.engine.columns.merge import merged
from servanda.engine.columns.search import spread, touching
from servanda.engine.columns.table import Ints, Table, take, within
from servanda.engine.columns.timeline import Timeline
from servanda.model.formula import Interval


def once(table: Table, window: Interval, axis: Timeline) -> Table:
    """Law: `t ∈ once(A)(k)` iff `s ∈ A(k)` for some `s ≤ t` at a distance within the window."""
    return merged(reaching(table, window, axis, future=False))


def eventually(table: Table, window: Interval, axis: Timeline) -> Table:
    """Law: `t ∈ eventually(A)(k)` iff `s ∈ A(k)` for some `s ≥ t` within the window."""
    return merged(reaching(table, window, axis, future=True))


def historically(asked: Table, failing: Table, window: Interval, axis: Timeline) -> Table:
    """`failing` is where the condition fails, right at least where the window of `asked` reaches.

    Law: `t ∈ historically(D, A)(k)` iff `t ∈ D(k)` and no `s ≤ t` in the window fails, that is,
    historically A is not once not A.
    """
    return difference(asked, once(failing, window, axis))


def always(asked: Table, failing: Table, window: Interval, axis: Timeline) -> Table:
    """Law: `t ∈ always(D, A)(k)` iff `t ∈ D(k)` and no `s ≥ t` in the window fails."""
    return difference(asked, eventually(failing, window, axis))


def for_at_least(table: Table, duration: int, axis: Timeline) -> Table:
    """Law: `t ∈ F(k)` iff `s ∈ A(k)` for every `s ≤ t` at a distance of at most the duration."""
    table = merged(table)
    opened = axis.past_upper(np.maximum(table.start - 1, axis.first), duration)
    start = np.where(table.start == axis.first, axis.first, opened)
    return replace(within(table, start, table.end), merged=True)


def reaching(table: Table, window: Interval, axis: Timeline, *, future: bool) -> Table:
    """Each interval as far as it is seen through the window; the results may overlap."""
    last = table.start if table.points else table.end - 1
    if window.empty:
        return within(table, table.start, table.start)
    if future:
        start, end = axis.back_upper(table.start, window.upper), axis.back_lower(last, window.lower)
    else:
        start, end = axis.from_lower(table.start, window.lower), axis.past_upper(last, window.upper)
    reached = within(table, start, end)
    # A single instant is seen wherever it reaches; a longer interval perhaps through an empty one.
    return reached if table.points else without_gaps(reached, window, axis, future=future)


def without_gaps(table: Table, window: Interval, axis: Timeline, *, future: bool) -> Table:
    found = axis.gaps(window, future=future)
    return table if found is None else outside(table, *found)


def outside(table: Table, start: Ints, end: Ints) -> Table:
    """What lies outside of some sorted stretches of the axis; intervals may overlap each other."""
    left, right = Laid(table.start, table.end), Laid(start, end)
    first, beyond = touching(left, right)
    one, step = spread(beyond - first + 1)
    other = first[one] + step
    low = np.where(step == 0, table.start[one], end[np.maximum(other - 1, 0)])
    high = np.where(other == beyond[one], table.end[one], start[np.minimum(other, len(end) - 1)])
    return within(take(table, one, ordered=table.ordered), low, high)
