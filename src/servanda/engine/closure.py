"""Which disputed terms a norm depends on, through everything it asks about."""

from collections.abc import Iterator, Mapping

from servanda.engine.priority import going_before
from servanda.engine.strata import Strata, conditions
from servanda.engine.walk import terms_of_value, values, walk
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm
from servanda.model.term import CountsAs


def own_terms(norm: Norm, agreement: Agreement) -> frozenset[str]:
    """Terms that a norm's own clauses mention, through definitions and readings."""
    found: set[str] = set()
    for cond in _all_conditions(norm, agreement):
        found |= terms_of(cond, agreement)
    bearers = norm.bearers.values if norm.bearers is not None else ()
    subjects = (clause.domain for clause in norm.for_each if clause.domain is not None)
    for value in (*bearers, *subjects):
        found |= set(terms_of_value(value))
    return frozenset(found)


def own_conditions(norm: Norm) -> Iterator[c.Condition]:
    """Every condition in a norm's own clauses, but for what it does to others."""
    for _, cond in conditions(norm):
        yield cond
    if norm.exists_when is not None:
        yield norm.exists_when
    if norm.strength is not None and norm.strength.political_when is not None:
        yield norm.strength.political_when
    for clause in norm.for_each:
        if clause.where is not None:
            yield clause.where


def _all_conditions(norm: Norm, agreement: Agreement) -> Iterator[c.Condition]:
    yield from own_conditions(norm)
    for effect in (*norm.effects, *(one for _, one in agreement.effects_on(norm.id))):
        if effect.condition is not None:
            yield effect.condition
    for before in going_before(norm, agreement):
        if before.condition is not None:
            yield before.condition


def terms_of(cond: c.Condition, agreement: Agreement) -> set[str]:
    """Terms that a condition mentions, through definitions and readings."""
    found: set[str] = set()
    for node in walk(cond, agreement):
        found |= leaf_terms(node, agreement)
    return found


def leaf_terms(node: c.Condition, agreement: Agreement) -> set[str]:
    """Terms that a condition mentions itself, its parts left out."""
    found: set[str] = set()
    match node:
        case c.Reads(term) | c.TermHolds(term):
            found.add(term)
        case c.Pattern(type=name):
            if any(a.kind == "territory" for a in agreement.record_types[name].args):
                found |= territory_terms(agreement)
        case _:
            pass
    for value in values(node):
        found |= set(terms_of_value(value))
    for term in tuple(found):
        for reading in agreement.terms[term].readings:
            if isinstance(reading.value, c.Value):
                found |= set(terms_of_value(reading.value))
    return found


def instance_terms(norm: Norm, agreement: Agreement) -> set[str]:
    """Terms on which it depends which instances a norm has."""
    found: set[str] = set()
    bearers = norm.bearers.values if norm.bearers is not None else ()
    subjects = (clause.domain for clause in norm.for_each if clause.domain is not None)
    for value in (*bearers, *subjects):
        found |= set(terms_of_value(value))
    for clause in norm.for_each:
        if clause.where is not None:
            found |= terms_of(clause.where, agreement)
    if norm.exists_when is not None:
        found |= terms_of(norm.exists_when, agreement)
    return found


def territory_terms(agreement: Agreement) -> set[str]:
    """Terms that change whose territory a unit counts as."""
    return {
        term.id
        for term in agreement.terms.values()
        if any(isinstance(r.value, CountsAs) for r in term.readings)
    }


def closures(agreement: Agreement, strata: Strata, findings: bool) -> Mapping[str, tuple[str, ...]]:
    """For each norm the terms that can matter to it, in the order of the text.

    With findings in the records, what sets up the bodies that make them matters as well.
    """
    own = {norm.id: own_terms(norm, agreement) for norm in agreement.norms.values()}
    bodies = [i.established_by for i in agreement.institutions.values() if i.established_by]
    found: dict[str, tuple[str, ...]] = {}
    for norm in agreement.norms:
        reached: set[str] = set()
        pending = [norm, *(bodies if findings else ())]
        terms: set[str] = set()
        while pending:
            current = pending.pop()
            if current in reached:
                continue
            reached.add(current)
            terms |= own[current]
            pending.extend(strata.needs[current])
        found[norm] = tuple(t for t in agreement.terms if t in terms)
    return found
