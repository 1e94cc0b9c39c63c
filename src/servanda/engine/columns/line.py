"""Laying the axes of all keys end to end on one line, so that no operator knows of groups.

    key 0            key 1            key 2
    |--====---==----||---------====--||==--------====|
    0                span             2·span

Position `code · span + (time - first)` of a key's interval; keys never touch, since `span` is
longer than the axis.  What holds per key, merging, searching, subtracting, is then done once on the
line.  Codes are packed from the bits of the columns where they fit, and ranked where they do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from servanda.engine.columns.table import Array, Ints, Table

BITS = 62  # of a signed 64-bit number, with one to spare for the end of an interval


def whole_numbers(column: Array) -> Ints:
    """A column as whole numbers in the same order; floats by their bits (IEEE 754)."""
    if column.dtype != np.float64:
        return column.astype(np.int64, copy=False)
    bits: Ints = (column + 0.0).view(np.int64)  # + 0.0 makes -0.0 equal to 0.0
    return bits ^ ((bits >> 63) & np.int64(0x7FFF_FFFF_FFFF_FFFF))


def bounds(parts: Sequence[Ints]) -> tuple[int, int]:
    """The least number and the bits that the distance of the largest from it needs."""
    some = [p for p in parts if len(p)]
    if not some:
        return 0, 0
    low = min(int(p.min()) for p in some)
    return low, (max(int(p.max()) for p in some) - low).bit_length()


def ranked(parts: Sequence[Ints]) -> list[Ints]:
    """Numbers replaced by their rank among all of them."""
    _, ranks = np.unique(np.concatenate(parts), return_inverse=True)
    return np.split(ranks, np.cumsum([len(p) for p in parts])[:-1])


def codes(tables: Sequence[Sequence[Array]], spare: int) -> tuple[list[Ints], int]:
    """One number per row and the bits it needs: equal for equal keys, ordered as the keys are.

    `tables` are key columns of several tables, which get codes on a common scale; `spare` is the
    number of bits that must be left free.
    """
    total = 0
    found = [np.zeros(len(t[0]) if t else 0, np.int64) for t in tables]
    for parts in zip(*tables, strict=True):
        numbers = [whole_numbers(p) for p in parts]
        low, bits = bounds(numbers)
        if total + bits > BITS - spare:
            numbers = ranked(numbers)
            low, bits = bounds(numbers)
        if total + bits > BITS - spare:
            found = ranked(found)
            _, total = bounds(found)
        if total == 0:
            found = [n - low if low else n for n in numbers]
        else:
            found = [
                (f << bits) | (n - low if low else n) for f, n in zip(found, numbers, strict=True)
            ]
        total += bits
    return found, total


@dataclass(frozen=True, slots=True)
class Laid:
    """Intervals on the line, in the order of the rows of the table."""

    start: Ints
    end: Ints


def lay(tables: Sequence[Table], names: Sequence[str]) -> list[Laid]:
    """Lay the intervals of several tables on a common line for the keys that they share."""
    times = [t for table in tables for t in (table.start, table.end)]
    first, bits = bounds(times)
    if not names:
        return [Laid(t.start, t.end) for t in tables]
    bits += 1  # a gap between the axes of neighbouring keys
    keys, used = codes([t.keys(names) for t in tables], min(bits, 40))
    if used + bits > BITS:
        times, first = ranked(times), 0
        bits = bounds(times)[1] + 1
    if used + bits > BITS:
        keys = ranked(keys)
    laid = []
    for i, key in enumerate(keys):
        offset = key << bits
        if first:
            offset = offset - first
        laid.append(Laid(offset + times[2 * i], offset + times[2 * i + 1]))
    return laid
