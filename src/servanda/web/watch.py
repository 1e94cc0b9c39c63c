"""Whether a ledger has gone on since it was read: pages follow it, at once where fewer may see.

In: where the ledger lies.  Out: the number of an edition, which changes when records have to be
read anew.  Where reading takes long, records that only came are waited for a little, so that an
import does not make every page anew with each of its steps.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Connection, func, select

from servanda.ledger.ledger import tail
from servanda.ledger.schema import entries
from servanda.ledger.store import Store, open_store

PATIENCE = 10.0  # seconds at most
SHARE = 5  # so many times as long as the last reading took it is waited
AT_ONCE = ("handling", "redaction", "shredding")  # kinds of entries after which fewer may see


@dataclass
class Watch:
    """`clock` gives seconds; it is an argument so that tests can let time pass."""

    place: str
    clock: Callable[[], float] = time.monotonic
    _edition: int = 0
    _end: tuple[int, bytes] | None = None
    _at: float = 0.0
    _patience: float = 0.0
    _hurry: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hurry(self) -> None:
        """Take up at the next look what came: somebody here has filed it."""
        self._hurry = True

    @cached_property
    def _store(self) -> Store:
        return open_store(self.place)

    def edition(self) -> int:
        """Raises LedgerError where the ledger cannot be read."""
        with self._lock, self._store.reading() as connection:
            end = tail(connection)
            if self._end is None:
                self._end, self._at = end, self.clock()
            elif end != self._end and (
                self._hurry
                or self.clock() >= self._at + self._patience
                or self._narrowed(connection, self._end[0])
            ):
                self._end, self._at, self._edition = end, self.clock(), self._edition + 1
                self._hurry = False
        return self._edition

    def took(self, seconds: float) -> None:
        """Say how long it took to read the records of an edition."""
        self._patience = min(PATIENCE, SHARE * seconds)

    def _narrowed(self, connection: Connection, after: int) -> bool:
        """Whether an entry came by which fewer may see what was there, or the chain is another."""
        query = select(func.count()).select_from(entries)
        query = query.where(entries.c.seq > after, entries.c.kind.in_(AT_ONCE))
        return bool(connection.execute(query).scalar()) or tail(connection)[0] <= after
