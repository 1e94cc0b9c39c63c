"""The trail for auditor and administrator, and who signed in, which is on one page only."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from servanda.evidence.instant import iso
from servanda.web.people import sign_ins as table
from servanda.web.people import trail
from servanda.web.people.pages.shared import form_page, office_of, when
from servanda.web.people.trail import Line
from servanda.web.respond import either
from servanda.web.view import only_known

router = APIRouter(dependencies=[Depends(only_known)], include_in_schema=False)
SCHEMA = "servanda.trail/1"
Before = Annotated[int | None, Query(ge=1, le=2**53)]


@router.get("/trail", name="trail")
@router.get("/trail.json", name="trail.json")
def page(request: Request, before: Before = None) -> Response:
    """Who changed what, when and on what, the newest first; signing in is no change."""
    office = office_of(request)
    with office.store.reading() as connection:
        lines = trail.lines(connection, before)
        broken = trail.broken(connection, office.keys)
    return either(
        request,
        "people/trail.html",
        lambda: plain(lines, broken),
        lambda: context(lines, broken),
    )


def plain(lines: list[Line], broken: int | None) -> dict[str, Any]:
    """Schema `servanda.trail/1`; `broken` is the first line that does not hold."""
    return {
        "schema": SCHEMA,
        "broken": broken,
        "lines": [
            {
                "seq": one.seq,
                "at": iso(one.at * 1_000_000),
                "who": one.who,
                "what": one.what,
                "on": one.on,
                "detail": dict(one.detail),
                "hash": one.hash,
            }
            for one in lines
        ],
    }


def context(lines: list[Line], broken: int | None) -> dict[str, Any]:
    more = lines[-1].seq if lines and lines[-1].seq > 1 else None
    rows = [(one, when(one.at), _detail(one)) for one in lines]
    return {"title": "Trail", "rows": rows, "broken": broken, "more": more}


def _detail(one: Line) -> str:
    told = [f"{k.replace('_', ' ')}: {v}" for k, v in one.detail.items() if v is not None]
    return ", ".join(told)


@router.get("/sign-ins", name="sign_ins")
def sign_ins(request: Request) -> Response:
    """Who signed in and who tried; there is no JSON of it."""
    with office_of(request).store.reading() as connection:
        found = table.latest(connection)
    rows = [(one, when(one.at)) for one in found]
    context = {"title": "Sign-ins", "rows": rows, "days": table.KEPT_DAYS}
    return form_page(request, "people/sign_ins.html", context)
