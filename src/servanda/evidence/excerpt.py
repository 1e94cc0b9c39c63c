"""Some records of a table, as a sequence: a record is made when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, overload

import numpy as np

from servanda.evidence.record import Record
from servanda.evidence.table import NOBODY, Ints, Mask, RecordTable, table_of


@dataclass(frozen=True, eq=False)
class Excerpt(Sequence[Record]):
    """Rows of a table, in an order."""

    table: RecordTable
    rows: Ints
    kept: dict[Any, Any] = field(default_factory=dict, repr=False)  # what was asked of them before

    @staticmethod
    def whole(table: RecordTable) -> "Excerpt":
        return Excerpt(table, np.arange(len(table)))

    @staticmethod
    def of(records: Iterable[Record]) -> "Excerpt":
        """Records in columns; those that are so already, as they are."""
        return records if isinstance(records, Excerpt) else Excerpt.whole(table_of(records))

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> "Excerpt": ...
    def __getitem__(self, index: int | slice) -> "Record | Excerpt":
        if isinstance(index, slice):
            return Excerpt(self.table, self.rows[index])
        return self.table.made(int(self.rows[index]))

    def __iter__(self) -> Iterator[Record]:
        return (self.table.record(row) for row in self.rows.tolist())

    def __eq__(self, other: object) -> bool:
        """Whether they are the same records in the same order, in columns or not."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        raise TypeError("records have no hash: their arguments are mappings")

    def where(self, mask: Mask) -> "Excerpt":
        """Those of which something holds; the mask is over the excerpt."""
        return Excerpt(self.table, self.rows[mask])

    def without(self, rows: Iterable[int]) -> "Excerpt":
        """All but some rows of the table."""
        gone = np.fromiter(rows, np.int64)
        return self if not len(gone) else self.where(~np.isin(self.rows, gone))

    def of_type(self, name: str) -> "Excerpt":
        return self.of_shapes(lambda shape: shape.type == name)

    def of_shapes(self, wanted: Callable[[Record], bool]) -> "Excerpt":
        return self.where(self.table.of_shapes(wanted)[self.rows])

    @property
    def ids(self) -> Sequence[str]:
        found: list[str] = self.table.ids[self.rows].to_list()
        return found

    @cached_property
    def shapes(self) -> tuple[Record, ...]:
        """What the records share: one for each sort of them that is here."""
        counts = np.bincount(self.table.shape[self.rows])
        return tuple(self.table.shapes[i] for i in np.flatnonzero(counts))

    @cached_property
    def place(self) -> Ints:
        """Where each row of the table stands here; -1 where it does not."""
        found = np.full(len(self.table), -1, np.int64)
        found[self.rows] = np.arange(len(self.rows))
        return found

    def naming_also(self, same_as: Mapping[int, tuple[str, ...]]) -> "Excerpt":
        """The same with other `same_as` for some rows of the table."""
        named = dict(self.table.named)
        for row, others in same_as.items():
            named[row] = replace(named.get(row, NOBODY), same_as=others)
        return Excerpt(self.table.but(named=named), self.rows)

    def naming(self) -> "Excerpt":
        """Those that name others."""
        some = np.array(sorted(self.table.named), np.int64)
        return Excerpt(self.table, self.rows[np.sort(self.place[some][self.place[some] >= 0])])

    def named(self, ids: Iterable[str]) -> dict[str, Record]:
        """Those of some ids that are here."""
        found = self.table.rows_of(ids)
        return {i: self.table.record(row) for i, row in found.items() if self.place[row] >= 0}
