"""Disputed terms and their readings.  No reading is the default."""

from dataclasses import dataclass, field

from servanda.model.condition import Condition, SetOf, Value
from servanda.model.span import NOWHERE, Span
from servanda.model.unspecified import Unspecified


@dataclass(frozen=True, slots=True)
class CountsAs:
    """`counts {A, B} as PARTY`: under this reading these units are that party's territory."""

    units: SetOf
    party: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a term; `owners` are those who are on record for it.

    `value` is what the term stands for under this reading: a value or set, a condition, a change
    of territory, or nothing when clauses only ask `TERM is READING`.
    """

    name: str
    value: Value | Condition | CountsAs | None = None
    note: str | None = None
    owners: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A word whose meaning is disputed.  `inert` terms change no state."""

    id: str
    title: str | None = None
    readings: tuple[Reading, ...] = ()
    decided_by: str | Unspecified | None = None
    until_decided: str | None = None
    inert: bool = False
    open_on_purpose: str | None = None
    note: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
