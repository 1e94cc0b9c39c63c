"""Every message reads as the cases in errors/ tell, to the letter, and every code has a case."""

import re
from pathlib import Path

import pytest

from servanda.language.codes import CODES
from servanda.language.diagnostics import COLUMNS
from tests.language import error_cases


@pytest.mark.parametrize("path", error_cases.cases(), ids=lambda p: p.stem)
def test_what_is_said(path: Path, tmp_path: Path) -> None:
    case = error_cases.read(path)
    assert error_cases.said(case, tmp_path) == case.expected


@pytest.mark.parametrize("path", error_cases.cases(), ids=lambda p: p.stem)
def test_every_message_is_whole(path: Path) -> None:
    """At most 80 columns; each says where (where there is a place), why or how to mend it."""
    expected = error_cases.read(path).expected
    assert max(map(len, expected.splitlines())) <= COLUMNS
    for message in re.split(r"\n(?=error|warning)", expected):
        assert re.search(r"^  fix: ", message, re.M), message
        assert re.search(r"^  why: ", message, re.M), message


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_case(code: str) -> None:
    heads = re.compile(rf"^(error|warning) {code}: ", re.M)
    assert any(heads.search(error_cases.read(path).expected) for path in error_cases.cases())
