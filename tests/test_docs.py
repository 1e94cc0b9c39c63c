"""The examples in the documents are run, and give what the documents say."""

import re
from pathlib import Path

import pytest

from servanda.language.codes import CODES
from servanda.language.forms import CLAUSES, HEADS
from tests.conftest import ROOT
from tests.support import docs

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.stem)
def test_examples(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    renewed, problems = docs.run(text)
    assert not problems
    assert renewed == text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.stem)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_every_message_code_is_documented() -> None:
    text = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    for code, about in CODES.items():
        assert f"| [{code}](errors/{code}.md) | {about} |" in text


def test_every_clause_is_documented() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    for forms in (HEADS, *CLAUSES.values()):
        for form in forms:
            assert form.usage.replace("|", "\\|") in text, form.keyword


def test_the_words_of_the_glossary_are_those_of_the_states() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for word in ("record", "evidence standard", "commitment", "alleged", "found", "decided"):
        assert re.search(rf"^\*\*{word}\b", text, re.MULTILINE | re.IGNORECASE), word
