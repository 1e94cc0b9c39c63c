"""Where people are kept: a SQLite file by default, PostgreSQL by a URL, as ledgers are.

In: a place.  Out: connections that read, and such that write alone.  What the database says is told
as an InputError, never with a password in it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from servanda.ledger.errors import LedgerError
from servanda.ledger.store import backend_of, is_url, migrated, shown
from servanda.library import InputError

VERSIONS = "people_version"
WAIT = 10.0  # seconds that a change waits for another
LOCK = 0x5E27A2DB  # another than that of ledgers: who signs in does not wait for an import


@dataclass(frozen=True)
class Store:
    """A database that holds people."""

    place: str
    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Alone; commits at the end, or leaves all as it was."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(servanda_write=True)
            with connection.begin():
                if is_url(self.place):
                    # What was committed before the lock was granted must be seen after it.
                    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(WAIT * 1000)}")
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                yield connection

    def migrate(self, revision: str = "head", down: bool = False) -> None:
        """Bring the tables to a revision."""
        with self.writing() as connection:
            migrated(connection, "servanda.web.people", revision, down)


def open_store(place: str) -> Store:
    """The store at a place, made where there is none, with its tables as this version has them."""
    try:
        if not is_url(place) and not Path(place).exists():
            os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o600))  # for its owner alone
        store = Store(place, backend_of(place).engine(place, WAIT, create=True))
        store.migrate()
    except (SQLAlchemyError, LedgerError, OSError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        reason = said[0] if said else type(error).__name__
        raise InputError(
            f"--people {shown(place)}: people cannot be kept there ({reason}). Name a file in a "
            "folder that can be written, or the URL of a database."
        ) from error
    return store
