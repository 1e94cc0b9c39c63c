"""The base map: whose borders, where places lie, how far and how large things are."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.geo import Atlas, Point, Relation, Shape, load_zone
from servanda.geo import gazetteer as base
from servanda.library import BUNDLED

ATLAS = Atlas.standard()
ZONES = BUNDLED / "ukraine-28-point" / "zones.geojson"
UNITS = Path(base.__file__).parent / "data" / "units.geojson"


def test_borders_are_the_internationally_recognised_ones() -> None:
    countries = {unit: ATLAS.country_of(unit) for unit in ATLAS.unit_ids()}
    assert sum(c == "UA" for c in countries.values()) == 27
    assert sum(c == "RU" for c in countries.values()) == 6
    assert countries["Crimea"] == countries["Sevastopol"] == "UA"
    iso = {u: s.properties["iso"] for u, s in ATLAS.base.units.items()}
    assert (iso["Crimea"], iso["Sevastopol"]) == ("UA-43", "UA-40")


def test_the_base_map_is_small() -> None:
    assert UNITS.stat().st_size <= 250_000


def test_the_base_map_equals_the_full_one_but_for_simplification(shared: Path) -> None:
    full = json.loads((shared / "data/naturalearth_admin1_UA_RUborder.geojson").read_text())
    ours = {s.properties["iso"]: s for s in ATLAS.base.units.values()}
    for feature in full["features"]:
        theirs = Shape("full", feature["geometry"])
        unit = ours[feature["properties"]["iso_3166_2"]]
        apart = unit.geometry.symmetric_difference(theirs.geometry).area / theirs.geometry.area
        assert apart < 0.02, (unit.name, apart)
        assert unit.area_km2 == pytest.approx(theirs.area_km2, rel=0.01)


def test_reported_places_lie_in_the_unit_that_the_reports_name(shared: Path) -> None:
    """Real strikes: the full map and ours place them alike, but for a few at a border."""
    full = json.loads((shared / "data/naturalearth_admin1_UA_RUborder.geojson").read_text())
    exact = {f["properties"]["iso_3166_2"]: Shape("full", f["geometry"]) for f in full["features"]}
    with (shared / "data/viina_infrastructure_2022_2025.csv").open() as stream:
        rows = list(csv.DictReader(stream))[::12]
    points = [Point(float(r["latitude"]), float(r["longitude"])) for r in rows]
    differing = 0
    for point in points:
        unit = ATLAS.unit_of(point)
        code = ATLAS.base.units[unit].properties["iso"] if unit else None
        holding = next((c for c, s in exact.items() if s.contains(point)), None)
        differing += holding is not None and holding != code
    assert len(points) > 250
    assert differing <= len(points) * 0.01


def test_every_town_lies_in_its_unit() -> None:
    for town in ATLAS.base.towns.values():
        found = ATLAS.unit_of(town.point)
        assert found == town.unit, town.id


def test_a_bare_name_is_the_unit_and_the_town_has_its_own() -> None:
    assert ATLAS.point_of("Donetsk") is None
    assert ATLAS.point_of("Donetsk_city") is not None
    assert ATLAS.canonical("Donetsk_oblast") == "Donetsk"
    assert ATLAS.relation("Donetsk_city", "Donetsk") is Relation.INSIDE
    assert ATLAS.relation("Donetsk_city", "Luhansk") is Relation.OUTSIDE
    assert not ATLAS.known("Atlantis")
    assert ATLAS.relation("Atlantis", "Donetsk") is Relation.OUTSIDE


def test_distances_are_geodesic() -> None:
    # Moscow to St Petersburg, centre to centre: 634 km (great-circle tables).
    assert ATLAS.distance_km("Moscow", "St_Petersburg") == pytest.approx(634, abs=4)
    assert ATLAS.distance_km("Moscow", "Donetsk") is not None
    assert ATLAS.distance_km("Donetsk", "Luhansk") is None, "two areas have no one distance"
    assert ATLAS.distance_km("Kramatorsk", "Donetsk") == 0


def test_areas_on_land() -> None:
    # Land and inner waters of Donetsk oblast: 26,517 km² (State Statistics Service of Ukraine).
    assert ATLAS.area_km2("Donetsk") == pytest.approx(26_517, rel=0.01)
    assert ATLAS.area_km2("Kramatorsk") is None
    assert ATLAS.area_share({"Donetsk"}, {"Donetsk", "Luhansk"}) == pytest.approx(0.5, abs=0.02)
    assert ATLAS.area_share({"Moscow"}, {"Moscow", "St_Petersburg"}) == 0.5
    assert ATLAS.area_share(set(), {"Donetsk"}) == 0


def test_the_schematic_buffer() -> None:
    zone = load_zone(ZONES, "donetsk-buffer", name="donetsk_buffer")
    atlas = ATLAS.with_zones([zone])
    assert zone.properties["schematic"] is True
    assert zone.properties["as_of"] == "2025-11-20"
    assert atlas.relation("Kramatorsk", "donetsk_buffer") is Relation.INSIDE
    assert atlas.relation("Donetsk_city", "donetsk_buffer") is Relation.OUTSIDE
    assert atlas.relation("Kostiantynivka", "donetsk_buffer") is Relation.UNDETERMINED
    assert atlas.relation("Donetsk", "donetsk_buffer") is Relation.UNDETERMINED
    assert atlas.relation("Kharkiv", "donetsk_buffer") is Relation.OUTSIDE
    assert atlas.unit_of("donetsk_buffer") == "Donetsk" or atlas.unit_of("donetsk_buffer") is None
    # About 6,400 km² were held by Ukraine on that day (points.tsv, 21 d).
    assert atlas.area_km2("donetsk_buffer") == pytest.approx(6_400, rel=0.1)


def test_the_line_has_a_belt_where_nothing_is_certain() -> None:
    line = load_zone(ZONES, "contact-line", name="contact_line")
    atlas = ATLAS.with_zones([line])
    assert atlas.relation("Pokrovsk", "contact_line") is Relation.UNDETERMINED
    assert atlas.relation("Kyiv", "contact_line") is Relation.OUTSIDE
    assert atlas.area_km2("contact_line") is None
    assert (atlas.distance_km("Donetsk_city", "contact_line") or 0) > 20


def test_places_of_an_agreement_come_first() -> None:
    atlas = ATLAS.with_places({"Moscow": Point(50.0, 30.0), "agreed_points": None})
    assert atlas.point_of("Moscow") == Point(50.0, 30.0)
    assert atlas.relation("agreed_points", "agreed_points") is Relation.INSIDE
    assert atlas.point_of("agreed_points") is None
    assert ATLAS.point_of("Moscow") != Point(50.0, 30.0), "the base map is not changed"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not GeoJSON"),
        ("[]", "not a GeoJSON FeatureCollection"),
        ('{"features":[]}', "has no feature"),
        ('{"features":[{"id":"z","geometry":{"type":"Point","coordinates":[1,2]}}]}', "Point"),
        ('{"features":[{"id":"z","geometry":null}]}', "nothing"),
        (
            '{"features":[{"id":"z","geometry":{"type":"LineString","coordinates":[[200,2],[1,1]]}}]}',
            "outside the earth",
        ),
        (
            '{"features":[{"id":"z","geometry":{"type":"Polygon","coordinates":'
            "[[[2,0],[3,1],[3,0],[2,1],[2,0]]]}}]}",
            "crosses itself",
        ),
        (
            '{"features":[{"id":"z","geometry":{"type":"LineString","coordinates":[[1,"x"]]}}]}',
            "as numbers",
        ),
        (
            '{"features":[{"id":"z","geometry":{"type":"LineString","coordinates":[]}}]}',
            "no points",
        ),
        (
            '{"features":[{"id":"z","properties":{"band_km":-1},"geometry":'
            '{"type":"LineString","coordinates":[[1,2],[2,2]]}}]}',
            "band_km",
        ),
        (
            '{"features":[{"id":"z","geometry":{"type":"LineString","coordinates":[[1,2]]}}]}',
            "used",
        ),
        ("[" * 100_000, "not GeoJSON"),
        (
            '{"features":[{"id":"z","geometry":{"type":"LineString","coordinates":[[179,2],[-179,2]]}}]}',
            "antimeridian",
        ),
        (
            '{"features":[{"id":"z","geometry":{"type":"LineString","coordinates":[[48,95],[1,1]]}}]}',
            "outside the earth; they look swapped",
        ),
        (
            '{"features":[{"id":"z","geometry":{"type":"Polygon","coordinates":'
            "[[[5,5],[6,6],[6,5],[5,6],[5,5]]]}}]}",
            r"crosses itself .*5\.5 5\.5",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    file = tmp_path / "zones.geojson"
    file.write_text(text)
    with pytest.raises(ValueError, match=reason):
        load_zone(file, "z", name="zone")


def test_a_zone_cut_at_the_antimeridian_is_one_zone(tmp_path: Path) -> None:
    file = tmp_path / "zones.geojson"
    parts = "[[[178,5],[180,5],[180,6],[178,5]]],[[[-180,5],[-178,5],[-180,6],[-180,5]]]"
    geometry = f'{{"type":"MultiPolygon","coordinates":[{parts}]}}'
    file.write_text(f'{{"features":[{{"id":"z","geometry":{geometry}}}]}}')
    zone = load_zone(file, "z", name="zone")
    assert zone.contains(Point(5.1, 179.5))
    assert zone.contains(Point(5.1, -179.5))
    assert not zone.contains(Point(5.1, 0))


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))])
def test_a_point_lies_on_the_earth(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="itude"):
        Point(lat, lon)


points = st.builds(Point, st.floats(44, 53), st.floats(22, 42))


@given(points, points)
def test_distance_is_symmetric_and_zero_only_in_place(one: Point, other: Point) -> None:
    forth, back = ATLAS.distance_km(one, other), ATLAS.distance_km(other, one)
    assert forth == pytest.approx(back, abs=1e-6)
    assert (ATLAS.distance_km(one, one)) == 0


@given(points)
def test_a_point_is_inside_its_unit_and_no_other(point: Point) -> None:
    unit = ATLAS.unit_of(point)
    inside = [u for u in ATLAS.unit_ids() if ATLAS.relation(point, u) is Relation.INSIDE]
    assert inside == ([unit] if unit else [])
