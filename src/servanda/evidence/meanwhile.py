"""Work that is done aside, in a thread, while other work goes on: NumPy and shapely let it.

In: a function.  Out: a future, whose result waits for it and raises what it raised.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")
THREADS = 2  # of which a machine always has as many


def begun(work: Callable[[], T], aside: bool = False) -> "Future[T]":
    """The work, done at once, or in a thread of its own."""
    if aside:
        pool = ThreadPoolExecutor(1, "servanda-aside")
        found = pool.submit(work)
        pool.shutdown(wait=False)  # the thread ends with its work
        return found
    done: Future[T] = Future()
    try:
        done.set_result(work())
    except BaseException as error:
        done.set_exception(error)
        raise
    return done


def at_once(work: Callable[[S], T], parts: Iterable[S], aside: bool) -> list[T]:
    """The work on each part, in their order; `aside`: in threads, two at a time."""
    if not aside:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(THREADS, "servanda-aside") as pool:
        return list(pool.map(work, parts))
