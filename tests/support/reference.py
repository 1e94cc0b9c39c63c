"""The language reference as a test sees it: its pages, their sections, the examples in each.

An example is a block tagged `servanda`.  One that opens with `agreement`, or has a file name,
stands for itself; every other goes on from the common beginning in `docs/language.md`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from servanda.language import literate
from servanda.language.assemble import Declared, assemble
from servanda.language.diagnostics import Reporter
from servanda.language.load import Loaded, load_agreement
from servanda.language.outline import outline
from tests.conftest import ROOT
from tests.support import docs

INDEX = ROOT / "docs" / "language.md"
PAGES = tuple(sorted((ROOT / "docs" / "language").glob("*.md")))
TAG = "servanda"


@dataclass(frozen=True)
class Example:
    page: str
    heading: str
    text: str
    file: str | None

    @property
    def whole(self) -> bool:
        return self.file is not None or self.text.startswith("agreement ")

    @property
    def name(self) -> str:
        return self.file or "example.servanda"


@dataclass(frozen=True)
class Section:
    """What stands under a heading of the third rank; the words in code of the heading."""

    page: str
    heading: str
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(re.findall(r"`([^`]+)`", self.heading))

    @property
    def examples(self) -> tuple[Example, ...]:
        return tuple(
            Example(self.page, self.heading, block.text.replace("~~~", "```"), block.file)
            for block in docs.blocks(self.text)
            if block.tag == TAG
        )


@cache
def ground() -> str:
    text = INDEX.read_text(encoding="utf-8")
    return next(b.text for b in docs.blocks(text) if b.file == "ground.servanda")


@cache
def sections() -> tuple[Section, ...]:
    return tuple(s for page in PAGES for s in _sections(page))


def _sections(page: Path) -> Iterator[Section]:
    heading, rows, fenced = "", list[str](), False
    for row in page.read_text(encoding="utf-8").splitlines(keepends=True):
        fenced ^= row.startswith("```")
        if not fenced and (found := re.match(r"#{2,3} (.+)", row)):
            yield Section(page.stem, heading, "".join(rows))
            heading, rows = found[1], []
        else:
            rows.append(row)
    yield Section(page.stem, heading, "".join(rows))


@cache
def examples() -> tuple[Example, ...]:
    return tuple(example for section in sections() for example in section.examples)


@cache
def load(example: Example) -> Loaded:
    """The example as an agreement; one that does not stand for itself has the beginning before."""
    text = example.text if example.whole else f"{ground()}\n{example.text}"
    return load_agreement(text, name=example.name)


def declared(example: Example) -> Iterator[Declared]:
    """What the example itself declares, as parsed."""
    lines, report = example.text.split("\n"), Reporter()
    if example.name.endswith(".md"):
        pieces = literate.pieces(example.name, lines, report)
        blocks = [piece.lines for piece in pieces if isinstance(piece, literate.Code)]
    else:
        blocks = [list(enumerate(lines, 1))]
    for block in blocks:
        for item in outline(example.name, block, report).items:
            if (found := assemble(item, report)) is not None:
                yield found


def parts(node: Any) -> Iterator[Any]:
    """Every immutable value below a piece of the model, itself included."""
    if isinstance(node, dict):
        node = tuple(node.values())
    if isinstance(node, tuple):
        for item in node:
            yield from parts(item)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            if field.name != "span" and field.init:
                yield from parts(getattr(node, field.name))
