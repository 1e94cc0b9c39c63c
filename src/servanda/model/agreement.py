"""The agreement: everything that a folder of agreement text says, as one immutable value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from servanda.model.actor import Actor, ActorKind
from servanda.model.condition import Condition
from servanda.model.consequence import Effect
from servanda.model.definition import Define, State
from servanda.model.descent import Descent, Drop
from servanda.model.fund import Fund, Measure, Tally
from servanda.model.institution import Institution
from servanda.model.norm import Citation, Norm
from servanda.model.place import Place, Zone
from servanda.model.record_type import RecordType
from servanda.model.span import NOWHERE, Span
from servanda.model.term import Term
from servanda.model.translation import Translation

T = TypeVar("T")

SIGNATORIES = "signatories"  # “all signatories” in a bearer clause


class DraftStatus(StrEnum):
    WORKING = "working"
    TABLED = "tabled"
    INITIALLED = "initialled"
    AGREED = "agreed"
    SIGNED = "signed"
    RATIFIED = "ratified"
    IN_FORCE = "in force"
    PROVISIONALLY_APPLIED = "provisionally applied"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class MonthEnd(StrEnum):
    """Where a term of months ends if that month has no such day."""

    LAST_DAY = "the last day"
    NEXT_MONTH = "the next month"


@dataclass(frozen=True, slots=True)
class Bracket:
    """`bracket "RU" text "on signature"`: one side's wording where drafters have not agreed."""

    owner: str
    text: str
    reading: str | None = None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Provision:
    """An article or point: its id, title and text in plain words, with its translations.

    `not_public` says why its wording is not known; `drops` what of other drafts it leaves out.
    """

    id: str
    title: str
    text: str = ""
    translations: tuple[Translation, ...] = ()
    left_for_later: bool = False
    brackets: tuple[Bracket, ...] = ()
    citations: tuple[Citation, ...] = ()
    open_on_purpose: str | None = None
    not_public: str | None = None
    descends_from: tuple[Descent, ...] = ()
    drops: tuple[Drop, ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """An interpretative statement, side letter or annex: kept apart from the text."""

    kind: str  # "interpretation", "side letter", "annex"
    id: str
    by: str | None
    text: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Header:
    """`agreement ID "title"` and its clauses.

    The text is in the first of `languages`; those in `authentic` bind, where the text says so.
    `first_day_counts` and `month_end` say how terms are counted.  `incomplete` says why the draft
    may hold more than is written here: what is absent is then not left out, but not known.
    `said` are the keywords of the clauses that stand in the text; an audit asks what nobody wrote.
    """

    id: str
    title: str
    zone: str = "UTC"
    draft: date | None = None
    status: DraftStatus = DraftStatus.WORKING
    languages: tuple[str, ...] = ()
    authentic: tuple[str, ...] = ()
    in_force_when: Condition | None = None
    first_day_counts: bool = False
    month_end: MonthEnd = MonthEnd.LAST_DAY
    incomplete: str | None = None
    said: frozenset[str] = field(default=frozenset(), compare=False)
    span: Span = field(default=NOWHERE, compare=False)

    def plain(self) -> dict[str, str | None]:
        """Which text it is, as every result in JSON begins."""
        draft = None if self.draft is None else self.draft.isoformat()
        return {"id": self.id, "title": self.title, "draft": draft, "status": self.status.value}


@dataclass(frozen=True, slots=True)
class Include:
    """`include "annex.md"`: a further file of the same agreement's folder."""

    path: str
    span: Span = field(default=NOWHERE, compare=False)


Declaration = (
    Header
    | Include
    | Provision
    | Actor
    | Place
    | Zone
    | Term
    | RecordType
    | Measure
    | Tally
    | Fund
    | Institution
    | Define
    | State
    | Norm
    | Statement
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """All declarations of one agreement by kind, in the order of the text.

    `folder` is where it was read from (None for text given directly); it is no part of equality.
    """

    header: Header
    provisions: Mapping[str, Provision] = field(default_factory=dict)
    actors: Mapping[str, Actor] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    zones: Mapping[str, Zone] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    record_types: Mapping[str, RecordType] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    funds: Mapping[str, Fund] = field(default_factory=dict)
    institutions: Mapping[str, Institution] = field(default_factory=dict)
    definitions: Mapping[str, Define] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    norms: Mapping[str, Norm] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    folder: Path | None = field(default=None, compare=False)
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def id(self) -> str:
        return self.header.id

    def kept(self, what: str, work_out: "Callable[[Agreement], T]") -> T:
        """What follows from the agreement alone and is asked for often, worked out once."""
        if what not in self._kept:
            self._kept[what] = work_out(self)
        found: T = self._kept[what]
        return found

    def effects_on(self, norm: str) -> list[tuple[Norm, Effect]]:
        """What norms do to one: each effect with the norm that has it, in the order of the text."""
        return self.kept("effects", _effects).get(norm, [])

    def is_authentic(self, language: str, said: bool | None = None) -> bool | None:
        """Whether a text in a language binds: what a clause says, else the header; None: unsaid."""
        if said is not None or not self.header.authentic:
            return said
        return language in self.header.authentic

    def members_of(self, group: str) -> tuple[str, ...]:
        """The known members of a group or body; of `signatories`, all that sign."""
        if group == SIGNATORIES:
            signing = (ActorKind.PARTY, ActorKind.GROUP)
            return tuple(a.id for a in self.actors.values() if a.kind in signing and a.signatory)
        return self.actors[group].members


def _effects(agreement: Agreement) -> dict[str, list[tuple[Norm, Effect]]]:
    found: dict[str, list[tuple[Norm, Effect]]] = {}
    for source in agreement.norms.values():
        for effect in source.effects:
            found.setdefault(effect.target.norm, []).append((source, effect))
    return found
