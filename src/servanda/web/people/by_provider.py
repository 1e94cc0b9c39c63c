"""What a provider's word does here: lets an account in that is tied to it, or ties one.

In: who somebody is for the provider.  Out: a session.
"""

from sqlalchemy import Connection, delete, select

from servanda.web.people import accounts, links, sessions, sign_ins, tries
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office, Place
from servanda.web.people.person import Person, of_row
from servanda.web.people.provider import Leaving
from servanda.web.people.schema import accounts as table
from servanda.web.people.schema import links as table_of_links
from servanda.web.people.signing_in import In, Wait

UNKNOWN = (
    "The provider knows you; this server has no account that is tied to it. Ask the administrator "
    "for an invitation, or tie your account under “your account”."
)


def enter(office: Office, subject: str, leaving: Leaving, place: Place) -> In:
    """Let somebody in; raises Refusal or Wait."""
    by_address = tries.key("link", place.address)
    with office.store.writing() as connection:
        wait = tries.waiting(connection, [by_address], office.now)
        if not wait:
            person = _whose(office, connection, subject, leaving)
            if person is not None:
                return _let_in(office, connection, person, place)
            tries.failed(connection, by_address, tries.LINK, office.now)
    raise Wait(wait) if wait else Refusal(UNKNOWN)


def _whose(office: Office, connection: Connection, subject: str, leaving: Leaving) -> Person | None:
    """The account, after it was tied where somebody left for that."""
    row = connection.execute(select(table).where(table.c.subject == subject)).one_or_none()
    wanted = leaving.account
    if leaving.link:
        link = links.look_within(office, connection, leaving.link)
        if link is None or link.person is None:
            raise Refusal(links.SHUT)
        wanted = link.person.account
    if not wanted:
        return None if row is None or row.locked else of_row(row)
    if row is not None and row.id != wanted:
        raise Refusal("The provider's account is tied to another account here.")
    if accounts.by_id(connection, wanted).locked:
        return None
    person = accounts.change(connection, wanted, subject=subject)
    sessions.end_all(connection, wanted)
    if leaving.link:
        digest = sessions.digest(leaving.link)
        connection.execute(delete(table_of_links).where(table_of_links.c.digest == digest))
    office.note(connection, person, "tied the account to the provider", person.on)
    return person


def _let_in(office: Office, connection: Connection, person: Person, place: Place) -> In:
    whole = not person.has_factor
    sign_ins.note(connection, office.now, person.account, sign_ins.PROVIDER, place.address)
    return In(sessions.begin(office, connection, person.account, place, whole), whole)
