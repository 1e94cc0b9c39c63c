"""Who said something and where it comes from, in short, for terminals of 80 columns.

Addresses are cut to fit a line; `--format json` has them in full.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from servanda.cli import text

Row = Mapping[str, Any]
Draft = Mapping[str, Any]
# A part of what is shown: from the draft as plain data to lines.
Part = Callable[[Draft], Iterator[str]]


def words(value: Any) -> str:
    """A word of the data as people say it: `not_involved`, `not involved`."""
    return str(value).replace("_", " ")


def kind(row: Row) -> str:
    """The sourcing class of a row, in brackets."""
    return f" [{words(row['class'])}]" if row.get("class") else ""


def said(row: Row) -> str:
    """A statement with its day, its speaker and its sourcing class."""
    speaker = row.get("speaker") or row.get("according_to") or "not named"
    dated = f"{day(row['date'])}, " if row.get("date") else ""
    return f"{dated}{speaker}: {row.get('says', '')}{kind(row)}"


def day(value: Any) -> str:
    """A day, or the first and the last of several."""
    return " to ".join(str(value).split("/"))


def cited(row: Row, found: Draft, indent: int) -> Iterator[str]:
    """Where a row comes from, one line for each source."""
    from servanda.report.negotiation import sources

    reports: dict[str, list[str]] = {}
    for one in sources(row):
        name, _, paragraph = one.partition(", paragraph ")
        if "://" in one:
            yield text.item(_short(one, indent + 8), indent, "source:")
        else:
            reports.setdefault(name, []).extend([paragraph] if paragraph else [])
    for name, paragraphs in reports.items():
        told = f"{publisher(found, name)}{numbered_paragraphs(paragraphs)}"
        yield text.item(told, indent, "source:")


def numbered_paragraphs(given: Iterable[str]) -> str:
    """`, paragraphs 1, 6` after the name of a report; nothing where none is pointed at."""
    listed = list(given)
    plural = "s" if len(listed) > 1 else ""
    return f", paragraph{plural} {', '.join(listed)}" if listed else ""


def publisher(found: Draft, witness: str) -> str:
    """Who published a text witness, and when."""
    for row in found["negotiation"]["witnesses"]:
        if row.get("id") == witness:
            return f"{row.get('publisher')}, {row.get('date')}"
    return witness


def _short(address: str, taken: int) -> str:
    bare = address.partition("://")[2].removeprefix("www.")
    room = text.width() - taken
    return bare if len(bare) <= room else f"{bare[: room - 1]}…"
