"""Bindings: what the records let the variables of a condition stand for.

A variable may be handed on to a definition, where it has the name of a parameter.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from servanda.engine.reason import Env
from servanda.engine.walk import children
from servanda.evidence.standard import Role
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.reference import Evaluator

Binding = tuple[tuple[str, str], ...]


def bindings_of(
    ev: "Evaluator", variables: tuple[str, ...], body: c.Condition, env: Env, role: Role
) -> list[Binding]:
    """All values that the records give the variables, in patterns anywhere in the body."""
    found: set[Binding] = set()
    for pattern, inner, names in _patterns(ev, body, env, {v: v for v in variables}):
        for fact in ev.facts.find(ev.ground(pattern, inner), role):
            bound = {names[name]: value for name, value in fact.bindings if name in names}
            if len(bound) == len(variables):
                found.add(tuple(sorted(bound.items())))
    return sorted(found)


def handed_on(parameters: tuple[str, ...], call: c.Call, env: Env) -> dict[str, str]:
    """The parameters of a definition that stand for variables which are not bound yet."""
    return {
        parameter: given.name
        for parameter, given in zip(parameters, call.args, strict=True)
        if isinstance(given, c.Var) and given.name not in env
    }


def _patterns(
    ev: "Evaluator", cond: c.Condition, env: Env, names: Mapping[str, str]
) -> Iterator[tuple[c.Pattern, Env, Mapping[str, str]]]:
    """The patterns below a condition; with each, which of its variables stands for which."""
    definitions = ev.facts.world.agreement.definitions
    match cond:
        case c.Pattern():
            yield cond, env, names
        case c.Call(name) if name in definitions:
            defined = definitions[name]
            inner = ev.arguments(defined.parameters, cond, env)
            handed = handed_on(defined.parameters, cond, env)
            renamed = {p: names[v] for p, v in handed.items() if v in names}
            yield from _patterns(ev, defined.condition, inner, renamed)
        case _:
            for part in children(cond):
                yield from _patterns(ev, part, env, names)
