"""The axis in columns: how far intervals reach when they are shifted by a distance in time.

As `engine/axis`, but for whole columns of positions.  On time-points distances are those of the
stamps, which may stand still or jump; on microseconds they are those of the positions themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.columns.table import Ints
from servanda.model.formula import Interval


class Timeline(Protocol):
    """Positions from `first` on and before `last`."""

    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int: ...

    def from_lower(self, at: Ints, lower: int) -> Ints:
        """The first position, not before `at`, at a distance forward of at least `lower`."""

    def past_upper(self, at: Ints, upper: int | None) -> Ints:
        """The first position at a distance forward of more than `upper`."""

    def back_upper(self, at: Ints, upper: int | None) -> Ints:
        """The first position at a distance back of at most `upper`."""

    def back_lower(self, at: Ints, lower: int) -> Ints:
        """One beyond the last position, not after `at`, at a distance back of at least `lower`."""

    def gaps(self, window: Interval, *, future: bool) -> tuple[Ints, Ints] | None:
        """Where no position at all lies in the window, as starts and ends; None if nowhere."""

    def off_step(self, window: Interval, *, future: bool) -> tuple[Ints, Ints] | None:
        """Where the neighbouring position is not at a distance in the window; None if nowhere."""


@dataclass(frozen=True, slots=True)
class Dense:
    """Microseconds: every whole number is a position."""

    first: int = EARLIEST
    last: int = LATEST

    def from_lower(self, at: Ints, lower: int) -> Ints:
        return np.minimum(at + lower, self.last)

    def past_upper(self, at: Ints, upper: int | None) -> Ints:
        if upper is None:
            return np.full(len(at), self.last, np.int64)
        return np.minimum(at + upper + 1, self.last)

    def back_upper(self, at: Ints, upper: int | None) -> Ints:
        if upper is None:
            return np.full(len(at), self.first, np.int64)
        return np.maximum(at - upper, self.first)

    def back_lower(self, at: Ints, lower: int) -> Ints:
        return np.maximum(at - lower + 1, self.first)

    def gaps(self, window: Interval, *, future: bool) -> tuple[Ints, Ints] | None:
        return None

    def off_step(self, window: Interval, *, future: bool) -> tuple[Ints, Ints] | None:
        if window.lower <= 1 and (window.upper is None or window.upper >= 1):
            return None
        return np.array([self.first]), np.array([self.last])


@dataclass(frozen=True, slots=True)
class Stamped:
    """Time-points of a log: positions are indexes into stamps that never decrease."""

    stamps: Ints
    _reach: dict[tuple[str, int], Ints] = field(default_factory=dict, compare=False, repr=False)

    @property
    def first(self) -> int:
        return 0

    @property
    def last(self) -> int:
        return len(self.stamps)

    def from_lower(self, at: Ints, lower: int) -> Ints:
        if lower == 0:
            return at
        return self._at("from", lower, lambda: np.searchsorted(self.stamps, self.stamps + lower))[
            at
        ]

    def past_upper(self, at: Ints, upper: int | None) -> Ints:
        if upper is None:
            return np.full(len(at), self.last, np.int64)
        return self._at(
            "past", upper, lambda: np.searchsorted(self.stamps, self.stamps + upper, "right")
        )[at]

    def back_upper(self, at: Ints, upper: int | None) -> Ints:
        if upper is None:
            return np.zeros(len(at), np.int64)
        return self._at("upper", upper, lambda: np.searchsorted(self.stamps, self.stamps - upper))[
            at
        ]

    def back_lower(self, at: Ints, lower: int) -> Ints:
        if lower == 0:
            return at + 1
        return self._at(
            "lower", lower, lambda: np.searchsorted(self.stamps, self.stamps - lower, "right")
        )[at]

    def gaps(self, window: Interval, *, future: bool) -> tuple[Ints, Ints] | None:
        if window.lower == 0:
            return None
        here = np.arange(self.last)
        if future:
            none = self.from_lower(here, window.lower) >= self.past_upper(here, window.upper)
        else:
            none = self.back_upper(here, window.upper) >= self.back_lower(here, window.lower)
        return runs(none) if none.any() else None

    def off_step(self, window: Interval, *, future: bool) -> tuple[Ints, Ints] | None:
        steps = np.diff(self.stamps)
        out = steps < window.lower
        if window.upper is not None:
            out |= steps > window.upper
        if not out.any():
            return None
        start, end = runs(out)
        return (start, end) if future else (start + 1, end + 1)

    def _at(self, name: str, by: int, reach: Callable[[], Ints]) -> Ints:
        """Worked out once for all positions: searching sorted stamps in order is fast."""
        if (name, by) not in self._reach:
            self._reach[name, by] = reach()
        return self._reach[name, by]


def runs(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[Ints, Ints]:
    """The stretches of a mask that are true, as starts and ends."""
    padded = np.zeros(len(mask) + 2, np.int8)
    padded[1:-1] = mask
    steps = np.diff(padded)
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
