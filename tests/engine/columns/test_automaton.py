"""The automaton against the reference, on random commitments that ask for each other's states."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from servanda import asking, library
from servanda.engine.assess import assess_question
from servanda.engine.columns.automaton import Automaton
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
        library.from_text(text), told(drawn), as_of="2000-03-01", standard="any_claim"
    )
    assert not refused
    with in_columns():
        columnar = assess_question(asked)
    plain = assess_question(Question.of(replace(asked.inputs, engine=REFERENCE)))
    assert json.dumps(columnar) == json.dumps(plain)
