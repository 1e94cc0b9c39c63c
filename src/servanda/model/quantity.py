"""Durations, quantities with units and the comparisons made on them.

Durations in hours, days and weeks are exact; months and years are calendar durations and may only
be used where a calendar day is counted (deadlines), never in a metric window.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MICROSECONDS = {
    "microseconds": 1,
    "seconds": 1_000_000,
    "minutes": 60_000_000,
    "hours": 3_600_000_000,
    "days": 86_400_000_000,
    "weeks": 604_800_000_000,
}
CALENDAR_UNITS = ("months", "years")


@dataclass(frozen=True, slots=True)
class Duration:
    """`amount` of `unit`; units are the plural words: microseconds … weeks, months, years.

    The unit `steps` counts points of a time-point axis (peers' logs) and has no length in time.
    """

    amount: int
    unit: str

    @property
    def exact(self) -> bool:
        """Whether the duration is the same length wherever it starts."""
        return self.unit in MICROSECONDS or self.unit == "steps"

    @property
    def ticks(self) -> int:
        """Length in microseconds (or in steps); raises ValueError for calendar durations."""
        if self.unit == "steps":
            return self.amount
        if self.unit not in MICROSECONDS:
            raise ValueError(f"{self.unit} have no fixed length")
        return self.amount * MICROSECONDS[self.unit]


class Comparison(StrEnum):
    AT_LEAST = "at least"
    AT_MOST = "at most"
    MORE_THAN = "more than"
    LESS_THAN = "less than"
    EQUAL = "exactly"

    def holds(self, left: Decimal, right: Decimal) -> bool:
        match self:
            case Comparison.AT_LEAST:
                return left >= right
            case Comparison.AT_MOST:
                return left <= right
            case Comparison.MORE_THAN:
                return left > right
            case Comparison.LESS_THAN:
                return left < right
            case Comparison.EQUAL:
                return left == right


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: `people`, `percent`, `km`, a currency code, or none."""

    amount: Decimal
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time before (or after) the instant asked about: from `lower` to `upper`.

    `upper` None means without end.  Bounds are inclusive unless marked open.
    """

    lower: Duration
    upper: Duration | None
    lower_open: bool = False
    upper_open: bool = False

    @property
    def ticks(self) -> tuple[int, int | None]:
        """Both bounds as inclusive whole ticks of the axis."""
        low = self.lower.ticks + (1 if self.lower_open else 0)
        if self.upper is None:
            return low, None
        return low, self.upper.ticks - (1 if self.upper_open else 0)
