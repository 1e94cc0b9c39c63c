"""The calendar of deadlines of an assessment, under the readings chosen: rows and iCalendar.

In: a question to the engine.  Out: one row for each deadline and reading that gives it another
day.  A deadline that nobody can date (open in the text, or its clock has not begun) has no row.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from servanda.engine.question import Question
from servanda.engine.readings import Spread, spreads
from servanda.evidence.instant import day_of, iso

NOTE = "Servanda makes assessments; only a body makes findings."
_PENDING = ("active", "suspended", "breached")


@dataclass(frozen=True, slots=True)
class Deadline:
    """`last_day` is included; `due` is the first instant too late (microseconds, UTC).

    `days_left` counts from the day of the assessment to the last day: 0 on it, less than 0 later.
    """

    instance: str
    text: str
    last_day: date
    due: int
    days_left: int
    readings: tuple[str, ...]


def deadlines(question: Question) -> list[Deadline]:
    """All deadlines that have a date and are not met, in the order of time."""
    found = []
    today = day_of(question.as_of, question.zone)
    for norm in question.agreement.norms.values():
        if not question.inputs.asks_for(norm):
            continue
        for spread in spreads(question, norm.id, question.inputs.standard).values():
            for due, readings in _dues(question, spread):
                day = day_of(due - 1, question.zone)
                left, text = (day - today).days, norm.text or norm.id
                found.append(Deadline(spread.instance, text, day, due, left, readings))
    return sorted(found, key=lambda one: (one.due, one.instance, one.readings))


def _dues(question: Question, spread: Spread) -> list[tuple[int, tuple[str, ...]]]:
    """Each due instant with the readings under which it is the one; none where all agree."""
    parting = spread.parting(question.fixed)
    found: dict[int, list[str]] = {}
    for readings, cases in spread.by_reading(parting):
        told = ", ".join(f"{term} = {name}" for term, name in readings.items())
        for case in cases:
            if case.due is not None and case.state in _PENDING and case.due > -(1 << 60):
                listed = found.setdefault(case.due, [])
                if told and told not in listed:
                    listed.append(told)
    return [(due, tuple(readings)) for due, readings in found.items()]


def calendar(question: Question, hypothetical: bool = False) -> bytes:
    """The deadlines as an iCalendar file; the same input gives the same bytes.

    `hypothetical`: the records are invented, and every entry says so.
    """
    from icalendar import Calendar, Event

    header = question.agreement.header
    whole = Calendar()
    whole.add("prodid", "-//Servanda//deadlines//EN")
    whole.add("version", "2.0")
    mark = "HYPOTHETICAL: " if hypothetical else ""
    whole.add("x-wr-calname", f"{mark}{header.title}: deadlines ({header.status.value})")
    stamp = datetime.fromtimestamp(question.as_of // 1_000_000, UTC)
    for one in deadlines(question):
        event = Event()
        readings = f"-{_hash(one.readings):x}" if one.readings else ""
        event.add("uid", f"{header.id}-{one.instance}-{one.due}{readings}@servanda")
        event.add("dtstamp", stamp)
        event.add("dtstart", one.last_day)
        event.add("dtend", one.last_day + timedelta(days=1))
        event.add("summary", f"{mark}{one.instance}: last day — {one.text}")
        lines = [f"Too late from {iso(one.due)}."]
        lines += [f"If read as: {' or '.join(one.readings)}."] if one.readings else []
        lines += [f"{_countdown(one.days_left)}, as of {iso(question.as_of)}."]
        lines += [f"Draft {header.status.value}.", NOTE]
        event.add("description", "\n".join(lines))
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    return bytes(whole.to_ical())


def _countdown(days: int) -> str:
    plural = "" if abs(days) == 1 else "s"
    return f"{days} day{plural} left" if days >= 0 else f"{-days} day{plural} past it"


def _hash(readings: tuple[str, ...]) -> int:
    """A number for the readings that is the same in every run."""
    import zlib

    return zlib.crc32("\n".join(readings).encode())
