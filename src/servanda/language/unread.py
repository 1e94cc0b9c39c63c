"""What of a draft could not be read, and the draft without what rests on it alone.

In: what was declared, the errors, and the agreement as far as it could be built.  Out: an id for
each declaration and provision in which a line is lost, with its place; and the agreement without
what calls something that is not there.  An audit says nothing of these: what is lost could be what
it would miss.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from servanda.language.assemble import Declared
from servanda.language.diagnostics import Reporter
from servanda.model import condition as c
from servanda.model.agreement import Agreement, Provision
from servanda.model.span import Span

_NAMED_AT = {
    **dict.fromkeys(("actor", "zone", "norm"), 1),
    **dict.fromkeys(("place", "term", "measure", "tally", "fund", "institution"), 0),
    **dict.fromkeys(("define", "state", "header", "include", "record"), 0),
}
_NOTHING_LOST = ("SV0601", "SV0604")  # what these are about is not there, or is wholly read
NOBODYS = "line"  # the kind of a line that belongs to no declaration
FILE = "file"  # the kind of a file beside the agreement


@dataclass(frozen=True, slots=True)
class Lost:
    """A declaration by its `kind` (norm, term, actor, provision …), and where a line of it is."""

    kind: str
    span: Span


def unread(
    declared: Iterable[Declared], provisions: Iterable[Provision], report: Reporter
) -> dict[str, Lost]:
    """What is not wholly known, by id; a line that belongs to nobody counts by its place."""
    errors = (d for d in report.found if d.is_error and d.code not in _NOTHING_LOST)
    lost = [*(d.span for d in errors if d.span not in report.wrong), *report.hushed]
    found: dict[str, Lost] = {}
    on_line: dict[tuple[str, int], list[Declared]] = {}
    for one in declared:
        for line in range(one.line.line, one.last + 1):
            on_line.setdefault((one.line.file, line), []).append(one)
    begins: dict[str, list[tuple[int, str]]] = {}
    for part in provisions:
        begins.setdefault(part.span.file, []).append((part.span.line, part.id))
    for listed in begins.values():
        listed.sort()
    for span in lost:
        inside = on_line.get((span.file, span.line), ())
        for one in inside:
            found.setdefault(_name(one), Lost(one.context, span))
        if not inside:
            found.setdefault(f"{span.file}:{span.line}", Lost(NOBODYS, span))
        above = begins.get(span.file, [])
        place = bisect_right(above, span.line, key=lambda begun: begun[0])
        if place:
            found.setdefault(above[place - 1][1], Lost("provision", span))
    return found


def _name(one: Declared) -> str:
    at = _NAMED_AT.get(one.context)
    return one.context if at is None else str(one.tree.children[at]).strip('"')


# --- what calls something that is not there ------------------------------------------------------


def held_up(agreement: Agreement, lost: dict[str, Lost]) -> Agreement:
    """The agreement without what calls something absent; `lost` grows by what is taken out."""
    header = agreement.header
    while True:
        gone = [
            (kind, one.id, one.span)
            for kind, listed in (
                ("term", agreement.terms),
                ("define", agreement.definitions),
                ("state", agreement.states),
                ("norm", agreement.norms),
            )
            for one in listed.values()
            if any(_absent(node, agreement) for node in _nodes(one))
        ]
        for kind, name, span in gone:
            lost.setdefault(name, Lost(kind, span))
            above = agreement.norms[name].provision if kind == "norm" else None
            if above is not None:
                lost.setdefault(above, Lost("provision", span))
        if not gone:
            break
        names = {name for _, name, _ in gone}
        agreement = replace(
            agreement,
            terms=_without(agreement.terms, names),
            definitions=_without(agreement.definitions, names),
            states=_without(agreement.states, names),
            norms=_without(agreement.norms, names),
        )
    if header.in_force_when is not None and any(
        _absent(node, agreement) for node in _nodes(header.in_force_when)
    ):
        lost.setdefault(header.id, Lost("header", header.span))
        return replace(agreement, header=replace(header, in_force_when=None))
    return agreement


def _without(listed: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: one for name, one in listed.items() if name not in names}


def _nodes(value: Any) -> Iterator[Any]:
    """A value of the model and everything in it."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, tuple):
            pending.extend(one)
        elif is_dataclass(one) and not isinstance(one, Span):
            yield one
            pending.extend(getattr(one, part.name) for part in fields(one))


def _absent(node: Any, agreement: Agreement) -> bool:
    match node:
        case c.Call(name):
            return name not in agreement.definitions and name not in agreement.states
        case c.TermHolds(term) | c.TermValue(term) | c.Reads(term):
            return term not in agreement.terms
        case c.StateOf(norm) | c.KeptFor(norm):
            return norm not in agreement.norms
        case c.Pattern(kind):
            return kind not in agreement.record_types
        case _:
            return False
