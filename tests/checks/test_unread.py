"""A draft with errors: what can be audited is, what cannot is told with its place, and nothing is
said of the text that only a lost line brings about."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.checks.frame.plain import plain
from servanda.checks.frame.run import Audit, audit
from servanda.cli import main
from servanda.library import load_draft
from tests.checks.operators import FOLDER as CLEAN
from tests.checks.test_fresh import FOLDER as FRESH

SEED = 17
TEXTS = sorted(FRESH.glob("clean-*.md"))
MANY = 12  # garbled lines of each text


def _audited(text: str, folder: Path) -> Audit:
    path = folder / "draft.md"
    path.write_text(text, encoding="utf-8")
    return audit(load_draft(path))


def _codes(result: Audit) -> list[str]:
    return [w.id for w in result.warnings]


def _garbled(text: str) -> Iterator[str]:
    """The text with one word of one line of the language misspelt, MANY times."""
    lines = text.split("\n")
    inside, code = False, []
    for number, line in enumerate(lines):
        if line.startswith("```"):
            inside = not inside
        elif inside and line.strip() and not line.startswith("agreement "):
            code.append(number)
    rng = random.Random(SEED)
    for number in rng.sample(code, MANY):
        words = lines[number].split(" ")
        at = rng.choice([n for n, word in enumerate(words) if word])
        words[at] = f"{words[at][::-1]}z"
        yield "\n".join([*lines[:number], " ".join(words), *lines[number + 1 :]])


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.stem)
def test_a_slip_of_the_pen_brings_no_warning_on_a_clean_text(path: Path, tmp_path: Path) -> None:
    refused = 0
    for text in _garbled(path.read_text(encoding="utf-8")):
        result = _audited(text, tmp_path)
        errors = result.library.loaded.errors
        if errors:
            refused += 1
            told = " ".join(one.what for one in result.undecided)
            assert any(f"draft.md:{d.span.line}" in told for d in errors), told
            assert _codes(result) == [], errors
    assert refused > MANY / 2


GUARDED = """# A draft

```servanda
agreement two "Two rivers"
  zone UTC
  draft 2026-01-01
  in force when 2026-02-01
party A
party B
```

## p1. Law

A makes a law.

```servanda
obligation p1.law "a law"
  bearer A
  achieve enacts by A act law
  from in_force
  deadline unspecified
```

## p2. Reply

B makes a law afterwards.

```servanda
obligation p2.law "a reply"
  bearer B
  achieve enacts by B act reply
  from {begin}
  deadline unspecified
```
"""


def test_the_rest_is_audited(tmp_path: Path) -> None:
    """An unknown name in the one: nothing is said of it, and the other has its warnings."""
    whole = _audited(GUARDED.format(begin="p1.law is fulfilled"), tmp_path)
    assert {"SA0301:p1.law.deadline", "SA0301:p2.law.deadline"} <= set(_codes(whole))
    assert not whole.undecided
    part = _audited(GUARDED.format(begin="p7.law is fulfilled"), tmp_path)
    assert "SA0301:p1.law.deadline" in _codes(part)
    assert not any("p2" in warning for warning in _codes(part))
    (line,) = {d.span.line for d in part.library.loaded.errors}
    assert f"p2.law (draft.md:{line})" in [one.what for one in part.undecided]
    assert not any(one["decided"] for one in plain(part)["checks"])


def test_what_waits_for_something_unread_is_not_called_dead(tmp_path: Path) -> None:
    """p2 waits for p1, whose begin is lost: whether it can begin is not known."""
    text = GUARDED.format(begin="p1.law is fulfilled")
    lost = text.replace("achieve enacts by A act law", "achieve enacts by Nobody_here act law")
    result = _audited(lost, tmp_path)
    assert not any(code.startswith("SA10") for code in _codes(result))
    assert not any(w.story is not None for w in result.warnings if "p2" in w.subject)


def test_a_definition_that_cannot_be_read_takes_out_what_calls_it(tmp_path: Path) -> None:
    text = GUARDED.format(begin="ready").replace(
        "party B\n", "party B\n\ndefine ready as enacts by Nobody_here act law\n"
    )
    result = _audited(text, tmp_path)
    told = [one.what.split(" ")[0] for one in result.undecided]
    assert {"ready", "p2.law", "p2"} <= set(told)
    assert "SA0301:p1.law.deadline" in _codes(result)


def test_a_head_that_cannot_be_read(tmp_path: Path) -> None:
    text = GUARDED.format(begin="p1.law is fulfilled").replace("agreement two", "agrement two")
    result = _audited(text, tmp_path)
    assert result.library.loaded.errors
    assert all(w.story is None for w in result.warnings)
    assert "draft.md:4" in [one.what for one in result.undecided]


def test_a_missing_include_is_told_and_nothing_is_called_absent(tmp_path: Path) -> None:
    text = GUARDED.format(begin="p1.law is fulfilled")
    assert any(code.startswith("SA0401") for code in _codes(_audited(text, tmp_path)))
    result = _audited(text.replace("party B\n", 'party B\ninclude "annex.md"\n'), tmp_path)
    assert any(one.what.startswith("annex.md (draft.md:") for one in result.undecided)
    assert not any(code.startswith("SA0401") for code in _codes(result))
    assert "SA0301:p1.law.deadline" in _codes(result)


@pytest.mark.parametrize("name", ["negotiation.yaml", "positions.yaml", "sources.yaml"])
def test_a_file_beside_it_that_cannot_be_used(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "agreement.md").write_text(
        GUARDED.format(begin="p1.law is fulfilled"), encoding="utf-8"
    )
    (tmp_path / name).write_text("{[", encoding="utf-8")
    assert main(["audit", str(tmp_path), "--check", "deadlines"]) == 2
    said = capsys.readouterr()
    assert f"{name}:1" in said.err
    assert "SA0301:p1.law.deadline" in said.out
    assert f"what {name} holds ({name}:1)" in said.out


def test_a_map_that_is_not_there(tmp_path: Path) -> None:
    text = (CLEAN / "ceasefire" / "agreement.md").read_text(encoding="utf-8")
    result = _audited(text, tmp_path)
    (told,) = [w for w in result.warnings if w.code == "SA1405"]
    assert "zones.geojson, is not there" in told.sentence
    (tmp_path / "zones.geojson").write_text("[", encoding="utf-8")
    broken = _audited(text, tmp_path)
    assert not broken.warnings
    assert "what zones.geojson holds (zones.geojson:1)" in [u.what for u in broken.undecided]
