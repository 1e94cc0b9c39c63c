"""Whole formulas on whole logs: the engine against what the formula means by its definition."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from servanda.engine.columns import plan
from servanda.engine.columns.monitor import LogFacts, expanded, monitor
from servanda.engine.columns.normalise import normalised
from servanda.engine.columns.safety import Unsafe, checked
from servanda.engine.columns.table import reordered
from servanda.engine.columns.timeline import Stamped
from servanda.language.mfotl.formula import parse_formula
from servanda.language.mfotl.lexer import Text
from servanda.model import formula as f
from servanda.model.event_log import EventLog, Relation
from tests.engine.columns.formulas import (
    ARITY,
    MOST,
    TRIED,
    LogRows,
    formulas,
    guarded,
    logs,
    shown,
)
from tests.engine.columns.naive import Naive
from tests.support.examples import examples


def event_log(rows: LogRows) -> EventLog:
    stamps = np.cumsum([step for step, _ in rows]).astype(np.int64)
    kinds: tuple[f.Kind, ...] = ("int", "int")
    relations = {}
    for name, arity in ARITY.items():
        found = [
            (args, at) for at, (_, events) in enumerate(rows) for n, args in events if n == name
        ]
        columns = tuple(np.array([args[i] for args, _ in found], np.int64) for i in range(arity))
        at = np.array([at for _, at in found], np.int64)
        relations[name] = Relation(kinds[:arity], columns, at)
    return EventLog(stamps, relations)


def naive(rows: LogRows) -> Naive:
    facts = {
        name: frozenset(
            (args, at) for at, (_, events) in enumerate(rows) for n, args in events if n == name
        )
        for name in ARITY
    }
    return Naive(facts, np.cumsum([step for step, _ in rows]).tolist(), TRIED)


def text_of(rows: LogRows) -> str:
    now, lines = 0, []
    for step, events in rows:
        now += step
        lines.append(f"@{now} " + " ".join(f"{n}({','.join(map(str, a))})" for n, a in events))
    return "; ".join(lines)


def found(formula: f.Formula, rows: LogRows) -> tuple[tuple[str, ...], set[tuple[int, ...]]]:
    """The free variables and the rows (position, values …) that satisfy; raises Unsafe."""
    log = event_log(rows)
    normal = normalised(formula)
    checked(normal)
    table = plan.evaluate(normal, LogFacts(log, log.stamps), Stamped(log.stamps), log.codes)
    names = tuple(sorted(f.free_variables(formula)))
    assert set(table.names) == set(names)
    points = expanded(reordered(table, names), len(log.stamps))
    columns = [c.tolist() for c in (points.start, *points.columns)]
    listed = list(zip(*columns, strict=True))
    assert len(set(listed)) == len(listed), "an answer is given once"
    return names, set(listed)


def compare(formula: f.Formula, rows: LogRows) -> None:
    names, answers = found(formula, rows)
    plain = naive(rows)
    expected = {
        (at, *values)
        for at in range(len(rows))
        for values in product(TRIED, repeat=len(names))
        if plain.holds(formula, dict(zip(names, values, strict=True)), at)
    }
    beyond = {a for a in answers if not all(v in TRIED for v in a[1:])}
    assert answers - beyond == expected, f"\n{shown(formula)}\n{text_of(rows)}"


@examples(500)
@given(guarded(formulas()), logs)
def test_what_stands_beside_a_guard(formula: f.Formula, rows: LogRows) -> None:
    try:
        compare(formula, rows)
    except Unsafe:
        event("refused")
        assume(False)


@examples(500)
@given(formulas(), logs)
def test_what_is_safe_by_itself(formula: f.Formula, rows: LogRows) -> None:
    try:
        compare(formula, rows)
    except Unsafe:
        event("refused")
        assume(False)


aggregations = st.builds(
    f.Aggregation,
    st.just("v"),
    st.sampled_from(("count", "min", "max")),
    st.just(f.Variable("y")),
    st.sampled_from(((), ("x",))),
    st.builds(
        lambda guard, inner: f.And((guard, inner)),
        st.just(
            f.Temporal(
                "once", f.Interval(0, 2), f.Predicate("r", (f.Variable("x"), f.Variable("y")))
            )
        ),
        formulas(1),
    ),
)


@examples(500)
@given(aggregations, st.booleans(), logs)
def test_aggregations(formula: f.Aggregation, beside: bool, rows: LogRows) -> None:
    body: f.Formula = formula
    if beside:
        body = f.And((f.Predicate("p", (f.Variable("v"),)), formula))
    try:
        compare(body, rows)
    except Unsafe:
        assume(False)


X, Y = f.Variable("x"), f.Variable("y")
LAST = f.Temporal("previous", f.ANY, f.Predicate("l", (X, Y)))
RECURSIONS: dict[str, Callable[[f.Formula], f.Formula]] = {
    "as SINCE": lambda c: f.And((c, LAST)),
    "with PREV outside": lambda c: f.Temporal(
        "previous", f.ANY, f.And((f.Predicate("l", (X, Y)), c))
    ),
    "in rounds": lambda c: f.Or((f.And((c, LAST)), f.And((LAST, c, c)))),
}


@pytest.mark.parametrize("form", RECURSIONS)
@examples(500)
@given(guarded(formulas(1)), formulas(2), logs)
def test_definitions_by_their_own_past(
    form: str, begins: f.Formula, kept: f.Formula, rows: LogRows
) -> None:
    """`l(x,y) = a OR (c AND PREV l(x,y))` is `c SINCE a`, seen at once or found in rounds."""
    definition = f.Or((begins, RECURSIONS[form](kept)))
    let = f.Let("l", ("x", "y"), definition, f.Predicate("l", (X, Y)), past=True)
    left = f.Temporal("previous", f.ANY, kept) if form == "with PREV outside" else kept
    since = f.Dyadic("since", f.ANY, left, begins)
    assume(f.free_variables(definition) == {"x", "y"})
    try:
        assert found(let, rows) == found(since, rows), f"\n{shown(since)}\n{text_of(rows)}"
    except Unsafe:
        assume(False)


@examples(500)
@given(guarded(formulas(2)), logs, st.integers(1, MOST), st.booleans())
def test_what_is_decided_stays_so(
    formula: f.Formula, rows: LogRows, cut: int, open_end: bool
) -> None:
    """With an open end nothing that comes later changes a verdict that was given."""
    try:
        early = monitor(formula, event_log(rows[:cut]), open_end=True)
        late = monitor(formula, event_log(rows), open_end=open_end)
    except Unsafe:
        assume(False)
    assert early.decided <= late.decided
    before = late.at < early.decided
    assert early.at.tolist() == late.at[before].tolist()
    for one, other in zip(early.columns, late.columns, strict=True):
        assert one.tolist() == other[before].tolist()


@examples(200)
@given(guarded(formulas(1)).map(lambda g: f.Temporal("once", f.ANY, g)), logs, st.integers(1, 5))
def test_verdicts_in_parts(formula: f.Formula, rows: LogRows, most: int) -> None:
    try:
        verdicts = monitor(formula, event_log(rows))
    except Unsafe:
        assume(False)
    parts = list(verdicts.parts(most))
    joined = [at for part in parts for at in part.start.tolist()]
    assert joined == verdicts.at.tolist()
    for i, column in enumerate(verdicts.columns):
        assert [v for part in parts for v in part.columns[i].tolist()] == column.tolist()


@examples(500)
@given(formulas())
def test_formulas_are_read_as_they_are_written(formula: f.Formula) -> None:
    assert normalised(parse_formula(Text(shown(formula)))) == normalised(formula)
