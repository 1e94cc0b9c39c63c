"""Institutions: bodies with seats, votes and powers, and the holes in their rules."""

from dataclasses import dataclass, field
from enum import StrEnum

from servanda.model.condition import Value
from servanda.model.span import NOWHERE, Span
from servanda.model.unspecified import Unspecified


class VoteKind(StrEnum):
    COUNT = "count"  # 5 of 7
    MAJORITY = "majority"
    CONSENSUS = "consensus"
    SILENCE = "silence"  # carried unless somebody objects within a time
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class VoteRule:
    """How a decision is carried.  `needed` of `seats` for COUNT; `veto` names who may block."""

    kind: VoteKind
    needed: int | None = None
    seats: int | None = None
    veto: Value | Unspecified | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution of the agreement; the actor of the same id is its body.

    `competent_for` lists norm ids, ("*",) stands for all that no other institution is named for.
    `established_by` names the norm whose fulfilment sets it up; None means that it exists already.
    `own_rules` says that the body votes by rules of its own, outside the agreement.
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
    span: Span = field(default=NOWHERE, compare=False)
