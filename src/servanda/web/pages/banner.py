"""The banner of an agreement: whether it is in force, by reading; a proposal is shown as one.

In: an answer.  Out: a headline and one box for each reading that says something else.
"""

from dataclasses import dataclass

from servanda.engine.in_force import Standing, in_force
from servanda.report.record_search import extent, speakers
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.marks import Mark

IN_FORCE = Mark("active", "in force")
NOT_IN_FORCE = Mark("inactive", "not in force", marks.PALE)


@dataclass(frozen=True, slots=True)
class Box:
    """`address` leads to the page under this reading alone, named by `link`."""

    title: str
    mark: Mark
    note: str
    address: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    kicker: str
    mark: Mark
    headline: str
    boxes: tuple[Box, ...]


def banner(answer: Answer) -> Banner:
    rows = answer.derived("in force", lambda: in_force(answer.question))
    day = words.day_at(answer.question.as_of, answer.question.zone)
    said = {(row.holds, row.since) for row in rows}
    told = "HYPOTHETICAL: " if answer.holding.hypothetical else ""
    boxes = (_draft(answer), *_records(answer))
    if len(said) > 1:
        headline = f"{told}In force under one reading; not in force under another"
        if all(row.holds for row in rows):
            headline = f"{told}In force; since when depends on a reading"
        parted = tuple(_box(answer, row) for row in rows)
        return Banner(f"Status on {day}", marks.ON_READING, headline, (*parted, *boxes))
    if rows and rows[0].holds:
        since = words.day_at(rows[0].since or 0, answer.question.zone)
        return Banner(f"Status on {day}", IN_FORCE, f"{told}In force since {since}", boxes)
    return Banner(f"Status on {day}", NOT_IN_FORCE, told + _proposal(answer), boxes)


def _proposal(answer: Answer) -> str:
    status = answer.library.agreement.header.status.value
    if status in ("working", "tabled"):
        return f"A proposal, {_article(status)}: not in force"
    return f"{words.sentence(status)}; not in force on the records shown"


def _article(status: str) -> str:
    return {"working": "in drafting", "tabled": "tabled"}.get(status, status)


def _box(answer: Answer, row: Standing) -> Box:
    agreement = answer.library.agreement
    zone = answer.question.zone
    title = words.under(answer.library, row.readings)
    names = {term for one in row.readings for term in one}
    for term in names:
        title = title.replace(words.words(term) + ":", f"{words.term(agreement, term)}:")
    mark = IN_FORCE if row.holds else NOT_IN_FORCE
    if row.holds and row.since is not None:
        mark = Mark(mark.shape, f"in force since {words.day_at(row.since, zone)}")
    if row.records:
        note = f"Rests on {words.listed(row.records)}."
    elif row.holds:
        note = "By the text alone: no record is needed for it."
    else:
        note = "What this reading asks for is not recorded. Nothing below would bind."
    if len(row.readings) != 1:
        return Box(f"If {title}", mark, note)
    view = answer.view
    for term, name in row.readings[0].items():
        view = view.reading(term, name)
    return Box(f"If {title}", mark, note, view.address(), "Show the page that way")


def _draft(answer: Answer) -> Box:
    header = answer.library.agreement.header
    status = header.status.value
    told = f"Draft of {words.day(header.draft)}." if header.draft is not None else ""
    if header.incomplete:
        told += f" Not all of it is known: {header.incomplete}."
    return Box("The text", Mark("princ", status, marks.PALE), told)


def _records(answer: Answer) -> tuple[Box, ...]:
    from servanda.report.course import courses

    question = answer.question
    found = question.view.records
    others = [p.stem for p in courses(answer.library)] if answer.view.course is None else []
    address = answer.view.but(course=others[0], as_of=None).address() if others else ""
    link = "Show it with an invented course of events" if others else ""
    if not len(found):
        mark = Mark("nomon", "no record", marks.PALE)
        note = "Nothing is recorded up to this day: states below are those of the text alone."
        return (Box("The records", mark, note, address, link),)
    told = extent(found)
    assert told is not None  # a view holds dated records alone
    first, last = (words.day_at(at, question.zone) for at in told)
    mark = Mark("done", words.counted(len(found), "record"))
    note = f"By {words.counted(len(speakers(found)), 'speaker')}, from {first} to {last}."
    if answer.holding.withheld:
        note += (
            f" {words.counted(answer.holding.withheld, 'record')} left out by their handling class."
        )
    refused = len(answer.refused)
    if refused:
        note += f" {words.counted(refused, 'row')} could not be read."
    return (Box("The records", mark, note, address, link),)
