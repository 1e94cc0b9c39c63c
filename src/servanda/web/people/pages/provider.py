"""Leaving for an OpenID Connect provider, and coming back.

Whoever comes back comes from another site, so that the browser sends no cookie of the session; what
was kept meanwhile lies sealed in a cookie of its own, and a page leads on from there.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from servanda.web.people import by_provider, provider
from servanda.web.people.asking import place_of, session_of, with_session
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office
from servanda.web.people.pages.shared import Secret, Word, as_refusal, form_page, office_of
from servanda.web.people.provider import Provider
from servanda.web.people.signing_in import Wait
from servanda.web.problems import Problem, not_found

router = APIRouter(include_in_schema=False)
BACK = "/sign-in/provider/back"
Given = Annotated[str, Query(max_length=4_000)]


def _provider(request: Request) -> Provider:
    found: Provider | None = request.app.state.provider
    if found is None:
        raise not_found("There is no provider here to sign in with.")
    return found


def _cookie(office: Office) -> str:
    return f"{office.cookie}-provider"


def _back(request: Request) -> str:
    scheme = "https" if office_of(request).secure else request.url.scheme
    return f"{scheme}://{request.headers['host']}{BACK}"


@router.post("/sign-in/provider", name="provider")
def leave(request: Request, link: Word = "") -> Response:
    """To the provider; with the secret of an invitation its account is tied."""
    return _leave(request, link, "")


@router.post("/account/provider", name="account.provider")
def tie(request: Request, tie_proof: Secret = "") -> Response:
    """To the provider, to tie the own account; by the password, as all that changes the way in."""
    from servanda.web.people.own_account import prove
    from servanda.web.people.pages.account import account_page

    person = session_of(request).person
    try:
        prove(office_of(request), person, tie_proof, "tie_proof")
    except (Refusal, Wait) as error:
        return account_page(request, error)
    return _leave(request, "", person.account)


def _leave(request: Request, link: str, account: str) -> Response:
    office = office_of(request)
    try:
        address, kept = provider.leave(_provider(request), office, _back(request), link, account)
    except Refusal as error:
        raise Problem(502, "No answer from the provider", str(error)) from error
    response = _onward(request, address)
    # Lax, since it must come along when the provider sends the browser back.
    response.set_cookie(
        _cookie(office), kept.sealed(office), max_age=provider.SECONDS, path="/",
        secure=office.secure, httponly=True, samesite="lax",
    )  # fmt: skip
    return response


def _onward(request: Request, address: str) -> Response:
    """A page that leads on: a plain redirect is no new beginning for browser and policy."""
    context = {"title": "One moment", "address": address}
    return form_page(request, "people/onward.html", context)


@router.get(BACK, name="provider.back")
def back(request: Request, state: Given = "", code: Given = "") -> Response:
    """From the provider; what it calls itself and its errors are not repeated."""
    office, there = office_of(request), _provider(request)
    leaving = provider.kept(office, request.cookies.get(_cookie(office)))
    try:
        if leaving is None or not code:
            raise Refusal(provider.NOT_TAKEN)
        told = provider.subject(there, office, leaving, state, code, _back(request))
        entered = by_provider.enter(office, told, leaving, place_of(request))
    except (Refusal, Wait) as error:
        raise Problem(403, "Not signed in", as_refusal(error).message) from error
    response = _onward(request, "/" if entered.whole else "/sign-in/code")
    response.delete_cookie(_cookie(office), path="/", secure=office.secure, httponly=True)
    return with_session(request, response, entered.token)
