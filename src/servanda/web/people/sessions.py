"""Sessions: a random secret of 256 bits in a cookie, its digest in the store.

A session ends when it was not used for a while, when its time is over, when it is ended, and when
what its account may do changes.  A new one takes its place at every step of signing in.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from servanda.characters import blotted
from servanda.web.people.office import Office, Place
from servanda.web.people.person import Person, of_row
from servanda.web.people.schema import accounts, sessions

IDLE_SECONDS = 2 * 3600
LONGEST_SECONDS = 12 * 3600
HALF_SECONDS = 300  # between the password and the code of the second factor
SEEN_SECONDS = 60  # how exact the time of the last use is
MAX_SESSIONS = 10  # of one account; a further one ends the oldest


@dataclass(frozen=True, slots=True)
class Session:
    """`handle` names it on pages; `token` is known only to who holds the cookie."""

    handle: str
    person: Person
    whole: bool
    made: int
    seen: int
    until: int
    address: str
    agent: str
    token: str = ""


def digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()


def begin(
    office: Office, connection: Connection, account: str, place: Place, whole: bool = True
) -> str:
    """The secret of a new session."""
    now = office.now
    connection.execute(delete(sessions).where(sessions.c.until < now))
    query = select(sessions.c.digest).where(sessions.c.account == account)
    old = connection.execute(query.order_by(sessions.c.seen.desc()).offset(MAX_SESSIONS - 1))
    for row in old.all():
        connection.execute(delete(sessions).where(sessions.c.digest == row.digest))
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(sessions).values(
            digest=digest(token),
            handle=secrets.token_hex(6),
            account=account,
            whole=whole,
            made=now,
            seen=now,
            until=now + (LONGEST_SECONDS if whole else HALF_SECONDS),
            address=place.address[:60],
            agent=blotted(place.agent)[:200],
        )
    )
    return token


def find(office: Office, token: str | None, *, used: bool = True) -> Session | None:
    """The session of a cookie, whole or half, if it is open; notes that it was `used`."""
    if not token:
        return None
    now = office.now
    query = select(*COLUMNS, *accounts.c).join(accounts, accounts.c.id == sessions.c.account)
    with office.store.reading() as connection:
        row = connection.execute(query.where(sessions.c.digest == digest(token))).one_or_none()
    if row is None or row.locked or now >= row.until or now >= row.seen + IDLE_SECONDS:
        return None
    if used and now >= row.seen + SEEN_SECONDS:
        with office.store.writing() as connection:
            connection.execute(
                update(sessions).where(sessions.c.digest == digest(token)).values(seen=now)
            )
    return _session(row, token)


def of_account(office: Office, connection: Connection, account: str) -> list[Session]:
    """The open sessions of somebody, the latest used first."""
    now = office.now
    query = select(*COLUMNS, *accounts.c).join(accounts, accounts.c.id == sessions.c.account)
    query = query.where(
        sessions.c.account == account,
        sessions.c.whole.is_(True),
        sessions.c.until > now,
        sessions.c.seen > now - IDLE_SECONDS,
    )
    return [_session(row) for row in connection.execute(query.order_by(sessions.c.seen.desc()))]


def end(connection: Connection, token: str | None) -> None:
    if token:
        connection.execute(delete(sessions).where(sessions.c.digest == digest(token)))


def end_handle(connection: Connection, account: str, handle: str) -> bool:
    """End one of somebody's own sessions; whether there was such a one."""
    gone = connection.execute(
        delete(sessions).where(sessions.c.account == account, sessions.c.handle == handle)
    )
    return gone.rowcount > 0


def end_all(connection: Connection, account: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.account == account))


COLUMNS = (
    sessions.c.handle,
    sessions.c.whole,
    sessions.c.made.label("begun"),
    sessions.c.seen,
    sessions.c.until,
    sessions.c.address,
    sessions.c.agent,
)


def _session(row: Any, token: str = "") -> Session:
    return Session(
        row.handle, of_row(row), bool(row.whole), row.begun, row.seen, row.until,
        row.address, row.agent, token,
    )  # fmt: skip
