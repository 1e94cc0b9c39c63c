"""What went wrong, told as problem details (RFC 9457) or as a page, never as a traceback.

In: an error of the library, of a request, or of ours.  Out: status, title, what is wrong and, where
it is a field, which one and why.
"""

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from servanda.characters import blotted
from servanda.ledger.errors import LedgerError
from servanda.library import InputError

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("servanda.web")


@dataclass(eq=False)
class Problem(Exception):
    """`fields` are pairs of a field and what is wrong with it."""

    status: int
    title: str
    detail: str
    fields: tuple[tuple[str, str], ...] = ()

    def plain(self, instance: str) -> dict[str, Any]:
        """The members of RFC 9457."""
        found: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        if self.fields:
            found["errors"] = [{"field": f, "reason": r} for f, r in self.fields]
        return found


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
                "required": ["field", "reason"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
}


def not_found(what: str) -> Problem:
    return Problem(404, "Not found", what)


def not_served(agreement: str) -> Problem:
    """The same where there is no such agreement and where somebody may not know of it."""
    return not_found(f"No agreement “{agreement}” is served here.")


def bad_field(name: str, reason: str) -> Problem:
    return Problem(400, "Cannot be shown that way", reason, ((name, reason),))


def install(app: FastAPI) -> None:
    """Answer every kind of error but faults, which the outermost layer catches."""
    app.add_exception_handler(Problem, answer)
    app.add_exception_handler(InputError, _bad_input)
    app.add_exception_handler(LedgerError, _bad_input)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http)


def answer(request: Request, error: Exception) -> Response:
    """The problem as JSON or as a page, as the request prefers; in place of a part, as a part."""
    from servanda.web.respond import wants_json

    assert isinstance(error, Problem)
    headers = {"Cache-Control": "no-store"}
    if wants_json(request):
        plain = error.plain(blotted(request.url.path))
        return JSONResponse(plain, error.status, headers, MEDIA_TYPE)
    from servanda.web.render import page

    context = {"problem": error, "title": error.title}
    usual = "problem_part.html" if "hx-request" in request.headers else "problem.html"
    template = getattr(request.state, "problem_page", usual)
    return page(request, template, context, error.status, headers)


def _bad_input(request: Request, error: Exception) -> Response:
    return answer(request, Problem(400, "Cannot be shown that way", blotted(str(error))))


def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = tuple((str(e["loc"][-1]), str(e["msg"])) for e in error.errors())
    detail = "; ".join(f"{name}: {reason}" for name, reason in fields)
    return answer(request, Problem(400, "Cannot be shown that way", detail, fields))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    told = "There is no page at this address." if error.status_code == 404 else str(error.detail)
    response = answer(request, Problem(error.status_code, title, told))
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def fault(request: Request, error: Exception) -> Response:
    """A fault of ours: told with a number under which the terminal says more."""
    number = secrets.token_hex(4)
    log.error("fault %s at %s", number, request.url.path, exc_info=error)
    told = (
        "This is a fault in Servanda, not in your input. The terminal in which the server runs "
        f"says more under the number {number}."
    )
    return answer(request, Problem(500, "A fault", told))
