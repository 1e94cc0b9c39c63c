"""The records of one type in columns, in the order of their occurrences."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np

from servanda.evidence.columns import Columns, Ints


@dataclass(frozen=True)
class Rows:
    """`rows` are row numbers of the table; `occurrence` numbers the occurrence of each."""

    table: Columns
    rows: Ints
    occurrence: Ints
    _numbers: dict[str, tuple[Ints, tuple[Decimal, ...]]] = field(default_factory=dict)

    @cached_property
    def shape(self) -> Ints:
        return self.table.shape[self.rows]

    def place(self, record: str) -> int:
        """The place among these rows of a record, by its id."""
        return int(self._places[self.table.row_of[record]])

    @cached_property
    def _places(self) -> Ints:
        found = np.full(len(self.table), -1, np.int64)
        found[self.rows] = np.arange(len(self.rows))
        return found

    def numbers(self, arg: str) -> tuple[Ints, tuple[Decimal, ...]]:
        """As `Columns.numbers`; kept, since the same numbers are asked for again."""
        if arg not in self._numbers:
            self._numbers[arg] = self.table.numbers(arg, self.rows)
        return self._numbers[arg]

    def words(self, arg: str) -> tuple[Ints, tuple[str, ...]]:
        """A word of each row as the number of a word, -1 where it gives none."""
        known: dict[str, int] = {}
        shapes, which = np.unique(self.shape, return_inverse=True)
        codes = np.full(len(shapes), -1, np.int64)
        for number, shape in enumerate(shapes):
            word = self.table.example(int(shape)).word(arg)
            if word is not None:
                codes[number] = known.setdefault(word, len(known))
        return codes[which], tuple(known)
