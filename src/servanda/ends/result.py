"""What is found, as plain immutable values: ways, answers, and what each actor can do alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from servanda.ends.power import Power
from servanda.reason.groups import Settled
from servanda.reason.replay import Story

Readings = tuple[tuple[str, str], ...]  # term and reading; empty: under every reading


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a course: an act with its authors, or a wait; `ordinary`: before the group."""

    day: str
    what: str
    by: tuple[str, ...]
    ordinary: bool
    type: str | None = None  # of the record; None for a wait


@dataclass(frozen=True, slots=True)
class Seats:
    """Whose votes carry an act of a body: `carriers` are the smallest groups of its members.

    `carriers` is None where that cannot be said; then `why` names what is left open, or that the
    body goes by rules of its own.  `rule` is its voting rule in words.
    """

    body: str
    rule: str
    carriers: tuple[tuple[str, ...], ...] | None = None
    blockers: tuple[tuple[str, ...], ...] | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """Who can bring a commitment back: the smallest groups, or for good."""

    groups: tuple[tuple[str, ...], ...]
    for_good: bool
    settled: Settled
    steps: int
    stories: tuple[Story, ...] = ()

    @property
    def said(self) -> tuple[object, ...]:
        return (self.groups, self.for_good, self.settled)


@dataclass(frozen=True, slots=True)
class Way:
    """A minimal group with a shortest course, HYPOTHETICAL, that the evaluator has replayed."""

    group: tuple[str, ...]
    events: tuple[Event, ...]
    story: Story
    back: Back | None = None

    @property
    def acts(self) -> tuple[Event, ...]:
        """What the group does, without what belongs to the ordinary course."""
        return tuple(e for e in self.events if not e.ordinary and e.type is not None)


@dataclass(frozen=True, slots=True)
class Answer:
    """All minimal groups for one power over one instance by one clause, under some readings.

    `readings` are the alternatives under which it holds; none: under all.  `begun`: the ordinary
    course does not bring the commitment about, and the group acts after the shortest course that
    does.  `open` names what the
    text leaves open, so that nobody can; then the groups of another power (forfeit, trigger) say
    who could bring about its condition.
    """

    power: Power
    clause: str
    cause: str
    ways: tuple[Way, ...]
    settled: Settled
    steps: int
    doubt: str = ""
    open: tuple[str, ...] = ()
    readings: tuple[Readings, ...] = ()
    begun: bool = False

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        return tuple(way.group for way in self.ways)


@dataclass(frozen=True, slots=True)
class Block:
    """The minimal groups without whom it cannot be brought about; proved, or searched so far."""

    power: Power
    clause: str
    cause: str
    groups: tuple[tuple[str, ...], ...]
    settled: Settled
    steps: int
    readings: tuple[Readings, ...] = ()


@dataclass(frozen=True, slots=True)
class Commitment:
    """One instance of a norm; `owed_to` are those whose benefit it is."""

    id: str
    norm: str
    kind: str
    text: str | None
    bearers: tuple[str, ...]
    owed_to: tuple[str, ...]
    answers: tuple[Answer, ...]
    blocks: tuple[Block, ...]

    def of(self, *powers: Power) -> tuple[Answer, ...]:
        return tuple(one for one in self.answers if one.power in powers)


@dataclass(frozen=True, slots=True)
class Alone:
    """One thing that an actor can do without anybody else; of blocks, `settled` says how far it is
    known that there is no way past it."""

    power: Power
    instance: str
    clause: str
    cause: str
    by: str  # what it does, or omits
    through: str | None = None  # the body whose vote it carries alone
    for_good: bool | None = None
    readings: tuple[Readings, ...] = ()
    settled: Settled = Settled.PROVED


@dataclass(frozen=True, slots=True)
class Told:
    """How an act is told, and under which standards it then has its effect; None: not known."""

    how: str
    by: str
    under: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """What an act does to a commitment when nobody is named for it, or somebody falsely is."""

    power: str  # a power, or "breach"
    instance: str
    to: tuple[str, ...]  # who loses by it
    act: str
    actor: str
    told: tuple[Told, ...]
    readings: Readings


@dataclass(frozen=True, slots=True)
class Ends:
    """The whole: commitments, actors, bodies, attribution, and what was not decided."""

    commitments: tuple[Commitment, ...]
    alone: Mapping[str, tuple[Alone, ...]]
    seats: tuple[Seats, ...]
    attribution: tuple[Attribution, ...]
    undecided: tuple[str, ...]
    readings_cut: tuple[str, ...] = ()
