"""Signing in: name and password, then the code of the second factor where there is one.

A name that nobody has, a wrong password and a locked account have the same answer, after the same
work.  A try is counted before it is looked at, so that many at once are no way around the pause.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from servanda.web.people import accounts, sessions, sign_ins, totp, tries
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office, Place
from servanda.web.people.schema import accounts as table

WRONG = "Name or password is not right."
WRONG_CODE = "The code is not right, or was used already."


@dataclass(eq=False)
class Wait(Exception):
    """Too many tries: not looked at before so many seconds have passed."""

    seconds: int


@dataclass(frozen=True, slots=True)
class In:
    """The secret of the session; not `whole` where a code is still asked for."""

    token: str
    whole: bool


def sign_in(office: Office, name: str, password: str, place: Place, before: str | None) -> In:
    """Raises Refusal or Wait; the session `before` ends."""
    now = office.now
    by_name = tries.key("name", accounts.key_of(name))
    by_address = tries.key("address", place.address)
    with office.store.writing() as connection:
        row = accounts.by_name(connection, name)
        wait = tries.waiting(connection, [by_name, by_address], now)
        if wait:
            sign_ins.note(connection, now, row and row.id, sign_ins.WAITING, place.address)
        else:
            tries.failed(connection, by_name, tries.NAME, now)
            tries.failed(connection, by_address, tries.ADDRESS, now)
    if wait:
        raise Wait(wait)
    right = office.passwords.right(row and row.password, password)
    again = office.passwords.hash(password) if right and office.passwords.old(row.password) else ""
    with office.store.writing() as connection:
        if not right or row.locked:
            outcome = sign_ins.LOCKED if right else sign_ins.WRONG
            sign_ins.note(connection, now, row and row.id, outcome, place.address)
        else:
            tries.succeeded(connection, by_name)
            tries.forgive(connection, by_address)
            if again:
                accounts.change(connection, row.id, password=again)
            sessions.end(connection, before)
            return _let_in(office, connection, row.id, row.factor is None, place)
    raise Refusal(WRONG)


def _let_in(office: Office, connection: Connection, account: str, whole: bool, place: Place) -> In:
    outcome = sign_ins.IN if whole else sign_ins.HALF
    sign_ins.note(connection, office.now, account, outcome, place.address)
    return In(sessions.begin(office, connection, account, place, whole), whole)


def second_factor(office: Office, token: str | None, code: str, place: Place) -> In:
    """The code after the password; raises Refusal or Wait."""
    session = sessions.find(office, token)
    if session is None or session.whole:
        raise Refusal("That took too long. Begin again with name and password.")
    account = session.person.account
    with office.store.writing() as connection:
        fault = _code_fault(office, connection, account, code, place)
        if fault is None:
            sessions.end(connection, token)
            return _let_in(office, connection, account, True, place)
    raise fault


def _code_fault(
    office: Office, connection: Connection, account: str, code: str, place: Place
) -> Refusal | Wait | None:
    """Why a code is not taken; a code is taken once."""
    now, by_code = office.now, tries.key("code", account)
    if wait := tries.waiting(connection, [by_code], now):
        return Wait(wait)
    if not take_code(office, connection, account, code):
        tries.failed(connection, by_code, tries.CODE, now)
        sign_ins.note(connection, now, account, sign_ins.WRONG_CODE, place.address)
        return Refusal(WRONG_CODE, "code")
    tries.succeeded(connection, by_code)
    return None


def take_code(office: Office, connection: Connection, account: str, code: str) -> bool:
    """Whether it is a code of the second factor in use that was not taken before; takes it."""
    row = connection.execute(select(table).where(table.c.id == account)).one()
    secret = None if row.factor is None else office.keys.unseal(bytes(row.factor), account)
    if secret is None:
        return False
    step = totp.step_of(secret, code, office.now, row.factor_step)
    if step is None:
        return False
    connection.execute(update(table).where(table.c.id == account).values(factor_step=step))
    return True


def sign_out(office: Office, token: str | None, place: Place) -> None:
    session = sessions.find(office, token)
    with office.store.writing() as connection:
        sessions.end(connection, token)
        if session is not None:
            account = session.person.account
            sign_ins.note(connection, office.now, account, sign_ins.OUT, place.address)
