"""Drafts: which there are to choose from, and two or more of them compared in meaning and in words.

In: agreements that are served.  Out: pages, `servanda.drafts/1`, and comparisons as the library
gives them (`servanda.comparison/1`).  What takes long (who can end what, the audits) comes later,
as parts of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.compare.result import compare
from servanda.ends.told import lines
from servanda.library import Library
from servanda.web import words
from servanda.web.access import may, readable, reads
from servanda.web.desk import Desk
from servanda.web.drafting.readers import Drafts
from servanda.web.drafting.store import Step
from servanda.web.kept import Kept
from servanda.web.pages import drafts_slow, matrix, sides
from servanda.web.pages.ends import Endings
from servanda.web.problems import Problem, bad_field, not_served
from servanda.web.render import page as rendered
from servanda.web.respond import as_json, either, wants_json
from servanda.web.view import Text, View, only_known

router = APIRouter(dependencies=[Depends(only_known)])
MAX_COMPARED = 6  # drafts on one page: more columns are read by nobody
MOST = 24  # comparisons that are kept
Chosen = Annotated[list[str], Query(max_length=MAX_COMPARED + 2)]
Part = Annotated[str | None, Query(max_length=6)]
SHOWN = {"meaning": "Changed in meaning", "words": "Words", "brackets": "In brackets"}


@dataclass
class Comparisons:
    """One comparison for each choice of drafts, with or without who can end what."""

    kept: "Kept[tuple[tuple[str, ...], bool], dict[str, Any]]" = field(
        default_factory=lambda: Kept(MOST)
    )

    def of(self, libraries: Sequence[Library], endings: Endings | None = None) -> dict[str, Any]:
        key = (tuple(one.agreement.id for one in libraries), endings is not None)
        if endings is None:
            return self.kept.of(key, lambda: compare(*libraries))
        ways = {one.agreement.id: lines(endings.of(one)) for one in libraries}
        return self.kept.of(
            key, lambda: compare(*libraries, who_ends=lambda one: ways[one.agreement.id])
        )


@dataclass(frozen=True, slots=True)
class Row:
    """`descends` are the drafts that it names, of those that are listed: id and title.

    `held` says that it is kept to those who draft, `release` what opened it.
    """

    id: str
    title: str
    status: str
    day: str
    norms: int
    brackets: int
    incomplete: str
    descends: tuple[tuple[str, str], ...]
    draft: bool
    release: Step | None

    @property
    def held(self) -> bool:
        return self.draft and self.release is None

    @property
    def address(self) -> str:
        return View(self.id).address()


def rows(request: Request) -> list[Row]:
    """One row for each agreement that whoever asks may read, by its title."""
    drafts: Drafts = request.app.state.drafts
    found = {lib.agreement.id: lib for lib in readable(request)}
    told = [_row(lib, found, drafts) for lib in found.values()]
    return sorted(told, key=lambda one: one.title.casefold())


def _row(lib: Library, served: dict[str, Library], drafts: Drafts) -> Row:
    header, provisions = lib.agreement.header, lib.agreement.provisions.values()
    of_points = {d.draft for one in provisions for d in one.descends_from}
    of_norms = {d.draft for one in lib.agreement.norms.values() for d in one.descends_from}
    named = (of_points | of_norms) - {header.id}
    return Row(
        header.id,
        header.title,
        header.status.value,
        "" if header.draft is None else words.day(header.draft),
        len(lib.agreement.norms),
        sum(len(p.brackets) for p in provisions),
        header.incomplete or "",
        tuple((n, served[n].agreement.header.title) for n in sorted(named) if n in served),
        draft := drafts.draft(header.id),
        drafts.standing(header.id) if draft else None,
    )


def plain(found: Sequence[Row]) -> dict[str, Any]:
    """Schema `servanda.drafts/1`."""
    return {
        "schema": "servanda.drafts/1",
        "drafts": [
            {
                "id": one.id,
                "title": one.title,
                "status": one.status,
                "norms": one.norms,
                "brackets": one.brackets,
                "incomplete": one.incomplete or None,
                "descends_from": [name for name, _ in one.descends],
                "restricted": one.held,
            }
            for one in found
        ],
    }


@router.get("/drafts", name="drafts")
@router.get("/drafts.json", name="drafts.json")
def choose(request: Request, draft: Chosen = []) -> Response:  # noqa: B006 - FastAPI copies it
    """The drafts that can be compared."""
    found = rows(request)
    context = {"title": "Drafts", "rows": found, "chosen": set(draft), "most": MAX_COMPARED}
    return either(request, "drafts.html", lambda: plain(found), lambda: context)


def chosen(request: Request, names: Sequence[str]) -> list[Library]:
    """The drafts by their ids; raises a problem for too few, too many, twice or not served to
    whoever asks."""
    given = [name for name in names if name]
    if not 2 <= len(given) <= MAX_COMPARED:
        raise bad_field("draft", f"Choose 2 to {MAX_COMPARED} drafts, not {len(given)}.")
    if len(set(given)) < len(given):
        raise bad_field("draft", "A draft is named twice.")
    desk: Desk = request.app.state.desk
    found = []
    for name in given:
        if not reads(request, request.state.person, name):
            raise not_served(name)
        found.append(desk.library(name))
    return found


@router.get("/drafts/compare", name="compare")
@router.get("/drafts/compare.json", name="compare.json")
def page(
    request: Request,
    draft: Chosen = [],  # noqa: B006
    show: Text = None,
    ends: Text = None,
    part: Part = None,
) -> Response:
    """Two or more drafts, side by side; with `ends` also who can end what, which takes longer."""
    libraries = chosen(request, draft)
    if (ends or part == "ends") and not may(request, "ends"):
        raise Problem(401, "Not signed in", "Who can end what is for those who have signed in.")
    drafts: Drafts = request.app.state.drafts
    comparisons: Comparisons = request.app.state.comparisons
    endings: Endings = request.app.state.endings
    if wants_json(request):
        return as_json(comparisons.of(libraries, endings if ends else None))
    columns = matrix.columns(libraries)
    if part == "audits":
        audits = {c.letter: request.app.state.audits.of(c.library) for c in columns}
        return rendered(request, "compare_audits.html", drafts_slow.audits(columns, audits))
    if part == "ends":
        found = comparisons.of(libraries, endings)
        by_letter = {c.letter: endings.of(c.library) for c in columns}
        return rendered(request, "compare_ends.html", drafts_slow.enders(columns, found, by_letter))
    found = comparisons.of(libraries)
    shown = show if show in SHOWN else "meaning"
    context = {
        "title": f"{words.number_word(len(columns))} drafts compared",
        "columns": columns,
        "restricted": [
            one.agreement.header.title for one in libraries if drafts.held(one.agreement.id)
        ],
        "show": shown,
        "shows": SHOWN,
        "query": [("draft", c.id) for c in columns],
        "pairs": matrix.pairs(columns, found),
        "matrix": matrix.rows(columns, found),
        "rest": matrix.rest(columns, found),
        "worded": sides.worded(columns, found),
        "brackets": sides.brackets(columns),
        "others": sides.others(found),
        "balance": sides.balance(found),
        "positions": sides.positions(columns, found),
        "said_before": sides.said_before(found),
    }
    return rendered(request, "compare.html", context)
