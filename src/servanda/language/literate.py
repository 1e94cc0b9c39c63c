"""Agreements as Markdown: prose that a lawyer reads, with the norms in fenced blocks.

A heading `## p6. Force ceiling` opens the provision p6; the prose up to the next heading of that
depth is its text, and paragraphs that open with `[uk]`, `[uk, authentic]` or `[uk, not authentic]`
are its text in that language.  Blocks tagged `servanda` hold code.  In: the lines of a file.  Out:
its pieces in order, with line numbers of the file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from servanda.language import hidden
from servanda.language.diagnostics import Reporter
from servanda.language.hidden import TAG
from servanda.language.names import NAME
from servanda.language.translations import joined
from servanda.model.span import Span
from servanda.model.translation import Translation

if TYPE_CHECKING:
    from markdown_it.token import Token

_HEADING = re.compile(rf"(?P<id>{NAME})\.\s+(?P<title>\S.*)")
_LANGUAGE = re.compile(r"\[([a-z]{2,3})(?:,\s*((?:not )?authentic))?\]\s+")


@dataclass(slots=True)
class Heading:
    """A provision begins; its prose is gathered up to the next heading."""

    id: str
    title: str
    span: Span
    text: list[str] = field(default_factory=list)
    translations: tuple[Translation, ...] = ()


@dataclass(slots=True)
class EndOfProvision:
    """A heading that opens no provision: what follows belongs to none."""


@dataclass(slots=True)
class Code:
    """The lines of one block, with their numbers in the file."""

    lines: list[tuple[int, str]]


Piece = Heading | EndOfProvision | Code


def pieces(file: str, lines: Sequence[str], report: Reporter) -> list[Piece]:
    """The provisions and blocks of a Markdown file, in order."""
    tokens = _blocks(lines)
    hidden.check(file, lines, tokens, report)
    result: list[Piece] = []
    current: Heading | None = None
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "fence" and token.info.split()[:1] == [TAG]:
            result.append(_block(file, lines, (first, last), token, report))
        elif token.level or token.nesting < 0:
            continue
        elif token.type == "heading_open" and token.tag in ("h1", "h2"):
            piece = _heading(file, lines, first, tokens[index + 1].content, token.tag)
            current = piece if isinstance(piece, Heading) else None
            result.append(piece)
        elif current is not None:
            _gather(current, token.type, file, (first, last), lines, report)
    return result


def _blocks(lines: Sequence[str]) -> "Sequence[Token]":
    """The blocks of a Markdown text.  What stands inside a paragraph is nobody's business here."""
    return _parsed("\n".join(lines))


@lru_cache(maxsize=1)  # a text is read, and then looked through for its blocks of code
def _parsed(text: str) -> "tuple[Token, ...]":
    from markdown_it import MarkdownIt

    return tuple(MarkdownIt("commonmark").enable("table").disable("inline").parse(text))


def code_ranges(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The half-open ranges of line indexes that the blocks tagged `servanda` hold."""
    for token in _blocks(lines):
        if token.type == "fence" and token.map and not token.level:
            if token.info.split()[:1] == [TAG]:
                first, last = token.map
                closed = last - 1 > first and _closes(lines[last - 1], token.markup)
                yield first + 1, last - 1 if closed else last


def _closes(line: str, markup: str) -> bool:
    text = line.strip()
    return len(text) >= len(markup) and set(text) == {markup[0]}


def _block(
    file: str, lines: Sequence[str], rows: tuple[int, int], token: "Token", report: Reporter
) -> Code:
    first, last = rows
    fence = lines[first]
    span = Span(file, first + 1, 1, len(fence) + 1)
    if token.level or fence[:1].isspace():
        report.error(
            "SV0110",
            "this block does not start at the margin",
            span,
            why="Inside a list or a quotation the indentation of its clauses would be lost.",
            fix="Move the block to the margin.",
        )
        return Code([])
    closed = last - 1 > first and _closes(lines[last - 1], token.markup)
    if not closed:
        report.error(
            "SV0110",
            "this block is never closed",
            span,
            why="The rest of the file would be read as code.",
            fix=f"Close it with a line of the marks that open it: {token.markup[:20]}",
        )
    stop = last - 1 if closed else last
    return Code([(number + 1, lines[number]) for number in range(first + 1, stop)])


def _heading(
    file: str, lines: Sequence[str], row: int, content: str, tag: str
) -> Heading | EndOfProvision:
    found = _HEADING.fullmatch(content.strip())
    if tag != "h2" or found is None:
        return EndOfProvision()
    name = found["id"]
    column = lines[row].find(name) + 1
    return Heading(name, found["title"].strip(), Span(file, row + 1, column, column + len(name)))


def _gather(
    heading: Heading,
    kind: str,
    file: str,
    at: tuple[int, int],
    lines: Sequence[str],
    report: Reporter,
) -> None:
    if kind in ("fence", "code_block", "html_block", "hr"):
        return
    rows = list(lines[at[0] : at[1]])
    while rows and not rows[-1].strip():
        rows.pop()
    if kind == "blockquote_open":
        rows = [re.sub(r"^\s{0,3}>\s?", "", row) for row in rows]
    if kind in ("paragraph_open", "blockquote_open"):
        text = " ".join(row.strip() for row in rows)
    else:
        text = "\n".join(row.rstrip() for row in rows)
    language = _LANGUAGE.match(text)
    if language is None:
        heading.text.append(text)
        return
    said = None if language[2] is None else language[2] == "authentic"
    span = Span(file, at[0] + 1, 1, len(lines[at[0]]) + 1)
    more = Translation(language[1], text[language.end() :], said, span)
    heading.translations = joined(heading.translations, more, "\n\n", report)
