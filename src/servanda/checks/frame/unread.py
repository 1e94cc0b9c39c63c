"""A draft with errors is audited as far as it can be known, and no further.

In: warnings on what could be read of a draft.  Out: those that its lost lines cannot have brought
about, and what was not audited, with its place.  Of a declaration with a lost line nothing is said;
of what depends on it, nothing that had to be searched for; and nothing is said to be absent from
the text that a lost line could hold.
"""

from collections.abc import Iterator, Mapping, Sequence

from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Undecided
from servanda.checks.frame.words import names_of, nodes_of
from servanda.engine.closure import own_terms
from servanda.engine.walk import values
from servanda.evidence.finding import competent
from servanda.language.resolve import HEADLESS
from servanda.language.unread import FILE, NOBODYS, Lost
from servanda.library import Library
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm

ALL = "all checks"
# What is said to be nowhere in the text, with the declarations in which it could be.
_NORM, _BODY = frozenset({"norm"}), frozenset({"institution"})
_ABSENT = {
    "SA0401": _NORM,
    "SA0402": _BODY,
    "SA0403": _BODY,
    "SA0602": _NORM,
    "SA0608": _BODY,
    "SA0706": _NORM,
    "SA0803": _NORM | {"actor"},
    "SA0801": _BODY | {"actor"},
    "SA0902": _BODY,
    "SA0903": _NORM | {"record"},
    "SA1105": _BODY,
    "SA1504": frozenset({"actor"}),
    "SA1602": _NORM | {"actor"},
    "SA1801": _NORM,
}
_ANYWHERE = frozenset({"header", "include", NOBODYS})
_UNUSED = "SA0707"  # any line could use it


def sieve(
    library: Library, found: Sequence[AuditWarning]
) -> tuple[list[AuditWarning], list[Undecided]]:
    """The warnings that stand, and what of the draft was not audited."""
    lost = library.loaded.unread
    if not lost:
        return list(found), []
    agreement = library.agreement
    behind = _behind(agreement, lost)
    kinds = {one.kind for one in lost.values()}
    kept = []
    for warning in found:
        owners = {_owner(one.id, agreement) for one in warning.clauses}
        searched = warning.story is not None or warning.no_story != IN_THE_TEXT
        if owners & lost.keys() or (searched and owners & behind) or _could_hold(warning, kinds):
            continue
        kept.append(warning)
    places = sorted(lost.items(), key=lambda pair: (pair[1].span.file, pair[1].span.line))
    return kept, [_told(name, one) for name, one in places]


def _told(name: str, one: Lost) -> Undecided:
    place = f"{one.span.file}:{one.span.line}"
    if one.kind == FILE:
        return Undecided(ALL, f"what {name} holds ({place})", "the file could not be used")
    what = place if one.kind == NOBODYS else f"{name} ({place})"
    return Undecided(ALL, what, "a line of it, or what it needs, could not be read")


def _could_hold(warning: AuditWarning, kinds: set[str]) -> bool:
    """Whether what a warning misses could stand in a lost line."""
    if warning.code == _UNUSED:
        return kinds != {FILE}
    if warning.code == "SA0602" and len(warning.clauses) > 1:
        return False  # a response that is there, and leaves something open
    return warning.code in _ABSENT and bool(kinds & (_ABSENT[warning.code] | _ANYWHERE))


def _owner(clause: str, agreement: Agreement) -> str:
    """The declaration that a clause stands in: `p1.x.deadline` in `p1.x`, `Council.vote` in it."""
    parts = clause.split("[", maxsplit=1)[0].split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in agreement.norms or length == 1:
            return name
    return clause


def _behind(agreement: Agreement, lost: Mapping[str, Lost]) -> frozenset[str]:
    """The lost, and the norms that depend on something lost, through whatever stands between."""
    if agreement.header is HEADLESS or any(one.kind == "header" for one in lost.values()):
        return frozenset(agreement.norms)
    found = set(lost)
    asks = {norm.id: set(_asked(agreement, norm)) for norm in agreement.norms.values()}
    while more := {name for name, asked in asks.items() if name not in found and asked & found}:
        found |= more
    return frozenset(found)


def _asked(agreement: Agreement, norm: Norm) -> Iterator[str]:
    """All that a norm calls by name."""
    yield from own_terms(norm, agreement)
    judge = competent(norm.id, agreement.institutions)
    if judge is not None:
        yield judge.id
    for source, _ in agreement.effects_on(norm.id):
        yield source.id
    for node in nodes_of(norm, agreement):
        match node:
            case c.StateOf(name) | c.KeptFor(name) | c.Call(name) | c.Pattern(name):
                yield name
        for value in values(node):
            yield from names_of(agreement, value)
    named = norm.bearers.values if norm.bearers is not None else ()
    for value in (*named, *(one for one in (norm.toward, norm.beneficiary) if one is not None)):
        yield from names_of(agreement, value)
