"""Funds and programmes: commitments, release rules, exact money per currency."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from servanda.model.condition import Value
from servanda.model.span import NOWHERE, Span
from servanda.model.unspecified import Unspecified


@dataclass(frozen=True, slots=True)
class Commitment:
    """`commitment PARTY 100_000_000_000 by unspecified`, or the remainder of a measure.

    Exactly one of `amount` and `remainder_of` is given; the remainder is the latest value of that
    measure less what is committed to the fund `after`.
    """

    by: str
    amount: Decimal | Unspecified | None = None
    remainder_of: str | None = None
    after: str | None = None
    due: date | Unspecified | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Fund:
    id: str
    currency: str
    title: str | None = None
    commitments: tuple[Commitment, ...] = ()
    spend_only_on: Value | None = None
    release_by: str | Unspecified | None = None
    profit_share: tuple[tuple[str, Decimal], ...] = ()
    on_close_to: str | Unspecified | None = None
    note: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured quantity, such as armed forces in people."""

    id: str
    unit: str
    title: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of people per holder and category; never a personal record."""

    id: str
    categories: tuple[str, ...] = ()
    title: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
