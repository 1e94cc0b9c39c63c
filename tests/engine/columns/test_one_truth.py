"""Both engines give the same bytes: on random courses of events and on real records.

That they do on every story is tested where the stories are.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.generate import course
from benchmarks.monitored import records as monitored
from servanda import asking, library
from servanda.engine import answers
from servanda.engine.assess import assess_question
from servanda.engine.question import REFERENCE, Question
from tests.support.engines import in_columns

FLAGSHIP = "ukraine-28-point"
STANDARDS = ("corroborated", "any_claim", "findings")


def _both(lib: library.Library, records: Any, matching: int = 0, **choices: Any) -> tuple[str, str]:
    """The assessment in columns and the plain way, as JSON."""
    asked, _ = asking.question(lib, records, **choices)
    with in_columns(matching):
        columnar = assess_question(asked)
    plain = assess_question(Question.of(replace(asked.inputs, engine=REFERENCE)))
    return json.dumps(columnar), json.dumps(plain)


@pytest.mark.parametrize(("seed", "standard"), list(enumerate(STANDARDS, 1)))
def test_a_dense_course(seed: int, standard: str) -> None:
    columnar, plain = _both(library.load(FLAGSHIP), list(course(350, seed)), standard=standard)
    assert columnar == plain
    assert plain.count('"breached"') > 5


@pytest.mark.parametrize("matching", [0, 8])
def test_a_monitored_ceasefire(tmp_path: Path, matching: int) -> None:
    """Points, coarse dates, late, replaced and withdrawn records."""
    file = tmp_path / "records.parquet"
    monitored(2_500, seed=2).write_parquet(file)
    columnar, plain = _both(library.load(FLAGSHIP), [file], matching)
    assert columnar == plain
    assert plain.count('"basis"') > 50


@pytest.mark.parametrize("matching", [1, 3])
def test_patterns_that_few_records_match(matching: int) -> None:
    """Looked at one by one, beside others in columns."""
    columnar, plain = _both(library.load(FLAGSHIP), list(course(300, 5)), matching)
    assert columnar == plain
    assert plain.count('"breached"') > 5


def test_answers_that_are_not_kept_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lib, records = library.load(FLAGSHIP), list(course(120, 4))
    kept = _both(lib, records)
    monkeypatch.setattr(answers, "MOST", 3)
    assert _both(lib, records) == kept
    assert kept[0] == kept[1]


@pytest.mark.parametrize("name", ["easter-truce-2025", "energy-moratorium-2025"])
def test_real_records(name: str) -> None:
    columnar, plain = _both(library.load(name), None)
    assert columnar == plain
