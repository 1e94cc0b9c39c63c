"""Signing in and out: name and password, the code of the second factor, and one-time links."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from servanda.web.people import links, sessions, signing_in
from servanda.web.people.asking import place_of, with_session
from servanda.web.people.errors import Refusal
from servanda.web.people.pages.shared import (
    Secret,
    Word,
    form_page,
    inside,
    office_of,
    to,
)
from servanda.web.people.signing_in import In, Wait
from servanda.web.problems import Problem

router = APIRouter(include_in_schema=False)
Address = Annotated[str, Query(max_length=2_000)]


@router.get("/sign-in", name="sign_in")
def sign_in(request: Request, to: Address = "/") -> Response:
    """The form for name and password."""
    return _sign_in(request, "", inside(to))


def _sign_in(request: Request, name: str, to: str, error: Refusal | Wait | None = None) -> Response:
    provider = request.app.state.provider
    context = {"title": "Sign in", "name": name, "to": to, "provider": provider}
    return form_page(request, "people/sign_in.html", context, error)


@router.post("/sign-in", name="signed_in")
def signed_in(request: Request, name: Word = "", password: Secret = "", to: Word = "/") -> Response:
    """Sign in; a code is asked for where there is a second factor."""
    office = office_of(request)
    before = request.cookies.get(office.cookie)
    try:
        entered = signing_in.sign_in(office, name, password, place_of(request), before)
    except (Refusal, Wait) as error:
        return _sign_in(request, name[:60], inside(to), error)
    return _entered(request, entered, inside(to))


def _entered(request: Request, entered: In, address: str = "/") -> Response:
    """On to the page that was wanted, or to the code."""
    onward = address if entered.whole else f"/sign-in/code?to={quote(address, safe='')}"
    return with_session(request, to(onward), entered.token)


@router.get("/sign-in/code", name="code")
def code(request: Request, to: Address = "/") -> Response:
    """The form for the code of the second factor."""
    office = office_of(request)
    session = sessions.find(office, request.cookies.get(office.cookie))
    if session is None:
        return _sign_in(request, "", inside(to), Refusal("Begin with name and password."))
    return form_page(request, "people/code.html", {"title": "Second factor", "to": inside(to)})


@router.post("/sign-in/code", name="coded")
def coded(request: Request, code: Word = "", to: Word = "/") -> Response:
    """Sign in with the code."""
    office = office_of(request)
    token = request.cookies.get(office.cookie)
    try:
        entered = signing_in.second_factor(office, token, code, place_of(request))
    except (Refusal, Wait) as error:
        context = {"title": "Second factor", "to": inside(to)}
        return form_page(request, "people/code.html", context, error)
    return _entered(request, entered, inside(to))


@router.post("/leave", name="leave")
def leave(request: Request) -> Response:
    """Sign out."""
    office = office_of(request)
    signing_in.sign_out(office, request.cookies.get(office.cookie), place_of(request))
    response = to("/sign-in")
    response.delete_cookie(
        office.cookie, path="/", secure=office.secure, httponly=True, samesite="strict"
    )
    return response


@router.get("/enter", name="enter")
def enter(request: Request, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """A one-time link: asks for a password; looking at it does not use it up."""
    return _enter(request, token, "")


def _enter(
    request: Request, token: str, name: str, error: Refusal | Wait | None = None
) -> Response:
    link = links.look(office_of(request), token)
    if link is None:
        if isinstance(error, Wait):
            raise Problem(429, "Too many tries", "Nothing was looked at; try again later.")
        raise Problem(403, "The link does not open", links.SHUT)
    context = {"title": "Set your password", "token": token, "link": link, "name": name}
    context["provider"] = request.app.state.provider
    return form_page(request, "people/enter.html", context, error)


@router.post("/enter", name="entered")
def entered(
    request: Request, token: Word = "", name: Word = "", password: Secret = "", again: Secret = ""
) -> Response:
    """Set the password of an invitation, or of the first administrator, and sign in."""
    office = office_of(request)
    try:
        found = links.use(office, token, name, password, again, place_of(request))
    except (Refusal, Wait) as error:
        return _enter(request, token, name[:60], error)
    return _entered(request, found)
