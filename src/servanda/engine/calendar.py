"""Deadlines on the calendar (vocabulary, rule 2).

"Within N days of E": the day of E is day 0 and the deadline is the end of day N in the agreement's
zone.  `due` is the first instant that is too late.  A month that has no such day ends on its last.
"""

from calendar import monthrange
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from servanda.evidence.instant import day_of, start_of_day
from servanda.model.quantity import Duration


def due_by(day: date, zone: ZoneInfo) -> int:
    """The first instant after a day that is included."""
    return start_of_day(day + timedelta(days=1), zone)


def due_within(duration: Duration, event: int, zone: ZoneInfo) -> int:
    """The first instant too late for "within `duration` of" an event."""
    match duration.unit:
        case "days":
            return due_by(day_of(event, zone) + timedelta(days=duration.amount), zone)
        case "weeks":
            return due_by(day_of(event, zone) + timedelta(weeks=duration.amount), zone)
        case "months":
            return due_by(add_months(day_of(event, zone), duration.amount), zone)
        case "years":
            return due_by(add_months(day_of(event, zone), 12 * duration.amount), zone)
        case _:
            return event + duration.ticks + 1


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
