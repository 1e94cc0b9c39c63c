"""Every story is assessed and gives what it expects."""

from pathlib import Path

import pytest

from tests.support import story


@pytest.mark.parametrize("path", story.stories(), ids=lambda p: p.stem)
def test_story(path: Path) -> None:
    told = story.parse(path)
    lib = story.library_of(told)
    problems = []
    for section in told.sections:
        result = story.run(told, section, lib)
        assert not result["refused"], f"{section.title}: {result['refused']}"
        problems += list(story.check(result, section))
    assert not problems, "\n".join(problems)
