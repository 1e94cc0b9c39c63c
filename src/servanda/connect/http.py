"""Polite requests: time-outs, back-off with jitter, and a word of the server about when to return.

What goes over the wire is behind the protocol `Transport`, so that tests need no network.  Keys go
into headers only, never into an address, a message or a file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

TIMEOUT_S = 60.0
MAX_BODY = 200_000_000  # bytes of one page
AGAIN = (408, 425, 429, 500, 502, 503, 504)
EXPLAINED = {
    401: "the key was not accepted (status 401)",
    403: "the key does not allow this (status 403)",
    404: "there is no such data set or version (status 404)",
}
TRIES = 6
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 300.0
AGENT = "servanda (polite client; one request at a time)"


class Failed(OSError):
    """A request that came to nothing; the message says what, where and why, and holds no key."""


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """One request; raises OSError if no answer came."""

    def __call__(self, url: str, headers: Mapping[str, str], timeout: float) -> Response: ...


@dataclass(frozen=True, slots=True)
class Client:
    """Asks again where that helps.  `sleep` and `jitter` (0 to 1) are given from outside."""

    transport: Transport
    sleep: Callable[[float], None]
    jitter: Callable[[], float]
    tries: int = TRIES
    timeout: float = TIMEOUT_S

    def get(self, url: str, headers: Mapping[str, str]) -> bytes:
        """The body of a page.  Raises Failed."""
        where = urlsplit(url)
        if where.scheme != "https":
            raise Failed(f"{where.hostname}: only https is used, not {where.scheme}")
        why, asked = "no answer", None
        for attempt in range(self.tries):
            if attempt:
                self.sleep(self._wait(attempt, asked))
            try:
                response = self.transport(url, {"User-Agent": AGENT, **headers}, self.timeout)
            except Failed:
                raise
            except OSError as error:
                why, asked = f"no answer ({error})", None
                continue
            if response.status == 200:
                return response.body
            why, asked = f"status {response.status}", _retry_after(response.headers)
            if response.status not in AGAIN:
                raise Failed(f"{where.hostname}{where.path}: {EXPLAINED.get(response.status, why)}")
        raise Failed(f"{where.hostname}{where.path}: {why}; given up after {self.tries} tries")

    def _wait(self, attempt: int, asked: float | None) -> float:
        """Twice as long each time, shaken by up to half, or as long as the server asks for."""
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (attempt - 1)) * (1 - self.jitter() / 2)
        return wait if asked is None else min(LONGEST_WAIT_S, max(wait, asked))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds the server asks to wait."""
    value = next((v for n, v in headers.items() if n.lower() == "retry-after"), "").strip()
    return float(value) if value.isdigit() and len(value) < 9 else None


def over_the_network(url: str, headers: Mapping[str, str], timeout: float) -> Response:
    """The transport of the standard library; follows no redirection to another host."""
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class SameHost(HTTPRedirectHandler):
        def redirect_request(
            self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any
        ) -> Any:
            if not same_host(req.full_url, newurl):
                raise Failed(f"{urlsplit(req.full_url).hostname} redirects to another host")
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    request = Request(url, headers=dict(headers))  # noqa: S310 - `Client` lets https through alone
    try:
        with build_opener(SameHost).open(request, timeout=timeout) as answer:
            body = answer.read(MAX_BODY + 1)
            if len(body) > MAX_BODY:
                raise Failed(f"a page of more than {MAX_BODY:,} bytes")
            return Response(answer.status, dict(answer.headers), body)
    except HTTPError as error:
        return Response(error.code, dict(error.headers), b"")


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host, over https."""
    left, right = urlsplit(one), urlsplit(other)
    return right.scheme == "https" and left.hostname == right.hostname and left.port == right.port
