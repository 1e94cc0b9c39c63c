"""Facts of millions of records: the same as `engine.facts` finds, worked out in columns.

Types of which there are few records, and patterns that ask of every record what its shape does not
tell, are left to the plain way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import overload

import numpy as np

from servanda.docket.papers import PAPERS
from servanda.engine.axis import LATEST
from servanda.engine.columns import few
from servanda.engine.columns.counting import Groups, counted
from servanda.engine.columns.fact_column import FactColumn, column_of
from servanda.engine.columns.matching import Bindings, Match, match, one_by_one
from servanda.engine.columns.rows import Rows
from servanda.engine.facts import Fact, Facts, Ground, World, by_time
from servanda.evidence.columns import Columns, columns
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.grouping import Grouping, grouping, regrouped
from servanda.evidence.occurrence import Occurrence
from servanda.evidence.order import ordered
from servanda.evidence.record import Record
from servanda.evidence.standard import Evidence, Role
from servanda.evidence.table import Ints, Mask
from servanda.evidence.view import View
from servanda.model.agreement import Agreement


@dataclass(frozen=True)
class ColumnWorld(World):
    """A world that keeps its records in columns as well.

    `tied` are the rows whose occurrences may differ from those of the world that it came from.
    """

    tied: Mask | None = field(default=None, repr=False, compare=False)
    _tied_rows: dict[str, Rows] = field(default_factory=dict, repr=False, compare=False)
    _rows: dict[str, Rows] = field(default_factory=dict, repr=False, compare=False)
    _matches: dict[Ground, Match] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def records(self) -> Excerpt:
        return Excerpt.of(self.view.records)

    @cached_property
    def table(self) -> Columns:
        """All records of the table that the view is of, also those that it leaves out."""
        return columns(self.records.table, self.atlas)

    @cached_property
    def groups(self) -> Grouping:
        rows, types = self.records.rows, self.agreement.record_types
        return grouping(self.table, rows, types, self.atlas)

    @cached_property
    def by_type(self) -> Mapping[str, Sequence[Occurrence]]:
        return {
            name: OccurrenceColumn(name, self.table, self.groups, numbers)
            for name, numbers in self.groups.of_type.items()
        }

    def with_agreement(self, agreement: Agreement) -> World:
        found = super().with_agreement(agreement)
        for name in ("records", "table", "groups"):
            found.__dict__[name] = getattr(self, name)
        return found

    def of_view(self, view: View, table: Columns) -> tuple["ColumnWorld", frozenset[str]]:
        """The world of another view of the table, or of one with more rows; the types that differ.

        What is known of all other types is shared.
        """
        records = Excerpt.of(view.records)
        there = np.zeros((2, len(table)), bool)
        there[0, self.records.rows] = there[1, records.rows] = True
        changed = np.flatnonzero(there[0] != there[1])
        shapes = np.unique(table.table.shape[changed]).tolist()
        touched = frozenset(table.table.shapes[shape].type for shape in shapes)
        types, before = self.agreement.record_types, self.groups
        groups, tied = regrouped(before, table, records.rows, changed, types, self.atlas)
        other = replace(
            self,
            view=view,
            tied=tied,
            _tied_rows={},
            _rows={name: rows for name, rows in self._rows.items() if name not in touched},
            _matches={g: found for g, found in self._matches.items() if g.type not in touched},
        )
        other.__dict__.update(records=records, table=table, groups=groups)
        if not touched & set(PAPERS):
            other.__dict__["papers"] = self.papers
        return other, touched

    def rows(self, type_name: str) -> Rows:
        if type_name not in self._rows:
            numbers = self.groups.of_type.get(type_name, range(0))
            starts = self.groups.starts
            span = slice(starts[numbers.start], starts[numbers.stop])
            sizes = np.diff(starts[numbers.start : numbers.stop + 1])
            occurrence = np.repeat(np.arange(len(numbers)), sizes)
            self._rows[type_name] = Rows(self.table, self.groups.rows[span], occurrence)
        return self._rows[type_name]

    def tied_rows(self, type_name: str) -> Rows:
        """As `rows`, those alone that are tied to what differs."""
        if type_name not in self._tied_rows:
            assert self.tied is not None
            rows = self.rows(type_name)
            some = np.flatnonzero(self.tied[rows.rows])
            self._tied_rows[type_name] = Rows(rows.table, rows.rows[some], rows.occurrence[some])
        return self._tied_rows[type_name]

    def match(self, facts: Facts, ground: Ground) -> Match:
        """What matches under any standard; kept, since it is asked under all of them."""
        if ground not in self._matches:
            self._matches[ground] = match(facts, self.rows(ground.type), ground)
        return self._matches[ground]


@dataclass(frozen=True)
class OccurrenceColumn(Sequence[Occurrence]):
    """Occurrences of one type, made when they are asked for."""

    type: str
    table: Columns
    groups: Grouping
    numbers: range

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Occurrence: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Occurrence]: ...
    def __getitem__(self, index: int | slice) -> Occurrence | Sequence[Occurrence]:
        if isinstance(index, slice):
            return replace(self, numbers=self.numbers[index])
        number = self.numbers[index]
        rows = self.groups.rows[self.groups.starts[number] : self.groups.starts[number + 1]]
        return Occurrence(self.type, tuple(self.table.records[row] for row in rows))

    def __iter__(self) -> Iterator[Occurrence]:
        return (self[i] for i in range(len(self)))


@dataclass
class ColumnFacts(Facts):
    """Facts of a column world."""

    _ends: dict[tuple[Ground, Role], Ints] = field(default_factory=dict)
    _few: dict[tuple[Ground, Role], FactColumn] = field(default_factory=dict)
    _unclear: dict[Ground, Ints] = field(default_factory=dict)
    _before: Mapping[tuple[Ground, Role], tuple[Sequence[Fact], Rows, Ints]] = field(
        default_factory=dict
    )

    def find(self, ground: Ground, role: Role) -> Sequence[Fact]:
        key = (ground, role)
        if key not in self._found:
            rows = self.column_world.rows(ground.type).rows
            if len(rows) < few.RECORDS or self._plain(ground):
                return super().find(ground, role)
            self._found[key] = self._matching(ground, role)
        return self._found[key]

    @property
    def column_world(self) -> ColumnWorld:
        assert isinstance(self.world, ColumnWorld)
        return self.world

    def active(self, ground: Ground, role: Role, at: int) -> tuple[Fact, ...]:
        found = self.find(ground, role)
        if not isinstance(found, FactColumn):
            return super().active(ground, role, at)
        begun = int(np.searchsorted(found.at, at, "right"))
        lasting = np.flatnonzero(self.ends(ground, role)[:begun] > at)
        return tuple(found[int(i)] for i in lasting)

    def edges(self, ground: Ground, role: Role) -> Iterable[int]:
        found = self.find(ground, role)
        if not isinstance(found, FactColumn):
            return super().edges(ground, role)
        ends = self.ends(ground, role)
        edges: list[int] = np.concatenate((found.at, ends[ends < LATEST])).tolist()
        return edges

    def answer(self, ground: Ground, role: Role) -> int | bool:
        key = (ground, role)
        if key not in self._answers:
            found = self.find(ground, role)
            if not isinstance(found, FactColumn):
                return super().answer(ground, role)
            event = ground.new or self.world.agreement.record_types[ground.type].event
            ends = None if event else hash(self.ends(ground, role).tobytes())
            self._answers[key] = bool(len(found)) and self.world.interned(
                ("column", ground.type, found.digest, ends)
            )
        return self._answers[key]

    def straddled(self, ground: Ground, role: Role, at: int) -> bool:
        """Whether a fact is dated by a period that begins before an instant and ends after it."""
        found = self.find(ground, role)
        if isinstance(found, FactColumn):
            first, last = found.coarse
            return bool(((first < at) & (last >= at)).any())
        return any(fact.first < at <= fact.at for fact in found)

    def spans(self, ground: Ground, role: Role) -> tuple[Ints, Ints]:
        """When each fact begins to make its pattern hold, and when it ends to."""
        return times_of(self.find(ground, role)), self.ends(ground, role)

    def column(self, ground: Ground, role: Role) -> FactColumn:
        """As `find`, always as a column."""
        found = self.find(ground, role)
        if isinstance(found, FactColumn):
            return found
        key = (ground, role)
        if key not in self._few:
            self._few[key] = column_of(found, self.column_world.rows(ground.type))
        return self._few[key]

    def ends(self, ground: Ground, role: Role) -> Ints:
        """Until when each fact of a column makes its pattern hold."""
        key = (ground, role)
        if key not in self._ends:
            found = self.find(ground, role)
            event = ground.new or self.world.agreement.record_types[ground.type].event
            if not isinstance(found, FactColumn):
                spells = self.spells(ground, role)
                self._ends[key] = np.fromiter((s.end for s in spells), np.int64, len(spells))
            else:
                self._ends[key] = found.at + 1 if event else self._lasting(found)
        return self._ends[key]

    def in_world(self, world: World) -> Facts:
        other = super().in_world(world)
        assert isinstance(other, ColumnFacts)
        return other

    def of_changed(self, world: ColumnWorld, touched: frozenset[str]) -> "ColumnFacts":
        """The facts of a world in which some types of records differ, and nothing is vouched else.

        Those of other types are shared, unless acts of a type that differs may end them.  Of types
        that differ what rests on other occurrences is kept, to be completed when it is asked for.
        """
        types = world.agreement.record_types

        def same(key: tuple[Ground, Role]) -> bool:
            return key[0].type not in touched

        def lasting(key: tuple[Ground, Role]) -> bool:
            return same(key) and touched.isdisjoint(e.type for e in types[key[0].type].endings)

        rows = world.table.table.rows_of(self.undetermined)
        shapes = world.table.table.shapes
        kinds = {i: shapes[world.table.table.shape[row]].type for i, row in rows.items()}
        return ColumnFacts(
            world,
            self.standard,
            self.evidence,
            {i for i in self.undetermined if kinds.get(i) not in touched},
            choirs=self.choirs,
            _unclear={g: rows for g, rows in self._unclear.items() if g.type not in touched},
            _before={
                k: (v, self.column_world.rows(k[0].type), self._unclear[k[0]])
                for k, v in self._found.items()
                if not same(k) and k[0] in self._unclear
            },
            _found={k: v for k, v in self._found.items() if same(k)},
            _few={k: v for k, v in self._few.items() if same(k)},
            _ends={k: v for k, v in self._ends.items() if lasting(k)},
            _spells={k: v for k, v in self._spells.items() if lasting(k)},
            _answers={k: v for k, v in self._answers.items() if lasting(k)},
        )

    def vouched(self, evidence: Evidence) -> Facts:
        key = tuple(sorted((r, tuple(sorted(b))) for r, b in evidence.vouching.items()))
        if key not in self._vouched:
            self._vouched[key] = ColumnFacts(self.world, self.standard, evidence, self.undetermined)
        return self._vouched[key]

    def _plain(self, ground: Ground) -> bool:
        record_type = self.world.agreement.record_types[ground.type]
        return record_type.declared_by_each or one_by_one(self, ground)

    def _matching(self, ground: Ground, role: Role) -> Sequence[Fact]:
        world, before = self.column_world, self._before.get((ground, role))
        rows = world.rows(ground.type)
        if before is None:
            found = world.match(self, ground)
            self._note(rows, ground, found.undetermined)
            few_match = len(found.places) <= few.MATCHING
            return self._one_by_one(rows, found, role) if few_match else self._of(rows, found, role)
        assert world.tied is not None
        known, known_rows, unclear = before
        facts = known if isinstance(known, FactColumn) else column_of(known, known_rows)
        some = world.tied_rows(ground.type)
        found = match(self, some, ground)
        unclear = unclear[~world.tied[unclear]]
        self._note(rows, ground, np.concatenate([unclear, found.undetermined]))
        return facts.renewed(rows, world.tied, self._of(some, found, role))

    def _of(self, rows: Rows, found: Match, role: Role) -> FactColumn:
        groups, binding = _vouching(rows, found)
        counts = counted(self, rows, groups, role)
        return _facts(rows, binding, found.bindings, groups, counts)

    def _one_by_one(self, rows: Rows, found: Match, role: Role) -> tuple[Fact, ...]:
        """As `_of`, the plain way: a few records are looked at sooner than they are laid out."""
        vouching: dict[tuple[int, int], list[Record]] = {}
        said = zip(rows.occurrence[found.places], found.binding, found.places, strict=True)
        for occurrence, binding, place in said:
            record = rows.table.records[rows.rows[place]]
            vouching.setdefault((int(occurrence), int(binding)), []).append(record)
        types = self.world.agreement.record_types
        facts = (
            self.told(records, role, found.bindings[binding], types[records[0].type])
            for (_, binding), records in vouching.items()
        )
        return tuple(sorted((fact for fact in facts if fact is not None), key=by_time))

    def _note(self, rows: Rows, ground: Ground, unclear: Ints) -> None:
        """Rows of which it cannot be said whether they are where the pattern asks."""
        self._unclear[ground] = unclear
        self.undetermined.update(rows.table.records[row].id for row in unclear)

    def _lasting(self, found: FactColumn) -> Ints:
        """When a later act with the same arguments ends what each act brought about."""
        ends = np.full(len(found), LATEST, np.int64)
        if not len(found):
            return ends
        record_type = self.world.agreement.record_types[found[0].records[0].type]
        for ending in record_type.endings:
            said = [found.words(mine) for mine, _ in ending.same]
            codes = np.zeros(len(found), np.int64)
            for numbers, words in said:
                codes = codes * (len(words) + 1) + numbers + 1
            _, examples, which = np.unique(codes, return_index=True, return_inverse=True)
            for number, example in enumerate(examples):
                args = tuple(
                    (theirs, frozenset({words[numbers[example]]}))
                    for (_, theirs), (numbers, words) in zip(ending.same, said, strict=True)
                    if numbers[example] >= 0
                )
                ground = self.world.one(Ground(ending.type, args))
                later = self.find(ground, Role.FULFILLING)
                times = np.append(times_of(later), LATEST)
                mine = np.flatnonzero(which == number)
                ends[mine] = np.minimum(
                    ends[mine], times[np.searchsorted(times, found.at[mine], "right")]
                )
        return ends


def times_of(facts: Sequence[Fact]) -> Ints:
    """When each of some facts is evaluated."""
    if isinstance(facts, FactColumn):
        return facts.at
    return np.fromiter((f.at for f in facts), np.int64, len(facts))


def _vouching(rows: Rows, found: Match) -> tuple[Groups, Ints]:
    """Rows of one occurrence that say the same, the most precise first, and what they bind."""
    matching, bound = found.places, found.binding
    if not len(matching):
        return Groups(matching, np.zeros(1, np.int64)), bound
    occurrence = rows.occurrence[matching]
    edge = np.flatnonzero(np.diff(occurrence)) + 1
    if np.array_equal(np.flatnonzero(np.diff(bound) | np.diff(occurrence)) + 1, edge):
        starts = np.concatenate(([0], edge, [len(matching)]))
        return Groups(matching, starts), bound[starts[:-1]]
    order = np.lexsort((np.arange(len(matching)), bound, occurrence))
    occurrence, bound = occurrence[order], bound[order]
    edge = np.flatnonzero((np.diff(occurrence) != 0) | (np.diff(bound) != 0)) + 1
    starts = np.concatenate(([0], edge, [len(matching)]))
    return Groups(matching[order], starts), bound[starts[:-1]]


def _facts(
    rows: Rows, binding: Ints, bindings: Sequence[Bindings], groups: Groups, counts: Mask
) -> FactColumn:
    """One fact for each group of which something counts, dated by its most precise record."""
    if not len(groups.rows):
        none = np.empty(0, np.int64)
        return FactColumn(rows, none, none, none, np.zeros(1, np.int64), none, bindings)
    of_group = np.repeat(np.arange(len(groups)), groups.sizes)
    kept = np.flatnonzero(counts)
    chosen = groups.rows[kept]
    counting_groups, begins = np.unique(of_group[kept], return_index=True)
    starts = np.concatenate((begins, [len(chosen)]))
    heads = rows.rows[chosen[begins]]
    table = rows.table
    rank = np.minimum.reduceat(table.rank[rows.rows[chosen]], begins) if len(begins) else begins
    order = ordered(rank, table.first[heads], table.last[heads])
    column = FactColumn(
        rows,
        table.last[heads],
        table.first[heads],
        chosen,
        starts,
        binding[counting_groups],
        bindings,
    )
    return column.take(order)
