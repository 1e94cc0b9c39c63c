"""Words of the peers' formats: text in, tokens with their places out; errors name line and column.

Shared by signatures, formulas and the careful reading of logs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


class MfotlError(ValueError):
    """Input in a peer's format that cannot be used; the message names file, line and column."""


class Unsupported(MfotlError):
    """A feature of the peers' language that is not supported; the message starts with its name."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the name that messages give it."""

    text: str
    name: str = "formula"

    def place(self, at: int) -> str:
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return f"{self.name}:{line}:{column}"

    def error(self, at: int, message: str) -> MfotlError:
        return MfotlError(f"{self.place(at)}: {message}{self.caret(at)}")

    def unsupported(self, at: int, feature: str) -> Unsupported:
        return Unsupported(f"unsupported: {feature} ({self.place(at)}){self.caret(at)}")

    def caret(self, at: int) -> str:
        """The line with a caret under the place, cut to what fits a screen."""
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        first = max(start, at - 50)
        shown = self.text[first : min(end, first + 74)].replace("\t", " ")
        return f"\n    {shown}\n    {' ' * (at - first)}^"


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # word, int, float, string, unit (a number with a unit of time), sign, regex, end
    text: str
    at: int


# The order matters: the longest form of a number comes first.
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*|\(\*.*?\*\))
      | (?P<regex>r"[^"]*")
      | (?P<string>"[^"\n]*"|'[^'\n]*')
      | (?P<float>\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)
      | (?P<unit>\d+[smhd]\b)
      | (?P<int>\d+)
      | (?P<word>[A-Za-z_][\w']*)
      | (?P<sign><-|<=|>=|<>|\|[.|]|[<|][.]?|[()\[\]{},;:.=>+*/?@-])
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(source: Text) -> Iterator[Token]:
    """All tokens and a last one of kind `end`; raises MfotlError at what is none."""
    at = 0
    text = source.text
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise source.error(at, f"“{text[at]}” cannot be read here.")
        kind = found.lastgroup or ""
        if kind != "space":
            yield Token(kind, found[0], at)
        at = found.end()
    yield Token("end", "", len(text.rstrip()))
