"""What every page of an agreement shows around its own: navigation, the sentence of the view, foot.

In: an answer and where one is.  Out: the part of a template's context that is the same everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from servanda.asking import account_names
from servanda.engine.question import Question
from servanda.evidence.instant import day_of
from servanda.evidence.standard import GENERAL_STANDARDS
from servanda.report.record_search import extent
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.view import View

BEYOND = 60  # days after the last record that the sliders reach
NO_LIMIT = "any time"


@dataclass(frozen=True, slots=True)
class Sliders:
    """Days counted from the first."""

    first: str
    days: int
    as_of: int
    known_at: int
    as_of_text: str
    known_at_text: str


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    title: str
    readings: tuple[tuple[str, str], ...]
    chosen: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of the view sentence and what its form offers."""

    action: str
    as_of: str
    as_of_given: str
    known_at: str
    standard: str
    readings: str
    assumptions: str
    records: str
    standards: tuple[tuple[str, str], ...]
    courses: tuple[tuple[str, str], ...]
    own_records: str
    terms: tuple[Term, ...]
    sliders: Sliders | None
    clear: str = ""  # where a page is without any view, if that is elsewhere


def frame(answer: Answer, here: str, title: str, *parts: str, **extra: str) -> dict[str, Any]:
    """`parts` are those of the page's address below the agreement, `extra` its own parameters."""
    view = answer.view
    return {
        "view": view,
        "answer": answer,
        "here": here,
        "title": title,
        "agreement_title": answer.library.agreement.header.title,
        "hypothetical": answer.holding.hypothetical,
        "nav": navigation(view),
        "sentence_of": sentence(answer, View(view.agreement).address(*parts)),
        "exact": pinned(answer).address(*parts, **extra),
        "stream": stream(answer),
    }


def stream(answer: Answer) -> dict[str, str] | None:
    """Where an open page hears of changes, and of what it is made; None where none can come."""
    if not answer.holding.follows or answer.view.known_at is not None:
        return None
    made = answer.holding.mark
    return {"address": View(answer.view.agreement).address("live"), "mark": made}


def navigation(view: View) -> list[tuple[str, str, str]]:
    return [
        ("agreement", view.address(), "Agreement"),
        ("provisions", view.address("provisions"), "Provisions"),
        ("map", view.address("map"), "Map"),
        ("records", view.address("records"), "Records"),
        ("claims", view.address("claims"), "Claims"),
        ("cases", view.address("cases"), "Cases"),
        ("drafts", f"/drafts?draft={quote(view.agreement)}", "Drafts"),
        ("what_if", view.address("what-if"), "What if"),
    ]


def pinned(answer: Answer) -> View:
    """The view with its instants written out, so that later records change nothing."""
    head = answer.head
    return answer.view.but(as_of=head["as_of"], known_at=head["known_at"] or answer.view.known_at)


def sentence(answer: Answer, action: str) -> Sentence:
    view, question, agreement = answer.view, answer.question, answer.library.agreement
    zone = question.zone
    place = words.place_of(zone)
    known_at = question.inputs.known_at
    as_of = words.moment(question.as_of, zone)
    names = (*GENERAL_STANDARDS, *account_names(agreement))
    own = () if view.standard in names else ((view.standard, f"“{view.standard}”"),)
    terms = tuple(_term(answer, name) for name in agreement.terms)
    fixed = sum(term.chosen is not None for term in terms)
    assumed = len(question.assumptions.texts)
    courses = tuple((name, f"HYPOTHETICAL: {course_name(name)}") for name in _courses(answer))
    return Sentence(
        action=action,
        as_of=f"{as_of} {place}" if as_of[-3:-2] == ":" else as_of,
        as_of_given=day_of(question.as_of, zone).isoformat(),
        known_at=NO_LIMIT if known_at is None else f"{words.moment(known_at, zone)} {place}",
        standard=words.standard(view.standard, agreement),
        readings=f"{fixed} fixed, {len(terms) - fixed} open" if fixed else f"{len(terms)} open",
        assumptions=str(assumed) if assumed else "none",
        records=f"HYPOTHETICAL: {course_name(view.course)}" if view.course else "",
        standards=(*((n, words.standard(n, agreement)) for n in names), *own),
        courses=courses,
        own_records="what is known",
        terms=terms,
        sliders=sliders(question, answer.derived("extent", lambda: extent(answer.known()))),
    )


def course_name(name: str) -> str:
    """A course of events by the name of its file, in words."""
    return words.words(name).replace("-", " ")


def _courses(answer: Answer) -> Sequence[str]:
    from servanda.report.course import courses

    return [path.stem for path in courses(answer.library)]


def _term(answer: Answer, name: str) -> Term:
    agreement = answer.library.agreement
    found = agreement.terms[name]
    told = []
    for one in found.readings:
        note = f": {one.note}" if one.note else ""
        told.append((one.name, f"{words.words(one.name)}{note}"))
    return Term(name, words.term(agreement, name), tuple(told), answer.question.fixed.get(name))


def sliders(question: Question, told: tuple[int, int] | None) -> Sliders | None:
    """From the day of the first record to some time after the last; none without records."""
    zone = question.zone
    if told is None:
        return None
    first, last = day_of(told[0], zone), day_of(told[1], zone) + timedelta(days=BEYOND)
    as_of = day_of(question.as_of, zone)
    known = question.inputs.known_at
    known_at = last if known is None else day_of(known, zone)
    first, last = min(first, as_of, known_at), max(last, as_of, known_at)
    return Sliders(
        first.isoformat(),
        (last - first).days,
        (as_of - first).days,
        (known_at - first).days,
        _short(as_of),
        _short(known_at) if known is not None else NO_LIMIT,
    )


def _short(given: date) -> str:
    return f"{words.day(given, short=True)} {given.year}"
