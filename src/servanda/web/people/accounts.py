"""Accounts: found by name or id, made, changed.  Each function works within a transaction.

A name is compared without regard to case and to how its accents are typed.
"""

import secrets
import unicodedata
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from servanda.characters import blotted
from servanda.web.people.errors import Refusal
from servanda.web.people.person import Person, of_row
from servanda.web.people.roles import FOR_A_BODY, OF_ACCOUNTS, TITLES, Role, acts_for_somebody
from servanda.web.people.schema import accounts
from servanda.web.people.trail import TERMINAL

MAX_ACCOUNTS = 5_000
MAX_NAME = 60  # characters


def key_of(name: str) -> str:
    """The name as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", name[:200]).casefold().split())


def checked_name(name: str) -> str:
    """The name as it is shown; raises a refusal."""
    told = " ".join(unicodedata.normalize("NFC", name).split())
    if not 2 <= len(told) <= MAX_NAME:
        raise Refusal(f"A name has 2 to {MAX_NAME} characters.", "name")
    if blotted(told) != told or not any(c.isalnum() for c in told):
        raise Refusal("A name has letters, and no characters that cannot be seen.", "name")
    if key_of(told) == key_of(TERMINAL):
        raise Refusal("That is how the trail names the terminal: choose another name.", "name")
    return told


def checked_role(role: str, acts_for: str) -> tuple[Role, str | None]:
    """A role that an account can have, with whom it acts for; raises a refusal."""
    if role not in [one.value for one in OF_ACCOUNTS]:
        raise Refusal("Choose one of the roles.", "role")
    given = Role(role)
    if not acts_for_somebody(given):
        return given, None
    if not acts_for.strip():
        raise Refusal(f"For whom does a {TITLES[given]} act? Choose one.", "acts_for")
    return given, acts_for.strip()


def checked_seat(role: Role, seat: str) -> str | None:
    """The member of a body whose vote an account casts; raises a refusal."""
    told = seat.strip()
    if told and role not in FOR_A_BODY:
        raise Refusal("Only a body member or a chair has a seat.", "seat")
    return told or None


def by_name(connection: Connection, name: str) -> Any:
    """The row of an account, or None."""
    return connection.execute(select(accounts).where(accounts.c.key == key_of(name))).one_or_none()


def by_id(connection: Connection, identity: str) -> Any:
    """The row of an account, or None."""
    return connection.execute(select(accounts).where(accounts.c.id == identity)).one_or_none()


def everybody(connection: Connection) -> list[Person]:
    """All accounts by name."""
    return [of_row(row) for row in connection.execute(select(accounts).order_by(accounts.c.key))]


def add(
    connection: Connection,
    now: int,
    name: str,
    role: Role,
    acts_for: str | None = None,
    seat: str | None = None,
) -> Person:
    """An account without password; raises a refusal where the name is taken."""
    told = checked_name(name)
    if by_name(connection, told) is not None:
        raise Refusal("There is an account with this name already.", "name")
    if (
        connection.execute(select(func.count()).select_from(accounts)).scalar() or 0
    ) >= MAX_ACCOUNTS:
        raise Refusal(f"There are {MAX_ACCOUNTS:,} accounts: no more can be made here.")
    identity = secrets.token_hex(8)
    connection.execute(
        insert(accounts).values(
            id=identity, name=told, key=key_of(told), role=role.value, acts_for=acts_for,
            seat=seat, factor_step=0, locked=False, made=now,
        )
    )  # fmt: skip
    return of_row(by_id(connection, identity))


def change(connection: Connection, identity: str, **values: object) -> Person:
    connection.execute(update(accounts).where(accounts.c.id == identity).values(**values))
    return of_row(by_id(connection, identity))


def administrators(connection: Connection) -> int:
    """How many administrators can sign in."""
    query = select(func.count()).select_from(accounts).where(
        accounts.c.role == Role.ADMINISTRATOR.value,
        accounts.c.locked.is_(False),
        accounts.c.password.is_not(None) | accounts.c.subject.is_not(None),
    )  # fmt: skip
    return connection.execute(query).scalar() or 0
