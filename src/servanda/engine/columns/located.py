"""How the places of many records lie to the regions of a pattern.

What is said of one record of a shape holds for all of that shape where the place is a name; points
are placed in bulk.  A zone that changes in time is asked once for each stretch between its changes.
"""

from collections.abc import Callable, Iterator

import numpy as np

from servanda.evidence.columns import FEW_POINTS, Columns
from servanda.evidence.links import DEGREE_KM
from servanda.evidence.record import Record
from servanda.evidence.table import Ints, Mask
from servanda.geo import Atlas, Point, Relation
from servanda.geo.atlas import SIMPLIFIED_WITHIN_KM

Placer = Callable[[Record], Relation]
MARGIN = 0.01  # degrees, against rounding


def relations(
    table: Columns,
    rows: Ints,
    regions: frozenset[str],
    within_km: float | None,
    atlas: Atlas,
    ask: Placer,
) -> tuple[Mask, Mask]:
    """Which rows lie inside, or so near, and of which it cannot be said.

    `ask` answers for one record; points far from all regions are not asked about.
    """
    codes = np.zeros(len(rows), np.int8)
    moment = _moments(table, rows, regions, atlas)
    points = ~np.isnan(table.lat[rows])
    named = np.flatnonzero(~points)
    _once_each(table, rows, named, table.shape[rows[named]], moment[named], ask, codes)
    there = np.flatnonzero(points)
    there = there[_about(table, rows[there], regions, within_km or 0.0, atlas)]
    if within_km is None and len(there) > FEW_POINTS and not moment.any():
        codes[there] = _placed(table, rows[there], regions, atlas)
    else:
        for place in there:
            codes[place] = _CODE[ask(table.records[rows[place]])]
    return codes == _CODE[Relation.INSIDE], codes == _CODE[Relation.UNDETERMINED]


_CODE = {Relation.OUTSIDE: 0, Relation.INSIDE: 1, Relation.UNDETERMINED: 2}


def _once_each(
    table: Columns,
    rows: Ints,
    some: Ints,
    shapes: Ints,
    moments: Ints,
    ask: Placer,
    codes: np.ndarray[tuple[int], np.dtype[np.int8]],
) -> None:
    if not len(some):
        return
    both = shapes * (int(moments.max()) + 1) + moments
    _, examples, which = np.unique(both, return_index=True, return_inverse=True)
    said = [_CODE[ask(table.records[rows[some[one]]])] for one in examples]
    codes[some] = np.array(said, np.int8)[which]


def _moments(table: Columns, rows: Ints, regions: frozenset[str], atlas: Atlas) -> Ints:
    """How each row's period lies to the changes of the regions, numbered; 0 where none change."""
    changes = sorted(
        {
            instant
            for region in regions
            for version in atlas.versions.get(region, ())
            for instant in (version.start, version.end)
            if instant is not None
        }
    )
    edges = np.array(changes, np.int64)
    begin = np.searchsorted(edges, table.first[rows], "right")
    end = np.searchsorted(edges, table.last[rows], "right")
    return begin * (len(edges) + 1) + end


def _about(
    table: Columns, rows: Ints, regions: frozenset[str], within_km: float, atlas: Atlas
) -> Mask:
    """Points in the boxes that surely hold all that is in a region or so near to it."""
    found = np.zeros(len(rows), bool)
    lat, lon = table.lat[rows], table.lon[rows]
    for west, south, east, north, km in _boxes(regions, atlas):
        high = (km + within_km) / DEGREE_KM + MARGIN
        top = min(max(abs(south), abs(north)) + high, 89.0)
        wide = high / float(np.cos(np.radians(top)))
        around = west - wide < -180 or east + wide > 180  # it may go around the earth
        across = around | ((lon >= west - wide) & (lon <= east + wide))
        found |= (lat >= south - high) & (lat <= north + high) & across
    return found


def _boxes(regions: frozenset[str], atlas: Atlas) -> Iterator[tuple[float, ...]]:
    """West, south, east, north of each region and each of its versions, and its uncertain belt."""
    for region in regions:
        versions = [v.shape for v in atlas.versions.get(region, ())]
        shape, point = atlas.shape_of(region), atlas.point_of(region)
        for one in (*versions, *((shape,) if shape is not None else ())):
            margin = max(one.band_km, SIMPLIFIED_WITHIN_KM)
            yield (*(float(edge) for edge in one.geometry.bounds), margin)
        if point is not None:
            yield point.lon, point.lat, point.lon, point.lat, 0.0


def _placed(
    table: Columns, rows: Ints, regions: frozenset[str], atlas: Atlas
) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """Points against regions that do not change; INSIDE of one beats UNDETERMINED of another."""
    from servanda.geo.placing import INSIDE, UNDETERMINED, Zone

    found = np.zeros(len(rows), np.int8)
    for region in sorted(regions):
        shape = atlas.shape_of(region)
        if shape is None:
            continue
        answer = np.zeros(len(rows), np.int8)
        ask = np.ones(len(rows), bool)
        if shape.name in atlas.base.units:
            units = table.per_shape(_unit_of(atlas))[table.shape[rows]]
            answer[units == shape.name] = INSIDE
            ask = units == None  # noqa: E711 - element by element
        if ask.any():
            answer[ask] = Zone(shape).place(table.lon[rows[ask]], table.lat[rows[ask]])
        found[(answer == UNDETERMINED) & (found != INSIDE)] = UNDETERMINED
        found[answer == INSIDE] = INSIDE
    return found


def _unit_of(atlas: Atlas) -> Callable[[Record], str | None]:
    return lambda r: atlas.unit_of(r.place) if isinstance(r.place, Point) else None
