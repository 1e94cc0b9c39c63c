"""`servanda fmt`: the one canonical form of an agreement's text."""

import sys
from pathlib import Path
from typing import Any

from servanda.cli.options import command


def add(commands: Any) -> None:
    parser = command(commands, "fmt", "put an agreement's text into its canonical form", run)
    parser.add_argument("agreement", metavar="AGREEMENT", help="id of a bundled one, or a path")
    parser.add_argument("--write", action="store_true", help="rewrite the file in place")
    parser.add_argument("--check", action="store_true", help="exit with 1 if it would change")


def run(options: Any) -> int:
    from servanda.language.format import format_text, text_of
    from servanda.language.load import render
    from servanda.library import InputError, find

    path = find(options.agreement)
    file = path / "agreement.md" if path.is_dir() else path
    source = text_of(file)
    result = format_text(source, file.name)
    if any(d.is_error for d in result.diagnostics):
        raise InputError(render(result.diagnostics))
    formatted = result.text
    if options.check:
        if formatted != source:
            print(f"{file.name} is not in canonical form", file=sys.stderr)
        return int(formatted != source)
    if options.write:
        if formatted != source:
            _replace(file, formatted)
            print(f"{file.name} rewritten", file=sys.stderr)
        return 0
    print(formatted, end="")
    return 0


def _replace(file: Path, text: str) -> None:
    """Write beside the file and move into place, so that nothing is lost half-way."""
    beside = file.with_name(file.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
