"""What a comparison finds, as plain immutable values: changes of clauses and of what they use."""

from dataclasses import dataclass
from enum import StrEnum

from servanda.compare.align import Pair
from servanda.compare.direction import Direction


class Aspect(StrEnum):
    """What about a clause has changed, in the order in which changes are told."""

    CLAUSE = "clause"  # the clause itself was added or removed
    KIND = "kind"
    STRENGTH = "strength"
    BEARER = "bearer"
    OWED_TO = "owed to"
    SUBJECTS = "subjects"
    EXISTS = "exists when"
    CONDITION = "condition"
    START = "start"
    DEADLINE = "deadline"
    GRACE = "grace"
    EVERY = "recurrence"
    SUSPENDED = "suspended while"
    CLOCK = "clock"
    END = "end"
    RELEASED = "released when"
    TERMINATED = "terminated when"
    REOPENS = "reopens when"
    CURE = "cure"
    TRIGGER = "trigger"
    LAPSE = "lapse"
    CONSEQUENCES = "consequences"
    DECIDER = "decider"
    FINDING = "finding"
    PRIORITY = "priority"
    LISTS = "lists"
    READINGS = "readings"
    SIGNATORY = "signatory"
    SHOWN_BY = "shown by"
    OPEN = "left open"
    RESERVATIONS = "reservations"
    NOTES = "notes"
    ENDERS = "who can end it"
    RULE = "rule"  # of a fund, an institution, a term or the draft as a whole
    TEXT_STATUS = "status of the text"


# What bears on how a commitment comes to an end; who can bring that about is another question.
ON_ENDING = frozenset(
    {
        Aspect.END,
        Aspect.RELEASED,
        Aspect.TERMINATED,
        Aspect.LAPSE,
        Aspect.CONSEQUENCES,
        Aspect.DECIDER,
        Aspect.ENDERS,
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """One change: what was and what is, in words, which way it went and for whom.

    `before` or `after` is None where there is nothing.  `whom` are those who bear the commitment or
    hold the right; `role` says whether the direction is of what they bear or of what they are owed.
    """

    aspect: Aspect
    before: str | None
    after: str | None
    direction: Direction
    words: str
    whom: tuple[str, ...] = ()
    role: str = "bears"

    @property
    def on_ending(self) -> bool:
        return self.aspect in ON_ENDING


class Fate(StrEnum):
    """What became of a clause from one draft to the other."""

    CHANGED = "changed"
    MOVED = "moved"  # the same elsewhere
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    NOT_TOLD_BEFORE = "not told before"  # the first draft is not fully known
    NOT_TOLD_AFTER = "not told after"


@dataclass(frozen=True, slots=True)
class Clause:
    """A norm as a comparison names it."""

    id: str
    provision: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one clause.  `why` is what a draft says of dropping it."""

    fate: Fate
    before: Clause | None
    after: Clause | None
    parts: tuple[Part, ...] = ()
    owed_to: tuple[str, ...] = ()
    pair: Pair | None = None
    moved: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class OtherChange:
    """A change of what clauses use: a term, a fund, an institution, a group, the head."""

    what: str  # "term", "fund" …
    name: str
    fate: Fate
    parts: tuple[Part, ...] = ()
