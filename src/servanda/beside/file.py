"""Files beside an agreement: found inside its folder alone, of bounded size, refused with a reason.

In: the agreement's folder and a name.  Out: the text, or `InputError` with a message of the same
form as those of the language: what, where, why, how to fix it.
"""

from pathlib import Path, PurePosixPath

from servanda.characters import FORBIDDEN, blotted, crowded, named, normal
from servanda.language.diagnostics import Diagnostic, Severity, render
from servanda.model.span import Span

MAX_BYTES = 5_000_000  # one file; the record of a long negotiation is far below this


class InputError(ValueError):
    """Input that cannot be used; the message says what, where, why and how to fix it."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


def refusal(
    code: str, title: str, span: Span, source: str | None = None, *, why: str, fix: str
) -> InputError:
    """An error about a file beside the agreement; `source` is the line that it stands in."""
    shown = None if source is None else blotted(source)
    found = Diagnostic(code, Severity.ERROR, blotted(title), span, shown, why=blotted(why), fix=fix)
    return InputError(render([found]), (found,))


def inside(folder: Path, name: str) -> Path | None:
    """The path of a file that belongs to the folder; None where there is none.

    Raises InputError for a path that leads out of the folder, also by a link, and for what is no
    file: a folder, a pipe, a device.
    """
    pure = PurePosixPath(name)
    path = folder / name
    out = pure.is_absolute() or ".." in pure.parts or "\\" in name or "\0" in name
    try:
        if not out and not path.is_symlink() and not path.exists():
            return None
        target = path.resolve() if not out else path
        out = out or not target.is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        out = True
    if out:
        raise refusal(
            "SV0106",
            f"{name} leads out of the agreement's folder",
            Span(name, 1, 1, 2),
            why="What belongs to an agreement lies in its folder, so that it can be handed on and "
            "no other file of this machine is read.",
            fix="Put the file itself there, not a link to it.",
        )
    if not target.exists():
        return None
    if not target.is_file():
        raise refusal(
            "SV0101",
            f"{name} is no file",
            Span(name, 1, 1, 2),
            why="It is a folder, a pipe or a device.",
            fix="Put a file of this name there, or remove it.",
        )
    return path


def text_of(folder: Path, name: str) -> str | None:
    """The text of a file in the folder, None where there is none; raises InputError."""
    path = inside(folder, name)
    if path is None:
        return None
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise refusal(
            "SV0104",
            f"{name} has more than {MAX_BYTES:_} bytes",
            Span(name, 1, 1, 2),
            why="No file of this sort is that large; it may be one of another sort.",
            fix="Check what it is, or leave out what nobody reads.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start)
        line = data.split(b"\n")[row]
        raise refusal(
            "SV0102",
            f"{name} is not UTF-8",
            Span(name, row + 1, 1, 2),
            line.decode("utf-8", "replace").rstrip("\r"),
            why=f"The byte {data[error.start]:#04x} stands for different letters in different "
            "old encodings.",
            fix="Save the file as UTF-8.",
        ) from error
    text = text.replace("\r\n", "\n")
    _check_characters(name, text)
    return normal(text)


def _check_characters(name: str, text: str) -> None:
    found = FORBIDDEN.search(text)
    at = found.start() if found else crowded(text)
    if at < 0:
        return
    raise refusal(
        "SV0103",
        f"{named(text[at])} is not allowed"
        if found
        else "more marks stand on one letter than can be read",
        *place(name, text, at),
        why="People would read something else than the machine, or nothing at all.",
        fix="Remove it.",
    )


def place(name: str, text: str, at: int) -> tuple[Span, str]:
    """The span of the character at `at`, and the line that it stands in."""
    row = text.count("\n", 0, at)
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    return Span(name, row + 1, at - start + 1, at - start + 2), line
