"""What everybody changes of the own account: password, second factor, sessions.

Whoever changes how an account is entered proves anew who they are, by the password; all other
sessions of the account end, and this one gets a new secret.
"""

from sqlalchemy import Connection

from servanda.web.people import accounts, sessions, totp, tries
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office, Place
from servanda.web.people.passwords import check
from servanda.web.people.person import Person
from servanda.web.people.sessions import Session
from servanda.web.people.signing_in import WRONG_CODE, Wait, take_code


def change_password(
    office: Office, session: Session, old: str, password: str, again: str, place: Place
) -> str:
    """The secret of the session that takes the place of this one; raises Refusal or Wait."""
    prove(office, session.person, old, "old")
    check(password, again, session.person.name)
    hashed = office.passwords.hash(password)
    with office.store.writing() as connection:
        accounts.change(connection, session.person.account, password=hashed)
        office.note(connection, session.person, "changed the password", session.person.on)
        return _anew(office, connection, session, place)


def prove(office: Office, person: Person, password: str, field: str = "password") -> None:
    """That it is the person who signed in, by the password; counted as signing in is."""
    key = tries.key("name", accounts.key_of(person.name))
    with office.store.writing() as connection:
        row = accounts.by_id(connection, person.account)
        wait = tries.waiting(connection, [key], office.now)
        if not wait:
            tries.failed(connection, key, tries.NAME, office.now)
    if wait:
        raise Wait(wait)
    if not office.passwords.right(row.password, password):
        raise Refusal("The password is not right.", field)
    with office.store.writing() as connection:
        tries.succeeded(connection, key)


def _anew(office: Office, connection: Connection, session: Session, place: Place) -> str:
    sessions.end_all(connection, session.person.account)
    return sessions.begin(office, connection, session.person.account, place)


def begin_factor(office: Office, session: Session, password: str) -> None:
    """A secret for a second factor, which counts once a code of it was given."""
    prove(office, session.person, password, "proof")
    if session.person.has_factor:
        raise Refusal("It is on already: turn it off first, with a code.")
    account = session.person.account
    sealed = office.keys.seal(totp.new_secret(), account)
    with office.store.writing() as connection:
        accounts.change(connection, account, factor_next=sealed)


def factor_begun(office: Office, person: Person) -> bytes | None:
    """The secret that is being set up."""
    with office.store.reading() as connection:
        row = accounts.by_id(connection, person.account)
    sealed = row and row.factor_next
    return None if sealed is None else office.keys.unseal(bytes(sealed), person.account)


def confirm_factor(office: Office, session: Session, code: str, place: Place) -> str:
    """Turn the second factor on; the secret of the session that takes the place of this one."""
    person = session.person
    key = tries.key("code", person.account)
    with office.store.writing() as connection:
        if wait := tries.waiting(connection, [key], office.now):
            raise Wait(wait)
        row = accounts.by_id(connection, person.account)
        sealed = row.factor_next
        secret = None if sealed is None else office.keys.unseal(bytes(sealed), person.account)
        if secret is None:
            raise Refusal("Begin again: nothing is being set up.")
        step = totp.step_of(secret, code, office.now, 0)
        if step is not None:
            accounts.change(
                connection, person.account, factor=sealed, factor_next=None, factor_step=step
            )
            tries.succeeded(connection, key)
            office.note(connection, person, "turned the second factor on", person.on)
            return _anew(office, connection, session, place)
        tries.failed(connection, key, tries.CODE, office.now)
    raise Refusal(WRONG_CODE, "code")


def factor_off(office: Office, session: Session, password: str, code: str, place: Place) -> str:
    """Turn it off, by password and code."""
    person = session.person
    prove(office, person, password, "proof")
    key = tries.key("code", person.account)
    with office.store.writing() as connection:
        if wait := tries.waiting(connection, [key], office.now):
            raise Wait(wait)
        if take_code(office, connection, person.account, code):
            accounts.change(connection, person.account, factor=None, factor_next=None)
            office.note(connection, person, "turned the second factor off", person.on)
            return _anew(office, connection, session, place)
        tries.failed(connection, key, tries.CODE, office.now)
    raise Refusal(WRONG_CODE, "code")


def end_session(office: Office, session: Session, handle: str) -> None:
    """End one of the own sessions, or all others where no handle is given."""
    account = session.person.account
    with office.store.writing() as connection:
        if handle:
            sessions.end_handle(connection, account, handle)
        else:
            for one in sessions.of_account(office, connection, account):
                if one.handle != session.handle:
                    sessions.end_handle(connection, account, one.handle)
        office.note(connection, session.person, "ended own sessions", session.person.on)
