"""Many points at once: the unit each lies in, and how each lies to a zone or line.

The answers equal those of `Atlas.unit_of` and `Shape.relation` for every single point.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from servanda.geo import kept_raster
from servanda.geo.atlas import NEAR_DEGREES, SIMPLIFIED_WITHIN_KM, Atlas
from servanda.geo.bands import CLOSER_KM, Bands, bands
from servanda.geo.grid import NOWHERE, Floats, Grid, Indices, Mask, grid
from servanda.geo.point import Point
from servanda.geo.shape import Relation, Shape
from servanda.geo.versions import Version

RELATIONS = (Relation.OUTSIDE, Relation.INSIDE, Relation.UNDETERMINED)
OUTSIDE, INSIDE, UNDETERMINED = range(3)
MARGIN_KM = 0.5  # more than an edge moves when units are joined


@dataclass(frozen=True)
class Units:
    """The units of a map under a raster."""

    atlas: Atlas

    @property
    def names(self) -> tuple[str, ...]:
        return self.atlas.unit_ids()

    @property
    def regions(self) -> list[Any]:
        """The geometries of the units, in the order of their names."""
        return [self.atlas.base.units[name].geometry for name in self.names]

    def place(self, lon: Floats, lat: Floats) -> Indices:
        """For each point the index of its unit in `names`, or NOWHERE.

        A point in no unit but near one, at a simplified coast or border, is looked at by itself.
        """
        answer = self._grid.place(lon, lat)
        stray = np.flatnonzero(answer == NOWHERE)
        near = stray[self._belt.place(lon[stray], lat[stray]) == 0]
        answer[near] = self._nearest(lon[near], lat[near])
        return answer

    def _nearest(self, lon: Floats, lat: Floats, closer: bool = False) -> Indices:
        """The unit whose edge is nearest, and near enough.

        By quick distances; a close call by closer ones; what is still one is decided by itself.
        """
        import shapely

        least = np.full((len(lon), len(self.names)), np.inf)
        most = least.copy()
        points = shapely.points(lon, lat)
        for index, edge in enumerate(self._edges):
            there = np.flatnonzero(shapely.dwithin(edge.geometry, points, NEAR_DEGREES))
            km = edge.distances_km(lon[there], lat[there])
            if closer:
                km = edge.closer_km(lon[there], lat[there], km)
            off = CLOSER_KM if closer else edge.off_km(km)
            least[there, index], most[there, index] = km - off, km + off
        answer: Indices = np.argmin(most, axis=1).astype(np.int32)
        row = np.arange(len(lon))
        low, high = least[row, answer].copy(), most[row, answer]
        least[row, answer] = np.inf
        far = low > SIMPLIFIED_WITHIN_KM
        sure = far | ((high <= SIMPLIFIED_WITHIN_KM) & (high < least.min(axis=1)))
        answer[far] = NOWHERE
        unsure = np.flatnonzero(~sure)
        if not closer and len(unsure):
            answer[unsure] = self._nearest(lon[unsure], lat[unsure], closer=True)
            return answer
        for one in unsure:
            unit = self.atlas.unit_of(Point(float(lat[one]), float(lon[one])))
            answer[one] = NOWHERE if unit is None else self.names.index(unit)
        return answer

    @cached_property
    def _grid(self) -> Grid:
        return kept_raster.over(self.regions)

    @cached_property
    def _edges(self) -> tuple[Bands, ...]:
        import shapely

        edges = tuple(bands(region, [SIMPLIFIED_WITHIN_KM]) for region in self.regions)
        for edge in edges:
            shapely.prepare(edge.geometry)
        return edges

    @cached_property
    def _belt(self) -> Bands:
        """A belt along the edges of all units that surely holds what is near enough to one."""
        import shapely

        return bands(shapely.union_all(self.regions), [SIMPLIFIED_WITHIN_KM + MARGIN_KM])


@dataclass(frozen=True)
class Zone:
    """A zone or line under a raster, with the belt along its edge where nothing is certain."""

    shape: Shape

    def place(self, lon: Floats, lat: Floats) -> npt.NDArray[np.int8]:
        """For each point OUTSIDE, INSIDE or UNDETERMINED."""
        answer = np.zeros(len(lon), np.int8)
        if self._inside is not None:
            answer[self._inside.place(lon, lat) != NOWHERE] = INSIDE
        if self._edge is not None:
            answer[self._edge.place(lon, lat) == 0] = UNDETERMINED
        return answer

    @cached_property
    def _inside(self) -> Grid | None:
        return None if self.shape.is_line else grid([self.shape.geometry])

    @cached_property
    def _edge(self) -> Bands | None:
        return bands(self.shape.geometry, [self.shape.band_km]) if self.shape.band_km else None


@dataclass(frozen=True)
class Changing:
    """A zone with versions: every point is placed by the version that is valid at its time."""

    versions: Sequence[Version]

    def place(self, lon: Floats, lat: Floats, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
        """`at`: microseconds UTC.  Where no version is valid, a point is UNDETERMINED."""
        answer = np.full(len(lon), UNDETERMINED, np.int8)
        for number, one in enumerate(self.versions):
            valid = _valid(one, at)
            answer[valid] = self._zones[number].place(lon[valid], lat[valid])
        return answer

    @cached_property
    def _zones(self) -> Mapping[int, Zone]:
        return {number: Zone(one.shape) for number, one in enumerate(self.versions)}


def _valid(one: Version, at: npt.NDArray[np.int64]) -> Mask:
    found: Any = np.ones(len(at), bool)
    if one.start is not None:
        found &= at >= one.start
    if one.end is not None:
        found &= at < one.end
    mask: Mask = found
    return mask
