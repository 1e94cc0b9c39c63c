"""What each side gives, gets and keeps under a draft, what cannot be taken back, who moves first.

Counts nothing and weighs nothing: it lists commitments, one row for each side.

- gives: commitments it bears, a guarantee included
- gets: commitments owed to it
- keeps: rights of its own, and what binds the others not to change: a ban on an act that would put
  one lasting state in place of another (control of a place passes), as long as it is among those
  whom the ban concerns.  What no commitment mentions is kept too, but no text lists that.
- irreversible: the language has no act that takes it back (a recognition can be revoked, a payment
  cannot)
- moves_first: it begins with the agreement and waits for no other commitment; `awaited` says which
  others wait for it
"""

from collections.abc import Iterator
from typing import Any

from servanda.engine.strata import start_of
from servanda.engine.walk import patterns, walk
from servanda.library import Library
from servanda.model import condition as c
from servanda.model.agreement import SIGNATORIES, Agreement
from servanda.model.norm import Norm, NormKind

_GIVEN = ("achieve", "maintain", "not")


def balance(library: Library) -> list[dict[str, Any]]:
    """One row for each side, in the order of the text."""
    agreement = library.agreement
    return [_of(agreement, actor.id) for actor in agreement.actors.values() if actor.is_side]


def unassigned(library: Library) -> list[str]:
    """Commitments that somebody has to bear whom the text leaves open, in part or altogether."""
    return [n.id for n in library.agreement.norms.values() if _is_give(n) and _open_bearer(n)]


def _of(agreement: Agreement, party: str) -> dict[str, Any]:
    norms = agreement.norms.values()
    gives = [n for n in norms if _is_give(n) and party in _bearing(agreement, n)]
    first = [n for n in gives if n.duty == "achieve" and _at_once(agreement, n)]
    asked = agreement.kept("asked at the beginning", _asked_by_all)
    awaited = {n.id: [one for one in asked.get(n.id, ()) if one != n.id] for n in first}
    return {
        "party": party,
        "gives": [n.id for n in gives],
        "gets": [n.id for n in norms if party in _gaining(agreement, n)],
        "keeps": [n.id for n in norms if _keeps(agreement, n, party)],
        "irreversible": [
            n.id for n in gives if n.duty == "achieve" and not _reversible(agreement, n)
        ],
        "moves_first": [n.id for n in first],
        "awaited": {name: waiting for name, waiting in awaited.items() if waiting},
    }


def _is_give(norm: Norm) -> bool:
    return norm.duty in _GIVEN or norm.kind is NormKind.GUARANTEE


def _bearing(agreement: Agreement, norm: Norm) -> set[str]:
    values = norm.bearers.values if norm.bearers is not None else ()
    domains = {v: each.domain for each in norm.for_each for v in each.variables}
    found: set[str] = set()
    for value in values:
        named = domains.get(value.name) if isinstance(value, c.Var) else value
        found |= set() if named is None else _names(agreement, named)
    return found


def _open_bearer(norm: Norm) -> bool:
    if norm.bearers is None or not norm.bearers.values:
        return True
    acting = {v for each in norm.for_each if each.where is not None for v in each.variables}
    return norm.bearers.open is not None or any(
        isinstance(v, c.Var) and v.name in acting for v in norm.bearers.values
    )


def _gaining(agreement: Agreement, norm: Norm) -> set[str]:
    """To whom it is owed: those named, or each other bearer."""
    if norm.duty == "may":
        return set()
    if isinstance(norm.toward, c.Var):
        return _bearing(agreement, norm)
    named = [v for v in (norm.toward, norm.beneficiary) if v is not None]
    return {
        one
        for value in named
        for name in _names(agreement, value)
        for one in (name, *_members(agreement, name))
    }


def _keeps(agreement: Agreement, norm: Norm, party: str) -> bool:
    bearers = _bearing(agreement, norm)
    if norm.duty == "may":
        return norm.upon_finding is None and party in bearers
    if norm.duty != "not" or not bearers - {party}:
        return False
    concerned = bearers | _gaining(agreement, norm)
    return party in concerned and any(_lasting_change(agreement, norm))


def _lasting_change(agreement: Agreement, norm: Norm) -> Iterator[bool]:
    """For each act in the condition: whether another act of its own kind ends what it begins."""
    assert norm.condition is not None
    for pattern in patterns(norm.condition, agreement.definitions):
        endings = agreement.record_types[pattern.type].endings
        yield any(ending.type == pattern.type for ending in endings)


def _names(agreement: Agreement, value: c.Value) -> set[str]:
    match value:
        case c.Name(name):
            return {name}
        case c.SetOf(items):
            return {name for item in items for name in _names(agreement, item)}
        case c.MembersOf(group):
            return set() if group == SIGNATORIES else set(agreement.members_of(group))
        case _:
            return set()


def _members(agreement: Agreement, name: str) -> tuple[str, ...]:
    """Those whom a group stands for that is itself no side."""
    actor = agreement.actors.get(name)
    return () if actor is None or actor.kind != "group" or actor.is_side else actor.members


def _reversible(agreement: Agreement, norm: Norm) -> bool:
    """Whether every act that fulfils it can be taken back by another act."""
    assert norm.condition is not None
    types = {p.type for p in patterns(norm.condition, agreement.definitions)}
    return all(agreement.record_types[name].endings for name in types)


def _at_once(agreement: Agreement, norm: Norm) -> bool:
    return not any(True for _ in _asked(agreement, norm))


def _asked_by_all(agreement: Agreement) -> dict[str, list[str]]:
    """For each commitment those that begin only with the state of it, under some reading."""
    found: dict[str, list[str]] = {}
    for norm in agreement.norms.values():
        for name in dict.fromkeys(_asked(agreement, norm)):
            found.setdefault(name, []).append(norm.id)
    return found


def _asked(agreement: Agreement, norm: Norm) -> Iterator[str]:
    """The commitments whose state decides when one begins."""
    for node in walk(start_of(norm).condition, agreement):
        if isinstance(node, c.StateOf | c.KeptFor):
            yield node.norm
