"""Distances on the earth between the points of a table's rows, or from them to one place.

Geodesic on WGS 84, as everywhere in Servanda; columns hold degrees of latitude and longitude.
"""

from functools import cache
from typing import Any

import numpy as np

from servanda.engine.columns.table import Array, Table, take, with_column
from servanda.geo.point import Point
from servanda.geo.shape import KM


def distance_km(table: Table, lat: str, lon: str, to: Point) -> Array:
    """Kilometres from the point of each row to a place."""
    there = np.full(len(table), to.lon), np.full(len(table), to.lat)
    _, _, metres = _geod().inv(table.column(lon), table.column(lat), *there)
    found: Array = np.asarray(metres) / KM
    return found


def near(table: Table, lat: str, lon: str, to: Point, km: float) -> Table:
    """Law: `t ∈ near(A)(k)` iff `t ∈ A(k)` and the point of `k` is at most `km` from the place."""
    return take(table, distance_km(table, lat, lon, to) <= km)


def with_distance(table: Table, name: str, lat: str, lon: str, to: Point) -> Table:
    """Law: `t ∈ D(k, d)` iff `t ∈ A(k)` and `d` is the distance of the point of `k` in km."""
    return with_column(table, name, "float", distance_km(table, lat, lon, to))


@cache
def _geod() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")
