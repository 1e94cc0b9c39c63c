"""The public pages: released editions, read only, in the language of the reader.

Every form of an edition tells the same document; one that was withdrawn tells that and why.
"""

import json
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from servanda.geo import Atlas
from servanda.report.edition import formats
from servanda.web.editions import store
from servanda.web.editions.feed import MEDIA as ATOM
from servanda.web.editions.feed import feed as atom
from servanda.web.editions.release import Release, plain, plain_list, releases
from servanda.web.editions.say import N_, Speech, speech
from servanda.web.editions.shown import page as shown
from servanda.web.language import LANGUAGES, preferred
from servanda.web.problems import Problem, bad_field, not_found
from servanda.web.respond import as_json, either
from servanda.web.security import EMBEDDED
from servanda.web.view import only_known

router = APIRouter(dependencies=[Depends(only_known)])
Lang = Annotated[str | None, Query(max_length=8)]
Rows = Annotated[str, Query(max_length=20)]
TABLES = {"occurrences": formats.occurrences_csv, "commitments": formats.commitments_csv}
MOST_DIGITS = 9
NOT_FOUND = N_("Not found")  # the title of what `not_found` raises


def spoken(request: Request, lang: Lang = None) -> Speech:
    """The language that the address asks for, else the one that the browser likes best."""
    codes = [one.code for one in LANGUAGES]
    if lang is not None and lang not in codes:
        raise bad_field("lang", f"There is no such language here; there are {', '.join(codes)}.")
    chosen = lang or preferred(request.headers.get("accept-language", ""))
    request.state.language = chosen
    request.state.problem_page = "public/problem.html"
    return speech(chosen)


Spoken = Annotated[Speech, Depends(spoken)]


def all_releases(request: Request) -> list[Release]:
    """None in a demo: nothing is released there.  Read anew when something was added."""
    office = getattr(request.app.state, "office", None)
    if office is None:
        return []
    kept: tuple[tuple[int, int], list[Release]] | None
    kept = getattr(request.app.state, "releases", None)
    with office.store.reading() as connection:
        now = store.state(connection)
        if kept is None or kept[0] != now:
            kept = (now, releases(store.every(connection)))
            request.app.state.releases = kept
    return kept[1]


def found(request: Request, number: str) -> Release:
    """The release of a number; raises a problem where there is none."""
    usual = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    for one in all_releases(request) if usual else ():
        if one.number == int(number):
            return one
    raise not_found(N_("No edition with this number was released here."))


def standing(request: Request, number: str) -> Release:
    """One whose content is still shown."""
    one = found(request, number)
    if not one.stands:
        raise Problem(
            410, N_("Withdrawn"),
            N_("This edition was withdrawn; its page says when, by whom and why."),
        )  # fmt: skip
    return one


def base_of(request: Request) -> str:
    """How browsers call the server, for addresses that leave it."""
    told = request.app.state.settings.address
    return str(told or request.base_url).rstrip("/")


def frame(request: Request, speech: Speech, title: str, path: str) -> dict[str, Any]:
    """What is the same on all public pages; `path` leads to this page in other languages."""
    return {
        "title": title,
        "speech": speech,
        "languages": [(one, f"{path}?lang={one.code}") for one in LANGUAGES],
        "ask": f"?lang={speech.language}",
        "signed_in": bool(request.state.person.account),
    }


@router.get("/public", name="public")
@router.get("/public.json", name="public.json")
def listed(request: Request, speech: Spoken) -> Response:
    """The editions that were released, the newest first."""
    found = all_releases(request)
    return either(
        request,
        "public/list.html",
        lambda: plain_list(found),
        lambda: {
            **frame(request, speech, speech.say("Released editions"), "/public"),
            "releases": found,
            "demo": request.app.state.settings.demo,
        },
    )


@router.get("/public/feed.atom", name="feed", include_in_schema=False)
def feed(request: Request, speech: Spoken) -> Response:
    """The released editions as a feed."""
    made = atom(all_releases(request), base_of(request), speech)
    return Response(made, 200, media_type=f"{ATOM}; charset=utf-8")


@router.get("/public/{agreement}", name="public.latest", include_in_schema=False)
def latest(request: Request, agreement: str, speech: Spoken) -> Response:
    """The latest edition of an agreement that stands."""
    for one in all_releases(request):
        if one.edition.agreement == agreement and one.stands:
            return RedirectResponse(f"{one.address}?lang={speech.language}", 302)
    raise not_found(N_("No edition of this agreement stands here."))


@router.get("/public/editions/{number}.json", name="edition.json")
def data(request: Request, number: str) -> Response:
    """An edition as data."""
    return as_json(plain(found(request, number)))


@router.get("/public/editions/{number}.csv", name="edition.csv", include_in_schema=False)
def table(request: Request, number: str, table: Rows = "occurrences") -> Response:
    """Its occurrences, or its commitments, as a table."""
    if table not in TABLES:
        raise bad_field("table", f"There is no such table; there are {', '.join(TABLES)}.")
    one = standing(request, number)
    made = TABLES[table](one.edition.document)
    return _file(one, made.encode("utf-8-sig"), f"-{table}.csv", "text/csv; charset=utf-8")


@router.get("/public/editions/{number}.geojson", name="edition.geojson", include_in_schema=False)
def geojson(request: Request, number: str) -> Response:
    """Its occurrences by unit, as a map."""
    one = standing(request, number)
    made = formats.geojson(one.edition.document, Atlas.standard())
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _file(one, text.encode("utf-8"), ".geojson", "application/geo+json")


@router.get("/public/editions/{number}.ics", name="edition.ics", include_in_schema=False)
def calendar(request: Request, number: str, speech: Spoken) -> Response:
    """Its deadlines as a calendar."""
    one = standing(request, number)
    made = formats.calendar(one.edition.document, base_of(request) + one.address, speech.say)
    return _file(one, made, "-deadlines.ics", "text/calendar; charset=utf-8")


def _file(one: Release, data: bytes, ending: str, media: str) -> Response:
    name = f"{one.edition.agreement}-{one.number}{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, 200, headers, media)


@router.get("/public/editions/{number}/embed", name="edition.embed", include_in_schema=False)
def embed(request: Request, number: str, speech: Spoken) -> Response:
    """An edition for the frame of another site: no script, no form, no way in."""
    from servanda.web.render import page

    one = found(request, number)
    told = page(request, "public/embed.html", _context(request, one, speech))
    told.headers["Content-Security-Policy"] = EMBEDDED
    return told


@router.get("/public/editions/{number}", name="edition", include_in_schema=False)
def edition(request: Request, number: str, speech: Spoken) -> Response:
    """An edition as a page."""
    one = found(request, number)
    return either(
        request, "public/edition.html", lambda: plain(one), lambda: _context(request, one, speech)
    )


def _context(request: Request, one: Release, speech: Speech) -> dict[str, Any]:
    document = one.edition.document
    return {
        **frame(request, speech, str(document["agreement"]["title"]), one.address),
        "release": one,
        "document": document,
        "page": shown(document, speech) if one.stands else None,
        "base": base_of(request),
        "frame_title": escape(document["agreement"]["title"]),
    }
