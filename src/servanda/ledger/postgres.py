"""The ledger in PostgreSQL 15 or newer, for many users; needs the extra `servanda[postgres]`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from servanda.ledger.errors import LedgerError

LOCK = 0x5E27A2DA  # the advisory lock of writers, one a database
_TYPES = {
    "entries": ["int8", "bytea", "bytea", "bytea", "text", "text", "int8", "bytea"],
    "secrets": ["int8", "int4", "text", "bytea"],
    "refs": ["bytea", "int8"],
    "refusals": ["int4", "int4", "int8", "text", "text", "bool"],
}


class Postgres:
    """See `store.Backend`."""

    def engine(self, place: str, wait: float, create: bool) -> Engine:
        try:
            url = make_url(place)
            if url.get_backend_name() != "postgresql":
                raise LedgerError(
                    f"{url.get_backend_name()} is no store of ledgers: postgresql is."
                )
            return create_engine(
                url.set(drivername="postgresql+psycopg"),
                poolclass=NullPool,
                isolation_level="REPEATABLE READ",
            )
        except ImportError as error:
            raise LedgerError(
                "A ledger in PostgreSQL needs psycopg: install servanda[postgres]."
            ) from error
        except (ArgumentError, NoSuchModuleError) as error:
            raise LedgerError(
                "This is no address of a database: write postgresql://USER@HOST/DATABASE."
            ) from error

    def lock(self, connection: Connection, wait: float) -> None:
        # What was committed before the lock was granted must be seen after it.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(wait * 1000)}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")

    def insert(
        self, connection: Connection, table: str, columns: Sequence[str], rows: list[Any]
    ) -> None:
        if not rows:
            return
        names = ", ".join(f'"{c}"' for c in columns)
        driver: Any = connection.connection.driver_connection
        command = f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            copy.set_types(_TYPES[table])
            for row in rows:
                copy.write_row(row)

    def seqs(self, connection: Connection, tokens: Sequence[bytes]) -> dict[bytes, int]:
        asked = connection.exec_driver_sql(
            "SELECT token, seq FROM entries WHERE token = ANY(%s)", (list(tokens),)
        )
        return {bytes(token): seq for token, seq in asked}

    def damage(self, connection: Connection) -> list[str]:
        return []  # PostgreSQL checks its pages itself where checksums are on

    def wipe(self, engine: Engine) -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("secrets", "entries"):
                connection.exec_driver_sql(f"VACUUM {table}")
