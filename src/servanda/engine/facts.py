"""Facts: the occurrences that match a pattern and count under a standard.

A pattern is first grounded: variables and disputed terms are replaced by the names they stand for,
so that equal questions are asked once, whatever norm, reading or instance they come from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from servanda.docket.papers import PAPERS, Papers, filed
from servanda.engine.axis import LATEST
from servanda.evidence.occurrence import Occurrence, by_precision, occurrences
from servanda.evidence.record import Record
from servanda.evidence.standard import Evidence, Role, declared_since
from servanda.evidence.view import View
from servanda.evidence.weighing import counting
from servanda.geo import Atlas, Point, Relation
from servanda.model.agreement import Agreement
from servanda.model.condition import Bound, Consent
from servanda.model.norm import Norm
from servanda.model.record_type import ArgKind, ArgType, RecordType


@dataclass(frozen=True, slots=True)
class Unbound:
    """A variable that the pattern itself binds."""

    name: str


Matcher = frozenset[str] | Bound | Unbound


@dataclass(frozen=True, slots=True)
class Ground:
    """A pattern without variables or terms.

    `territory` lists which units count as whose under the readings assumed; it is empty for types
    without an argument of that kind.  `new` asks for acts at their instant.
    """

    type: str
    args: tuple[tuple[str, Matcher], ...]
    places: frozenset[str] | None = None
    within_km: float | None = None
    territory: tuple[tuple[frozenset[str], str], ...] = ()
    new: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """An occurrence that matched: when it is evaluated, the first instant it may have been.

    `records` are those that count; `bindings` what the pattern's own variables stand for.
    """

    at: int
    first: int
    records: tuple[Record, ...]
    bindings: tuple[tuple[str, str], ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(r.id for r in self.records))

    def number(self, arg: str) -> Decimal | None:
        """A number of the occurrence, from the most precise record that gives it."""
        return next((n for r in self.records if (n := r.number(arg)) is not None), None)

    def word(self, arg: str) -> str | None:
        """A word of the occurrence, from the most precise record that says it."""
        return next((w for r in self.records if (w := r.word(arg)) is not None), None)


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch [start, end) for which a fact makes a pattern hold."""

    start: int
    end: int
    fact: Fact


@dataclass(frozen=True)
class World:
    """What does not depend on standard or reading: agreement, map, records, occurrences.

    `steps`, `openings`, `asking` and `adding` keep what was found out about conditions (by
    identity) and their answers, `political` the norms (by identity) as they are where their
    strength is political.
    """

    agreement: Agreement
    atlas: Atlas
    view: View
    steps: dict[tuple[int, object], Any] = field(default_factory=dict, repr=False, compare=False)
    openings: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)
    asking: dict[int, bool] = field(default_factory=dict, repr=False, compare=False)
    adding: dict[int, bool] = field(default_factory=dict, repr=False, compare=False)
    political: dict[int, tuple[Norm, Norm]] = field(default_factory=dict, repr=False, compare=False)
    _numbers: dict[object, int] = field(default_factory=dict, repr=False, compare=False)
    _grounds: dict[Ground, Ground] = field(default_factory=dict, repr=False, compare=False)

    def with_agreement(self, agreement: Agreement) -> "World":
        """The same world for an agreement that differs in its norms alone."""
        other = replace(self, agreement=agreement)
        other.__dict__.update(by_type=self.by_type, papers=self.papers)
        return other

    def interned(self, value: object) -> int:
        """A small number for a value; equal values have the same.

        It is never 0 or 1, which Python takes for False and True: an answer may be either.
        """
        return self._numbers.setdefault(value, len(self._numbers) + 2)

    def one(self, ground: Ground) -> Ground:
        """The first of equal patterns: of very many each is kept once."""
        return self._grounds.setdefault(ground, ground)

    @cached_property
    def by_type(self) -> Mapping[str, Sequence[Occurrence]]:
        grouped: dict[str, list[Occurrence]] = defaultdict(list)
        for one in occurrences(self.view.records, self.agreement.record_types, self.atlas):
            grouped[one.type].append(one)
        return {name: tuple(found) for name, found in grouped.items()}

    @cached_property
    def papers(self) -> Papers:
        """The papers of proceedings among the records."""
        return filed(record for kind in PAPERS for record in self.view.of_type(kind))

    @cached_property
    def party_of_country(self) -> Mapping[str, str]:
        return {a.country: a.id for a in self.agreement.actors.values() if a.country}


@dataclass
class Facts:
    """Facts of a world under one standard; answers are kept, since patterns recur."""

    world: World
    standard: str
    evidence: Evidence
    undetermined: set[str] = field(default_factory=set)
    consents: dict[tuple[frozenset[str], Consent], tuple[int, tuple[Fact, ...]] | None] = field(
        default_factory=dict
    )
    choirs: dict[object, Any] = field(default_factory=dict)  # of voices: which of them count
    _vouched: dict[tuple[tuple[str, tuple[str, ...]], ...], "Facts"] = field(default_factory=dict)
    _found: dict[tuple[Ground, Role], Sequence[Fact]] = field(default_factory=dict)
    _spells: dict[tuple[Ground, Role], tuple[Spell, ...]] = field(default_factory=dict)
    _answers: dict[tuple[Ground, Role], int | bool] = field(default_factory=dict)

    def find(self, ground: Ground, role: Role) -> Sequence[Fact]:
        """Matching facts in the order of their time."""
        key = (ground, role)
        if key not in self._found:
            self._found[key] = tuple(sorted(self._search(ground, role), key=by_time))
        return self._found[key]

    def spells(self, ground: Ground, role: Role) -> tuple[Spell, ...]:
        """For how long each matching fact makes the pattern hold."""
        key = (ground, role)
        if key not in self._spells:
            event = ground.new or self.world.agreement.record_types[ground.type].event
            self._spells[key] = tuple(
                Spell(f.at, f.at + 1 if event else self._end(f), f) for f in self.find(ground, role)
            )
        return self._spells[key]

    def active(self, ground: Ground, role: Role, at: int) -> tuple[Fact, ...]:
        """The facts that make a pattern hold at an instant."""
        return tuple(s.fact for s in self.spells(ground, role) if s.start <= at < s.end)

    def edges(self, ground: Ground, role: Role) -> Iterable[int]:
        """The instants at which a pattern may begin or cease to hold."""
        return (i for s in self.spells(ground, role) for i in (s.start, s.end) if i < LATEST)

    def answer(self, ground: Ground, role: Role) -> int | bool:
        """A number for all that a pattern rests on; False where no record matches."""
        key = (ground, role)
        if key not in self._answers:
            spells = self.spells(ground, role)
            self._answers[key] = bool(spells) and self.world.interned(
                tuple(
                    (s.start, s.end, s.fact.at, s.fact.first, s.fact.ids, s.fact.bindings)
                    for s in spells
                )
            )
        return self._answers[key]

    def in_world(self, world: World) -> "Facts":
        """The same facts in a world whose agreement differs in its norms alone."""
        return replace(self, world=world, undetermined=set())

    def placed(self, fact: Fact) -> Fact:
        """A fact as it stands in time here; `MovedFacts` moves some."""
        return fact

    def vouched(self, evidence: Evidence) -> "Facts":
        """Facts of the same world and standard with findings that vouch; kept by what vouches."""
        key = tuple(sorted((r, tuple(sorted(b))) for r, b in evidence.vouching.items()))
        if key not in self._vouched:
            self._vouched[key] = Facts(self.world, self.standard, evidence, self.undetermined)
        return self._vouched[key]

    def _end(self, fact: Fact) -> int:
        """When a lasting state is ended by a later act with the same arguments."""
        record_type = self.world.agreement.record_types[fact.records[0].type]
        ends = [LATEST]
        for ending in record_type.endings:
            args: list[tuple[str, Matcher]] = []
            for mine, theirs in ending.same:
                if (value := fact.word(mine)) is not None:
                    args.append((theirs, frozenset({value})))
            ground = self.world.one(Ground(ending.type, tuple(args)))
            later = self.find(ground, Role.FULFILLING)
            ends += [f.at for f in later if f.at > fact.at][:1]
        return min(ends)

    def _search(self, ground: Ground, role: Role) -> Iterable[Fact]:
        record_type = self.world.agreement.record_types[ground.type]
        apart: dict[tuple[tuple[tuple[str, str], ...], object], list[Record]] = {}
        for occurrence in self.world.by_type.get(ground.type, ()):
            said: dict[tuple[tuple[str, str], ...], list[Record]] = {}
            for record in occurrence.records:
                bindings = self.matched(record, ground, record_type)
                if bindings is not None:
                    said.setdefault(bindings, []).append(record)
            for bindings, vouching in said.items():
                fact = self.told(vouching, role, bindings, record_type)
                if fact is not None:
                    yield fact
                elif record_type.declared_by_each:
                    for record in vouching:
                        what = tuple(sorted(record.args.items(), key=str))
                        apart.setdefault((bindings, what), []).append(record)
        for (bindings, _), records in apart.items():
            # Parties that say at different times that they have concluded the same.
            if (since := declared_since(records, self.evidence)) is not None:
                yield Fact(since[1], since[0], tuple(records), bindings)

    def told(
        self,
        vouching: Sequence[Record],
        role: Role,
        bindings: tuple[tuple[str, str], ...],
        record_type: RecordType,
    ) -> Fact | None:
        """The fact that records of one occurrence make, which say the same; None if none counts."""
        accused = vouching[0].word(record_type.actor) if record_type.actor else None
        counted = counting(vouching, self.standard, role, accused, self.evidence)
        if not counted:
            return None
        head = min(counted, key=by_precision)
        assert head.at is not None
        return Fact(head.at.last, head.at.first, counted, bindings)

    def matched(
        self, record: Record, ground: Ground, record_type: RecordType
    ) -> tuple[tuple[str, str], ...] | None:
        bindings: list[tuple[str, str]] = []
        for name, matcher in ground.args:
            if name == "unit":
                value = self.unit_of(record, record_type)
                matched = _match_word(value, matcher, bindings)
            else:
                declared = record_type.arg(name)
                assert declared is not None
                matched = self._match_arg(record, declared, matcher, ground, bindings)
            if not matched:
                return None
        if ground.places is not None:
            relation = self.located(record, record_type, ground)
            if relation is Relation.UNDETERMINED:
                self.undetermined.add(record.id)
            if relation is not Relation.INSIDE:
                return None
        return tuple(sorted(set(bindings)))

    def _match_arg(
        self,
        record: Record,
        declared: ArgType,
        matcher: Matcher,
        ground: Ground,
        bindings: list[tuple[str, str]],
    ) -> bool:
        if isinstance(matcher, Bound):
            number = record.number(declared.name)
            return number is not None and matcher.comparison.holds(number, matcher.quantity.amount)
        if declared.kind is ArgKind.TERRITORY:
            return self._match_territory(record, declared, matcher, ground, bindings)
        if declared.many:
            given = record.words(declared.name)
            if isinstance(matcher, Unbound):
                return bool(given) and _match_word(given[0], matcher, bindings)
            return bool(given) and all(self._any_belongs(given, name) for name in matcher)
        value = record.word(declared.name)
        if value is None or isinstance(matcher, Unbound):
            return _match_word(value, matcher, bindings)
        if declared.kind is ArgKind.ACTOR:
            return any(self.evidence.speakers.belongs(value, name) for name in matcher)
        if declared.kind is ArgKind.PLACE:
            atlas = self.world.atlas
            canonical = atlas.canonical(value) or value
            return value in matcher or any((atlas.canonical(m) or m) == canonical for m in matcher)
        return value in matcher

    def _any_belongs(self, given: Sequence[str], name: str) -> bool:
        return any(self.evidence.speakers.belongs(value, name) for value in given)

    def _match_territory(
        self,
        record: Record,
        declared: ArgType,
        matcher: frozenset[str] | Unbound,
        ground: Ground,
        bindings: list[tuple[str, str]],
    ) -> bool:
        """A place beats the argument; a party is matched by whose territory it is."""
        given = record.word(declared.name)
        whose = self.territory_of(record, declared.name, ground.territory)
        if isinstance(matcher, Unbound):
            return _match_word(whose, matcher, bindings)
        if whose is not None and any(self.evidence.speakers.belongs(whose, m) for m in matcher):
            return True
        regions = [m for m in matcher if m not in self.world.agreement.actors]
        if given is None or not regions:
            return False
        found = {self.relation(record, given, region) for region in regions}
        if Relation.UNDETERMINED in found and Relation.INSIDE not in found:
            self.undetermined.add(record.id)
        return Relation.INSIDE in found

    def territory_of(
        self, record: Record, arg: str, counts: tuple[tuple[frozenset[str], str], ...]
    ) -> str | None:
        """Whose territory a record is about under the readings that are assumed.

        A place beats what the record says, but for one of which the map knows no country.
        """
        given = record.word(arg)
        if record.place is not None and self._on_map(record.place):
            return self._party_at(record.place, counts)
        if given is None or self.evidence.speakers.acts(given):
            return given
        return self._party_at(given, counts)

    def _on_map(self, place: str | Point) -> bool:
        return self.world.atlas.country_of(place) is not None

    def _party_at(
        self, place: str | Point, counts: tuple[tuple[frozenset[str], str], ...]
    ) -> str | None:
        unit = self.world.atlas.unit_of(place)
        for units, party in counts:
            if unit in units:
                return party
        country = self.world.atlas.country_of(place)
        return self.world.party_of_country.get(country) if country else None

    def location(self, record: Record, record_type: RecordType) -> str | Point | None:
        """Where a record is: its place, or the argument that names one."""
        if record.place is not None:
            return record.place
        for declared in record_type.args:
            if declared.kind is ArgKind.PLACE and (word := record.word(declared.name)):
                return word
        return None

    def relation(self, record: Record, place: str | Point, region: str) -> Relation:
        """Whether a record's place lies in a region as it was at the record's time."""
        assert record.at is not None
        return self.world.atlas.relation_during(place, region, record.at.first, record.at.last)

    def unit_of(self, record: Record, record_type: RecordType) -> str | None:
        place = self.location(record, record_type)
        return self.world.atlas.unit_of(place) if place is not None else None

    def located(self, record: Record, record_type: RecordType, ground: Ground) -> Relation:
        place = self.location(record, record_type)
        if place is None or ground.places is None:
            return Relation.OUTSIDE
        found = {self.relation(record, place, region) for region in ground.places}
        if Relation.INSIDE in found:
            return Relation.INSIDE
        if ground.within_km is not None:
            for region in ground.places:
                distance = self.world.atlas.distance_km(place, region)
                if distance is not None and distance <= ground.within_km:
                    return Relation.INSIDE
            return Relation.OUTSIDE
        return Relation.UNDETERMINED if Relation.UNDETERMINED in found else Relation.OUTSIDE


@dataclass
class MovedFacts(Facts):
    """Facts of which some records are placed at the first instant of their period."""

    base: Facts | None = None
    moved: frozenset[str] = field(default_factory=frozenset)

    def find(self, ground: Ground, role: Role) -> Sequence[Fact]:
        assert self.base is not None
        key = (ground, role)
        if key not in self._found:
            found = self.base.find(ground, role)
            if any(self._moves(f) for f in found):
                found = tuple(sorted(map(self.placed, found), key=by_time))
            self._found[key] = found
        return self._found[key]

    def placed(self, fact: Fact) -> Fact:
        if not self._moves(fact):
            return fact
        return Fact(fact.first, fact.first, fact.records, fact.bindings)

    def vouched(self, evidence: Evidence) -> "Facts":
        assert self.base is not None
        return MovedFacts(
            self.world,
            self.standard,
            evidence,
            base=self.base.vouched(evidence),
            moved=self.moved,
        )

    def _moves(self, fact: Fact) -> bool:
        return fact.first != fact.at and any(r.id in self.moved for r in fact.records)


def _match_word(value: str | None, matcher: Matcher, bindings: list[tuple[str, str]]) -> bool:
    if value is None or isinstance(matcher, Bound):
        return False
    if isinstance(matcher, Unbound):
        bindings.append((matcher.name, value))
        return True
    return value in matcher


def by_time(fact: Fact) -> tuple[int, int, tuple[str, ...]]:
    return (fact.at, fact.first, fact.ids)
