"""Text and model say the same: what is printed is read back equal, and has one form only."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.language import print as printing
from servanda.language.format import format_text
from servanda.language.load import load_agreement, render
from servanda.library import BUNDLED
from servanda.model.agreement import Agreement
from tests.language.models import agreements

FILES = sorted(BUNDLED.glob("*/*.md")) + sorted(BUNDLED.glob("*/*.servanda"))


@dataclass(frozen=True)
class Drawn:
    """A drawn model; shown as its text when a test fails."""

    model: Agreement

    def __repr__(self) -> str:
        return printing.print_agreement(self.model)


def read(text: str) -> Agreement:
    loaded = load_agreement(text)
    assert loaded.agreement is not None, render(loaded.errors) + "\n" + text
    return loaded.agreement


@settings(max_examples=60)
@given(st.builds(Drawn, agreements()))
def test_what_is_printed_is_read_back_equal(drawn: Drawn) -> None:
    model = drawn.model
    text = printing.print_agreement(model)
    assert read(text) == model
    assert format_text(text).text == text


@settings(max_examples=25)
@given(agreements().map(printing.print_agreement), st.integers(1, 5))
def test_comments_and_crooked_layout_survive(printed: str, every: int) -> None:
    """Comments stay, whatever the spaces; formatting a second time changes nothing."""
    crooked, comments = [], 0
    for number, line in enumerate(printed.split("\n")):
        crooked.append(line)
        if line.strip() and '"' not in line and number % every == 0:
            comments += 1
            crooked[-1] = re.sub(r"(?<=\S) (?=\S)", "   ", line) + f"   -- remark {comments}."
    text = "\n".join(crooked)
    once = format_text(text)
    assert not once.diagnostics, render(once.diagnostics) + text
    for number in range(1, comments + 1):
        assert once.text.count(f"-- remark {number}.") == 1
    assert format_text(once.text).text == once.text
    assert read(once.text) == read(printed)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_bundled_texts_are_in_canonical_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_text(text, path.name).text == text


@pytest.mark.parametrize("name", sorted({path.parent.name for path in FILES}))
def test_bundled_agreements_are_printed_and_read_back_equal(name: str) -> None:
    from servanda.library import load

    model = load(name).agreement
    printed = printing.print_agreement(model)
    assert read_like(printed) == model


def read_like(text: str) -> Agreement:
    from servanda.library import from_text

    return from_text(text).agreement
