"""Deadlines on the calendar of an agreement (vocabulary, rule 2).

"Within N days of E": the day of E is day 0 and the deadline is the end of day N in the agreement's
zone, unless the text counts the first day; then it is day 1.  `due` is the first instant that is
too late.  A month that has no such day ends on its last, unless the text runs it into the next.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from servanda.evidence.instant import day_of, start_of_day
from servanda.model.agreement import Header, MonthEnd
from servanda.model.quantity import Duration

_OF_DAYS = ("days", "weeks", "months", "years")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How days and months are counted: the zone, the first day, the ends of months."""

    zone: ZoneInfo
    first_day_counts: bool = False
    month_end: MonthEnd = MonthEnd.LAST_DAY

    @classmethod
    def of(cls, header: Header) -> "Calendar":
        return cls(ZoneInfo(header.zone), header.first_day_counts, header.month_end)

    def due_by(self, day: date) -> int:
        """The first instant after a day that is included."""
        return start_of_day(day + timedelta(days=1), self.zone)

    def due_within(self, duration: Duration, event: int) -> int:
        """The first instant too late for "within `duration` of" an event."""
        if duration.unit not in _OF_DAYS:
            return event + duration.ticks + 1
        first = day_of(event, self.zone) - timedelta(days=1 if self.first_day_counts else 0)
        return self.due_by(self.later(first, duration))

    def extended(self, due: int, grace: Duration) -> int:
        """A due instant moved on by a time of grace, which begins when the deadline has passed."""
        if grace.unit not in _OF_DAYS:
            return due + grace.ticks
        return self.due_by(self.later(day_of(due - 1, self.zone), grace))

    def later(self, day: date, duration: Duration) -> date:
        """The day so many days, weeks, months or years later."""
        match duration.unit:
            case "days":
                return day + timedelta(days=duration.amount)
            case "weeks":
                return day + timedelta(weeks=duration.amount)
            case "months":
                return self._months_later(day, duration.amount)
            case _:
                return self._months_later(day, 12 * duration.amount)

    def _months_later(self, day: date, months: int) -> date:
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        last = monthrange(year, month + 1)[1]
        if day.day > last and self.month_end is MonthEnd.NEXT_MONTH:
            return date(year, month + 1, last) + timedelta(days=day.day - last)
        return date(year, month + 1, min(day.day, last))
