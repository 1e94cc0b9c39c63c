"""What if: invented records and assumptions on a copy, beside the assessment without them.

In: records as JSON Lines or field by field, and assumptions, in the address or in a form.  Out: a
page and `servanda.what-if/1`, HYPOTHETICAL throughout.  Nothing of it is kept: it is worked out for
whoever asks, and forgotten.
"""

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from servanda.asking import refused_rows
from servanda.evidence.instant import iso
from servanda.library import InputError, Library
from servanda.report import what_if as library_what_if
from servanda.report.what_if import MAX_ASSUMPTIONS, MAX_CHARACTERS, Supposed, WhatIf
from servanda.web.desk import Answer
from servanda.web.frame import frame, navigation
from servanda.web.pages import supposed
from servanda.web.render import page as rendered
from servanda.web.respond import as_json, wants_json
from servanda.web.security import MAX_ADDRESS
from servanda.web.shelf import Holding
from servanda.web.view import View, only_known, view_of

router = APIRouter(dependencies=[Depends(only_known)])
posting = APIRouter(dependencies=[Depends(only_known)], include_in_schema=False)
LONG, WORD = 2 * MAX_CHARACTERS, 400
Assumptions = Annotated[list[str], Query(max_length=MAX_ASSUMPTIONS + 1)]
ADD, FIELDS = "add", "fields"


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the form; `do` is the button that sent it."""

    records: str = ""
    suppose: tuple[str, ...] = ()
    type: str = ""
    day: str = ""
    value: tuple[str, ...] = ()
    place: str = ""
    told_by: str = ""
    do: str = ""

    @property
    def supposed(self) -> Supposed:
        return Supposed(self.records, tuple(s.strip() for s in self.suppose if s.strip()))

    def added(self, lib: Library) -> "Asked":
        """With the record of the fields written into the text; raises InputError."""
        text = library_what_if.lines(
            lib, self.type, self.value, self.day,
            place=self.place, told_by=self.told_by, text=self.records,
        )  # fmt: skip
        return replace(self, records=text, value=(), place="")


@dataclass(frozen=True)
class Compared:
    without: Answer
    supposing: Answer
    found: WhatIf


def compared(request: Request, view: View, given: Supposed) -> Compared:
    """Raises InputError for what cannot be understood.  That without is kept, as any view is."""
    desk = request.app.state.desk
    lib: Library = desk.library(view.agreement)
    holding: Holding = desk.shelf.holding(lib, view.course, view.sight)
    told = library_what_if.read(lib, given)
    found = library_what_if.what_if(
        lib,
        holding.records,
        told,
        given.assume,
        assume=view.assume,
        as_of=view.as_of,
        known_at=view.known_at,
        standard=view.standard,
        readings=dict(view.readings),
    )
    without: Answer = desk.answer(view.but(as_of=iso(found.supposing.as_of)))
    invented = replace(holding, hypothetical=True)
    refused = refused_rows((*holding.records.refused, *found.refused))
    supposing = Answer(view, lib, invented, found.supposing, refused, desk.in_turn)
    return Compared(without, supposing, found)


@router.get("/agreements/{agreement}/what-if", name="what_if")
@router.get("/agreements/{agreement}/what-if.json", name="what_if.json")
def page(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    records: Annotated[str, Query(max_length=MAX_ADDRESS)] = "",
    suppose: Assumptions = [],  # noqa: B006 - FastAPI copies it
    type: Annotated[str, Query(max_length=WORD)] = "",  # noqa: A002
    day: Annotated[str, Query(max_length=WORD)] = "",
    value: Annotated[list[str], Query(max_length=60)] = [],  # noqa: B006
    place: Annotated[str, Query(max_length=WORD)] = "",
    told_by: Annotated[str, Query(max_length=WORD)] = "",
    do: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """The assessment with what is supposed, beside the one without; HYPOTHETICAL."""
    asked = Asked(records, tuple(suppose), type, day, tuple(value), place, told_by, do)
    return _answer(request, view, asked)


@posting.post("/agreements/{agreement}/what-if", name="what_if.sent")
def sent(
    request: Request,
    view: Annotated[View, Depends(view_of)],
    records: Annotated[str, Form(max_length=LONG)] = "",
    suppose: Annotated[list[str], Form(max_length=MAX_ASSUMPTIONS + 1)] = [],  # noqa: B006
    type: Annotated[str, Form(max_length=WORD)] = "",  # noqa: A002
    day: Annotated[str, Form(max_length=WORD)] = "",
    value: Annotated[list[str], Form(max_length=60)] = [],  # noqa: B006
    place: Annotated[str, Form(max_length=WORD)] = "",
    told_by: Annotated[str, Form(max_length=WORD)] = "",
    do: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """The same for what is too long for an address; it changes and keeps nothing."""
    asked = Asked(records, tuple(suppose), type, day, tuple(value), place, told_by, do)
    return _answer(request, view, asked)


def _answer(request: Request, view: View, asked: Asked) -> Response:
    lib: Library = request.app.state.desk.library(view.agreement)
    if wants_json(request):
        made = compared(request, view, (asked.added(lib) if asked.do == ADD else asked).supposed)
        return as_json(supposed.plain(made.without, made.supposing, made.found, asked.supposed))
    error, result = "", None
    try:
        asked = asked.added(lib) if asked.do == ADD else asked
        if asked.supposed and asked.do != FIELDS:
            result = compared(request, view, asked.supposed)
    except InputError as wrong:
        error = str(wrong)
    answer = request.app.state.desk.answer(view) if result is None else result.without
    context = frame(answer, "what_if", "What if", "what-if")
    context |= {
        "hypothetical": True,
        "sentence_of": None,
        "asked": asked,
        "error": error,
        "fields": supposed.fields(lib, asked.type),
        "types": supposed.types(lib),
        "speakers": supposed.speakers(lib),
        "demo": request.app.state.settings.demo,
        "view": view,
        "base": context["sentence_of"],
        "nav": navigation(view),
        "link": _link(view, asked.supposed),
        "page": None,
    }
    if result is not None:
        told = supposed.shown(result.without, result.supposing, result.found)
        context |= {"page": told}
    return rendered(request, "what_if.html", context, 400 if error else 200)


def _link(view: View, given: Supposed) -> str:
    """The address that gives the same again, where it is short enough for one."""
    if not given:
        return ""
    more = [("suppose", text) for text in given.assume]
    address = view.address("what-if", records=given.text or None)
    joined = "&" if "?" in address else "?"
    whole = address + (joined + urlencode(more) if more else "")
    return whole if len(whole) <= MAX_ADDRESS else ""
