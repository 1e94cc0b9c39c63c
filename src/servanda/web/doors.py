"""Signing in: a one-time link for the administrator, and sessions kept in memory.

The link is shown once, in the terminal.  Only digests of it and of the sessions are held; all are
gone when the server stops.
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

SESSION_SECONDS = 12 * 3600
LINK_SECONDS = 15 * 60
TRIES = 10  # wrong links in a row, after which nobody is let in for a while
PAUSE_SECONDS = 60
SESSIONS = 100


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()


@dataclass
class Doors:
    """`clock` gives seconds; it is an argument so that tests can let time pass."""

    secure: bool = False
    clock: Callable[[], float] = time.monotonic
    _link: tuple[bytes, float] | None = None
    _sessions: dict[bytes, float] = field(default_factory=dict)
    _wrong: int = 0
    _closed_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def cookie(self) -> str:
        """The name of the cookie; the prefix makes browsers refuse it from anywhere else."""
        return "__Host-servanda" if self.secure else "servanda"

    def new_link(self) -> str:
        """The secret of a link that lets one person in, once, within a quarter of an hour."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._link = (_digest(secret), self.clock() + LINK_SECONDS)
        return secret

    def enter(self, secret: str) -> str | None:
        """A session for the bearer of the link; None where it is wrong, old or used."""
        now = self.clock()
        with self._lock:
            if now < self._closed_until:
                return None
            link = self._link
            good = link is not None and hmac.compare_digest(link[0], _digest(secret))
            if link is None or not good or now > link[1]:
                self._wrong += 1
                if self._wrong >= TRIES:
                    self._wrong, self._closed_until = 0, now + PAUSE_SECONDS
                return None
            self._link, self._wrong = None, 0
            session = secrets.token_urlsafe(32)
            if len(self._sessions) >= SESSIONS:
                del self._sessions[min(self._sessions, key=self._sessions.__getitem__)]
            self._sessions[_digest(session)] = now + SESSION_SECONDS
            return session

    def knows(self, session: str | None) -> bool:
        """Whether a session is open."""
        if not session:
            return False
        with self._lock:
            until = self._sessions.get(_digest(session))
            return until is not None and self.clock() < until

    def leave(self, session: str | None) -> None:
        with self._lock:
            self._sessions.pop(_digest(session or ""), None)
