"""What the pages of people share: a form shown again with what was wrong, days, addresses."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from servanda.web.people import forms
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office
from servanda.web.people.passwords import MAX_PASSWORD, MIN_PASSWORD
from servanda.web.people.signing_in import Wait
from servanda.web.render import page
from servanda.web.words import counted

# Longer than what is accepted, so that what is too long is told on the page.
Word = Annotated[str, Form(max_length=400)]
Secret = Annotated[str, Form(max_length=2 * MAX_PASSWORD)]
NOTHING = Refusal("")


def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


def form_page(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    error: Refusal | Wait | None = None,
) -> Response:
    """A page with a form; `error` is told above it, and beside its field."""
    forms.prepare(request)
    told = NOTHING if error is None else as_refusal(error)
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, Wait) else {}
    status = 200 if error is None else 429 if isinstance(error, Wait) else 400
    shown = {"error": told, "min_password": MIN_PASSWORD, **context}
    return forms.remember(request, page(request, template, shown, status, headers))


def as_refusal(error: Refusal | Wait) -> Refusal:
    if isinstance(error, Refusal):
        return error
    minutes = counted(-(-error.seconds // 60), "minute")
    return Refusal(f"Too many tries. Nothing was looked at; try again in {minutes}.")


def to(address: str) -> Response:
    """See another page, by GET."""
    return RedirectResponse(address, 303)


def inside(address: str) -> str:
    """An address of this server to go on to; the first page where it is none."""
    bad = not address.startswith("/") or address[1:2] in ("/", "\\") or len(address) > 2_000
    return "/" if bad or not address.isprintable() or "\\" in address else address


def when(at: int) -> str:
    """An instant as pages about people say it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def link_address(request: Request, secret: str) -> str:
    """The address of a one-time link, as the browser that asks calls the server."""
    office = office_of(request)
    scheme = "https" if office.secure else request.url.scheme
    return f"{scheme}://{request.headers['host']}/enter?token={secret}"
