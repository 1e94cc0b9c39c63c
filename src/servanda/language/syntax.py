"""Parses single logical lines into trees, and explains a line that cannot be parsed.

The grammar is built on first use.  Lines that repeat (`from in_force`) are parsed once: trees hold
offsets into the line, never places in a file, and are not changed by anybody.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from servanda.language import tables
from servanda.language.diagnostics import Reporter, shown
from servanda.language.forms import Form
from servanda.language.outline import Logical

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_JOINTS = re.compile(r'"(?:\\.|[^"\\])*"|[()\[\]{}]|\b(?:and|or)\b')

Node = Any  # a Tree, a Token or None, as lark gives them

# Words that open or join conditions; nothing may be called so.
_RESERVED = """
and or not new once historically eventually always previous next some every count outstanding
since until unspecified at is when via in_force
"""
RESERVED = frozenset(_RESERVED.split())


@cache
def grammar() -> "Lark":
    """The parser."""
    return tables.read(tables.kept()) or tables.made(maybe_placeholders=True)


@cache
def full_grammar() -> "Lark":
    """The parser that keeps every word, for the formatter."""
    return tables.made(maybe_placeholders=False, keep_all_tokens=True)


@lru_cache(maxsize=20_000)
def _parse(start: str, text: str) -> "tuple[Tree[Token] | None, int, int, str]":
    """The tree, or None with the offsets of the word at fault and the name of its terminal."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        return grammar().parse(text, start=start), 0, 0, ""
    except UnexpectedToken as error:
        if error.token.type == "$END":
            end = len(text.rstrip())
            return None, end, end + 1, "$END"
        at = error.token.start_pos or 0
        word = _A_WORD.match(text, at)
        return None, at, word.end() if word else at + 1, error.token.type
    except UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        word = _A_WORD.match(text, at)
        return None, at, word.end() if word else at + 1, "?"


_A_WORD = re.compile(r'"[^"]*"|[\w.]+|.', re.DOTALL)


def parse(start: str, line: Logical, form: Form, report: Reporter) -> "Tree[Token] | None":
    """The tree of a line, or None after its error has been reported."""
    tree, begin, end, terminal = _parse(start, line.text)
    if tree is not None:
        if tree.data == start and len(tree.children) == 1:
            return tree.children[0]  # type: ignore[return-value]
        return tree
    span = line.span(begin, end)
    word = line.text[begin:end].strip()
    mixed = mixes_and_or(line.text, begin, word)
    if mixed:
        report.error(
            "SV0305",
            "`and` and `or` are mixed without parentheses",
            span,
            why="Readers disagree on which of the two binds first.",
            fix="Put parentheses around the part that belongs together.",
        )
        return None
    if word[:1] in _SLANTED:
        title = "this quotation mark is not a straight one"
        why = "Word processors slant them; here quotations stand between straight marks."
    elif terminal == "$END":
        title = f"this `{form.keyword}` line ends too early"
        why = "Something is missing after the last word."
    else:
        title = f"I do not understand “{shown(word)}” in this `{form.keyword}` line"
        why = _reason(line.text, begin, word)
    fix = f"Such a line looks like this:\n  {form.usage}"
    report.error("SV0304", title, span, why=why, fix=fix)
    return None


def mixes_and_or(text: str, at: int, word: str) -> bool:
    if word not in ("and", "or"):
        return False
    other = "or" if word == "and" else "and"
    depth = 0
    for joint in reversed(_JOINTS.findall(text[:at])):
        if joint in ")]}":
            depth += 1
        elif joint in "([{":
            if depth == 0:
                return False
            depth -= 1
        elif depth == 0 and joint == other:
            return True
    return False


_SLANTED = tuple("“”„«»’‘'")


def _reason(text: str, at: int, word: str) -> str:
    if word == "," and re.match(r",\d{3}\b", text[at:]):
        return "Numbers are grouped with an underscore: 600_000."
    if word in RESERVED:
        return f"The word `{word}` belongs to the language and cannot be used here."
    if word[:1].isdigit():
        return "A number is written out: digits from 0 to 9, `_` to group them, one point."
    if not re.match(r"[\w\s!-~]", word):
        return "It is neither a letter nor a mark that the language uses."
    return "It does not fit at this place."


# --- reading trees ------------------------------------------------------------------------------


def is_tree(node: Node, *names: str) -> bool:
    return hasattr(node, "children") and (not names or node.data in names)


def offsets(node: Node) -> tuple[int, int]:
    """Where a tree or token starts and ends in its line."""
    if hasattr(node, "children"):
        meta = node.meta
        return (0, 1) if meta.empty else (meta.start_pos, meta.end_pos)
    return node.start_pos, node.end_pos


def unquote(token: str) -> str:
    """The text of a quotation: backslashes escape a quote mark, a backslash and a line break."""
    return re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), token[1:-1])


def quote(text: str) -> str:
    """The inverse of `unquote`."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
