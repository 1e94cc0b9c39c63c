"""A complaint of a party to a body: the form, from a record or from the docket, and its entry."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.evidence import form
from servanda.evidence.instant import iso
from servanda.ledger.trying import Outcome
from servanda.model.agreement import Agreement
from servanda.report.entries import of_record
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.filing import asked, papers, rights
from servanda.web.filing.asked import Asked
from servanda.web.filing.counter import Counter, counter_of
from servanda.web.filing.pages.head import head
from servanda.web.filing.pages.paper import handling_of
from servanda.web.filing.sent import Sent, sent
from servanda.web.pages import case as page_of_case
from servanda.web.people.asking import session_of
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import form_page, to
from servanda.web.problems import Problem
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)], include_in_schema=False)
Name = Annotated[str, Query(max_length=200)]


@router.get("/agreements/{agreement}/complaint", name="complaint")
def page(request: Request, view: Annotated[View, Depends(view_of)], about: Name = "") -> Response:
    """The form of a complaint; `about` is the record from which it comes."""
    answer = request.app.state.desk.answer(View(view.agreement, sight=view.sight))
    given = Sent({"args.about": (about,)}) if about else Sent()
    return _shown(request, answer, _suggested(answer, about, given), None)


@router.post("/agreements/{agreement}/complaint", name="complaint.lodged")
def lodged(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    given: Annotated[Sent, Depends(sent)],
) -> Response:
    """Enter a complaint, and show the case that it opens."""
    answer = request.app.state.desk.answer(View(view.agreement, sight=view.sight))
    counter = counter_of(request, view)
    if counter is None:
        return _shown(request, answer, given, None)
    if why := rights.outside(counter.person, answer.library.agreement):
        raise Problem(403, "Not allowed", why)
    if why := counter.shut:
        raise Problem(409, "Not entered", why)
    try:
        identity = _enter(counter, answer, given)
    except Refusal as error:
        return _shown(request, answer, given, error)
    request.app.state.desk.shelf.hurry()
    return to(page_of_case.address(view, (given.one("args.body"), identity)))


def _enter(counter: Counter, answer: Answer, given: Sent) -> str:
    """The id of the complaint; raises Refusal where it is not taken."""
    fields = _fields(answer, given)
    if (empty := papers.missing(fields, given)) is not None:
        raise empty
    agreement, now = answer.library.agreement, counter.now
    names = {one.name for one in fields}
    filled = {name: texts for name, texts in given.fields.items() if name in names}
    told = asked.identified(agreement, fields, filled)
    row = form.row_of(agreement.record_types["complaint"], told)
    by = counter.person.acts_for or ""
    bare = {**row, "args": {**row["args"], "by": by}, "source": by}
    bare.pop("id")
    identity = form.derived_id({**bare, "once": given.one("once")})
    at = {"at": iso(now // 1_000_000 * 1_000_000), "reported": iso(now)}
    handling = handling_of(given.one("handling") or papers.CLASS)
    done = counter.enter({"id": identity, **bare, **at}, handling)
    if done.outcome is Outcome.REFUSED:
        raise Refusal(f"Not entered: {done.reason}.", done.field)
    return identity


def _suggested(answer: Answer, about: str, given: Sent) -> Sent:
    """The commitment that a record is taken to breach, and who is said to have done so."""
    for norm in answer.result["norms"] if about else ():
        for breach in of_record(norm, about):
            told = {"args.norm": (norm["id"].partition("[")[0],)}
            told["args.against"] = tuple(breach["by"][:1])
            return Sent({**given.fields, **told})
    return given


def _fields(answer: Answer, given: Sent) -> list[Asked]:
    agreement = answer.library.agreement
    found = []
    for one in asked.arguments(agreement.record_types["complaint"], given.fields):
        if one.name == "args.body":
            bodies = tuple((i, words.who(agreement, i)) for i in _lowest_first(agreement))
            hint = "the lowest level comes first"
            chosen = one.values or (bodies[0][0],) if bodies else ()
            found.append(
                replace(one, kind="choice", options=bodies, hint=hint, required=True, values=chosen)
            )
        elif one.name == "args.norm":
            listed = tuple(_norms(answer))
            told = "those whose violation is alleged come first"
            found.append(
                replace(
                    one,
                    kind="choice",
                    options=listed,
                    label="Commitment",
                    hint=told,
                    required=True,
                    wide=True,
                )
            )
        elif one.name == "args.about":
            found.append(replace(one, label="About the records"))
        elif one.name != "args.by":
            found.append(replace(one, required=one.name == "args.against"))
    note = tuple(given.fields.get("note", ()))
    found.append(Asked("note", "Note", "text", (), note, "a few words; no names of people"))
    found.append(next(asked.handling(given.fields, papers.CLASS)))
    return found


def _lowest_first(agreement: Agreement) -> list[str]:
    """Bodies, each after the one that hears before it."""

    def level(name: str, seen: frozenset[str] = frozenset()) -> int:
        body = agreement.institutions.get(name)
        before = None if body is None else body.procedure.hears_after
        if not isinstance(before, str) or before in seen:
            return 0
        return 1 + level(before, seen | {name})

    return sorted(agreement.institutions, key=lambda name: (level(name), name.casefold()))


def _norms(answer: Answer) -> Iterator[tuple[str, str]]:
    """Commitments; those whose violation is alleged first."""
    agreement = answer.library.agreement
    breached = {n["id"].partition("[")[0] for n in answer.result["norms"] if n["breaches"]}
    rest = [name for name in agreement.norms if name not in breached]
    for name in (*(n for n in agreement.norms if n in breached), *rest):
        norm = agreement.norms[name]
        text = words.sentence(norm.text or norm.id)
        alleged = " (violation alleged)" if name in breached else ""
        yield name, f"{words.number(norm.provision or '')} · {text}{alleged}"


def _shown(request: Request, answer: Answer, given: Sent, error: Refusal | None) -> Response:
    agreement, person = answer.library.agreement, session_of(request).person
    field, reason = ("", "") if error is None else (error.field, error.message)
    context = {
        **head(request, answer.view, "Lodge a complaint", "cases"),
        "bodies": bool(agreement.institutions),
        "party": words.who(agreement, person.acts_for or ""),
        "fields": asked.told(_fields(answer, given), field, reason, "complaint"),
        "actors": asked.actors(agreement),
        "once": given.one("once") or secrets.token_urlsafe(12),
    }
    return form_page(request, "filing/complaint.html", context, error)
