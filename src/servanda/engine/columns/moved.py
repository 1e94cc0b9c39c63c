"""Facts of which some records are placed at the first instant of their period, in columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from servanda.engine.columns.fact_column import FactColumn
from servanda.engine.columns.facts import ColumnFacts
from servanda.engine.facts import Fact, Facts, Ground
from servanda.evidence.standard import Evidence, Role
from servanda.evidence.table import Ints


@dataclass
class ColumnMovedFacts(ColumnFacts):
    """As `MovedFacts`, on column facts."""

    base: ColumnFacts | None = None
    moved: frozenset[str] = field(default_factory=frozenset)

    def find(self, ground: Ground, role: Role) -> Sequence[Fact]:
        key = (ground, role)
        if key not in self._found:
            assert self.base is not None
            found = self.base.find(ground, role)
            if isinstance(found, FactColumn):
                self._found[key] = self._placed_early(found)
            elif any(self._moves(f) for f in found):
                placed = map(self.placed, found)
                self._found[key] = tuple(sorted(placed, key=lambda f: (f.at, f.first, f.ids)))
            else:
                self._found[key] = found
        return self._found[key]

    def ends(self, ground: Ground, role: Role) -> Ints:
        """The same as of the base where nothing that could matter has moved."""
        assert self.base is not None
        record_type = self.world.agreement.record_types[ground.type]
        touched = {ground.type, *(ending.type for ending in record_type.endings)}
        if not touched & self._types:
            return self.base.ends(ground, role)
        return super().ends(ground, role)

    def answer(self, ground: Ground, role: Role) -> int | bool:
        assert self.base is not None
        record_type = self.world.agreement.record_types[ground.type]
        touched = {ground.type, *(ending.type for ending in record_type.endings)}
        if not touched & self._types:
            return self.base.answer(ground, role)
        return super().answer(ground, role)

    def placed(self, fact: Fact) -> Fact:
        if not self._moves(fact):
            return fact
        return Fact(fact.first, fact.first, fact.records, fact.bindings)

    def vouched(self, evidence: Evidence) -> Facts:
        assert self.base is not None
        base = self.base.vouched(evidence)
        assert isinstance(base, ColumnFacts)
        return ColumnMovedFacts(self.world, self.standard, evidence, base=base, moved=self.moved)

    @cached_property
    def _rows(self) -> Ints:
        found = self.column_world.table.table.rows_of(self.moved)
        return np.array(sorted(found.values()), np.int64)

    @cached_property
    def _types(self) -> frozenset[str]:
        records = self.column_world.table.records
        return frozenset(records[row].type for row in self._rows)

    def _moves(self, fact: Fact) -> bool:
        return fact.first != fact.at and any(r.id in self.moved for r in fact.records)

    def _placed_early(self, found: FactColumn) -> FactColumn:
        if not len(found):
            return found
        rests = np.isin(found.rows.rows[found.counted], self._rows)
        moves = np.logical_or.reduceat(rests, found.starts[:-1]) & (found.first != found.at)
        if not moves.any():
            return found
        early = replace(found, at=np.where(moves, found.first, found.at), _made={})
        return early.take(np.lexsort((early.rank, early.first, early.at)))
