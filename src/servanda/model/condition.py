"""Conditions: what an agreement says must, must not or may be the case, and when.

A condition is a tree of immutable nodes.  Its leaves are patterns of records, states of norms,
measures and tallies; its inner nodes are the connectives of metric first-order temporal logic.
What each node means is defined in `engine/reference` and in `docs/semantics.md`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from servanda.model.quantity import Comparison, Duration, Quantity, Window
from servanda.model.span import NOWHERE, Span

# --- values -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A constant: an actor, a place, an act, a word of a record type."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Var:
    """A variable: `bearer`, `other`, a parameter, or what `for each` and `some` introduce."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TermValue:
    """A disputed term whose readings are values or sets."""

    term: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SetOf:
    """`{a, b}`: any of them."""

    items: tuple["Value", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MembersOf:
    """`members of G`: the known members of a group or body, without the group itself."""

    group: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list that a norm names and may leave unspecified (`list areas unspecified`)."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Bound:
    """`at least 1_000 people`: a numeric argument compared with a constant."""

    comparison: Comparison
    quantity: Quantity
    span: Span = field(default=NOWHERE, compare=False)


Value = Name | Var | TermValue | SetOf | MembersOf | ListValue | Bound

# --- leaves -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument of a pattern; the name `unit` asks for the first-order unit of the place."""

    name: str
    value: Value
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """`at PLACE` or `at PLACE within 30 km`: where the record is located."""

    place: Value
    within: Quantity | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A record of a type with the given arguments; missing arguments are not constrained.

    `new` asks for the act itself at its instant, even where the type brings about a lasting state.
    """

    type: str
    args: tuple[Arg, ...] = ()
    place: PlaceFilter | None = None
    new: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class StateOf:
    """`N is fulfilled`, `N[bearer] is breached`: the state of a norm's instances.

    `state` is one of the words of `model/norm.py:STATE_WORDS`.  "breached" means any instance,
    "fulfilled" means all.  Keys may be fewer than the instance has: the rest is any.
    """

    norm: str
    keys: tuple[Value, ...]
    state: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class KeptFor:
    """`N has been kept for 90 days`: active that long, and no entry in its breaches since."""

    norm: str
    keys: tuple[Value, ...]
    duration: Duration
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reads:
    """`TERM is READING`: decided by the reading that is assumed, never by records."""

    term: str
    reading: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TermHolds:
    """A disputed term whose readings are conditions."""

    term: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A defined condition or state with its arguments: `invaded(A, B)`."""

    name: str
    args: tuple[Value, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class InForce:
    """`in_force`: the agreement has entered into force."""

    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Consent:
    """`consent of PARTIES by {signs}`: consents of all of them stand together, once and for all."""

    of: Value
    types: tuple[str, ...]
    withdrawn_by: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FromInstant:
    """`from 2025-03-18`: true from that instant (a bare day: its first instant)."""

    at: date | datetime
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Same:
    """`bearer is A`, `class in {banking, energy}`: equality or membership of values."""

    left: Value
    right: Value
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Measured:
    """`armed_forces of A at most 600_000 people`: the latest measure, compared."""

    measure: Value
    of: Value
    comparison: Comparison
    quantity: Quantity
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """`outstanding detainees(holder, category) at most 0`: the latest tally, compared."""

    tally: str
    holder: Value
    category: Value
    comparison: Comparison
    quantity: Quantity
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MeasuredLimit:
    """A limit that is measured: `50 percent of fund_profit of F`, `total of F less 100 USD`.

    `percent` of the latest value of the measure, less a constant; without a measure there is no
    limit yet, and the comparison with it does not hold.
    """

    measure: str
    of: Value
    percent: Decimal = Decimal(100)
    less: Quantity | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum of amount in (pays into F) within 30 days at least 100 USD`, count, min, max, average.

    `argument` is None for count.  Without `window` the whole past counts.
    """

    op: str
    argument: str | None
    body: "Condition"
    window: Duration | None
    comparison: Comparison
    quantity: Quantity | MeasuredLimit
    span: Span = field(default=NOWHERE, compare=False)


# --- connectives --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Not:
    body: "Condition"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Condition", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Condition", ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Temporal:
    """`once`, `historically`, `eventually`, `always`, `previous`, `next`, with a window."""

    op: str
    window: Window | None
    body: "Condition"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Dyadic:
    """`LEFT since [a, b] RIGHT`, `LEFT until [a, b] RIGHT`."""

    op: str
    window: Window | None
    left: "Condition"
    right: "Condition"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Lasting:
    """`for at least D (C)`: C has held without a break for D."""

    duration: Duration
    body: "Condition"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class After:
    """`D after C`: D has passed since C first held.  Days are calendar days (rule 2)."""

    duration: Duration
    body: "Condition"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Some:
    """`some u (C)`: there is a value of the variable for which C holds."""

    variables: tuple[str, ...]
    body: "Condition"
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """`every a in SET (C)`: C holds for each member; false while the list is unspecified."""

    variable: str
    domain: Value
    body: "Condition"
    span: Span = field(default=NOWHERE, compare=False)


Condition = (
    Pattern
    | StateOf
    | KeptFor
    | Reads
    | TermHolds
    | Call
    | InForce
    | Consent
    | FromInstant
    | Same
    | Measured
    | Outstanding
    | Aggregate
    | Not
    | And
    | Or
    | Temporal
    | Dyadic
    | Lasting
    | After
    | Some
    | Every
)
