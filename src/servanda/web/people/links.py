"""One-time links: the first administrator, an invitation, a new password.

A link is shown once, to whoever makes it; its digest is kept.  It is used up when a password is
set with it, not when it is looked at.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from servanda.web.people import accounts, sessions, sign_ins, trail, tries
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office, Place
from servanda.web.people.passwords import check
from servanda.web.people.person import Person, of_row
from servanda.web.people.roles import Role
from servanda.web.people.schema import accounts as table
from servanda.web.people.schema import links
from servanda.web.people.signing_in import In, Wait

FIRST, INVITATION, PASSWORD = "administrator", "invitation", "password"
LIVES = {FIRST: 900, INVITATION: 3 * 86_400, PASSWORD: 86_400}  # seconds
SHUT = (
    "It was used already, has run out, or was copied only in part. Ask the administrator for a "
    "new one; the administrator has one made where the server runs."
)


@dataclass(frozen=True, slots=True)
class Link:
    """`person` is None for the link of a new administrator, who chooses a name."""

    kind: str
    person: Person | None


def make(office: Office, connection: Connection, kind: str, account: str | None = None) -> str:
    """The secret of a new link; one made before for the same end opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    same = links.c.account.is_(None) if account is None else links.c.account == account
    connection.execute(delete(links).where(same | (links.c.until < office.now)))
    connection.execute(
        insert(links).values(
            digest=sessions.digest(secret),
            kind=kind,
            account=account,
            until=office.now + LIVES[kind],
        )
    )
    return secret


def first_link(office: Office, always: bool = False) -> str | None:
    """The link of an administrator; None where there is one already, unless `always`."""
    with office.store.writing() as connection:
        if accounts.administrators(connection) and not always:
            return None
        office.note(connection, trail.TERMINAL, "made a link", "an administrator")
        return make(office, connection, FIRST)


def look(office: Office, secret: str) -> Link | None:
    """What a link is for; None where it opens nothing."""
    with office.store.reading() as connection:
        return look_within(office, connection, secret)


def look_within(office: Office, connection: Connection, secret: str) -> Link | None:
    query = select(links).where(
        links.c.digest == sessions.digest(secret), links.c.until > office.now
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    if found.account is None:
        return Link(found.kind, None)
    row = connection.execute(select(table).where(table.c.id == found.account)).one_or_none()
    return None if row is None or row.locked else Link(found.kind, of_row(row))


def use(office: Office, secret: str, name: str, password: str, again: str, place: Place) -> In:
    """Set a password and sign in; raises Refusal or Wait."""
    now, by_address = office.now, tries.key("link", place.address)
    with office.store.writing() as connection:
        wait = tries.waiting(connection, [by_address], now)
        link = None if wait else look_within(office, connection, secret)
        if not wait and link is None:
            tries.failed(connection, by_address, tries.LINK, now)
    if wait:
        raise Wait(wait)
    if link is None:
        raise Refusal(SHUT)
    told = accounts.checked_name(name) if link.person is None else link.person.name
    check(password, again, told)
    hashed = office.passwords.hash(password)
    with office.store.writing() as connection:
        link = look_within(office, connection, secret)  # another may have used it meanwhile
        if link is None:
            raise Refusal(SHUT)
        return _used(office, connection, link, secret, told, hashed, place)


def _used(
    office: Office, connection: Connection, link: Link, secret: str, name: str, hashed: str,
    place: Place,
) -> In:  # fmt: skip
    person = link.person
    if person is None:
        person = accounts.add(connection, office.now, name, Role.ADMINISTRATOR)
        office.note(connection, trail.TERMINAL, "made an administrator", person.on)
    accounts.change(connection, person.account, password=hashed)
    connection.execute(delete(links).where(links.c.digest == sessions.digest(secret)))
    sessions.end_all(connection, person.account)
    tries.succeeded(connection, tries.key("name", accounts.key_of(person.name)))
    office.note(connection, person, "set the password by a link", person.on)
    whole = not person.has_factor
    sign_ins.note(connection, office.now, person.account, sign_ins.LINK, place.address)
    return In(sessions.begin(office, connection, person.account, place, whole), whole)
