"""Where a ledger lies: SQLite by default, PostgreSQL by a URL; the same tables and the same rules.

A store gives reading and writing connections.  One writer at a time appends, so that the chain is
linear; the others wait, for a bounded time.  What the database says is told as a LedgerError.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.exc import DBAPIError

from servanda.ledger.errors import Busy, LedgerError, ReadOnly

WAIT = 30.0  # seconds that a writer waits for another


class Backend(Protocol):
    """What the databases do differently."""

    def engine(self, place: str, wait: float, create: bool) -> Engine: ...

    def lock(self, connection: Connection, wait: float) -> None:
        """Keep other writers out until the transaction ends."""

    def insert(
        self, connection: Connection, table: str, columns: Sequence[str], rows: list[Any]
    ) -> None:
        """Many rows at once, at the speed of the database."""

    def seqs(self, connection: Connection, tokens: Sequence[bytes]) -> dict[bytes, int]:
        """Which of these tokens stand in the chain, and where."""

    def damage(self, connection: Connection) -> list[str]:
        """What the database itself finds wrong with its files."""

    def wipe(self, engine: Engine) -> None:
        """Leave no copy of destroyed content in the files of the database."""


@contextmanager
def parts(
    connection: Connection, query: Select[Any], size: int
) -> Iterator[Iterator[Sequence[Any]]]:
    """The rows of a query, so many at a time, without holding them all."""
    found = connection.execution_options(stream_results=True).execute(query)
    try:
        yield found.partitions(size)
    finally:
        found.close()


@dataclass(frozen=True)
class Store:
    """A database that holds, or will hold, a ledger."""

    place: str
    backend: Backend
    engine: Engine
    wait: float = WAIT

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger throughout."""
        with told(self.place), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that alone may write; commits at the end, or leaves all as it was."""
        with told(self.place), self.engine.connect() as plain:
            connection = plain.execution_options(servanda_write=True)
            with connection.begin():
                self.backend.lock(connection, self.wait)
                yield connection

    def migrate(self, revision: str = "head", down: bool = False) -> None:
        """Bring the tables to a revision."""
        with self.writing() as connection:
            migrated(connection, "servanda.ledger", revision, down)

    def revision(self) -> str | None:
        """Which step the tables are at; None without tables."""
        from alembic.runtime.migration import MigrationContext

        with self.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision()


def migrated(connection: Connection, package: str, revision: str, down: bool) -> None:
    """Bring the tables of a package, which has its steps in `migrations`, to a revision."""
    from alembic import command
    from alembic.config import Config

    with as_file(files(package) / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def open_store(place: str, wait: float = WAIT, create: bool = False) -> Store:
    """The store at a URL (postgresql://…) or in a file."""
    backend = backend_of(place)
    with told(place):
        return Store(place, backend, backend.engine(place, wait, create), wait)


def backend_of(place: str) -> Backend:
    if is_url(place):
        from servanda.ledger.postgres import Postgres

        return Postgres()
    from servanda.ledger.sqlite import SQLite

    return SQLite()


def is_url(place: str) -> bool:
    return "://" in place


def shown(place: str) -> str:
    """A place without its password."""
    if not is_url(place):
        return place
    from sqlalchemy import make_url

    return make_url(place).render_as_string(hide_password=True)


_TOLD = (
    # what the database says, what to say, as what
    (
        ("database is locked", "lock timeout", "database table is locked"),
        "somebody else is writing to it for longer than this writer waits. Nothing was entered; "
        "try again, or wait longer with --wait.",
        Busy,
    ),
    (
        ("readonly", "read-only", "permission denied", "attempt to write"),
        "it cannot be written here: the files or the folder are read-only for this user, or the "
        "database is. Nothing was entered.",
        ReadOnly,
    ),
    (
        ("is full", "No space left", "disk full", "disk I/O error"),
        "the disk is full, or does not take what is written. Nothing of this step was entered; "
        "what was acknowledged before stands. Make room and run the command again: it resumes.",
        LedgerError,
    ),
    (
        ("no such table", "does not exist", "not a database"),
        "there is no ledger here. Make one with `servanda ledger init`.",
        LedgerError,
    ),
    (
        ("malformed", "corrupt"),
        "the database file is damaged; restore it or an export.",
        LedgerError,
    ),
    (
        ("connection failed", "could not connect", "Connection refused"),
        "the database cannot be reached. Is it running, and is the address right?",
        LedgerError,
    ),
    (("unable to open",), "the file cannot be opened.", LedgerError),
)


@contextmanager
def told(place: str) -> Iterator[None]:
    """Tell what a database says in words that a person can act on."""
    try:
        yield
    except Exception as error:
        orig = error.orig if isinstance(error, DBAPIError) else error
        if type(orig).__module__.partition(".")[0] not in ("sqlite3", "psycopg"):
            raise
        said = str(orig)
        for signs, message, kind in _TOLD:
            if any(sign in said for sign in signs):
                raise kind(f"{shown(place)}: {message}") from error
        raise LedgerError(f"{shown(place)}: {said.strip().splitlines()[0]}") from error
