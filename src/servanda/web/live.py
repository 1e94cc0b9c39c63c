"""Open pages hear that what they show has changed, over server-sent events.

In: an agreement and who asks.  Out: a stream of marks, one at the start and one for each change of
what that person sees; a heartbeat between.  One look at the ledger serves all open pages.  Of what
somebody may not see, nothing is told: the mark is worked out from what the person sees.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from servanda.ledger.errors import LedgerError
from servanda.library import InputError
from servanda.web.people.sight import Sight
from servanda.web.shelf import Shelf

EVERY = 0.5  # seconds between two looks
HEARTBEAT = 15.0  # seconds; then it is asked as well whether the person may still look
MOST = 600  # streams at a time
RETRY_MS = 3_000


@dataclass
class Live:
    """The streams of one server; all of it is used from one event loop."""

    shelf: Shelf
    clock: Callable[[], float] = time.monotonic
    open: int = 0
    _edition: int = 0
    _next: float = 0.0
    _marks: dict[tuple[str, Sight], tuple[int, str]] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return self.open >= MOST

    async def stream(
        self, agreement: str, sight: Sight, still: Callable[[], bool]
    ) -> AsyncIterator[str]:
        """`still` tells whether the person may still look; the stream ends when not."""
        self.open += 1
        try:
            self._next = 0.0  # the page may have been made of what came just now
            mark = await self._mark(agreement, sight)
            yield f"retry: {RETRY_MS}\nevent: mark\ndata: {mark}\n\n"
            beat = self.clock() + HEARTBEAT
            while True:
                await asyncio.sleep(EVERY)
                if self.clock() >= beat:
                    if not await run_in_threadpool(still):
                        return
                    beat = self.clock() + HEARTBEAT
                    yield ": still here\n\n"
                found = await self._mark(agreement, sight)
                if found != mark:
                    mark = found
                    yield f"event: mark\ndata: {mark}\n\n"
        finally:
            self.open -= 1

    async def _mark(self, agreement: str, sight: Sight) -> str:
        """Changes with what the sight has of the records; stays while nothing can be read."""
        if self.clock() >= self._next:
            self._next = self.clock() + EVERY
            self._edition = await run_in_threadpool(self._look)
        key = (agreement, sight)
        edition, mark = self._marks.get(key, (-1, ""))
        if edition != self._edition:
            edition = self._edition
            mark = await run_in_threadpool(self._work_out, agreement, sight, mark)
            self._marks[key] = edition, mark
        return mark

    def _look(self) -> int:
        try:
            return self.shelf.edition()
        except LedgerError:
            return self._edition

    def _work_out(self, agreement: str, sight: Sight, before: str) -> str:
        lib = self.shelf.library(agreement)
        if lib is None:
            return before
        try:
            return self.shelf.holding(lib, None, sight).mark
        except (InputError, LedgerError):
            return before
