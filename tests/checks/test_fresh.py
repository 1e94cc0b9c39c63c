"""Small agreements written without a look at the checks: five that are clean, ten with one defect.

A file says in its words what is to be warned of (`Warns: CODE SUBJECT`); the check of that code has
to warn, and no other. Where it tells a story, the public evaluator has to bear it out.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from servanda.checks.frame.run import Audit, audit
from servanda.library import load_draft
from tests.checks.test_audit import not_borne_out

FOLDER = Path(__file__).parent / "fresh"
NAMES = sorted(path.name for path in FOLDER.glob("*.md"))
IN_THE_TEXT = ("SA1101",)  # sums that stand in the text: no course of events is needed


@cache
def audited(name: str) -> Audit:
    return audit(load_draft(FOLDER / name))


def _wanted(name: str) -> list[tuple[str, str]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return re.findall(r"^Warns: (SA\d{4}) (\S+)$", text, re.MULTILINE)


def test_there_are_five_that_are_clean_and_ten_that_are_not() -> None:
    assert sum(not _wanted(name) for name in NAMES) == 5
    assert len({_wanted(name)[0][0] for name in NAMES if _wanted(name)}) == 10


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_told_and_nothing_else(name: str) -> None:
    result = audited(name)
    assert not result.library.loaded.diagnostics
    assert not result.undecided
    told = [(w.code, w.subject) for w in result.warnings]
    wanted = _wanted(name)
    assert [code for code, _ in told] == [code for code, _ in wanted], told
    for (_, subject), (_, expected) in zip(told, wanted, strict=True):
        assert subject == expected or subject.startswith(f"{expected}.")


@pytest.mark.parametrize("name", [n for n in NAMES if _wanted(n)])
def test_its_story_replays(name: str) -> None:
    result = audited(name)
    for warning in result.warnings:
        if warning.code in IN_THE_TEXT:
            continue
        assert warning.story is not None
        assert warning.story.rows or warning.story.told
        assert not not_borne_out(result, warning.story)
