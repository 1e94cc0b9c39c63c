"""What each source says becomes records, with the precision it has and nothing added."""

import io
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from servanda.connect import Accepted, Rejected, Row, Settings, Unusable, connectors, find, read
from servanda.evidence.instant import parse_period
from servanda.geo import Atlas
from servanda.language.load import standard_records

ATLAS = Atlas.standard()
SIDES = {"Army of North": "North", "Army of South": "South"}


def _settings(mapping: Mapping[str, Any] | None = None) -> Settings:
    return Settings(standard_records(), ZoneInfo("UTC"), ATLAS, mapping or {}, ATLAS.extent)


def _table(*rows: Mapping[str, str]) -> io.StringIO:
    return io.StringIO(
        ",".join(rows[0]) + "\n" + "".join(",".join(r.values()) + "\n" for r in rows)
    )


def _one(name: str, row: Mapping[str, str], mapping: Mapping[str, Any] | None = None) -> Row:
    (found,) = read(find(name), _table(row), _settings(mapping))
    return found


def _record(name: str, row: Mapping[str, str], mapping: Mapping[str, Any] | None = None) -> Any:
    found = _one(name, row, mapping)
    assert isinstance(found, Accepted), found
    return found.record


def test_the_registry_lists_the_folder() -> None:
    assert list(connectors()) == ["acled", "air-raid", "air-war", "csv", "ucdp", "viina"]
    with pytest.raises(Unusable, match="Did you mean ucdp"):
        find("ucpd")


# --- UCDP ---------------------------------------------------------------------------------------

GED = {
    "id": "7",
    "type_of_violence": "3",
    "side_a": "Army of North",
    "side_b": "Civilians",
    "date_start": "2022-03-01 00:00:00.000",
    "date_end": "2022-03-01 00:00:00.000",
    "date_prec": "1",
    "where_prec": "1",
    "adm_1": "Kharkiv oblast",
    "latitude": "49.99",
    "longitude": "36.23",
    "best": "4",
    "high": "",
    "low": "0",
    "source_article": "Wire 2022-03-02",
}


def test_ucdp_one_sided_violence_has_a_perpetrator() -> None:
    found = _record("ucdp", GED, {"actors": SIDES})
    assert found["args"] == {"by": "North", "target": "civilian"}
    assert found["at"] == "2022-03-01"
    assert found["place"] == {"lat": 49.99, "lon": 36.23}
    assert found["deaths"] == {"best": 4, "low": 0}, "an empty cell is no zero; a zero is one"


@pytest.mark.parametrize("kind", ["1", "2"])
def test_ucdp_fights_name_no_attacker(kind: str) -> None:
    row = GED | {"type_of_violence": kind, "side_b": "Army of South"}
    found = _record("ucdp", row, {"actors": SIDES})
    assert found["args"] == {"by": "unattributed"}
    assert found["sides"] == ["Army of North", "Army of South"]


def test_ucdp_a_span_of_days_stays_a_span() -> None:
    row = GED | {"date_end": "2022-03-09 00:00:00.000", "date_prec": "4"}
    found = _record("ucdp", row)
    assert found["at"] == "2022-03-01/2022-03-09"
    span = parse_period(found["at"], ZoneInfo("UTC"))
    assert span.length == 9 * 86_400_000_000 - 1


@pytest.mark.parametrize(
    ("precision", "place"), [("2", "Kharkiv"), ("4", "Kharkiv"), ("6", None), ("7", None)]
)
def test_ucdp_a_rough_place_is_no_point(precision: str, place: str | None) -> None:
    found = _record("ucdp", GED | {"where_prec": precision})
    assert found.get("place") == (None if place is None else {"name": place})


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"latitude": "136"}, "latitude", "outside the earth"),
        ({"latitude": "0", "longitude": "0"}, "latitude", "not known"),
        ({"latitude": "36.23", "longitude": "49.99"}, "latitude", "look swapped"),
        ({"latitude": "nan"}, "latitude", "no coordinates"),
        ({"latitude": "north"}, "latitude", "not a coordinate"),
        ({"longitude": ""}, "longitude", "one coordinate without the other"),
        ({"date_end": "2022-02-01"}, "date_end", "before it starts"),
        ({"date_prec": "4"}, "date_prec", "one day only"),
        ({"date_start": "soon"}, "date_start", "not a day"),
        ({"type_of_violence": "9"}, "type_of_violence", "not one of 1 to 3"),
        ({"best": "many"}, "best", "not a number"),
        ({"id": ""}, "id", "is empty"),
    ],
)
def test_ucdp_what_cannot_be_right_is_kept_apart(
    change: dict[str, str], column: str, reason: str
) -> None:
    found = _one("ucdp", GED | change)
    assert isinstance(found, Rejected)
    assert (found.line, found.column) == (2, column)
    assert reason in found.reason
    assert found.cells["id"] == (GED | change)["id"], "the row is kept as it stood"


def test_ucdp_without_coordinates_has_no_place() -> None:
    assert "place" not in _record("ucdp", GED | {"latitude": "", "longitude": ""})


# --- ACLED --------------------------------------------------------------------------------------

ACLED = {
    "event_id_cnty": "NOR1",
    "event_date": "2023-05-10",
    "time_precision": "1",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Shelling/artillery/missile attack",
    "actor1": "Army of North",
    "actor2": "Army of South",
    "civilian_targeting": "",
    "admin1": "Kharkiv",
    "location": "Kupiansk",
    "latitude": "49.71",
    "longitude": "37.61",
    "geo_precision": "1",
    "source": "Wire",
    "notes": "Shells fell.",
    "fatalities": "",
}


def test_acled_says_that_it_is_not_to_be_passed_on() -> None:
    found = _record("acled", ACLED, {"actors": SIDES})
    assert found["args"] == {"by": "North", "on": "South"}, (
        "no weapon: it may be a shell or missile"
    )
    assert (found["handling"], found["pass_on"]) == ("confidential", False)
    assert "deaths" not in found
    assert not find("acled").licence.pass_on


def test_acled_battles_name_no_attacker() -> None:
    row = ACLED | {"event_type": "Battles", "sub_event_type": "Armed clash"}
    assert _record("acled", row, {"actors": SIDES})["args"] == {"by": "unattributed"}


def test_acled_control_passes_to_the_first_actor() -> None:
    row = ACLED | {"event_type": "Battles", "sub_event_type": "Government regains territory"}
    found = _record("acled", row, {"actors": SIDES})
    assert found["type"] == "control_change"
    assert found["args"] == {"place": "Kupiansk", "to": "North", "from": "South"}
    unmapped = _one("acled", row)
    assert isinstance(unmapped, Rejected)
    assert unmapped.column == "actor1"


@pytest.mark.parametrize(
    ("precision", "at"),
    [("1", "2023-05-10"), ("2", "2023-05-07/2023-05-13"), ("3", "2023-05")],
)
def test_acled_time_precision(precision: str, at: str) -> None:
    assert _record("acled", ACLED | {"time_precision": precision})["at"] == at


def test_acled_rough_places_and_other_events() -> None:
    found = _record("acled", ACLED | {"geo_precision": "3"})
    assert found["place"] == {"name": "Kharkiv"}
    other = _one("acled", ACLED | {"event_type": "Protests", "sub_event_type": "Peaceful protest"})
    assert isinstance(other, Rejected)
    assert "no attack and no change of control" in other.reason


# --- VIINA, its own releases ----------------------------------------------------------------------

ONE_PER_DAY = {
    "event_id_1pd": "9",
    "date": "20230510",
    "time": "14:20",
    "longitude": "37.61",
    "latitude": "49.71",
    "GEO_PRECISION": "STREET",
    "ADM1_NAME": "Kharkiv",
    "a_rus_b": "1",
    "a_ukr_b": "0",
    "a_civ_b": "0",
    "t_airstrike_b": "0",
    "t_artillery_b": "1",
    "t_uav_b": "0",
}


def test_viina_labels_give_the_weapon_only_if_they_agree() -> None:
    flags = {"flags": {"a_rus": "North"}}
    found = _record("viina", ONE_PER_DAY, flags)
    assert found["args"] == {"by": "North", "weapon": "artillery"}
    assert found["at"] == "2023-05-10", "the time is that of the report, not of the event"
    both = _record("viina", ONE_PER_DAY | {"t_uav_b": "1"}, flags)
    assert both["args"] == {"by": "North"}
    two = _record("viina", ONE_PER_DAY | {"a_civ_b": "1"}, flags)
    assert two["args"]["by"] == "unattributed"
    none = _one("viina", ONE_PER_DAY | {"t_artillery_b": "0"}, flags)
    assert isinstance(none, Rejected)
    assert "no label of an attack" in none.reason


def test_viina_a_region_is_no_point() -> None:
    assert _record("viina", ONE_PER_DAY | {"GEO_PRECISION": "ADM1"})["place"] == {"name": "Kharkiv"}


def test_a_file_of_another_source_is_refused_whole() -> None:
    with pytest.raises(Unusable, match="lacks the columns event_id_cnty, event_date"):
        list(read(find("acled"), _table(GED), _settings()))


# --- any table ------------------------------------------------------------------------------------

MAPPING: dict[str, Any] = {
    "id": "press-{no}",
    "type": "attack",
    "source": {"column": "paper"},
    "at": {"column": "day", "form": "%d.%m.%Y"},
    "place": {"lat": "y", "lon": "x"},
    "args": {
        "by": {"column": "who", "words": {"N": "North"}, "otherwise": "unattributed"},
        "weapon": {"column": "how", "words": {"d": "drone", "?": None}},
    },
}
PRESS = {
    "no": "1",
    "paper": "Post",
    "day": "5.1.2026",
    "y": "49",
    "x": "36",
    "who": "N",
    "how": "d",
}


def test_a_table_of_ones_own() -> None:
    assert _record("csv", PRESS, MAPPING) == {
        "id": "press-1",
        "type": "attack",
        "source": "Post",
        "at": "2026-01-05",
        "place": {"lat": 49.0, "lon": 36.0},
        "args": {"by": "North", "weapon": "drone"},
    }
    other = _record("csv", PRESS | {"who": "?", "how": "?", "y": "", "x": ""}, MAPPING)
    assert other["args"] == {"by": "unattributed"}
    assert "place" not in other
    odd = _one("csv", PRESS | {"how": "z"}, MAPPING)
    assert isinstance(odd, Rejected)
    assert (odd.column, odd.reason) == ("how", "“z” stands in no table of the mapping")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "says id"),
        ({"colour": "red"}, "colour, which no record has"),
        ({"id": "{number}"}, "column “number”"),
        ({"at": {"column": "when"}}, "column “when”"),
        ({"args": "by"}, "no table"),
    ],
)
def test_a_mapping_that_does_not_fit_is_explained(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        list(read(find("csv"), _table(PRESS), _settings(MAPPING | change)))


def test_the_air_war_needs_to_know_who_claims() -> None:
    with pytest.raises(Unusable, match="needs a mapping"):
        list(read(find("air-war"), _table({"d": "2025-01-01"}), _settings()))


def test_one_bad_cell_does_not_cost_the_others() -> None:
    columns = {
        name: {"by": "North", "against": "South", "about": name} for name in ("sent", "downed")
    }
    found = list(
        read(
            find("air-war"),
            _table(
                {"d": "2025-01-01", "sent": "many", "downed": "0"},
                {"d": "2025-01-02", "sent": "", "downed": ""},
            ),
            _settings({"columns": columns}),
        )
    )
    assert [(type(r), r.line) for r in found] == [(Rejected, 2), (Accepted, 2), (Rejected, 3)]
    assert isinstance(found[1], Accepted)
    assert found[1].record["args"]["count"] == 0
