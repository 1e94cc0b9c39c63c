"""Reads files of an agreement: UTF-8, of bounded size, from inside its folder, without tricks.

Control characters, direction overrides and invisible characters are refused: a reader must see what
the machine sees.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from servanda.language.diagnostics import Reporter
from servanda.language.limits import MAX_FILE_BYTES, MAX_INCLUDES
from servanda.model.span import Span

# Control characters but tab; soft hyphen, zero-width and direction marks, line separators, and the
# byte order mark inside a text (Unicode TR 36 and 55 list them as means of deception).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def lines_of(file: str, data: bytes, report: Reporter) -> list[str] | None:
    """The lines of a file, or None after its errors have been reported."""
    if len(data) > MAX_FILE_BYTES:
        report.error(
            "SV0104",
            f"{file} has {len(data):_} bytes",
            Span(file, 1, 1, 2),
            why=f"A file has at most {MAX_FILE_BYTES:_}.",
            fix="Divide it with `include`.",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        report.error(
            "SV0102",
            "the file is not UTF-8",
            Span(file, row, column, column + 1),
            why=f"The byte {data[error.start]:#04x} cannot stand there.",
            fix="Save the file as UTF-8.",
        )
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    report.files[file] = [_FORBIDDEN.sub("�", line) for line in lines]
    clean = True
    for number, line in enumerate(lines, 1):
        for found in _FORBIDDEN.finditer(line):
            clean = False
            report.error(
                "SV0103",
                f"the character U+{ord(found.group()):04X} is not allowed",
                Span(file, number, found.start() + 1, found.end() + 1),
                why="It is invisible or changes the order in which the text is shown.",
                fix="Remove it.",
            )
    return lines if clean else None


@dataclass(slots=True)
class Files:
    """The files of one agreement, each read once; `stack` holds those that are being read."""

    folder: Path
    report: Reporter
    read: dict[str, Sequence[str]] = field(default_factory=dict)

    def main(self, path: Path) -> Sequence[str] | None:
        """The lines of the file that the agreement starts with."""
        self.read[path.name] = ()
        return self._lines(path, path.name, Span("", 0, 0, 0))

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
        if name in self.read or len(self.read) >= MAX_INCLUDES:
            self.report.error(
                "SV0108",
                f"{name} is included a second time or by itself"
                if name in self.read
                else f"more than {MAX_INCLUDES} files are included",
                span,
                why="Each file is read once, at the place where it is included.",
                fix="Remove this include.",
            )
            return None
        self.read[name] = ()
        target = self.folder / name
        try:
            inside = target.resolve(strict=True).is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError):
            inside = True  # a file that is not there is reported when it is opened
        if not inside:
            self._outside(path, span, "it is a link that leads out of the agreement's folder")
            return None
        lines = self._lines(target, name, span)
        return (name, lines) if lines is not None else None

    def _lines(self, path: Path, name: str, span: Span) -> Sequence[str] | None:
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                data = b" " * (MAX_FILE_BYTES + 1)
            else:
                data = path.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.report.error(
                "SV0101",
                f"{name} cannot be read",
                span,
                why=f"{reason}.",
                fix="Check the path.",
            )
            return None
        return lines_of(name, data, self.report)

    def _outside(self, path: str, span: Span, why: str) -> None:
        self.report.error(
            "SV0106",
            f"“{path}” cannot be included",
            span,
            why=f"{why[0].upper()}{why[1:]}.",
            fix='Put the file into the agreement\'s folder and name it: `include "annex.md"`.',
        )
