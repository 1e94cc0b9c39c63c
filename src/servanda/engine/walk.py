"""Walking through conditions: every node below one, through definitions and readings."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.definition import Define

Node = c.Condition | c.Value


def children(cond: c.Condition) -> tuple[c.Condition, ...]:
    """The conditions directly inside one."""
    match cond:
        case (
            c.Not(body)
            | c.Temporal(body=body)
            | c.Lasting(body=body)
            | c.After(body=body)
            | c.Some(body=body)
            | c.Every(body=body)
            | c.Aggregate(body=body)
        ):
            return (body,)
        case c.And(parts) | c.Or(parts):
            return parts
        case c.Dyadic(left=left, right=right):
            return (left, right)
        case _:
            return ()


def values(cond: c.Condition) -> tuple[c.Value, ...]:
    """The values that a condition mentions itself."""
    match cond:
        case c.Pattern(args=args, place=place):
            found = tuple(a.value for a in args)
            return found if place is None else (*found, place.place)
        case c.StateOf(keys=keys) | c.KeptFor(keys=keys):
            return keys
        case c.Call(args=arguments):
            return arguments
        case c.Consent(of=of):
            return (of,)
        case c.Same(left, right):
            return (left, right)
        case c.Measured(measure=measure, of=of):
            return (measure, of)
        case c.Outstanding(holder=holder, category=category):
            return (holder, category)
        case c.Every(domain=domain):
            return (domain,)
        case _:
            return ()


def walk(
    cond: c.Condition, agreement: Agreement, assignment: Mapping[str, str] | None = None
) -> Iterator[c.Condition]:
    """The condition and all below it; readings of terms: the assigned one, or all of them."""
    pending: list[c.Condition] = [cond]
    called: set[str] = set()
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))
        for mark, further in named(node, agreement, assignment):
            if mark not in called:
                called.add(mark)
                pending.extend(further)


def named(
    node: c.Condition, agreement: Agreement, assignment: Mapping[str, str] | None
) -> Iterator[tuple[str, tuple[c.Condition, ...]]]:
    """Conditions that a node stands for by name, with a mark to follow each name once."""
    match node:
        case c.Call(name) if name in agreement.definitions:
            yield f"define {name}", (agreement.definitions[name].condition,)
        case c.Call(name) if name in agreement.states:
            state = agreement.states[name]
            yield f"state {name}", (state.begins, *((state.ends,) if state.ends else ()))
        case c.InForce() if agreement.header.in_force_when is not None:
            yield "in_force", (agreement.header.in_force_when,)
        case c.TermHolds(term):
            readings = agreement.terms[term].readings
            if assignment is not None and term in assignment:
                readings = tuple(r for r in readings if r.name == assignment[term])
            conditions = tuple(r.value for r in readings if isinstance(r.value, c.Condition))
            yield f"term {term}", conditions
        case _:
            return


def patterns(cond: c.Condition, definitions: Mapping[str, Define]) -> Iterator[c.Pattern]:
    """All patterns of records in a condition and in the definitions it calls."""
    pending: list[c.Condition] = [cond]
    called: set[str] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, c.Pattern):
            yield node
        pending.extend(children(node))
        if isinstance(node, c.Call) and node.name in definitions and node.name not in called:
            called.add(node.name)
            pending.append(definitions[node.name].condition)


@lru_cache(maxsize=4096)
def variables(pattern: c.Pattern) -> tuple[str, ...]:
    """The variables that a pattern mentions, in order and once each."""
    found: dict[str, None] = {}
    pending = list(values(pattern))
    while pending:
        value = pending.pop()
        if isinstance(value, c.Var):
            found[value.name] = None
        elif isinstance(value, c.SetOf):
            pending.extend(value.items)
    return tuple(sorted(found))


def unbound(value: c.Value, env: Mapping[str, object]) -> bool:
    """Whether a value holds a variable that stands for nothing yet."""
    match value:
        case c.Var(name):
            return env.get(name) is None
        case c.SetOf(items):
            return any(unbound(item, env) for item in items)
        case _:
            return False


def terms_of_value(value: c.Value) -> Iterator[str]:
    match value:
        case c.TermValue(term):
            yield term
        case c.SetOf(items):
            for item in items:
                yield from terms_of_value(item)
        case _:
            return
