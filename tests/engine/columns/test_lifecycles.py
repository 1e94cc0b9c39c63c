"""Commitments whose states change again and again: both engines, on random courses of acts.

What an agreement asks for over and over is entered, cleared and shown at each of very many
instants, which must neither change what is said of it nor take longer the more there was before.
"""

import json
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda import asking, library
from servanda.engine.assess import assess_question
from servanda.engine.lifecycle import Simulation
from servanda.engine.question import REFERENCE, Question
from tests.engine.columns.strata_texts import ACTS, TOWNS, told
from tests.support.engines import in_columns

TEXTS = {
    "answers to each": """\
obligation each "answers each attack"
  bearer A
  achieve enacts by A act answer
  from each attack by B on A
  within 3 days of attack by B on A
""",
    "answers to each, with grace": """\
obligation each "answers each attack"
  bearer A
  achieve enacts by A act answer
  from each attack by B on A or enacts by B act repair
  within 30 hours of attack by B on A or enacts by B act repair
  grace 1 days
""",
    "answers to each at some time": """\
obligation each "answers each attack"
  bearer A
  achieve enacts by A act answer
  from each attack by B on A
  deadline unspecified
""",
    "done, undone, done again": """\
obligation law "has the law in force"
  bearer A
  achieve enacts by A act answer
  from in_force
  within 20 days of in_force
  reopens when repeals by A act answer
  clock stops while lifts_sanctions by A on B for at most 4 days
""",
    "kept": """\
obligation keep "keeps them in place"
  bearer A
  maintain not lifts_sanctions by A on B
  from enacts by A act answer
""",
    "kept and failed": """\
obligation keep "keeps them in place"
  bearer A
  maintain not lifts_sanctions by A on B
  from in_force
  suspended while enacts by B act repair
""",
    "repaired": """\
prohibition no "no attack"
  bearer B
  not attack by B on A
  from in_force
  on breach cure within 3 days by enacts by B act repair
""",
    "again and again": """\
obligation monthly "reports each week"
  bearer A
  achieve enacts by A act answer
  from in_force
  every 7 days
""",
    "ended": """\
obligation law "has the law in force"
  bearer A
  achieve enacts by A act answer
  from each attack by B on A
  within 3 days of attack by B on A
  grace 1 days
  until enacts by B act repair
  released when imposes_sanctions by A on B
""",
    "kept from a date on": """\
obligation keep "keeps them in place"
  bearer A
  maintain not lifts_sanctions by A on B
  from attack by B on A
  within 5 days of enacts by A act answer
  terminated when repeals by B act repair
""",
    "done together": """\
obligation two "both are done within two days of each other"
  bearer A
  achieve enacts by A act answer and once [0 hours, 48 hours] (lifts_sanctions by A on B)
  from in_force
  within 40 days of in_force
  reopens when attack by B on A
""",
    "each waits for the other": """\
obligation one "answers each attack"
  bearer A
  achieve enacts by A act answer
  from each attack by B on A
  deadline unspecified
  suspended while two is suspended

obligation two "keeps them in place"
  bearer B
  maintain not lifts_sanctions by A on B
  from in_force
  suspended while once [1 hours, 30 hours] (one is fulfilled)
""",
}
STEP_BY_STEP = ("repaired", "again and again")  # the others are an automaton
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(5, 60), st.booleans(), st.sampled_from("AB")),
    min_size=4,
    max_size=30,
)


def question(text: str, rows: list[dict[str, Any]]) -> Question:
    asked, refused = asking.question(
        library.from_text(TOWNS + text), rows, as_of="2001-01-01", standard="any_claim"
    )
    assert not refused
    return asked


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=25, deadline=None)
@given(acts, st.sampled_from([0, 2]))
def test_both_engines_say_the_same(
    name: str, drawn: list[tuple[dict[str, Any], int, bool, str]], matching: int
) -> None:
    asked = question(TEXTS[name], told(drawn))
    with in_columns(matching):
        columnar = assess_question(asked)
    plain = assess_question(Question.of(replace(asked.inputs, engine=REFERENCE)))
    assert json.dumps(columnar) == json.dumps(plain)


@pytest.mark.parametrize("name", TEXTS)
def test_a_change_costs_the_same_however_many_came_before(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that are run for each step, and twice as many steps on: no other work disturbs them."""
    spent = [_lines(name, count, monkeypatch) for count in (300, 600)]
    assert spent[1] <= spent[0] * 1.25
    assert (spent[1] > 0) == (name in STEP_BY_STEP)


def _lines(name: str, count: int, monkeypatch: pytest.MonkeyPatch) -> float:
    """Lines of Python that are run for each step of a simulation."""
    rows = told([(ACTS[i % len(ACTS)], 26, False, "B") for i in range(count)])
    asked = question(TEXTS[name], rows)
    steps, lines = 0, 0
    step, run = Simulation._step, Simulation.run

    def counted(self: Simulation) -> None:
        nonlocal steps
        steps += 1
        step(self)

    def trace(*_: Any) -> Any:
        nonlocal lines
        lines += 1
        return trace

    def traced(self: Simulation) -> None:
        sys.settrace(trace)
        try:
            run(self)
        finally:
            sys.settrace(None)

    with monkeypatch.context() as patched:
        patched.setattr(Simulation, "_step", counted)
        patched.setattr(Simulation, "run", traced)
        with in_columns():
            asked.run("any_claim", {}).histories(list(asked.agreement.norms)[-1])
    return lines / steps if steps else 0.0  # none: it was an automaton
