"""How often somebody may try: failures by account and by address, kept across restarts.

A name that nobody has is counted as one that somebody has, so that a pause tells nothing.  Names
and addresses are held as digests, and so many at most: those with the fewest failures go first.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select, update

from servanda.web.people.schema import tries

MAX_TRIES = 10_000  # names and addresses remembered
WINDOW_SECONDS = 3600  # after so long without a failure all is forgotten
LONGEST_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Patience:
    """After `free` failures a pause of `first` seconds, doubled with each further one."""

    free: int
    first: int

    def pause(self, failures: int) -> int:
        """Seconds to wait after so many failures."""
        beyond = failures - self.free
        return 0 if beyond < 0 else min(LONGEST_SECONDS, self.first * 2 ** min(beyond, 20))


NAME = Patience(5, 30)
ADDRESS = Patience(30, 30)
CODE = Patience(5, 60)
LINK = Patience(10, 60)


def key(kind: str, text: str) -> bytes:
    return sha256(f"{kind}\n{text}".encode("utf-8", "replace")).digest()


def waiting(connection: Connection, keys: list[bytes], now: int) -> int:
    """Seconds that are still to wait."""
    until = connection.execute(select(func.max(tries.c.until)).where(tries.c.key.in_(keys)))
    return max(0, (until.scalar() or 0) - now)


def failed(connection: Connection, one: bytes, patience: Patience, now: int) -> None:
    """Count a failure, and begin a pause where there were too many."""
    found = connection.execute(select(tries).where(tries.c.key == one)).one_or_none()
    fresh = found is None or found.at + WINDOW_SECONDS < now
    failures = 1 if fresh or found is None else found.failures + 1
    told = {"failures": failures, "at": now, "until": now + patience.pause(failures)}
    if found is None:
        _make_room(connection, now)
        connection.execute(insert(tries).values(key=one, **told))
    else:
        connection.execute(update(tries).where(tries.c.key == one).values(**told))


def succeeded(connection: Connection, one: bytes) -> None:
    connection.execute(delete(tries).where(tries.c.key == one))


def _make_room(connection: Connection, now: int) -> None:
    count = connection.execute(select(func.count()).select_from(tries)).scalar() or 0
    if count < MAX_TRIES:
        return
    connection.execute(delete(tries).where(tries.c.at + WINDOW_SECONDS < now))
    few = select(tries.c.key).order_by(tries.c.failures, tries.c.at).limit(MAX_TRIES // 10)
    count = connection.execute(select(func.count()).select_from(tries)).scalar() or 0
    if count >= MAX_TRIES:
        connection.execute(delete(tries).where(tries.c.key.in_(few)))


def forgive(connection: Connection, one: bytes) -> None:
    """Take one failure back: what was tried was right."""
    told = {"failures": tries.c.failures - 1, "until": 0}
    connection.execute(update(tries).where(tries.c.key == one).values(**told))
