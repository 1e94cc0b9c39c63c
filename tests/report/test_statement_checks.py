"""Statements beside map and baseline: both are shown, and neither is corrected."""

from pathlib import Path
from typing import Any

import pytest

from servanda.library import InputError
from servanda.report.statement_checks import statement_checks
from tests.report.samples import folder

BASELINE = "baseline:\n- {id: begun, date: '2022-02', place: Lower, says: It began.}\n"
SAID = "- {id: s, speaker: Upper, date: '2025-11-20', says: So it is., check: %s}\n"


def _checked(path: Path, check: str) -> dict[str, Any]:
    (row,) = statement_checks(
        folder(path, negotiation=f"{BASELINE}statements:\n{SAID % check}- {{id: other}}\n")
    )
    return row


@pytest.mark.parametrize(
    ("check", "result"),
    [
        ("{kind: place, place: Mariupol, within: [Donetsk]}", "agrees"),
        ("{kind: place, place: Mariupol, within: [Kherson, Zaporizhzhia]}", "differs"),
        ("{kind: place, place: Nowhere, within: [Kherson]}", "cannot be checked"),
        ("{kind: years, years: 4, since: [begun]}", "agrees"),
        ("{kind: years, years: 5, since: [begun]}", "differs"),
        ("{kind: years, years: 5, since: []}", "cannot be checked"),
    ],
)
def test_a_statement_is_compared(tmp_path: Path, check: str, result: str) -> None:
    assert _checked(tmp_path, check)["result"] == result


def test_what_was_said_and_what_is_known_stand_together(tmp_path: Path) -> None:
    row = _checked(tmp_path, "{kind: years, years: 5, since: [begun]}")
    assert row["says"] == "So it is."
    assert row["shown"] == ["from 2022-02 (Lower: It began) it is 3.8 years to 2025-11-20"]


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("{kind: weather}", "no check is called `weather`"),
        ("{kind: years, years: 5, since: [never]}", "no entry of the baseline is called `never`"),
    ],
)
def test_a_check_that_cannot_be_made_is_refused(tmp_path: Path, check: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _checked(tmp_path, check)
