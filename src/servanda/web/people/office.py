"""What people need to be let in: their store, its keys, how passwords are made, and a clock.

In: where they are kept.  Out: one value that all the rest is given.  Without a place they are kept
in a folder that is removed when the server stops.
"""

import shutil
import tempfile
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from servanda.ledger.store import is_url
from servanda.library import InputError
from servanda.web.people import keyfile, trail
from servanda.web.people.keyfile import Keys
from servanda.web.people.passwords import Passwords
from servanda.web.people.person import Person
from servanda.web.people.store import Store, open_store

ISSUER = "Servanda"  # how an app for second factors names the server


@dataclass(frozen=True)
class Place:
    """From where somebody asks."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Office:
    """`clock` gives seconds since 1970; it is an argument so that tests can let time pass."""

    store: Store
    keys: Keys
    passwords: Passwords = field(default_factory=Passwords)
    clock: Callable[[], float] = time.time
    secure: bool = False

    @property
    def now(self) -> int:
        return int(self.clock())

    @property
    def cookie(self) -> str:
        """The name of the cookie; the prefix makes browsers refuse it from anywhere else."""
        return "__Host-servanda" if self.secure else "servanda"

    @property
    def form_cookie(self) -> str:
        """The cookie that ties a form to a browser that has not signed in."""
        return f"{self.cookie}-form"

    def note(
        self, connection: Connection, who: Person | str, what: str, on: str, **detail: str | None
    ) -> None:
        """Add a line to the trail; everything that changes something does."""
        name = who if isinstance(who, str) else who.name
        trail.note(connection, self.keys, self.now, name, what, on, **detail)


def open_office(
    place: str | None,
    key_file: Path | None = None,
    *,
    secure: bool = False,
    passwords: Passwords | None = None,
    clock: Callable[[], float] = time.time,
) -> Office:
    """Raises InputError where people cannot be kept at that place."""
    folder = None
    if place is None:
        folder = tempfile.mkdtemp(prefix="servanda-people-")
        place = str(Path(folder) / "people.db")
    elif is_url(place) and key_file is None:
        raise InputError(
            "--people names a database: say with --people-key in which file its keys are kept "
            "(it is made where there is none)."
        )
    path = key_file or Path(f"{place}.key")
    store = open_store(place)
    office = Office(store, keyfile.load(path), passwords or Passwords(), clock, secure)
    if folder is not None:
        weakref.finalize(office, shutil.rmtree, folder, ignore_errors=True)
    return office
