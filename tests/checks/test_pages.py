"""Every check has its page: with all its codes, an example that warns and one that does not."""

import re
from pathlib import Path

import pytest

from servanda.checks.frame.run import Check, audit, checks
from servanda.library import load_draft
from tests.conftest import ROOT
from tests.support import docs

PAGES = ROOT / "docs" / "checks"
every_check = pytest.mark.parametrize("check", checks(), ids=lambda c: c.name)


def _examples(check: Check, folder: Path) -> tuple[set[str], set[str]]:
    """The codes with which the failing and the passing example of a page are told of."""
    found = []
    text = (PAGES / f"{check.name}.md").read_text(encoding="utf-8")
    files = {b.file: b.text for b in docs.blocks(text) if b.file is not None}
    for name in ("failing.servanda", "passing.servanda"):
        (folder / name).write_text(files[name], encoding="utf-8")
        library = load_draft(folder / name)
        assert not library.loaded.errors, name
        found.append({w.code for w in audit(library, [check.name]).warnings})
    return found[0], found[1]


@every_check
def test_the_page_has_every_code(check: Check) -> None:
    text = (PAGES / f"{check.name}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {check.order}. {check.title}\n")
    assert "\nSource: " in text
    assert "\nLimits: " in text
    for code, one in check.codes.items():
        assert f"| `{code}` | {one.severity.value} | {one.title} |" in text
    listed = set(re.findall(r"^\| `(SA\d{4})`", text, re.MULTILINE))
    assert listed == set(check.codes)


@every_check
def test_the_failing_example_warns_and_the_passing_one_does_not(
    check: Check, tmp_path: Path
) -> None:
    failing, passing = _examples(check, tmp_path)
    assert failing
    assert failing <= set(check.codes)
    assert not passing


def test_the_list_of_checks_leads_to_every_page() -> None:
    text = (PAGES / "index.md").read_text(encoding="utf-8")
    for check in checks():
        assert f"| {check.order} | [{check.title}]({check.name}.md) |" in text
