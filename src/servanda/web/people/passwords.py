"""Passwords: what they must be, and argon2id of them.

An unknown name costs the same work as a wrong password, so that nobody learns who has an account.
Only so many are worked out at once: each takes 64 MiB.
"""

import threading
import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from servanda.web.people.errors import Refusal

MIN_PASSWORD = 12  # characters; nothing else is demanded (NIST SP 800-63B)
MAX_PASSWORD = 200
MAX_AT_ONCE = 2
PATIENCE = 10.0  # seconds that one waits for its turn


@dataclass(frozen=True)
class Passwords:
    """`hasher` has the parameters of RFC 9106 for little memory, unless a test says otherwise."""

    hasher: PasswordHasher = field(default_factory=lambda: PasswordHasher(type=Type.ID))
    _turn: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(MAX_AT_ONCE)
    )
    _nobodys: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_nobodys", self.hash("a password that nobody has"))

    def hash(self, password: str) -> str:
        with _Turn(self._turn):
            return self.hasher.hash(_same(password))

    def right(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; with nothing kept the same work is done for nothing."""
        with _Turn(self._turn):
            try:
                return self.hasher.verify(kept or self._nobodys, _same(password)) and bool(kept)
            except (Argon2Error, InvalidHashError):
                return False

    def old(self, kept: str) -> bool:
        """Whether it was made with parameters of another time."""
        return self.hasher.check_needs_rehash(kept)


class _Turn:
    def __init__(self, turn: threading.BoundedSemaphore) -> None:
        self.turn = turn

    def __enter__(self) -> None:
        if not self.turn.acquire(timeout=PATIENCE):
            raise Refusal("Very many people are signing in just now. Try again in a minute.")

    def __exit__(self, *_: object) -> None:
        self.turn.release()


def _same(password: str) -> str:
    """Letters and their accents joined: one password typed on two keyboards is one."""
    return unicodedata.normalize("NFKC", password)[:MAX_PASSWORD]


def check(password: str, again: str, name: str) -> None:
    """Raises a refusal that says what is wanted."""
    given = _same(password)
    if len(given) < MIN_PASSWORD:
        raise Refusal(f"A password has at least {MIN_PASSWORD} characters.", "password")
    if len(password) > MAX_PASSWORD:
        raise Refusal(f"A password has up to {MAX_PASSWORD} characters.", "password")
    if len(set(given)) < 4 or name.casefold() in given.casefold():
        raise Refusal("This password is too easy to guess: choose several words.", "password")
    if password != again:
        raise Refusal("The two passwords are not the same.", "again")
