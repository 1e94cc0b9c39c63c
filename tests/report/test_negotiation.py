"""The record of a negotiation: rows under fixed names, statements side by side, nothing settled."""

from pathlib import Path

import pytest

from servanda import library
from servanda.library import InputError
from servanda.model.agreement import DraftStatus
from servanda.report.negotiation import LISTS, contested, negotiation, positions, sources
from servanda.report.sticking_points import sticking_points
from tests.report.samples import folder


def test_an_agreement_without_a_record_has_empty_lists(tmp_path: Path) -> None:
    found = negotiation(folder(tmp_path))
    assert all(found[name] == [] for name in LISTS)
    assert found["status"] == {"history": [], "claims": [], "note": ""}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "has a list where a mapping is needed"),
        ("status: tabled\n", "It stands at status"),
        ("meetings: Vienna\n", "has a text where a list is needed"),
        ("meetings:\n- {id: m}\n- Vienna\n", "It stands at meetings.2"),
        ("meetings: [\n", "no YAML that can be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        negotiation(folder(tmp_path, negotiation=text))


def test_contradicting_statements_are_paired_once() -> None:
    one = {"id": "a", "contradicts": ["b", "unknown"]}
    other = {"id": "b", "contradicts": ["a"]}
    assert contested([one, other, {"id": "c"}]) == [(one, [other])]


def test_sources_are_addresses_or_paragraphs() -> None:
    row = {"sources": [{"report": "r", "paragraph": 3}, {"url": "https://a.example/b"}, "a letter"]}
    assert sources(row) == ["r, paragraph 3", "https://a.example/b", "a letter"]
    assert sources({"source": "https://c.example"}) == ["https://c.example"]
    assert sources({}) == []


def test_a_draft_can_have_any_status_of_its_life() -> None:
    words = (
        "working tabled initialled agreed signed ratified in_force provisionally_applied rejected "
        "superseded withdrawn lapsed"
    )
    assert {s.value.replace(" ", "_") for s in DraftStatus} == set(words.split())


def test_the_latest_position_counts_and_the_earlier_one_stays() -> None:
    rows = [
        {"party": "Upper", "point": "p2", "position": "reject", "date": "2026-01-01"},
        {"party": "Upper", "point": "p2", "position": "accept", "date": "2026-02-01"},
        {"party": "Lower", "point": "p2", "position": "accept", "date": "2026-01-01"},
        {"party": "Lower", "point": "p10", "position": "conditional", "date": "2026-01-01"},
        {"party": "Upper", "point": "p10", "position": "proposes", "date": "2026-01-01"},
        {"party": "Lower", "point": "p3", "position": "reject", "date": "2026", "draft": "other"},
    ]
    (stuck,) = sticking_points(rows)
    assert stuck["point"] == "p10"
    assert stuck["opposed"]
    assert stuck["said"] == {"Lower": "conditional", "Upper": "proposes"}


def test_earlier_positions_of_the_flagship_are_kept() -> None:
    rows = [
        (row["date"], row["position"])
        for row in positions(library.load("ukraine-28-point"))
        if row["party"] == "Ukraine" and row["point"] == "p6"
    ]
    assert rows == [("2025-11-20", "reject"), ("2025-12-24", "accept")]
