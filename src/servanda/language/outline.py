"""Lines, indentation and comments: the shape of a text before anybody reads its words.

A declaration opens at the margin; its clauses stand indented under it.  A line that is indented
deeper than the clause above it, or that stands inside an open bracket, continues that clause.
Comments run from `--` to the end of the line; they belong to the line they stand on or above.
In: numbered source lines.  Out: a tree of logical lines, with every mistake of form reported.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from servanda.language.diagnostics import Reporter
from servanda.language.limits import MAX_CONDITION_DEPTH, MAX_LINE_CHARACTERS
from servanda.model.span import Span

_OPENERS, _CLOSERS = "([{", ")]}"
_JOINING = re.compile(r"[)\]}]|(and|or|since|until)\b")


@dataclass(slots=True)
class Logical:
    """One logical line.  `text` holds the words with comments blanked and newlines kept.

    `comments` stand above it (None is a blank line among them), `trailing` stands on it.  A line
    that is `refused` has had its error: nobody reads its words.
    """

    file: str
    line: int
    indent: int
    text: str
    comments: tuple[str | None, ...] = ()
    trailing: str | None = None
    refused: bool = False

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`, cut at the end of the line where it starts."""
        row = self.text.count("\n", 0, start)
        opening = self.text.rfind("\n", 0, start) + 1
        column = start - opening + 1 + (self.indent if row == 0 else 0)
        stop = self.text.find("\n", start, end)
        width = (end if stop < 0 else stop) - start
        return Span(self.file, self.line + row, column, column + max(1, width))

    @property
    def whole(self) -> Span:
        return self.span(0, len(self.text.split("\n", 1)[0].rstrip()))

    @property
    def first_word(self) -> Span:
        found = re.match(r"\S+", self.text)
        return self.span(0, found.end() if found else 1)


@dataclass(slots=True)
class Item:
    """A declaration: its head, its clauses, and comments that stand after the last clause."""

    head: Logical
    clauses: list[Logical] = field(default_factory=list)
    tail: tuple[str | None, ...] = ()


@dataclass(slots=True)
class Outline:
    """The declarations of one stretch of code, and comments after the last of them."""

    items: list[Item] = field(default_factory=list)
    tail: tuple[str | None, ...] = ()
    logical_lines: int = 0


@dataclass(slots=True)
class _Physical:
    number: int
    indent: int
    code: str  # from the indent on, comment blanked away, stripped on the right
    comment: str | None


def outline(file: str, lines: Iterable[tuple[int, str]], report: Reporter) -> Outline:
    """The outline of the numbered `lines` of `file`."""
    result = Outline()
    pending: list[_Physical] = []  # comments that wait for the line below them
    current: Logical | None = None
    bracket: tuple[Span, int] | None = None  # the outermost open bracket, and the depth
    for physical in _physical(file, lines, report):
        if not physical.code:
            if physical.comment is not None or (pending and pending[-1].comment is not None):
                pending.append(physical)
            continue
        if current is not None and bracket is not None and _breaks_out(physical, current):
            _left_open(current, bracket[0], "What follows begins a new line.", report)
            bracket = None
        continues = current is not None and (
            bracket is not None or _continues(physical, current, result)
        )
        if continues and current is not None:
            if not current.refused:
                current.text += "\n" + " " * physical.indent + physical.code
            extra = [c.comment for c in pending if c.comment is not None]
            pending = []
            if physical.comment is not None:
                extra.append(physical.comment)
            current.comments += tuple(extra)
        else:
            current = _begin(file, physical, pending, result, report)
            pending = []
            bracket = None
        if not current.refused:
            bracket = _brackets(current, physical, bracket, report)
            _check_length(current, report)
    if bracket is not None and current is not None:
        _left_open(current, bracket[0], "The block ends inside it.", report)
    _leave_comments(pending, result)
    return result


def _begin(
    file: str, line: _Physical, above: list[_Physical], result: Outline, report: Reporter
) -> Logical:
    comments = above
    if line.indent == 0 and result.items:
        inner = [c for c in above if c.indent > 0 and c.comment is not None]
        if inner:
            result.items[-1].tail += tuple(c.comment for c in inner)
            comments = [c for c in above if c.indent == 0]
    if line.indent > 0:
        comments = [c for c in above if c.comment is not None]
    logical = Logical(
        file,
        line.number,
        line.indent,
        line.code,
        tuple(c.comment for c in comments),
        line.comment,
    )
    result.logical_lines += 1
    if line.indent == 0:
        result.items.append(Item(logical))
        return logical
    if not result.items:
        report.error(
            "SV0202",
            "this clause stands under no declaration",
            logical.first_word,
            why="Clauses are indented under the declaration that they belong to.",
            fix="Start the line at the margin, or write its declaration above it.",
        )
        result.items.append(Item(Logical(file, line.number, 0, "")))
    item = result.items[-1]
    if item.clauses and line.indent < item.clauses[0].indent:
        report.error(
            "SV0203",
            "this clause is indented less than those above it",
            logical.first_word,
            why="All clauses of a declaration stand at the same depth.",
            fix=f"Indent it by {item.clauses[0].indent} spaces.",
        )
    item.clauses.append(logical)
    return logical


def _continues(line: _Physical, current: Logical, result: Outline) -> bool:
    """Whether a line outside brackets goes on with the clause above: it is indented deeper."""
    if not result.items or result.items[-1].head is current:
        return line.indent > 0 and bool(_JOINING.match(line.code))
    return line.indent > current.indent


def _breaks_out(line: _Physical, current: Logical) -> bool:
    """Whether a line cannot stand inside the open bracket: it is at or left of its clause."""
    return line.indent <= current.indent and not _JOINING.match(line.code)


def _left_open(line: Logical, span: Span, why: str, report: Reporter) -> None:
    if not line.refused:
        report.error(
            "SV0204",
            "a bracket is opened and never closed",
            span,
            why=why,
            fix="Close the bracket, or indent the lines that belong inside it.",
        )
    line.refused = True


def _check_length(line: Logical, report: Reporter) -> None:
    if len(line.text) > MAX_LINE_CHARACTERS:
        report.error(
            "SV0107",
            f"this line has more than {MAX_LINE_CHARACTERS:_} characters",
            line.first_word,
            why="No clause of an agreement is that long; a bracket may be left open.",
            fix="Close the bracket, or divide the clause.",
        )
        line.refused = True


_MARKS = re.compile(r'"(?:\\.|[^"\\])*"|[()\[\]{}]')


def _brackets(
    current: Logical, line: _Physical, state: tuple[Span, int] | None, report: Reporter
) -> tuple[Span, int] | None:
    """The outermost bracket that is open behind `line`, and how many are."""
    offset = len(current.text) - len(line.code)
    depth = state[1] if state else 0
    opened = state[0] if state else None
    for found in _MARKS.finditer(line.code):
        if found.group() in _OPENERS:
            start = offset + found.start()
            if depth == 0:
                opened = current.span(start, start + 1)
            depth += 1
            if depth == MAX_CONDITION_DEPTH + 1 and not current.refused:
                current.refused = True
                report.error(
                    "SV0306",
                    f"brackets are nested more than {MAX_CONDITION_DEPTH} deep",
                    current.span(start, start + 1),
                    why="Nobody could follow it.",
                    fix="Give parts of the condition a name with `define`.",
                )
        elif found.group() in _CLOSERS:
            depth = max(0, depth - 1)
    return (opened, depth) if depth and opened is not None else None


def _leave_comments(pending: Sequence[_Physical], result: Outline) -> None:
    for comment in pending:
        if comment.indent > 0 and result.items and not result.tail:
            result.items[-1].tail += (comment.comment,)
        elif comment.comment is not None or result.tail:
            result.tail += (comment.comment,)
    while result.tail and result.tail[-1] is None:
        result.tail = result.tail[:-1]


_NO_SPACE = re.compile(r"[^ ]")


def _physical(file: str, lines: Iterable[tuple[int, str]], report: Reporter) -> Iterable[_Physical]:
    for number, raw in lines:
        body = raw.lstrip()
        indent = len(raw) - len(body)
        odd = _NO_SPACE.search(raw, 0, indent)
        if odd is not None and body:
            tab = odd.group() == "\t"
            name = unicodedata.name(odd.group(), "control character").lower()
            report.error(
                "SV0201",
                f"a {'tab' if tab else name} stands in the indentation",
                Span(file, number, odd.start() + 1, odd.end() + 1),
                why="Tabs are as wide as each editor likes, so that depth would not be certain."
                if tab
                else "It looks like a space and is none.",
                fix="Indent with two spaces.",
            )
            indent = len(raw[:indent].replace("\t", "  "))
        code, comment, unclosed = _split_comment(body)
        if unclosed >= 0:
            start = len(raw) - len(body) + unclosed
            slanted = "”" in body[unclosed:] or "“" in body[unclosed:]
            report.error(
                "SV0205",
                "a quotation is opened and never closed",
                Span(file, number, start + 1, len(raw.rstrip()) + 1),
                why='Only a straight mark closes it: ".'
                if slanted
                else "A quotation ends on the line where it starts.",
                fix='Close it with ". For a longer text write several clauses.',
            )
            code += '"'
        yield _Physical(number, indent, code.replace("\t", " ").rstrip(), comment)


def _split_comment(body: str) -> tuple[str, str | None, int]:
    """Code, comment, and where a quotation is left open (-1: nowhere)."""
    opened = -1
    index = 0
    while index < len(body):
        char = body[index]
        if opened >= 0:
            if char == "\\":
                index += 1
            elif char == '"':
                opened = -1
        elif char == '"':
            opened = index
        elif body.startswith("--", index):
            return body[:index].rstrip(), body[index + 2 :].strip(), -1
        index += 1
    return body.rstrip(), None, opened
