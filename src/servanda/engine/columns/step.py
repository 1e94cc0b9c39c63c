"""Previous and next: a table moved by one position, where the step lies within the window."""

from dataclasses import replace

import numpy as np

from servanda.engine.columns.merge import normal
from servanda.engine.columns.table import Table, within
from servanda.engine.columns.timeline import Timeline
from servanda.engine.columns.window import outside
from servanda.model.formula import Interval


def previous(table: Table, window: Interval, axis: Timeline) -> Table:
    """Law: `t ∈ previous(A)(k)` iff `t - 1 ∈ A(k)` and its distance from `t` is in the window."""
    return _moved(table, window, axis, 1)


def next_(table: Table, window: Interval, axis: Timeline) -> Table:
    """Law: `t ∈ next(A)(k)` iff `t + 1 ∈ A(k)` and its distance from `t` is in the window."""
    return _moved(table, window, axis, -1)


def _moved(table: Table, window: Interval, axis: Timeline, by: int) -> Table:
    start = np.maximum(table.start + by, axis.first)
    end = np.minimum(table.end + by, axis.last)
    moved = replace(within(table, start, end), points=table.points)
    out = axis.off_step(window, future=by < 0)
    if out is not None:
        moved = replace(outside(moved, *out), points=table.points)
    return normal(moved)
