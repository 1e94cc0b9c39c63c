"""The messages of the public pages, as they stand in templates and in the program.

In: nothing.  Out: every message once, with its plural and where it stands.  `scripts/messages.py`
writes them into the catalogues, and the tests hold the catalogues to them.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2.ext import extract_from_ast

from servanda.web.render import environment
from tests.conftest import ROOT

WEB = ROOT / "src" / "servanda" / "web"
MARKS = ("N_",)  # in the program


@dataclass(frozen=True, slots=True)
class Found:
    """A message in English; `plural` is its other form where it has one."""

    text: str
    plural: str | None
    where: str


def messages() -> list[Found]:
    """In the order of files and lines; a message that stands twice is told once."""
    found: dict[tuple[str, str | None], Found] = {}
    for one in [*_in_templates(), *_in_the_program()]:
        found.setdefault((one.text, one.plural), one)
    return list(found.values())


def _in_templates() -> Iterator[Found]:
    for path in sorted((WEB / "templates" / "public").glob("*.html")):
        source = path.read_text(encoding="utf-8")
        tree = environment("en").parse(source)
        for _, function, message in extract_from_ast(tree):
            told = (message,) if isinstance(message, str) else message
            texts = [text for text in told or () if isinstance(text, str)]
            assert texts, f"{path.name} has a message that is no plain text"
            plural = texts[1] if function == "ngettext" else None
            yield Found(texts[0], plural, f"templates/public/{path.name}")


def _in_the_program() -> Iterator[Found]:
    for path in sorted((WEB / "editions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (text := _marked(node)) is not None:
                yield Found(text, None, path.relative_to(WEB).as_posix())


def _marked(node: ast.Call) -> str | None:
    """The text of `N_("…")` and of `….say("…")`."""
    name = node.func.id if isinstance(node.func, ast.Name) else None
    says = isinstance(node.func, ast.Attribute) and node.func.attr == "say"
    if not (name in MARKS or says) or not node.args:
        return None
    first = node.args[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    return None


def folder(language: str) -> Path:
    return WEB / "locale" / language / "LC_MESSAGES"
