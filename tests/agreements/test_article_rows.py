"""Every row of the press report is answered, and what answers it is missed when it is taken out.

The table is article_rows.yaml.  For each answer a copy of the flagship's folder is made without the
clause or entry; the story or check that passes on the folder as it is has to fail on the copy.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from servanda import library
from servanda.library import InputError, Library
from tests.agreements import row_checks
from tests.support import removal, story

ID = "ukraine-28-point"
ROWS = yaml.safe_load((Path(__file__).parent / "article_rows.yaml").read_text(encoding="utf-8"))
UNREADABLE = "cannot be read"


@cache
def original() -> Library:
    return library.load(ID)


@cache
def told(name: str) -> story.Story:
    return story.parse(story.FOLDER / f"{name}.md")


def outcome(answer: dict[str, Any], folder: Path) -> str:
    """What the story or check finds amiss in a folder; nothing where it passes."""
    try:
        lib = library.load(folder)
    except InputError as error:
        return f"{UNREADABLE}: {error}"
    if "story" in answer:
        one = told(answer["story"])
        return "\n".join(line for s in one.sections for line in story.failures(one, s, lib))
    try:
        getattr(row_checks, answer["check"])(lib)
    except (AssertionError, InputError, KeyError, StopIteration) as error:
        return f"{answer['check']}: {error!r}"
    return ""


@pytest.mark.parametrize("row", ROWS)
def test_what_answers_a_row_is_missed_when_it_is_taken_out(row: str, tmp_path: Path) -> None:
    """By its content too: not every answer may only leave a text that cannot be read."""
    folder = original().folder
    assert folder is not None
    by_content = 0
    for number, answer in enumerate(ROWS[row]["answers"]):
        assert not outcome(answer, folder), "it passes on the flagship as it is"
        copy = removal.without(folder, answer["remove"], tmp_path / str(number))
        missed = outcome(answer, copy)
        assert missed, f"nothing misses {answer['remove']}"
        by_content += not missed.startswith(UNREADABLE)
    assert by_content, f"every answer of {row} only makes the text unreadable"


def test_all_rows_are_there() -> None:
    assert list(ROWS) == [f"A{number:02d}" for number in range(1, 48)]
    assert all(row["asks"] and row["answers"] for row in ROWS.values())


def test_every_check_is_used() -> None:
    used = {answer.get("check") for row in ROWS.values() for answer in row["answers"]}
    public = {
        name
        for name, found in vars(row_checks).items()
        if callable(found) and found.__module__ == row_checks.__name__ and name[0] != "_"
    }
    assert public - {"all_facts"} == used - {None}


def test_the_table_has_the_rows_of_the_report(shared: Path) -> None:
    with (shared / "plan" / "article.tsv").open(encoding="utf-8") as file:
        assert list(ROWS) == [row["id"] for row in csv.DictReader(file, delimiter="\t")]
