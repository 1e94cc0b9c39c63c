"""Pairs of rows that overlap in time and lie near each other, and the sets that pairs tie together.

Everything here works on whole columns; no pair is looked at by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from servanda.evidence import room
from servanda.evidence.meanwhile import at_once
from servanda.evidence.order import stable

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

DEGREE_KM = 110.5  # a degree of latitude is never shorter
MAX_LATITUDE = 80.0  # nearer to a pole, squares of longitude are too wide to help
# A square and those around it.
NEIGHBOURS: tuple[tuple[int, int], ...] = tuple(product((-1, 0, 1), (-1, 0, 1)))
MANY_STEPS = 1 << 31  # blocks and squares are as many at most
MANY = 12  # that a row may look at in a column of squares, one with another
MANY_ASKING = 50_000  # of fewer, looking after threads takes longer than the work
SAMPLE = 10_000  # rows of which that is found out
FEW = 32  # so many that follow in time are looked at without asking where they are
RADIUS_KM, ECCENTRICITY_2 = 6378.137, 0.00669437999014  # of the ellipsoid of WGS 84
CLOSE = 0.002  # of a distance: the curvature is off by less than a fifth of it
MAX_KM = 50.0  # for that
FAR_EAST = 179.0  # beyond, squares would have to wrap around the earth


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
        room.joined([none, *(p.left for p in parts)]),
        room.joined([none, *(p.right for p in parts)]),
    )


def overlapping(block: Ints, first: Ints, last: Ints) -> Links:
    """Pairs of one block whose periods overlap."""
    order, low, high = _following(block, *_steps(first, last))
    return _expand(order, order, low, high)


def _following(block: Ints, scale: int, begin: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows by block and time; those that begin while one lasts stand from `low` to before `high`
    behind it.
    """
    keys = block * scale + begin
    order = stable(keys)
    high = np.searchsorted(keys[order], (block * scale + end)[order], "left")
    return order, np.arange(1, len(order) + 1), high


def near(block: Ints, first: Ints, last: Ints, lat: Floats, lon: Floats, km: float) -> Links:
    """Pairs of one block whose periods overlap and whose points are no more than `km` apart."""
    if not len(lat):
        return Links(np.empty(0, np.int64), np.empty(0, np.int64))
    highest = float(np.abs(lat).max())
    far_out = highest > MAX_LATITUDE or float(np.abs(lon).max()) > FAR_EAST
    if far_out or km > MAX_KM:
        links = overlapping(block, first, last)
        return links.where(distances_km(lat, lon, links) <= km)
    tall = km / DEGREE_KM
    wide = tall / float(np.cos(np.radians(highest + 1)))
    scale, begin, end = _steps(first, last)
    order, low, high = _following(block, scale, begin, end)
    # Of every pair the one that stands first in this order looks for the other: among all that
    # follow in its time where they are few, else in the squares around it.
    few = high - low <= FEW
    parts = [_expand(order[few], order, low[few], high[few])]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    x = np.floor((lon + 180) / wide).astype(np.int64) + 1
    y = np.floor((lat + 90) / tall).astype(np.int64) + 1
    parts += _Raster(block, x, y, begin, end, place).pairs(order[~few])
    both = joined(parts)
    apart = (np.abs(lat[both.left] - lat[both.right]), np.abs(lon[both.left] - lon[both.right]))
    both = both.where((apart[0] <= tall) & (apart[1] <= wide))
    return _no_further(lat, lon, both, km)


@dataclass(frozen=True)
class _Raster:
    """Rows on a raster of squares, in which times are ranks.

    Only the rows `asking` look, and find those of their block, in their square or one beside it,
    that begin while they last and stand behind them by `place`.
    """

    block: Ints
    x: Ints
    y: Ints
    begin: Ints
    end: Ints
    place: Ints

    @property
    def _scale(self) -> int:
        return int(self.end.max()) + 1

    def pairs(self, asking: Ints) -> list[Links]:
        """By columns of squares where few stand in them at a time, else by single squares."""
        if not len(asking):
            return []
        found = self._in_columns(asking)
        return self._in_squares(asking) if found is None else found

    def _in_columns(self, asking: Ints) -> list[Links] | None:
        """None where that would be many more to look at than squares have."""
        column = self.block * (int(self.x.max()) + 2) + self.x
        keys = column * self._scale + self.begin
        order = stable(keys)
        asking = asking[stable(keys[asking])]
        keys = keys[order]

        def span(dx: int, some: Ints = asking) -> tuple[Ints, Ints]:
            target = (column[some] + dx) * self._scale
            low = np.searchsorted(keys, target + self.begin[some], "left")
            return low, np.searchsorted(keys, target + self.end[some], "left")

        def part(dx: int) -> Links:
            links = _expand(asking, order, *span(dx))
            beside = np.abs(self.y[links.left] - self.y[links.right]) <= 1
            return links.where(beside & self._once(links))

        some = asking[:: max(1, len(asking) // SAMPLE)]
        low, high = span(0, some)
        if (high - low).sum() > MANY * len(some):
            return None
        return at_once(part, (-1, 0, 1), aside=len(asking) > MANY_ASKING)

    def _in_squares(self, asking: Ints) -> list[Links]:
        across, up, scale = int(self.x.max()) + 2, int(self.y.max()) + 2, self._scale
        packed = (self.block * across + self.x) * up + self.y
        # Only squares that lie beside one of those that look.
        around = np.unique(packed[asking])
        beside = np.unique(np.concatenate([around + dx * up + dy for dx, dy in NEIGHBOURS]))
        cell = np.minimum(np.searchsorted(beside, packed), len(beside) - 1)
        there = np.flatnonzero(beside[cell] == packed)
        order = there[stable(cell[there] * scale + self.begin[there])]
        keys = cell[order] * scale + self.begin[order]
        # Square by square, and rows in the order of their keys: near questions are quick to answer.
        asking = asking[stable(cell[asking] * scale + self.begin[asking])]

        def part(step: tuple[int, int]) -> Links:
            target = np.searchsorted(beside, packed[asking] + step[0] * up + step[1]) * scale
            low = np.searchsorted(keys, target + self.begin[asking], "left")
            high = np.searchsorted(keys, target + self.end[asking], "left")
            links = _expand(asking, order, low, high)
            return links.where(self._once(links))

        return at_once(part, NEIGHBOURS, aside=len(asking) > MANY_ASKING)

    def _once(self, links: Links) -> Mask:
        return self.place[links.left] < self.place[links.right]


def _no_further(lat: Floats, lon: Floats, links: Links, km: float) -> Links:
    """Pairs no more than so many kilometres apart, of pairs in neighbouring squares.

    As the curvature at the middle has it, which is off by far less than `CLOSE`; the geodesic
    decides where that is not enough.
    """
    one, other = links.left, links.right
    middle = np.radians((lat[one] + lat[other]) / 2)
    bend = 1 - ECCENTRICITY_2 * np.sin(middle) ** 2
    north = np.radians(lat[one] - lat[other]) * ((1 - ECCENTRICITY_2) / bend)
    east = np.radians(lon[one] - lon[other]) * np.cos(middle)
    share = (north**2 + east**2) / bend * (RADIUS_KM / km) ** 2
    found = share < (1 - CLOSE) ** 2
    close = np.flatnonzero(~found & (share <= (1 + CLOSE) ** 2))
    found[close] = distances_km(lat, lon, Links(one[close], other[close])) <= km
    return links.where(found)


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
