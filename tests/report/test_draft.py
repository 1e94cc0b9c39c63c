"""A draft as plain data, and as a mediator reads it: everything once, within 80 columns."""

import json
import re

import pytest

from servanda import library
from servanda.cli.show import PARTS
from servanda.report.draft import SCHEMA, draft
from servanda.report.negotiation import contested

FOUND = draft(library.load("ukraine-28-point"))


def test_it_is_plain_data() -> None:
    assert FOUND["schema"] == SCHEMA
    assert json.loads(json.dumps(FOUND))["agreement"]["status"] == "tabled"
    assert len(FOUND["provisions"]) == 28
    assert sum(len(p["norms"]) for p in FOUND["provisions"]) == 68


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_filled_and_fits_eighty_columns(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = [line for told in PARTS[part](FOUND) for line in told.splitlines()]
    assert len(lines) > 3
    assert all(len(line) <= 80 for line in lines)
    assert not any(re.search(r"\bNone\b", line) for line in lines)


@pytest.mark.parametrize("name", library.bundled())
def test_what_is_not_recorded_is_not_made_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    found = draft(library.load(name))
    lines = [line for part in PARTS.values() for told in part(found) for line in told.splitlines()]
    assert not [line for line in lines if len(line) > 80 or re.search(r"\bNone\b", line)]


def test_each_statement_is_told_once_with_the_numbers_of_those_that_contradict_it() -> None:
    told = " ".join(" ".join(PARTS["statements"](FOUND)).split())
    statements = FOUND["negotiation"]["statements"]
    numbers = {row["id"]: n for n, row in enumerate(statements, 1)}
    for row in statements:
        assert told.count(f"({numbers[row['id']]}) ") == 1
    for one, against in contested(statements):
        line = told.split(f"({numbers[one['id']]}) ")[1].split("source:")[0]
        marked = re.search(r"≠ ([\d, ]+)", line)
        assert marked is not None
        assert {str(numbers[o["id"]]) for o in against} <= set(
            marked[1].replace(" ", "").split(",")
        )


def test_commentary_stands_in_a_part_of_its_own() -> None:
    gloss = FOUND["negotiation"]["commentary"][0]["says"].split(",")[0]
    for name, part in PARTS.items():
        told = " ".join(" ".join(part(FOUND)).split())
        assert (gloss in told) == (name == "commentary"), name


def test_what_is_approximate_says_so() -> None:
    told = " ".join(PARTS["map"](FOUND))
    assert "approximate; the line is schematic" in told
    assert "about 75 %" in told
