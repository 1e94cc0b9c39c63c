"""Texts of a clause in other languages: joined from its lines, checked, and written again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from servanda.language.diagnostics import Reporter
from servanda.language.scope import Place
from servanda.language.syntax import Node, quote, unquote
from servanda.model.translation import Translation

_MARKS = {True: " authentic", False: " not authentic", None: ""}


def translated(given: tuple[Translation, ...], tree: Node, at: Place) -> tuple[Translation, ...]:
    """What was given already, with one more line of code."""
    language, mark, text = tree.children
    said = None if mark is None else not str(mark).startswith("not")
    more = Translation(str(language), unquote(text), said, at.span(tree))
    return joined(given, more, "\n", at.names.report)


def joined(
    given: tuple[Translation, ...], more: Translation, between: str, report: Reporter
) -> tuple[Translation, ...]:
    """Pieces in one language are one text; it cannot be authentic in part."""
    earlier = next((one for one in given if one.language == more.language), None)
    if earlier is None:
        return (*given, more)
    if earlier.authentic is not more.authentic:
        report.error(
            "SV0310",
            f"the text in `{more.language}` is marked in two ways",
            more.span,
            why="Its pieces are one text, which is authentic or is not.",
            fix="Mark each of them alike.",
        )
    whole = replace(earlier, text=f"{earlier.text}{between}{more.text}")
    return tuple(whole if one is earlier else one for one in given)


def print_translation(one: Translation) -> Iterator[str]:
    """The lines that say it, one for each line of the text."""
    for line in one.text.split("\n"):
        yield f"translation {one.language}{_MARKS[one.authentic]} {quote(line)}"


def unlisted(given: Iterable[Translation], languages: tuple[str, ...]) -> Iterator[Translation]:
    """Translations into a language that the agreement does not list, where it lists any."""
    return (one for one in given if languages and one.language not in languages)
