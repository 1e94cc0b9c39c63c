"""The tables of the parser in the package are those of its grammar."""

import json
from pathlib import Path

import lark
import pytest

from servanda import library
from servanda.language import tables


def test_those_of_the_package_are_of_the_grammar() -> None:
    """After a change of the grammar: `python scripts/build_grammar.py`.

    Another lark makes its own at each start; then the ones of the package are left alone.
    """
    made_by, grammar = json.loads(tables.kept())["made_of"]
    assert grammar == json.loads(tables.written())["made_of"][1]
    assert (tables.read(tables.kept()) is not None) == (made_by == lark.__version__)


def test_other_tables_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    now = tables.written()
    monkeypatch.setattr(tables, "_grammar", lambda: "another grammar")
    assert tables.read(now) is None


def test_both_parsers_read_alike() -> None:
    """Every line of the bundled agreements, and of what is wrong with lines."""
    read, made = tables.read(tables.written()), tables.made(maybe_placeholders=True)
    assert read is not None
    lines = {
        line.strip()
        for name in library.bundled()
        for file in Path(library.find(name)).rglob("*.md")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    }
    assert len(lines) > 1000
    told = [(_told(read, line), _told(made, line)) for line in sorted(lines)]
    assert all(one == other for one, other in told)
    assert sum(isinstance(tree, lark.Tree) for one, _ in told for tree in one) > 300


def _told(parser: lark.Lark, line: str) -> list[object]:
    """What each start makes of a line: a tree, or where it stops and on what."""
    found: list[object] = []
    for start in tables.STARTS:
        try:
            found.append(parser.parse(line, start=start))
        except lark.exceptions.UnexpectedToken as error:
            found.append((error.token, error.token.start_pos, sorted(error.expected)))
        except lark.exceptions.UnexpectedCharacters as error:
            found.append((error.pos_in_stream, sorted(error.allowed or ())))
    return found
