"""Boundaries: the instants between which a condition cannot change."""

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.bindings import bindings_of
from servanda.engine.consent import consent_instant
from servanda.engine.facts import Ground
from servanda.engine.reason import Env
from servanda.engine.temporal import WITHOUT_LIMIT
from servanda.engine.walk import children
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
        case c.StateOf(norm, keys):
            return set(ev.states.changes(norm, tuple(ev.key_of(k, env) for k in keys)))
        case c.KeptFor(norm, keys, duration):
            changes = ev.states.changes(norm, tuple(ev.key_of(k, env) for k in keys))
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
        case c.Not() | c.And() | c.Or():
            return {i for part in children(cond) for i in ev.boundaries(part, env, role)}
        case c.Temporal("previous" | "next" as op, _, body):
            step = 1 if op == "previous" else -1
            return {i + step for i in ev.boundaries(body, env, role)}
        case c.Temporal(op, window, body):
            return _seen(ev.boundaries(body, env, role), window, op in ("eventually", "always"))
        case c.Dyadic(op, window, left, right):
            # The right may hold one instant beyond the stretch throughout which the left does.
            edges, future = ev.boundaries(left, env, role), op == "until"
            beyond = {i + 1 for i in edges} if future else {i - 1 for i in edges}
            seen = _seen((*beyond, *ev.boundaries(right, env, role)), window, future)
            return {*edges, *seen}
        case c.Lasting(duration, body):
            edges = ev.boundaries(body, env, role)
            return {*edges, *(i + duration.ticks for i in edges)}
        case c.After(duration, body):
            begun = ev.begins(body, env, LATEST, role)
            if begun is None or begun == EARLIEST:
                return set()
            return {ev.calendar.due_within(duration, begun)}
        case c.Some(variables, body):
            found_instants: set[int] = set()
            for binding in bindings_of(ev, variables, body, env, role):
                found_instants |= set(ev.boundaries(body, {**env, **dict(binding)}, role))
            return found_instants
        case c.Every(variable, domain, body):
            members = ev.names(domain, env) or frozenset()
            return {i for m in members for i in ev.boundaries(body, {**env, variable: m}, role)}
        case _:
            return set()


def boundaries_back(
    ev: "Evaluator", cond: c.Condition, env: Env, last: int, first: int, role: Role
) -> Iterator[int]:
    """Those in (first, last], from the last: of states that are being worked out no more is asked
    than is looked at, since there is one more at each instant.
    """
    agreement = ev.facts.world.agreement
    match cond:
        case _ if not ev.asks_states(cond):
            times = ev.boundaries(cond, env, role)
        case c.StateOf(norm, keys):
            named = tuple(ev.key_of(k, env) for k in keys)
            return ev.states.changes_back(norm, named, last, first)
        case c.TermHolds(term):
            return boundaries_back(ev, ev.term_condition(term), env, last, first, role)
        case c.Call(name) if name in agreement.definitions:
            defined = agreement.definitions[name]
            inner = ev.arguments(defined.parameters, cond, env)
            return boundaries_back(ev, defined.condition, inner, last, first, role)
        case c.Not() | c.And() | c.Or():
            parts = (boundaries_back(ev, p, env, last, first, role) for p in children(cond))
            return once_each(heapq.merge(*parts, reverse=True))
        case _:
            times = ev.boundaries(cond, env, role)
    places = range(bisect_right(times, last) - 1, bisect_right(times, first) - 1, -1)
    return (times[place] for place in places)


def once_each(instants: Iterable[int]) -> Iterator[int]:
    """Sorted instants, those that are equal once."""
    return (instant for instant, _ in groupby(instants))


def _seen(instants: Iterable[int], window: Window | None, future: bool) -> set[int]:
    """When each instant comes into the window and when it goes out of it."""
    low, high = WITHOUT_LIMIT if window is None else window.ticks
    bounds = (low,) if high is None else (low, high)
    return {i - bound if future else i + bound for i in instants for bound in bounds}
