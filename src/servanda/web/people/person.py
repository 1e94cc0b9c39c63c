"""Who asks: an account, or nobody in particular."""

from dataclasses import dataclass
from typing import Any

from servanda.web.people.roles import TITLES, Role


@dataclass(frozen=True, slots=True)
class Person:
    """`acts_for` is the party or the body of a role that acts for one; `account` is its id.

    `seat` is the member of the body whose vote it casts.  `tied` says that an OpenID provider can
    let it in.
    """

    role: Role
    account: str = ""
    name: str = ""
    acts_for: str | None = None
    seat: str | None = None
    has_password: bool = False
    has_factor: bool = False
    locked: bool = False
    tied: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.role]

    @property
    def on(self) -> str:
        """How the trail names the account."""
        return f"account:{self.name}"


VISITOR = Person(Role.VISITOR)
PUBLIC = Person(Role.PUBLIC)


def of_row(row: Any) -> Person:
    """From a row of the table of accounts."""
    return Person(
        Role(row.role),
        row.id,
        row.name,
        row.acts_for,
        row.seat,
        row.password is not None,
        row.factor is not None,
        bool(row.locked),
        row.subject is not None,
    )
