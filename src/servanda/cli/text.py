"""Text for terminals: 80 columns, marks that need no colour, wrapped sentences.

Colour only adds: every state has a mark and its word.
"""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

NARROW = 80
MARKS = {
    "inactive": "·",
    "active": "○",
    "fulfilled": "✓",
    "breached": "◆",
    "cured": "◇",
    "suspended": "‖",
    "expired": "⊘",
    "terminated": "⊠",
    "depends": "◐",
    "not_in_force": "·",
    "in_force": "○",
    "invoked": "▶",
    "lapsed": "⊠",
}
COLOURS = {
    "breached": "38;5;166",
    "fulfilled": "38;5;30",
    "cured": "38;5;30",
    "depends": "38;5;97",
    "lapsed": "38;5;166",
    "invoked": "38;5;166",
}


# Kinds of commitments as people say them: one, several.
KINDS = {
    "achieve": ("thing to achieve", "things to achieve"),
    "maintain": ("limit or state to maintain", "limits or states to maintain"),
    "prohibition": ("prohibition", "prohibitions"),
    "principle": ("statement of principle", "statements of principle"),
    "political_commitment": ("political commitment", "political commitments"),
    "immunity": ("immunity", "immunities"),
}


def counted(count: int, kind: str) -> str:
    """A number of commitments of a kind: `8 prohibitions`."""
    one, several = KINDS.get(kind, (kind, f"{kind}s"))
    return f"{count} {one if count == 1 else several}"


def number(count: int, word: str) -> str:
    """A number of things: `1 error`, `3 errors`."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def width() -> int:
    return max(40, min(100, shutil.get_terminal_size((NARROW, 24)).columns))


def coloured() -> bool:
    import os

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if coloured() and code else text


def bold(text: str) -> str:
    return paint(text, "1")


def state(name: str) -> str:
    """A state with its mark: `◆ breached`."""
    return paint(f"{MARKS.get(name, ' ')} {name.replace('_', ' ')}", COLOURS.get(name, ""))


def standard(name: str) -> str:
    """A standard as sentences name it: one of one's own is a quotation."""
    return f"“{name}”" if " " in name else name


def rule(title: str = "", mark: str = "─") -> str:
    if not title:
        return mark * width()
    return f"{mark * 2} {title} ".ljust(width(), mark)


def clean(text: str) -> str:
    """Text from data without control characters, on one line: a terminal obeys only us."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "�" for c in text).split())


def wrap(text: str, indent: int = 0, hang: int = 0) -> str:
    """Wrapped to the width; ids and addresses are not broken."""
    return textwrap.fill(
        clean(text),
        width(),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
    )


def item(text: str, indent: int = 0, mark: str = "-") -> str:
    return textwrap.fill(
        clean(text),
        width(),
        initial_indent=" " * indent + mark + " ",
        subsequent_indent=" " * (indent + len(mark) + 1),
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Sequence[Sequence[str]], head: Sequence[str] = (), indent: int = 2) -> str:
    """Columns as wide as they need; the last one wraps."""
    everything = [head, *rows] if head else list(rows)
    if not everything:
        return ""
    columns = max(len(r) for r in everything)
    sizes = [max(len(r[i]) if i < len(r) else 0 for r in everything) for i in range(columns)]
    room = width() - indent - sum(sizes[:-1]) - 2 * (columns - 1)
    lines: list[str] = []
    for number, row in enumerate(everything):
        cells = [clean(cell).ljust(size) for cell, size in zip(row, sizes[:-1], strict=False)]
        start = " " * indent + "  ".join(cells)
        last = row[columns - 1] if len(row) == columns else ""
        parts = textwrap.wrap(clean(last), max(room, 16), break_long_words=False) or [""]
        lines.append((start + "  " + parts[0]).rstrip() if cells else " " * indent + parts[0])
        lines += [" " * (len(start) + 2) + part for part in parts[1:]]
        if head and number == 0:
            lines.append(" " * indent + "─" * min(width() - indent, sum(sizes) + 2 * (columns - 1)))
    return "\n".join(lines)


def say(parts: Iterable[str]) -> None:
    print("\n".join(parts))


def moment(instant: str | None) -> str:
    """An instant of the JSON in short, UTC; the full instant is in the JSON."""
    if instant is None:
        return ""
    return instant[:10] if instant.endswith("T00:00:00Z") else f"{instant[:10]} {instant[11:16]}Z"
