"""One case: where it stands, its steps, evidence and decision room, and the papers to be written.

In: an answer and a complaint; the body, where several have the case.  Out: what the template shows,
and `servanda.cases/1` with this case alone as JSON.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.docket.case import Case, Key
from servanda.evidence.instant import iso
from servanda.evidence.record import Record
from servanda.report.cases import Proceedings, rule_words
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.filing import asked, papers, rights
from servanda.web.filing.sent import Sent
from servanda.web.frame import frame
from servanda.web.pages import cases, decision
from servanda.web.pages import proceeding as told
from servanda.web.pages.cases import address as address  # noqa: PLC0414  filing says it from here
from servanda.web.people import forms
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import NOTHING
from servanda.web.people.person import VISITOR
from servanda.web.problems import not_found
from servanda.web.respond import either
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
Name = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class Found:
    """A case with its key, and what is before the bodies besides."""

    key: Key
    case: Case
    row: dict[str, Any]
    before: Proceedings


def found(answer: Answer, complaint: str, body: str = "") -> Found:
    """The case of a complaint before a body, the last one that has it; raises a problem."""
    before = told.before(answer)
    keys = [key for key in before.cases if key[1] == complaint and body in ("", key[0])]
    rows = dict(zip(before.cases, cases.plain(answer)["cases"], strict=True))
    shown = [key for key in keys if not rows[key]["withheld"]]
    if not shown:
        raise not_found(f"There is no case “{complaint}” among those that are shown here.")
    key = shown[-1]
    return Found(key, before.cases[key], rows[key], before)


@router.get("/agreements/{agreement}/cases/{case:path}", name="case")
@router.get("/agreements/{agreement}/cases/{case:path}.json", name="case.json")
def page(
    request: Request, view: Annotated[View, Depends(view_of)], case: str, body: Name = ""
) -> Response:
    """One case with its steps, evidence, findings and votes."""
    answer: Answer = request.app.state.desk.answer(view)
    one = found(answer, case, body)

    def data() -> dict[str, Any]:
        alone = {"cases": [one.row], "own_motion": [], "no_case": [], "withdrawn": []}
        return {**cases.plain(answer), **alone}

    return either(request, "case.html", data, lambda: context(request, answer, one, Sent(), None))


def shown(request: Request, answer: Answer, one: Found, given: Sent, error: Refusal) -> Response:
    """The page with what was wrong with a paper that was sent."""
    from servanda.web.render import page as rendered

    made = context(request, answer, one, given, error)
    return forms.remember(request, rendered(request, "case.html", made, 400))


def context(
    request: Request, answer: Answer, one: Found, given: Sent, error: Refusal | None
) -> dict[str, Any]:
    row, agreement = one.row, answer.library.agreement
    line = cases.line(answer, row)
    moved = decision.consequences(answer, row)
    written = told.papers_of(one.before, one.case)
    others = [k for k in one.before.cases if k[1] == one.key[1] and k != one.key]
    framed = frame(answer, "cases", f"Case {row['number']}", "cases", one.key[1], body=one.key[0])
    clear = View(agreement.id).address("cases")
    return {
        **framed,
        "sentence_of": replace(framed["sentence_of"], clear=clear),
        "row": row,
        "line": line,
        "headline": told.headline(answer, row),
        "today": _today(request, answer, row),
        "opened": told.when(answer, row["opened"]),
        "complainant": told.listed(answer, [row["complainant"]]),
        "respondent": told.listed(answer, [row["respondent"]]),
        "levels": [(words.who(agreement, k[0]), address(answer.view, k)) for k in others],
        "hears_after": _before_it(answer, one.case),
        "steps": told.steps(answer, row),
        "clock": told.reply_clock(answer, row),
        "about": told.about(answer, row),
        "questions": told.questions(answer, row),
        "fact_dissents": [
            told.listed(answer, [d["by"]]) for f in row["facts"] for d in f["dissents"]
        ],
        "exhibits": told.exhibits(answer, row),
        "lacking": [told.reason(answer, why) for why in row["lacking"]],
        "not_counted": [told.reason(answer, why) for why in row["not_counted"]],
        "rule": _rule(one),
        "rulings": [decision.ruled(answer, f) for f in row["findings"]],
        "found": moved[0],
        "moved": moved[1],
        "history": told.history(answer, written, _notes(request, answer, written)),
        "points": list(told.points(answer, row)),
        "siblings": _siblings(answer, one),
        "forms": _forms(request, answer, one, given, error),
        "actors": asked.actors(agreement),
        "error": error or NOTHING,
        "json": answer.view.address("cases", one.key[1], ending=".json", body=one.key[0]),
    }


def _notes(request: Request, answer: Answer, written: list[Record]) -> dict[str, str]:
    """What was noted beside papers in the ledger."""
    place = request.app.state.settings.ledger
    if place is None or answer.view.course is not None:
        return {}
    from servanda.ledger.history import notes
    from servanda.ledger.ledger import open_ledger

    sight = answer.view.sight
    return notes(open_ledger(place), [one.id for one in written], sight.audience, sight.own)


def _today(request: Request, answer: Answer, row: dict[str, Any]) -> str:
    """The address of the case as of now, where a time that the page shows has passed meanwhile."""
    office, coming = getattr(request.app.state, "office", None), row["next"]
    if office is None or coming is None or coming["due"] is None or answer.view.as_of is not None:
        return ""
    if answer.view.course is not None or office.clock() * 1_000_000 < words.instant(coming["due"]):
        return ""
    at = iso(int(office.clock()) * 1_000_000)
    return answer.view.but(as_of=at).address("cases", row["complaint"], body=row["body"])


def _before_it(answer: Answer, case: Case) -> str:
    """The body that hears first, where the text says so."""
    first = case.body.procedure.hears_after
    return words.who(answer.library.agreement, first) if isinstance(first, str) else ""


def _rule(one: Found) -> str:
    rule = one.before.rules.votes.get(one.key[0], one.case.body.vote)
    if one.case.body.own_rules:
        return "by rules of its own, outside the agreement"
    from servanda.model.institution import VoteRule

    if not isinstance(rule, VoteRule):
        return ""
    return words.words(rule_words(rule))


def _siblings(answer: Answer, one: Found) -> list[tuple[str, str, str]]:
    """Other cases, in both directions: number, parties, address."""
    rows = cases.plain(answer)["cases"]
    lines = [cases.line(answer, row) for row in rows if row is not one.row]
    return [(line.number, line.parties, line.address) for line in lines if line.address][:8]


def _forms(
    request: Request, answer: Answer, one: Found, given: Sent, error: Refusal | None
) -> list[papers.Form]:
    """The papers that whoever asks may write now; none of what is invented or of another time."""
    person = getattr(request.state, "person", VISITOR)
    settings = request.app.state.settings
    plain = View(answer.view.agreement, sight=answer.view.sight)
    if settings.demo or settings.ledger is None or answer.view != plain:
        return []
    if rights.outside(person, answer.library.agreement):
        return []
    turns = one.before.turns(one.key, rights.hand_of(person))
    once = given.one("once") or secrets.token_urlsafe(12)
    return papers.forms(answer, one.before, one.case, turns, once, given, error)
