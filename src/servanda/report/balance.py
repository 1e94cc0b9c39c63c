"""What each party gives and gets under a draft, what cannot be taken back, and who moves first.

Counts nothing and weighs nothing: it lists commitments.  A give is reversible when the language
has an act that takes it back (a recognition can be revoked, a payment cannot); it moves first when
it begins with the agreement and waits for no other commitment.
"""

from typing import Any

from servanda.engine.strata import start_of
from servanda.engine.walk import patterns, walk
from servanda.library import Library
from servanda.model import condition as c
from servanda.model.agreement import SIGNATORIES, Agreement
from servanda.model.norm import Norm

_GIVEN = ("achieve", "maintain", "not")


def balance(library: Library) -> list[dict[str, Any]]:
    """One row for each side, in the order of the text."""
    agreement = library.agreement
    return [_of(agreement, actor.id) for actor in agreement.actors.values() if actor.is_side]


def _of(agreement: Agreement, party: str) -> dict[str, Any]:
    norms = agreement.norms.values()
    gives = [n for n in norms if n.duty in _GIVEN and party in _bearing(agreement, n)]
    gets = [n for n in norms if party in _gaining(agreement, n)]
    return {
        "party": party,
        "gives": [n.id for n in gives],
        "gets": [n.id for n in gets],
        "irreversible": [
            n.id for n in gives if n.duty == "achieve" and not _reversible(agreement, n)
        ],
        "moves_first": [n.id for n in gives if n.duty == "achieve" and _at_once(agreement, n)],
    }


def _bearing(agreement: Agreement, norm: Norm) -> set[str]:
    values = norm.bearers.values if norm.bearers is not None else ()
    return {name for value in values for name in _names(agreement, value)}


def _gaining(agreement: Agreement, norm: Norm) -> set[str]:
    """To whom it is owed: those named, or each other bearer."""
    if isinstance(norm.toward, c.Var):
        return _bearing(agreement, norm)
    named = [v for v in (norm.toward, norm.beneficiary) if v is not None]
    if norm.duty == "may" and norm.upon_finding is None:
        named += norm.bearers.values if norm.bearers is not None else ()
    return {name for value in named for name in _names(agreement, value)}


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


def _reversible(agreement: Agreement, norm: Norm) -> bool:
    """Whether every act that fulfils it can be taken back by another act."""
    assert norm.condition is not None
    types = {p.type for p in patterns(norm.condition, agreement.definitions)}
    return all(agreement.record_types[name].endings for name in types)


def _at_once(agreement: Agreement, norm: Norm) -> bool:
    waits = walk(start_of(norm).condition, agreement)
    return not any(isinstance(node, c.StateOf | c.KeptFor) for node in waits)
