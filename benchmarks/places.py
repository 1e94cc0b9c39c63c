"""How many points a second are placed, and that the answers equal those of the slow test.

Thirty regions of 5,000 corners each, whose edges are as ragged as borders are, five million points;
belts along a line; the units of the base map.  Each line is measured in this run, on two threads.
"""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely

from servanda.geo import Atlas, Point, load_zone
from servanda.geo.bands import bands
from servanda.geo.grid import NOWHERE, grid
from servanda.geo.placing import Units
from servanda.geo.shape import distance_to
from servanda.library import BUNDLED

POINTS = 5_000_000
CHECKED = 200_000  # as many are placed by the slow test too
REGIONS, CORNERS = 30, 5_000
EDGES_KM = (5, 15, 30)

Floats = npt.NDArray[np.float64]


def regions(seed: int = 1) -> list[shapely.Polygon]:
    """Ragged regions in a raster of six by five, some overlapping their neighbours."""
    rng = np.random.default_rng(seed)
    return [_ragged(23 + 3 * (i % 6) + 1.5, 45 + 1.6 * (i // 6) + 0.8, rng) for i in range(REGIONS)]


def _ragged(lon: float, lat: float, rng: np.random.Generator) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach = np.ones(CORNERS)
    for wave in range(2, 60):
        reach += rng.normal(0, 0.15 / wave) * np.cos(wave * turn + rng.uniform(0, 2 * np.pi))
    reach = np.abs(reach + rng.normal(0, 0.003, CORNERS)) * 1.2
    return shapely.Polygon(
        np.column_stack([lon + reach * np.cos(turn), lat + 0.7 * reach * np.sin(turn)])
    )


def slow(found: list[shapely.Polygon], lon: Floats, lat: Floats) -> npt.NDArray[np.int32]:
    """The first region that holds each point, by the exact test of each region in turn."""
    answer = np.full(len(lon), NOWHERE, np.int32)
    for index in reversed(range(len(found))):
        answer[shapely.intersects_xy(found[index], lon, lat)] = index
    return answer


def timed(
    name: str, build: Callable[[], Callable[[Floats, Floats], npt.NDArray[np.int32]]]
) -> Callable[[Floats, Floats], npt.NDArray[np.int32]]:
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(22, 42, POINTS), rng.uniform(44, 53.5, POINTS)
    start = time.perf_counter()
    place = build()
    place(lon[:1], lat[:1])
    built = time.perf_counter() - start
    start = time.perf_counter()
    place(lon, lat)
    rate = POINTS / (time.perf_counter() - start) / 1e6
    print(f"{name:34} {built:7.2f}  {rate:10.1f}", end="  ", flush=True)
    return place


def main() -> None:
    print("what                               build s  M points/s  as the slow test")
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(22, 42, CHECKED), rng.uniform(44, 53.5, CHECKED)
    ragged = regions()
    corners = np.vstack([shapely.get_coordinates(region) for region in ragged])
    lon, lat = np.append(lon, corners[:, 0]), np.append(lat, corners[:, 1])
    place = timed(f"{REGIONS} regions of {CORNERS:,} corners", lambda: grid(ragged).place)
    start = time.perf_counter()
    expected = slow(ragged, lon, lat)
    rate = len(lon) / (time.perf_counter() - start) / 1e6
    print(_told(place(lon, lat) == expected), f"(the slow test: {rate:.1f} M/s)")

    zones = BUNDLED / "ukraine-28-point" / "zones.geojson"
    line = load_zone(zones, "contact-line", name="contact_line").geometry
    place = timed("belts of 5, 15, 30 km along a line", lambda: bands(line, EDGES_KM).place)
    few = slice(0, 2_000)
    exact = [distance_to(Point(y, x), line) for x, y in zip(lon[few], lat[few], strict=True)]
    print(_told(place(lon[few], lat[few]) == np.searchsorted(EDGES_KM, exact)))

    atlas = Atlas.standard()
    units = Units(atlas)
    place = timed(f"the {len(units.names)} units of the base map", lambda: units.place)
    names = [*units.names, None]
    alone = [atlas.unit_of(Point(y, x)) for x, y in zip(lon[few], lat[few], strict=True)]
    print(_told(np.array([names[i] for i in place(lon[few], lat[few])]) == np.array(alone)))


def _told(equal: npt.NDArray[np.bool_]) -> str:
    return f"{len(equal):,} equal" if equal.all() else f"{(~equal).sum():,} DIFFER"


if __name__ == "__main__":
    main()
