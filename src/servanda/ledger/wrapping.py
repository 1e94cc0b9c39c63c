"""Secrets of entries in the database: many in a row, wrapped with a key that lies outside it.

Destroying one writes its row of secrets anew without it, under a new wrapping key, and so does it
for all others: who holds an older copy of the database then lacks the key that opens it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from servanda.ledger.errors import LedgerError
from servanda.ledger.schema import secrets as table
from servanda.ledger.sealing import SECRET, decrypt, encrypt

DESTROYED = bytes(SECRET)


def wrap(first: int, secrets: bytes, name: str, key: bytes) -> tuple[int, int, str, bytes]:
    """A row of the table for the secrets of the entries from `first` on."""
    return first, len(secrets) // SECRET, name, encrypt(key, secrets)


@dataclass
class Unwrapped:
    """Secrets by place in the chain; keeps the row that it opened last."""

    connection: Connection
    keys: Mapping[str, bytes]
    _first: int = 0
    _secrets: bytes = b""
    _seen: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, seq: int) -> bytes | None:
        """The secret of an entry; None when it was destroyed or is not held here."""
        at = (seq - self._first) * SECRET
        if not 0 <= at < len(self._secrets):
            self._load(seq)
            at = (seq - self._first) * SECRET
        secret = self._secrets[at : at + SECRET]
        return None if secret in (b"", DESTROYED) else secret

    def _load(self, seq: int) -> None:
        row = self.connection.execute(
            select(table).where(table.c.first <= seq).order_by(table.c.first.desc()).limit(1)
        ).first()
        if row is None:
            self._first, self._secrets = seq, b""
            return
        self._first, self._secrets = row.first, opened(row.wrapping, row.sealed, self.keys, seq)


def opened(name: str, sealed: bytes, keys: Mapping[str, bytes], seq: int) -> bytes:
    """The secrets of one row; raises LedgerError when they cannot be opened."""
    if name not in keys:
        raise LedgerError(
            f"The key file does not open entry {seq}: it lacks wrapping key {name}. It is that of "
            "another ledger, or older than the last shredding."
        )
    try:
        return decrypt(keys[name], sealed)
    except ValueError as error:
        raise LedgerError(f"The secrets of the entries around {seq} were altered.") from error


def all_rows(connection: Connection) -> Iterator[tuple[int, int, str, bytes]]:
    """The rows of the table, in order."""
    for row in connection.execute(select(table).order_by(table.c.first)):
        yield row[0], row[1], row[2], row[3]
