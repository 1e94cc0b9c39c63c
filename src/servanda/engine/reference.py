"""The reference evaluator: what a condition means, at one instant, for one key, with reasons.

Slow and clear on purpose: it is the meaning that every faster engine is held to, and its trees of
reasons are what `explain` shows.  A condition holds or does not hold at every instant of the axis;
`boundaries` lists the instants between which it cannot change.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from servanda.engine.acts import StateSpell, acts_of, openings_of
from servanda.engine.answers import NOTHING, Answer, Answers, EnvKey, env_key
from servanda.engine.axis import BEGINNING, EARLIEST, Axis, Microseconds
from servanda.engine.bindings import bindings_of
from servanda.engine.boundaries import boundaries_back, boundaries_of
from servanda.engine.calendar import Calendar
from servanda.engine.consent import consent_instant
from servanda.engine.facts import Fact, Facts, Ground, Matcher, Unbound
from servanda.engine.quantities import aggregate, measured, outstanding
from servanda.engine.reason import Env, EnvValue, Reason
from servanda.engine.temporal import dyadic, first_in, holds_over_time, temporal
from servanda.engine.walk import terms_of_value, variables, walk
from servanda.evidence.instant import start_of_day, to_instant
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.quantity import Quantity
from servanda.model.term import CountsAs, Reading

if TYPE_CHECKING:
    from servanda.engine.history import History
    from servanda.engine.instances import Instance


class States(Protocol):
    """Where the evaluator asks for the states of norms."""

    def holds(self, state: c.StateOf, keys: tuple[EnvValue, ...], at: int) -> bool: ...

    def changes(self, norm: str, keys: tuple[EnvValue, ...] = ()) -> tuple[int, ...]: ...

    def changes_back(
        self, norm: str, keys: tuple[EnvValue, ...], last: int, first: int
    ) -> Iterator[int]: ...

    def matching(self, norm: str, keys: tuple[EnvValue, ...]) -> "Sequence[History]": ...

    def kept_since(self, norm: str, keys: tuple[EnvValue, ...], at: int) -> int | None: ...

    def histories(self, norm: str) -> "tuple[History, ...]": ...

    def instances(self, norm: str) -> "tuple[Instance, ...]": ...

    def consulted(self, norm: str) -> frozenset[str]: ...

    def settled(self, norm: str) -> bool: ...


def _kilometres(distance: Quantity) -> float:
    return float(distance.amount) / (1000 if distance.unit == "m" else 1)


@dataclass(slots=True)
class Steps:
    """A condition over all time: it can change at `times` only; truth is worked out when asked.

    `truth[0]` is what holds before the first instant, `truth[i]` from `times[i - 1]` on.
    """

    times: tuple[int, ...]
    truth: dict[int, bool] = field(default_factory=dict)


@dataclass
class Evaluator:
    """Evaluates conditions on facts under one assignment of readings to terms."""

    facts: Facts
    assignment: Mapping[str, str]
    calendar: Calendar
    states: States
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    axis: Axis = field(default_factory=Microseconds)
    _grounds: dict[tuple[int, tuple[EnvValue | None, ...]], Ground] = field(default_factory=dict)
    _open: dict[int, tuple[frozenset[str], bool]] = field(default_factory=dict)
    _acts: dict[tuple[int, EnvKey, Role], tuple[tuple[Fact, Env], ...]] = field(
        default_factory=dict
    )

    @cached_property
    def answers(self) -> Answers:
        return Answers(self, self.states.matching, self.states.consulted)

    # --- values ---------------------------------------------------------------------------------

    def names(self, value: c.Value, env: Env) -> frozenset[str] | None:
        """The names that a value stands for; None for a variable that is not bound."""
        match value:
            case c.Name(name):
                return frozenset({name})
            case c.Var(name):
                bound = env.get(name)
                return frozenset({bound}) if isinstance(bound, str) else bound
            case c.SetOf(items):
                found: set[str] = set()
                for item in items:
                    found |= self.names(item, env) or frozenset()
                return frozenset(found)
            case c.TermValue(term):
                reading = self.reading(term).value
                return self.names(reading, env) if isinstance(reading, c.Value) else frozenset()
            case c.MembersOf(group):
                return frozenset(self.facts.world.agreement.members_of(group))
            case c.ListValue(name):
                listed = self.lists.get(name)
                return None if listed is None else frozenset(listed)
            case c.Bound():
                return frozenset()

    def reading(self, term: str) -> Reading:
        declared = self.facts.world.agreement.terms[term]
        return next(r for r in declared.readings if r.name == self.assignment[term])

    @cached_property
    def territory(self) -> tuple[tuple[frozenset[str], str], ...]:
        """Which units count as whose under the readings assumed."""
        found = []
        for term in self.facts.world.agreement.terms.values():
            if term.id in self.assignment:
                value = self.reading(term.id).value
                if isinstance(value, CountsAs):
                    found.append((self.names(value.units, {}) or frozenset(), value.party))
        return tuple(found)

    def ground(self, pattern: c.Pattern, env: Env) -> Ground:
        """Replace variables and terms of a pattern by the names they stand for."""
        key = (id(pattern), tuple(env.get(v) for v in variables(pattern)))
        if key not in self._grounds:
            self._grounds[key] = self.facts.world.one(self._ground(pattern, env))
        return self._grounds[key]

    def conceivable(self, pattern: c.Pattern, env: Env, role: Role) -> bool:
        """Whether any record could match under some reading of the terms in a pattern."""
        ground = self.ground(pattern, env)
        open_args, open_place = self._left_open(pattern)
        if open_args or open_place:
            ground = replace(
                ground,
                args=tuple((name, m) for name, m in ground.args if name not in open_args),
                places=None if open_place else ground.places,
            )
        return self.facts.answer(ground, role) is not False

    def _left_open(self, pattern: c.Pattern) -> tuple[frozenset[str], bool]:
        """The arguments of a pattern, and whether its place, that depend on readings."""
        found = self._open.get(id(pattern))
        if found is None:
            record_type = self.facts.world.agreement.record_types[pattern.type]
            given = {a.name for a in pattern.args}
            territory = given & {a.name for a in record_type.args if a.kind == "territory"}
            disputed = {a.name for a in pattern.args if any(terms_of_value(a.value))}
            placed = pattern.place is not None and any(terms_of_value(pattern.place.place))
            found = self._open[id(pattern)] = frozenset(territory | disputed), placed
        return found

    def course(self, cond: c.Condition, env: Env, role: Role) -> Answer:
        """When a condition that asks for no norm's state holds, as one comparable value."""
        changes, held = [], None
        for instant in (EARLIEST, *self.boundaries(cond, env, role)):
            if (now := self.holds(cond, env, instant, role)) is not held:
                changes.append((instant, now))
                held = now
        return self.facts.world.interned(tuple(changes))

    def _ground(self, pattern: c.Pattern, env: Env) -> Ground:
        record_type = self.facts.world.agreement.record_types[pattern.type]
        places = within = None
        if pattern.place is not None:
            places = self.names(pattern.place.place, env) or frozenset()
            if pattern.place.within is not None:
                within = _kilometres(pattern.place.within)
        has_territory = any(a.kind == "territory" for a in record_type.args)
        return Ground(
            pattern.type,
            tuple((arg.name, self._matcher(arg.value, env)) for arg in pattern.args),
            places,
            within,
            self.territory if has_territory else (),
            pattern.new,
        )

    def _matcher(self, value: c.Value, env: Env) -> Matcher:
        if isinstance(value, c.Bound):
            return value
        names = self.names(value, env)
        if names is not None:
            return names
        assert isinstance(value, c.Var | c.ListValue)  # nothing else is left open
        return Unbound(value.name)

    # --- truth ----------------------------------------------------------------------------------

    # One branch for each form of a condition.
    def evaluate(  # noqa: C901, PLR0911, PLR0912
        self, cond: c.Condition, env: Env, at: int, role: Role
    ) -> Reason:
        """Whether the condition holds at an instant, and why."""
        match cond:
            case c.Pattern():
                return self._pattern(cond, env, at, role)
            case c.StateOf():
                keys = tuple(self.key_of(k, env) for k in cond.keys)
                return Reason(cond, self.states.holds(cond, keys, at))
            case c.KeptFor():
                keys = tuple(self.key_of(k, env) for k in cond.keys)
                since = self.states.kept_since(cond.norm, keys, at)
                kept = since is not None and at - since >= cond.duration.ticks
                return Reason(cond, kept, at=since)
            case c.Reads(term, reading):
                return Reason(cond, self.assignment.get(term) == reading)
            case c.TermHolds(term):
                part = self.evaluate(self.term_condition(term), env, at, role)
                return Reason(cond, part.holds, (part,))
            case c.Call():
                return self._call(cond, env, at, role)
            case c.InForce():
                return self._in_force(cond, at)
            case c.Consent():
                return self._consent(cond, env, at)
            case c.FromInstant():
                return Reason(cond, at >= self.instant(cond))
            case c.Same(left, right):
                one, other = self.names(left, env), self.names(right, env)
                return Reason(cond, bool(one and other and one <= other))
            case c.Measured():
                return measured(self, cond, env, at)
            case c.Outstanding():
                return outstanding(self, cond, env, at)
            case c.Aggregate():
                return aggregate(self, cond, env, at, role)
            case c.Not(body):
                part = self.evaluate(body, env, at, role)
                return Reason(cond, not part.holds, (part,))
            case c.And(bodies):
                parts = []
                for body in bodies:
                    parts.append(self.evaluate(body, env, at, role))
                    if not parts[-1].holds:
                        return Reason(cond, False, tuple(parts))
                return Reason(cond, True, tuple(parts))
            case c.Or(bodies):
                parts = [self.evaluate(body, env, at, role) for body in bodies]
                return Reason(cond, any(p.holds for p in parts), tuple(parts))
            case c.Temporal():
                return temporal(self, cond, env, at, role)
            case c.Dyadic():
                return dyadic(self, cond, env, at, role)
            case c.Lasting(duration, body):
                start, _ = self.axis.before(at, 0, duration.ticks)
                failing = first_in(self, body, env, start, at, role, wanted=False)
                return Reason(cond, failing is None, (failing,) if failing else ())
            case c.After(duration, body):
                begun = self.begins(body, env, at, role)
                if begun is None:
                    return Reason(cond, False)
                return Reason(cond, at >= self.calendar.due_within(duration, begun), at=begun)
            case c.Some(variables, body):
                return self._some(cond, variables, body, env, at, role)
            case c.Every(variable, domain, body):
                members = self.names(domain, env)
                if members is None:
                    return Reason(cond, False, note="the list is left open")
                parts = [self._with(body, env, {variable: m}, at, role) for m in sorted(members)]
                return Reason(cond, all(p.holds for p in parts), tuple(parts))

    def _with(self, body: c.Condition, env: Env, bound: Env, at: int, role: Role) -> Reason:
        """A part under what variables are bound to; the reason says to what."""
        return replace(self.evaluate(body, {**env, **bound}, at, role), env=bound)

    def holds(self, cond: c.Condition, env: Env, at: int, role: Role) -> bool:
        """Whether the condition holds at an instant; as `evaluate`, without the reasons."""
        if not self.asks_states(cond):
            answer = self.answers.of(cond, env, role, NOTHING)
            if isinstance(answer, bool):
                return answer
            steps = self._steps(cond, answer, env, role)
            return self._at(steps, bisect_right(steps.times, at), cond, env, role)
        match cond:
            case c.Not(body):
                return not self.holds(body, env, at, role)
            case c.And(parts):
                return all(self.holds(part, env, at, role) for part in parts)
            case c.Or(parts):
                return any(self.holds(part, env, at, role) for part in parts)
            case c.TermHolds(term):
                return self.holds(self.term_condition(term), env, at, role)
            case c.StateOf(keys=keys):
                return self.states.holds(cond, tuple(self.key_of(k, env) for k in keys), at)
            case c.Temporal():
                return holds_over_time(self, cond, env, at, role)
            case _:
                return self.evaluate(cond, env, at, role).holds

    def _steps(self, cond: c.Condition, answer: Answer, env: Env, role: Role) -> Steps:
        """The steps of a condition that asks for no norm's state; shared by equal answers."""
        known = self.facts.world.steps
        key = (id(cond), answer)
        if key not in known:
            known[key] = Steps(self.axis.changes(boundaries_of(self, cond, env, role)))
        found: Steps = known[key]
        return found

    def _at(self, steps: Steps, index: int, cond: c.Condition, env: Env, role: Role) -> bool:
        if index not in steps.truth:
            instant = steps.times[index - 1] if index else BEGINNING
            steps.truth[index] = self.evaluate(cond, env, instant, role).holds
        return steps.truth[index]

    def key_of(self, value: c.Value, env: Env) -> frozenset[str]:
        """Which instances are asked for by a key; nobody in particular asks for all."""
        return self.names(value, env) or frozenset()

    def term_condition(self, term: str) -> c.Condition:
        value = self.reading(term).value
        assert isinstance(value, c.Condition), f"{term} is no condition"
        return value

    def _pattern(self, cond: c.Pattern, env: Env, at: int, role: Role) -> Reason:
        facts = self.facts.active(self.ground(cond, env), role, at)
        return Reason(cond, bool(facts), facts=facts)

    def _in_force(self, cond: c.InForce, at: int) -> Reason:
        """What brings an agreement into force need hold once only."""
        when = self.facts.world.agreement.header.in_force_when
        if when is None:
            return Reason(cond, False, note="nothing says when it enters into force")
        begun = self.begins(when, {}, at, Role.FULFILLING)
        part = self.evaluate(when, {}, at if begun is None else begun, Role.FULFILLING)
        return Reason(cond, begun is not None, (part,), at=begun)

    def begins(self, cond: c.Condition, env: Env, up_to: int, role: Role) -> int | None:
        """The first instant, up to one, at which a condition holds."""
        if self.holds(cond, env, EARLIEST, role):
            return EARLIEST
        for instant in self.boundaries(cond, env, role):
            if instant > up_to:
                return None
            if self.holds(cond, env, instant, role):
                return instant
        return None

    def instant(self, cond: c.FromInstant) -> int:
        """The instant of a date or date-time; a bare day is its first instant."""
        if isinstance(cond.at, datetime):
            return to_instant(cond.at)
        return start_of_day(cond.at, self.calendar.zone)

    def _consent(self, cond: c.Consent, env: Env, at: int) -> Reason:
        parties = self.names(cond.of, env) or frozenset()
        found = consent_instant(self.facts, parties, cond)
        if found is None or found[0] > at:
            return Reason(cond, False)
        return Reason(cond, True, facts=found[1], at=found[0])

    # --- definitions and states -----------------------------------------------------------------

    def _call(self, cond: c.Call, env: Env, at: int, role: Role) -> Reason:
        agreement = self.facts.world.agreement
        if cond.name in agreement.definitions:
            defined = agreement.definitions[cond.name]
            inner = self.arguments(defined.parameters, cond, env)
            part = self._with(defined.condition, {}, inner, at, role)
            return Reason(cond, part.holds, (part,))
        spells = [s for s in self.openings(cond, env) if s.start <= at < s.end]
        return Reason(cond, bool(spells), facts=tuple(s.fact for s in spells))

    def arguments(self, parameters: tuple[str, ...], cond: c.Call, env: Env) -> Env:
        """What the parameters of a definition stand for; nobody at all matches nothing."""
        found: dict[str, EnvValue] = {}
        for parameter, given in zip(parameters, cond.args, strict=True):
            names = self.names(given, env)
            if names is not None:
                found[parameter] = next(iter(names)) if len(names) == 1 else names
        return found

    def openings(self, cond: c.Call, env: Env) -> tuple[StateSpell, ...]:
        """The stretches for which each beginning act keeps a state open; equal answers share."""
        if self.asks_states(cond):
            return openings_of(self, cond, env)
        known = self.facts.world.openings
        answer = self.answers.of(cond, env, Role.FULFILLING, NOTHING)
        if answer not in known:
            known[answer] = self.opened(cond, env)
        found: tuple[StateSpell, ...] = known[answer]
        return found

    def opened(self, cond: c.Call, env: Env) -> tuple[StateSpell, ...]:
        return openings_of(self, cond, env)

    # --- acts -----------------------------------------------------------------------------------

    def acts(self, cond: c.Condition, env: Env, role: Role) -> Iterable[tuple[Fact, Env]]:
        """The acts that make a condition hold, each with its bindings.

        The first pattern of a conjunction is the act; what stands beside it is a guard, judged at
        the instant of the act with the states of norms just before it.
        """
        if self.asks_states(cond):
            return acts_of(self, cond, env, role)
        key = (id(cond), env_key(env), role)
        if key not in self._acts:
            self._acts[key] = tuple(acts_of(self, cond, env, role))
        return self._acts[key]

    def _some(
        self,
        cond: c.Some,
        variables: tuple[str, ...],
        body: c.Condition,
        env: Env,
        at: int,
        role: Role,
    ) -> Reason:
        tried = []
        for binding in bindings_of(self, variables, body, env, role):
            part = self._with(body, env, dict(binding), at, role)
            if part.holds:
                return Reason(cond, True, (part,))
            tried.append(part)
        return Reason(cond, False, tuple(tried))

    # --- boundaries -----------------------------------------------------------------------------

    def boundaries(self, cond: c.Condition, env: Env, role: Role) -> tuple[int, ...]:
        """Instants, in order, between which the condition cannot change."""
        if self.asks_states(cond):
            return self.axis.changes(boundaries_of(self, cond, env, role))
        answer = self.answers.of(cond, env, role, NOTHING)
        return () if isinstance(answer, bool) else self._steps(cond, answer, env, role).times

    def boundaries_back(
        self, cond: c.Condition, env: Env, last: int, first: int, role: Role
    ) -> Iterator[int]:
        """The instants in (first, last] at which the condition may change, from the last."""
        return boundaries_back(self, cond, env, last, first, role)

    def next_holding(self, cond: c.Condition, env: Env, at: int, role: Role) -> int | None:
        """The first boundary from an instant on at which the condition holds."""
        times = self.boundaries(cond, env, role)
        places = range(bisect_left(times, at), len(times))
        return next((times[p] for p in places if self.holds(cond, env, times[p], role)), None)

    def may_straddle(self, cond: c.Condition, env: Env, at: int, role: Role) -> bool:
        """False where no act that could make the condition hold was before and after an instant."""
        return True

    def asks_states(self, cond: c.Condition) -> bool:
        """Whether the condition asks for the state of a norm, under any reading."""
        known = self.facts.world.asking
        if id(cond) not in known:
            known[id(cond)] = any(
                isinstance(node, c.StateOf | c.KeptFor)
                for node in walk(cond, self.facts.world.agreement)
            )
        return known[id(cond)]
