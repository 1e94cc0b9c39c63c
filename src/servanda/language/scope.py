"""What names stand for: the declared names of an agreement, and the variables of one clause."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from servanda.language.diagnostics import Reporter, nearest
from servanda.language.limits import MAX_IDENTIFIER
from servanda.language.outline import Logical
from servanda.language.syntax import RESERVED, Node, offsets
from servanda.model.condition import Value
from servanda.model.norm import NormKind
from servanda.model.record_type import ArgType, RecordType
from servanda.model.span import Span


class Refused(Exception):
    """A clause that cannot be built; its error has been reported already."""


Built = TypeVar("Built")
Other = TypeVar("Other")


def all_of(build: Callable[[Node], Built], nodes: Iterable[Node]) -> tuple[Built, ...]:
    """What `build` makes of each node; it refuses only after the errors of all are reported."""
    found: list[Built] = []
    refused = False
    for node in nodes:
        try:
            found.append(build(node))
        except Refused:
            refused = True
    if refused:
        raise Refused
    return tuple(found)


def both(first: Callable[[], Built], second: Callable[[], Other]) -> tuple[Built, Other]:
    """Both results; it refuses only after the errors of both are reported."""
    try:
        found = first()
    except Refused:
        second()
        raise
    return found, second()


IMPLICIT = ("bearer", "other", "offender")
FORCE = "in_force"
UNATTRIBUTED = "unattributed"
SIGNATORIES = "signatories"


@dataclass(slots=True)
class TermInfo:
    """What is known of a term before its readings are built: their names and bodies.

    `members` are those of the readings that are sets, as far as they have been worked out;
    `refused` are the readings whose error has been reported.
    """

    span: Span
    readings: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, Logical] = field(default_factory=dict)
    members: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    holds: bool = False  # whether a reading of it is a condition
    values: list[str] = field(default_factory=list)  # if so: the readings that are none


@dataclass(slots=True)
class NormInfo:
    kind: NormKind
    span: Span
    variables: int = 0  # how many keys an instance can have at most


@dataclass(slots=True)
class Names:
    """All declared names.  `later` holds checks that wait until everything is built."""

    report: Reporter
    known_place: Callable[[str], bool] | None = None
    actors: dict[str, Span] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)
    terms: dict[str, TermInfo] = field(default_factory=dict)
    records: dict[str, RecordType] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)  # name to unit
    tallies: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name to categories
    funds: dict[str, Span] = field(default_factory=dict)
    institutions: dict[str, Span] = field(default_factory=dict)
    calls: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name to parameters
    norms: dict[str, NormInfo] = field(default_factory=dict)
    provisions: dict[str, Span] = field(default_factory=dict)
    declared: dict[tuple[str, str], Span] = field(default_factory=dict)
    used_terms: set[str] = field(default_factory=set)
    later: list[Callable[[], None]] = field(default_factory=list)
    slips: dict[str, set[str]] | None = None  # see `near_miss`

    def declare(self, group: str, what: str, name: str, span: Span) -> bool:
        """Enter a name; two of one group must differ.  False after an error was reported."""
        if name in RESERVED or (name in IMPLICIT and group != "provision"):
            self.report.error(
                "SV0307",
                f"{what} cannot be called `{name}`",
                span,
                why="The word belongs to the language: it stands for something everywhere.",
                fix="Choose another name.",
            )
            return False
        first = self.declared.setdefault((group, name), span)
        if first is span:
            return True
        self.report.error(
            "SV0402",
            f"`{name}` is declared twice",
            span,
            why=f"It was first declared at {first}.",
            fix="Give one of the two another name, or remove it.",
        )
        return False

    def is_actor(self, name: str) -> bool:
        return (
            name in self.actors
            or name in self.institutions
            or name in self.funds
            or name == UNATTRIBUTED
        )

    def is_place(self, name: str) -> bool:
        return name in self.places or (self.known_place is not None and self.known_place(name))

    def actor_names(self) -> Iterable[str]:
        return [*self.actors, *self.institutions, *self.funds]

    def actor(self, name: str, span: Span) -> str:
        """The name of an actor, or an error."""
        if not self.is_actor(name):
            self.report.unknown(
                "SV0401",
                f"no actor is called `{name}`",
                span,
                name,
                self.actor_names(),
                why="Whoever acts or bears something is declared, so that a slip is found.",
                fix=f"Correct the name, or declare it: `party {name}`, `body {name}` …",
            )
            raise Refused
        return name

    def norm(self, name: str, span: Span) -> str:
        """The id of a norm, or an error."""
        if name not in self.norms:
            self.report.unknown(
                "SV0404",
                f"no norm is called `{name}`",
                span,
                name,
                self.norms,
                why="Ids of norms are written in full, with the part before the dot.",
                fix="Correct the id, or declare the norm.",
            )
            raise Refused
        return name

    def near_miss(self, name: str, span: Span) -> None:
        """Warn about a free name that is one slip away from a declared one."""
        if self.slips is None:
            self.slips = {}
            for known in (*self.actor_names(), *self.places, *self.terms):
                for short in _shortened(known):
                    self.slips.setdefault(short, set()).add(known)
        known_names = {known for short in _shortened(name) for known in self.slips.get(short, ())}
        meant = next((k for k in nearest(name, known_names) if _alike(name, k)), None)
        if meant is not None and name not in known_names:
            self.report.warning(
                "SV0705",
                f"`{name}` is declared nowhere and looks like `{meant}`",
                span,
                why="Some names of places and words need no declaration, so this may be a slip.",
                fix=f"Write `{meant}`, or declare `{name}`.",
            )


def _shortened(name: str) -> set[str]:
    """A name without each of its letters: names that are one slip apart share one of these."""
    if not 3 < len(name) <= 40:
        return set()
    folded = name.casefold()
    return {folded, *(folded[:i] + folded[i + 1 :] for i in range(len(folded)))}


def _alike(name: str, other: str) -> bool:
    """Whether one may be a slip of the other; names that differ in a digit are meant to differ."""
    if re.sub(r"\d", "", name) == re.sub(r"\d", "", other):
        return False
    return name[:1] == other[:1] and abs(len(name) - len(other)) <= 1


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables that a clause can use.

    `variables` were introduced by name; `implicit` are those of the norm itself; `lists` are the
    lists it names.  `own_term` is the term whose reading is being built: inside it the same word
    is the plain word.
    """

    variables: frozenset[str] = frozenset()
    implicit: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    own_term: str | None = None

    def having(self, *names: str) -> "Scope":
        return replace(self, variables=self.variables | set(names))

    def binds(self, name: str) -> bool:
        return name in self.variables or name in self.implicit


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tree stands: its line, for spans and errors."""

    line: Logical
    names: Names

    def span(self, node: Node) -> Span:
        return self.line.span(*offsets(node))

    def identifier(self, token: Node) -> str:
        """The text of a name token, refused when it is too long."""
        text = str(token)
        if len(text) > MAX_IDENTIFIER:
            self.names.report.error(
                "SV0307",
                f"a name has {len(text)} characters",
                self.span(token),
                why=f"Names have at most {MAX_IDENTIFIER} characters.",
                fix="Shorten it.",
            )
            raise Refused
        return text


def arg_names(record: RecordType) -> tuple[str, ...]:
    return tuple(arg.name for arg in record.args)


def unit_arg() -> ArgType:
    """The argument that every pattern has besides those of its type."""
    from servanda.model.record_type import ArgKind

    return ArgType("unit", ArgKind.PLACE, required=False)
