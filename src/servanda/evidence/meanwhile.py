"""Work that is done aside, in a thread, while other work goes on: NumPy and shapely let it.

In: a function.  Out: a future, whose result waits for it and raises what it raised.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


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
