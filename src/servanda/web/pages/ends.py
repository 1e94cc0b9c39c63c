"""Who can end, suspend, call for, forfeit or take back what, alone or together; and block it.

In: the text of an agreement, with the readings and assumptions of the address.  Out: rows, their
picture, what each actor can do alone, and `servanda.ends/1`.  It takes some seconds and is worked
out once; what is not settled in the library's time is told as not decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.ends.plain import plain
from servanda.ends.result import Ends
from servanda.ends.run import who_ends
from servanda.library import Library
from servanda.reason.extra import MissingExtra
from servanda.web import words
from servanda.web.desk import Answer
from servanda.web.draw import groups as drawn
from servanda.web.frame import frame
from servanda.web.kept import Kept
from servanda.web.pages import enders
from servanda.web.problems import Problem
from servanda.web.render import page as rendered
from servanda.web.respond import as_json, wants_json
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
MOST = 40  # texts, under one choice of readings and assumptions, whose ends are kept
Choice = tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]]


@dataclass
class Endings:
    """Who can end what, for each text under each choice of readings and assumptions."""

    kept: "Kept[Choice, Ends]" = field(default_factory=lambda: Kept(MOST))

    def ready(self, library: Library, view: View) -> bool:
        return self.kept.has((library.agreement.id, view.readings, view.assume))

    def of(self, library: Library, view: View | None = None) -> Ends:
        """Raises a problem where the solver is not installed, InputError for a bad choice."""
        one = view or View(library.agreement.id)
        key = (library.agreement.id, one.readings, one.assume)
        try:
            return self.kept.of(
                key, lambda: who_ends(library, readings=dict(one.readings), assume=one.assume)
            )
        except MissingExtra as error:
            raise Problem(501, "Who can end what is not installed", str(error)) from error


def shown(view: View, library: Library, found: Ends) -> dict[str, Any]:
    """What the page shows once it is worked out."""
    rows = enders.rows(view, library, found)
    pictures = [drawn.draw([_dots(row) for row in rows], narrow) for narrow in (False, True)]
    return {
        "rows": rows,
        "wide": pictures[0],
        "narrow": pictures[1],
        "still": enders.still(library, found),
        "beginnings": enders.beginnings(found),
        "alone": enders.each_alone(library, found),
        "bodies": enders.bodies(found),
        "undecided": enders.undecided(found),
        "cut": [words.words(name) for name in found.readings_cut],
    }


def _dots(row: enders.Row) -> drawn.Row:
    groups = tuple(dict.fromkeys(way.group for way in row.ways))
    return drawn.Row(f"{row.number} · {row.title}", row.power, groups, row.note)


@router.get("/agreements/{agreement}/ends", name="ends")
@router.get("/agreements/{agreement}/ends.json", name="ends.json")
def page(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    part: Annotated[str | None, Query(max_length=3)] = None,
) -> Response:
    """Who can end what by the text; courses of events are HYPOTHETICAL."""
    library: Library = request.app.state.desk.library(view.agreement)
    endings: Endings = request.app.state.endings
    if wants_json(request):
        readings: Mapping[str, str] = dict(view.readings)
        return as_json(plain(library, endings.of(library, view), readings, view.assume))
    if part == "all":
        context = shown(view, library, endings.of(library, view))
        return rendered(request, "ends_all.html", {"view": view, **context})
    answer: Answer = request.app.state.desk.answer(view)
    context = frame(answer, "drafts", "Who can end what", "ends")
    context |= {"asked": context["sentence_of"], "sentence_of": None, "rows": None}
    if part or endings.ready(library, view):
        context |= shown(view, library, endings.of(library, view))
    return rendered(request, "ends.html", context)
