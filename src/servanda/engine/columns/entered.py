"""Very many entries of acts over all readings, asked without making them (see `engine.entered`)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

import numpy as np

from servanda.engine.columns.acts import Acts
from servanda.engine.entered import Entered, Entry, Period, Readings, Teller, digest_of, holds
from servanda.engine.history import Breach
from servanda.evidence.columns import Columns
from servanda.evidence.order import ordered
from servanda.evidence.record import Record
from servanda.evidence.table import Ints


class ManyEntered(Entered):
    """Acts by the same bearers, all alleged, all under the same readings."""

    def __init__(self, acts: Acts, by: tuple[str, ...], told: Readings) -> None:
        super().__init__()
        self._acts, self._by, self._told = acts, by, told

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return [self._entry(i) for i in range(*index.indices(len(self)))]
        return self._entry(range(len(self))[index])

    def __iter__(self) -> Iterator[Entry]:
        return (self._entry(i) for i in range(len(self)))

    def __len__(self) -> int:
        return len(self._acts)

    def _entry(self, index: int) -> Entry:
        act = self._acts[index]
        return Breach(act.at, self._by, "act", act.records), self._told

    def bases(self, under: Mapping[str, str] | None = None) -> Counter[str]:
        return Counter(alleged=len(self) if holds(self._told, under) else 0)

    def resting(self) -> int:
        return len(self)

    def of_record(self, identity: str) -> Sequence[Entry]:
        row = self._table.table.rows_of([identity]).get(identity, -1)
        rows, entry = self._records
        return [self._entry(i) for i in np.unique(entry[rows == row]).tolist()]

    def found_by(self) -> frozenset[str]:
        return frozenset()

    @cached_property
    def bearers(self) -> frozenset[str]:
        return frozenset(self._by)

    def tellers(self) -> Counter[Teller]:
        rows, entry = self._records
        known, code = self._voices(lambda shape: shape.speaker)
        once = np.sort(entry * len(known) + code[self._table.table.shape[rows]])
        once = once[np.diff(once, prepend=-1) != 0]
        counts = np.bincount(once % len(known), minlength=len(known)).tolist()
        return Counter(
            {(who, by): n for who, n in zip(known, counts, strict=True) if n for by in self._by}
        )

    def by_period(
        self, starts: Sequence[int], voice: Callable[[Record], str]
    ) -> Mapping[int, Period]:
        period = np.searchsorted(np.array(starts, np.int64), self._acts.at, "right") - 1
        rows, entry = self._records
        known, code = self._voices(voice)
        once = np.sort(entry * len(known) + code[self._table.table.shape[rows]])
        once = once[np.diff(once, prepend=-1) != 0]
        said = period[once // len(known)] * len(known) + once % len(known)
        counts = np.bincount(said, minlength=len(starts) * len(known)).reshape(len(starts), -1)
        entries = np.bincount(period, minlength=len(starts)).tolist()
        return {
            place: Period(
                count, {who: n for who, n in zip(known, counts[place].tolist(), strict=True) if n}
            )
            for place, count in enumerate(entries)
            if count
        }

    def _voices(self, voice: Callable[[Record], str]) -> tuple[Sequence[str], Ints]:
        """For whom the shapes of the table speak, and the number of it for each."""
        known: dict[str, int] = {}
        code = [known.setdefault(voice(shape), len(known)) for shape in self._table.table.shapes]
        return tuple(known), np.array(code, np.int64)

    def digest(self) -> str:
        rows, entry = self._records
        rows = rows[np.lexsort((self._table.rank[rows], entry))]
        ids = self._table.table.ids[rows].to_list()
        sizes = np.bincount(entry, minlength=len(self))
        if len(ids) > len(self):
            ends = np.cumsum(sizes).tolist()
            ids = [" ".join(ids[end - n : end]) for end, n in zip(ends, sizes, strict=True)]
        rest = (self._by, "act", "alleged", (), False, self._told)
        at = np.ascontiguousarray(self._acts.at, np.int64).tobytes()
        return digest_of(at, "\n".join(ids), [(rest, len(self))])

    @property
    def rows(self) -> Ints:
        """The rows of the table that count."""
        return self._records[0]

    @property
    def _table(self) -> Columns:
        return self._acts.columns[0].rows.table

    @cached_property
    def _records(self) -> tuple[Ints, Ints]:
        """The rows of the records that count, and in which entry each does."""
        return self._acts.rows_of_records


def entered(acts: Acts, by: tuple[str, ...], told: Readings) -> ManyEntered | None:
    """Acts in the order of entries; None where their first records do not tell the order."""
    acts = acts.take(ordered(acts.rank, acts.at))
    if ((np.diff(acts.at) == 0) & (np.diff(acts.rank) == 0)).any():
        return None
    return ManyEntered(acts, by, told)
