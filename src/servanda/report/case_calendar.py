"""What is due in cases, as an iCalendar file: steps, time to object, time to appeal, action points.

In: cases as `report.cases` tells them.  Out: bytes; the same input gives the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from servanda.evidence.instant import day_of, parse_period, to_datetime
from servanda.report.deadlines import NOTE


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due in a case; the last day is included."""

    case: str
    what: str
    who: tuple[str, ...]
    last_day: date


def dues(told: Mapping[str, Any], zone: ZoneInfo) -> list[Due]:
    """All that is due in the cases that are told, in the order of time."""
    found = [one for case in told["cases"] if not case["withheld"] for one in _of(case, zone)]
    return sorted(found, key=lambda one: (one.last_day, one.case, one.what))


def _of(case: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Due]:
    coming = case["next"]
    if coming is not None and coming["due"] is not None:
        due = parse_period(coming["due"], zone).first
        yield Due(case["number"], coming["step"], tuple(coming["who"]), day_of(due - 1, zone))
    for point in case["action_points"]:
        try:
            day = date.fromisoformat(point["due"] or "")
        except ValueError:
            continue  # no day, or one in words: it is in the list of cases all the same
        yield Due(case["number"], point["task"] or "", (point["holder"] or "nobody named",), day)


def calendar(told: Mapping[str, Any], zone: ZoneInfo) -> bytes:
    """The file; each day of the agreement's zone is a whole day."""
    from icalendar import Calendar, Event

    whole = Calendar()
    whole.add("prodid", "-//Servanda//cases//EN")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", f"{told['agreement']}: cases")
    stamp = to_datetime(parse_period(told["as_of"], zone).first).replace(microsecond=0)
    for number, one in enumerate(dues(told, zone), 1):
        event = Event()
        event.add("uid", f"{told['agreement']}-case-{number}-{one.last_day}@servanda")
        event.add("dtstamp", stamp)
        event.add("dtstart", one.last_day)
        event.add("dtend", one.last_day + timedelta(days=1))
        event.add("summary", f"{one.case}: last day — {one.what} ({', '.join(one.who)})")
        event.add("description", NOTE)
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    return bytes(whole.to_ical())
