"""Loads an agreement: a folder, a Markdown file, a bare file of the language, or a text.

In: a path or a text.  Out: the agreement, when it has no errors, and all diagnostics.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from servanda.language import literate
from servanda.language.assemble import Declared, assemble
from servanda.language.diagnostics import Diagnostic, Reporter, render
from servanda.language.limits import MAX_LOGICAL_LINES
from servanda.language.outline import Outline, outline
from servanda.language.reading import BARE, Files, lines_of
from servanda.language.resolve import Source, resolve, standard_types
from servanda.language.scope import Place
from servanda.language.syntax import unquote
from servanda.language.unread import Lost, held_up, unread
from servanda.model.agreement import Agreement, Provision
from servanda.model.record_type import RecordType
from servanda.model.span import Span

__all__ = ["Loaded", "load_agreement", "render", "standard_records"]

MAIN = "agreement.md"

Check = Callable[[Agreement, Reporter], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The agreement (None when there are errors) and what is to be said about its text.

    `draft` is the agreement as far as it could be read, errors or not; only an audit looks at it.
    `unread` are the declarations and provisions of which a line is lost, with its place; `files`
    are those of the text, by their names in its folder.
    """

    agreement: Agreement | None
    diagnostics: tuple[Diagnostic, ...]
    draft: Agreement | None = None
    unread: Mapping[str, Lost] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.is_error)

    def plain_errors(self) -> list[dict[str, str | int]]:
        """The errors as data, with their places."""
        return [
            {"code": d.code, "title": d.title, "file": d.span.file, "line": d.span.line}
            for d in self.errors
        ]


def load_agreement(
    source: str | Path,
    *,
    known_place: Callable[[str], bool] | None = None,
    name: str = "text.servanda",
    checks: Sequence[Check] = (),
) -> Loaded:
    """Load an agreement.

    `source` is a folder with an `agreement.md`, a file, or, when it holds a line break, the text
    itself; a text is read as Markdown when `name` ends in `.md`.  `known_place` says which names of
    places need no declaration; without it none does.  `checks` look at the finished agreement and
    report what they find.
    """
    report = Reporter()
    standard = standard_records()
    gathered = Source()
    folder: Path | None = None
    if isinstance(source, str) and "\n" in source:
        lines = lines_of(name, source.encode("utf-8", "surrogatepass"), report)
        if lines is not None:
            _gather(name, lines, gathered, None, report)
    else:
        path = Path(source)
        is_folder = path.is_dir()
        if is_folder:
            path = path / MAIN
        folder = path.parent
        opened = Files(folder, report)
        main = opened.main(path, within=is_folder)
        if main is not None:
            _gather(path.name, main, gathered, opened, report)
    gathered.words.check(report)
    agreement = None
    if gathered.declared or not report.found:
        agreement = resolve(gathered, standard, report, known_place, folder)
    if agreement is not None and not any(d.is_error for d in report.found):
        for check in checks:
            check(agreement, report)
    diagnostics = report.finish()
    failed = any(d.is_error for d in diagnostics)
    if not failed or agreement is None:
        return Loaded(agreement, diagnostics, agreement, files=tuple(report.files))
    lost = unread(gathered.declared, gathered.provisions, report)
    return Loaded(None, diagnostics, held_up(agreement, lost), lost, tuple(report.files))


@cache
def standard_records() -> dict[str, RecordType]:
    """The record types that every agreement can use; read once."""
    name = "standard_records.servanda"
    text = files("servanda.language").joinpath(name).read_text(encoding="utf-8")
    report = Reporter()
    source = Source()
    _gather(name, text.split("\n"), source, None, report)
    types = standard_types(source.declared, report)
    if report.found:
        raise ValueError(render(report.finish()))
    return types


def _gather(
    file: str, lines: Sequence[str], into: Source, opened: Files | None, report: Reporter
) -> None:
    """Add what a file declares, and what the files that it includes declare, in their place."""
    report.files[file] = lines
    if opened is not None:
        opened.stack.append(file)
    try:
        _gather_lines(file, lines, into, opened, report)
    finally:
        if opened is not None:
            opened.stack.pop()


def _gather_lines(
    file: str, lines: Sequence[str], into: Source, opened: Files | None, report: Reporter
) -> None:
    if file.endswith(BARE):
        parts: list[literate.Piece] = [literate.Code(list(enumerate(lines, 1)))]
    else:
        parts = literate.pieces(file, lines, report)
    provision: str | None = None
    count = 0
    for part in parts:
        match part:
            case literate.Heading():
                provision = part.id
                into.words.note_one(part.id, part.span)
                into.provisions.append(_provision(part))
            case literate.EndOfProvision():
                provision = None
            case literate.Code():
                shape = outline(file, part.lines, report)
                if count + shape.logical_lines > MAX_LOGICAL_LINES:
                    _too_many(file, shape, MAX_LOGICAL_LINES - count, report)
                    return
                count += shape.logical_lines
                for item in shape.items:
                    into.words.note_all((item.head, *item.clauses))
                    declared = assemble(item, report)
                    if declared is None:
                        continue
                    provision = _declare(declared, provision, into, opened, report)


def _declare(
    declared: Declared,
    provision: str | None,
    into: Source,
    opened: Files | None,
    report: Reporter,
) -> str | None:
    """Add a declaration; gives the provision that what follows belongs to."""
    from servanda.language.scope import Names

    at = Place(declared.line, Names(report))
    children = declared.tree.children
    if declared.context == "include":
        into.declared.append(declared)
        _include(declared, into, opened, report)
        return provision
    if declared.context == "provision":
        name, title = children
        provision = str(name)
        text = unquote(title) if title is not None else ""
        into.provisions.append(Provision(provision, text, span=at.span(name)))
    declared.provision = provision
    into.declared.append(declared)
    return provision


def _include(declared: Declared, into: Source, opened: Files | None, report: Reporter) -> None:
    token = declared.tree.children[0]
    span: Span = declared.line.span(token.start_pos, token.end_pos)
    if opened is None:
        report.error(
            "SV0106",
            "a text without a folder cannot include files",
            span,
            why="What it includes is looked for in the agreement's folder.",
            fix="Save the text as a file in the agreement's folder.",
        )
        return
    found = opened.included(unquote(token), declared.line.file, span)
    if found is not None:
        file, lines = found
        _gather(file, lines, into, opened, report)


def _provision(heading: literate.Heading) -> Provision:
    return Provision(
        heading.id,
        heading.title,
        "\n\n".join(heading.text),
        heading.translations,
        span=heading.span,
    )


def _too_many(file: str, shape: Outline, room: int, report: Reporter) -> None:
    lines = [line for item in shape.items for line in (item.head, *item.clauses)]
    report.error(
        "SV0105",
        f"the file has more than {MAX_LOGICAL_LINES:_} lines of code",
        lines[min(room, len(lines) - 1)].first_word,
        why="No agreement is that long.",
        fix="Divide it with `include`.",
    )
