"""What changed: what became known since a day, corrections included, and which states changed.

In: an answer and a day.  Out: entries and states, as a page, as a part of the page of the
agreement, and as JSON (`servanda.changes/1`).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.engine import phrase
from servanda.evidence.instant import day_of, day_period, iso, parse_period
from servanda.report.changes import Changed, Changes, Entry, changes
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.marks import Mark
from servanda.web.problems import bad_field
from servanda.web.render import page as rendered
from servanda.web.respond import as_json, wants_json
from servanda.web.settings import CHANGES_DAYS
from servanda.web.view import Text, View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
FEW = 8


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as people read it."""

    when: str
    kind: str
    record: str
    says: str
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """An instance that has another state than it had."""

    title: str
    address: str
    before: Mark
    after: Mark
    entries: str


@dataclass(frozen=True, slots=True)
class Shown:
    since: str
    entries: tuple[Told, ...]
    moves: tuple[Move, ...]


def instant_of(answer: Answer, since: str | None) -> int:
    """The end of a day, or some weeks before the assessment; raises a problem for nonsense."""
    zone = answer.question.zone
    if not since:
        before = day_of(answer.question.as_of, zone) - timedelta(CHANGES_DAYS)
        return day_period(before, zone).last
    try:
        found = parse_period(since, zone).last
    except ValueError as error:
        raise bad_field("since", f"{error}.") from error
    if found > answer.question.as_of:
        raise bad_field("since", "That is after the day of the assessment.")
    return found


def found(answer: Answer, since: str | None) -> Changes:
    at = instant_of(answer, since)
    return answer.derived(f"changes {at}", lambda: changes(answer.question, at))


def shown(answer: Answer, told: Changes) -> Shown:
    zone = answer.question.zone
    return Shown(
        words.day_at(told.since, zone),
        tuple(_entry(answer, one) for one in told.entries),
        tuple(_move(answer, one) for one in told.states),
    )


def _entry(answer: Answer, one: Entry) -> Told:
    zone = answer.question.zone
    text = phrase.record(one.record, zone)
    return Told(
        words.moment(one.at, zone).replace(", 24:00", ""),
        words.sentence(one.kind),
        one.record.id,
        words.sentence(text.partition(": ")[2]),
        one.earlier,
    )


def _move(answer: Answer, one: Changed) -> Move:
    now = answer.row(one.instance)
    return moved(answer, one, marks.of_state(one.before), marks.of_norm(now) if now else None)


def moved(answer: Answer, one: Changed, before: Mark, after: Mark | None) -> Move:
    """A changed instance with its marks; without one for after, by the state alone."""
    agreement = answer.library.agreement
    norm = agreement.norms[one.instance.partition("[")[0]]
    who = words.instance(agreement, one.instance)
    title = f"{words.number(norm.provision or '')} · {words.sentence(norm.text or norm.id)}"
    more = ""
    if one.entries:
        more = f"{'+' if one.entries > 0 else '−'}{words.counted(abs(one.entries), 'violation')}"
    return Move(
        f"{title} ({who})" if who else title,
        answer.view.address("provisions", norm.provision or norm.id),
        before,
        after or marks.of_state(one.after),
        more,
    )


def plain(answer: Answer, told: Changes) -> dict[str, Any]:
    """Schema `servanda.changes/1`."""
    return {
        "schema": "servanda.changes/1",
        "agreement": answer.head["agreement"],
        "hypothetical": answer.holding.hypothetical,
        "as_of": answer.head["as_of"],
        "since": iso(told.since),
        "entries": [
            {
                "at": iso(e.at),
                "kind": e.kind,
                "record": e.record.id,
                "says": phrase.record(e.record, answer.question.zone),
                "earlier": list(e.earlier),
            }
            for e in told.entries
        ],
        "states": [
            {"id": s.instance, "before": s.before, "after": s.after, "entries": s.entries}
            for s in told.states
        ],
    }


@router.get("/agreements/{agreement}/changes", name="changes")
@router.get("/agreements/{agreement}/changes.json", name="changes.json")
def page(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    since: Text = None,
    part: Annotated[str | None, Query(max_length=3)] = None,
) -> Response:
    """What became known since a day, and which states it changed."""
    answer: Answer = request.app.state.desk.answer(view)
    told = found(answer, since)
    if wants_json(request):
        return as_json(plain(answer, told))
    context = {**frame(answer, "agreement", "What changed", "changes"), "few": FEW}
    context |= {"page": shown(answer, told), "since": since or ""}
    return rendered(request, "changes_part.html" if part else "changes.html", context)
