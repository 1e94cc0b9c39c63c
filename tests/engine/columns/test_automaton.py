"""The automaton against the reference, on random commitments that ask for each other's states."""

import json
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from servanda import asking, library
from servanda.engine.assess import assess_question
from servanda.engine.columns.automaton import Automaton
from servanda.engine.question import REFERENCE, Question
from tests.engine.columns.strata_texts import ACTS, NORMS, TOWNS, texts, told
from tests.engine.columns.test_lifecycles import TEXTS
from tests.support.engines import in_columns
from tests.support.pace import soon

acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(1, 60), st.booleans(), st.sampled_from("AB")),
    min_size=4,
    max_size=20,
)


CHANGE_POINTS_A_SECOND = 300_000


def test_it_says_what_the_reference_says() -> None:
    entered = []

    def put(self: Automaton) -> None:
        entered.append(len(self.accounts))
        usual(self)

    usual = Automaton.put
    with patch.object(Automaton, "put", put):
        compared()
    assert max(entered) > 1


@settings(deadline=None)
@given(texts, acts)
def compared(text: str, drawn: list[tuple[dict[str, Any], int, bool, str]]) -> None:
    asked, refused = asking.question(
        library.from_text(text), told(drawn, by_day=5), as_of="2000-02-15", standard="any_claim"
    )
    assert not refused
    by_steps = Question.of(replace(asked.inputs, engine=REFERENCE))
    with in_columns():
        columnar, courses = assess_question(asked), histories(asked)
    assert json.dumps(columnar) == json.dumps(assess_question(by_steps))
    assert courses == histories(by_steps)


def histories(asked: Question) -> list[Any]:
    """All that is worked out of each commitment, be it that an assessment does not say it."""
    return [
        (
            list(zip(one.times, one.flags, strict=True)),
            [(b.at, b.kind, b.cleared, b.ids) for b in one.breaches],
            [record.id for record in one.fulfilled_by],
            one.activated,
        )
        for standard in ("any_claim", "corroborated")
        for norm in NORMS
        for one in asked.run(standard, {}).histories(norm)
    ]


def test_three_hundred_thousand_change_points_a_second() -> None:
    text = TOWNS + TEXTS["each waits for the other"]
    rows = told([(ACTS[number % len(ACTS)], 26, False, "B") for number in range(50_000)])
    asked, _ = asking.question(library.from_text(text), rows, as_of="2300-01-01")
    usual = Automaton.run
    steps = []

    def run(self: Automaton) -> None:
        with soon(len(self.instants) / CHANGE_POINTS_A_SECOND, "the loop"):
            usual(self)
        steps.append(len(self.instants))

    with patch.object(Automaton, "run", run):
        asked.run("any_claim", {}).histories("two")
    assert steps[0] > 40_000


def test_acts_that_change_no_state_any_more_are_not_looked_at_one_by_one() -> None:
    text = (
        TOWNS + 'prohibition no "no attack"\n  bearer B\n  not attack by B on A\n  from in_force\n'
    )
    rows = told([(ACTS[0], 26, False, "B")] * 1_000)
    asked, _ = asking.question(library.from_text(text), rows, as_of="2300-01-01")
    with patch.object(Automaton, "run", side_effect=AssertionError):
        (history,) = asked.run("any_claim", {}).histories("no")
    assert len(history.times) == 2
    assert len(history.breaches) == 1_000
