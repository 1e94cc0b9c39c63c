"""Many facts at once: when each is evaluated and which records count, made into facts when asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import overload

import numpy as np

from servanda.engine.columns.rows import Rows
from servanda.engine.facts import Fact
from servanda.evidence.columns import Ints

Bindings = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FactColumn(Sequence[Fact]):
    """Facts of one type in the order of their time.

    Fact `i` rests on `counted[starts[i]:starts[i + 1]]`, places in `rows`, the most precise first.
    """

    rows: Rows
    at: Ints
    first: Ints
    counted: Ints
    starts: Ints
    binding: Ints
    bindings: Sequence[Bindings]
    _made: dict[int, Fact] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.at)

    @overload
    def __getitem__(self, index: int) -> Fact: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Fact]: ...
    def __getitem__(self, index: int | slice) -> Fact | Sequence[Fact]:
        if isinstance(index, slice):
            return tuple(self._fact(i) for i in range(*index.indices(len(self))))
        return self._fact(range(len(self))[index])

    def __iter__(self) -> Iterator[Fact]:
        return (self._fact(i) for i in range(len(self)))

    def take(self, places: Ints) -> "FactColumn":
        """Some of the facts, in the order given."""
        sizes = np.diff(self.starts)[places]
        starts = np.concatenate(([0], np.cumsum(sizes)))
        within = np.arange(int(starts[-1])) - np.repeat(starts[:-1], sizes)
        return FactColumn(
            self.rows,
            self.at[places],
            self.first[places],
            self.counted[np.repeat(self.starts[places], sizes) + within],
            starts,
            self.binding[places],
            self.bindings,
        )

    def digest(self) -> bytes:
        """Equal for equal facts."""
        found = blake2b(digest_size=16)
        table_rows = self.rows.rows[self.counted]
        for column in (self.at, self.first, self.starts, table_rows, self.binding):
            found.update(np.ascontiguousarray(column).tobytes())
        found.update(repr(tuple(self.bindings)).encode())
        return found.digest()

    def _fact(self, index: int) -> Fact:
        made = self._made.get(index)
        if made is None:
            places = self.counted[self.starts[index] : self.starts[index + 1]]
            records = tuple(self.rows.table.records[row] for row in self.rows.rows[places])
            made = self._made[index] = Fact(
                int(self.at[index]),
                int(self.first[index]),
                records,
                self.bindings[self.binding[index]],
            )
        return made
