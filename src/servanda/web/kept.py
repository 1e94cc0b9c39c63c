"""Work that takes time: done once for each key, so much of it at a time, and the latest kept.

In: a key and what makes its value.  Out: the value.  Requests for one key wait for one piece of
work; whoever would wait too long, or among too many, is told to come back, so that other pages
always find a hand free.
"""

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


@dataclass
class Kept(Generic[K, V]):
    """`most` values are kept, the latest used."""

    most: int
    hands: int = HANDS
    queue: int = QUEUE
    _found: "OrderedDict[K, V]" = field(default_factory=OrderedDict)
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
            while len(self._found) > self.most:
                self._found.popitem(last=False)
        return made

    def in_turn(self, make: Callable[[], W]) -> W:
        """As `of`, for what is not kept."""
        with _taken(self._waiting, 0), _taken(self._turns, PATIENCE):
            return make()


@contextmanager
def _taken(one: "threading.Lock | threading.Semaphore", patience: float) -> Iterator[None]:
    if not one.acquire(timeout=patience):
        raise Problem(503, "Busy", "Too much is asked at once. Ask again in a minute.")
    try:
        yield
    finally:
        one.release()
