"""Distance bands: how far many points are from a line, sorted into belts along it.

Distances are geodesic (WGS 84).  A raster decides where all of a cell lies in one belt.  Elsewhere
a quick distance does, which is right but for a known bound; where that bound reaches from one belt
into the next, a closer one, and in the last millimetre the exact distance of `shape.distance_to`.
So the belts equal those of the exact distances.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from servanda.geo.grid import CHUNK, THREADS, Floats, Indices, Mask, Raster
from servanda.geo.point import Point
from servanda.geo.shape import KM, between_km, between_many_km, distance_to

CELLS = 1024  # each way
REFINED = 8  # fine cells to a coarse one, each way
KM_PER_DEGREE = 110.5  # of latitude, at the least
KM_PER_DEGREE_AT_MOST = 111.8
MAX_LATITUDE = 85.0  # nearer to a pole a raster of degrees has no use
EARTH_KM = 6371.0
# How far a quick distance may be off: a share of it, a constant, and what a straight piece of the
# line may bulge between two maps.  Measured errors are a tenth of this (tests/geo/test_bands.py).
OFF_SHARE, OFF_KM = 0.0005, 0.01
CLOSER_KM = 1e-6  # a millimetre: how far closer distances may be off, by rounding
FEW_POINTS = 20_000  # are placed one by one sooner than a raster is laid
_ASK = -1


@dataclass(frozen=True)
class Bands:
    """Belts along a geometry, by the distances (ascending, km) where one ends and the next begins.

    Belt 0 reaches to the first edge, included; belt len(edges_km) is everything beyond the last.
    """

    geometry: Any
    edges_km: tuple[float, ...]
    threads: int = THREADS

    def __post_init__(self) -> None:
        ascending = all(a < b for a, b in zip(self.edges_km, self.edges_km[1:], strict=False))
        if not self.edges_km or not ascending or self.edges_km[0] < 0:
            raise ValueError("the edges of belts are distances in ascending order")
        _, south, _, north = self.geometry.bounds
        if max(abs(south), abs(north)) > MAX_LATITUDE:
            raise ValueError(f"a line beyond {MAX_LATITUDE:.0f}° of latitude")

    def place(self, lon: Floats, lat: Floats) -> Indices:
        """The number of the belt in which each point lies."""
        lon, lat = np.ascontiguousarray(lon, float), np.ascontiguousarray(lat, float)
        if len(lon) < FEW_POINTS and "_settled" not in self.__dict__:
            return self._in_reach(lon, lat)
        answer = np.empty(len(lon), np.int32)
        raster, settled = self._raster, self._settled

        def part(start: int) -> None:
            cut = slice(start, start + CHUNK)
            cells, inside = raster.cell(lon[cut], lat[cut])
            found = settled[cells]
            found[~inside] = len(self.edges_km)
            asked = np.flatnonzero(found == _ASK)
            found[asked] = self.exact(lon[cut][asked], lat[cut][asked])
            answer[cut] = found

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(part, range(0, len(lon), CHUNK)))
        return answer

    def _in_reach(self, lon: Floats, lat: Floats) -> Indices:
        """The belts of points so few that no raster is laid for them."""
        answer = np.full(len(lon), len(self.edges_km), np.int32)
        asked = np.flatnonzero(self._raster.cell(lon, lat)[1])
        answer[asked] = self.exact(lon[asked], lat[asked])
        return answer

    def exact(self, lon: Floats, lat: Floats) -> Indices:
        """The belts without the raster: by quick distances, by closer ones, by exact ones."""
        km = self.distances_km(lon, lat)
        close = np.flatnonzero(self._open(km, self.off_km(km)))
        km[close] = self.closer_km(lon[close], lat[close], km[close])
        answer = self._belt(km)
        for index in close[self._open(km[close], CLOSER_KM)]:
            point = Point(float(lat[index]), float(lon[index]))
            answer[index] = self._belt(np.array([distance_to(point, self.geometry)]))[0]
        return answer

    def _open(self, km: Floats, off: Floats | float) -> Mask:
        """Whether distances that are off by so much may lie in either of two belts."""
        mask: Mask = self._belt(km - off) != self._belt(km + off)
        return mask

    def closer_km(self, lon: Floats, lat: Floats, km: Floats) -> Floats:
        """Distances as exact ones are made, up to rounding, from the pieces that may be nearest.

        On the map that is true from a point on, a vertex lies at its geodesic distance and azimuth.
        """
        import shapely
        from pyproj import Geod

        to_map, _ = self._map
        reach = (km * 1.01 + 4 * self.off_km(km)) * KM
        points = shapely.points(*to_map(lon, lat))
        near, piece = self._tree.query(points, predicate="dwithin", distance=reach)
        geod = Geod(ellps="WGS84")
        ends = []
        for end in (0, 1):
            to_lon, to_lat = self._pieces[piece, end].T
            azimuth, _, metres = geod.inv(lon[near], lat[near], to_lon, to_lat)
            angle = np.radians(azimuth)
            ends.append(np.column_stack([metres * np.sin(angle), metres * np.cos(angle)]))
        found = np.full(len(lon), np.inf)
        np.minimum.at(found, near, _to_origin(*ends) / KM)
        return found

    def distances_km(self, lon: Floats, lat: Floats) -> Floats:
        """Distances that are off by at most OFF_KM + OFF_SHARE of them + the bulge of the line."""
        import shapely
        from pyproj import Geod

        to_map, line = self._map
        x, y = to_map(lon, lat)
        nearest = shapely.get_coordinates(shapely.shortest_line(line, shapely.points(x, y)))[::2]
        there = to_map(nearest[:, 0], nearest[:, 1], inverse=True)
        _, _, metres = Geod(ellps="WGS84").inv(lon, lat, *there)
        return np.asarray(metres, float) / KM

    def _belt(self, km: Floats) -> Indices:
        return np.searchsorted(self.edges_km, km, side="left").astype(np.int32)

    def off_km(self, km: Floats) -> Floats:
        """How far quick distances may be off."""
        return km * OFF_SHARE + OFF_KM + self._bulge_km

    @cached_property
    def _map(self) -> tuple[Any, Any]:
        """A map that is true to distances from the middle of the line, and the line on it."""
        import shapely
        from pyproj import Proj

        west, south, east, north = self.geometry.bounds
        to_map = Proj(
            proj="aeqd", lat_0=(south + north) / 2, lon_0=(west + east) / 2, datum="WGS84"
        )
        line = shapely.transform(self.geometry, to_map, interleaved=False)
        shapely.prepare(line)
        return to_map, line

    @cached_property
    def _pieces(self) -> Floats:
        """The straight pieces of the line: piece × end × (longitude, latitude)."""
        import shapely

        xy, part = shapely.get_coordinates(shapely.get_parts(self.geometry), return_index=True)
        ends = np.stack([xy[:-1], xy[1:]], axis=1)
        return np.asarray(ends[part[1:] == part[:-1]], float)

    @cached_property
    def _tree(self) -> Any:
        """The pieces on the map of `_map`, for asking which are near."""
        import shapely

        to_map, _ = self._map
        pieces = shapely.linestrings(self._pieces)
        return shapely.STRtree(shapely.transform(pieces, to_map, interleaved=False))

    @cached_property
    def _bulge_km(self) -> float:
        """How far the longest straight piece of the line may bulge from one map to another.

        A piece of length L bulges by at most L² / 8R between a sphere and a flat map of it; between
        two maps by the share of that which their middles are apart, in earth radii.
        """
        begin, end = self._pieces[:, 0].T, self._pieces[:, 1].T
        longest = float(between_many_km((begin[0], begin[1]), (end[0], end[1])).max(initial=0.0))
        west, south, east, north = self.geometry.bounds
        apart = between_km(Point(south, west), Point(north, east)) + self.edges_km[-1]
        return float(longest**2 / (8 * EARTH_KM) * min(1.0, apart / EARTH_KM))

    @cached_property
    def _raster(self) -> Raster:
        west, south, east, north = self.geometry.bounds
        reach = self.edges_km[-1] + self.off_km(np.array([self.edges_km[-1]]))[0]
        up = reach / KM_PER_DEGREE
        narrowest = np.cos(np.radians(min(89.0, max(abs(south), abs(north)) + up)))
        across = up / narrowest
        return Raster(west - across, south - up, east + across, north + up, CELLS)

    @cached_property
    def _settled(self) -> Indices:
        """For each cell the belt in which all of it lies, or _ASK.

        First by coarse cells; the fine ones of those that an edge crosses are looked at again.
        """
        fine = self._raster
        coarse = replace(fine, cells=fine.cells // REFINED)
        rough = self._by_cell(coarse, np.arange(coarse.cells**2, dtype=np.int32))
        shape = (coarse.cells, coarse.cells)
        settled = rough.reshape(shape).repeat(REFINED, 0).repeat(REFINED, 1).ravel()
        again = np.flatnonzero(settled == _ASK).astype(np.int32)
        settled[again] = self._by_cell(fine, again)
        return settled

    def _by_cell(self, raster: Raster, cells: Indices) -> Indices:
        """The belt in which all of a cell lies, or _ASK."""
        rows, columns = np.divmod(cells, raster.cells)
        lon, lat = raster.centre(rows, columns)
        km = self.distances_km(lon, lat)
        widest = np.cos(np.radians(np.maximum(0.0, np.abs(lat) - raster.height)))
        corner = np.hypot(raster.width * widest, raster.height) / 2 * KM_PER_DEGREE_AT_MOST
        off = self.off_km(km) + corner * 1.001
        least, most = self._belt(np.maximum(km - off, 0)), self._belt(km + off)
        return np.where(least == most, least, _ASK).astype(np.int32)


def _to_origin(start: Floats, end: Floats) -> Floats:
    """How far 0, 0 is from each of many straight pieces."""
    way = end - start
    length = np.einsum("ij,ij->i", way, way)
    share = -np.einsum("ij,ij->i", start, way) / np.where(length == 0, 1.0, length)
    foot = start + way * np.clip(share, 0.0, 1.0)[:, None]
    return np.asarray(np.hypot(foot[:, 0], foot[:, 1]), float)


def bands(geometry: Any, edges_km: Sequence[float]) -> Bands:
    """Belts along a line, or along the edge of an area."""
    edge = geometry if "Line" in geometry.geom_type else geometry.boundary
    return Bands(edge, tuple(float(e) for e in edges_km))
