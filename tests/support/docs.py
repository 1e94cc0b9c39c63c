"""Runs the examples of a document: files are written, commands run, Python executed.

A fenced block whose tag is followed by a file name (```servanda truce.md) is that file; with a plus
(```servanda +truce.md) it is added to the end of the file.  In a block tagged `console` a line
after `$ ` is a command, and what follows is its output, to the letter.  A block tagged `python` is
executed.  All blocks of a document share one empty folder, in order.
`python -m tests.support.docs FILE…` writes the outputs anew.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servanda.cli import main

_BLOCK = re.compile(r"^```(\w+)(?: (\+?[\w./-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    tag: str
    file: str | None
    text: str
    span: tuple[int, int]


def blocks(text: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(text):
        yield Block(found[1], found[2], found[3], found.span(3))


def run(text: str) -> tuple[str, list[str]]:
    """The document with outputs as they are now, and what was wrong with the other blocks."""
    problems: list[str] = []
    pieces, end = [], 0
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for block in blocks(text):
                pieces.append(text[end : block.span[0]])
                end = block.span[1]
                pieces.append(_one(block, problems))
        finally:
            os.chdir(here)
    return "".join(pieces) + text[end:], problems


def _one(block: Block, problems: list[str]) -> str:
    if block.file is not None:
        file, more = Path(block.file.lstrip("+")), block.file.startswith("+")
        file.parent.mkdir(parents=True, exist_ok=True)
        earlier = file.read_text(encoding="utf-8") + "\n" if more else ""
        # In Markdown that is itself quoted, fences are written with tildes.
        file.write_text(earlier + block.text.replace("~~~", "```"), encoding="utf-8")
    elif block.tag == "console":
        return "".join(_commands(block.text))
    elif block.tag == "python":
        try:
            exec(compile(block.text, "example", "exec"), {"__name__": "example"})
        except Exception as error:  # whatever an example does wrong is reported
            problems.append(f"{type(error).__name__}: {error}\n{block.text}")
    return block.text


def _commands(text: str) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        if not line.startswith("$ "):
            continue
        yield line
        words = shlex.split(line[2:])
        assert words[0] == "servanda", line
        out = io.StringIO()
        redirected = contextlib.redirect_stdout(out), contextlib.redirect_stderr(out)
        with redirected[0], redirected[1], contextlib.suppress(SystemExit):
            main(words[1:])
        said = out.getvalue().rstrip("\n")
        yield f"{said}\n" if said else ""


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Path(name).resolve()
        renewed, wrong = run(file.read_text(encoding="utf-8"))
        file.write_text(renewed, encoding="utf-8")
        print(*wrong or [f"{file.name}: written"], sep="\n")
