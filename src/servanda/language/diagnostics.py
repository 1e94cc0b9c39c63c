"""What is wrong with a text: where, why, and how to put it right.

A `Diagnostic` is plain data.  `render` writes it for a terminal in at most 80 columns; colour adds
nothing that the words and the carets do not say.  `Reporter` collects, so that all errors of all
files of an agreement come at once.
"""

import itertools
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from servanda.characters import blotted
from servanda.language.codes import CODES
from servanda.language.limits import MAX_DIAGNOSTICS, MAX_SUGGESTIONS
from servanda.model.span import NOWHERE, Span

COLUMNS = 80


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message.  `source` is the line that the span stands in, as written.

    `title` says what is wrong, `label` stands beside the carets, `why` gives the reason, `fix` what
    to do, and `suggestions` are names that may have been meant, the likeliest first.
    """

    code: str
    severity: Severity
    title: str
    span: Span = NOWHERE
    source: str | None = None
    label: str = ""
    why: str = ""
    fix: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


@dataclass(slots=True)
class Reporter:
    """Collects diagnostics and knows the lines of every file, to quote them.

    `refused` holds names whose declaration could not be read: that is told once, where they are
    declared, and not again wherever they are used (`hushed` has these places).
    `wrong` has the places of faults in what is read all the same.
    """

    files: dict[str, Sequence[str]] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    hushed: list[Span] = field(default_factory=list)
    wrong: set[Span] = field(default_factory=set)
    compared: int = 0

    @property
    def failed(self) -> bool:
        """Whether there is an error so far."""
        return any(d.is_error for d in self.found)

    def fault(self, code: str, title: str, span: Span = NOWHERE, **more: str) -> None:
        """An error in what is read all the same."""
        self.wrong.add(span)
        self.error(code, title, span, **more)

    def error(self, code: str, title: str, span: Span = NOWHERE, **more: str) -> None:
        self._add(Severity.ERROR, code, title, span, (), more)

    def warning(self, code: str, title: str, span: Span = NOWHERE, **more: str) -> None:
        self._add(Severity.WARNING, code, title, span, (), more)

    def unknown(
        self,
        code: str,
        title: str,
        span: Span,
        word: str,
        known: Iterable[str],
        **more: str,
    ) -> None:
        """An error about a word that is not known, with the likeliest of those that are."""
        if word in self.refused:
            self.hushed.append(span)
            return
        self.compared += 1
        close = nearest(word, known) if self.compared <= MAX_SUGGESTIONS else ()
        self._add(Severity.ERROR, code, title, span, close, more)

    def _add(
        self,
        severity: Severity,
        code: str,
        title: str,
        span: Span,
        suggestions: tuple[str, ...],
        more: dict[str, str],
    ) -> None:
        assert code in CODES, code
        lines = self.files.get(span.file, ())
        source = lines[span.line - 1] if 0 < span.line <= len(lines) else None
        self.found.append(
            Diagnostic(code, severity, title, span, source, suggestions=suggestions, **more)
        )

    def finish(self) -> tuple[Diagnostic, ...]:
        """All messages in the order of the text, without repetitions, cut at the limit."""
        unique = dict.fromkeys(self.found)
        ordered = sorted(
            unique, key=lambda d: (self._rank(d.span.file), d.span.line, d.span.column)
        )
        if len(ordered) <= MAX_DIAGNOSTICS:
            return tuple(ordered)
        kept = ordered[:MAX_DIAGNOSTICS]
        cut = ordered[MAX_DIAGNOSTICS:]
        severity = Severity.ERROR if any(d.is_error for d in cut) else Severity.WARNING
        rest = Diagnostic(
            "SV0109",
            severity,
            f"{_count(len(cut), 'more message')} {'is' if len(cut) == 1 else 'are'} not shown",
            why=f"Only the first {MAX_DIAGNOSTICS} are listed.",
            fix="Put these right and check again.",
        )
        return (*kept, rest)

    def _rank(self, file: str) -> int:
        names = list(self.files)
        return names.index(file) if file in self.files else len(names)


def nearest(word: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known words that `word` may be a slip of, the likeliest first.

    As many slips count as near as a third of the letters; capitals do not count, and an id may be
    given without what stands before its dots.
    """
    wanted = word.casefold()
    limit = max(1, min(len(wanted), _LONGEST_COMPARED) // 3)
    found: dict[str, int] = {}
    for candidate in itertools.islice(sorted(set(known)), _MOST_COMPARED):
        folded = candidate.casefold()
        if folded == wanted:
            return (candidate,) if candidate != word else ()
        if "." in folded and "." not in wanted:
            folded = folded.rpartition(".")[2]
        slips = _slips(wanted, folded, limit)
        if slips is not None and slips < len(wanted):
            found[candidate] = slips
    best = min(found.values(), default=0)
    near = sorted((n, candidate) for candidate, n in found.items() if n <= best + (best > 1))
    return tuple(candidate for _, candidate in near[:most])


_LONGEST_COMPARED = 60  # letters of a name; longer ones are told without a proposal
_MOST_COMPARED = 2_000  # names


def _slips(a: str, b: str, limit: int) -> int | None:
    """How many letters to add, leave out, exchange or swap; None when more than `limit`.

    The optimal string alignment distance, given up as soon as it must exceed the limit.
    """
    if abs(len(a) - len(b)) > limit or len(a) > _LONGEST_COMPARED:
        return None
    if len(set(a) ^ set(b)) > 2 * limit:
        return None
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row_above = row, before
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, row_above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return None
        before = above
    return row[-1] if row[-1] <= limit else None


# --- rendering ----------------------------------------------------------------------------------

_RED, _YELLOW, _BOLD, _BLUE, _OFF = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[34m", "\x1b[0m"


def render(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """All messages, a blank line between them, and a last line that counts them."""
    listed = list(diagnostics)
    if not listed:
        return ""
    parts = [render_one(d, colour=colour) for d in listed]
    counted = [d for d in listed if d.code != "SV0109"]  # which itself counts the others
    errors = sum(d.is_error for d in counted)
    warnings = len(counted) - errors
    return "\n".join([*parts, f"{_count(errors, 'error')}, {_count(warnings, 'warning')}\n"])


def render_one(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """One message: what, where with carets, why, and how to fix it; ends with a newline."""
    d = diagnostic

    def paint(text: str, code: str) -> str:
        return f"{code}{text}{_OFF}" if colour and text else text

    tint = _RED if d.is_error else _YELLOW
    head = _wrapped(f"{d.severity} {d.code}: {d.title}")
    out = [paint(line, tint + _BOLD) for line in head]
    gutter = ""
    if d.span.file:
        gutter = " " * len(str(d.span.line))
        out.append(f"{gutter} {paint('-->', _BLUE)} {blotted(str(d.span))}")
    if d.source is not None:
        shown, start, width = _window(d, COLUMNS - len(gutter) - 3)
        bar = paint("|", _BLUE)
        out.append(f"{gutter} {bar}")
        out.append(f"{paint(str(d.span.line), _BLUE)} {bar} {shown}".rstrip())
        carets = paint("^" * width, tint + _BOLD)
        label = f" {d.label}" if d.label else ""
        fits = len(gutter) + 3 + start + width + len(label) <= COLUMNS
        out.append(f"{gutter} {bar} {' ' * start}{carets}{paint(label if fits else '', tint)}")
        if label and not fits:
            out.append(f"{gutter} {bar} {paint(label.strip(), tint)}")
        out.append(f"{gutter} {bar}")
    for name, text in (("why", d.why), ("fix", d.fix), ("did you mean", _either(d.suggestions))):
        if text:
            out.extend(_note(name, text, paint))
    return "\n".join(out) + "\n"


_IN_BACKTICKS = re.compile(r"`[^`]{1,60}`")  # examples stay on one line


def _note(name: str, text: str, paint: Callable[[str, str], str]) -> list[str]:
    """A labelled paragraph.  A line of `text` that opens with two spaces is an example: kept."""
    indent = "  "
    lines: list[str] = []
    first = f"{indent}{name}: "
    for piece in text.split("\n"):
        if piece.startswith("  "):
            lines.append(indent + piece)
            continue
        wrapped = textwrap.wrap(
            _IN_BACKTICKS.sub(lambda m: m.group().replace(" ", "\x1f"), piece),
            COLUMNS,
            initial_indent=first if not lines else indent * 2,
            subsequent_indent=indent * 2,
            break_on_hyphens=False,
        )
        lines.extend(row.replace("\x1f", " ") for row in wrapped)
    if lines and lines[0].startswith(first):
        lines[0] = indent + paint(f"{name}:", _BOLD) + lines[0][len(first) - 1 :]
    return lines


def _wrapped(text: str) -> list[str]:
    whole = _IN_BACKTICKS.sub(lambda m: m.group().replace(" ", "\x1f"), text)
    rows = textwrap.wrap(whole, COLUMNS, break_on_hyphens=False)
    return [row.replace("\x1f", " ") for row in rows]


def shown(word: str) -> str:
    """A word of the text as titles quote it: cut when it is long."""
    return word if len(word) <= _LONGEST_SHOWN else f"{word[: _LONGEST_SHOWN - 1]}…"


_LONGEST_SHOWN = 40


def _either(names: Sequence[str]) -> str:
    return f"{' or '.join(names)}?" if names else ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _window(d: Diagnostic, room: int) -> tuple[str, int, int]:
    """The part of the source line that fits, where the carets start in it, and how many."""
    text = (d.source or "").replace("\t", " ")
    start = max(0, min(d.span.column - 1, len(text)))
    width = max(1, min(d.span.end_column - d.span.column, max(1, len(text) - start)))
    if len(text) <= room:
        return text, start, width
    left = max(0, min(start - 12, len(text) - room + 1))
    before = "…" if left else ""
    shown = before + text[left : left + room - 1 - len(before)]
    start = start - left + len(before)
    if left + room - 1 - len(before) < len(text):
        shown += "…"
    return shown, start, max(1, min(width, len(shown) - start))
