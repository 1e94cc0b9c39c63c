"""Reads files of an agreement: UTF-8, of bounded size, from inside its folder, without tricks.

Control characters, direction overrides and invisible characters are refused: a reader must see what
the machine sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from servanda.characters import FORBIDDEN, MAX_MARKS, blotted, crowded, named, normal
from servanda.language.diagnostics import Reporter, shown
from servanda.language.limits import MAX_FILE_BYTES, MAX_INCLUDE_DEPTH, MAX_INCLUDES
from servanda.model.span import Span

BARE = ".servanda"  # what the name of a file without Markdown ends in; all others are Markdown


def lines_of(file: str, data: bytes, report: Reporter) -> list[str] | None:
    """The lines of a file, or None after its errors have been reported."""
    if len(data) > MAX_FILE_BYTES:
        report.error(
            "SV0104",
            f"the file has more than {MAX_FILE_BYTES:_} bytes",
            Span(file, 1, 1, 2),
            why="No published agreement is that long; it may be a file of another sort.",
            fix="Check the path, or divide the text with `include`.",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        row = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        readable = data.decode("utf-8-sig", "replace").split("\n")
        report.files[file] = [blotted(line.rstrip("\r")) for line in readable]
        report.error(
            "SV0102",
            "the file is not UTF-8",
            Span(file, row, column, column + 1),
            why=f"The byte {data[error.start]:#04x} stands for different letters in different "
            "old encodings.",
            fix="Save the file as UTF-8; editors ask for the encoding when saving.",
        )
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    report.files[file] = [blotted(line) for line in lines]
    clean = True
    for number, line in enumerate(lines, 1):
        for found in FORBIDDEN.finditer(line):
            clean = False
            report.error(
                "SV0103",
                f"{named(found.group())} is not allowed",
                Span(file, number, found.start() + 1, found.end() + 1),
                why="It is invisible or changes the order in which the text is shown, so that "
                "people would read something else than the machine.",
                fix="Remove it.",
            )
        crowd = crowded(line)
        if crowd >= 0:
            clean = False
            report.error(
                "SV0103",
                f"more than {MAX_MARKS} marks stand on one letter",
                Span(file, number, crowd + 1, crowd + 2),
                why="They would cover the lines around them, so that nobody could read those.",
                fix="Remove them.",
            )
    return [normal(line) for line in lines] if clean else None


_A_LINK = "it is a link that leads out of the agreement's folder"


@dataclass(slots=True)
class Files:
    """The files of one agreement, each read once; `stack` holds those that are being read."""

    folder: Path
    report: Reporter
    read: set[str] = field(default_factory=set)
    stack: list[str] = field(default_factory=list)

    def main(self, path: Path, *, within: bool) -> Sequence[str] | None:
        """The lines of the file that the agreement starts with; `within`: no link out of here."""
        self.read.add(path.name)
        nowhere = Span("", 0, 0, 0)
        if within and not self._inside(path):
            self._outside(path.name, nowhere, _A_LINK)
            return None
        return self._lines(path, path.name, nowhere)

    def _inside(self, path: Path) -> bool:
        try:
            return path.resolve(strict=True).is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError):
            return True  # a file that is not there is reported when it is opened

    def included(self, path: str, by: str, span: Span) -> tuple[str, Sequence[str]] | None:
        """The name and lines of an included file, or None after an error or a repetition."""
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path or not pure.name:
            self._outside(path, span, "it is not a plain path below the agreement's folder")
            return None
        if pure.suffix not in (".md", ".servanda"):
            self._outside(path, span, "only files that end in .md or .servanda are included")
            return None
        name = str(PurePosixPath(by).parent / pure)
        if self._too_often(name, span):
            return None
        self.read.add(name)
        target = self.folder / name
        if not self._inside(target):
            self._outside(path, span, _A_LINK)
            return None
        lines = self._lines(target, name, span)
        return (name, lines) if lines is not None else None

    def _too_often(self, name: str, span: Span) -> bool:
        why = "Each file is read once, at the place where it is included."
        fix = "Remove this include."
        if name in self.stack:
            title = "files include each other in a circle"
            circle = [*self.stack[self.stack.index(name) :], name]
            why = f"{', which includes '.join(circle)}.".replace(", which", "", 1)
        elif name in self.read:
            title = f"{name} is included a second time"
        elif len(self.read) >= MAX_INCLUDES:
            title = f"more than {MAX_INCLUDES} files are included"
            why = "No agreement has that many parts."
            fix = "Join some of the files."
        elif len(self.stack) >= MAX_INCLUDE_DEPTH:
            title = f"files include each other more than {MAX_INCLUDE_DEPTH} deep"
            why = "Nobody could find a clause again."
            fix = "Include the file from the first one."
        else:
            return False
        self.report.error("SV0108", title, span, why=why, fix=fix)
        return True

    def _lines(self, path: Path, name: str, span: Span) -> Sequence[str] | None:
        try:
            if path.exists() and not path.is_file():
                raise OSError("it is not a file")
            if path.stat().st_size > MAX_FILE_BYTES:
                data = b" " * (MAX_FILE_BYTES + 1)
            else:
                data = path.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            if isinstance(error, FileNotFoundError):
                reason = f"there is no such file in the folder {path.parent.name or '.'}"
            self.report.error(
                "SV0101",
                f"{name} cannot be read",
                span,
                why=f"{reason[0].upper()}{reason[1:]}.",
                fix="Correct the name, or put the file there.",
            )
            return None
        return lines_of(name, data, self.report)

    def _outside(self, path: str, span: Span, why: str) -> None:
        self.report.error(
            "SV0106",
            f"“{shown(path)}” cannot be {'included' if span.file else 'read'}",
            span,
            why=f"{why[0].upper()}{why[1:]}.",
            fix='Put the file into the agreement\'s folder and name it:\n  include "annex.md"',
        )
