"""Explanations: every change that is proposed, applied, changes the state."""

import pytest

from servanda import asking
from servanda.engine.explain import changes, explain
from servanda.engine.question import Question
from servanda.engine.readings import spreads
from tests.support import story

STORIES = (
    "rule-06-corroborated",
    "rule-04-achieve-in-time-late-and-cured",
    "rule-04-maintain-with-an-assumed-deadline",
    "rule-10-clock-start",
    "rule-12-ukraine-in-the-buffer-after-its-withdrawal",
    "truce-pause-released-by-the-other",
    "truce-easter-right-to-respond",
    "rule-14-tallies",
)


def _section(name: str) -> story.Section:
    return story.parse(story.FOLDER / f"{name}.md").sections[0]


def _question(name: str, number: int) -> Question:
    told = story.parse(story.FOLDER / f"{name}.md")
    section = told.sections[number]
    lib = story.library_of(told)
    records = story.records_of(lib, told.rows + section.rows)
    asked, _ = asking.question(lib, records, **section.options)
    return asked


@pytest.mark.parametrize("name", STORIES)
def test_every_proposed_change_changes_the_state(name: str) -> None:
    asked = _question(name, 0)
    proposed = 0
    named = {what.split()[0].partition("[")[0] for what, _ in _section(name).expected}
    for norm in asked.agreement.norms.values():
        if norm.id not in named:
            continue
        for instance, spread in spreads(asked, norm.id, asked.inputs.standard).items():
            for change, state in changes(asked, norm, spread):
                proposed += 1
                after = Question.of(change.ask().inputs)  # put anew, with nothing shared
                found = spreads(after, norm.id, after.inputs.standard).get(instance)
                assert (found.state if found else "inactive") == state
                assert state != spread.state, (instance, change.text)
    assert proposed


def test_an_explanation_names_clause_reading_records_and_sources() -> None:
    asked = _question("rule-06-corroborated", 1)
    (found,) = explain(asked, "p28.ceasefire[Russia]")
    assert found["state"] == "breached"
    assert found["where"].startswith("agreement.md:")
    assert found["clause"]
    case = found["cases"][0]
    told = " ".join(case["records"])
    for part in ("b1", "b2", "Ukraine", "AFP"):
        assert part in told
    assert any("2026-02-01T10:00:00Z" in s for s in case["sentences"])
    kinds = {change["kind"] for change in found["would_change"]}
    assert {"standard", "record"} <= kinds


def test_without_two_speakers_withdrawing_one_is_proposed() -> None:
    asked = _question("rule-06-corroborated", 0)
    (found,) = explain(asked, "p28.ceasefire[Russia]")
    proposed = {c["change"]: c["state"] for c in found["would_change"]}
    assert proposed["record a1 were withdrawn"] == "active"
    assert proposed["record a2 were withdrawn"] == "active"
