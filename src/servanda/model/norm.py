"""Norms: who must, must not or may do what, from when, until when, and what follows.

The kinds follow Hohfeld's positions and the plan's vocabulary.  A field that the text leaves open
holds `Unspecified`, so that the audit can list it and a run can assume it.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from servanda.model.condition import And, Condition, Pattern, StateOf, Value, Var
from servanda.model.consequence import Consequence, Cure, Effect, Step, effects
from servanda.model.descent import Descent
from servanda.model.quantity import Duration
from servanda.model.span import NOWHERE, Span
from servanda.model.translation import Translation
from servanda.model.unspecified import Unspecified


class NormKind(StrEnum):
    """What sort of commitment a norm is; the word also stands in the JSON."""

    ACHIEVE = "achieve"
    MAINTAIN = "maintain"
    PROHIBITION = "prohibition"
    PERMISSION = "permission"
    RIGHT = "right"
    POWER = "power"
    IMMUNITY = "immunity"
    POLITICAL = "political_commitment"
    PRINCIPLE = "principle"
    GUARANTEE = "guarantee"
    EFFECT = "effect"
    RULE = "rule"
    STAGED = "staged"


# What is to be done with the condition, where the kind tells it; others carry it as `verb`.
_DUTY = {
    NormKind.ACHIEVE: "achieve",
    NormKind.STAGED: "achieve",
    NormKind.MAINTAIN: "maintain",
    NormKind.PROHIBITION: "not",
    NormKind.IMMUNITY: "not",
    NormKind.PERMISSION: "may",
    NormKind.RIGHT: "may",
    NormKind.POWER: "may",
}

# States that a condition can ask of a norm; `invoked` and `lapsed` only of a guarantee.
STATE_WORDS = (
    "inactive",
    "active",
    "suspended",
    "fulfilled",
    "breached",
    "cured",
    "expired",
    "terminated",
    "invoked",
    "lapsed",
)


@dataclass(frozen=True, slots=True)
class Bearers:
    """Who bears the norm.

    `each` makes one instance per bearer; without it the bearers bear it together.  `open` holds
    the words for those whom the text adds without naming them ("other guarantors").  An empty
    `values` means unspecified.
    """

    values: tuple[Value, ...]
    each: bool = False
    open: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ForEach:
    """`for each VARS in SET and where PATTERN`: the instances, from a list, from acts, or both."""

    variables: tuple[str, ...]
    domain: Value | None = None
    where: Pattern | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Start:
    """`from C`: active from the first instant C holds; `from each C`: anew whenever C begins."""

    condition: Condition
    each: bool = False
    span: Span = field(default=NOWHERE, compare=False)


class CountedFrom(StrEnum):
    EVENT = "event"
    RECEIPT = "receipt"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Within:
    """`within 100 days of C`: rule 2 of the vocabulary.

    `counted_from` is the event itself, or when the records of it were received or when notice of
    it was given; a receipt that nobody recorded starts no clock.
    """

    duration: Duration
    of: Condition
    counted_from: CountedFrom = CountedFrom.EVENT
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class By:
    """`by 2026-07-01`: that day is included."""

    day: date
    span: Span = field(default=NOWHERE, compare=False)


Deadline = Within | By | Unspecified


@dataclass(frozen=True, slots=True)
class Lapse:
    """`lapses when C via "p22"`: ends a guarantee for good."""

    condition: Condition
    via: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ClockStop:
    """`clock stops while C at most 180 days`."""

    condition: Condition
    at_most: Duration | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NamedList:
    """`list areas unspecified` or `list areas {North, South}`."""

    name: str
    value: Value | Unspecified
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Open:
    """`open amount "why it matters"`: a field that the text leaves open."""

    name: str
    why: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Strength:
    """`strength political [when C]`: C may only ask which reading is assumed."""

    political_when: Condition | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Reservation:
    by: str
    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Citation:
    """`source WITNESS paragraph 18 digest "…"`: points at the text; never copies it.

    `digest` opens the SHA-256, in hexadecimal, of the paragraph's text (UTF-8, no line end).
    """

    witness: str
    paragraph: int | None = None
    digest: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Norm:
    """One commitment.  `condition` is what is to be achieved, kept, left undone or allowed.

    Two fields are derived: `effects`, what its consequences and steps do to other norms and when,
    and `allowed`, the acts that it is about while it is active.
    `upon_finding` is set on a power that follows a finding ("breach"); its condition may use the
    variable `offender`.  `verb` ("achieve", "maintain", "not", "may") is set only where the
    kind does not tell it: on political commitments and rules.
    """

    id: str
    kind: NormKind
    provision: str | None = None
    text: str | None = None
    bearers: Bearers | None = None
    toward: Value | None = None
    for_each: tuple[ForEach, ...] = ()
    exists_when: Condition | None = None
    condition: Condition | None = None
    verb: str | None = None
    start: Start | None = None
    deadline: Deadline | None = None
    grace: Duration | Unspecified | None = None
    every: Duration | Unspecified | None = None
    until: Condition | None = None
    terminated_when: tuple[Condition, ...] = ()
    released_when: tuple[Condition, ...] = ()
    suspended_while: tuple[Condition, ...] = ()
    reopens_when: tuple[Condition, ...] = ()
    clock_stops: tuple[ClockStop, ...] = ()
    cure: Cure | None = None
    steps: tuple[Step, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    triggers: tuple[Condition, ...] = ()
    lapses: tuple[Lapse, ...] = ()
    beneficiary: Value | None = None
    decided_by: str | Unspecified | None = None
    upon_finding: str | None = None
    strength: Strength | None = None
    subject_to: tuple[str, ...] = ()
    notwithstanding: tuple[str, ...] = ()
    lists: tuple[NamedList, ...] = ()
    open: tuple[Open, ...] = ()
    shown_by: tuple[str, ...] = ()
    non_signatory: bool = False
    reservations: tuple[Reservation, ...] = ()
    open_on_purpose: str | None = None
    notes: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    translations: tuple[Translation, ...] = ()
    descends_from: tuple[Descent, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)
    effects: tuple[Effect, ...] = field(init=False, compare=False, repr=False, default=())
    allowed: Condition | None = field(init=False, compare=False, repr=False, default=None)

    def __post_init__(self) -> None:
        own = effects(self.id, self.keys, self.cure, self.steps, self.consequences)
        object.__setattr__(self, "effects", own)
        if self.condition is not None:
            active = StateOf(self.id, self.keys, "active")
            object.__setattr__(self, "allowed", And((self.condition, active)))

    @property
    def duty(self) -> str | None:
        """What is to be done with the condition: achieve, maintain, not, may; None for none."""
        return None if self.condition is None else self.verb or _DUTY.get(self.kind)

    @property
    def keys(self) -> tuple[Value, ...]:
        """The variables whose values tell one instance of the norm from another."""
        subjects = [v for clause in self.for_each for v in clause.variables]
        if self.bearers is None:
            return tuple(Var(s) for s in subjects)
        if self.bearers.each:
            return (Var("bearer"), *(Var(s) for s in subjects))
        first = [v.name for v in self.bearers.values if isinstance(v, Var)]
        return tuple(Var(s) for s in (*first, *(s for s in subjects if s not in first)))

    @property
    def telling(self) -> tuple[Condition, ...]:
        """Conditions whose records are shown with what they bring about."""
        own = () if self.condition is None else (self.condition,)
        return (*own, *self.triggers, *(lapse.condition for lapse in self.lapses))
