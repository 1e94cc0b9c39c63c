"""Cases from outside, restated, with the outcome that their source gives (restated/*.md).

`Expected: CODE SUBJECT, …` are warnings that the audit must give; `Silent: CHECK, …` are checks
that must say nothing and leave nothing undecided.
"""

import re
from pathlib import Path

import pytest

from servanda.checks.frame.run import audit, checks
from servanda.library import Library, load_draft

FOLDER = Path(__file__).parent / "restated"
CASES = sorted(FOLDER.glob("*.md"))


def _read(path: Path, folder: Path) -> tuple[Library, list[tuple[str, str]], list[str]]:
    text = path.read_text(encoding="utf-8")
    (block,) = re.findall(r"^```servanda\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    file = folder / "case.servanda"
    file.write_text(block, encoding="utf-8")
    wanted = re.search(r"^Expected: (.+)$", text, re.MULTILINE)
    silent = re.search(r"^Silent: (.+)$", text, re.MULTILINE)
    assert re.search(r"^Source: ", text, re.MULTILINE)
    assert wanted or silent
    pairs = [tuple(p.split()) for p in wanted[1].split(", ")] if wanted else []
    return load_draft(file), [(a, b) for a, b in pairs], silent[1].split(", ") if silent else []


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_restated(path: Path, tmp_path: Path) -> None:
    library, wanted, silent = _read(path, tmp_path)
    assert not library.loaded.errors
    result = audit(library)
    found = {w.id for w in result.warnings}
    for code, subject in wanted:
        assert f"{code}:{subject}" in found, sorted(found)
    codes = {code for one in checks() if one.name in silent for code in one.codes}
    assert set(silent) <= {one.name for one in checks()}
    assert not [w.id for w in result.warnings if w.code in codes]
    assert not [u for u in result.undecided if u.check in silent]


def test_there_are_many_of_both_kinds() -> None:
    texts = [path.read_text(encoding="utf-8") for path in CASES]
    assert len(texts) >= 12
    assert sum("\nExpected: " in t for t in texts) >= 10
    assert sum("\nSilent: " in t for t in texts) >= 4
