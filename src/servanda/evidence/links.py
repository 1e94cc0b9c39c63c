"""Pairs of rows that overlap in time and lie near each other, and the sets that pairs tie together.

Everything here works on whole columns; no pair is looked at by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

DEGREE_KM = 110.5  # a degree of latitude is never shorter
MAX_LATITUDE = 80.0  # nearer to a pole, cells of longitude are too wide to help
NEIGHBOURS = tuple(product((-1, 0, 1), repeat=2))  # a cell and those around it
MANY_STEPS = 1 << 31  # blocks and cells are as many at most
FEW = 8  # so many that follow in time are looked at without asking where they are
FAR_EAST = 179.0  # beyond, cells would have to wrap around the earth


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of row numbers; no pair twice, in either order."""

    left: Ints
    right: Ints

    def where(self, mask: Mask) -> "Links":
        return Links(self.left[mask], self.right[mask])

    def of(self, rows: Ints) -> "Links":
        """The same pairs, where rows were numbered among some."""
        return Links(rows[self.left], rows[self.right])


def joined(parts: Sequence[Links]) -> Links:
    """All pairs of several."""
    none = np.empty(0, np.int64)
    return Links(
        np.concatenate([none, *(p.left for p in parts)]),
        np.concatenate([none, *(p.right for p in parts)]),
    )


def overlapping(block: Ints, first: Ints, last: Ints) -> Links:
    """Pairs of one block whose periods overlap."""
    scale, begin, end = _steps(first, last)
    order = np.argsort(block * scale + begin, kind="stable")
    keys = (block * scale + begin)[order]
    low = np.arange(1, len(order) + 1)
    high = np.searchsorted(keys, (block * scale + end)[order], "left")
    return _expand(order, order, low, high)


def near(block: Ints, first: Ints, last: Ints, lat: Floats, lon: Floats, km: float) -> Links:
    """Pairs of one block whose periods overlap and whose points are no more than `km` apart."""
    if not len(lat):
        return Links(np.empty(0, np.int64), np.empty(0, np.int64))
    highest = float(np.abs(lat).max())
    if highest > MAX_LATITUDE or float(np.abs(lon).max()) > FAR_EAST:
        links = overlapping(block, first, last)
        return links.where(distances_km(lat, lon, links) <= km)
    tall = km / DEGREE_KM
    wide = tall / float(np.cos(np.radians(highest + 1)))
    scale, begin, end = _steps(first, last)
    order = np.argsort(block * scale + begin, kind="stable")
    keys = (block * scale + begin)[order]
    low = np.arange(1, len(order) + 1)
    high = np.searchsorted(keys, (block * scale + end)[order], "left")
    # Of every pair the one that stands first in this order looks for the other: among all that
    # follow in its time where they are few, else in the cells around it.
    few = high - low <= FEW
    parts = [_expand(order[few], order, low[few], high[few])]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    x = np.floor((lon + 180) / wide).astype(np.int64) + 1
    y = np.floor((lat + 90) / tall).astype(np.int64) + 1
    parts += _in_cells(block, x, y, begin, end, place, order[~few])
    both = joined(parts)
    apart = (np.abs(lat[both.left] - lat[both.right]), np.abs(lon[both.left] - lon[both.right]))
    both = both.where((apart[0] <= tall) & (apart[1] <= wide))
    return both.where(distances_km(lat, lon, both) <= km)


def _in_cells(
    block: Ints, x: Ints, y: Ints, begin: Ints, end: Ints, place: Ints, asking: Ints
) -> list[Links]:
    """Pairs of one block, of neighbouring cells, of which the second begins while the first lasts.

    Times are given as ranks; only the rows `asking` look, and find rows behind them by `place`.
    """
    if not len(asking):
        return []
    across, up, scale = int(x.max()) + 2, int(y.max()) + 2, int(end.max()) + 1
    packed = (block * across + x) * up + y
    # Only cells that lie beside one of those that look.
    around = np.unique(packed[asking])
    beside = np.unique(np.concatenate([around + dx * up + dy for dx, dy in NEIGHBOURS]))
    cell = np.minimum(np.searchsorted(beside, packed), len(beside) - 1)
    there = np.flatnonzero(beside[cell] == packed)
    order = there[np.argsort(cell[there] * scale + begin[there], kind="stable")]
    keys = cell[order] * scale + begin[order]
    # Cell by cell, and rows in the order of their keys: near questions are quick to answer.
    asking = asking[np.argsort(cell[asking] * scale + begin[asking], kind="stable")]
    found = []
    for dx, dy in NEIGHBOURS:
        target = np.searchsorted(beside, packed[asking] + dx * up + dy) * scale
        low = np.searchsorted(keys, target + begin[asking], "left")
        high = np.searchsorted(keys, target + end[asking], "left")
        links = _expand(asking, order, low, high)
        found.append(links.where(place[links.left] < place[links.right]))
    return found


def distances_km(lat: Floats, lon: Floats, links: Links) -> Floats:
    """Geodesic distances of the points of pairs."""
    from servanda.geo.shape import between_many_km

    one, other = ((lon[rows], lat[rows]) for rows in (links.left, links.right))
    found: Floats = between_many_km(one, other)
    return found


def _steps(first: Ints, last: Ints) -> tuple[int, Ints, Ints]:
    """Times in steps so long that every period begins with one; how many steps there are.

    The last instant as the first step that begins beyond it.  Where the steps were too many to be
    multiplied with, times are their places among all first instants.
    """
    if not len(first):
        return 1, first, last
    from_start = first - first.min()
    step = int(np.gcd.reduce(from_start)) or 1
    end = (last - first.min()) // step + 1
    if end.max() < MANY_STEPS:
        return int(end.max()) + 1, from_start // step, end
    times = np.unique(first)
    return (
        len(times) + 1,
        np.searchsorted(times, first),
        np.searchsorted(times, last, "right"),
    )


def _expand(rows: Ints, order: Ints, low: Ints, high: Ints) -> Links:
    """Each row with those that stand from `low` to before `high` in an order."""
    counts = np.maximum(high - low, 0)
    ends = np.cumsum(counts)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
    return Links(np.repeat(rows, counts), order[np.repeat(low, counts) + within])


def components(count: int, links: Links) -> Ints:
    """For each of `count` rows the least row that links tie it to."""
    label = np.arange(count)
    left, right = links.left, links.right
    while len(left):
        least = np.minimum(left, right)
        np.minimum.at(label, left, least)
        np.minimum.at(label, right, least)
        label = _to_the_root(label)
        # A link between rows of two labels ties the labels.
        left, right = label[left], label[right]
        apart = left != right
        left, right = left[apart], right[apart]
    return label


def _to_the_root(label: Ints) -> Ints:
    while not np.array_equal(further := label[label], label):
        label = further
    return label
