"""Who signed in and who tried: a table of its own, shown on one page and in no export."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from servanda.web.people.schema import accounts, sign_ins

KEPT_DAYS = 180
MAX_KEPT = 20_000
PAGE = 200

IN, OUT = "signed in", "signed out"
WRONG, WRONG_CODE = "name or password not right", "code not right"
HALF, LINK = "password right, code asked for", "by a one-time link"
WAITING, LOCKED = "too many tries, made to wait", "password right, account locked"
PROVIDER = "by the OpenID provider"


@dataclass(frozen=True, slots=True)
class SignIn:
    at: int
    name: str
    outcome: str
    address: str


def note(connection: Connection, now: int, account: str | None, outcome: str, address: str) -> None:
    """What was typed as a name that nobody has is not kept: it may be a password."""
    connection.execute(
        insert(sign_ins).values(at=now, account=account, outcome=outcome, address=address[:60])
    )
    connection.execute(delete(sign_ins).where(sign_ins.c.at < now - KEPT_DAYS * 86_400))
    last = connection.execute(select(func.max(sign_ins.c.id))).scalar() or 0
    connection.execute(delete(sign_ins).where(sign_ins.c.id <= last - MAX_KEPT))


def latest(connection: Connection) -> list[SignIn]:
    query = select(sign_ins, accounts.c.name).join(
        accounts, accounts.c.id == sign_ins.c.account, isouter=True
    )
    found = connection.execute(query.order_by(sign_ins.c.id.desc()).limit(PAGE))
    return [SignIn(row.at, row.name or "", row.outcome, row.address) for row in found]
