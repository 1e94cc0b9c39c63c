"""Columns with room behind them: what is appended is written there, and nothing is copied.

Memory that was never touched costs nothing; copying columns of millions of rows for one late record
does.  Columns are never changed: who has the shorter one sees no more than before.
"""

import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

LEAST = 10_000  # rows; below, copying takes no time
PART = 16  # so small a part of the rows has room behind them

Column = TypeVar("Column", bound=NDArray[Any])


@dataclass
class _Used:
    """How many places of an array are taken."""

    places: int
    lock: threading.Lock = field(default_factory=threading.Lock)


_USED: dict[int, _Used] = {}  # by the id of the array, as long as it is there


def joined(parts: Sequence[Column]) -> Column:
    """As `numpy.concatenate`, with room behind."""
    count = sum(map(len, parts))
    if count < LEAST:
        return cast("Column", np.concatenate(parts))
    array = np.empty(count + count // PART, np.result_type(*parts))
    np.concatenate(parts, out=array[:count])
    _USED[id(array)] = _Used(count)
    weakref.finalize(array, _USED.pop, id(array))
    return cast("Column", array[:count])


def longer(column: Column, more: Column) -> Column:
    """As `joined` of both; in place where nobody else was longer by other rows."""
    array = column.base
    used = _USED.get(id(array))
    if array is None or used is None or not _begins(column, array) or more.dtype != column.dtype:
        return joined([column, more])
    count = len(column) + len(more)
    with used.lock:
        if used.places != len(column) or count > len(array):
            return joined([column, more])
        array[len(column) : count] = more
        used.places = count
    return cast("Column", array[:count])


def _begins(column: NDArray[Any], array: NDArray[Any]) -> bool:
    """Whether a column is the beginning of an array."""
    there = column.__array_interface__["data"][0] == array.__array_interface__["data"][0]
    return there and column.ndim == 1 and column.flags.c_contiguous
