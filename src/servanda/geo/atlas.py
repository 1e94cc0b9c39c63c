"""The map of one agreement: the base map, the agreement's zones and lines, and its own places.

A place is given as a point or by name.  A bare name of a first-order unit is the whole unit; a town
that shares the name has an id of its own.  Answers are remembered, since the same places come back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from servanda.geo.coordinates import Box
from servanda.geo.gazetteer import Ambiguous, Gazetteer, Town, standard
from servanda.geo.point import Point
from servanda.geo.shape import Relation, Shape, area_km2, between_km
from servanda.geo.versions import Version, during, in_order

Where = str | Point
T = TypeVar("T")

# A point in no unit, but this near to one, belongs to it: coasts and borders are simplified.
SIMPLIFIED_WITHIN_KM = 2.0
# Degrees that surely hold that distance at the latitudes of the base map.
NEAR_DEGREES = 0.05


@dataclass(frozen=True)
class Atlas:
    """Names, points and shapes; immutable, `with_…` gives a further one."""

    base: Gazetteer
    zones: Mapping[str, Shape] = field(default_factory=dict)
    places: Mapping[str, Point | None] = field(default_factory=dict)
    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    _seen: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def standard() -> "Atlas":
        """The base map alone, by internationally recognised borders."""
        return Atlas(standard())

    def with_zones(self, zones: Iterable[Shape]) -> "Atlas":
        return replace(self, zones={**self.zones, **{z.name: z for z in zones}}, _seen={})

    def with_versions(self, name: str, versions: Iterable[Version]) -> "Atlas":
        """Add a zone or line that changes in time; without a time the latest version is meant."""
        found = in_order(versions)
        if len(found) == 1 and found[0].start is None and found[0].end is None:
            return self.with_zones([found[0].shape])
        added = replace(self, versions={**self.versions, name: found}, _seen={})
        return added.with_zones([found[-1].shape])

    def with_places(self, places: Mapping[str, Point | None]) -> "Atlas":
        """Add places; None is a place that the agreement names without saying where it is."""
        return replace(self, places={**self.places, **places}, _seen={})

    def remembered(self, make: Callable[["Atlas"], T]) -> T:
        """What a function makes of this map; made once."""
        if make not in self._seen:
            self._seen[make] = make(self)
        found: T = self._seen[make]
        return found

    # --- names ----------------------------------------------------------------------------------

    def known(self, name: str) -> bool:
        return self.canonical(name) is not None

    def canonical(self, name: str) -> str | None:
        """The one id of a place; None where the name is not known, or means several places."""
        found = self.find(name)
        return found if isinstance(found, str) else None

    def find(self, name: str) -> str | Ambiguous | None:
        """The id of a place by id or spelling, or the places among which one must choose.

        What the agreement names comes before the base map.
        """
        if name in self.places or name in self.zones:
            return name
        return self.base.find(name)

    def unit_ids(self) -> tuple[str, ...]:
        return tuple(self.base.units)

    @cached_property
    def extent(self) -> Box:
        """The box, with a margin of a degree, in which all that the map knows lies."""
        edges = [tuple(shape.geometry.bounds) for shape in self.base.units.values()]
        points = [t.point for t in self.base.towns.values()]
        points += [p for p in self.places.values() if p is not None]
        edges += [tuple(zone.geometry.bounds) for zone in self.zones.values()]
        edges += [(p.lon, p.lat, p.lon, p.lat) for p in points]
        west, south = (min(e[i] for e in edges) for i in (0, 1))
        east, north = (max(e[i] for e in edges) for i in (2, 3))
        return Box(west, south, east, north).grown(1.0)

    # --- placing --------------------------------------------------------------------------------

    def point_of(self, place: Where) -> Point | None:
        """The point of a point or town; None for an area or an unknown name."""
        if isinstance(place, Point):
            return place
        name = self.canonical(place)
        if name is None or name in self.zones or name in self.base.units:
            return None
        if name in self.places and self.places[name] is not None:
            return self.places[name]
        town = self._town(name)
        return town.point if town else None

    def shape_of(self, place: Where) -> Shape | None:
        """The shape of a unit, zone or line."""
        if isinstance(place, Point):
            return None
        name = self.canonical(place)
        if name is None:
            return None
        return self.zones.get(name) or self.base.units.get(name)

    def _town(self, name: str) -> Town | None:
        return self.base.towns.get(name)

    def unit_of(self, place: Where) -> str | None:
        """The first-order unit where a place lies; None outside the base map."""
        if isinstance(place, str):
            name = self.canonical(place)
            if name is None or name in self.base.units:
                return name
            town = self._town(name)
            if town is not None and town.unit is not None:
                return town.unit
            if name in self.zones:
                return self._unit_of_zone(self.zones[name])
        point = self.point_of(place)
        if point is None:
            return None
        key = ("unit", point)
        if key not in self._seen:
            self._seen[key] = self._find_unit(point)
        found: str | None = self._seen[key]
        return found

    def _find_unit(self, point: Point) -> str | None:
        near = [
            unit
            for unit, (west, south, east, north) in self._bounds
            if west <= point.lon <= east and south <= point.lat <= north
        ]
        for unit in near:
            if self.base.units[unit].contains(point):
                return unit
        far = [(self.base.units[unit].distance_km(point), unit) for unit in near]
        distance, unit = min(far, default=(SIMPLIFIED_WITHIN_KM + 1, ""))
        return unit if distance <= SIMPLIFIED_WITHIN_KM else None

    @cached_property
    def _bounds(self) -> tuple[tuple[str, tuple[float, float, float, float]], ...]:
        return tuple(
            (name, (w - NEAR_DEGREES, s - NEAR_DEGREES, e + NEAR_DEGREES, n + NEAR_DEGREES))
            for name, shape in self.base.units.items()
            for w, s, e, n in (shape.geometry.bounds,)
        )

    def _unit_of_zone(self, zone: Shape) -> str | None:
        """The unit that holds a whole zone."""
        held = [u for u, s in self.base.units.items() if s.geometry.covers(zone.geometry)]
        return held[0] if held else None

    def country_of(self, place: Where) -> str | None:
        """ISO 3166-1 alpha-2 code by internationally recognised borders."""
        unit = self.unit_of(place)
        if unit is not None:
            return str(self.base.units[unit].properties["country"])
        town = self._town(self.canonical(place) or "") if isinstance(place, str) else None
        return town.country if town else None

    # --- relations ------------------------------------------------------------------------------

    def relation(self, place: Where, region: str) -> Relation:
        """Whether a place lies in a named region."""
        key = (place, region)
        if key not in self._seen:
            self._seen[key] = self._relation(place, region)
        found: Relation = self._seen[key]
        return found

    def relation_during(self, place: Where, region: str, first: int, last: int) -> Relation:
        """Whether a place lies in a region at a time that is known as a span (microseconds UTC)."""
        versions = self.versions.get(region)
        if versions is None or place == region:
            return self.relation(place, region)
        shapes = list(during(versions, first, last))
        if None in shapes:
            return Relation.UNDETERMINED
        found = {self._version(shape).relation(place, region) for shape in shapes if shape}
        return found.pop() if len(found) == 1 else Relation.UNDETERMINED

    def _version(self, shape: Shape) -> "Atlas":
        """The map with one version of a zone."""
        key = ("version", id(shape))
        if key not in self._seen:
            self._seen[key] = self.with_zones([shape])
        found: Atlas = self._seen[key]
        return found

    def _relation(self, place: Where, region: str) -> Relation:
        if isinstance(place, str) and (self.canonical(place) or place) == (
            self.canonical(region) or region
        ):
            return Relation.INSIDE
        shape = self.shape_of(region)
        if shape is None:
            return Relation.OUTSIDE
        if shape.name in self.base.units and (unit := self.unit_of(place)) is not None:
            return Relation.INSIDE if unit == shape.name else Relation.OUTSIDE
        point = self.point_of(place)
        if point is not None:
            return shape.relation(point)
        area = self.shape_of(place)
        if area is None or shape.is_line or area.is_line:
            return Relation.OUTSIDE
        return self._of_areas(area, shape)

    def _of_areas(self, area: Shape, region: Shape) -> Relation:
        if region.geometry.covers(area.geometry):
            return Relation.INSIDE
        if region.geometry.intersection(area.geometry).area > 0:
            return Relation.UNDETERMINED
        return Relation.OUTSIDE

    def distance_km(self, one: Where, other: Where) -> float | None:
        """Distance in kilometres; None where a place is known only as an area or not at all."""
        key = ("km", one, other)
        if key not in self._seen:
            self._seen[key] = self._distance(one, other)
        found: float | None = self._seen[key]
        return found

    def _distance(self, one: Where, other: Where) -> float | None:
        left, right = self.point_of(one), self.point_of(other)
        if left is not None and right is not None:
            return between_km(left, right)
        if left is not None and (shape := self.shape_of(other)) is not None:
            return shape.distance_km(left)
        if right is not None and (shape := self.shape_of(one)) is not None:
            return shape.distance_km(right)
        return None

    # --- areas ----------------------------------------------------------------------------------

    def area_km2(self, name: str) -> float | None:
        """Geodesic area on land of a unit or zone; None for anything without an area."""
        shape = self.shape_of(name)
        return None if shape is None or shape.is_line else shape.area_km2

    def area_share(self, names: Iterable[str], whole: Iterable[str]) -> float:
        """The share of the whole's area that the named areas cover, 0 to 1.

        Where the whole consists of points alone, the share of them that the named areas hold.
        """
        watched, wanted = sorted(set(names)), sorted(set(whole))
        key = ("share", tuple(watched), tuple(wanted))
        if key not in self._seen:
            self._seen[key] = self._share(watched, wanted)
        found: float = self._seen[key]
        return found

    def _share(self, watched: list[str], wanted: list[str]) -> float:
        import shapely

        if set(wanted) <= set(watched):
            return 1.0
        total = self._geometries(wanted)
        if not total:
            held = [
                place
                for place in wanted
                if any(self.relation(place, region) is Relation.INSIDE for region in watched)
            ]
            return len(held) / len(wanted) if wanted else 0.0
        whole = shapely.union_all(total)
        covered = shapely.union_all(self._geometries(watched)).intersection(whole)
        return min(1.0, area_km2(covered) / area_km2(whole)) if not covered.is_empty else 0.0

    def _geometries(self, names: list[str]) -> list[Any]:
        shapes = [self.shape_of(name) for name in names]
        return [s.geometry for s in shapes if s is not None and not s.is_line]
