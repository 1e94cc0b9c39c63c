"""The automaton against the reference, on random commitments that ask for each other's states."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from servanda import asking, library
from servanda.engine.assess import assess_question
from servanda.engine.columns import simulation
from servanda.engine.columns.automaton import enter_at_once
from servanda.engine.question import REFERENCE, Question
from tests.engine.columns.strata_texts import ACTS, texts
from tests.support.engines import in_columns

acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(1, 60), st.booleans(), st.sampled_from("AB")),
    min_size=4,
    max_size=20,
)


def told(drawn: list[tuple[dict[str, Any], int, bool, str]]) -> list[dict[str, Any]]:
    """Records some hours apart each, dated by instant or, few of them, by day."""
    at, rows = datetime(2000, 1, 2), []
    for number, (act, hours, by_day, source) in enumerate(drawn):
        at += timedelta(hours=hours)
        written = at.strftime("%Y-%m-%d" if by_day and number % 5 == 0 else "%Y-%m-%dT%H:%M:%SZ")
        rows.append({"id": f"r{number}", "at": written, "source": source, **act})
    return rows


@settings(deadline=None)
@given(texts, acts)
def test_it_says_what_the_reference_says(
    text: str, drawn: list[tuple[dict[str, Any], int, bool, str]]
) -> None:
    asked, refused = asking.question(
        library.from_text(text), told(drawn), as_of="2000-03-01", standard="any_claim"
    )
    assert not refused

    def tried(sim: simulation.ColumnSimulation) -> bool:
        fit = enter_at_once(sim)
        event(f"{len(sim.slots)} at once: {fit}")
        return fit

    usual = simulation.enter_at_once
    simulation.enter_at_once = tried
    try:
        with in_columns():
            columnar = assess_question(asked)
    finally:
        simulation.enter_at_once = usual
    plain = assess_question(Question.of(replace(asked.inputs, engine=REFERENCE)))
    assert json.dumps(columnar) == json.dumps(plain)
