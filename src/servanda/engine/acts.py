"""Acts: which records make a condition true, and for how long they keep a state open."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda.engine.axis import LATEST
from servanda.engine.bindings import handed_on
from servanda.engine.facts import Fact
from servanda.engine.reason import Env
from servanda.evidence.standard import Role
from servanda.geo import Point, Relation
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.reference import Evaluator


@dataclass(frozen=True, slots=True)
class StateSpell:
    """A stretch [start, end) for which an act keeps a state open."""

    start: int
    end: int
    fact: Fact


def openings_of(ev: "Evaluator", cond: c.Call, env: Env) -> tuple[StateSpell, ...]:
    """The stretches for which each beginning act keeps a state open."""
    state = ev.facts.world.agreement.states[cond.name]
    inner = ev.arguments(state.parameters, cond, env)
    ends = [] if state.ends is None else list(ev.acts(state.ends, inner, Role.FULFILLING))
    found = []
    for opening, _ in ev.acts(state.begins, inner, Role.OFFENDING):
        closing = [e.at for e, _ in ends if e.at > opening.at and closes(ev, e, opening)]
        found.append(StateSpell(opening.at, min(closing, default=LATEST), opening))
    return tuple(sorted(found, key=lambda s: (s.start, s.fact.ids)))


def closes(ev: "Evaluator", ending: Fact, opening: Fact) -> bool:
    """Whether an ending act, if it names a place, is about the place of the opening one."""
    place = place_of_ending(ev, ending)
    if place is None:
        return True
    opened = opening.records[0]
    where = ev.facts.location(opened, ev.facts.world.agreement.record_types[opened.type])
    return (
        where is not None
        and isinstance(place, str)
        and ev.facts.relation(opened, where, place) is Relation.INSIDE
    )


def place_of_ending(ev: "Evaluator", ending: Fact) -> str | Point | None:
    """The place that an ending act names; an actor whose territory is meant is none."""
    agreement = ev.facts.world.agreement
    record = ending.records[0]
    record_type = agreement.record_types[record.type]
    return record.place or next(
        (
            word
            for a in record_type.args
            if a.kind == "territory"
            and (word := record.word(a.name))
            and word not in agreement.actors
        ),
        None,
    )


def acts_of(  # noqa: C901 - one branch for each form
    ev: "Evaluator", cond: c.Condition, env: Env, role: Role, at: int | None = None
) -> Iterable[tuple[Fact, Env]]:
    """The acts that make a condition hold, or those of one instant; see `Evaluator.acts`."""

    def acts(cond: c.Condition, env: Env) -> Iterable[tuple[Fact, Env]]:
        return ev.acts(cond, env, role) if at is None else acts_of(ev, cond, env, role, at)

    match cond:
        case c.Pattern():
            for fact in ev.facts.find(ev.ground(cond, env), role):
                if at is None or fact.at == at:
                    yield fact, {**env, **dict(fact.bindings)}
        case c.Or(parts):
            seen: set[tuple[int, tuple[str, ...]]] = set()
            for part in parts:
                for fact, inner in acts(part, env):
                    if (fact.at, fact.ids) not in seen:
                        seen.add((fact.at, fact.ids))
                        yield fact, inner
        case c.And(parts):
            anchor = next((p for p in parts if is_act(ev, p)), None)
            if anchor is None:
                return
            guards = [p for p in parts if p is not anchor]
            for fact, inner in acts(anchor, env):
                if all(guard(ev, g, inner, fact.at, role) for g in guards):
                    yield fact, inner
        case c.Some(_, body):
            yield from acts(body, env)
        case c.Call(name) if name in ev.facts.world.agreement.definitions:
            defined = ev.facts.world.agreement.definitions[name]
            handed = handed_on(defined.parameters, cond, env)
            given = ev.arguments(defined.parameters, cond, env)
            for fact, inner in acts(defined.condition, given):
                yield fact, {**env, **{v: inner[p] for p, v in handed.items() if p in inner}}
        case c.TermHolds(term):
            yield from acts(ev.term_condition(term), env)


def is_act(ev: "Evaluator", cond: c.Condition) -> bool:
    """Whether a condition is made true by acts (rather than by states or readings)."""
    match cond:
        case c.Pattern():
            return True
        case c.Or(parts):
            return all(is_act(ev, p) for p in parts)
        case c.And(parts):
            return any(is_act(ev, p) for p in parts)
        case c.Some(_, body):
            return is_act(ev, body)
        case c.Call(name) if name in ev.facts.world.agreement.definitions:
            return is_act(ev, ev.facts.world.agreement.definitions[name].condition)
        case c.TermHolds(term):
            return is_act(ev, ev.term_condition(term))
        case _:
            return False


def guard(ev: "Evaluator", cond: c.Condition, env: Env, at: int, role: Role) -> bool:
    """A condition beside an act: states of norms are those just before it."""
    match cond:
        case c.StateOf() | c.KeptFor() | c.InForce() | c.Consent():
            return ev.holds(cond, env, at - 1, role)
        case c.TermHolds(term):
            return guard(ev, ev.term_condition(term), env, at, role)
        case c.Not(body):
            return not guard(ev, body, env, at, role)
        case c.And(parts):
            return all(guard(ev, p, env, at, role) for p in parts)
        case c.Or(parts):
            return any(guard(ev, p, env, at, role) for p in parts)
        case _:
            return ev.holds(cond, env, at, role)
