"""Entries of very many acts against a prohibition, made into breaches when somebody asks."""

from collections.abc import Iterable, Iterator, MutableSequence
from typing import overload

import numpy as np

from servanda.engine.columns.acts import Acts
from servanda.engine.columns.course import NONE
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
        self._made: list[Breach] | None = None

    def enter(self, places: Ints) -> None:
        """Enter further acts."""
        assert self._made is None
        if len(places):
            self._chosen.append(places)

    @property
    def chosen(self) -> Ints:
        return np.concatenate([NONE, *self._chosen])

    @property
    def at(self) -> Ints:
        """The instants of all entries."""
        return self.acts.at[self.chosen]

    def when(self) -> tuple[object, ...]:
        return acts_entered(self.by, self.at.tobytes())

    def which(self) -> tuple[object, ...]:
        acts = self.acts.take(self.chosen)
        return (self.by, len(self), acts.take(np.argsort(acts.rank)).digest())

    def last(self, at: int) -> int | None:
        entered = self.at
        before = int(np.searchsorted(entered, at, "right"))
        return int(entered[before - 1]) if before else None

    def made(self) -> list[Breach]:
        if self._made is None:
            acts = self.acts.take(self.chosen)
            self._made = [Breach(act.at, self.by, "act", act.records) for act in acts]
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
