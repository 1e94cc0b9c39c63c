"""Placing many points at once: which of several regions is the first to hold each point.

A raster is laid over the regions.  Where no edge comes near a cell, the cell lies wholly inside or
outside, and one look decides; near an edge the exact test of shapely decides.  The answers equal
those of the exact test alone, edges and corners included.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

NOWHERE = -1
_ASK = -2  # near an edge: the exact test decides
CELLS = 1024  # each way
HALF_WITH_MARGIN = 0.5001  # of a cell
CHUNK = 1 << 18  # points that one thread takes at a time
THREADS = 2

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Raster:
    """A box of cells; `cell` says in which one a point lies, and whether in any."""

    west: float
    south: float
    east: float
    north: float
    cells: int

    @property
    def width(self) -> float:
        return (self.east - self.west) / self.cells or 1.0

    @property
    def height(self) -> float:
        return (self.north - self.south) / self.cells or 1.0

    def cell(self, lon: Floats, lat: Floats) -> tuple[Indices, Mask]:
        """The flat number of each point's cell (0 where it lies in none); whether it has one."""
        inside = (lon >= self.west) & (lon <= self.east)
        inside &= (lat >= self.south) & (lat <= self.north)
        column = self._step(np.where(inside, lon, self.west), self.west, self.width)
        column += (
            self._step(np.where(inside, lat, self.south), self.south, self.height) * self.cells
        )
        return column, inside

    def _step(self, values: Floats, start: float, size: float) -> Indices:
        steps = ((values - start) * (1.0 / size)).astype(np.int32)
        return np.minimum(steps, self.cells - 1, out=steps)

    def centre(self, rows: Any, columns: Any) -> tuple[Floats, Floats]:
        """Longitude and latitude of the middles of cells, by the numbers of row and column."""
        lon: Floats = self.west + (columns + 0.5) * self.width
        lat: Floats = self.south + (rows + 0.5) * self.height
        return lon, lat


@dataclass(frozen=True)
class Grid:
    """Regions under a raster; made by `grid`.

    Every cell has a kind: `settled` is the answer for it, or `_ASK`; then `candidates` says which
    regions have an edge there, and `behind` which one holds the cell if none of those does.
    """

    regions: tuple[Any, ...]
    raster: Raster
    kinds: Indices
    settled: Indices
    candidates: Mask
    behind: Indices
    threads: int = field(default=THREADS, compare=False)

    def place(self, lon: Floats, lat: Floats) -> Indices:
        """For each point the index of the first region that holds it, or NOWHERE.

        Points on an edge are held, as by shapely's `intersects`; what is no number is nowhere.
        """
        lon, lat = np.ascontiguousarray(lon, float), np.ascontiguousarray(lat, float)
        answer = np.empty(len(lon), np.int32)

        def part(start: int) -> None:
            cut = slice(start, start + CHUNK)
            answer[cut] = self._place(lon[cut], lat[cut])

        starts = range(0, len(lon), CHUNK)
        if len(starts) < 2 or self.threads < 2:
            for start in starts:
                part(start)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(part, starts))
        return answer

    def _place(self, lon: Floats, lat: Floats) -> Indices:
        import shapely

        cells, inside = self.raster.cell(lon, lat)
        kinds = self.kinds[cells]
        answer = self.settled[kinds]
        answer[~inside] = NOWHERE
        open_ = np.flatnonzero(answer == _ASK)
        kind = kinds[open_]
        answer[open_] = self.behind[kind]
        for index, region in enumerate(self.regions):
            asked = np.flatnonzero(self.candidates[kind, index])
            if len(asked):
                points = open_[asked]
                held = shapely.intersects_xy(region, lon[points], lat[points])
                answer[points[held]] = index
                keep = np.ones(len(open_), bool)
                keep[asked[held]] = False
                open_, kind = open_[keep], kind[keep]
        return answer


def grid(regions: Sequence[Any], cells: int = CELLS) -> Grid:
    """Lay a raster over polygons (shapely geometries, longitude first)."""
    import shapely

    shapely.prepare(list(regions))
    bounds = np.array([region.bounds for region in regions], float).reshape(-1, 4)
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    raster = Raster(float(west), float(south), float(east), float(north), cells)
    kinds = np.zeros((cells, cells), np.int32)
    known: dict[tuple[tuple[int, ...], int], int] = {((), NOWHERE): 0}
    for index, region in enumerate(regions):
        edge, inside = _near_and_inside(region, raster)
        for mask, holds in ((edge, False), (inside, True)):
            _extend(kinds, mask, index, holds, known)
    asked = np.zeros((len(known), len(regions)), bool)
    behind = np.full(len(known), NOWHERE, np.int32)
    for (candidates, holder), kind in known.items():
        asked[kind, list(candidates)] = True
        behind[kind] = holder
    settled = np.where(asked.any(axis=1), _ASK, behind).astype(np.int32)
    return Grid(tuple(regions), raster, kinds.ravel(), settled, asked, behind)


def _extend(
    kinds: Indices,
    mask: Mask,
    index: int,
    holds: bool,
    known: dict[tuple[tuple[int, ...], int], int],
) -> None:
    """Give cells the kind that also says: region `index` holds them, or has an edge there."""
    by_kind = {kind: key for key, kind in known.items()}
    present = kinds[mask]
    renewed = present.copy()
    for kind in np.unique(present):
        candidates, holder = by_kind[int(kind)]
        if holder != NOWHERE:
            continue  # an earlier region holds the whole cell
        key = (candidates, index) if holds else ((*candidates, index), NOWHERE)
        renewed[present == kind] = known.setdefault(key, len(known))
    kinds[mask] = renewed


def _near_and_inside(region: Any, raster: Raster) -> tuple[Mask, Mask]:
    """The cells near an edge of a region, and those wholly inside it."""
    import shapely

    whole = np.zeros((2, raster.cells, raster.cells), bool)
    for lon, lat in _steps(region, raster):
        cells, _ = raster.cell(lon, lat)
        whole[0].ravel()[cells] = True
    window = _window(region, raster)
    near = _touched(region, raster, _grown(whole[0][window]), window)
    # Between two cells of a row without an edge in between nothing changes: one look a run.
    free = ~near
    starts = free.copy()
    starts[:, 1:] &= near[:, :-1]
    rows, columns = np.nonzero(starts)
    middles = raster.centre(rows + window[0].start, columns + window[1].start)
    holds = shapely.intersects_xy(region, *middles)
    run = np.cumsum(starts.ravel()) - 1
    inside = free.ravel() & holds[np.maximum(run, 0)] if len(holds) else np.zeros_like(free).ravel()
    whole[0][window], whole[1][window] = near, inside.reshape(near.shape)
    return whole[0], whole[1]


def _window(region: Any, raster: Raster) -> tuple[slice, slice]:
    """The rows and columns of a raster beyond which no cell touches a region."""
    west, south, east, north = region.bounds
    low, high = (
        np.array([(lat - raster.south) / raster.height, (lon - raster.west) / raster.width])
        for lon, lat in ((west, south), (east, north))
    )
    first = np.clip(np.floor(low).astype(int) - 2, 0, raster.cells)
    last = np.clip(np.ceil(high).astype(int) + 2, 0, raster.cells)
    return slice(int(first[0]), int(last[0])), slice(int(first[1]), int(last[1]))


def _touched(region: Any, raster: Raster, near: Mask, window: tuple[slice, slice]) -> Mask:
    """Of the cells near an edge those that the edge touches, with a margin for rounding."""
    import shapely

    edge = region.boundary
    shapely.prepare(edge)
    rows, columns = np.nonzero(near)
    lon, lat = raster.centre(rows + window[0].start, columns + window[1].start)
    east, north = raster.width * HALF_WITH_MARGIN, raster.height * HALF_WITH_MARGIN
    boxes = shapely.box(lon - east, lat - north, lon + east, lat + north)
    found = near.copy()
    found[rows, columns] = shapely.intersects(edge, boxes)
    return found


def _steps(region: Any, raster: Raster) -> Iterator[tuple[Floats, Floats]]:
    """Points along the edges, no two further apart than half a cell.

    Every point of an edge is then within a quarter of a cell of one of them, so that with their
    neighbours all cells that an edge touches are found.
    """
    import shapely

    for ring in shapely.get_rings(shapely.get_parts(region)):
        xy = shapely.get_coordinates(ring)
        start, way = xy[:-1], np.diff(xy, axis=0)
        size = np.abs(way) / (raster.width, raster.height)
        pieces = np.ceil(size.max(axis=1, initial=0.0) * 2).astype(int) + 1
        which = np.repeat(np.arange(len(start)), pieces)
        first = np.cumsum(pieces) - pieces
        share = (np.arange(len(which)) - first[which]) / pieces[which]
        points = np.vstack([start[which] + way[which] * share[:, None], xy])
        yield points[:, 0].copy(), points[:, 1].copy()


def _grown(mask: Mask) -> Mask:
    """The cells of a mask and their eight neighbours."""
    tall = mask.copy()
    tall[1:] |= mask[:-1]
    tall[:-1] |= mask[1:]
    wide = tall.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide
