"""Positions of the parties, row by row beside the table that they come from."""

import csv
import re
from pathlib import Path

import pytest

from servanda import library
from servanda.report.negotiation import positions, sources
from tests.agreements import row_checks

ROWS = positions(library.load("ukraine-28-point"))
WORDS = ("accept", "conditional", "reject", "proposes", "separate_track")
PARTIES = {
    "EU/E3 + leaders": "Europe",
    "EU/E3": "Europe",
    "EU": "European_Union",
    "US": "United_States",
    "Coalition of the Willing": "Coalition_of_the_Willing",
}


@pytest.fixture(scope="module")
def table(shared: Path) -> list[dict[str, str]]:
    with (shared / "plan" / "positions.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _points(row: dict[str, str]) -> list[str]:
    point = row["point"]
    if point in ("whole", "E3 text", "20-point"):
        return ["whole"]
    numbers = [int(n) for n in re.findall(r"\d+", point)]
    if "-" in point:
        numbers = list(range(numbers[0], numbers[1] + 1))
    return [f"p{number}" for number in numbers]


def _kept(row: dict[str, str], point: str) -> list[str]:
    """Addresses of the kept positions of a row's party on a point and day."""
    party = PARTIES.get(row["party"], row["party"])
    return [
        source
        for kept in ROWS
        if (kept["party"], kept["point"], str(kept["date"])) == (party, point, row["date"])
        for source in sources(kept)
    ]


def test_every_row_with_a_source_is_kept_with_its_day_and_source(
    table: list[dict[str, str]],
) -> None:
    used = [row for row in table if row["source_url"].startswith("http")]
    assert len(used) == 30
    for row in used:
        for point in _points(row):
            assert row["source_url"] in _kept(row, point), f"{row['party']}, {row['point']}"


def test_a_row_whose_source_is_to_be_replaced_is_left_out(table: list[dict[str, str]]) -> None:
    marked = [row for row in table if "to be replaced" in row["source_url"]]
    assert len(marked) == 3
    for row in marked:
        for point in _points(row):
            assert not _kept(row, point), f"{row['party']}, {row['point']}"


def test_every_position_says_who_what_when_and_where_from() -> None:
    known = {p.id for p in library.load("ukraine-28-point").agreement.provisions.values()}
    for row in ROWS:
        assert row["point"] == "whole" or row["point"] in known
        assert row["position"] in WORDS
        assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", str(row["date"]))
        assert row["class"] in row_checks.CLASSES
        assert sources(row)
