"""What every answer carries and every request must satisfy, whatever the page.

Strict content policy without inline script or style; the host by which the server is called; where
a changing request comes from; how large it may be.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servanda.web.problems import MEDIA_TYPE, Problem, fault

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The embedded edition alone may stand in a frame of another site; all else is as strict.
EMBEDDED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE = ("GET", "HEAD", "OPTIONS")
MAX_BODY = 64_000  # bytes of a form
MAX_UPLOAD = 2_000_000  # bytes of a file of records, with the form around it
UPLOADS = "/file"  # how the address ends to which files are sent
MAX_ADDRESS = 8_000  # bytes of path and query


class Guard:
    """The outermost layer; refuses before anything else looks at the request."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if headers["Content-Security-Policy"] == EMBEDDED:
                    del headers["X-Frame-Options"]
            await send(message)

        problem = refusal(scope, self.hosts)
        if problem is not None:
            plain = problem.plain("")
            response = JSONResponse(plain, problem.status, media_type=MEDIA_TYPE)
            await response(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception as error:
            if begun:
                raise
            await fault(Request(scope), error)(scope, receive, guarded)


def refusal(scope: Scope, hosts: frozenset[str]) -> Problem | None:
    """Why a request is not looked at; None where it is."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if _name(host) not in hosts:
        return Problem(400, "Unknown host", "The server is not called by that name here.")
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
        return Problem(414, "Address too long", f"An address has up to {MAX_ADDRESS} bytes.")
    if scope["method"] in SAFE:
        return None
    length = headers.get("content-length", "")
    if not length.isdigit():
        return Problem(411, "Length required", "A form says how long it is.")
    if int(length) > (MAX_UPLOAD if scope["path"].endswith(UPLOADS) else MAX_BODY):
        return Problem(
            413, "Too large", f"A form has up to {MAX_BODY:,} bytes, a file {MAX_UPLOAD:,}."
        )
    origin = headers.get("origin")
    same = headers.get("sec-fetch-site") in ("same-origin", "none")
    if urlsplit(origin).netloc != host if origin is not None else not same:
        return Problem(403, "From another site", "Forms are taken from pages of this server only.")
    return None


def _name(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host[: host.find("]") + 1]
    return host.partition(":")[0]
