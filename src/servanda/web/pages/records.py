"""The records: searched, filtered and paged; those that were taken back are marked, not hidden.

In: an answer and what is wanted.  Out: rows, and `servanda.records/1` as JSON.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.engine import phrase
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.instant import Period, iso, parse_period
from servanda.evidence.record import Record
from servanda.evidence.view import heard_by
from servanda.report.record_page import plain as plain_record
from servanda.report.record_search import Found, Wanted, by_id, search, units_of
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.problems import bad_field
from servanda.web.respond import either
from servanda.web.view import Text, View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
SCHEMA = "servanda.records/1"
PAGE = 50
MOST = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for, as it was given."""

    q: str = ""
    type: str = ""
    speaker: str = ""
    since: str = ""
    until: str = ""
    unit: str = ""
    start: int = 0
    count: int = PAGE

    def query(self, **other: Any) -> list[tuple[str, str]]:
        """What differs from an address that asks for nothing."""
        told = replace(self, **other)
        bare = Asked()
        names = ("q", "type", "speaker", "since", "until", "unit", "start", "count")
        return [(n, str(getattr(told, n))) for n in names if getattr(told, n) != getattr(bare, n)]


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    address: str
    when: str
    type: str
    says: str
    place: str
    speaker: str
    through: str
    standing: bool


def asked(
    q: Annotated[str, Query(max_length=200)] = "",
    type: Annotated[str, Query(max_length=80)] = "",  # noqa: A002 - the name in the address
    speaker: Annotated[str, Query(max_length=120)] = "",
    since: Text = None,
    until: Text = None,
    unit: Annotated[str, Query(max_length=80)] = "",
    start: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
    count: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
) -> Asked:
    """What an address asks for."""
    return Asked(q.strip(), type, speaker, since or "", until or "", unit, start, count)


def wanted(answer: Answer, given: Asked) -> Wanted:
    """Raises a problem for a day that is none."""
    since = _period(answer, "since", given.since)
    until = _period(answer, "until", given.until)
    return Wanted(
        given.q,
        given.type or None,
        given.speaker or None,
        None if since is None else since.first,
        None if until is None else until.last,
        given.unit or None,
    )


def _period(answer: Answer, name: str, text: str) -> Period | None:
    if not text.strip():
        return None
    try:
        return parse_period(text, answer.question.zone)
    except ValueError as error:
        raise bad_field(name, f"{error}.") from error


def found(answer: Answer, given: Asked) -> Found:
    """The records known by then, also those taken back and those dated later than the day."""
    inputs = answer.question.inputs
    every = answer.derived("records", lambda: Excerpt.of(heard_by(inputs.records, inputs.known_at)))
    units = lambda: answer.derived("units", lambda: units_of(every, inputs.atlas))  # noqa: E731
    return search(every, wanted(answer, given), inputs.atlas, given.start, given.count, units)


def rows(answer: Answer, listed: tuple[Record, ...]) -> list[Row]:
    standing = by_id(answer.known(), [r.id for r in listed])
    return [_row(answer, one, one.id in standing) for one in listed]


def _row(answer: Answer, one: Record, standing: bool) -> Row:
    agreement = answer.library.agreement
    zone = answer.question.zone
    text = phrase.record(replace(one, place=None), zone).partition(" says ")[2]
    says = text.removesuffix(f", {phrase.when(one, zone)}")
    place = one.place
    where = "" if place is None else words.words(place) if isinstance(place, str) else (
        f"{place.lat:.3f}, {place.lon:.3f}"
    )  # fmt: skip
    return Row(
        one.id,
        answer.view.address("records", one.id),
        when(answer, one),
        words.words(one.type),
        words.sentence(says.removeprefix(words.words(one.type)).strip() or words.words(one.type)),
        where,
        words.who(agreement, one.speaker),
        words.words(one.source) if one.source != one.speaker else "",
        standing,
    )


def when(answer: Answer, one: Record) -> str:
    """The date of a record as precise as its source gave it."""
    zone = answer.question.zone
    if one.at is None:
        return ""
    if one.at.exact:
        return words.moment(one.at.first, zone)
    first, last = words.day_at(one.at.first, zone), words.day_at(one.at.last, zone)
    return first if first == last else f"{first} to {last}"


def plain(answer: Answer, given: Asked, told: Found) -> dict[str, Any]:
    """Schema `servanda.records/1`; `start` and `count` say which of `total` are here."""
    return {
        "schema": SCHEMA,
        "agreement": answer.head["agreement"],
        "known_at": answer.head["known_at"],
        "hypothetical": answer.holding.hypothetical,
        "withheld": answer.holding.withheld,
        "total": told.total,
        "start": given.start,
        "count": len(told.records),
        "types": dict(told.types),
        "speakers": dict(told.speakers),
        "records": [plain_record(r) for r in told.records],
        "as_of": iso(answer.question.as_of),
    }


@router.get("/agreements/{agreement}/records", name="records")
@router.get("/agreements/{agreement}/records.json", name="records.json")
def page(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    given: Annotated[Asked, Depends(asked)],
) -> Response:
    """Records by words, type, speaker, time and unit of the map, newest first."""
    answer: Answer = request.app.state.desk.answer(view)
    return either(
        request,
        "records.html",
        lambda: plain(answer, given, found(answer, given)),
        lambda: context(answer, given, found(answer, given)),
        answer,
    )


def context(answer: Answer, given: Asked, told: Found) -> dict[str, Any]:
    agreement = answer.library.agreement

    def link(start: int) -> str:
        return _address(answer.view, given.query(start=start))

    before = link(max(0, given.start - given.count)) if given.start else None
    after = given.start + given.count
    units = answer.library.atlas.base.units
    return {
        **frame(answer, "records", "Records", "records"),
        "asked": given,
        "rows": rows(answer, told.records),
        "total": told.total,
        "first": given.start + 1 if told.records else 0,
        "last": given.start + len(told.records),
        "types": [(n, words.words(n), c) for n, c in told.types],
        "speakers": [(n, words.who(agreement, n), c) for n, c in told.speakers],
        "units": [(u, str(s.properties.get("name", u))) for u, s in units.items()],
        "before": before,
        "after": link(after) if after < told.total else None,
        "json": _address(answer.view, given.query(), ".json"),
        "withheld": answer.holding.withheld,
        "refused": [dict(one) for one in answer.refused],
    }


def _address(view: View, query: list[tuple[str, str]], ending: str = "") -> str:
    base = View(view.agreement).address("records", ending=ending)
    told = [*view.query(), *query]
    return base + (f"?{urlencode(told)}" if told else "")
