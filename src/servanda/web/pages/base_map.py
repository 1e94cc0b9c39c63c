"""The base map as GeoJSON, for the view that can be zoomed: internationally recognised borders.

The same for every agreement and everybody: the units and names that the drawn map has as well.
"""

import json
from functools import cache
from typing import Any

import shapely
from fastapi import APIRouter
from shapely.geometry import shape
from starlette.responses import Response

from servanda.geo import Atlas
from servanda.geo.gazetteer import standard
from servanda.geo.surroundings import surroundings
from servanda.report.map_layers import home
from servanda.web.draw.mapped import CITY_KM2

router = APIRouter()
DIGITS = 0.0001  # of a degree: ten metres, a thirtieth of a pixel at 1:1,000,000
DAY = 86_400


@router.get("/map/base.geojson", name="base", include_in_schema=False)
def base() -> Response:
    """Land, units, border and names around the country of the base map."""
    headers = {"Cache-Control": f"private, max-age={DAY}"}
    return Response(collection(), 200, headers, "application/geo+json")


@cache
def collection() -> bytes:
    """`kind` of a feature: abroad, home, unit, border, or the name of a country, sea or town."""
    atlas, around = standard(), surroundings()
    country = home(Atlas.standard())
    units = {n: s for n, s in atlas.units.items() if s.properties["country"] == country}
    land = shapely.union_all([s.geometry for s in units.values()])
    found = [_feature(shape(g), "abroad") for g in around.states.values()]
    found += [
        _feature(s.geometry, "abroad")
        for s in atlas.units.values()
        if s.properties["country"] != country
    ]
    found += [_feature(land, "home"), _feature(land.boundary, "border")]
    found += [_feature(s.geometry, "unit", unit=name) for name, s in atlas.units.items()]
    middles = {country: land, **{c: shape(g) for c, g in around.states.items()}}
    for code, area in middles.items():
        largest = max(shapely.get_parts(area), key=lambda part: part.area)
        name = around.names.get(code, code).upper()
        found.append(_feature(shapely.point_on_surface(largest), "country", name=name))
    for name, point in around.seas.items():
        found.append(_feature(shapely.Point(point.lon, point.lat), "sea", name=name))
    for town in atlas.towns.values():
        if "_in_" not in town.id:
            point = shapely.Point(town.point.lon, town.point.lat)
            found.append(_feature(point, "town", name=_plain(town.name)))
    for unit in units.values():
        if unit.area_km2 < CITY_KM2:
            name = _plain(str(unit.properties["name"]))
            found.append(_feature(unit.geometry.centroid, "city", name=name))
    told = {"type": "FeatureCollection", "features": found}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(name: str) -> str:
    return name.removesuffix(" (city)")


def _feature(geometry: Any, kind: str, **properties: str) -> dict[str, Any]:
    rounded = shapely.set_precision(geometry, DIGITS, mode="pointwise")
    return {
        "type": "Feature",
        "properties": {"kind": kind, **properties},
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }
