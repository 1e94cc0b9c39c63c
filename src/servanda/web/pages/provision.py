"""The page of a provision: its text beside what software reads from it, its state and why.

In: an answer and a provision.  Out: what the template shows, and `servanda.provision/1` as JSON.
"""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.model.agreement import Provision
from servanda.model.norm import Norm
from servanda.report.draft import provisions as drafted
from servanda.report.negotiation import positions, sources
from servanda.report.standards import Row, by_standard, columns
from servanda.report.timeline import timelines
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.pages import lanes, why
from servanda.web.pages.claimed import Covered, covered
from servanda.web.pages.commitments import Commitment, commitments
from servanda.web.pages.standing import MANY, Banner, banner
from servanda.web.pages.wordings import Text, text_of
from servanda.web.problems import bad_field, not_found
from servanda.web.render import page as rendered
from servanda.web.respond import either, wants_json
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
SCHEMA = "servanda.provision/1"


@dataclass(frozen=True, slots=True)
class Position:
    who: str
    stance: str
    says: str
    day: str
    source: str


@dataclass(frozen=True, slots=True)
class Standards:
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[marks.Mark, ...]], ...]
    same: int


@dataclass(frozen=True, slots=True)
class Shown:
    id: str
    number: str
    banner: Banner
    covered: Covered | None
    text: Text
    commitments: list[Commitment]
    lanes: lanes.Lanes | None
    standards: Standards | None  # None where they come after the page
    why: why.Why | None
    others: tuple[tuple[str, str], ...]
    positions: tuple[Position, ...]
    descends: tuple[str, ...]
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def norms_of(answer: Answer, provision: str) -> list[Norm]:
    return [n for n in answer.library.agreement.norms.values() if n.provision == provision]


def rows_of(answer: Answer, provision: str) -> list[dict[str, Any]]:
    """The rows of the assessment, by instance."""
    return answer.rows(*(n.id for n in norms_of(answer, provision)))


def shown(answer: Answer, provision: Provision, instance: str | None, later: bool = False) -> Shown:
    """What the template shows; `later`, but for what comes after the page."""
    norms = norms_of(answer, provision.id)
    rows = rows_of(answer, provision.id)
    return Shown(
        provision.id,
        words.number(provision.id),
        banner(answer, rows),
        covered(rows),
        text_of(answer.library, provision),
        commitments(answer, norms),
        answer.derived(f"lanes {provision.id}", lambda: lanes.of_provision(answer, norms)),
        None if later else standards_of(answer, provision.id),
        why.why(answer, instance, tried=not later) if instance else None,
        tuple((row["id"], label(answer, row["id"])) for row in rows if row["id"] != instance),
        _positions(answer, provision.id),
        tuple(_descents(answer, provision)),
        *_neighbours(answer, provision.id),
    )


def standards_of(answer: Answer, provision: str) -> Standards:
    """Worked out once for all pages of the provision."""
    norms = norms_of(answer, provision)
    return answer.derived(f"standards {provision}", lambda: standards(answer, norms))


def label(answer: Answer, instance: str) -> str:
    """An instance as links name it."""
    norm = answer.library.agreement.norms[instance.partition("[")[0]]
    who = words.instance(answer.library.agreement, instance)
    text = words.sentence(norm.text or norm.id)
    return f"{text} ({who})" if who else text


def standards(answer: Answer, norms: list[Norm]) -> Standards:
    question = answer.question
    alike: dict[tuple[str, str, tuple[marks.Mark, ...]], list[str]] = {}
    same = 0
    for norm in norms:
        for row in by_standard(question, norm):
            cells = tuple(
                marks.violations(dict(c.bases)) if c.bases else marks.of_state(c.state)
                for c in row.cells
            )
            if not row.readings and len(set(cells)) == 1:
                same += 1
                continue
            reading = words.under(answer.library, row.readings)
            alike.setdefault((norm.id, reading, cells), []).append(row.instance)
    rows = []
    for (norm_id, reading, cells), instances in alike.items():
        name = label(answer, instances[0])
        shown_alone = instances
        if len(instances) > 2:
            name = f"{label(answer, norm_id)} ({words.instance(question.agreement, instances[0])} "
            name += f"and {len(instances) - 1} more)"
            shown_alone = instances[:1]
        listed = [name, *(label(answer, i) for i in shown_alone[1:])]
        rows += [(f"{n}, {reading}" if reading else n, cells) for n in listed]
    names = tuple(words.standard(n, question.agreement) for n in columns(question))
    return Standards(names, tuple(rows), same)


def _positions(answer: Answer, provision: str) -> tuple[Position, ...]:
    agreement = answer.library.agreement
    found = [row for row in positions(answer.library) if str(row.get("point")) == provision]
    return tuple(
        Position(
            words.who(agreement, str(row.get("party"))),
            words.words(str(row.get("position") or "")),
            str(row.get("paraphrase") or ""),
            str(row.get("date") or ""),
            "; ".join(sources(row)),
        )
        for row in sorted(found, key=lambda r: (str(r.get("party")), str(r.get("date"))))
    )


def _descents(answer: Answer, provision: Provision) -> list[str]:
    lines = [(d.draft, d.clauses, "takes the place of") for d in provision.descends_from]
    lines += [(d.draft, d.clauses, "leaves out") for d in provision.drops]
    for norm in norms_of(answer, provision.id):
        lines += [(d.draft, d.clauses, "takes the place of") for d in norm.descends_from]
    return [f"{what} {', '.join(clauses)} of {draft}" for draft, clauses, what in lines]


def _neighbours(
    answer: Answer, provision: str
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    every = list(answer.library.agreement.provisions.values())
    at = next(i for i, p in enumerate(every) if p.id == provision)

    def link(index: int) -> tuple[str, str] | None:
        if not 0 <= index < len(every):
            return None
        one = every[index]
        address = answer.view.address("provisions", one.id)
        return address, f"{words.number(one.id)} · {one.title}"

    return link(at - 1), link(at + 1)


def plain(answer: Answer, provision: Provision, instance: str | None) -> dict[str, Any]:
    """Schema `servanda.provision/1`: parts of the library's results about one provision."""
    draft = next(p for p in drafted(answer.library) if p["id"] == provision.id)
    norms = norms_of(answer, provision.id)
    names = {n.id for n in norms}
    return {
        "schema": SCHEMA,
        **answer.head,
        "hypothetical": answer.holding.hypothetical,
        "provision": draft,
        "norms": [n for n in answer.whole["norms"] if n["id"].partition("[")[0] in names],
        "timelines": [asdict(t) for n in norms for t in timelines(answer.question, n)],
        "standards": {
            "columns": list(columns(answer.question)),
            "rows": [_told(r) for n in norms for r in by_standard(answer.question, n)],
        },
        "explanations": why.explained(answer, instance) if instance else [],
        "positions": [
            dict(r) for r in positions(answer.library) if str(r.get("point")) == provision.id
        ],
    }


def _told(row: Row) -> dict[str, Any]:
    """A row of the table of standards; violations by what they rest on."""
    cells = [{"state": cell.state, "bases": dict(cell.bases)} for cell in row.cells]
    return {"instance": row.instance, "readings": list(row.readings), "cells": cells}


def chosen(answer: Answer, provision: Provision, wanted: str | None) -> str | None:
    """The instance that is explained: the one asked for, else the gravest."""
    rows = rows_of(answer, provision.id)
    ids = [row["id"] for row in rows]
    if wanted:
        if wanted not in ids:
            raise bad_field("why", f"“{wanted}” is no commitment here; there are {', '.join(ids)}.")
        return wanted
    order = ("breached", "depends", "suspended", "cured", "active")
    ranked = sorted(rows, key=lambda r: order.index(r["state"]) if r["state"] in order else 9)
    return ranked[0]["id"] if ranked else None


@router.get("/agreements/{agreement}/provisions/{provision}", name="provision")
@router.get("/agreements/{agreement}/provisions/{provision}.json", name="provision.json")
def page(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    provision: str,
    wanted: Annotated[str | None, Query(alias="why", max_length=200)] = None,
    part: Annotated[str | None, Query(max_length=9)] = None,
) -> Response:
    """One provision: its text, its commitments, their states over time and why."""
    library = request.app.state.desk.library(view.agreement)
    found = library.agreement.provisions.get(provision)
    if found is None:
        raise not_found(f"{view.agreement} has no provision “{provision}”.")
    answer: Answer = request.app.state.desk.answer(view)
    instance = chosen(answer, found, wanted)
    if part == "standards" and not wants_json(request):
        rows = {"standards": standards_of(answer, provision)}
        return rendered(request, "standards_part.html", {"view": view, "page": rows})
    if part == "changes" and instance and not wants_json(request):
        tried = {"why": why.why(answer, instance)}
        return rendered(request, "would_change_part.html", {"view": view, "page": tried})
    later = answer.heavy and part is None
    return either(
        request,
        "provision.html",
        lambda: answer.derived(
            f"plain {provision} {instance}", lambda: plain(answer, found, instance)
        ),
        lambda: context(answer, found, instance, later),
        answer,
    )


def context(
    answer: Answer, provision: Provision, instance: str | None, later: bool = False
) -> dict[str, Any]:
    parts = ("provisions", provision.id)
    extra = {"why": instance} if instance else {}
    key = f"provision {provision.id} {instance} {later}"
    return {
        **frame(answer, "provisions", provision.title, *parts, **extra),
        "page": answer.derived(key, lambda: shown(answer, provision, instance, later)),
        "many": MANY,
    }
