"""Every message reads as the cases in errors/ tell, to the letter, and every code has a case."""

import re
from pathlib import Path

import pytest

from servanda.cli import main
from servanda.language.codes import CODES
from servanda.language.diagnostics import COLUMNS
from tests.language import error_cases

ALL = [*error_cases.cases(), *error_cases.pages()]


def test_there_are_many() -> None:
    """A case is a text with the exact messages about it."""
    assert len(error_cases.cases()) >= 80
    assert len(error_cases.pages()) == len(CODES)


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_what_is_said(path: Path, tmp_path: Path) -> None:
    case = error_cases.read(path)
    assert error_cases.said(case, tmp_path) == case.expected


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_every_message_is_whole(path: Path) -> None:
    """At most 80 columns; each says where (where there is a place), why or how to mend it."""
    expected = error_cases.read(path).expected
    assert max(map(len, expected.splitlines())) <= COLUMNS
    for message in re.split(r"\n(?=error|warning)", expected):
        assert re.search(r"^  fix: ", message, re.M), message
        assert re.search(r"^  why: ", message, re.M), message


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_page_with_example_and_cure(code: str, tmp_path: Path) -> None:
    """The example yields the code and no other; put right, it yields nothing at all."""
    path = error_cases.PAGES / f"{code}.md"
    case = error_cases.read(path)
    assert case.title == f"{code}: {CODES[code]}"
    assert set(re.findall(r"^(?:error|warning) (SV\d+): ", case.expected, re.M)) == {code}
    assert case.cured
    assert error_cases.said_of_the_cure(case, tmp_path) == ""
    assert len(path.read_text(encoding="utf-8").splitlines()) < 100


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_can_be_read_on_the_command_line(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--explain", code.lower()]) == 0
    assert capsys.readouterr().out == (error_cases.PAGES / f"{code}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_case(code: str) -> None:
    heads = re.compile(rf"^(error|warning) {code}: ", re.M)
    assert any(heads.search(error_cases.read(path).expected) for path in error_cases.cases())
