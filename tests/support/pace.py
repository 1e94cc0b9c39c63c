"""Limits of time that mean the same on a slow machine and on a busy one.

A limit is meant in seconds of an ordinary processor of 2025.  Where it is passed, the same process
does a fixed piece of work there and then; by as much as that takes longer than on the ordinary one,
by so much the limit is longer.  A machine that is quicker gets no shorter limit.  These limits
guard against growth that nobody wants; figures come from `make bench`, on a machine at rest.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

# What `_work` takes on the ordinary one: of a third of a million small objects.
ORDINARY_S = 0.08
SLACK = 1.25  # what is done takes more of memory than `_work` does


@contextmanager
def soon(seconds: float, what: str = "") -> Iterator[None]:
    """What is done inside takes at most so many seconds of an ordinary processor."""
    before = time.process_time()
    yield
    spent = time.process_time() - before
    if spent >= seconds:
        slower = pace()
        assert spent < seconds * slower * SLACK, f"{what}: {spent:.2f} s at a pace of {slower:.2f}"


def pace() -> float:
    """How many times longer than on an ordinary processor the same work takes now; at least 1."""
    return max(1.0, max(_work() for _ in range(4)) / ORDINARY_S)


def _work() -> float:
    before = time.process_time()
    kept: dict[str, list[int]] = {}
    for number in range(330_000):
        kept.setdefault(str(number % 9_973), []).append(number)
    assert len(kept) == 9_973
    return time.process_time() - before
