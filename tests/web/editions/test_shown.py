"""What the page of an edition shows of its document."""

from typing import Any

import pytest

from servanda.report.edition.document import under
from servanda.web.editions.say import speech
from servanda.web.editions.shown import page
from tests.report.edition.samples import FLAGSHIP, made


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return made(FLAGSHIP, standard="corroborated")


def test_instances_of_which_the_same_is_said_stand_together(document: dict[str, Any]) -> None:
    shown = page(document, speech("en"))
    point = next(p for p in shown.points if p.id == "p8")
    rows = [c for c in document["commitments"] if c["provision"] == "p8"]
    assert len(rows) > 20 > len(point.commitments)
    told = sum(len(c.bearers) for c in point.commitments)
    assert told == len({(b["name"], str(r["text"])) for r in rows for b in r["bearers"]})


def test_every_commitment_and_every_point_is_there(document: dict[str, Any]) -> None:
    for language in ("en", "uk", "ru"):
        shown = page(document, speech(language))
        assert [p.id for p in shown.points] == [p["id"] for p in document["provisions"]]
        texts = {c.text for p in shown.points for c in p.commitments}
        assert texts == {speech(language).text(c["text"]) for c in document["commitments"]}


def test_violations_are_told_by_their_basis(document: dict[str, Any]) -> None:
    def words(told: dict[str, Any]) -> set[str]:
        points = page(told, speech("en")).points
        return {m.word for p in points for c in p.commitments for s in c.said for m in s.marks}

    assert {"violation alleged", "fulfilled"} <= words(document)
    one = {**document["commitments"][0], "state": "violated", "violations": ["decided", "found"]}
    assert words({**document, "commitments": [one], "deadlines": [], "not_monitored": []}) == {
        "violation decided", "violation found"
    }  # fmt: skip


def test_a_disputed_clock_shows_every_day_with_its_readings(document: dict[str, Any]) -> None:
    clock = next(c for c in page(document, speech("en")).clocks if len(c.dues) > 1)
    assert all(due.readings for due in clock.dues)
    assert [due.day for due in clock.dues] == ["20 April 2026", "25 April 2026"]
    (deadline,) = [d for d in document["deadlines"] if len(d["days"]) > 1]
    assert clock.dues[0].readings == under(document, deadline["days"][0]["if"])


def test_counts_stand_beside_how_much_was_observed(document: dict[str, Any]) -> None:
    table = page(document, speech("uk")).table
    assert table is not None
    assert [unit.name for unit in table.units] == ["Херсонська область", "поза територіями мапи"]
    assert table.units[0].count is None and table.units[-1].observed is None
    assert len(table.across) == len(table.units[0].by_week) == 8
