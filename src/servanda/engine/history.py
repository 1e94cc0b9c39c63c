"""Histories: the states of one instance over time, and its breaches.

The shown state is the first that applies of: terminated, suspended, breached, cured, fulfilled,
expired, active, inactive (vocabulary, rule 4).
"""

from abc import ABC, abstractmethod
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from servanda.engine.instances import Instance
from servanda.evidence.record import Record

if TYPE_CHECKING:
    from servanda.engine.entered import Entered, Readings


class Flags(NamedTuple):
    """What is true of an instance at an instant; `due` is the first instant too late."""

    begun: bool = False
    suspended: bool = False
    breached: bool = False
    cured: bool = False
    fulfilled: bool = False
    expired: bool = False
    terminated: bool = False
    invoked: bool = False
    lapsed: bool = False
    overdue: bool = False
    late: bool = False
    due: int | None = None

    @property
    def shown(self) -> str:
        for state in ("terminated", "suspended", "breached", "cured", "fulfilled", "expired"):
            if getattr(self, state):
                return state
        return "active" if self.begun else "inactive"

    @property
    def running(self) -> bool:
        """In its active period: begun and not ended."""
        return self.begun and not (self.terminated or self.expired or self.lapsed)


def in_state(word: str, flags: Sequence[Flags]) -> bool:
    """Whether instances are in a state: “fulfilled” means all, every other any of them."""
    match word:
        case "fulfilled":
            return bool(flags) and all(f.fulfilled or f.cured for f in flags)
        case "active":
            return any(f.running for f in flags)
        case "inactive":
            return not any(f.begun for f in flags)
        case _:
            return any(getattr(f, word) for f in flags)


@dataclass
class Breach:
    """One entry: an act, a missed deadline or a failing condition.  Entries are never removed."""

    at: int
    by: tuple[str, ...]
    kind: str  # "act", "missed" or "failing"
    shown_by: tuple[Record, ...] | Callable[[], tuple[Record, ...]] = field(
        default=(), repr=False, compare=False
    )
    basis: str = "alleged"
    findings: tuple[str, ...] = ()
    cleared: bool = False
    disputed: bool = False

    @property
    def records(self) -> tuple[Record, ...]:
        """The records that show it, looked up when somebody asks for them."""
        if callable(self.shown_by):
            self.shown_by = self.shown_by()
        return self.shown_by

    @property
    def ids(self) -> tuple[str, ...]:
        if len(self.records) == 1:
            return (self.records[0].id,)
        return tuple(sorted(r.id for r in self.records))


def acts_entered(by: tuple[str, ...], instants: bytes) -> tuple[object, ...]:
    """Entries of acts by the same, by their instants: equal for equal ones, however few or many."""
    return (by, len(instants) // 8, blake2b(instants, digest_size=16).digest()) if instants else ()


class ManyBreaches(MutableSequence[Breach], ABC):
    """Very many entries of acts, none of them cleared, that can be compared without making them."""

    @abstractmethod
    def when(self) -> tuple[object, ...]:
        """Equal for entries at the same instants by the same."""

    @abstractmethod
    def which(self) -> tuple[object, ...]:
        """Equal for entries of the same records by the same, whenever they are."""

    @abstractmethod
    def alike(self, other: "ManyBreaches") -> bool:
        """Whether others are at the same instants, of the same records, by the same."""

    @abstractmethod
    def last(self, at: int) -> int | None:
        """The instant of the last entry up to one."""

    @abstractmethod
    def bases(self) -> Counter[str]:
        """How many are alleged, found and decided."""

    @abstractmethod
    def latest(self, count: int) -> Sequence[Breach]:
        """The last so many, to be read."""

    @abstractmethod
    def entered(self, told: "Readings") -> "Entered | None":
        """As they are asked for many at once; None where somebody may have changed them."""


@dataclass(frozen=True)
class Condition:
    """Trigger or forfeiture of a guarantee: none, alleged or found, since when, on what."""

    state: str = "none"
    since: int | None = None
    records: tuple[str, ...] = ()
    via: str | None = None


@dataclass
class History:
    """The changes of one instance in order of time; at an instant the last before it holds."""

    instance: Instance
    times: list[int] = field(default_factory=list)
    flags: list[Flags] = field(default_factory=list)
    breaches: MutableSequence[Breach] = field(default_factory=list)
    fulfilled_by: tuple[Record, ...] = ()
    activated: int | None = None
    trigger: Condition = Condition()
    forfeiture: Condition = Condition()

    def at(self, instant: int) -> Flags:
        index = bisect_right(self.times, instant)
        return self.flags[index - 1] if index else Flags()

    def changes_back(self, last: int, first: int) -> Iterator[int]:
        """The changes in (first, last], from the last."""
        for place in range(bisect_right(self.times, last) - 1, -1, -1):
            if self.times[place] <= first:
                return
            yield self.times[place]

    def put(self, instant: int, flags: Flags) -> bool:
        """Note the flags from an instant on; whether they changed."""
        if self.flags and self.flags[-1] == flags:
            return False
        if not self.flags and flags == Flags():
            return False
        if self.times and self.times[-1] == instant:
            self.flags[-1] = flags
        else:
            self.times.append(instant)
            self.flags.append(flags)
        return True

    def clear(self) -> None:
        """Forget all that was noted."""
        self.times, self.flags, self.breaches = [], [], []
        self.fulfilled_by, self.activated = (), None

    def when_entered(self) -> tuple[object, ...]:
        """When which kinds of entries were made: equal for equal ones."""
        if isinstance(self.breaches, ManyBreaches):
            return self.breaches.when()
        told = {(b.by, b.kind, b.cleared) for b in self.breaches}
        if len(told) == 1 and (one := next(iter(told)))[1:] == ("act", False):
            return acts_entered(one[0], array("q", (b.at for b in self.breaches)).tobytes())
        return tuple((b.at, b.by, b.kind, b.cleared) for b in self.breaches)

    def which_entered(self) -> tuple[object, ...]:
        """Which entries were made, whenever they were."""
        if isinstance(self.breaches, ManyBreaches):
            return self.breaches.which()
        return tuple(sorted((b.by, b.kind, b.ids) for b in self.breaches))

    def entered(self) -> tuple[object, ...]:
        """All of the entries: equal for equal ones."""
        return (self.when_entered(), self.which_entered())

    def last_entry(self, at: int) -> int | None:
        """The instant of the last entry up to one."""
        if isinstance(self.breaches, ManyBreaches):
            return self.breaches.last(at)
        return max((b.at for b in self.breaches if b.at <= at), default=None)

    def bases(self) -> Counter[str]:
        """How many entries are alleged, found and decided."""
        if isinstance(self.breaches, ManyBreaches):
            return self.breaches.bases()
        return Counter(b.basis for b in self.breaches)

    def latest(self, count: int) -> Sequence[Breach]:
        """The last so many entries."""
        if isinstance(self.breaches, ManyBreaches):
            return self.breaches.latest(count)
        return self.breaches[max(0, len(self.breaches) - count) :]

    @property
    def missed(self) -> bool:
        """Whether a deadline was missed."""
        if isinstance(self.breaches, ManyBreaches):
            return False
        return any(b.kind == "missed" for b in self.breaches)

    def shown(self) -> tuple[tuple[int, str, int | None], ...]:
        """Changes of the shown state or the due instant."""
        found: list[tuple[int, str, int | None]] = []
        for at, flags in zip(self.times, self.flags, strict=True):
            if not found or found[-1][1:] != (flags.shown, flags.due):
                found.append((at, flags.shown, flags.due))
        if found and found[0][1:] == ("inactive", None):
            del found[0]
        return tuple(found)

    def since(self) -> int | None:
        """Since when the last shown state holds; None where it has always held."""
        last = None
        for at, state, _ in self.shown():
            if last is None or last[1] != state:
                last = (at, state)
        return last[0] if last else None
