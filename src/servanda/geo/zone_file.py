"""Zones and lines from a GeoJSON file beside an agreement.

A feature is named by its `id`.  Its properties may say `band_km` (half-width of the uncertain belt
along the edge), `as_of`, `source` and `schematic`.  Whatever cannot be used is refused with the
reason; sizes are limited because a file may come from anyone.
"""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from servanda.geo.shape import Shape

MAX_BYTES = 5_000_000
MAX_VERTICES = 100_000
MAX_BAND_KM = 500.0
TYPES = {"Polygon": 2, "MultiPolygon": 3, "LineString": 1, "MultiLineString": 2}


def load_zone(path: Path, feature: str, *, name: str) -> Shape:
    """The named feature of a file.  Raises ValueError with the reason, OSError if unreadable."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path.name} is not GeoJSON: {error}") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise ValueError(f"{path.name} is not a GeoJSON FeatureCollection")
    known = {str(f.get("id")): f for f in features if isinstance(f, dict)}
    if feature not in known:
        raise ValueError(f"{path.name} has no feature “{feature}”; it has {', '.join(known)}")
    return shape_of(name, known[feature], path.name)


def shape_of(name: str, feature: Mapping[str, Any], file: str) -> Shape:
    """A feature as a shape; raises ValueError where its geometry cannot be used."""
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in TYPES:
        raise ValueError(f"{file}: “{name}” is {kind or 'nothing'}, not one of {', '.join(TYPES)}")
    count = 0
    for lon, lat in _vertices(geometry.get("coordinates"), TYPES[kind], f"{file}: “{name}”"):
        count += 1
        if count > MAX_VERTICES:
            raise ValueError(f"{file}: “{name}” has more than {MAX_VERTICES:,} points")
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise ValueError(f"{file}: “{name}” has a point outside the earth: {lon}, {lat}")
    if not count:
        raise ValueError(f"{file}: “{name}” has no points")
    band = properties.get("band_km", 0)
    if not _is_number(band) or not 0 <= band <= MAX_BAND_KM:
        raise ValueError(f"{file}: “{name}”: band_km is no number from 0 to {MAX_BAND_KM:.0f}")
    found = Shape(name, geometry, float(band), properties)
    try:
        problem = None if found.geometry.is_valid else "it crosses itself or is not closed"
    except Exception as error:  # shapely's own errors have many types
        problem = str(error)
    if problem:
        raise ValueError(f"{file}: the geometry of “{name}” cannot be used: {problem}")
    return found


def _vertices(value: Any, depth: int, where: str) -> Iterator[tuple[float, float]]:
    if not isinstance(value, list):
        raise ValueError(f"{where}: its coordinates are not a list")
    if depth:
        for part in value:
            yield from _vertices(part, depth - 1, where)
        return
    if len(value) < 2 or not all(_is_number(v) for v in value):
        raise ValueError(f"{where}: a point needs a longitude and a latitude as numbers")
    yield float(value[0]), float(value[1])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
