"""The entries of an instance over all readings, each with those under which it holds.

What is asked of very many at once (how many rest on what, in which of them a record counts, who
tells of them) is asked here, so that nobody has to go through them; `columns/entered.py` answers
without making them.
"""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from typing import overload

from servanda.engine.history import Breach
from servanda.evidence.record import Record

Readings = list[dict[str, str]] | None
Entry = tuple[Breach, Readings]
Teller = tuple[str, str]  # who tells of an act, and whose act it was


@dataclass(frozen=True, slots=True)
class Period:
    """How many entries there are in a time, and of how many each tells."""

    entries: int
    said: Mapping[str, int]


class Entered(Sequence[Entry]):
    """In the order of time, of who, and of the ids of their records; none is there twice."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        self._entries = tuple(entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        return self._entries[index]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def bases(self, under: Mapping[str, str] | None = None) -> Counter[str]:
        """How many are alleged, found and decided; with `under` only those that hold there."""
        return Counter(breach.basis for breach, told in self if holds(told, under))

    def resting(self) -> int:
        """How many rest on records, not on silence."""
        return sum(1 for breach, _ in self if breach.records)

    def of_record(self, identity: str) -> Sequence[Entry]:
        """Those in which a record counts."""
        return [entry for entry in self if identity in entry[0].ids]

    def found_by(self) -> frozenset[str]:
        """The findings that any of them rests on."""
        return frozenset(f for breach, _ in self for f in breach.findings)

    @cached_property
    def bearers(self) -> frozenset[str]:
        """All whose acts they are."""
        return frozenset(by for breach, _ in self for by in breach.by)

    def tellers(self) -> Counter[Teller]:
        """How many entries each tells of, by whose act it was."""
        return tellers_of_each(self)

    def by_period(
        self, starts: Sequence[int], voice: Callable[[Record], str]
    ) -> Mapping[int, "Period"]:
        """Those on records by the period in which they are; `starts` are the first instants.

        `voice` says of what records share, their speaker above all, for whom it speaks.
        """
        acts: dict[int, set[object]] = {}
        said: dict[int, dict[str, set[object]]] = {}
        for breach, _ in self:
            if breach.records:
                period, act = (
                    bisect_right(starts, breach.at) - 1,
                    (breach.at, breach.by, breach.ids),
                )
                acts.setdefault(period, set()).add(act)
                told = said.setdefault(period, {})
                for record in breach.records:
                    told.setdefault(voice(record), set()).add(act)
        return {
            period: Period(len(found), {who: len(told) for who, told in said[period].items()})
            for period, found in acts.items()
        }

    def digest(self) -> str:
        """Equal for equal entries of equal records."""
        at = array("q", (breach.at for breach, _ in self)).tobytes()
        ids = "\n".join(" ".join(breach.ids) for breach, _ in self)
        rest = [(b.by, b.kind, b.basis, b.findings, b.disputed, told) for b, told in self]
        return digest_of(at, ids, [(one, sum(1 for _ in same)) for one, same in groupby(rest)])


def digest_of(at: bytes, ids: str, rest: Sequence[tuple[object, int]]) -> str:
    """Of the instants of entries, the ids of their records, and what runs of them say else."""
    found = blake2b(at, digest_size=16)
    found.update(ids.encode())
    found.update(repr(list(rest)).encode())
    return found.hexdigest()


def tellers(several: Sequence[Entered]) -> Counter[Teller]:
    """As `Entered.tellers` for several instances; an act that was entered in two is one."""
    bearers = [by for one in several for by in one.bearers]
    if len(bearers) == len(set(bearers)):
        return sum((one.tellers() for one in several), Counter())
    return tellers_of_each(*several)


def tellers_of_each(*several: Entered) -> Counter[Teller]:
    """As `tellers`, entry by entry."""
    told = {
        ((breach.at, breach.ids), record.speaker, by)
        for one in several
        for breach, _ in one
        for record in breach.records
        for by in breach.by
    }
    return Counter((speaker, by) for _, speaker, by in told)


def holds(told: Readings, under: Mapping[str, str] | None) -> bool:
    """Whether what holds under some readings (None: under all) holds under these."""
    if told is None or under is None:
        return True
    return any(all(under.get(term, r) == r for term, r in one.items()) for one in told)
