"""One's own account: password, second factor, sessions."""

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from servanda.web.people import own_account, sessions, totp
from servanda.web.people.asking import place_of, session_of, with_session
from servanda.web.people.errors import Refusal
from servanda.web.people.office import ISSUER
from servanda.web.people.pages.shared import Secret, Word, form_page, office_of, to, when
from servanda.web.people.sight import seen_by
from servanda.web.people.signing_in import Wait

router = APIRouter(include_in_schema=False)
SEES = {
    "public": "public records",
    "parties": "records that are public or for the parties",
    "body": "records that are public, for the parties, or for the body",
    "confidential": "records of every handling class",
}


@router.get("/account", name="account")
def account(request: Request) -> Response:
    """The account of whoever asks."""
    return account_page(request)


def account_page(request: Request, error: Refusal | Wait | None = None) -> Response:
    office, session = office_of(request), session_of(request)
    with office.store.reading() as connection:
        opened = sessions.of_account(office, connection, session.person.account)
    sight = seen_by(session.person)
    context = {
        "title": "Your account",
        "session": session,
        "provider": request.app.state.provider,
        "sees": SEES[sight.audience],
        "own": sight.own,
        "sessions": [(one, when(one.made), when(one.seen)) for one in opened],
    }
    return form_page(request, "people/account.html", context, error)


@router.post("/account/password", name="account.password")
def password(
    request: Request, old: Secret = "", password: Secret = "", again: Secret = ""
) -> Response:
    """Change the password."""
    office, session = office_of(request), session_of(request)
    try:
        token = own_account.change_password(
            office, session, old, password, again, place_of(request)
        )
    except (Refusal, Wait) as error:
        return account_page(request, error)
    return with_session(request, to("/account"), token)


@router.post("/account/second-factor/begin", name="account.factor.begin")
def begin(request: Request, proof: Secret = "") -> Response:
    """Begin to set up a second factor."""
    try:
        own_account.begin_factor(office_of(request), session_of(request), proof)
    except (Refusal, Wait) as error:
        return account_page(request, error)
    return to("/account/second-factor")


@router.get("/account/second-factor", name="account.factor")
def factor(request: Request) -> Response:
    """The secret that is being set up, as a drawing and in letters."""
    return _factor(request)


def _factor(request: Request, error: Refusal | Wait | None = None) -> Response:
    person = session_of(request).person
    secret = own_account.factor_begun(office_of(request), person)
    if secret is None:
        return to("/account")
    context = {
        "title": "Set up a second factor",
        "drawing": Markup(totp.drawing(totp.address(secret, person.name, ISSUER))),  # noqa: S704
        "spelled": totp.spelled(secret),
    }
    return form_page(request, "people/factor.html", context, error)


@router.post("/account/second-factor", name="account.factor.confirm")
def confirm(request: Request, code: Word = "") -> Response:
    """Turn it on, by a first code."""
    office, session = office_of(request), session_of(request)
    try:
        token = own_account.confirm_factor(office, session, code, place_of(request))
    except (Refusal, Wait) as error:
        return _factor(request, error)
    return with_session(request, to("/account"), token)


@router.post("/account/second-factor/off", name="account.factor.off")
def off(request: Request, proof: Secret = "", code: Word = "") -> Response:
    """Turn it off, by password and code."""
    office, session = office_of(request), session_of(request)
    try:
        token = own_account.factor_off(office, session, proof, code, place_of(request))
    except (Refusal, Wait) as error:
        return account_page(request, error)
    return with_session(request, to("/account"), token)


@router.post("/account/sessions/end", name="account.sessions")
def end(request: Request, handle: Word = "") -> Response:
    """End one session, or all others."""
    own_account.end_session(office_of(request), session_of(request), handle)
    return to("/account")
