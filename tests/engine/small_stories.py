"""The stories over agreements of their own, for mutation testing alone: quick to gather and to run.

The suite runs them with all others (`tests/test_stories.py`); mutmut is given this file by name.
"""

from pathlib import Path

import pytest

from tests.support import story

SMALL = [path for path in story.stories() if "\nAgreement:" not in path.read_text("utf-8")]


@pytest.mark.parametrize("path", SMALL, ids=lambda p: p.stem)
def test_story(path: Path) -> None:
    told = story.parse(path)
    lib = story.library_of(told)
    for section in told.sections:
        assert not list(story.check(story.run(told, section, lib), section))
