"""Bracketed text for the drafters: a copy of the agreement in which each option is left to them.

Nothing of the text is altered: under each provision stand lines `bracket "for the drafters" "…"`,
which change no state.  What belongs to no provision stands at the end of the text.
"""

from collections.abc import Iterable

from servanda.checks.frame.run import Audit
from servanda.checks.frame.warning import Option
from servanda.language.load import MAIN
from servanda.language.syntax import quote
from servanda.library import InputError

OWNER = "for the drafters"


def proposals(result: Audit) -> str:
    """The text of the agreement's main file, with the options of all warnings in brackets."""
    agreement = result.library.agreement
    folder = agreement.folder
    name = agreement.header.span.file or MAIN
    if folder is None or not (folder / name).is_file() or not name.endswith(".md"):
        raise InputError("Brackets are written into Markdown: this agreement is none.")
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    by_provision: dict[str, dict[str, None]] = {}
    rest: dict[str, None] = {}
    for warning in result.warnings:
        for option in warning.options:
            where = option.provision or _provision(result, warning.subject)
            listed = by_provision.setdefault(where, {}) if where else rest
            listed[_line(warning.code, option)] = None
    made: list[str] = []
    last = len(lines)
    ends = {p.id: p.span.line for p in agreement.provisions.values() if p.span.file == name}
    order = sorted((line, provision) for provision, line in ends.items())
    for index, (start, provision) in enumerate(order):
        stop = order[index + 1][0] - 1 if index + 1 < len(order) else last
        begin = order[0][0] - 1 if index == 0 else start - 1
        if index == 0:
            made += lines[:begin]
        made += _trimmed(lines[start - 1 : stop])
        made += _block(by_provision.get(provision, ()))
    if not order:
        made = list(lines)
    if rest:
        made += ["", "## brackets. What belongs to no provision", "", "For the drafters to decide."]
        made += ["", "```servanda", "norms left for later", "```"]
        made += _block(rest)
    return "\n".join(made).rstrip("\n") + "\n"


def _provision(result: Audit, subject: str) -> str | None:
    """The provision of what a warning is about, by the longest norm that its id begins with."""
    norms = result.library.agreement.norms
    parts = subject.split(".")
    for length in range(len(parts), 0, -1):
        found = norms.get(".".join(parts[:length]))
        if found is not None:
            return found.provision
    return parts[0] if parts[0] in result.library.agreement.provisions else None


def _line(code: str, option: Option) -> str:
    return f"bracket {quote(OWNER)} {quote(f'{code} {option.text}')}"


def _trimmed(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return [*kept, ""]


def _block(lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    return ["```servanda", *listed, "```", ""] if listed else []
