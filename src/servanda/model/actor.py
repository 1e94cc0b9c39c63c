"""Actors: parties, groups (which may be open), bodies, and sources of money."""

from dataclasses import dataclass, field
from enum import StrEnum

from servanda.model.span import NOWHERE, Span


class ActorKind(StrEnum):
    PARTY = "party"
    GROUP = "group"
    BODY = "body"
    HOLDING = "holding"  # a source of money, such as frozen assets


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who can bear a norm, act, speak or hold.

    `members` of a group act for it; `voice` lists who may speak for it besides itself.
    `side` marks a group or body as one of the sides whose accounts the evidence standards tell
    apart; every party is one.  `country` is the ISO
    alpha-2 code whose units of the base map are the party's recognised territory.
    """

    id: str
    kind: ActorKind
    title: str | None = None
    members: tuple[str, ...] = ()
    open: bool = False
    voice: tuple[str, ...] = ()
    side: bool = False
    country: str | None = None
    signatory: bool = True
    note: str | None = None
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def is_side(self) -> bool:
        """Whether its word is the word of a side."""
        return self.side or self.kind is ActorKind.PARTY
