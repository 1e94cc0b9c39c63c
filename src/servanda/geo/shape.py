"""A shape on the map: a unit, a zone or a line, with the width of its uncertainty.

Geometry comes as GeoJSON in WGS 84 and is handed to shapely only when a question needs it.
Distances and areas are geodesic (WGS 84), never those of a flat map.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from servanda.geo.point import Point

KM = 1000.0
M2_PER_KM2 = 1_000_000.0
Lonlat = tuple[Any, Any]  # arrays of longitudes and latitudes


class Relation(StrEnum):
    """How a place lies to a region.  Undetermined: too near the edge, or known too roughly."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Shape:
    """A named geometry; `band_km`: half-width of the uncertain belt along its edge."""

    name: str
    geojson: Mapping[str, Any]
    band_km: float = 0.0
    properties: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def geometry(self) -> Any:
        """The shapely geometry, longitude first, prepared for many questions."""
        import shapely
        from shapely.geometry import shape

        found = shape(self.geojson)
        shapely.prepare(found)
        return found

    @property
    def is_line(self) -> bool:
        return "Line" in str(self.geojson["type"])

    def contains(self, point: Point) -> bool:
        """Whether the point lies in the shape or on its edge."""
        import shapely

        return bool(shapely.intersects_xy(self.geometry, point.lon, point.lat))

    def relation(self, point: Point) -> Relation:
        """Inside or outside; undetermined within the band along the edge."""
        edge = self.geometry if self.is_line else self.geometry.boundary
        if self.band_km and distance_to(point, edge) <= self.band_km:
            return Relation.UNDETERMINED
        return Relation.INSIDE if not self.is_line and self.contains(point) else Relation.OUTSIDE

    def distance_km(self, point: Point) -> float:
        """Distance from a point to the nearest part of the shape; 0 inside."""
        return 0.0 if self.contains(point) else distance_to(point, self.geometry)

    @cached_property
    def area_km2(self) -> float:
        """Geodesic area."""
        return area_km2(self.geometry)


def distance_to(point: Point, geometry: Any) -> float:
    """Kilometres from a point to a geometry, measured on a map that is true from that point on."""
    import shapely
    from pyproj import Proj

    about = Proj(proj="aeqd", lat_0=point.lat, lon_0=point.lon, datum="WGS84")
    flat = shapely.transform(geometry, about, interleaved=False)
    return float(flat.distance(shapely.Point(0, 0))) / KM


def between_km(one: Point, other: Point) -> float:
    """Geodesic distance of two points in kilometres."""
    if one == other:
        return 0.0
    return float(_geod().inv(one.lon, one.lat, other.lon, other.lat)[2]) / KM


def between_many_km(one: Lonlat, other: Lonlat) -> Any:
    """Geodesic distances of many pairs of points, as `between_km` gives them one by one."""
    return _geod().inv(one[0], one[1], other[0], other[1])[2] / KM


def area_km2(geometry: Any) -> float:
    """Geodesic area of a geometry in square kilometres."""
    return abs(float(_geod().geometry_area_perimeter(geometry)[0])) / M2_PER_KM2


@cache
def _geod() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")
