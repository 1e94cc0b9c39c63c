"""A question with one thing different gives what the question put anew would give."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate import course
from servanda import asking
from servanda.engine import variants
from servanda.engine.assess import assess_question
from servanda.engine.columns import few
from servanda.engine.question import Question
from servanda.engine.readings import spreads
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.instant import Period
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import read_rows
from servanda.evidence.record import Record
from tests.support.engines import in_columns
from tests.support.monitored import lib
from tests.support.monitored import records as monitored

FLAGSHIP = "ukraine-28-point"
EXAMPLES = int(os.environ.get("SERVANDA_VARIANTS", "3"))


@pytest.fixture(autouse=True)
def columnar() -> Iterator[None]:
    """Always in columns, and by the way that many rows take."""
    with in_columns():
        yield


def few_match(data: st.DataObject) -> None:
    """Up to how many records that match a pattern are looked at one by one."""
    few.MATCHING = data.draw(st.sampled_from([0, 2]))


@cache
def told(kind: str) -> tuple[Record, ...]:
    if kind == "monitored":
        return monitored(500)
    rows: list[Any] = list(course(230, 4))
    types = lib().agreement.record_types
    read = with_known_places(read_rows(rows, types, lib().zone), types, lib().atlas)
    return tuple(read.records)


def asked(records: tuple[Record, ...]) -> Question:
    question, _ = asking.question(lib(), as_of="2027-06-01")
    return Question.of(replace(question.inputs, records=Excerpt.of(records)))


def same(found: Question) -> None:
    """As the same inputs put anew, and as records one by one."""
    anew = Question.of(replace(found.inputs, records=Excerpt.of(tuple(found.inputs.records))))
    assert json.dumps(assess_question(found)) == json.dumps(assess_question(anew))


def worked_out(question: Question) -> Question:
    """One of which much is known already."""
    for norm in question.agreement.norms:
        spreads(question, norm, question.inputs.standard)
    spreads(question, "p28.ceasefire", "any_claim")
    return question


@pytest.mark.parametrize("kind", ["course", "monitored"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_without_a_record(kind: str, data: st.DataObject) -> None:
    few_match(data)
    records = told(kind)
    by_type = {r.type: [x.id for x in records if x.type == r.type] for r in records}
    names = data.draw(st.sampled_from(sorted(by_type)))
    same(variants.without(worked_out(asked(records)), data.draw(st.sampled_from(by_type[names]))))


@pytest.mark.parametrize("kind", ["course", "monitored"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_records_that_come_later(kind: str, data: st.DataObject) -> None:
    few_match(data)
    records = told(kind)
    held = data.draw(st.sets(st.integers(0, len(records) - 1), min_size=1, max_size=4))
    first = tuple(r for i, r in enumerate(records) if i not in held)
    question = worked_out(asked(first))
    for part in (sorted(held)[:2], sorted(held)[2:]):
        if part:
            question = worked_out(variants.later(question, [records[i] for i in part]))
    assert sorted(question.inputs.records, key=lambda r: r.id) == sorted(
        records, key=lambda r: r.id
    )
    same(question)


def test_other_readings_and_standards_share_what_is_known() -> None:
    question = worked_out(asked(told("course")))
    term = next(iter(question.agreement.terms))
    reading = question.readings_of(term)[-1]
    for choice in ({"standard": "any_claim"}, {"readings": {term: reading}}):
        found = variants.choosing(question, **choice)
        assert found.world is question.world
        same(found)


def test_an_id_that_is_there_or_a_record_that_is_the_latest_is_put_anew() -> None:
    records = told("course")
    question, _ = asking.question(lib())
    question = Question.of(replace(question.inputs, records=Excerpt.of(records[:-1])))
    last = max(records, key=lambda r: r.at.last if r.at else 0)
    assert last.at is not None
    at = last.at.last + 9
    found = variants.later(worked_out(question), [replace(last, id="new", at=Period(at, at))])
    assert found.as_of == at
    same(found)
    again = variants.later(question, [replace(records[0], reported=0)])
    assert len(again.inputs.records) == len(records)
