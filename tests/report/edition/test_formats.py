"""An edition in other forms, read again by other programs."""

import io
from datetime import date
from typing import Any

import icalendar
import polars as pl
import pytest
from shapely.geometry import shape

from servanda.geo import Atlas
from servanda.report.edition import formats
from tests.report.edition.samples import FLAGSHIP, made


@pytest.fixture(scope="module")
def pause() -> dict[str, Any]:
    return made()


def test_the_table_of_occurrences_is_the_one_of_the_document(pause: dict[str, Any]) -> None:
    told = pause["occurrences"]
    table = pl.read_csv(io.StringIO(formats.occurrences_csv(pause)), infer_schema_length=None)
    cells = len(told["units"]) * len(told["weeks"])
    assert table.height == cells + len(told["units"]) + len(told["weeks"]) + 1
    assert table.row(table.height - 1, named=True)["occurrences"] == told["total"] == 39
    kherson = table.filter((pl.col("unit") == "Kherson") & (pl.col("until") == "2025-04-27"))
    assert kherson.height == 2  # its last week, and all weeks together
    whole = kherson.filter(pl.col("from") == "2025-03-17").row(0, named=True)
    assert whole["occurrences"] == 5 and whole["observed_share"] == 0
    for row in table.iter_rows(named=True):
        assert (row["occurrences"] is None) == (row["kept_back"] == "yes")


def test_the_table_of_commitments_says_each_reading(pause: dict[str, Any]) -> None:
    table = pl.read_csv(io.StringIO(formats.commitments_csv(pause)))
    assert table["state"].to_list() == [
        "depends on a reading", "violated", "terminated",
        "depends on a reading", "terminated", "violated",
    ]  # fmt: skip
    assert table["violations"].to_list()[1] == "alleged"
    assert "start=on_25_march, release=for_good" in table["readings"].to_list()


def test_before_anything_can_be_told_the_table_is_empty() -> None:
    early = made(day=date(2025, 3, 20))
    assert pl.read_csv(io.StringIO(formats.occurrences_csv(early))).height == 0
    assert formats.geojson(early, Atlas.standard())["features"] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(pause: dict[str, Any], start: str) -> None:
    first = {**pause["commitments"][0], "text": {"en": f'{start}HYPERLINK("http://x")'}}
    text = formats.commitments_csv({**pause, "commitments": [first]})
    told = pl.read_csv(io.StringIO(text))["text"].to_list()
    assert all(cell.startswith(f"'{start}") for cell in told)


def test_the_map_has_a_shape_for_each_unit(pause: dict[str, Any]) -> None:
    found = formats.geojson(pause, Atlas.standard())
    assert found["type"] == "FeatureCollection"
    for one in found["features"]:
        told = one["properties"]
        assert told["kept_back"] == (told["occurrences"] is None)
        if one["id"] is None:
            assert one["geometry"] is None
        else:
            assert shape(one["geometry"]).is_valid and shape(one["geometry"]).area > 0
    by_id = {one["id"]: one["properties"]["occurrences"] for one in found["features"]}
    assert by_id["Kherson"] == 5 and by_id["Sumy"] is None


def test_the_calendar_has_an_entry_for_every_day() -> None:
    found = made(FLAGSHIP, standard="corroborated")
    made_of = formats.calendar(found, "https://peace.example/public/editions/1")
    events = icalendar.Calendar.from_ical(made_of).walk("VEVENT")
    days = [day["last_day"] for one in found["deadlines"] for day in one["days"]]
    assert [event.decoded("dtstart").isoformat() for event in events] == days
    assert len({str(event["uid"]) for event in events}) == len(events) == 2
    assert all("only a body makes findings" in str(event["description"]) for event in events)


def test_the_calendar_speaks_the_language_that_it_is_given() -> None:
    found = made(FLAGSHIP, standard="corroborated")
    event = icalendar.Calendar.from_ical(formats.calendar(found, "x", str.upper)).walk("VEVENT")[0]
    assert str(event["summary"]).startswith("LAST DAY: ")
