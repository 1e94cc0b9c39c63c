"""The one canonical form of a text.

Works on the words themselves, so that comments and the order of declarations stay: spaces, numbers,
needless parentheses, the order of clauses and the breaking of long lines are settled.  Formatting
twice changes nothing, and the model that the text stands for is the same before and after.  In
Markdown only the fenced blocks change.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path

from servanda.language import literate
from servanda.language.assemble import Declared, assemble
from servanda.language.diagnostics import Diagnostic, Reporter
from servanda.language.forms import form_of, rank
from servanda.language.limits import MAX_CONDITION_DEPTH, MAX_FILE_BYTES
from servanda.language.outline import Item, Logical, Outline, outline
from servanda.language.reading import BARE, lines_of
from servanda.language.syntax import Node, full_grammar, is_tree

WIDTH = 100
INDENT = "  "


@dataclass(frozen=True, slots=True)
class Formatted:
    """The canonical text; the text as given when it has errors of form."""

    text: str
    diagnostics: tuple[Diagnostic, ...] = ()


def format_text(text: str, name: str = "text.servanda") -> Formatted:
    """The canonical form of a file; `name` tells a bare file by its ending, `.servanda`.

    Lines end as in Unix, and a byte order mark goes.
    """
    report = Reporter()
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    lines = lines_of(name, data, report)
    if lines is None:
        return Formatted(text, report.finish())
    bare = name.endswith(BARE)
    if not bare:
        literate.pieces(name, lines, report)  # reports blocks that cannot be used
    ranges = [(0, len(lines))] if bare else list(literate.code_ranges(lines))
    out = list(lines)
    for first, last in reversed(ranges):
        numbered = [(number + 1, lines[number]) for number in range(first, last)]
        out[first:last] = _block(name, numbered, report)
    if report.failed:
        return Formatted(text, report.finish())
    joined = "\n".join(out)
    return Formatted(joined.rstrip("\n") + "\n" if bare and joined.strip() else joined)


def text_of(file: Path) -> str:
    """The text of a file to be formatted; bytes that are no UTF-8 stay, and are refused then."""
    if not file.is_file():
        raise FileNotFoundError(ENOENT, "it is not there, or no file", str(file))
    with file.open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1).decode("utf-8", "surrogateescape")


def _block(name: str, lines: list[tuple[int, str]], report: Reporter) -> list[str]:
    shape = outline(name, lines, report)
    found = [(item, assemble(item, report)) for item in shape.items]
    for _, declared in found:
        if declared is not None:
            _check_depth(declared.line, declared.tree, report)
            for clause in declared.clauses:
                _check_depth(clause.line, clause.tree, report)
    if report.failed:
        return [text for _, text in lines]
    written = [(declared, _item(item, declared)) for item, declared in found if declared]
    out: list[str] = []
    above: Declared | None = None
    for declared, rows in written:
        if above is not None and not _stand_together(above, declared, rows):
            out.append("")
        out.extend(rows)
        above = declared
    return out + _tail(shape, bool(out))


def _check_depth(line: Logical, tree: Node, report: Reporter) -> None:
    """Refuse a condition too deep to be written; loading refuses it as well."""
    level, depth = [tree], 0
    while level and depth <= _DEEPEST:
        level = [child for node in level if is_tree(node) for child in node.children]
        depth += 1
    if level:
        report.error(
            "SV0306",
            f"conditions are nested more than {MAX_CONDITION_DEPTH} deep",
            line.first_word,
            why="Nobody could follow it.",
            fix="Give parts of it a name with `define`.",
        )


# A condition within a condition is at most three steps down in a tree: the parenthesis, what it
# holds, and the word before it.
_DEEPEST = 3 * MAX_CONDITION_DEPTH


def _tail(shape: Outline, separate: bool) -> list[str]:
    rows = [_comment(c) for c in shape.tail]
    return ["", *rows] if rows and separate else rows


def _stand_together(above: Declared, below: Declared, rows: Sequence[str]) -> bool:
    """Single lines of one kind stand without a blank line between them."""
    return (
        above.keyword == below.keyword
        and not above.clauses
        and not below.clauses
        and not rows[0].startswith("--")
    ) or (above.context == below.context == "of_provision" and not rows[0].startswith("--"))


def _item(item: Item, declared: Declared) -> list[str]:
    context = declared.context
    rows = _logical("head", item.head, "")
    if declared.context == "of_provision":
        context = "provision"

    def place(line: Logical) -> int:
        form = form_of(context, line.text)
        return rank(context, form.keyword) if form else 0

    for clause in sorted(item.clauses, key=place):
        rows += _logical(f"{context}_clause", clause, INDENT)
    return rows + [INDENT + _comment(c) for c in item.tail if c is not None]


def _comment(text: str | None) -> str:
    return "" if text is None else f"-- {text}".rstrip()


def _logical(start: str, line: Logical, indent: str) -> list[str]:
    rows = [indent + _comment(c) if c is not None else "" for c in line.comments]
    tree = full_grammar().parse(line.text, start=start)
    words = _Words()
    words.write(tree)
    body = _broken(words.pieces, len(indent))
    if line.trailing is not None:
        body[0] += "  " + _comment(line.trailing)
    return rows + [indent + row for row in body]


# --- words --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """A word, whether it sticks to the word before, and how many parentheses it stands in."""

    text: str
    glued: bool
    depth: int


_NEEDED_IN = ("conj", "disj", "negation", "after")
_COMPOUND = ("conj", "disj", "dyadic")
# Constructs whose parentheses belong to their form.
_OWN_PARENTHESES = ("dyadic", "temporal", "lasting", "some", "every", "count", "aggregate")
_GLUED_BEFORE = (",", ")", "]", "}", ":")
_GLUED_AFTER = ("(", "[", "{")


class _Words:
    """Gathers the words of a tree in canonical spelling."""

    def __init__(self) -> None:
        self.pieces: list[_Piece] = []
        self.depth = 0
        self.glue_next = False

    def write(self, node: Node, parent: str = "") -> None:
        if not is_tree(node):
            self._token(node)
            return
        kind = str(node.data)
        if kind == "paren":
            self._paren(node, parent)
            return
        wrap = parent in _NEEDED_IN and (
            (kind in _COMPOUND)
            or (parent in ("negation", "after") and kind in ("negation", "after"))
        )
        if wrap:
            self._put("(", glued=False)
            self.depth += 1
        self._children(node, kind)
        if wrap:
            self.depth -= 1
            self._put(")", glued=True)

    def _paren(self, node: Node, parent: str) -> None:
        inner = node.children[1]
        if parent in _OWN_PARENTHESES or (parent == "reading" and _alone(inner)):
            self._put("(", glued=False)
            self.depth += 1
            while is_tree(inner, "paren"):
                inner = inner.children[1]
            self.write(inner, "paren")
            self.depth -= 1
            self._put(")", glued=True)
        else:
            self.write(inner, parent)

    def _children(self, node: Node, kind: str) -> None:
        for index, child in enumerate(node.children):
            text = str(child)
            if kind == "duration" and getattr(child, "type", "") == "TIME_UNIT":
                one = self.pieces[-1].text == "1"
                self._put(text.rstrip("s") + ("" if one else "s"), glued=False)
                continue
            if text == "," and _closes_set(node.children, index):
                continue  # a comma after the last item
            if kind in ("call", "parameters", "outstanding") and text == "(":
                self.glue_next = True
            if kind == "keys" and text == "[":
                self.glue_next = True
            self.write(child, kind)

    def _token(self, token: Node) -> None:
        text = str(token)
        match token.type:
            case "STRING":
                pass
            case "NUMBER":
                text = canonical_number(text)
            case _:
                text = " ".join(text.split())
        opens = text in ("(", "[", "{") and token.type != "STRING"
        closes = text in (")", "]", "}") and token.type != "STRING"
        if closes:
            self.depth -= 1
        self._put(text, glued=text in _GLUED_BEFORE)
        if opens:
            self.depth += 1

    def _put(self, text: str, *, glued: bool) -> None:
        after_opening = bool(self.pieces) and self.pieces[-1].text in _GLUED_AFTER
        self.pieces.append(_Piece(text, glued or after_opening or self.glue_next, self.depth))
        self.glue_next = False


def _alone(node: Node) -> bool:
    """A name alone in parentheses: after `reading x:` they tell a condition from a value."""
    while is_tree(node, "paren"):
        node = node.children[1]
    return is_tree(node, "apply") and len(node.children) == 1


def _closes_set(children: Sequence[Node], index: int) -> bool:
    return index + 1 < len(children) and str(children[index + 1]) == "}"


def canonical_number(text: str) -> str:
    """Digits grouped by `_` in thousands from 1_000 on; nothing is rounded."""
    sign = "-" if text.startswith("-") else ""
    whole, point, fraction = text.lstrip("-").replace("_", "").partition(".")
    whole = whole.lstrip("0") or "0"
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", "_", whole)
    return f"{sign}{grouped}{point}{fraction}"


# Where a line that has no `and` or `or` is broken first.
_SOFT = ("withdrawn by", "with capacity", "owned by", "decided by", "via")


# --- lines --------------------------------------------------------------------------------------


def _joined(pieces: Sequence[_Piece]) -> str:
    text = ""
    for index, piece in enumerate(pieces):
        text += piece.text if piece.glued or index == 0 else f" {piece.text}"
    return text


def _broken(pieces: list[_Piece], indent: int) -> list[str]:
    """The line, broken before `and` and `or` from the outside in, else after commas."""
    whole = _joined(pieces)
    if indent + len(whole) <= WIDTH:
        return [whole]
    joints = [i for i, p in enumerate(pieces) if p.text in ("and", "or") and i]
    soft = [i for i, p in enumerate(pieces) if p.text in _SOFT and i]
    if joints or soft:
        outer = min(pieces[i].depth for i in joints) if joints else 0
        cuts = [i for i in joints if pieces[i].depth == outer] or soft
        parts = [pieces[a:b] for a, b in zip([0, *cuts], [*cuts, len(pieces)], strict=True)]
        rows: list[str] = []
        for number, part in enumerate(parts):
            shift = 0 if number == 0 else 4
            for row in _broken(part, indent + shift):
                rows.append(" " * shift + row)
        return rows
    return _filled(pieces, indent)


def _filled(pieces: list[_Piece], indent: int) -> list[str]:
    rows: list[str] = []
    start = 0
    last_comma = 0
    for index, piece in enumerate(pieces):
        shift = 4 if rows else 0
        if indent + shift + len(_joined(pieces[start : index + 1])) > WIDTH and last_comma > start:
            rows.append(" " * shift + _joined(pieces[start:last_comma]))
            start = last_comma
        if piece.text == ",":
            last_comma = index + 1
    rows.append(" " * (4 if rows else 0) + _joined(pieces[start:]))
    return rows
