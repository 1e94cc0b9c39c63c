"""What the docket goes by: the bodies with their rules, who speaks for whom, clock and instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from servanda.evidence.source import Speakers
from servanda.model.condition import MembersOf, Name, SetOf, Value
from servanda.model.institution import Institution, VoteRule
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified


class Clock(Protocol):
    """How the agreement counts its deadlines."""

    def due_within(self, duration: Duration, event: int) -> int:
        """The first instant too late for "within `duration` of" an event."""


def no_group(name: str) -> tuple[str, ...]:
    return (name,)


@dataclass(frozen=True, slots=True)
class Rules:
    """`votes` are those assumed for a run; `established` gives since when each body exists;
    `members` names who is known to be in a group.
    """

    institutions: Mapping[str, Institution]
    speakers: Speakers
    clock: Clock
    as_of: int
    votes: Mapping[str, VoteRule] = field(default_factory=dict)
    established: Mapping[str, int | None] = field(default_factory=dict)
    members: Callable[[str], tuple[str, ...]] = no_group

    def who(self, value: Value | Unspecified | None) -> frozenset[str] | None:
        """The names that a value stands for; None where it is absent, open, or up to a reading."""
        match value:
            case Name(name):
                return frozenset({name})
            case MembersOf(group):
                return frozenset(self.members(group))
            case SetOf(items):
                parts = [self.who(item) for item in items]
                known = [part for part in parts if part is not None]
                return frozenset().union(*known) if len(known) == len(parts) else None
            case _:
                return None

    def is_one_of(self, actor: str, names: frozenset[str]) -> bool:
        """Whether an actor is named, itself or by a group that it is in."""
        return any(self.speakers.belongs(actor, name) for name in names)

    def due(self, duration: Duration | Unspecified | None, event: int | None) -> int | None:
        """The first instant too late; None where no time is given or its clock has not begun."""
        if event is None or not isinstance(duration, Duration):
            return None
        return self.clock.due_within(duration, event)
