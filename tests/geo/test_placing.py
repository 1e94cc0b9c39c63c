"""Placing many points at once gives what placing each point alone gives, edges included."""

from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.geo import Atlas, Point, Relation, Shape, load_zone
from servanda.geo import bands as module
from servanda.geo.bands import Bands, bands
from servanda.geo.grid import NOWHERE, grid
from servanda.geo.placing import RELATIONS, Changing, Units, Zone
from servanda.geo.shape import distance_to
from servanda.geo.versions import Version, during, in_order, version
from servanda.library import BUNDLED

ATLAS = Atlas.standard()
ZONES = BUNDLED / "ukraine-28-point" / "zones.geojson"

Floats = npt.NDArray[np.float64]


@pytest.fixture(autouse=True, params=[0, 1 << 40], ids=["raster", "one by one"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Belts with a raster, and by distances alone."""
    monkeypatch.setattr(module, "FEW_POINTS", request.param)


def _slow(regions: list[Any], lon: Floats, lat: Floats) -> list[int]:
    """The first region that holds each point, one point and one region at a time."""
    return [
        next((i for i, r in enumerate(regions) if r.intersects(shapely.Point(x, y))), NOWHERE)
        for x, y in zip(lon, lat, strict=True)
    ]


# Corners on a coarse lattice: points fall on edges and corners, and edges on the cells' own.
lattice = st.tuples(st.integers(0, 16), st.integers(0, 16))


@st.composite
def areas(draw: st.DrawFn) -> Any:
    """An area of one or more parts, some with a hole."""
    corners = draw(st.lists(lattice, min_size=3, max_size=8, unique=True))
    hull = shapely.MultiPoint(corners).convex_hull
    if draw(st.booleans()):
        hole = shapely.MultiPoint(draw(st.lists(lattice, min_size=3, max_size=4, unique=True)))
        hull = hull.difference(hole.convex_hull)
    if draw(st.booleans()):
        hull = hull.union(shapely.box(*draw(lattice), *draw(lattice)))
    parts = [p for p in shapely.get_parts(hull) if p.geom_type == "Polygon" and p.area > 0]
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0] if parts else None


@settings(max_examples=150)
@given(st.lists(areas().filter(bool), min_size=1, max_size=4), st.sampled_from([1, 2, 5, 16, 64]))
def test_the_grid_equals_the_slow_test(regions: list[Any], cells: int) -> None:
    fine = np.linspace(-1, 17, 37)
    lon, lat = (axis.ravel() for axis in np.meshgrid(fine, fine))
    corners = np.vstack([shapely.get_coordinates(r) for r in regions])
    middles = (corners[:-1] + corners[1:]) / 2
    lon = np.concatenate([lon, corners[:, 0], middles[:, 0], np.nextafter(corners[:, 0], 99)])
    lat = np.concatenate([lat, corners[:, 1], middles[:, 1], corners[:, 1]])
    assert grid(regions, cells).place(lon, lat).tolist() == _slow(regions, lon, lat)


def test_the_grid_on_ragged_regions() -> None:
    from benchmarks.places import regions, slow

    found = regions()[:8]
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(22, 42, 60_000), rng.uniform(44, 50, 60_000)
    corners = np.vstack([shapely.get_coordinates(r) for r in found])
    lon, lat = np.append(lon, corners[:, 0]), np.append(lat, corners[:, 1])
    for cells in (64, 1024):
        assert (grid(found, cells).place(lon, lat) == slow(found, lon, lat)).all()


def test_what_is_no_number_is_nowhere() -> None:
    square = grid([shapely.box(0, 0, 1, 1)])
    odd = np.array([np.nan, np.inf, -np.inf, 0.5, 1.0, 1.0000001])
    assert square.place(odd, np.full(6, 0.5)).tolist() == [-1, -1, -1, 0, 0, -1]
    assert square.place(np.array([]), np.array([])).tolist() == []


def test_many_chunks_on_two_threads_are_in_order() -> None:
    square = grid([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    lon = np.linspace(0, 3, 700_001)
    expected = np.where(lon <= 1, 0, np.where(lon <= 2, 1, -1))
    assert (square.place(lon, np.full_like(lon, 0.5)) == expected).all()


# --- belts ----------------------------------------------------------------------------------------


def _belts(found: Bands, lon: Floats, lat: Floats) -> list[int]:
    exact = [
        distance_to(Point(float(y), float(x)), found.geometry)
        for x, y in zip(lon, lat, strict=True)
    ]
    return [int(belt) for belt in np.searchsorted(found.edges_km, exact)]


vertices = st.tuples(st.floats(20, 44), st.floats(44, 60))


@settings(max_examples=25)
@given(st.lists(vertices, min_size=2, max_size=6, unique=True), st.integers(0, 2**32 - 1))
def test_belts_equal_exact_distances(line: list[tuple[float, float]], seed: int) -> None:
    """Lines with long and short pieces; points anywhere, and many close to the belts' edges."""
    found = bands(shapely.LineString(line), [5.0, 40.0])
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(19, 45, 200), rng.uniform(43, 61, 200)
    on_line = shapely.get_coordinates(
        shapely.line_interpolate_point(found.geometry, rng.uniform(0, 1, 60), normalized=True)
    )
    from pyproj import Geod

    away = rng.choice([4_990.0, 5_000.0, 5_010.0, 39_990.0, 40_010.0], 60)
    to_lon, to_lat, _ = Geod(ellps="WGS84").fwd(
        on_line[:, 0], on_line[:, 1], rng.uniform(0, 360, 60), away
    )
    lon, lat = np.append(lon, to_lon), np.append(lat, to_lat)
    assert found.exact(lon, lat).tolist() == _belts(found, lon, lat)
    km = found.distances_km(lon, lat)
    exact = np.array(
        [distance_to(Point(y, x), found.geometry) for x, y in zip(lon, lat, strict=True)]
    )
    assert (np.abs(km - exact) <= found.off_km(km)).all(), "the bound on quick distances holds"


def test_belts_along_the_contact_line_under_a_raster() -> None:
    line = load_zone(ZONES, "contact-line", name="contact_line")
    found = bands(line.geometry, [5, 15, 30])
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(30, 39, 3_000), rng.uniform(46, 50.5, 3_000)
    assert found.place(lon, lat).tolist() == _belts(found, lon, lat)


def test_belts_need_edges_in_order_and_a_line_off_the_poles() -> None:
    with pytest.raises(ValueError, match="ascending"):
        bands(shapely.LineString([(0, 0), (1, 1)]), [5, 5])
    with pytest.raises(ValueError, match="latitude"):
        bands(shapely.LineString([(0, 86), (1, 89)]), [5])


# --- units and zones ------------------------------------------------------------------------------


def test_units_as_the_atlas_places_them() -> None:
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(22, 45, 4_000), rng.uniform(43, 54.5, 4_000)
    coast = np.vstack([shapely.get_coordinates(s.geometry) for s in ATLAS.base.units.values()])
    some = coast[rng.integers(0, len(coast), 400)] + rng.normal(0, 0.02, (400, 2))
    lon, lat = np.append(lon, some[:, 0]), np.append(lat, some[:, 1])
    units = Units(ATLAS)
    names = [*units.names, None]
    alone = [ATLAS.unit_of(Point(float(y), float(x))) for x, y in zip(lon, lat, strict=True)]
    assert [names[i] for i in units.place(lon, lat)] == alone


@pytest.mark.parametrize("feature", ["contact-line", "donetsk-buffer", "dnipro"])
def test_zones_as_one_point_at_a_time(feature: str) -> None:
    shape = load_zone(ZONES, feature, name=feature)
    west, south, east, north = shape.geometry.bounds
    rng = np.random.default_rng(13)
    lon, lat = rng.uniform(west - 1, east + 1, 1_500), rng.uniform(south - 1, north + 1, 1_500)
    alone = [shape.relation(Point(float(y), float(x))) for x, y in zip(lon, lat, strict=True)]
    assert [RELATIONS[i] for i in Zone(shape).place(lon, lat)] == alone
    if shape.band_km:
        assert Relation.UNDETERMINED in alone


# --- versions -------------------------------------------------------------------------------------


def _square(west: float, **properties: str) -> Shape:
    box = shapely.box(west, 0, west + 1, 1)
    return Shape("z", shapely.geometry.mapping(box), properties=properties)


def _versions() -> tuple[Version, ...]:
    return in_order(
        version(shape, UTC)
        for shape in (
            _square(2, valid_from="2026-03-01"),
            _square(0, valid_to="2026-01-01T12:00:00Z"),
            _square(1, valid_from="2026-01-01T12:00:00Z", valid_to="2026-02-01"),
        )
    )


def _at(text: str) -> int:
    from servanda.evidence.instant import parse_period

    return parse_period(text, ZoneInfo("UTC")).first


def test_a_place_is_placed_by_what_was_valid_at_its_time() -> None:
    atlas = ATLAS.with_versions("z", _versions())
    place = Point(0.5, 1.5)

    def relation(first: str, last: str | None = None) -> Relation:
        return atlas.relation_during(place, "z", _at(first), _at(last or first))

    assert relation("2025-12-01T00:00:00Z") is Relation.OUTSIDE
    assert relation("2026-01-01T11:59:59Z") is Relation.OUTSIDE
    assert relation("2026-01-01T12:00:00Z") is Relation.INSIDE
    assert relation("2026-01-01", "2026-01-02") is Relation.UNDETERMINED, "which version?"
    assert relation("2026-02-10") is Relation.UNDETERMINED, "no version is given for that time"
    assert relation("2026-01-20", "2026-03-20") is Relation.UNDETERMINED
    assert relation("2026-03-01") is Relation.OUTSIDE
    assert atlas.relation(Point(0.5, 2.5), "z") is Relation.INSIDE, "the latest, without a time"
    assert ATLAS.relation_during("Kramatorsk", "Donetsk", 0, 0) is Relation.INSIDE


def test_many_points_by_their_times() -> None:
    versions = _versions()
    times = np.array([_at("2025-12-01"), _at("2026-01-15"), _at("2026-02-10"), _at("2026-04-01")])
    got = Changing(versions).place(np.full(4, 1.5), np.full(4, 0.5), times)
    assert [RELATIONS[i] for i in got] == ["outside", "inside", "undetermined", "outside"]


@given(st.lists(st.integers(0, 12), max_size=8, unique=True), st.integers(0, 12), st.integers(0, 4))
def test_versions_during_a_span_are_those_of_its_instants(
    bounds: list[int], first: int, length: int
) -> None:
    bounds.sort()
    versions = in_order(
        Version(_square(n), bounds[n], bounds[n + 1]) for n in range(0, len(bounds) - 1, 2)
    )
    expected = {
        next((id(v.shape) for v in versions if v.holds(t)), None)
        for t in range(first, first + length + 1)
    }
    found = during(versions, first, first + length)
    assert {None if s is None else id(s) for s in found} == expected


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({}, {"valid_from": "2026-01-01"}, "valid at once"),
        ({"valid_to": "2026-02-01"}, {"valid_from": "2026-01-01"}, "valid at once"),
        ({"valid_from": "2026-01-01", "valid_to": "2026-01-01"}, {}, "not after"),
        ({"valid_from": "soon"}, {}, "no day or instant"),
        ({"valid_from": "2026-01-01T10:00:00"}, {}, "no time zone"),
    ],
)
def test_versions_that_cannot_be(one: dict[str, str], other: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        in_order(version(_square(0, **p), UTC) for p in (one, other))


def test_versions_in_a_file(tmp_path: Path) -> None:
    import json

    from servanda.geo.zone_file import read_versions

    def feature(identity: str, west: float, **properties: str) -> dict[str, Any]:
        shape = _square(west)
        return {
            "type": "Feature",
            "id": identity,
            "geometry": shape.geojson,
            "properties": properties,
        }

    features = [
        feature("z-old", 0, version_of="z", valid_to="2026-01-01"),
        feature("z", 1, valid_from="2026-01-01"),
    ]
    file = tmp_path / "zones.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    kyiv = ZoneInfo("Europe/Kyiv")
    old, new = read_versions(file.read_text(), "z", name="zone", file="f", zone=kyiv)
    assert (old.start, new.end) == (None, None)
    assert old.end == new.start == _at("2025-12-31T22:00:00Z"), "days begin in the agreement's zone"
    assert load_zone(file, "z", name="zone").geojson == new.shape.geojson
