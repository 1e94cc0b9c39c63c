"""The examples in the documents are run, and give what the documents say."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from servanda.language.codes import CODES
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


def test_the_page_of_limits_has_the_figures_of_the_code() -> None:
    text = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+ \| ([\d_]+)\b.* \| `([\w.]+)\.(\w+)` \|$", text, re.MULTILINE)
    documented = {(module, name): int(figure) for figure, module, name in rows}
    for (module, name), figure in documented.items():
        assert getattr(import_module(module), name) == figure, name
    for module in {module for module, _ in documented}:
        limits = {n for n in vars(import_module(module)) if re.match("MAX_|FIRST_Y|LAST_Y", n)}
        here = {n for m, n in documented if m == module}
        assert here >= {n for n in limits if n not in ELSEWHERE}, module


ELSEWHERE = {"MAX_DIGITS", "MAX_MARKS"}  # some modules use limits of others


def test_the_words_of_the_glossary_are_those_of_the_states() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for word in ("record", "evidence standard", "commitment", "alleged", "found", "decided"):
        assert re.search(rf"^\*\*{word}\b", text, re.MULTILINE | re.IGNORECASE), word
