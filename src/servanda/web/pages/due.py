"""What falls due: each deadline with every day that a reading gives it, as rows and as a picture.

In: an answer.  Out: clocks in the order of time.  A deadline that the text leaves open has no day:
it is counted, never dated.
"""

from dataclasses import dataclass
from datetime import date

from servanda.evidence.instant import day_of
from servanda.report.deadlines import Deadline, deadlines
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.draw import dates

FEW = 8  # clocks in the picture; the list has all


@dataclass(frozen=True, slots=True)
class Due:
    """A last day, and the readings under which it is the one; none where all agree."""

    day: date
    days_left: int
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """`undated` are readings under which the clock has not begun."""

    title: str
    about: str
    address: str
    dues: tuple[Due, ...]
    undated: str

    @property
    def disputed(self) -> bool:
        return len(self.dues) > 1 or bool(self.undated)


def clocks(answer: Answer) -> list[Clock]:
    """Deadlines that have a day, soonest first; those long past stand with the violations."""
    rows = answer.derived("deadlines", lambda: deadlines(answer.question))
    by_instance: dict[str, list[Deadline]] = {}
    for row in rows:
        by_instance.setdefault(row.instance, []).append(row)
    return [_clock(answer, name, listed) for name, listed in by_instance.items()]


def _clock(answer: Answer, name: str, listed: list[Deadline]) -> Clock:
    agreement = answer.library.agreement
    norm = agreement.norms[name.partition("[")[0]]
    who = words.instance(agreement, name)
    about = f"{words.number(norm.provision or '')}{f' · {who}' if who else ''}"
    dues = tuple(
        Due(d.last_day, d.days_left, tuple(words.words(r).replace(" = ", ": ") for r in d.readings))
        for d in listed
    )
    return Clock(
        words.sentence(norm.text or norm.id),
        about,
        answer.view.address("provisions", norm.provision or norm.id),
        dues,
        _undated(answer, name),
    )


def _undated(answer: Answer, name: str) -> str:
    """The readings under which the commitment is pending and no day is known."""
    norm = answer.row(name) or {}
    rows = [r for r in norm.get("by_reading", ()) if r["due"] is None]
    return words.under(answer.library, [r["readings"] for r in rows]) if rows else ""


def open_deadlines(answer: Answer) -> int:
    """Commitments in their active time whose deadline the text leaves open."""
    waiting = {
        norm["id"].partition("[")[0]
        for norm in answer.result["norms"]
        if "deadline" in norm["open"] and norm["state"] in ("active", "suspended", "depends")
    }
    return len(waiting)


def chart(answer: Answer, found: list[Clock], hypothetical: bool, narrow: bool) -> str:
    """The picture of the soonest clocks; empty where there are none."""
    if not found:
        return ""
    today = day_of(answer.question.as_of, answer.question.zone)
    rows = [
        dates.Row(
            one.title,
            one.about,
            tuple((due.day, "; or ".join(due.readings)) for due in one.dues),
            one.undated,
        )
        for one in found[:FEW]
    ]
    return dates.draw(rows, today, hypothetical, narrow)
