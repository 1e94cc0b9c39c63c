"""Coverage computed from patrol tracks and from the hours that a camera was up.

In goes where somebody was when, and how far one sees from there; out come coverage records, each
for a slice of time, and the area that was seen in it as a shape of its own.

Approximate: sight is a circle, without hills or weather; between two positions the way is straight,
and where they lie further apart in time than `gap`, nothing is assumed to have been seen; all that
is passed in a slice counts as seen for as long as the patrol was under way in it, so that shorter
slices are more exact.  Areas err by half a percent on the small side.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from servanda.evidence.instant import iso, parse_period
from servanda.geo import Point, Shape
from servanda.geo.coordinates import problem

MINUTE = 60_000_000
SLICE, GAP = 60 * MINUTE, 15 * MINUTE
MAX_SEES_KM = 100.0
QUARTER = 16  # straight pieces in a quarter of a circle
DECIMALS = 5  # about a metre

Fix = tuple[int, Point]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who watches for which types of records, by what means, and how far one sees."""

    id: str
    source: str
    types: tuple[str, ...]
    via: str
    sees_km: float


@dataclass(frozen=True, slots=True)
class Track:
    """A way: positions in the order of time."""

    watcher: Watcher
    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True)
class Uptime:
    """A fixed watcher, and when it was up (start and end, exclusive)."""

    watcher: Watcher
    point: Point
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A coverage record in its JSON form, and the area that it names."""

    record: Mapping[str, Any]
    area: Shape


def seen(one: Track | Uptime, slice_: int = SLICE, gap: int = GAP) -> Iterator[Seen]:
    """What was watched, slice by slice (`slice_` and `gap` in microseconds)."""
    if isinstance(one, Uptime):
        for number, (start, end) in enumerate(one.spans, 1):
            yield _seen(one.watcher, str(number), start, end, [[one.point]])
        return
    for start, end, lines in _slices(one.fixes, slice_, gap):
        yield _seen(one.watcher, iso(start), start, end, lines)


def _slices(
    fixes: Sequence[Fix], slice_: int, gap: int
) -> Iterator[tuple[int, int, list[list[Point]]]]:
    """Per slice of time and unbroken stretch: when it was under way, and along which lines."""
    lines: list[list[Point]] = []
    began = reached = 0
    for one, other in pairwise(fixes):
        if not 0 < other[0] - one[0] <= gap:
            continue
        for start, end, line in _cut(one, other, slice_):
            if lines and (start // slice_ != began // slice_ or start != reached):
                yield began, reached, lines
                lines = []
            if not lines:
                began = start
            lines.append(line)
            reached = end
    if lines:
        yield began, reached, lines


def _cut(one: Fix, other: Fix, slice_: int) -> Iterator[tuple[int, int, list[Point]]]:
    """The way between two positions, cut where a slice ends."""
    (start, here), (end, there) = one, other
    edges = [start, *range((start // slice_ + 1) * slice_, end, slice_), end]

    def at(instant: int) -> Point:
        share = (instant - start) / (end - start)
        return Point(
            here.lat + (there.lat - here.lat) * share, here.lon + (there.lon - here.lon) * share
        )

    for first, last in pairwise(edges):
        yield first, last, [at(first), at(last)]


def _seen(
    watcher: Watcher, part: str, start: int, end: int, lines: Sequence[Sequence[Point]]
) -> Seen:
    name = f"seen-{watcher.id}-{part}"
    record = {
        "id": f"coverage-{watcher.id}-{part}",
        "type": "coverage",
        "at": iso(start),
        "args": {
            "source": watcher.source,
            "types": list(watcher.types),
            "area": name,
            "until": iso(end),
            "via": watcher.via,
        },
        "source": watcher.source,
    }
    return Seen(record, Shape(name, around(lines, watcher.sees_km)))


def around(lines: Sequence[Sequence[Point]], km: float) -> dict[str, Any]:
    """The area within so many kilometres of lines or points, as GeoJSON."""
    import shapely
    from pyproj import Proj

    points = [p for line in lines for p in line]
    to_map = Proj(
        proj="aeqd",
        lat_0=sum(p.lat for p in points) / len(points),
        lon_0=sum(p.lon for p in points) / len(points),
        datum="WGS84",
    )
    flat = [[to_map(p.lon, p.lat) for p in line] for line in lines]
    drawn = [shapely.Point(xy[0]) if len(set(xy)) == 1 else shapely.LineString(xy) for xy in flat]
    area = shapely.union_all(shapely.buffer(drawn, km * 1000, quad_segs=QUARTER))

    def back(x: Any, y: Any) -> tuple[Any, Any]:
        lon, lat = to_map(x, y, inverse=True)
        return lon.round(DECIMALS), lat.round(DECIMALS)

    found: dict[str, Any] = shapely.geometry.mapping(
        shapely.make_valid(shapely.transform(area, back, interleaved=False))
    )
    return found


def watch_of(row: Any) -> Track | Uptime:
    """A track or an uptime from its JSON form; raises ValueError with what is wrong.

    {"track": ID, "source", "types", "sees_km", "via"?, "fixes": [[INSTANT, LAT, LON], …]}
    {"camera": ID, "source", "types", "sees_km", "via"?, "lat", "lon", "up": [[FROM, UNTIL], …]}
    """
    if not isinstance(row, dict) or ("track" in row) == ("camera" in row):
        raise ValueError('neither a track nor a camera: write {"track": …} or {"camera": …}')
    kind = "track" if "track" in row else "camera"
    watcher = Watcher(
        _text(row, kind),
        _text(row, "source"),
        _types(row),
        str(row.get("via") or ("patrol" if kind == "track" else "camera")),
        _sight(row),
    )
    if kind == "camera":
        spans = tuple(_span(s) for s in _list(row, "up"))
        return Uptime(watcher, _point(row.get("lat"), row.get("lon")), spans)
    fixes = tuple(_fix(f) for f in _list(row, "fixes"))
    for one, other in pairwise(fixes):
        if other[0] <= one[0]:
            raise ValueError(f"the position of {iso(other[0])} does not come after the one before")
    return Track(watcher, fixes)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"without “{name}”")
    return value.strip()


def _types(row: Mapping[str, Any]) -> tuple[str, ...]:
    types = row.get("types")
    if not isinstance(types, list) or not types or not all(isinstance(t, str) for t in types):
        raise ValueError("“types” lists the record types that were watched for")
    return tuple(types)


def _sight(row: Mapping[str, Any]) -> float:
    km = row.get("sees_km")
    if isinstance(km, bool) or not isinstance(km, int | float) or not 0 < km <= MAX_SEES_KM:
        raise ValueError(f"“sees_km” is no distance up to {MAX_SEES_KM:.0f}; it is not guessed")
    return float(km)


def _list(row: Mapping[str, Any], name: str) -> list[Any]:
    found = row.get(name)
    if not isinstance(found, list) or not found:
        raise ValueError(f"without “{name}”")
    return found


def _instant(value: Any) -> int:
    period = parse_period(str(value), ZoneInfo("UTC"))
    if not period.exact:
        raise ValueError(f"“{value}” is no instant: write it with time and zone")
    return period.first


def _point(lat: Any, lon: Any) -> Point:
    if (
        isinstance(lat, bool)
        or not isinstance(lat, int | float)
        or not isinstance(lon, int | float)
    ):
        raise ValueError(f"{lat}, {lon} are no coordinates")
    if reason := problem(float(lat), float(lon)):
        raise ValueError(reason)
    return Point(float(lat), float(lon))


def _fix(value: Any) -> Fix:
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError("a position is [INSTANT, LAT, LON]")
    return _instant(value[0]), _point(value[1], value[2])


def _span(value: Any) -> Span:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("a time of being up is [FROM, UNTIL]")
    start, end = _instant(value[0]), _instant(value[1])
    if end <= start:
        raise ValueError(f"{value[1]} is not after {value[0]}")
    return start, end
