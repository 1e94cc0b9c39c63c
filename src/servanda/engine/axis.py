"""Axes: what "before", "after" and a distance in time mean.

Agreements live on microseconds: every instant is a whole number, its distance to another is their
difference.  The peers' logs live on time-points: the index of a row, with a time-stamp beside it
that may stand still, so that distances are differences of stamps and not of indexes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

EARLIEST = -(1 << 62)
LATEST = 1 << 62
# An instant before all records that still has a past: what holds there held from the first.
BEGINNING = EARLIEST // 2


class Axis(Protocol):
    def before(self, at: int, lower: int, upper: int | None) -> tuple[int, int]:
        """First and last position whose distance back from `at` lies in [lower, upper]."""

    def after(self, at: int, lower: int, upper: int | None) -> tuple[int, int]:
        """First and last position whose distance forward from `at` lies in [lower, upper]."""

    def changes(self, candidates: set[int]) -> tuple[int, ...]:
        """Positions, in order, where something may change, given those found on dense time."""


@dataclass(frozen=True, slots=True)
class Microseconds:
    """Dense time for agreements: positions are microseconds since the epoch."""

    def before(self, at: int, lower: int, upper: int | None) -> tuple[int, int]:
        last = at - lower  # before the first instant nothing had begun
        return min(EARLIEST, last) if upper is None else at - upper, last

    def after(self, at: int, lower: int, upper: int | None) -> tuple[int, int]:
        return at + lower, (LATEST if upper is None else at + upper)

    def changes(self, candidates: set[int]) -> tuple[int, ...]:
        return tuple(sorted(candidates))


@dataclass(frozen=True, slots=True)
class TimePoints:
    """Time-points of a log: positions are indexes into non-decreasing `stamps`."""

    stamps: Sequence[int] = field(default=())

    def before(self, at: int, lower: int, upper: int | None) -> tuple[int, int]:
        here = self.stamps[at]
        first = 0 if upper is None else bisect_left(self.stamps, here - upper)
        return first, min(at, bisect_right(self.stamps, here - lower) - 1)

    def after(self, at: int, lower: int, upper: int | None) -> tuple[int, int]:
        here = self.stamps[at]
        last = len(self.stamps) if upper is None else bisect_right(self.stamps, here + upper)
        return max(at, bisect_left(self.stamps, here + lower)), last - 1

    def changes(self, candidates: set[int]) -> tuple[int, ...]:
        return tuple(range(len(self.stamps)))
