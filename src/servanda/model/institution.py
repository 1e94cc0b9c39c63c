"""Institutions: bodies with seats, votes and powers, and the holes in their rules."""

from dataclasses import dataclass, field
from enum import StrEnum

from servanda.model.condition import Value
from servanda.model.procedure import Procedure
from servanda.model.quantity import Duration
from servanda.model.span import NOWHERE, Span
from servanda.model.unspecified import Unspecified


class VoteKind(StrEnum):
    COUNT = "count"  # 5 of 7
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    CONSENSUS = "consensus"
    SILENCE = "silence"  # carried unless somebody objects within a time
    CHAIR = "chair"
    CO_CHAIRS = "co_chairs"  # all who preside must agree


class VoteBase(StrEnum):
    """Of what a majority or two thirds are counted."""

    VOTES = "votes"  # cast for or against
    PRESENT = "present"  # those who took part, abstentions among them
    MEMBERS = "members"  # all who sit in it


@dataclass(frozen=True, slots=True)
class VoteRule:
    """How a decision is carried.

    `needed` of `seats` for COUNT; `veto` names who may block; `base` is for MAJORITY and
    TWO_THIRDS (None: of the votes cast); `period` is that of a silence procedure.
    """

    kind: VoteKind
    needed: int | None = None
    seats: int | None = None
    veto: Value | Unspecified | None = None
    base: VoteBase | Unspecified | None = None
    period: Duration | Unspecified | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution of the agreement; the actor of the same id is its body.

    `competent_for` lists norm ids, ("*",) stands for all that no other institution is named for.
    `established_by` names the norm whose fulfilment sets it up; None means that it exists already.
    `own_rules` says that the body votes by rules of its own, outside the agreement.
    `casting_vote` is his who decides a tie.
    """

    id: str
    title: str | None = None
    chair: Value | Unspecified | None = None
    members: Value | Unspecified | None = None
    quorum: int | Unspecified | None = None
    vote: VoteRule | Unspecified | None = None
    own_rules: bool = False
    evidence: str | Unspecified | None = None
    appeal: str | Unspecified | None = None
    competent_for: tuple[str, ...] = ()
    established_by: str | None = None
    decides_terms: tuple[str, ...] = ()
    note: str | None = None
    casting_vote: Value | Unspecified | None = None
    procedure: Procedure = field(default_factory=Procedure)
    span: Span = field(default=NOWHERE, compare=False)
