"""Pairs near each other in time and place, found over cells, are those that comparing all finds."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence import links
from servanda.geo.point import Point
from servanda.geo.shape import between_km

Rows = list[tuple[int, int, int, int, int]]
ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),  # block
        st.integers(0, 6),  # begin
        st.sampled_from((0, 0, 1, 4)),  # length
        st.integers(0, 12),  # steps of a kilometre and a half to the north
        st.integers(0, 12),  # and to the east
    ),
    max_size=40,
)


@pytest.mark.parametrize("many", [-1, 1000])
@pytest.mark.parametrize("few", [-1, 0, 2, 1000])
@pytest.mark.parametrize(("north", "east"), [(48.0, 37.0), (-0.05, -0.05), (79.9, 178.0)])
@given(rows=ROWS)
def test_near_is_what_each_pair_says(
    few: int, many: int, north: float, east: float, rows: Rows
) -> None:
    block, begin, length, up, across = np.array(rows, np.int64).reshape(-1, 5).T
    lat = (north + up * 0.0135).astype(np.float64)
    lon = (east + across * 0.02).astype(np.float64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "FEW", few)
        patch.setattr(links, "MANY", many)  # squares, where it is none
        found = links.near(block, begin, begin + length, lat, lon, 5.0)
    pairs = [tuple(sorted(pair)) for pair in zip(found.left, found.right, strict=True)]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {
        (one, other)
        for one, other in combinations(range(len(rows)), 2)
        if block[one] == block[other]
        and begin[one] <= begin[other] + length[other]
        and begin[other] <= begin[one] + length[one]
        and between_km(Point(lat[one], lon[one]), Point(lat[other], lon[other])) <= 5.0
    }


@given(
    pairs=st.lists(
        st.tuples(
            st.floats(-80, 80), st.floats(-170, 170), st.floats(0, 360), st.floats(0.98, 1.02)
        ),
        min_size=1,
        max_size=20,
    ),
    km=st.sampled_from((0.5, 5.0, 50.0)),
)
def test_a_close_distance_is_the_geodesic(
    pairs: list[tuple[float, float, float, float]], km: float
) -> None:
    """Pairs about as far apart as the limit is, which the curvature alone could get wrong."""
    from pyproj import Geod

    lat, lon, way, share = np.array(pairs).T
    far_lon, far_lat, _ = Geod(ellps="WGS84").fwd(lon, lat, way, share * km * 1000)
    both = np.append(lat, far_lat), np.append(lon, far_lon)
    n = np.arange(len(lat))
    all_pairs = links.Links(n, n + len(lat))
    found = links._no_further(*both, all_pairs, km)
    expected = links.distances_km(*both, all_pairs) <= km
    assert found.left.tolist() == n[expected].tolist()
