"""Entries of very many acts against a prohibition, made into breaches when somebody asks."""

from collections import Counter
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from typing import overload

import numpy as np

from servanda.engine.columns.acts import Acts
from servanda.engine.columns.course import NONE
from servanda.engine.columns.entered import entered
from servanda.engine.entered import Entered, Readings
from servanda.engine.facts import Fact
from servanda.engine.history import Breach, ManyBreaches, acts_entered
from servanda.evidence.table import Ints


class Entries(ManyBreaches):
    """The acts of some that were entered, in the order of their time, all by the same bearers.

    It may be changed as a list is; it is then one.
    """

    def __init__(self, acts: Acts, by: tuple[str, ...]) -> None:
        self.acts = acts
        self.by = by
        self._chosen: list[Ints] = []
        self._told: dict[str, tuple[object, ...]] = {}  # until something is entered
        self._made: list[Breach] | None = None

    def enter(self, places: Ints) -> None:
        """Enter further acts."""
        assert self._made is None
        if len(places):
            self._chosen.append(places)
            self._told = {}

    @property
    def chosen(self) -> Ints:
        return np.concatenate([NONE, *self._chosen])

    @property
    def at(self) -> Ints:
        """The instants of all entries."""
        return self.acts.at[self.chosen]

    def when(self) -> tuple[object, ...]:
        if "when" not in self._told:
            self._told["when"] = acts_entered(self.by, self.at.tobytes())
        return self._told["when"]

    def which(self) -> tuple[object, ...]:
        if "which" not in self._told:
            acts = self.acts.take(self.chosen)
            digest = acts.take(np.argsort(acts.rank)).digest()
            self._told["which"] = self.by, len(self), digest
        return self._told["which"]

    def alike(self, other: ManyBreaches) -> bool:
        if isinstance(other, Entries) and self.acts is other.acts and self.by == other.by:
            return np.array_equal(self.chosen, other.chosen)
        return (self.when(), self.which()) == (other.when(), other.which())

    def last(self, at: int) -> int | None:
        entered = self.at
        before = int(np.searchsorted(entered, at, "right"))
        return int(entered[before - 1]) if before else None

    def bases(self) -> Counter[str]:
        if self._made is not None:
            return Counter(b.basis for b in self._made)
        return Counter(alleged=len(self))

    def latest(self, count: int) -> Sequence[Breach]:
        if self._made is not None:
            return self._made[max(0, len(self._made) - count) :]
        chosen = self.chosen
        return [self._breach(act) for act in self.acts.take(chosen[max(0, len(chosen) - count) :])]

    def entered(self, told: Readings) -> Entered | None:
        if self._made is not None:
            return None
        return entered(self.acts.take(self.chosen), self.by, told)

    def _breach(self, act: Fact) -> Breach:
        return Breach(act.at, self.by, "act", act.records)

    def made(self) -> list[Breach]:
        if self._made is None:
            acts = self.acts.take(self.chosen)
            self._made = [self._breach(act) for act in acts]
        return self._made

    def __len__(self) -> int:
        return len(self._made) if self._made is not None else sum(map(len, self._chosen))

    def __iter__(self) -> Iterator[Breach]:
        return iter(self.made())

    @overload
    def __getitem__(self, index: int) -> Breach: ...
    @overload
    def __getitem__(self, index: slice) -> MutableSequence[Breach]: ...
    def __getitem__(self, index: int | slice) -> Breach | MutableSequence[Breach]:
        if self._made is None and isinstance(index, slice):  # to be read
            return [self._breach(act) for act in self.acts.take(self.chosen[index])]
        return self.made()[index]

    @overload
    def __setitem__(self, index: int, value: Breach) -> None: ...
    @overload
    def __setitem__(self, index: slice, value: Iterable[Breach]) -> None: ...
    def __setitem__(self, index: int | slice, value: Breach | Iterable[Breach]) -> None:
        if isinstance(index, slice):
            assert not isinstance(value, Breach)
            self.made()[index] = value
        else:
            assert isinstance(value, Breach)
            self.made()[index] = value

    def __delitem__(self, index: int | slice) -> None:
        del self.made()[index]

    def insert(self, index: int, value: Breach) -> None:
        self.made().insert(index, value)
