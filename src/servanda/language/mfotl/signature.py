"""Signatures: which predicates a log has and the types of their arguments.

In: `publish(int, string) approve(x:int)`.  Out: names with kinds; errors name line and column.
"""

from collections.abc import Mapping

from servanda.language.mfotl.lexer import Text, Token, tokens
from servanda.model.formula import Kind

Signature = Mapping[str, tuple[Kind, ...]]
_KINDS: Mapping[str, Kind] = {"int": "int", "float": "float", "string": "string"}
BUILT_IN: Mapping[str, tuple[Kind, ...]] = {
    "tp": ("int",),
    "ts": ("int",),
    "tpts": ("int", "int"),
}


def parse_signature(source: Text) -> Signature:
    """The predicates of a signature, in order; raises MfotlError."""
    found: dict[str, tuple[Kind, ...]] = {}
    words = list(tokens(source))
    words += words[-1:] * 2  # so that one can always look ahead
    i = 0
    while words[i].kind != "end":
        name = words[i]
        if name.kind != "word":
            raise source.error(name.at, "The name of a predicate is expected here.")
        if words[i + 1].text == "{" or (
            name.text in ("event", "record") and words[i + 2].text == "{"
        ):
            raise source.unsupported(name.at, "JSON logs")
        if words[i + 1].text != "(":
            raise source.error(words[i + 1].at, f"After {name.text} a “(” is expected.")
        kinds, i = _arguments(source, words, i + 2)
        if name.text in BUILT_IN and found.get(name.text, kinds) is kinds:
            raise source.error(name.at, f"{name.text} is built in; name the predicate otherwise.")
        if found.setdefault(name.text, kinds) != kinds:
            raise source.error(name.at, f"{name.text} is declared twice, with different types.")
    return found


def _arguments(source: Text, words: list[Token], i: int) -> tuple[tuple[Kind, ...], int]:
    kinds: list[Kind] = []
    while words[i].text != ")":
        if words[i].kind == "end":
            raise source.error(words[i].at, "A “)” is missing at the end.")
        if words[i + 1].text == ":":
            i += 2
        word = words[i]
        if word.text not in _KINDS:
            raise source.error(word.at, f"“{word.text}” is no type; write int, float or string.")
        kinds.append(_KINDS[word.text])
        i += 1
        if words[i].text == ",":
            i += 1
        elif words[i].text != ")":
            raise source.error(words[i].at, "A “,” or a “)” is expected here.")
    return tuple(kinds), i + 1
