"""Finding intervals on the line: which interval holds a position, which pairs overlap."""

from typing import NamedTuple

import numpy as np

from servanda.engine.columns.line import Laid
from servanda.engine.columns.table import Ints, Mask

_MANY = 50_000  # rows from which on sorting pays


class Found(NamedTuple):
    """For each position the interval that holds it, where there is one."""

    row: Ints
    held: Mask


def holding(at: Ints, intervals: Laid) -> Found:
    """Which of the disjoint, sorted intervals holds each position."""
    if len(intervals.start) == 0:
        return Found(np.zeros(len(at), np.int64), np.zeros(len(at), np.bool_))
    row = last_before(intervals.start, at)
    held = row >= 0
    np.maximum(row, 0, out=row)
    held &= intervals.end[row] > at
    return Found(row, held)


def last_before(start: Ints, at: Ints) -> Ints:
    """For each position the last of the sorted starts that is not after it, -1 if there is none.

    Positions are sorted first: a search in order stays in the processor's cache.
    """
    if len(at) < _MANY or len(start) < _MANY or bool((at[1:] >= at[:-1]).all()):
        return np.searchsorted(start, at, side="right") - 1
    order = np.argsort(at)
    row = np.empty(len(at), np.int64)
    row[order] = np.searchsorted(start, at[order], side="right") - 1
    return row


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """Rows repeated as often as counted, and the running number within each."""
    rows = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return rows, np.arange(len(rows)) - before[rows]


def touching(left: Laid, right: Laid) -> tuple[Ints, Ints]:
    """First and beyond-last of the disjoint, sorted right intervals that overlap each left one."""
    first = np.searchsorted(right.end, left.start, side="right")
    beyond = np.searchsorted(right.start, left.end, side="left")
    return first, np.maximum(first, beyond)


def pairs(left: Laid, right: Laid) -> tuple[Ints, Ints]:
    """All overlapping pairs, as rows of both; intervals of either side may overlap each other.

    Of two that overlap either the right one starts within the left one, or the left one starts
    later within the right one: two searches find every pair once.
    """
    by_start = np.argsort(right.start, kind="stable")
    starts = right.start[by_start]
    low = np.searchsorted(starts, left.start, side="left")
    high = np.searchsorted(starts, left.end, side="left")
    one, step = spread(np.maximum(high - low, 0))
    other = by_start[low[one] + step]

    by_start = np.argsort(left.start, kind="stable")
    starts = left.start[by_start]
    low = np.searchsorted(starts, right.start, side="right")
    high = np.searchsorted(starts, right.end, side="left")
    second, step = spread(np.maximum(high - low, 0))
    first = by_start[low[second] + step]
    return np.concatenate([one, first]), np.concatenate([other, second])
