"""The ledger in one SQLite file: WAL, foreign keys, triggers that REPLACE cannot get around."""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from servanda.ledger.errors import LedgerError

_AT_ONCE = 500  # tokens asked for in one statement


class SQLite:
    """See `store.Backend`."""

    def engine(self, place: str, wait: float, create: bool) -> Engine:
        path = Path(place).absolute()
        if not create and not path.is_file():
            raise LedgerError(f"There is no ledger {place}. Make one with `servanda ledger init`.")
        writable = os.access(path if path.exists() else path.parent, os.W_OK) and os.access(
            path.parent, os.W_OK
        )

        def connect() -> sqlite3.Connection:
            if create or writable:
                address = path.as_uri() + ("?mode=rwc" if create else "?mode=rw")
            else:
                address = path.as_uri() + "?mode=ro&immutable=1"
            return sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)

        engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
        event.listen(engine, "connect", _prepare if writable else _prepare_to_read)
        event.listen(engine, "begin", _begin)
        return engine

    def lock(self, connection: Connection, wait: float) -> None:
        """BEGIN IMMEDIATE has done it; see `_begin`."""

    def insert(
        self, connection: Connection, table: str, columns: Sequence[str], rows: list[Any]
    ) -> None:
        if rows:
            names = ", ".join(f'"{c}"' for c in columns)
            marks = ", ".join("?" * len(columns))
            connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608

    def seqs(self, connection: Connection, tokens: Sequence[bytes]) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        cursor = connection.connection.cursor()
        for start in range(0, len(tokens), _AT_ONCE):
            part = tuple(tokens[start : start + _AT_ONCE])
            marks = ",".join("?" * len(part))
            cursor.execute(f"SELECT token, seq FROM entries WHERE token IN ({marks})", part)  # noqa: S608
            found.update(cursor.fetchall())
        cursor.close()
        return found

    def damage(self, connection: Connection) -> list[str]:
        found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        foreign = [
            str(tuple(row)) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
        ]
        return [said for said in found if said != "ok"] + foreign

    def wipe(self, engine: Engine) -> None:
        with engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = wal",
        "synchronous = full",
        "foreign_keys = on",
        "recursive_triggers = on",  # REPLACE deletes: without this it would pass by the triggers
        "secure_delete = on",
        "cache_size = -65536",
        "temp_store = memory",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_to_read(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA query_only = on")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("servanda_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
