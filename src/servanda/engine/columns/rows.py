"""The records of one type in columns, in the order of their occurrences."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from servanda.evidence.columns import Columns
from servanda.evidence.order import by_code
from servanda.evidence.record import Record
from servanda.evidence.table import Ints


@dataclass(frozen=True)
class Rows:
    """`rows` are row numbers of the table; `occurrence` numbers the occurrence of each."""

    table: Columns
    rows: Ints
    occurrence: Ints
    _words: dict[str, tuple[Ints, tuple[str, ...]]] = field(default_factory=dict)
    _indexes: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    _kept: dict[str, tuple[Ints, tuple[Hashable, ...]]] = field(default_factory=dict)
    _numbers: dict[str, tuple[Ints, tuple[Decimal, ...]]] = field(default_factory=dict)
    _examples: dict[str, list[Record]] = field(default_factory=dict)
    _spoken: dict[tuple[str, int, int], Record] = field(default_factory=dict)

    @cached_property
    def shape(self) -> Ints:
        return self.table.shape[self.rows]

    def place(self, record: str) -> int:
        """The place among these rows of a record, by its id."""
        return int(self.places[self.table.table.rows_of((record,))[record]])

    @cached_property
    def places(self) -> Ints:
        """The place among these rows of each row of the table; -1 where it is not here."""
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
        if arg not in self._words:
            known: dict[str | None, int] = {None: -1}
            says = self.per_shape(lambda r: known.setdefault(r.word(arg), len(known) - 1))
            self._words[arg] = says, tuple(word for word in known if word is not None)
        return self._words[arg]

    def kept(
        self, name: str, of: Callable[[Record], Hashable]
    ) -> tuple[Ints, tuple[Hashable, ...]]:
        """The number of what a function says of each row, and all that it says; kept by name."""
        if name not in self._kept:
            known: dict[Hashable, int] = {}
            examples: list[Record] = []

            def number(record: Record) -> int:
                found = known.setdefault(of(record), len(known))
                if found == len(examples):
                    examples.append(record)
                return found

            says = self.per_shape(number)
            self._kept[name] = says, tuple(known)
            self._examples[name] = examples
        return self._kept[name]

    def spoken(self, name: str, number: int, which: int) -> Record:
        """A record of which the function of `kept` says what has this number.

        The first of such, the second, …: each under an id of its own, which no record has.
        """
        key = (name, number, which)
        if key not in self._spoken:
            example = self._examples[name][number]
            self._spoken[key] = replace(example, id=f"\0{name} {number} {which}")
        return self._spoken[key]

    def per_shape(self, answer: Callable[[Record], int]) -> Ints:
        """What a function says to an example of the shape of each row."""
        shapes, which = self.shapes
        says = np.fromiter(
            (answer(self.table.example(int(s))) for s in shapes), np.int64, len(shapes)
        )
        return says[which]

    def index(self, arg: str) -> Mapping[str, Sequence[int]]:
        """Which of the shapes name each word for an argument."""
        if arg not in self._indexes:
            found: dict[str, list[int]] = {}
            for number, shape in enumerate(self.shapes[0]):
                for word in self.table.example(int(shape)).words(arg):
                    found.setdefault(word, []).append(number)
            self._indexes[arg] = found
        return self._indexes[arg]

    def of_shapes(self, numbers: Ints) -> Ints:
        """The places of all rows of some of the shapes, in order."""
        order, starts = self._by_shape
        if len(numbers) * 4 > len(starts):
            wanted = np.zeros(len(starts) - 1, bool)
            wanted[numbers] = True
            return np.flatnonzero(wanted[self.shapes[1]])
        parts = [order[starts[n] : starts[n + 1]] for n in numbers]
        return np.sort(np.concatenate([np.empty(0, np.int64), *parts]))

    @cached_property
    def _by_shape(self) -> tuple[Ints, Ints]:
        """Places by shape, and where those of each shape begin."""
        shapes, which = self.shapes
        starts = np.concatenate(([0], np.cumsum(np.bincount(which, minlength=len(shapes)))))
        return by_code(which, len(shapes)), starts

    @cached_property
    def shapes(self) -> tuple[Ints, Ints]:
        """The shapes that occur, and which of them each row has."""
        shapes = np.flatnonzero(np.bincount(self.shape))
        which = np.empty(int(self.shape.max(initial=0)) + 1, np.int64)
        which[shapes] = np.arange(len(shapes))
        return shapes, which[self.shape]
