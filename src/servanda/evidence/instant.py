"""Instants and periods.

An instant is a whole number of microseconds since 1970-01-01T00:00Z.  A record dated by hour, day
or month is a period in the agreement's zone; it keeps the precision that its source gave.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Within these every deadline that can be written stays among the days that a calendar has.
FIRST_YEAR, LAST_YEAR = 100, 8000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_HOUR = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})")
PRECISIONS = ("exact", "second", "minute", "hour", "day", "month")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The first and last microsecond that a date may mean; equal for an exact instant."""

    first: int
    last: int

    @property
    def exact(self) -> bool:
        return self.first == self.last

    @property
    def length(self) -> int:
        return self.last - self.first

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last


def to_instant(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime."""
    return (moment.astimezone(UTC) - EPOCH) // MICROSECOND


def to_datetime(instant: int) -> datetime:
    """The moment of an instant; what lies before (or after) all years is put into the first (last).

    A day is left on either side, so that each is a moment in every zone.
    """
    try:
        return EPOCH + timedelta(microseconds=instant)
    except OverflowError:
        day = timedelta(days=1)
        return (datetime.min + day if instant < 0 else datetime.max - day).replace(tzinfo=UTC)


def iso(instant: int) -> str:
    """ISO 8601 in UTC, with microseconds only where there are any."""
    moment = to_datetime(instant)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    text = text.rjust(len("2026-01-01T00:00:00"), "0")
    if moment.microsecond:
        text += f".{moment.microsecond:06d}"
    return text + "Z"


def start_of_day(day: date, zone: ZoneInfo) -> int:
    return to_instant(datetime.combine(day, time(), zone))


def day_of(instant: int, zone: ZoneInfo) -> date:
    """The calendar day of an instant in a zone."""
    return to_datetime(instant).astimezone(zone).date()


def day_period(day: date, zone: ZoneInfo) -> Period:
    return Period(start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone) - 1)


def month_period(year: int, month: int, zone: ZoneInfo) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(start_of_day(date(year, month, 1), zone), start_of_day(following, zone) - 1)


def parse_period(text: str, zone: ZoneInfo, precision: str | None = None) -> Period:
    """Read an ISO 8601 date or instant; raises ValueError that says what is wrong.

    A bare day or month is that period in `zone`.  An instant must name its zone.  `FIRST/LAST` is
    the span from one to the other: it happened at some time in it.  `precision` widens what is
    written to the hour, day or month around it.
    """
    text = text.strip()
    try:
        period = _parse(text, zone)
        if precision is not None and precision != "exact":
            period = _widen(period, precision, zone)
        years = to_datetime(period.first).year, to_datetime(period.last).year
    except OverflowError:
        years = (0, 0)
    except ValueError as error:
        if text in str(error):
            raise
        raise ValueError(f"“{text}” is no date: {error}") from error
    if not FIRST_YEAR <= years[0] <= years[1] <= LAST_YEAR:
        raise ValueError(f"“{text}” is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return period


def _parse(text: str, zone: ZoneInfo) -> Period:
    first, slash, last = text.partition("/")
    if not slash:
        return _simple(text, zone)
    span = Period(_simple(first, zone).first, _simple(last, zone).last)
    if span.last < span.first:
        raise ValueError(f"“{text}” ends before it begins")
    return span


def _simple(text: str, zone: ZoneInfo) -> Period:
    if _DAY.fullmatch(text):
        return day_period(date.fromisoformat(text), zone)
    if _MONTH.fullmatch(text):
        date.fromisoformat(text + "-01")
        return month_period(int(text[:4]), int(text[5:]), zone)
    if hour := _HOUR.fullmatch(text):
        start = to_instant(datetime.fromisoformat(hour[1] + ":00" + hour[2].replace("Z", "+00:00")))
        return Period(start, start + 3_600_000_000 - 1)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"“{text}” is not an ISO 8601 date or instant, such as 2026-06-12"
        ) from error
    if moment.tzinfo is None:
        raise ValueError(f"“{text}” names no time zone: write Z or an offset such as +02:00")
    instant = to_instant(moment)
    return Period(instant, instant)


def _widen(period: Period, precision: str, zone: ZoneInfo) -> Period:
    if precision not in PRECISIONS:
        raise ValueError(f"precision “{precision}” is none of {', '.join(PRECISIONS)}")
    if precision in ("second", "minute", "hour"):
        size = {"second": 1_000_000, "minute": 60_000_000, "hour": 3_600_000_000}[precision]
        wide = Period(
            period.first - period.first % size, period.first - period.first % size + size - 1
        )
    elif precision == "day":
        wide = day_period(day_of(period.first, zone), zone)
    else:
        day = day_of(period.first, zone)
        wide = month_period(day.year, day.month, zone)
    return Period(min(wide.first, period.first), max(wide.last, period.last))
