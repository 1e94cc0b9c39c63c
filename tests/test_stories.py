"""Every story is assessed and gives what it expects, and so does its mirrored twin."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from servanda.library import Library
from tests.support import mirror, story
from tests.support.engines import in_columns

TOLD = {path: story.parse(path) for path in story.stories()}
AT_LEAST = 60
every_story = pytest.mark.parametrize("path", TOLD, ids=lambda p: p.stem)


@cache
def validator() -> Any:
    schema = json.loads((files("servanda") / "schemas" / "assessment-1.json").read_text())
    return jsonschema.Draft202012Validator(schema)


@every_story
def test_story(path: Path) -> None:
    told = TOLD[path]
    lib = story.library_of(told)
    problems = []
    for section in told.sections:
        result = story.run(told, section, lib)
        assert not result["refused"], f"{section.title}: {result['refused']}"
        for error in validator().iter_errors(result):
            problems.append(f"{section.title}: not the schema: {error.message}")
        problems += list(story.check(result, section))
        with in_columns():
            assert story.run(told, section, lib) == result, f"{section.title}: in columns"
    assert not problems, "\n".join(problems)


@every_story
def test_mirrored(path: Path) -> None:
    """Rule 17: the roles swapped, the result is swapped; where not, the story says why."""
    told = TOLD[path]
    kind = told.mirrored
    assert kind in mirror.KINDS or kind.startswith(mirror.NO), (
        f"{path.name} does not say whether it has a twin: “Mirrored: {' | '.join(mirror.KINDS)}"
        " | no, REASON”"
    )
    if not mirror.pairs(told):
        assert kind.startswith(mirror.NO), f"{path.name}: one party has no counterpart"
        return
    twin = mirror.twin(told)
    facts_alone = _differs(twin, story.library_of(told))
    if kind == mirror.YES:
        assert not facts_alone, "\n".join(facts_alone)
        return
    assert facts_alone, f"{path.name} mirrors under the clauses as they are: Mirrored: yes"
    with_clauses = _differs(twin, mirror.clauses(told))
    if kind == mirror.WITH_CLAUSES:
        assert not with_clauses, "\n".join(with_clauses)
    else:
        assert with_clauses, f"{path.name} mirrors: Mirrored: {mirror.WITH_CLAUSES}"
        assert len(kind.removeprefix(mirror.NO).split()) > 3, "the reason in a sentence"


def _differs(told: story.Story, lib: Library) -> list[str]:
    return [line for section in told.sections for line in story.failures(told, section, lib)]


def test_only_places_stand_in_the_way_of_a_twin() -> None:
    without = {path.stem: told.mirrored for path, told in TOLD.items() if mirror.pairs(told)}
    for name, kind in without.items():
        assert kind in mirror.KINDS or "place" in kind, name


def test_a_twin_is_another_story_and_the_twin_of_it_the_first() -> None:
    told = TOLD[story.FOLDER / "rule-06-any-claim.md"]
    twin = mirror.twin(told)
    assert twin.rows[2]["args"] == "by Ukraine; on Russia; weapon drone"
    assert twin.rows[2]["source"] == "Russia"
    assert ("p28.ceasefire[Ukraine] under party:Russia", "breached") in twin.sections[0].expected
    assert mirror.twin(twin) == told


def test_swapped_clauses_leave_the_parties_who_they_are() -> None:
    told = TOLD[story.FOLDER / "points" / "p25-elections.md"]
    swapped = mirror.clauses(told).agreement
    assert [str(v) for v in _bearers(swapped, "p25.elections")] == ["Russia"]
    for party, actor in story.library_of(told).agreement.actors.items():
        assert swapped.actors[party].country == actor.country


def _bearers(agreement: Any, norm: str) -> list[str]:
    return [value.name for value in agreement.norms[norm].bearers.values]


def test_every_rule_has_a_story() -> None:
    names = [path.stem for path in TOLD]
    assert len(names) >= AT_LEAST
    for number in range(18):
        assert any(name.startswith(f"rule-{number:02d}-") for name in names), number


def test_a_story_that_expects_something_else_fails() -> None:
    told = TOLD[story.FOLDER / "rule-05-unattributed-breaches-nobody.md"]
    section = told.sections[0]
    wrong = story.Section(
        section.title, section.options, section.rows, [("p28.ceasefire[Russia]", "breached")]
    )
    assert list(story.check(story.run(told, wrong), wrong))
