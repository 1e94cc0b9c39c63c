"""Several columns of whole numbers in one, where their bits fit: sorted at once, and taken apart.

Sorting the numbers themselves is much faster than finding an order and moving each column by it.
"""

from collections.abc import Sequence

import numpy as np

from servanda.engine.columns.line import BITS, bounds
from servanda.engine.columns.table import Array, Ints

Layout = Sequence[tuple[int, int]]  # least number and bits of each column


def packed(columns: Sequence[Array]) -> tuple[Ints, Layout] | None:
    """One number per row, ordered as the columns from left to right; None where they do not fit."""
    if any(c.dtype != np.int64 for c in columns):
        return None
    layout = [bounds([c]) for c in columns]
    if sum(bits for _, bits in layout) > BITS:
        return None
    numbers = columns[0] - layout[0][0]
    for column, (low, bits) in zip(columns[1:], layout[1:], strict=True):
        numbers <<= bits
        numbers |= column - low if low else column
    return numbers, layout


def unpacked(numbers: Ints, layout: Layout) -> list[Ints]:
    """The columns of packed numbers."""
    found = []
    shift = 0
    for low, bits in reversed(layout):
        column = numbers >> shift if shift else numbers
        column = column & ((1 << bits) - 1)
        found.append(column + low if low else column)
        shift += bits
    return found[::-1]
