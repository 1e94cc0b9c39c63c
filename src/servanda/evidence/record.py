"""A record: one row of evidence, as somebody reported it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from servanda.evidence.instant import Period
from servanda.geo import Point

UNATTRIBUTED = "unattributed"

ArgValue = str | Decimal | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Fields as in the plan's vocabulary; `reported` and `received` are instants.

    `line` is where it stood in its file (0 where that means nothing).  `at` is None only for a
    pure withdrawal.
    """

    id: str
    type: str
    source: str
    reported: int
    at: Period | None
    args: Mapping[str, ArgValue] = field(default_factory=dict)
    place: str | Point | None = None
    claimed_by: str | None = None
    received: int | None = None
    status: str | None = None
    observed_how: str | None = None
    count: Decimal | None = None
    same_as: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    handling: str | None = None
    line: int = 0

    @property
    def speaker(self) -> str:
        """Whose word it is (vocabulary, rule 6)."""
        return self.claimed_by or self.source

    def word(self, arg: str) -> str | None:
        """A one-word argument; None when missing or unattributed."""
        value = self.args.get(arg)
        return value if isinstance(value, str) and value != UNATTRIBUTED else None

    def words(self, arg: str) -> tuple[str, ...]:
        """An argument that may be a list, as a tuple."""
        value = self.args.get(arg)
        if isinstance(value, tuple):
            return value
        return (value,) if isinstance(value, str) and value != UNATTRIBUTED else ()

    def number(self, arg: str) -> Decimal | None:
        value = self.args.get(arg)
        return value if isinstance(value, Decimal) else None
