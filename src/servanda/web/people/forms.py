"""Forms are taken only from pages of this server: each carries a token tied to a cookie.

The token is worked out of the secret in the cookie (of the session, or of the form where nobody has
signed in), so that another site, which cannot read the cookie, cannot make one.  That the request
comes from here by its `Origin` is checked besides, in `servanda.web.security`.
"""

import hmac
import secrets

from fastapi import Request
from starlette.responses import Response

from servanda.web.problems import Problem
from servanda.web.security import SAFE

FIELD = "form_token"
HEADER = "x-form-token"
SECONDS = 12 * 3600
MAX_FIELDS = 1_000


def token_of(request: Request) -> str:
    """What a form of this page carries; empty where there is nothing to tie it to."""
    office = getattr(request.app.state, "office", None)
    if office is None:
        return ""
    fresh = getattr(request.state, "form_secret", None)
    secret = request.cookies.get(office.cookie) or request.cookies.get(office.form_cookie) or fresh
    return token_from(secret) if secret else ""


def token_from(secret: str) -> str:
    return hmac.digest(secret.encode("utf-8", "replace"), b"servanda form", "sha256").hex()


def prepare(request: Request) -> None:
    """Before a page with a form for somebody who has no cookie yet."""
    if not token_of(request):
        request.state.form_secret = secrets.token_urlsafe(32)


def remember(request: Request, response: Response) -> Response:
    """Give the browser the cookie that `prepare` made."""
    secret = getattr(request.state, "form_secret", None)
    if secret:
        office = request.app.state.office
        response.set_cookie(
            office.form_cookie, secret, max_age=SECONDS, path="/", secure=office.secure,
            httponly=True, samesite="strict",
        )  # fmt: skip
    return response


async def same_form(request: Request) -> None:
    """Refuse what changes something without the token; every route depends on this."""
    if request.method in SAFE:
        return
    given = request.headers.get(HEADER) or (await request.form(max_fields=MAX_FIELDS)).get(FIELD)
    expected = token_of(request)
    told = given if isinstance(given, str) else ""
    if not expected or not hmac.compare_digest(told.encode("utf-8", "replace"), expected.encode()):
        await request.close()
        raise Problem(
            403,
            "The form is out of date",
            "It was made before you signed in or out, or not by this server. Nothing was changed. "
            "Go back, load the page anew, and send it again.",
        )
