"""Whatever is given to the language ends in messages, soon, and never in a traceback."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.language import limits
from servanda.language.diagnostics import render
from servanda.language.format import format_text
from servanda.language.load import load_agreement
from servanda.library import BUNDLED
from tests.support.pace import soon

FLAGSHIP = (BUNDLED / "ukraine-28-point" / "agreement.md").read_text(encoding="utf-8")
TRUCE = (BUNDLED / "easter-truce-2025" / "agreement.md").read_text(encoding="utf-8")
HEAD = 'agreement x "x"\nparty A\n'


def said(text: str, name: str = "text.servanda") -> str:
    loaded = load_agreement(text + "\n", name=name)
    assert loaded.agreement is not None or loaded.errors
    return render(loaded.diagnostics)


@settings(max_examples=150)
@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda b: b.decode("latin-1")))
def test_any_text_is_read_or_refused(text: str) -> None:
    said(text)
    said(HEAD + text)
    said(text, "text.md")
    format_text(text)


WORDS = sorted(set(FLAGSHIP.split()))


@settings(max_examples=100)
@given(st.lists(st.sampled_from([*WORDS, "\n", "\n  ", "(", ")", "{", "}", "[", "]", '"', "```"])))
def test_words_of_the_language_in_any_order(words: list[str]) -> None:
    said(HEAD + " ".join(words))
    format_text(HEAD + " ".join(words))


@settings(max_examples=60)
@given(st.data())
def test_an_agreement_with_pieces_cut_out_doubled_and_swapped(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from((FLAGSHIP, TRUCE)))
    for _ in range(data.draw(st.integers(1, 3))):
        a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        b = min(b, a + 300)
        piece = data.draw(
            st.sampled_from(("", text[a:b] * 2, text[a:b][::-1], "\x00", "\u202e", "\t"))
        )
        text = text[:a] + piece + text[b:]
    said(text, "text.md")
    format_text(text, "text.md")


ATTACKS = {
    "nested parentheses": "define d as " + "(" * 40_000 + "in_force" + ")" * 40_000,
    "nested nots": "define d as " + "not " * 50_000 + "in_force",
    "nested brackets": "define d as some x (" * 20_000,
    "one long line": "define d as in_force" + " and in_force" * 60_000,
    "one long word": "party " + "A" * 1_000_000,
    "one long number": "place P " + "9" * 500_000 + " 1",
    "one long text": 'party B "' + "a" * 1_000_000 + '"',
    "many lines": "party B\n" * 200_000,
    "many errors": "\n".join(f"prty B{i}" for i in range(20_000)),
    "many names": "\n".join(f"party B{i}\n  members {{Q{i}}}" for i in range(10_000)),
    "definitions that use each other": "\n".join(
        f"define d{i} as d{i + 1} and d{i + 1}" for i in range(3_000)
    )
    + "\ndefine d3000 as in_force",
    "a circle of definitions": "\n".join(f"define d{i} as d{(i + 1) % 500}" for i in range(500)),
    "quotation marks": '"' * 300_000,
    "spaces": " " * 1_000_000 + "x",
    "a bomb of readings": "\n".join(
        f"term t{i}\n  reading a: {{x}}\n  reading b: a and a and a" for i in range(2_000)
    ),
    "too large a file": "# " + "x" * (limits.MAX_FILE_BYTES + 1),
    "a date that is none": "define d as 9999-99-99 or 0000-00-00 or 2026-13-45T99:99:99Z",
    "durations without end": "define d as for at least " + "9" * 29 + " weeks (in_force)",
    "a path out of the folder": 'include "../../../etc/passwd"\nzone z from "/etc/passwd#x"',
}


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_attacks_end_in_messages_soon(attack: str) -> None:
    """Within two seconds for 100 kB, and never much longer than for the largest file allowed."""
    text = HEAD + ATTACKS[attack] + "\n"
    with soon(max(2.0, 2.0 * min(len(text), limits.MAX_FILE_BYTES) / 100_000), attack[:80]):
        shown = said(text)
        format_text(text)
    assert len(shown) < 200_000


@pytest.mark.parametrize("attack", ["", "\x00", "\ufeff", "\r\r\r", "```servanda", "---\n---"])
def test_small_oddities(attack: str, tmp_path: Path) -> None:
    said(attack, "text.md")
    said(attack)
    path = tmp_path / "odd.md"
    path.write_bytes(b"\xff\xfe\x00" + attack.encode())
    assert load_agreement(path).errors


def test_includes_stay_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.servanda").write_text("party Secret\n", encoding="utf-8")
    folder = tmp_path / "agreement"
    folder.mkdir()
    (folder / "link.servanda").symlink_to(tmp_path / "outside.servanda")
    for include in ("../outside.servanda", str(tmp_path / "outside.servanda"), "link.servanda"):
        (folder / "main.servanda").write_text(f'{HEAD}include "{include}"\n', encoding="utf-8")
        loaded = load_agreement(folder / "main.servanda")
        assert loaded.errors, include
        assert "Secret" not in render(loaded.diagnostics)


def test_a_large_agreement_is_read_soon() -> None:
    """Two thousand norms, each on the states of others."""
    norms = [
        f"obligation p1.n{i}\n  bearer A\n  achieve holds_elections by A\n"
        f"  from p1.n{max(0, i - 1)} is fulfilled\n  within 30 days of in_force\n"
        for i in range(1, 2_001)
    ]
    text = (
        f'{HEAD}  side\nprovision p1 "One"\n  text "One."\n'
        "obligation p1.n0\n  bearer A\n  achieve holds_elections by A\n  from in_force\n"
        "  deadline unspecified\n" + "".join(norms)
    )
    with soon(5):
        loaded = load_agreement(text)
    assert loaded.agreement is not None, render(loaded.errors[:3])
    assert len(loaded.agreement.norms) == 2_001
