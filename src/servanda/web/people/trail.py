"""The trail: who changed what, when, and on what; append-only, each line chained to those before.

Signing in is no change and stands in a table of its own.  Secrets never stand in a line.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from servanda.web.people.keyfile import Keys
from servanda.web.people.schema import trail

PAGE = 100
TERMINAL = "the terminal"  # who acts where the server was started


@dataclass(frozen=True, slots=True)
class Line:
    """`on` names what was changed, such as `account:anna`; `detail` what it was changed to."""

    seq: int
    at: int
    who: str
    what: str
    on: str
    detail: Mapping[str, Any]
    hash: str


def note(
    connection: Connection,
    keys: Keys,
    at: int,
    who: str,
    what: str,
    on: str,
    **detail: str | None,
) -> None:
    """Add a line, in the same transaction as the change of which it tells."""
    tail = connection.execute(select(trail).order_by(trail.c.seq.desc()).limit(1)).one_or_none()
    seq, before = (1, b"") if tail is None else (tail.seq + 1, bytes(tail.hash))
    told = {"seq": seq, "at": at, "who": who, "what": what, "on": on, "detail": detail}
    line = json.dumps(told, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(trail).values(seq=seq, line=line, hash=keys.chained(before, line)))


def lines(connection: Connection, before: int | None = None, count: int = PAGE) -> list[Line]:
    """The newest lines, or those before one."""
    query = select(trail).order_by(trail.c.seq.desc()).limit(count)
    if before is not None:
        query = query.where(trail.c.seq < before)
    return [_line(row.line, bytes(row.hash)) for row in connection.execute(query)]


def _line(text: str, digest: bytes) -> Line:
    told = json.loads(text)
    return Line(hash=digest.hex(), **told)


def broken(connection: Connection, keys: Keys) -> int | None:
    """The first line that is not as it was written, or is missing; None where all hold.

    That lines were cut off at the end cannot be seen from within: for that the last number and its
    hash are noted elsewhere.
    """
    before = b""
    for number, (seq, line, digest) in enumerate(_all(connection), 1):
        if seq != number or not hmac.compare_digest(keys.chained(before, line), bytes(digest)):
            return number
        before = bytes(digest)
    return None


def _all(connection: Connection) -> Iterator[Any]:
    found = connection.execution_options(yield_per=1000)
    yield from found.execute(select(trail.c.seq, trail.c.line, trail.c.hash).order_by(trail.c.seq))
