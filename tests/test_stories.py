"""Every story is assessed and gives what it expects; mirrored stories give the mirrored result."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support import story

TOLD = {path: story.parse(path) for path in story.stories()}
MIRRORED = [path for path, told in TOLD.items() if told.mirror]
AT_LEAST = 60


@cache
def validator() -> Any:
    schema = json.loads((files("servanda") / "schemas" / "assessment-1.json").read_text())
    return jsonschema.Draft202012Validator(schema)


def problems_of(told: story.Story) -> list[str]:
    lib = story.library_of(told)
    problems = []
    for section in told.sections:
        result = story.run(told, section, lib)
        assert not result["refused"], f"{section.title}: {result['refused']}"
        for error in validator().iter_errors(result):
            problems.append(f"{section.title}: not the schema: {error.message}")
        problems += list(story.check(result, section))
    return problems


@pytest.mark.parametrize("path", TOLD, ids=lambda p: p.stem)
def test_story(path: Path) -> None:
    problems = problems_of(TOLD[path])
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", MIRRORED, ids=lambda p: p.stem)
def test_mirrored(path: Path) -> None:
    """Rule 17: the roles swapped in the facts, the result is swapped."""
    problems = problems_of(story.mirrored(TOLD[path]))
    assert not problems, "\n".join(problems)


def test_every_rule_has_a_story() -> None:
    names = [path.stem for path in TOLD]
    assert len(names) >= AT_LEAST
    for number in range(18):
        assert any(name.startswith(f"rule-{number:02d}-") for name in names), number


def test_a_story_that_expects_something_else_fails() -> None:
    told = next(
        told for path, told in TOLD.items() if path.stem == "rule-05-unattributed-breaches-nobody"
    )
    section = told.sections[0]
    wrong = story.Section(
        section.title, section.options, section.rows, [("p28.ceasefire[Russia]", "breached")]
    )
    assert list(story.check(story.run(told, wrong), wrong))
