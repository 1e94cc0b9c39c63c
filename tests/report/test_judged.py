"""How firmly occurrences rest: in columns as one by one."""

import pytest

from servanda.engine.question import Question
from servanda.report.judged import ALLEGED, CLAIMED, NOBODY, judge
from servanda.report.map_layers import layers, types_of
from tests.support.engines import in_columns
from tests.support.monitored import asked, records

Told = list[tuple[int, str, list[str], bool]]


def told(question: Question) -> Told:
    return [
        (one.at, one.status, sorted(one.occurrence.ids), one.undetermined)
        for one in judge(question, types_of(question))
    ]


@pytest.mark.parametrize("standard", ["corroborated", "any_claim", "findings"])
def test_columns_judge_as_one_by_one(standard: str) -> None:
    given = records(800, seed=5)
    plain = asked(given, standard=standard, engine="reference")
    expected = told(plain)
    with in_columns():
        question = asked(given, standard=standard)
        assert told(question) == expected
        assert layers(question).weeks == layers(plain).weeks
    assert len({status for _, status, _, _ in expected} & {CLAIMED, ALLEGED, NOBODY}) > 1
    assert [at for at, *_ in expected] == sorted((at for at, *_ in expected), reverse=True)
