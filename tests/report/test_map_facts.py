"""Shares, areas and land connections: computed, approximate, and near to what is known."""

from pathlib import Path

import pytest

from servanda import library
from servanda.library import InputError
from servanda.report.map_facts import map_facts
from tests.report.samples import folder

FLAGSHIP = library.load("ukraine-28-point")
# Square kilometres of Donetsk that Ukraine held on 20 November 2025, from other polygons.
HELD_IN_DONETSK = 6_400


def test_the_land_beyond_the_line_is_near_to_what_is_reported() -> None:
    (row,) = map_facts(FLAGSHIP)
    assert row["approximate"]
    assert row["schematic"]
    percent = row["beyond_percent"]
    assert percent["Luhansk"] >= 99
    assert 75 <= percent["Donetsk"] + 5 <= 85, "reported: more than 80 percent; schematic: 75"
    for unit in ("Kherson", "Zaporizhzhia"):
        assert abs(percent[unit] - 75) <= 5, "reported: about 75 percent"
    assert all(percent[unit] <= 5 for unit in ("Kharkiv", "Mykolaiv", "Dnipropetrovsk"))


def test_what_lies_on_this_side_of_donetsk_is_near_to_the_measured_area() -> None:
    (row,) = map_facts(FLAGSHIP)
    assert abs(row["this_side_km2"]["Donetsk"] - HELD_IN_DONETSK) < 0.15 * HELD_IN_DONETSK
    buffer = FLAGSHIP.atlas.area_km2("donetsk_buffer")
    assert buffer is not None
    assert abs(buffer - HELD_IN_DONETSK) < 0.15 * HELD_IN_DONETSK


def test_the_freeze_leaves_a_land_connection() -> None:
    (row,) = map_facts(FLAGSHIP)
    assert row["connects"] == {"from": "Rostov", "to": "Crimea", "by_land": True}


def test_a_place_that_is_not_on_the_map_is_refused(tmp_path: Path) -> None:
    asked = "map:\n- {id: q, line: nowhere, seen_from: Kyiv, units: [Donetsk]}\n"
    with pytest.raises(InputError, match="the entry `q` names what is not on the map"):
        map_facts(folder(tmp_path, negotiation=asked))


def test_nothing_asked_nothing_shown(tmp_path: Path) -> None:
    assert map_facts(folder(tmp_path)) == []
