"""Boundaries: the instants between which a condition cannot change."""

from typing import TYPE_CHECKING

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.consent import consent_instant
from servanda.engine.facts import Ground
from servanda.engine.reason import Env
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.quantity import Window

if TYPE_CHECKING:
    from servanda.engine.reference import Evaluator


def boundaries_of(  # noqa: C901 - one branch for each form
    ev: "Evaluator", cond: c.Condition, env: Env, role: Role
) -> set[int]:
    agreement = ev.facts.world.agreement
    match cond:
        case c.Pattern():
            return set(ev.facts.edges(ev.ground(cond, env), role))
        case c.StateOf(norm):
            return set(ev.states.changes(norm))
        case c.KeptFor(norm, _, duration):
            changes = ev.states.changes(norm)
            return {*changes, *(i + duration.ticks for i in changes)}
        case c.TermHolds(term):
            return set(ev.boundaries(ev.term_condition(term), env, role))
        case c.Call(name) if name in agreement.definitions:
            defined = agreement.definitions[name]
            inner = ev.arguments(defined.parameters, cond, env)
            return set(ev.boundaries(defined.condition, inner, role))
        case c.Call():
            return {i for s in ev.openings(cond, env) for i in (s.start, s.end) if i < LATEST}
        case c.InForce():
            when = agreement.header.in_force_when
            return set() if when is None else set(ev.boundaries(when, {}, Role.FULFILLING))
        case c.Consent():
            parties = ev.names(cond.of, env) or frozenset()
            found = consent_instant(ev.facts, parties, cond)
            return set() if found is None else {found[0]}
        case c.FromInstant():
            return {ev.instant(cond)}
        case c.Measured():
            names = ev.names(cond.measure, env) or frozenset()
            facts = ev.facts.find(Ground("measure", (("name", names),)), Role.OFFENDING)
            return {f.at for f in facts}
        case c.Outstanding():
            return {f.at for f in ev.facts.find(Ground("tally", ()), Role.FULFILLING)}
        case c.Aggregate(body=body, window=window):
            times = {f.at for f, _ in ev.acts(body, env, role)}
            if isinstance(cond.quantity, c.MeasuredLimit):
                measured = Ground("measure", (("name", frozenset({cond.quantity.measure})),))
                times |= {f.at for f in ev.facts.find(measured, Role.OFFENDING)}
            return times if window is None else times | {i + window.ticks + 1 for i in times}
        case c.Not(body):
            return set(ev.boundaries(body, env, role))
        case c.And(parts) | c.Or(parts):
            return {i for part in parts for i in ev.boundaries(part, env, role)}
        case c.Temporal(op, window, body):
            inner_instants = ev.boundaries(body, env, role)
            return _shifted(inner_instants, window, op in ("eventually", "always", "next"))
        case c.Dyadic(op, window, left, right):
            around = {*ev.boundaries(left, env, role), *ev.boundaries(right, env, role)}
            return around | _shifted(tuple(around), window, op == "until")
        case c.Lasting(duration, body):
            inner_instants = ev.boundaries(body, env, role)
            return {
                *inner_instants,
                *(ev.axis.shift(i, duration.ticks) for i in inner_instants),
            }
        case c.After(duration, body):
            begun = ev.begins(body, env, LATEST, role)
            if begun is None or begun == EARLIEST:
                return set()
            return {ev.calendar.due_within(duration, begun)}
        case c.Some(variables, body):
            found_instants: set[int] = set()
            for binding in ev.bindings(variables, body, env, role):
                found_instants |= set(ev.boundaries(body, {**env, **dict(binding)}, role))
            return found_instants
        case c.Every(variable, domain, body):
            members = ev.names(domain, env) or frozenset()
            return {i for m in members for i in ev.boundaries(body, {**env, variable: m}, role)}
        case _:
            return set()


def _shifted(instants: tuple[int, ...], window: Window | None, future: bool) -> set[int]:
    low, high = (0, None) if window is None else window.ticks
    sign = -1 if future else 1
    found = set()
    for instant in instants:
        found.add(instant)
        for bound in (low, high):
            if bound is not None:
                found |= {instant + sign * bound, instant + sign * (bound + 1)}
                found.add(instant + sign * bound + 1)
    return found
