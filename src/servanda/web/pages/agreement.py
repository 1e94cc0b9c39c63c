"""The page of an agreement: how it stands, what is agreed, claimed and found, what nobody watches,
what falls due.

In: an answer.  Out: what the template shows; the JSON at the same address is the assessment.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.report.deadlines import calendar
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.frame import frame
from servanda.web.marks import Mark
from servanda.web.pages.banner import banner
from servanda.web.pages.claimed import Column, columns
from servanda.web.pages.due import Clock, chart, clocks, open_deadlines
from servanda.web.render import page as rendered
from servanda.web.respond import either, wants_json
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
ROWS = (7, 14, 20, 24, 28)  # points in a row of the strip that there are styles for
FEW = 7  # of those that nobody watches, shown at once


@dataclass(frozen=True, slots=True)
class Point:
    """A provision in the strip: its marks by commitment."""

    number: str
    title: str
    address: str
    norms: tuple[tuple[Mark, ...], ...]


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A commitment where silence matters and nobody whose word counts was watching."""

    title: str
    address: str
    who: str
    why: str
    days: str


def strip(answer: Answer) -> list[Point]:
    """One row of marks for each provision; marks that say the same are not repeated."""
    by_norm = marks_by_norm(answer)
    return [
        Point(
            words.number(p.id),
            p.title,
            answer.view.address("provisions", p.id),
            tuple(
                by_norm[n.id]
                for n in answer.library.agreement.norms.values()
                if n.provision == p.id and n.id in by_norm
            ),
        )
        for p in answer.library.agreement.provisions.values()
    ]


def marks_by_norm(answer: Answer) -> dict[str, tuple[Mark, ...]]:
    """The different marks of the instances of each commitment, in the order of the text."""
    found: dict[str, dict[str, Mark]] = {}
    for norm in answer.result["norms"]:
        mark = marks.of_instance(answer, norm)
        found.setdefault(norm["id"].partition("[")[0], {}).setdefault(mark.shape, mark)
    return {name: tuple(listed.values()) for name, listed in found.items()}


def unwatched(answer: Answer) -> list[Unwatched]:
    """Longest first; the instances of one commitment together."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for norm in answer.result["norms"]:
        covered = norm.get("coverage")
        if covered and not (covered["time_share"] and covered["area_share"]):
            grouped.setdefault(norm["id"].partition("[")[0], []).append(norm)
    rows = [(_days(answer, listed), name, listed) for name, listed in grouped.items()]
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [_unwatched(answer, *row) for row in rows]


def _unwatched(answer: Answer, days: int, name: str, listed: list[dict[str, Any]]) -> Unwatched:
    agreement = answer.library.agreement
    norm = agreement.norms[name]
    told = [words.instance(agreement, one["id"]) for one in listed]
    many = f"{len(told)} bearers" if len(told) > 3 else words.listed([t for t in told if t])
    return Unwatched(
        f"{words.number(norm.provision or '')} · {words.sentence(norm.text or norm.id)}",
        answer.view.address("provisions", norm.provision or name),
        many,
        _why(answer, name),
        words.counted(days, "day") if days else "",
    )


def _why(answer: Answer, name: str) -> str:
    from servanda.engine.silence import types_missed

    agreement = answer.library.agreement
    missed = types_missed(agreement.norms[name], agreement)
    seen = [r for r in answer.question.view.of_type("coverage") if missed & set(r.words("types"))]
    if not seen:
        return "no source covers it"
    who = words.listed(sorted({words.who(agreement, r.speaker) for r in seen})[:3])
    return f"{who} says to have watched; under this standard that does not count"


def _days(answer: Answer, listed: list[dict[str, Any]]) -> int:
    since = [words.instant(one["since"]) for one in listed if one["since"]]
    return (answer.question.as_of - min(since)) // 86_400_000_000 if since else 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template shows."""

    banner: Any
    strip: list[Point]
    norms: int
    notable: list[Column] | None  # None where it comes after the page
    others: list[Column]
    unwatched: list[Unwatched]
    clocks: list[Clock]
    chart: str
    narrow: str
    open_deadlines: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is agreed, claimed and found: where there is something to see, and the rest."""

    notable: list[Column]
    others: list[Column]


def told_of(answer: Answer) -> Told:
    every = answer.derived("columns", lambda: columns(answer))
    notable = [one for one in every if one.notable]
    return Told(notable, [one for one in every if not one.notable])


def shown(answer: Answer, later: bool) -> Shown:
    """Everything but what is the same on all pages; `later`, but for what comes after the page."""
    rows = None if later else told_of(answer)
    due = clocks(answer)
    told = answer.holding.hypothetical
    return Shown(
        banner(answer),
        strip(answer),
        len({n["id"].partition("[")[0] for n in answer.result["norms"]}),
        None if rows is None else rows.notable,
        [] if rows is None else rows.others,
        unwatched(answer),
        due,
        chart(answer, due, told, narrow=False),
        chart(answer, due, told, narrow=True),
        open_deadlines(answer),
    )


Asked = Annotated[View, Depends(view_of)]


@router.get("/agreements/{agreement}", name="agreement")
@router.get("/agreements/{agreement}.json", name="agreement.json")
def page(
    request: Request,
    view: Asked,
    part: Annotated[str | None, Query(max_length=6)] = None,
) -> Response:
    """The assessment of an agreement."""
    answer: Answer = request.app.state.desk.answer(view)
    if part == "claims" and not wants_json(request):
        told = {"view": view, "page": told_of(answer)}
        return rendered(request, "acf_part.html", told)
    later = answer.heavy and part is None
    return either(
        request, "agreement.html", lambda: plain(answer), lambda: context(answer, later), answer
    )


def plain(answer: Answer) -> dict[str, Any]:
    """The assessment, `servanda.assessment/1`; marked where it is made on invented records."""
    if not answer.holding.hypothetical:
        return answer.whole
    schema, *rest = answer.whole.items()
    return dict([schema, ("hypothetical", True), *rest])


def context(answer: Answer, later: bool = False) -> dict[str, Any]:
    title = answer.library.agreement.header.title
    return {
        **frame(answer, "agreement", title),
        "page": answer.derived(f"agreement {later}", lambda: shown(answer, later)),
        "few": FEW,
        "day": words.day,
        "strip_class": strip_class(len(answer.library.agreement.provisions)),
    }


def strip_class(points: int) -> str:
    """How many points stand in a row; more begin another row."""
    return f"p{next((n for n in ROWS if points <= n), ROWS[-1])}"


@router.get("/agreements/{agreement}/calendar.ics", name="calendar")
def ics(request: Request, view: Asked) -> Response:
    """The deadlines as iCalendar."""
    answer: Answer = request.app.state.desk.answer(view)
    told = answer.holding.hypothetical
    made = answer.derived("calendar", lambda: calendar(answer.question, told))
    name = f"{view.agreement}-deadlines.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, 200, headers, "text/calendar; charset=utf-8")
