"""The land beyond a line, seen from a place: its share of each unit, and what it connects.

Approximate by nature: the line is as exact as its drawing, the units as the base map.
"""

from collections.abc import Iterable
from typing import Any

from servanda.geo.atlas import Atlas
from servanda.geo.shape import area_km2

# Degrees over which simplified outlines that share a border may gape.
SEAM = 0.03


def beyond(atlas: Atlas, line: str, seen_from: str, units: Iterable[str]) -> Any:
    """The parts of the units that a line cuts off from a place; None where a name is not known."""
    import shapely
    from shapely.ops import split

    shapes = [atlas.shape_of(unit) for unit in (*units,)]
    drawn, near = atlas.shape_of(line), _middle(atlas, seen_from)
    if drawn is None or near is None or any(shape is None for shape in shapes):
        return None
    land = shapely.union_all([shape.geometry for shape in shapes if shape is not None])
    parts = [p for p in split(land, drawn.geometry).geoms if not _crumb(p)]
    kept = min(parts, key=near.distance)
    return shapely.union_all([p for p in parts if p is not kept])


def _middle(atlas: Atlas, place: str) -> Any:
    import shapely

    point, shape = atlas.point_of(place), atlas.shape_of(place)
    if point is not None:
        return shapely.Point(point.lon, point.lat)
    return None if shape is None else shape.geometry.representative_point()


def _crumb(part: Any) -> bool:
    """Slivers where the line runs along a coast."""
    return area_km2(part) < 100


def shares(atlas: Atlas, part: Any, units: Iterable[str]) -> dict[str, float]:
    """The share of each unit's area that lies in a part, 0 to 1."""
    found = {}
    for unit in units:
        shape = atlas.shape_of(unit)
        assert shape is not None
        cut = part.intersection(shape.geometry)
        found[unit] = 0.0 if cut.is_empty else area_km2(cut) / area_km2(shape.geometry)
    return found


def connects(atlas: Atlas, part: Any, one: str, other: str) -> bool:
    """Whether one can go by land from one unit to another through a part."""
    import shapely

    ends = [atlas.shape_of(name) for name in (one, other)]
    if any(end is None for end in ends):
        return False
    pieces = [end.geometry for end in ends if end is not None]
    grown = shapely.union_all([*pieces, part]).buffer(SEAM)
    bodies = list(grown.geoms) if grown.geom_type == "MultiPolygon" else [grown]
    return any(
        all(body.contains(piece.representative_point()) for piece in pieces) for body in bodies
    )
