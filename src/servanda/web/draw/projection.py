"""The projection of maps: Albers' equal-area conic about the base map, and paths in pixels.

In: geometries in degrees, WGS 84.  Out: SVG paths in a frame.  Scale is true to 0.13 percent within
the base map, angles to 0.15 degrees.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import shapely
from pyproj import Proj
from shapely.geometry import shape

from servanda.geo import Point

# Parallels that are true to scale, and the middle of the base map.
PARALLELS = (45.7, 51.0)
MIDDLE = (48.4, 31.5)
KM = 1000.0


@cache
def albers() -> Any:
    return Proj(
        proj="aea", lat_1=PARALLELS[0], lat_2=PARALLELS[1], lat_0=MIDDLE[0], lon_0=MIDDLE[1],
        datum="WGS84",
    )  # fmt: skip


def flat(geojson: Any) -> Any:
    """A geometry in metres on the map."""
    found = shape(geojson) if isinstance(geojson, dict) else geojson
    return shapely.transform(found, albers(), interleaved=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of the map in pixels; `west` and `north` are metres of its upper left corner."""

    width: int
    height: int
    west: float
    north: float
    metres: float  # of a pixel

    @property
    def box(self) -> Any:
        east, south = self.west + self.width * self.metres, self.north - self.height * self.metres
        return shapely.box(self.west, south, east, self.north)

    def at(self, point: Point) -> tuple[float, float]:
        x, y = albers()(point.lon, point.lat)
        return (x - self.west) / self.metres, (self.north - y) / self.metres

    def shows(self, point: Point) -> bool:
        x, y = self.at(point)
        return 0 <= x <= self.width and 0 <= y <= self.height

    def path(self, given: Any, simplify: float = 0.35) -> str:
        """A geometry in metres as a path, as fine as pixels show; empty outside the frame."""
        near = shapely.simplify(
            shapely.intersection(shapely.make_valid(given), self.box.buffer(20 * self.metres)),
            simplify * self.metres,
        )
        return "".join(self._ring(line, closed) for line, closed in _lines(near))

    def _ring(self, points: Sequence[Sequence[float]], closed: bool) -> str:
        told = [
            f"{(x - self.west) / self.metres:.1f} {(self.north - y) / self.metres:.1f}"
            for x, y, *_ in points
        ]
        return f"M{'L'.join(told)}{'Z' if closed else ''}" if len(told) > 1 else ""


def _lines(geometry: Any) -> Iterable[tuple[Any, bool]]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            yield part.exterior.coords, True
            for hole in part.interiors:
                yield hole.coords, True
        elif part.geom_type == "LineString":
            yield part.coords, False
        elif hasattr(part, "geoms"):
            yield from _lines(part)


def frame(about: Any, width: int, margin: float, most: float = 1.2) -> Frame:
    """A frame of some width around geometries in metres, not higher than `most` times its width."""
    west, south, east, north = about.bounds
    across, up = max(east - west, 20 * KM), max(north - south, 20 * KM)
    west, east = west - margin * across, east + margin * across
    north, south = north + margin * up, south - margin * up
    metres = max((east - west) / width, (north - south) / (width * most))
    height = round((north - south) / metres)
    extra = width * metres - (east - west)
    return Frame(width, height, west - extra / 2, north, metres)
