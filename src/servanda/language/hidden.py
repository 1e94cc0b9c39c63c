"""What Markdown would hide: norms that look like norms and are not read, text that is not shown.

A reader of the page and a reader of the file must see the same agreement, and the machine must read
no other.  In: the blocks of a file.  Out: an error for each block of code that is not read, for
HTML, for headings made of dashes, and for references that stand for characters nobody sees.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from servanda.characters import FORBIDDEN, named
from servanda.language.diagnostics import Reporter, nearest, shown
from servanda.language.names import skeleton
from servanda.model.span import Span

if TYPE_CHECKING:
    from markdown_it.token import Token

TAG = "servanda"
# A line that opens a block, wherever it stands: behind the marks of lists and quotations as well.
_OPENING = re.compile(r"[\s>*+\-.)\d]*(?:`{3,}|~{3,})\s*(?P<tag>[^\s`~]+)")


def check(file: str, lines: Sequence[str], tokens: "Sequence[Token]", report: Reporter) -> None:
    """Report whatever the Markdown of a file hides from one of its readers."""
    known: set[int] = set()  # the lines of blocks that are read or have been refused
    for token in tokens:
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "fence" and token.info.split()[:1] == [TAG]:
            known.update(range(first, last))
        elif token.type == "html_block":
            _html(Span(file, first + 1, 1, len(lines[first]) + 1), report)
        elif token.type == "heading_open" and token.markup in ("-", "="):
            _underlined(Span(file, last, 1, len(lines[last - 1]) + 1), report)
        elif token.type == "inline":
            _inline(file, lines, token, report)
    for row, line in enumerate(lines):
        opening = _OPENING.match(line) if row not in known else None
        if opening is not None:
            _block_not_read(Span(file, row + 1, 1, len(line) + 1), opening["tag"], report)


def _block_not_read(span: Span, tag: str, report: Reporter) -> None:
    plain = re.sub(r"\W", "", skeleton(tag)).casefold()
    if tag == TAG:
        report.error(
            "SV0110",
            "this block is not read",
            span,
            why="It stands inside another block, in HTML or behind four spaces, where it is shown "
            "as an example or not at all, and its norms would not count.",
            fix="Move it to the margin, with an empty line above it.",
        )
    elif TAG in plain or nearest(plain, [TAG]):
        report.error(
            "SV0110",
            f"a block tagged “{shown(tag)}” is not read",
            span,
            why="Only the word servanda, in small Latin letters, opens a block of the language.",
            fix="Write ```servanda.",
        )


def _html(span: Span, report: Reporter) -> None:
    report.error(
        "SV0111",
        "HTML stands in the text",
        span,
        why="It can hide text or norms from those who read the page, or show what the file does "
        "not say.",
        fix="Write plain Markdown; a remark for drafters goes behind `--` inside a block.",
    )


def _underlined(span: Span, report: Reporter) -> None:
    report.error(
        "SV0110",
        "this line makes a heading of the text above it",
        span,
        why="That text would belong to no provision any more.",
        fix="Write a heading as `## p1. Title`; put an empty line above a rule.",
    )


def _inline(file: str, lines: Sequence[str], token: Any, report: Reporter) -> None:
    """HTML and character references inside a paragraph, heading or table."""
    text: str = token.content
    if "<" not in text and "&" not in text:
        return
    first, last = token.map
    for part in _parser().parseInline(text)[0].children or ():
        if part.type == "html_inline":
            row = next((r for r in range(first, last) if part.content[:8] in lines[r]), first)
            column = max(0, lines[row].find(part.content[:8])) + 1
            _html(Span(file, row + 1, column, column + len(part.content)), report)
            return
        found = FORBIDDEN.search(part.content)
        if found is not None and part.type != "softbreak":
            row = next((r for r in range(first, last) if "&" in lines[r]), first)
            column = lines[row].find("&") + 1
            report.error(
                "SV0103",
                f"{named(found.group())} is not allowed",
                Span(file, row + 1, column, column + 1),
                why="A reference stands for it here. It is invisible or changes the order in which "
                "the text is shown.",
                fix="Remove it.",
            )
            return


@cache
def _parser() -> Any:
    """A parser of what can stand inside a paragraph, as far as it hides or stands for text."""
    from markdown_it import MarkdownIt

    rules = ["escape", "backticks", "autolink", "html_inline", "entity"]
    return MarkdownIt("zero", {"html": True}).enable(rules)
