"""Questions that several checks ask of a norm: who bears it, who signs, what it names, in words."""

from collections.abc import Iterable, Iterator

from servanda.engine.closure import own_conditions
from servanda.engine.walk import values, walk
from servanda.model import condition as c
from servanda.model.actor import ActorKind
from servanda.model.agreement import SIGNATORIES, Agreement
from servanda.model.norm import By, Norm, NormKind, Within
from servanda.model.quantity import Duration

DUTIES = ("achieve", "maintain", "not")
_FREE = (NormKind.POLITICAL, NormKind.PRINCIPLE)
MOST_NAMED = 6


def binding(norm: Norm) -> bool:
    """A commitment that can be kept or broken, under one reading at least."""
    return norm.condition is not None and norm.duty in DUTIES and norm.kind not in _FREE


def names_of(agreement: Agreement, value: c.Value) -> tuple[str, ...]:
    """The names that a value says, groups not opened; all readings of a term."""
    match value:
        case c.Name(name):
            return (name,)
        case c.SetOf(items):
            return tuple(name for item in items for name in names_of(agreement, item))
        case c.MembersOf(group):
            return () if group == SIGNATORIES else agreement.members_of(group)
        case c.TermValue(term):
            read = (r.value for r in agreement.terms[term].readings)
            return tuple(n for v in read if isinstance(v, c.Value) for n in names_of(agreement, v))
        case _:
            return ()


def bearers(agreement: Agreement, norm: Norm) -> tuple[str, ...]:
    """Who bears a norm by name; the values of a `for each` variable where it has a list."""
    if norm.bearers is None:
        return ()
    domains = {v: one.domain for one in norm.for_each for v in one.variables}
    found: dict[str, None] = {}
    for value in norm.bearers.values:
        if isinstance(value, c.MembersOf) and value.group == SIGNATORIES:
            found.update(dict.fromkeys(signers(agreement)))
            continue
        named = domains.get(value.name) if isinstance(value, c.Var) else value
        if named is not None:
            found.update(dict.fromkeys(names_of(agreement, named)))
    return tuple(found)


def signers(agreement: Agreement) -> tuple[str, ...]:
    """The parties and groups that sign."""
    return agreement.members_of(SIGNATORIES)


def own_bodies(agreement: Agreement) -> frozenset[str]:
    """Bodies of the agreement itself: the institutions whose rules it gives."""
    return frozenset(i.id for i in agreement.institutions.values() if not i.own_rules)


def signs(agreement: Agreement, actor: str) -> bool:
    """Whether an actor is bound by signing: itself, or as a body that the agreement makes."""
    return actor in signers(agreement) or actor in own_bodies(agreement)


def patterns_of(norm: Norm, agreement: Agreement) -> tuple[c.Pattern, ...]:
    """The patterns of records in what a norm demands, forbids or allows."""
    if norm.condition is None:
        return ()
    found = walk(norm.condition, agreement)
    return tuple(node for node in found if isinstance(node, c.Pattern))


def nodes_of(norm: Norm, agreement: Agreement) -> Iterator[c.Condition]:
    """Every node of every condition of a norm."""
    for cond in own_conditions(norm):
        yield from walk(cond, agreement)
    for effect in norm.effects:
        if effect.condition is not None:
            yield from walk(effect.condition, agreement)


def named_in(norms: Iterable[Norm], agreement: Agreement) -> frozenset[str]:
    """Every name that stands in the conditions of some norms."""
    found: set[str] = set()
    for norm in norms:
        for node in nodes_of(norm, agreement):
            for value in values(node):
                found.update(names_of(agreement, value))
    return frozenset(found)


def spoken(name: str) -> str:
    """A name as people read it."""
    return name.replace("_", " ")


def title_of(agreement: Agreement, actor: str) -> str:
    declared = agreement.actors.get(actor)
    return spoken(actor) if declared is None or not declared.title else declared.title


def listed(names: Iterable[str], most: int = MOST_NAMED) -> str:
    """Some names as a list: `A, B and C`; the rest is counted."""
    found = list(dict.fromkeys(names))
    if len(found) > most:
        return f"{', '.join(found[:most])} and {len(found) - most} more"
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def clocked(norm: Norm) -> Iterator[tuple[str, Duration]]:
    """The durations in the clocks of a norm, each with the name of its clause."""
    if isinstance(norm.deadline, Within):
        yield "deadline", norm.deadline.duration
    if isinstance(norm.grace, Duration):
        yield "grace", norm.grace
    if isinstance(norm.every, Duration):
        yield "every", norm.every
    for name, cond in (("until", norm.until), ("start", norm.start and norm.start.condition)):
        if isinstance(cond, c.After):
            yield name, cond.duration


def dated(norm: Norm) -> bool:
    """Whether a norm has a deadline, or recurs."""
    return isinstance(norm.deadline, Within | By) or isinstance(norm.every, Duration)


def is_money(actor: str, agreement: Agreement) -> bool:
    declared = agreement.actors.get(actor)
    return declared is not None and declared.kind is ActorKind.HOLDING
