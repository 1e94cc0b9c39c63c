"""Files that were tried and wait to be entered: in memory, few, for a while.

What lies here was acknowledged to nobody: whoever tried it is told that it is not entered yet.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

MAX_HELD = 40  # files; a further one puts the oldest out
HELD_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Held:
    name: str
    data: bytes
    digest: str
    until: float


@dataclass
class Tray:
    """`clock` gives seconds; one file for each account, the latest."""

    clock: Callable[[], float] = time.monotonic
    _held: "OrderedDict[str, Held]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, account: str, name: str, data: bytes) -> Held:
        held = Held(name, data, sha256(data).hexdigest(), self.clock() + HELD_SECONDS)
        with self._lock:
            self._held.pop(account, None)
            self._held[account] = held
            while len(self._held) > MAX_HELD:
                self._held.popitem(last=False)
        return held

    def get(self, account: str, digest: str) -> Held | None:
        """The file that an account tried, where it is still here and is that one."""
        with self._lock:
            held = self._held.get(account)
        if held is None or held.digest != digest or self.clock() > held.until:
            return None
        return held
