"""Names: how they are written, and which of them people could take for another.

A name has letters of any alphabet, digits 0 to 9 and `_`, in parts divided by dots.  A part that
mixes alphabets, and a name that looks like another but is written with other letters, are warned
about: whoever reads the text could not tell who is meant (Unicode TR 39).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from servanda.language.diagnostics import Reporter, shown
from servanda.language.outline import Logical
from servanda.model.span import Span

# Vowel signs and other marks without which some alphabets are not written: combining accents,
# Hebrew, Arabic, India and Sri Lanka, Thai, Lao, Tibetan, Myanmar, Khmer.
_MARKS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e31-\u0e4e"
    r"\u0eb1-\u0ecd\u0f71-\u0f84\u102b-\u103e\u1056-\u108d\u17b6-\u17d3"
)
NAME = rf"[^\W\d][\w{_MARKS}]*(\.[\w{_MARKS}]+)*"  # as in grammar.lark

_WORD = re.compile(rf'"(?:\\.|[^"\\\n])*"|(?P<word>[^\W\d][\w{_MARKS}]*)')
# Alphabets that are written together in one word.
_TOGETHER = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"}
# What opens the names of characters that belong to no alphabet of their own.
_COMMON = {"MODIFIER", "COMBINING", "DIGIT", "FEMININE", "MASCULINE"}


@dataclass(slots=True)
class Words:
    """Gathers the words of an agreement's code, each with the place where it stands first."""

    first: dict[str, Span] = field(default_factory=dict)

    def note_all(self, lines: Iterable[Logical]) -> None:
        for line in lines:
            for found in _WORD.finditer(line.text):
                word = found["word"]
                if word is not None and word not in self.first:
                    self.first[word] = line.span(*found.span("word"))

    def note_one(self, name: str, span: Span) -> None:
        """The id of a heading."""
        for part in name.split("."):
            self.first.setdefault(part, span)

    def check(self, report: Reporter) -> None:
        """Report words that no name can be, and those that look like others."""
        if all(map(str.isascii, self.first)):
            return
        alike: dict[str, str] = {}
        for word, span in self.first.items():
            if not word.isascii():
                _check_word(word, span, report)
            other = alike.setdefault(skeleton(word), word)
            if other != word and not (word.isascii() and other.isascii()):
                _looks_like(word, span, other, self.first[other], report)


def _check_word(word: str, span: Span, report: Reporter) -> None:
    odd = next((c for c in word if not f"a{c}".isidentifier() or c.isdigit() > c.isascii()), None)
    if odd is not None:
        report.error(
            "SV0307",
            f"`{shown(word)}` cannot be a name",
            span,
            why=f"It holds {_called(odd)}; names have letters, digits from 0 to 9 and `_`.",
            fix="Choose another name.",
        )
        return
    for part in word.split("_"):
        mixed = [name for name in dict.fromkeys(map(script, part)) if name]
        if len(mixed) < 2:
            continue
        told = [f"{next(c for c in word if script(c) == s)} ({s.capitalize()})" for s in mixed]
        report.warning(
            "SV0707",
            f"`{shown(word)}` mixes alphabets",
            span,
            why=f"It has {' and '.join(told[:3])}; people could take it for another name.",
            fix="Write it anew with letters of one alphabet; divide parts by `_` or a dot.",
        )


def _looks_like(word: str, span: Span, other: str, at: Span, report: Reporter) -> None:
    differing = next((c for c in word if c not in other), word[:1])
    report.warning(
        "SV0707",
        f"`{shown(word)}` looks like `{shown(other)}` and is another name",
        span,
        why=f"It has {_called(differing)}. The other stands at {at}; people cannot tell the two "
        "apart.",
        fix="Write both with the same letters, or give one of them another name.",
    )


def _called(character: str) -> str:
    name = unicodedata.name(character, "a character without a name").lower()
    return f"the {name} (U+{ord(character):04X})"


def script(character: str) -> str:
    """The alphabet of a letter, as the names of characters tell it; empty for common ones."""
    if character.isascii() and not character.isalpha():
        return ""
    first = unicodedata.name(character, "").partition(" ")[0]
    if not character.isalpha() or first in _COMMON:
        return ""
    return "EAST ASIAN" if first in _TOGETHER else first


def skeleton(word: str) -> str:
    """What a word looks like: equal for words that people cannot tell apart."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word)
    return word.translate(_latin())


@cache
def _latin() -> dict[int, str]:
    """Letters that look like a Latin one, and what they look like."""
    text = files("servanda.language").joinpath("lookalikes.txt").read_text(encoding="utf-8")
    rows = [line.split(" ") for line in text.splitlines() if not line.startswith("#")]
    table = {ord(letter): latin for latin, alike in rows for letter in alike}
    return {**table, **{ord(letter): "l" for letter in "I1"}, ord("0"): "O"}
