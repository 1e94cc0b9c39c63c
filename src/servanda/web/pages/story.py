"""A story, HYPOTHETICAL: dated events and what software finds at their end, to be gone through.

In: a course of events as audits and ends give it.  Out: steps in words and their picture; the list
of steps says all that the picture does.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from servanda.reason.replay import Claim
from servanda.reason.replay import Story as Course
from servanda.web import words
from servanda.web.draw import story as drawn
from servanda.web.view import View

LONGEST = 5_000  # characters of an address that a page links to
Events = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step:
    """`ordinary` is what everybody does who does what is owed, before those act who are told of."""

    day: str
    told: tuple[str, ...]
    ordinary: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """`finds` is what holds at the end; `what_if` leads to these events, or is empty."""

    steps: tuple[Step, ...]
    at_end: str
    finds: tuple[str, ...]
    picture: Markup
    what_if: str


def of_audit(agreement: str, told: Mapping[str, Any]) -> Story:
    """The story of a warning of `servanda.audit/1`."""
    claims = [Claim(c["instance"], c["state"], c["holds"]) for c in told["shows"]]
    events = [(e["day"], e["what"], False) for e in told["events"]]
    return _story(agreement, events, told["as_of"], claims, told["readings"], told["records"])


def of_course(agreement: str, course: Course, events: Sequence[tuple[str, str, bool]]) -> Story:
    """The story of somebody who can do something."""
    readings = dict(course.readings)
    return _story(agreement, events, course.as_of, course.shows, readings, course.rows)


def _story(
    agreement: str,
    events: Sequence[tuple[str, str, bool]],
    as_of: str,
    shows: Iterable[Claim],
    readings: Mapping[str, str],
    records: Sequence[Mapping[str, Any]],
) -> Story:
    days = [date.fromisoformat(day) for day, _, _ in events]
    end = date.fromisoformat(as_of[:10])
    steps = tuple(
        Step(words.day(day), _acts(what), ordinary)
        for day, (_, what, ordinary) in zip(days, events, strict=True)
    )
    last = max((str(row["at"])[:10] for row in records), default="")
    waits = (
        last < as_of[:10]
    )  # else the instant is that of the latest record, also of a further one
    view = View(agreement, as_of if waits else None, readings=tuple(sorted(readings.items())))
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in records)
    address = view.address("what-if", records=lines)
    return Story(
        steps,
        words.day(end),
        tuple(str(claim) for claim in shows),
        drawn.draw(days, end),
        address if len(address) <= LONGEST else "",
    )


def _acts(what: str) -> tuple[str, ...]:
    return tuple(words.sentence(words.words(part)) for part in what.split("; "))
