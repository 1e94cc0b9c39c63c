"""A question to the engine: on what, as of when, under what; and the runs that answer it.

All readings and standards share their work: the history of a component of norms is made once for
each combination of the terms that can matter to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from servanda.engine.assumptions import Assumptions, apply
from servanda.engine.closure import closures
from servanda.engine.columns import few
from servanda.engine.columns.counting import remembered
from servanda.engine.columns.facts import ColumnFacts, ColumnWorld
from servanda.engine.columns.moved import ColumnMovedFacts
from servanda.engine.facts import Facts, MovedFacts, World
from servanda.engine.history import History
from servanda.engine.run import Run, Shared
from servanda.engine.slot import Settings
from servanda.engine.strata import Strata, strata
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.finding import Finding
from servanda.evidence.instant import day_period
from servanda.evidence.merge import Merge, effective
from servanda.evidence.note import Note, verified
from servanda.evidence.record import Record
from servanda.evidence.source import Source, Speakers
from servanda.evidence.standard import (
    DEFAULT_STANDARD,
    Evidence,
    gather,
    named_standards,
)
from servanda.evidence.view import View, heard_by, latest, view
from servanda.geo import Atlas
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm
from servanda.model.standard import Standard

Assignment = Mapping[str, str]
COLUMNAR, REFERENCE = ENGINES = ("columnar", "reference")


@dataclass(frozen=True)
class Inputs:
    """What a person gives: the agreement, its map and sources, records, and choices.

    `standard` is the name of one that is built in, or the canonical text of `own`.
    """

    agreement: Agreement
    atlas: Atlas
    records: Sequence[Record] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    as_of: int | None = None
    known_at: int | None = None
    standard: str = DEFAULT_STANDARD
    readings: Mapping[str, str] = field(default_factory=dict)
    assume: tuple[str, ...] = ()
    trust_status: bool = False
    notes: tuple[Note, ...] = ()  # of a ledger, about records
    by_officer: frozenset[str] = frozenset()  # ids of records that its officers entered
    only: tuple[str, ...] = ()  # ids of provisions and norms; empty means all
    engine: str = COLUMNAR  # or REFERENCE: the same answers, the plain way
    own: Standard | None = None
    merges: tuple[Merge, ...] = ()  # decisions that records tell of one occurrence

    def known(self) -> Sequence[Record]:
        """The records that are known and not taken back, with the merges that stand."""
        return effective(self.records, self.known_at, self.merges, self.notes, self.by_officer)

    def asks_for(self, norm: Norm) -> bool:
        return not self.only or norm.id in self.only or norm.provision in self.only


@dataclass
class Question:
    """Inputs made ready; histories are worked out when asked for and kept."""

    inputs: Inputs
    agreement: Agreement
    assumptions: Assumptions
    view: View
    strata: Strata
    kept: dict[tuple[str, str], Any] = field(default_factory=dict)
    moved: "Question | None" = None
    moving: frozenset[str] = frozenset()
    _moved: dict[frozenset[str], "Question"] = field(default_factory=dict)
    _shared: Shared = field(default_factory=dict)
    _worked_out: dict[
        tuple[str, str], list[tuple[tuple[tuple[str, str], ...], dict[str, History]]]
    ] = field(default_factory=dict)
    _facts: dict[str, Facts] = field(default_factory=dict)
    _runs: dict[tuple[str, tuple[tuple[str, str], ...]], Run] = field(default_factory=dict)

    @classmethod
    def of(cls, inputs: Inputs) -> "Question":
        """Raises BadAssumption, NegativeCycle."""
        agreement, assumptions = apply(inputs.agreement, inputs.assume)
        heard = inputs.known()
        as_of = inputs.as_of
        if as_of is None:
            as_of = latest(heard)
        if as_of is None:
            draft = agreement.header.draft
            as_of = 0 if draft is None else day_period(draft, ZoneInfo(agreement.header.zone)).last
        seen = view(heard, as_of, inputs.known_at)
        return cls(inputs, agreement, assumptions, seen, strata(agreement))

    def assuming(self, text: str) -> "Question":
        """The same question with one more assumption; what the records say is shared."""
        inputs = replace(self.inputs, assume=(*self.inputs.assume, text), as_of=self.as_of)
        agreement, assumptions = apply(inputs.agreement, inputs.assume)
        other = Question(inputs, agreement, assumptions, self.view, strata(agreement))
        other.__dict__["evidence"] = self.evidence
        other.__dict__["world"] = self.world.with_agreement(agreement)
        other._facts.update((s, f.in_world(other.world)) for s, f in self._facts.items())
        return other

    @property
    def as_of(self) -> int:
        return self.view.as_of

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agreement.header.zone)

    @cached_property
    def speakers(self) -> Speakers:
        return Speakers(self.agreement.actors, self.inputs.sources)

    @cached_property
    def world(self) -> World:
        if self.columnar:
            return ColumnWorld(self.agreement, self.inputs.atlas, self.view)
        return World(self.agreement, self.inputs.atlas, self.view)

    @property
    def columnar(self) -> bool:
        """Whether columns are worth it; a few records are as quick the plain way."""
        return self.inputs.engine == COLUMNAR and len(self.view.records) >= few.RECORDS

    @cached_property
    def evidence(self) -> Evidence:
        known_at = self.inputs.known_at
        return gather(
            self.view.records,
            self.agreement.record_types,
            self.speakers,
            self.inputs.trust_status,
            heard_by(self.inputs.records, known_at),
            verified(self.inputs.notes, self.inputs.known_at),
            {} if self.inputs.own is None else {self.inputs.own.text: self.inputs.own},
        )

    @cached_property
    def standards(self) -> tuple[str, ...]:
        """Those that are built in, each side's own account, and one's own where it is chosen."""
        return (*named_standards(self.speakers), *self.evidence.own)

    def needs_findings(self, standard: str) -> bool:
        """Whether a breach, trigger or forfeiture counts only with a standing finding."""
        own = self.evidence.own.get(standard)
        return standard == "findings" if own is None else own.with_findings

    @cached_property
    def has_findings(self) -> bool:
        return bool(self.view.of_type("finding"))

    @cached_property
    def closures(self) -> Mapping[str, tuple[str, ...]]:
        return closures(self.agreement, self.strata, self.has_findings)

    @cached_property
    def coarse(self) -> Sequence[Record]:
        """Records that are dated by a period."""
        records = self.view.records
        if isinstance(records, Excerpt):
            rows = records.rows
            return records.where(records.table.first[rows] != records.table.last[rows])
        return tuple(r for r in records if r.at is not None and not r.at.exact)

    # --- readings -------------------------------------------------------------------------------

    @cached_property
    def fixed(self) -> Mapping[str, str]:
        """Readings that are settled for this run: given, or decided by the named decider."""
        decided: dict[str, str] = {}
        for record in self.view.of_type("term_decided"):
            term, reading, body = (record.word(a) for a in ("term", "reading", "body"))
            declared = self.agreement.terms.get(term or "")
            if declared is None or reading is None or body is None:
                continue
            decider = self.assumptions.deciders.get(declared.id, declared.decided_by)
            known_readings = {r.name for r in declared.readings}
            if body == decider and reading in known_readings:
                if self.speakers.speaks_for(record.speaker, body):
                    decided[declared.id] = reading
        return {**decided, **self.inputs.readings}

    def readings_of(self, term: str) -> tuple[str, ...]:
        return tuple(r.name for r in self.agreement.terms[term].readings)

    def assignments(self, terms: Sequence[str]) -> Iterator[dict[str, str]]:
        """Every combination of readings of some terms, fixed ones included."""
        for combination in product(*(self.readings_of(t) for t in terms)):
            yield dict(zip(terms, combination, strict=True))

    def allowed(self, assignment: Assignment) -> bool:
        """Whether a combination keeps to the readings that are fixed."""
        return all(self.fixed.get(t, r) == r for t, r in assignment.items())

    # --- runs -----------------------------------------------------------------------------------

    def facts(self, standard: str) -> Facts:
        if standard not in self._facts:
            if self.moved is None:
                self._facts[standard] = self._new_facts(standard)
            else:
                self._facts[standard] = _moved(self.moved.facts(standard), self.moving)
        return self._facts[standard]

    def _new_facts(self, standard: str) -> Facts:
        if not isinstance(self.world, ColumnWorld):
            return Facts(self.world, standard, self.evidence)
        choirs = remembered(self.world.table.kept, standard, self.evidence)
        return ColumnFacts(self.world, standard, self.evidence, choirs=choirs)

    def placed_early(self, records: frozenset[str]) -> "Question":
        """The same question with some records at the first instant of their periods."""
        if records not in self._moved:
            other = Question(
                self.inputs,
                self.agreement,
                self.assumptions,
                self.view,
                self.strata,
                moved=self,
                moving=records,
            )
            self._moved[records] = other
        return self._moved[records]

    def run(self, standard: str, assignment: Assignment) -> Run:
        """The run for a combination of readings; terms that cannot matter are left out."""
        key = (standard, tuple(sorted(assignment.items())))
        if key not in self._runs:
            settings = Settings(
                self.assumptions.deadlines,
                self.assumptions.deciders,
                self.needs_findings(standard),
            )
            self._runs[key] = Run(
                self.facts(standard),
                assignment,
                self.strata,
                settings,
                self.assumptions.votes,
                self.assumptions.lists,
                parent=self._parent,
                shared=self._shared,
                closure=self.closures.__getitem__,
            )
        return self._runs[key]

    def _parent(self, run: Run, norm: str) -> Run | None:
        """The run with only those readings that can matter to a norm, to share its work."""
        needed = self.closures[norm]
        if set(needed) == set(run.assignment) or not run.with_findings:
            return None
        return self.run(run.facts.standard, {t: run.assignment[t] for t in needed})

    def histories(self, norm: str, standard: str, assignment: Assignment) -> dict[str, History]:
        """Histories of a norm's instances by id, for readings of the terms in its closure.

        What was worked out under other readings serves where those that were asked for agree.
        """
        known = self._worked_out.setdefault((norm, standard), [])
        for readings, found in known:
            if all(assignment[term] == reading for term, reading in readings):
                return found
        run = self.run(standard, assignment)
        found = {h.instance.id: h for h in run.histories(norm)}
        known.append((tuple((t, assignment[t]) for t in run.consulted(norm)), found))
        return found

    def findings(self, assignment: Assignment) -> tuple[Finding, ...]:
        return self.run(self.inputs.standard, assignment).findings()


def _moved(base: Facts, moving: frozenset[str]) -> Facts:
    """Facts of which some records are placed early."""
    known = (base.world, base.standard, base.evidence)
    if isinstance(base, ColumnFacts):
        return ColumnMovedFacts(*known, base=base, moved=moving)
    return MovedFacts(*known, base=base, moved=moving)


def unknown_speakers(records: Iterable[Record], speakers: Speakers) -> list[str]:
    """Sources and speakers that nobody has registered: accepted as third parties, and named."""
    told = records.shapes if isinstance(records, Excerpt) else records
    heard = {name for r in told for name in (r.source, r.claimed_by) if name}
    return sorted(name for name in heard if not speakers.known(name))
