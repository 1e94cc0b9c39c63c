"""Work that takes time: done once for each key, so much of it at a time, and the latest kept.

In: a key and what makes its value.  Out: the value.  Requests for one key wait for one piece of
work; whoever would wait too long, or among too many, is told to come back, so that other pages
always find a hand free.

What such work makes refers to itself in circles, and holds columns whose size Python's collector
does not see: what is no longer kept is gathered after so many pieces of work.
"""

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from servanda.web.problems import Problem

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
W = TypeVar("W")
HANDS = 2  # pieces of work that are done at a time
QUEUE = 12  # requests that wait or work at a time
PATIENCE = 60.0  # seconds that a request waits for its turn
PIECES = 16  # of work, after which what is no longer kept is gathered


def weightless(value: object) -> int:
    return 0


@dataclass
class Kept(Generic[K, V]):
    """`most` values are kept, the latest used; of heavy ones fewer, but always one.

    `weigh` says how heavy one is, and `heaviest` what all may weigh together.
    """

    most: int
    hands: int = HANDS
    queue: int = QUEUE
    weigh: Callable[[V], int] = weightless
    heaviest: int = 0
    _found: "OrderedDict[K, V]" = field(default_factory=OrderedDict)
    _pieces: int = 0
    _working: dict[K, threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turns: threading.BoundedSemaphore = field(init=False)
    _waiting: threading.BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turns = threading.BoundedSemaphore(self.hands)
        self._waiting = threading.BoundedSemaphore(self.queue)

    def has(self, key: K) -> bool:
        """Whether it is there already."""
        with self._lock:
            return key in self._found

    def of(self, key: K, make: Callable[[], V]) -> V:
        """Raises what `make` raises, and a problem where too much is asked at once."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
            working = self._working.setdefault(key, threading.Lock())
        with _taken(self._waiting, 0), _taken(working, PATIENCE):
            try:
                return self._once(key, make)
            finally:
                with self._lock:
                    self._working.pop(key, None)

    def _once(self, key: K, make: Callable[[], V]) -> V:
        with self._lock:
            if key in self._found:
                return self._found[key]
        with _taken(self._turns, PATIENCE):
            made = make()
        with self._lock:
            self._found[key] = made
            weight = sum(map(self.weigh, self._found.values()))
            while len(self._found) > 1 and (len(self._found) > self.most or weight > self.heaviest):
                weight -= self.weigh(self._found.popitem(last=False)[1])
        self._gathered()
        return made

    def in_turn(self, make: Callable[[], W]) -> W:
        """As `of`, for what is not kept."""
        with _taken(self._waiting, 0), _taken(self._turns, PATIENCE):
            made = make()
        self._gathered()
        return made

    def _gathered(self) -> None:
        with self._lock:
            self._pieces += 1
            due = self._pieces % PIECES == 0
        if due:
            gc.collect()


@contextmanager
def _taken(one: "threading.Lock | threading.Semaphore", patience: float) -> Iterator[None]:
    if not one.acquire(timeout=patience):
        raise Problem(503, "Busy", "Too much is asked at once. Ask again in a minute.")
    try:
        yield
    finally:
        one.release()
