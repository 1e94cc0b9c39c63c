"""Many facts at once: when each is evaluated and what counts, made into facts when asked."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from typing import overload

import numpy as np

from servanda.engine.columns.rows import Rows
from servanda.engine.facts import Fact
from servanda.evidence.order import ordered
from servanda.evidence.table import Ints, Mask

Bindings = tuple[tuple[str, str], ...]
FEW = 100  # facts that are put in their place among others without sorting all


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

    def renewed(self, rows: Rows, tied: Mask, more: "FactColumn") -> "FactColumn":
        """The facts of a type where its rows are others: those of occurrences that are tied to what
        differs go, and others come in their place.
        """
        heads = self.rows.rows[self.counted[self.starts[:-1]]]
        kept = np.flatnonzero(~tied[heads])
        known = {binding: number for number, binding in enumerate(self.bindings)}
        numbers = [known.setdefault(binding, len(known)) for binding in more.bindings]
        parts = (self, more)
        both = FactColumn(
            rows,
            np.concatenate([one.at for one in parts]),
            np.concatenate([one.first for one in parts]),
            rows.places[np.concatenate([one.rows.rows[one.counted] for one in parts])],
            np.concatenate([self.starts, more.starts[1:] + self.starts[-1]]),
            np.concatenate([self.binding, np.array(numbers, np.int64)[more.binding]]),
            tuple(known),
        )
        fresh = np.arange(len(self), len(both))
        if len(fresh) <= FEW:
            found = both.take(np.insert(kept, both._before(kept, fresh), fresh))
        else:
            both = both.take(np.concatenate([kept, fresh]))
            found = both.take(ordered(both.rank, both.first, both.at))
        gone = np.flatnonzero(tied[heads])
        changed = (self.digest, gone.tobytes(), more.digest)
        unchanged = not len(gone) and not len(more)
        told = self.digest if unchanged else blake2b(b"".join(changed), digest_size=16).digest()
        found.__dict__["digest"] = told
        return found

    def _before(self, places: Ints, fresh: Ints) -> list[int]:
        """Where a few facts belong among others, which are in the order of their time."""

        def key(place: int) -> tuple[int, int, int]:
            counted = self.counted[self.starts[place] : self.starts[place + 1]]
            rank = self.rows.table.rank[self.rows.rows[counted]].min()
            return int(self.at[place]), int(self.first[place]), int(rank)

        everywhere = range(len(places))
        return [
            bisect_left(everywhere, key(one), key=lambda place: key(int(places[place])))
            for one in fresh.tolist()
        ]

    def renamed(self, names: Mapping[str, str]) -> "FactColumn":
        """The same facts, of what they bind no more than is named here, under the new names."""
        bindings = [tuple((names[n], v) for n, v in b if n in names) for b in self.bindings]
        return replace(self, bindings=bindings, _made={})

    @cached_property
    def coarse(self) -> tuple[Ints, Ints]:
        """Beginnings and ends of the periods of facts that are dated by no instant."""
        some = self.first != self.at
        return self.first[some], self.at[some]

    @property
    def rank(self) -> Ints:
        """For each fact the place of the first of its ids among all ids."""
        if not len(self):
            return self.at
        ranks = self.rows.table.rank[self.rows.rows[self.counted]]
        least: Ints = np.minimum.reduceat(ranks, self.starts[:-1])
        return least

    def numbers(self, arg: str) -> tuple[Ints, tuple[Decimal, ...]]:
        """A number of each fact, from the most precise record that gives it: its place among all
        numbers, in order; -1 where none is.
        """
        codes, known = self.rows.numbers(arg)
        return self._first_said(codes), known

    def words(self, arg: str) -> tuple[Ints, tuple[str, ...]]:
        """A word of each fact, from the most precise record that says it; -1 where none does."""
        codes, known = self.rows.words(arg)
        return self._first_said(codes), known

    def _first_said(self, codes: Ints) -> Ints:
        if not len(self):
            return self.at
        said = codes[self.counted]
        place = np.where(said >= 0, np.arange(len(said)), len(said))
        least = np.minimum.reduceat(place, self.starts[:-1])
        within = np.where(least < self.starts[1:], least, len(said))
        found: Ints = np.append(said, -1)[within]
        return found

    @cached_property
    def digest(self) -> bytes:
        """Of unequal facts never equal; of equal ones, where they came about alike."""
        found = blake2b(self.records_digest(), digest_size=16)
        for column in (self.at, self.first, self.binding):
            found.update(np.ascontiguousarray(column).tobytes())
        found.update(repr(tuple(self.bindings)).encode())
        return found.digest()

    def records_digest(self) -> bytes:
        """Equal for facts of equal records in the same order."""
        found = blake2b(self.starts.tobytes(), digest_size=16)
        found.update(self.rows.rows[self.counted].tobytes())
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


def column_of(facts: Sequence[Fact], rows: Rows) -> FactColumn:
    """A column of facts that were found one by one."""
    known: dict[Bindings, int] = {}
    binding = [known.setdefault(f.bindings, len(known)) for f in facts]
    counted = [rows.place(r.id) for f in facts for r in f.records]
    starts = np.cumsum([0, *(len(f.records) for f in facts)])
    return FactColumn(
        rows,
        np.fromiter((f.at for f in facts), np.int64, len(facts)),
        np.fromiter((f.first for f in facts), np.int64, len(facts)),
        np.array(counted, np.int64),
        starts.astype(np.int64),
        np.array(binding, np.int64),
        tuple(known),
    )
