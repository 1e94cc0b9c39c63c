"""Zones and lines from a GeoJSON file beside an agreement.

A feature is named by its `id`.  Its properties may say `band_km` (half-width of the uncertain belt
along the edge), `as_of`, `source` and `schematic`; and `version_of`, `valid_from` and `valid_to`
where a zone changes in time.  Whatever cannot be used is refused with the reason; sizes are limited
because a file may come from anyone.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from servanda.geo.coordinates import problem
from servanda.geo.shape import Shape
from servanda.geo.versions import Version, in_order, version

MAX_BYTES = 5_000_000
MAX_FEATURES = 10_000
MAX_VERTICES = 100_000  # of one zone or line
MAX_RINGS = 1_000  # of one zone: outer edges, holes and parts
MAX_BAND_KM = 500.0
# Two neighbouring points of an edge further apart than this lie on two sides of the antimeridian.
HALF_WAY_ROUND = 180.0
TYPES = {"Polygon": 2, "MultiPolygon": 3, "LineString": 1, "MultiLineString": 2}


class ZoneError(ValueError):
    """A file or feature that cannot be used; `line` and `column` where they are known."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line, self.column = line, column


def load_zone(path: Path, feature: str, *, name: str) -> Shape:
    """The named feature of a file.  Raises ZoneError with the reason, OSError if unreadable."""
    return read_zone(_text(path), feature, name=name, file=path.name)


def load_all(path: Path) -> tuple[Shape, ...]:
    """Every feature of a file, each under its own id; raises as `load_zone` does."""
    return read_all(_text(path), path.name)


def read_all(text: str, file: str) -> tuple[Shape, ...]:
    """Every feature of a text, each under its own id; raises ZoneError with the reason."""
    features = _features(text, file)
    names = [str(f["id"]) for f in features if f.get("id") is not None]
    if len(set(names)) < len(features):
        raise ZoneError(f"{file} has a feature without an id, or two of one id")
    return tuple(shape_of(str(f["id"]), f, file) for f in features)


def _text(path: Path) -> str:
    if not path.is_file():
        raise ZoneError(f"{path.name} is no file")
    if path.stat().st_size > MAX_BYTES:
        raise ZoneError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ZoneError(f"{path.name} is not GeoJSON: it is not UTF-8") from error


def read_zone(text: str, feature: str, *, name: str, file: str) -> Shape:
    """The named feature of a text, its latest version if there are several.

    Raises ZoneError with the reason.
    """
    return read_versions(text, feature, name=name, file=file)[-1].shape


def read_versions(
    text: str, feature: str, *, name: str, file: str, zone: tzinfo = UTC
) -> tuple[Version, ...]:
    """All versions of a feature in the order of time: it itself, and those with `version_of` it."""
    features = _features(text, file)
    named = [f for f in features if str(f.get("id")) == feature]
    if len(named) > 1:
        raise ZoneError(f"{file} has {len(named)} features “{feature}”")
    named += [f for f in features if f not in named and _version_of(f) == feature]
    if not named:
        known = dict.fromkeys((_version_of(f) or str(f.get("id")))[:40] for f in features)
        told = ", ".join(list(known)[:20]) or "none"
        raise ZoneError(f"{file} has no feature “{feature}”; it has {told}")
    shapes = [shape_of(name, one, file) for one in named]
    try:
        return in_order(version(shape, zone) for shape in shapes)
    except ValueError as error:
        raise ZoneError(f"{file}: {error}") from error


def _version_of(feature: Mapping[str, Any]) -> str | None:
    properties = feature.get("properties")
    found = properties.get("version_of") if isinstance(properties, dict) else None
    return found if isinstance(found, str) else None


def _features(text: str, file: str) -> list[Mapping[str, Any]]:
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        reason = f"{file} is not GeoJSON: {error.msg}"
        raise ZoneError(reason, error.lineno, error.colno) from error
    except RecursionError as error:
        raise ZoneError(f"{file} is not GeoJSON: it is nested too deeply") from error
    except ZoneError as error:
        raise ZoneError(f"{file}: {error}") from error
    except ValueError as error:  # a number with more digits than Python reads
        raise ZoneError(f"{file}: a number has too many digits") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise ZoneError(f"{file} is not a GeoJSON FeatureCollection")
    if len(features) > MAX_FEATURES:
        raise ZoneError(f"{file} has more than {MAX_FEATURES:,} features")
    odd = next((n for n, f in enumerate(features, 1) if not isinstance(f, dict)), None)
    if odd is not None:
        raise ZoneError(f"{file}: feature {odd} is no object")
    return features


def _no_constant(text: str) -> Any:
    raise ZoneError(f"{text} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(n for n in names if names.count(n) > 1)
        raise ZoneError(f"“{twice[:40]}” is given twice")
    return found


def shape_of(name: str, feature: Mapping[str, Any], file: str) -> Shape:
    """A feature as a shape; raises ZoneError where its geometry cannot be used."""
    told_name = name[:40]
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in TYPES:
        told = kind[:40] if isinstance(kind, str) else "nothing"
        raise ZoneError(f"{file}: “{told_name}” is {told}, not one of {', '.join(TYPES)}")
    _check_points(geometry, kind, f"{file}: “{told_name}”")
    band = properties.get("band_km", 0)
    if not _is_number(band) or not 0 <= band <= MAX_BAND_KM:
        raise ZoneError(f"{file}: “{told_name}”: band_km is no number from 0 to {MAX_BAND_KM:.0f}")
    found = Shape(name, geometry, float(band), properties)
    if fault := _fault(found):
        raise ZoneError(f"{file}: the geometry of “{told_name}” cannot be used: {fault}")
    return found


def _fault(shape: Shape) -> str | None:
    """What is wrong with a geometry, and where."""
    import shapely

    try:
        if not shape.geometry.is_valid:
            return f"it crosses itself or is not closed ({shapely.is_valid_reason(shape.geometry)})"
        return _antimeridian(shape)
    except Exception as error:  # shapely's own errors have many types
        return str(error)


def _antimeridian(shape: Shape) -> str | None:
    """Where an edge goes half way round the earth: then the other way was meant."""
    import numpy
    import shapely

    parts = shapely.get_parts(shape.geometry)
    edges = parts if shape.is_line else shapely.get_rings(parts)
    xy, edge = shapely.get_coordinates(edges, return_index=True)
    far = numpy.abs(numpy.diff(xy[:, 0])) > HALF_WAY_ROUND
    found = numpy.flatnonzero(far & (edge[1:] == edge[:-1]))
    if not len(found):
        return None
    one, other = xy[found[0]], xy[found[0] + 1]
    return (
        f"it crosses the antimeridian between longitude {one[0]:g} and {other[0]:g}: cut it there "
        "into two parts (RFC 7946, 3.1.9)"
    )


def _check_points(geometry: Mapping[str, Any], kind: str, where: str) -> None:
    points = rings = 0
    for point in _points(geometry.get("coordinates"), TYPES[kind], where):
        if point is None:
            rings += 1
            if rings > MAX_RINGS:
                raise ZoneError(f"{where} has more than {MAX_RINGS:,} rings and parts")
            continue
        points += 1
        if points > MAX_VERTICES:
            raise ZoneError(f"{where} has more than {MAX_VERTICES:,} points")
        lon, lat = point
        # A corner at 0, 0 is no record of an unknown place.
        if (lat or lon) and (reason := problem(lat, lon)):
            raise ZoneError(f"{where} has a point that cannot be: {reason}")
    if not points:
        raise ZoneError(f"{where} has no points")


def _points(value: Any, depth: int, where: str) -> Iterator[tuple[float, float] | None]:
    """The points, and None at the beginning of each list of points."""
    if not isinstance(value, list):
        raise ZoneError(f"{where}: its coordinates are not a list")
    if depth:
        yield None
        for part in value:
            yield from _points(part, depth - 1, where)
        return
    if not 2 <= len(value) <= 3 or not all(_is_number(v) for v in value):
        raise ZoneError(f"{where}: a point needs a longitude and a latitude as numbers")
    yield float(value[0]), float(value[1])


def _is_number(value: Any) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all that a float holds
        return False
