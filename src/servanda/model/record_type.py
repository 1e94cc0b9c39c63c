"""Record types: what kinds of evidence rows there are and how they behave."""

from dataclasses import dataclass, field
from enum import StrEnum

from servanda.model.span import NOWHERE, Span


class ArgKind(StrEnum):
    ACTOR = "actor"
    PLACE = "place"
    TERRITORY = "territory"  # a party's territory, or a place; the record's place beats it
    WORD = "word"
    NUMBER = "number"
    MONEY = "money"  # an exact decimal, written as a string
    TEXT = "text"
    RECORD = "record"  # ids of other records


@dataclass(frozen=True, slots=True)
class ArgType:
    """One argument.  `many` allows a list; `one_of` lists the words allowed (empty: any)."""

    name: str
    kind: ArgKind
    required: bool = True
    many: bool = False
    one_of: tuple[str, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Ending:
    """`ends by TYPE with a, b`: the state that an act brings about lasts until such an act.

    The arguments named are equal in both; a pair `a = b` maps this type's `a` to the other's `b`.
    """

    type: str
    same: tuple[tuple[str, str], ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record type of the vocabulary.

    `event`: it counts at its instant only; otherwise the act brings about a state that lasts
    (until one of `endings`).  `actor` names the argument of who acts (and would stand accused).
    `identified_by` are the arguments that tell occurrences apart; None means all.  `declared_by`
    names the argument whose actor, speaking itself, makes the act count under every standard;
    `each` says that all actors listed there must have said so.  `alone` says that a mandated body
    of no side suffices.
    """

    id: str
    title: str | None = None
    args: tuple[ArgType, ...] = ()
    event: bool = False
    endings: tuple[Ending, ...] = ()
    actor: str | None = None
    identified_by: tuple[str, ...] | None = None
    declared_by: str | None = None
    declared_by_each: bool = False
    alone: bool = False
    span: Span = field(default=NOWHERE, compare=False)

    def arg(self, name: str) -> ArgType | None:
        for declared in self.args:
            if declared.name == name:
                return declared
        return None
