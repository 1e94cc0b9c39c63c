"""The same question with one thing different: what does not depend on it is shared.

In: a question that is worked out in part or whole.  Out: another, with the answers that a question
put anew would give.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from servanda.engine.columns.facts import ColumnFacts, ColumnWorld
from servanda.engine.question import Inputs, Question
from servanda.evidence.columns import appended
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.record import Record
from servanda.evidence.standard import Evidence
from servanda.evidence.table import NO_INSTANT, Ints, RecordTable
from servanda.evidence.view import View, heard_by, latest, view


def choosing(question: Question, **choices: Any) -> Question:
    """Under another standard or with other readings fixed."""
    inputs = replace(question.inputs, as_of=question.as_of, **choices)
    other = Question(
        inputs,
        question.agreement,
        question.assumptions,
        question.view,
        question.strata,
        _moved=question._moved,
        _shared=question._shared,
        _worked_out=question._worked_out,
        _facts=question._facts,
        _runs=question._runs,
    )
    other.__dict__.update(world=question.world, evidence=question.evidence)
    return other


def without(question: Question, record: str) -> Question:
    """Had a record not been there; as of the same instant."""
    records = question.inputs.records
    if not isinstance(records, Excerpt):
        kept: Sequence[Record] = tuple(r for r in records if r.id != record)
        return Question.of(replace(question.inputs, records=kept, as_of=question.as_of))
    rows = list(records.table.rows_of([record]).values())
    inputs = replace(question.inputs, records=records.without(rows), as_of=question.as_of)
    before = question.view.records
    if not isinstance(before, Excerpt) or not _apart(records.table, rows, {record}):
        return _with(question, inputs, None)
    return _with(question, inputs, before.without(rows))


def later(question: Question, more: Sequence[Record]) -> Question:
    """With records that came since; their ids are new."""
    records, before = question.inputs.records, question.view.records
    table = None
    if isinstance(records, Excerpt) and isinstance(before, Excerpt):
        table = records.table.appended(more)
    if table is None:
        return Question.of(replace(question.inputs, records=(*records, *more)))
    assert isinstance(records, Excerpt)
    assert isinstance(before, Excerpt)
    fresh = np.arange(len(records.table), len(table))
    both = Excerpt(table, np.concatenate([records.rows, fresh]))
    inputs = replace(question.inputs, records=both)
    if not _apart(table, fresh.tolist(), {r.id for r in more}):
        return _with(question, inputs, None)
    heard = heard_by(Excerpt(table, fresh), inputs.known_at)
    assert isinstance(heard, Excerpt)
    if inputs.as_of is None and (latest(heard) or NO_INSTANT) > question.as_of:
        return Question.of(inputs)
    seen = view(heard, question.as_of, inputs.known_at).records
    assert isinstance(seen, Excerpt)
    return _with(question, inputs, Excerpt(table, _merged(table, before.rows, seen.rows)))


def _apart(table: RecordTable, rows: Sequence[int], ids: set[str]) -> bool:
    """Whether some records name no other, and no other names them."""
    if any(row in table.named for row in rows):
        return False
    return ids.isdisjoint(
        other
        for n in table.named.values()
        for other in (*n.withdraws, *n.replaces, *n.same_as, *n.derived_from)
    )


def _merged(table: RecordTable, rows: Ints, more: Ints) -> Ints:
    """Rows in the order of their dates, with a few more of them."""

    def dated(row: int) -> tuple[int, int]:
        return int(table.last[row]), int(table.rank[row])

    places = [
        bisect_left(range(len(rows)), dated(row), key=lambda place: dated(int(rows[place])))
        for row in more.tolist()
    ]
    return np.insert(rows, places, more)


def _with(question: Question, inputs: Inputs, records: Excerpt | None) -> Question:
    """The question on other records of one table, or of one with more rows.

    `records` are those of the view, where that is known.
    """
    world, before = question.world, question.view.records
    heard = inputs.known() if records is None else records
    if not (
        isinstance(world, ColumnWorld)
        and isinstance(heard, Excerpt)
        and isinstance(before, Excerpt)
        and isinstance(inputs.records, Excerpt)
        and isinstance(question.inputs.records, Excerpt)
        # Merges make tables of their own.
        and before.table is question.inputs.records.table
        and heard.table is inputs.records.table
    ):
        return Question.of(inputs)
    if records is None:
        if inputs.as_of is None and latest(heard) != question.as_of:
            return Question.of(inputs)
        seen = view(heard, question.as_of, inputs.known_at)
    else:
        seen = View(records, question.as_of, inputs.known_at)
    table = world.table
    if heard.table is not before.table:
        table = appended(table, heard.table, world.atlas)
    other = Question(inputs, question.agreement, question.assumptions, seen, question.strata)
    if not other.columnar:
        return other
    found, touched = world.of_view(seen, table)
    other.__dict__["world"] = found
    if _same(other.evidence, question.evidence):
        for standard, facts in question._facts.items():
            if isinstance(facts, ColumnFacts):
                other._facts[standard] = facts.of_changed(found, touched)
        other._shared = question._shared
    return other


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether records are weighed alike."""
    return (one.roots, one.acknowledged, one.verified) == (
        other.roots,
        other.acknowledged,
        other.verified,
    )
