"""The lists of outside law and of topics say where they come from, and what of that was checked."""

from datetime import date
from typing import Any

import pytest

from servanda.checks import outside_law, silent_on

ENTRIES = [*outside_law.entries(), *silent_on.topics()]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: str(e["id"]))
def test_each_citation_says_what_was_checked_where_and_when(entry: dict[str, Any]) -> None:
    assert entry["source"]
    checked = entry.get("checked", [])
    assert checked or entry.get("unchecked"), "one of the two has to be said"
    for one in checked:
        assert isinstance(one["day"], date)
        assert one["at"].startswith(("http://", "https://"))
        assert one["what"]


def test_what_was_not_checked_is_told_with_the_warning() -> None:
    told = [outside_law.sources(entry) for entry in ENTRIES]
    assert all(lines[0].startswith("source: ") for lines in told)
    partly = [entry for entry in ENTRIES if "unchecked" in entry]
    assert sum(len(lines) == 2 for lines in told) == len(partly) > 0
