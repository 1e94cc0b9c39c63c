"""What an administrator does with accounts: invite, change the role, lock, end sessions.

Every step is a line of the trail in the same transaction.  Nobody changes the own role or locks
the own account, and one administrator who can sign in always remains.
"""

from sqlalchemy import Connection

from servanda.web.people import accounts, links, sessions
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office
from servanda.web.people.person import Person, of_row


def invite(
    office: Office, by: Person, name: str, role: str, acts_for: str, seat: str = ""
) -> tuple[Person, str]:
    """A new account, and the secret of the link by which its password is set."""
    given, whom = accounts.checked_role(role, acts_for)
    sits = accounts.checked_seat(given, seat)
    with office.store.writing() as connection:
        person = accounts.add(connection, office.now, name, given, whom, sits)
        told = {"role": given.value, "acts_for": whom, "seat": sits}
        office.note(connection, by, "invited", person.on, **told)
        return person, links.make(office, connection, links.INVITATION, person.account)


def find(office: Office, account: str) -> Person | None:
    with office.store.reading() as connection:
        row = accounts.by_id(connection, account)
    return None if row is None else of_row(row)


def new_link(office: Office, by: Person, person: Person) -> str:
    """A link for a new password, or a new invitation where none was set yet."""
    kind = links.PASSWORD if person.has_password else links.INVITATION
    with office.store.writing() as connection:
        office.note(connection, by, "made a link", person.on, kind=kind)
        return links.make(office, connection, kind, person.account)


def change_role(
    office: Office, by: Person, person: Person, role: str, acts_for: str, seat: str = ""
) -> None:
    """All sessions end: what was open was opened for another role."""
    _another(by, person)
    given, whom = accounts.checked_role(role, acts_for)
    sits = accounts.checked_seat(given, seat)
    with office.store.writing() as connection:
        accounts.change(connection, person.account, role=given.value, acts_for=whom, seat=sits)
        sessions.end_all(connection, person.account)
        _one_remains(connection)
        before = person.role.value if person.acts_for is None else (
            f"{person.role.value} of {person.acts_for}"
        )  # fmt: skip
        office.note(
            connection, by, "changed the role", person.on,
            role=given.value, acts_for=whom, seat=sits, before=before,
        )  # fmt: skip


def lock(office: Office, by: Person, person: Person, locked: bool) -> None:
    _another(by, person)
    with office.store.writing() as connection:
        accounts.change(connection, person.account, locked=locked)
        if locked:
            sessions.end_all(connection, person.account)
            _one_remains(connection)
        office.note(connection, by, "locked" if locked else "unlocked", person.on)


def end_sessions(office: Office, by: Person, person: Person) -> None:
    with office.store.writing() as connection:
        sessions.end_all(connection, person.account)
        office.note(connection, by, "ended all sessions", person.on)


def factor_off(office: Office, by: Person, person: Person) -> None:
    """For somebody who has lost the second factor; their sessions end as well."""
    with office.store.writing() as connection:
        accounts.change(connection, person.account, factor=None, factor_next=None)
        sessions.end_all(connection, person.account)
        office.note(connection, by, "took the second factor off", person.on)


def untie(office: Office, by: Person, person: Person) -> None:
    with office.store.writing() as connection:
        accounts.change(connection, person.account, subject=None)
        sessions.end_all(connection, person.account)
        _one_remains(connection)
        office.note(connection, by, "untied the account from the provider", person.on)


def _another(by: Person, person: Person) -> None:
    if by.account == person.account:
        raise Refusal("This is your own account: another administrator does that.")


def _one_remains(connection: Connection) -> None:
    if not accounts.administrators(connection):
        raise Refusal("No administrator who can sign in would remain.")
