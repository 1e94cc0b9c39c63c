"""The reference evaluator: what a condition means, at one instant, for one key, with reasons.

Slow and clear on purpose: it is the meaning that every faster engine is held to, and its trees of
reasons are what `explain` shows.  A condition holds or does not hold at every instant of the axis;
`boundaries` lists the instants between which it cannot change.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from servanda.engine.answers import NOTHING, Answer, Answers, EnvKey, env_key
from servanda.engine.axis import BEGINNING, EARLIEST, LATEST, Axis, Microseconds
from servanda.engine.calendar import due_within
from servanda.engine.consent import consent_instant
from servanda.engine.facts import Fact, Facts, Ground, Matcher, Unbound
from servanda.engine.walk import patterns, terms_of_value, variables, walk
from servanda.evidence.instant import start_of_day, to_instant
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.geo import Relation
from servanda.model import condition as c
from servanda.model.quantity import Window
from servanda.model.term import CountsAs, Reading

if TYPE_CHECKING:
    from servanda.engine.history import History

EnvValue = str | frozenset[str]
Env = Mapping[str, EnvValue]


@dataclass(frozen=True, slots=True)
class Reason:
    """Whether a condition holds, and why: parts of the condition, and records at the leaves."""

    condition: c.Condition
    holds: bool
    parts: tuple["Reason", ...] = ()
    facts: tuple[Fact, ...] = ()
    note: str = ""
    at: int | None = None

    def records(self) -> tuple[Record, ...]:
        """All records at the leaves below, without repetition."""
        found: dict[str, Record] = {}
        pending: list[Reason] = [self]
        while pending:
            reason = pending.pop()
            for fact in reason.facts:
                found.update((r.id, r) for r in fact.records)
            pending.extend(reason.parts)
        return tuple(found[i] for i in sorted(found))


class States(Protocol):
    """Where the evaluator asks for the states of norms."""

    def holds(self, state: c.StateOf, keys: tuple[EnvValue, ...], at: int) -> bool: ...

    def changes(self, norm: str) -> tuple[int, ...]: ...

    def kept_since(self, norm: str, keys: tuple[EnvValue, ...], at: int) -> int | None: ...

    def histories(self, norm: str) -> "tuple[History, ...]": ...

    def consulted(self, norm: str) -> frozenset[str]: ...


@dataclass(slots=True)
class Steps:
    """A condition over all time: it can change at `times` only; truth is worked out when asked.

    `truth[0]` is what holds before the first instant, `truth[i]` from `times[i - 1]` on.
    """

    times: tuple[int, ...]
    truth: list[bool | None]


@dataclass
class Evaluator:
    """Evaluates conditions on facts under one assignment of readings to terms."""

    facts: Facts
    assignment: Mapping[str, str]
    zone: ZoneInfo
    states: States
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    axis: Axis = field(default_factory=Microseconds)
    _grounds: dict[tuple[int, tuple[EnvValue | None, ...]], Ground] = field(default_factory=dict)
    _acts: dict[tuple[int, EnvKey, Role], tuple[tuple[Fact, Env], ...]] = field(
        default_factory=dict
    )

    @cached_property
    def answers(self) -> Answers:
        return Answers(self, self.states.histories, self.states.consulted)

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
                if reading is None or not isinstance(reading, c.Value):
                    return frozenset()
                return self.names(reading, env)
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
            self._grounds[key] = self._ground(pattern, env)
        return self._grounds[key]

    def conceivable(self, pattern: c.Pattern, env: Env, role: Role) -> bool:
        """Whether any record could match under some reading of the terms in a pattern."""
        record_type = self.facts.world.agreement.record_types[pattern.type]
        open_args = {a.name for a in record_type.args if a.kind == "territory"}
        open_args |= {a.name for a in pattern.args if any(terms_of_value(a.value))}
        open_place = pattern.place is not None and any(terms_of_value(pattern.place.place))
        if not open_args and not open_place:
            return True
        ground = self.ground(pattern, env)
        wide = replace(
            ground,
            args=tuple((name, m) for name, m in ground.args if name not in open_args),
            places=None if open_place else ground.places,
            within_km=None if open_place else ground.within_km,
            territory=(),
        )
        return self.facts.answer(wide, role) is not False

    def course(self, cond: c.Condition, env: Env, role: Role) -> Answer:
        """When a condition that asks for no norm's state holds, as one comparable value."""
        changes, held = [], None
        for instant in (EARLIEST, *self.boundaries(cond, env, role)):
            if (now := self.holds(cond, env, instant, role)) is not held:
                changes.append((instant, now))
                held = now
        return self.facts.world.interned(("course", *changes))

    def _ground(self, pattern: c.Pattern, env: Env) -> Ground:
        record_type = self.facts.world.agreement.record_types[pattern.type]
        args: list[tuple[str, Matcher]] = []
        for arg in pattern.args:
            if isinstance(arg.value, c.Bound):
                args.append((arg.name, arg.value))
                continue
            names = self.names(arg.value, env)
            if names is None:
                unbound = arg.value.name if isinstance(arg.value, c.Var | c.ListValue) else "_"
                args.append((arg.name, Unbound(unbound)))
            else:
                args.append((arg.name, names))
        places = within = None
        if pattern.place is not None:
            places = self.names(pattern.place.place, env) or frozenset()
            if pattern.place.within is not None:
                within = float(pattern.place.within.amount)
        has_territory = any(a.kind == "territory" for a in record_type.args)
        return Ground(
            pattern.type,
            tuple(args),
            places,
            within,
            self.territory if has_territory else (),
            pattern.new,
        )

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
                when = self.facts.world.agreement.header.in_force_when
                if when is None:
                    return Reason(cond, False, note="nothing says when it enters into force")
                return self._once_begun(cond, when, {}, at, Role.FULFILLING)
            case c.Consent():
                return self._consent(cond, env, at)
            case c.FromInstant():
                return Reason(cond, at >= self.instant(cond))
            case c.Same(left, right):
                one, other = self.names(left, env), self.names(right, env)
                return Reason(cond, bool(one and other and one <= other))
            case c.Measured():
                return self._measured(cond, env, at)
            case c.Outstanding():
                return self._outstanding(cond, env, at)
            case c.Aggregate():
                return self._aggregate(cond, env, at, role)
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
                return self._temporal(cond, env, at, role)
            case c.Dyadic():
                return self._dyadic(cond, env, at, role)
            case c.Lasting(duration, body):
                start, _ = self.axis.before(at, 0, duration.ticks)
                failing = self._first_in(body, env, start, at, role, wanted=False)
                return Reason(cond, failing is None, (failing,) if failing else ())
            case c.After(duration, body):
                begun = self.begins(body, env, at, role)
                if begun is None:
                    return Reason(cond, False)
                return Reason(cond, at >= due_within(duration, begun, self.zone), at=begun)
            case c.Some(variables, body):
                return self._some(cond, variables, body, env, at, role)
            case c.Every(variable, domain, body):
                members = self.names(domain, env)
                if members is None:
                    return Reason(cond, False, note="the list is left open")
                parts = [
                    self.evaluate(body, {**env, variable: m}, at, role) for m in sorted(members)
                ]
                return Reason(cond, all(p.holds for p in parts), tuple(parts))

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
            case _:
                return self.evaluate(cond, env, at, role).holds

    def _steps(self, cond: c.Condition, answer: Answer, env: Env, role: Role) -> Steps:
        """The steps of a condition that asks for no norm's state; shared by equal answers."""
        known = self.facts.world.steps
        key = (id(cond), answer)
        if key not in known:
            times = self.axis.changes(self._boundaries(cond, env, role))
            known[key] = Steps(times, [None] * (len(times) + 1))
        found: Steps = known[key]
        return found

    def _at(self, steps: Steps, index: int, cond: c.Condition, env: Env, role: Role) -> bool:
        truth = steps.truth[index]
        if truth is None:
            instant = steps.times[index - 1] if index else BEGINNING
            truth = steps.truth[index] = self.evaluate(cond, env, instant, role).holds
        return truth

    def key_of(self, value: c.Value, env: Env) -> EnvValue:
        names = self.names(value, env)
        if names is None:
            return frozenset()
        return next(iter(names)) if len(names) == 1 else names

    def term_condition(self, term: str) -> c.Condition:
        value = self.reading(term).value
        assert isinstance(value, c.Condition), f"{term} is no condition"
        return value

    def _pattern(self, cond: c.Pattern, env: Env, at: int, role: Role) -> Reason:
        spells = self.facts.spells(self.ground(cond, env), role)
        facts = tuple(s.fact for s in spells if s.start <= at < s.end)
        return Reason(cond, bool(facts), facts=facts)

    def _once_begun(
        self, cond: c.Condition, body: c.Condition, env: Env, at: int, role: Role
    ) -> Reason:
        """What has once begun to hold holds for good (entry into force)."""
        begun = self.begins(body, env, at, role)
        if begun is None:
            return Reason(cond, False, (self.evaluate(body, env, at, role),))
        return Reason(cond, True, (self.evaluate(body, env, begun, role),), at=begun)

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
        return start_of_day(cond.at, self.zone)

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
            part = self.evaluate(defined.condition, inner, at, role)
            return Reason(cond, part.holds, (part,))
        spells = [s for s in self.openings(cond, env) if s.start <= at < s.end]
        return Reason(cond, bool(spells), facts=tuple(s.fact for s in spells))

    def arguments(self, parameters: tuple[str, ...], cond: c.Call, env: Env) -> Env:
        values = {p: self.key_of(a, env) for p, a in zip(parameters, cond.args, strict=True)}
        return {p: v for p, v in values.items() if v != frozenset()}

    def openings(self, cond: c.Call, env: Env) -> tuple["StateSpell", ...]:
        """The stretches for which each beginning act keeps a state open."""
        if not self.asks_states(cond):
            answer = self.answers.of(cond, env, Role.FULFILLING, NOTHING)
            if answer is False:
                return ()
            known = self.facts.world.steps
            key = (id(StateSpell), answer)
            if key not in known:
                known[key] = self._openings(cond, env)
            found: tuple[StateSpell, ...] = known[key]
            return found
        return self._openings(cond, env)

    def _openings(self, cond: c.Call, env: Env) -> tuple["StateSpell", ...]:
        state = self.facts.world.agreement.states[cond.name]
        inner = self.arguments(state.parameters, cond, env)
        ends = [] if state.ends is None else list(self.acts(state.ends, inner, Role.FULFILLING))
        found = []
        for opening, _ in self.acts(state.begins, inner, Role.OFFENDING):
            closing = [e.at for e, _ in ends if e.at > opening.at and self._closes(e, opening)]
            found.append(StateSpell(opening.at, min(closing, default=LATEST), opening))
        return tuple(sorted(found, key=lambda s: (s.start, s.fact.ids)))

    def _closes(self, ending: Fact, opening: Fact) -> bool:
        """Whether an ending act, if it names a place, is about the place of the opening one."""
        agreement = self.facts.world.agreement
        record = ending.records[0]
        record_type = agreement.record_types[record.type]
        place = record.place or next(
            (
                word
                for a in record_type.args
                if a.kind == "territory"
                and (word := record.word(a.name))
                and word not in agreement.actors
            ),
            None,
        )
        if place is None:
            return True
        opened = opening.records[0]
        where = self.facts.location(opened, agreement.record_types[opened.type])
        return (
            where is not None
            and isinstance(place, str)
            and self.facts.world.atlas.relation(where, place) is Relation.INSIDE
        )

    # --- acts -----------------------------------------------------------------------------------

    def acts(self, cond: c.Condition, env: Env, role: Role) -> Iterable[tuple[Fact, Env]]:
        """The acts that make a condition hold, each with its bindings.

        The first pattern of a conjunction is the act; what stands beside it is a guard, judged at
        the instant of the act with the states of norms just before it.
        """
        if self.asks_states(cond):
            return self._acts_of(cond, env, role)
        key = (id(cond), env_key(env), role)
        if key not in self._acts:
            self._acts[key] = tuple(self._acts_of(cond, env, role))
        return self._acts[key]

    def _acts_of(  # noqa: C901 - one branch for each form
        self, cond: c.Condition, env: Env, role: Role
    ) -> Iterable[tuple[Fact, Env]]:
        match cond:
            case c.Pattern():
                for fact in self.facts.find(self.ground(cond, env), role):
                    yield fact, {**env, **dict(fact.bindings)}
            case c.Or(parts):
                seen: set[tuple[int, tuple[str, ...]]] = set()
                for part in parts:
                    for fact, inner in self.acts(part, env, role):
                        if (fact.at, fact.ids) not in seen:
                            seen.add((fact.at, fact.ids))
                            yield fact, inner
            case c.And(parts):
                anchor = next((p for p in parts if self.is_act(p)), None)
                if anchor is None:
                    return
                guards = [p for p in parts if p is not anchor]
                for fact, inner in self.acts(anchor, env, role):
                    if all(self.guard(g, inner, fact.at, role) for g in guards):
                        yield fact, inner
            case c.Some(_, body):
                for fact, inner in self.acts(body, env, role):
                    yield fact, inner
            case c.Call(name) if name in self.facts.world.agreement.definitions:
                defined = self.facts.world.agreement.definitions[name]
                yield from self.acts(
                    defined.condition, self.arguments(defined.parameters, cond, env), role
                )
            case c.TermHolds(term):
                yield from self.acts(self.term_condition(term), env, role)
            case _:
                return

    def is_act(self, cond: c.Condition) -> bool:
        """Whether a condition is made true by acts (rather than by states or readings)."""
        match cond:
            case c.Pattern():
                return True
            case c.Or(parts):
                return all(self.is_act(p) for p in parts)
            case c.And(parts):
                return any(self.is_act(p) for p in parts)
            case c.Some(_, body):
                return self.is_act(body)
            case c.Call(name) if name in self.facts.world.agreement.definitions:
                return self.is_act(self.facts.world.agreement.definitions[name].condition)
            case c.TermHolds(term):
                return self.is_act(self.term_condition(term))
            case _:
                return False

    def guard(self, cond: c.Condition, env: Env, at: int, role: Role) -> bool:
        """A condition beside an act: states of norms are those just before it."""
        match cond:
            case c.StateOf() | c.KeptFor() | c.InForce() | c.Consent():
                return self.holds(cond, env, at - 1, role)
            case c.TermHolds(term):
                return self.guard(self.term_condition(term), env, at, role)
            case c.Not(body):
                return not self.guard(body, env, at, role)
            case c.And(parts):
                return all(self.guard(p, env, at, role) for p in parts)
            case c.Or(parts):
                return any(self.guard(p, env, at, role) for p in parts)
            case _:
                return self.holds(cond, env, at, role)

    # --- measures, tallies, sums ----------------------------------------------------------------

    def latest_measure(self, cond: c.Measured, env: Env, at: int) -> tuple[Fact, Decimal] | None:
        """The latest measure at or before an instant (rule 11)."""
        names = self.names(cond.measure, env) or frozenset()
        args: tuple[tuple[str, Matcher], ...] = (("name", names),)
        holders = self.names(cond.of, env)
        if holders:
            args += (("of", holders),)
        found = [f for f in self.facts.find(Ground("measure", args), Role.OFFENDING) if f.at <= at]
        if not found:
            return None
        value = found[-1].records[0].number("value")
        return None if value is None else (found[-1], value)

    def _measured(self, cond: c.Measured, env: Env, at: int) -> Reason:
        latest = self.latest_measure(cond, env, at)
        if latest is None:
            return Reason(cond, True, note="no measure is no breach")
        fact, value = latest
        return Reason(
            cond, cond.comparison.holds(value, cond.quantity.amount), facts=(fact,), note=str(value)
        )

    def _outstanding(self, cond: c.Outstanding, env: Env, at: int) -> Reason:
        """Outstanding = listed − returned − declined − died, by the latest tally (rule 14)."""
        args: list[tuple[str, Matcher]] = []
        for name, value in (("holder", cond.holder), ("category", cond.category)):
            names = self.names(value, env)
            if names:
                args.append((name, names))
        found = [
            f for f in self.facts.find(Ground("tally", tuple(args)), Role.FULFILLING) if f.at <= at
        ]
        if not found:
            return Reason(cond, False, note="no tally")
        record = found[-1].records[0]
        left = record.number("listed") or Decimal(0)
        for name in ("returned", "declined", "died"):
            left -= record.number(name) or Decimal(0)
        holds = cond.comparison.holds(left, cond.quantity.amount)
        return Reason(cond, holds, facts=(found[-1],), note=str(left))

    def _aggregate(self, cond: c.Aggregate, env: Env, at: int, role: Role) -> Reason:
        first = EARLIEST if cond.window is None else at - cond.window.ticks
        facts = [f for f, _ in self.acts(cond.body, env, role) if first <= f.at <= at]
        currency = cond.quantity.unit
        numbers = [
            number
            for f in facts
            if cond.argument is not None
            and (number := f.records[0].number(cond.argument)) is not None
            and f.records[0].word("currency") in (None, currency)
        ]
        value: Decimal | None
        match cond.op:
            case "count":
                value = Decimal(len(facts))
            case "sum":
                value = sum(numbers, Decimal(0))
            case "min":
                value = min(numbers, default=None)
            case "max":
                value = max(numbers, default=None)
            case _:
                value = sum(numbers, Decimal(0)) / len(numbers) if numbers else None
        holds = value is not None and cond.comparison.holds(value, cond.quantity.amount)
        return Reason(cond, holds, facts=tuple(facts), note="" if value is None else str(value))

    # --- time -----------------------------------------------------------------------------------

    def _range(self, cond: c.Temporal | c.Dyadic, at: int, future: bool) -> tuple[int, int]:
        low, high = (0, None) if cond.window is None else cond.window.ticks
        if high is not None and high < low:
            return 1, 0
        return self.axis.after(at, low, high) if future else self.axis.before(at, low, high)

    def _first_in(
        self, cond: c.Condition, env: Env, first: int, last: int, role: Role, wanted: bool
    ) -> Reason | None:
        """The latest witness in [first, last] at which the condition holds (or fails)."""
        if first > last:
            return None
        instants = self.boundaries(cond, env, role)
        inside = instants[bisect_right(instants, first) : bisect_right(instants, last)]
        for instant in (*reversed(inside), first):
            if self.holds(cond, env, instant, role) is wanted:
                return replace(self.evaluate(cond, env, instant, role), at=instant)
        return None

    def _temporal(self, cond: c.Temporal, env: Env, at: int, role: Role) -> Reason:
        match cond.op:
            case "previous" | "next":
                future = cond.op == "next"
                neighbour = at + 1 if future else at - 1
                first, last = self._range(cond, at, future)
                if not first <= neighbour <= last:
                    return Reason(cond, False)
                part = self.evaluate(cond.body, env, neighbour, role)
                return Reason(cond, part.holds, (part,))
            case "once" | "eventually":
                first, last = self._range(cond, at, cond.op == "eventually")
                witness = self._first_in(cond.body, env, first, last, role, wanted=True)
                return Reason(cond, witness is not None, (witness,) if witness else ())
            case _:
                first, last = self._range(cond, at, cond.op == "always")
                failing = self._first_in(cond.body, env, first, last, role, wanted=False)
                return Reason(cond, failing is None, (failing,) if failing else ())

    def _dyadic(self, cond: c.Dyadic, env: Env, at: int, role: Role) -> Reason:
        """since: the right held at some instant in the window, the left ever after it till now."""
        future = cond.op == "until"
        first, last = self._range(cond, at, future)
        inside = [i for i in self.boundaries(cond.right, env, role) if first < i <= last]
        # Within a stretch in which the right holds throughout, the instant nearest to now is best.
        ends = [i - 1 for i in inside] + [last] if not future else [first, *inside]
        for instant in ends if future else reversed(ends):
            if not first <= instant <= last:
                continue
            if not self.holds(cond.right, env, instant, role):
                continue
            right = self.evaluate(cond.right, env, instant, role)
            span = (at, instant - 1) if future else (instant + 1, at)
            if self._first_in(cond.left, env, *span, role, wanted=False) is None:
                return Reason(cond, True, (right,), at=instant)
        return Reason(cond, False)

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
        for binding in self._bindings(variables, body, env, role):
            part = self.evaluate(body, {**env, **dict(binding)}, at, role)
            if part.holds:
                return Reason(cond, True, (part,))
            tried.append(part)
        return Reason(cond, False, tuple(tried))

    def _bindings(
        self, variables: tuple[str, ...], body: c.Condition, env: Env, role: Role
    ) -> list[tuple[tuple[str, str], ...]]:
        """All values that the records give the variables, in patterns anywhere in the body."""
        found: set[tuple[tuple[str, str], ...]] = set()
        for pattern in patterns(body, self.facts.world.agreement.definitions):
            for fact in self.facts.find(self.ground(pattern, env), role):
                bound = tuple((n, v) for n, v in fact.bindings if n in variables)
                if len(bound) == len(variables):
                    found.add(bound)
        return sorted(found)

    # --- boundaries -----------------------------------------------------------------------------

    def boundaries(self, cond: c.Condition, env: Env, role: Role) -> tuple[int, ...]:
        """Instants, in order, between which the condition cannot change."""
        if self.asks_states(cond):
            return self.axis.changes(self._boundaries(cond, env, role))
        answer = self.answers.of(cond, env, role, NOTHING)
        return () if isinstance(answer, bool) else self._steps(cond, answer, env, role).times

    def asks_states(self, cond: c.Condition) -> bool:
        """Whether the condition asks for the state of a norm, under any reading."""
        known = self.facts.world.asking
        if id(cond) not in known:
            known[id(cond)] = any(
                isinstance(node, c.StateOf | c.KeptFor)
                for node in walk(cond, self.facts.world.agreement)
            )
        return known[id(cond)]

    def _boundaries(  # noqa: C901 - one branch for each form
        self, cond: c.Condition, env: Env, role: Role
    ) -> set[int]:
        agreement = self.facts.world.agreement
        match cond:
            case c.Pattern():
                spells = self.facts.spells(self.ground(cond, env), role)
                return {i for s in spells for i in (s.start, s.end) if i < LATEST}
            case c.StateOf(norm):
                return set(self.states.changes(norm))
            case c.KeptFor(norm, _, duration):
                changes = self.states.changes(norm)
                return {*changes, *(i + duration.ticks for i in changes)}
            case c.TermHolds(term):
                return set(self.boundaries(self.term_condition(term), env, role))
            case c.Call(name) if name in agreement.definitions:
                defined = agreement.definitions[name]
                inner = self.arguments(defined.parameters, cond, env)
                return set(self.boundaries(defined.condition, inner, role))
            case c.Call():
                return {i for s in self.openings(cond, env) for i in (s.start, s.end) if i < LATEST}
            case c.InForce():
                when = agreement.header.in_force_when
                return set() if when is None else set(self.boundaries(when, {}, Role.FULFILLING))
            case c.Consent():
                parties = self.names(cond.of, env) or frozenset()
                found = consent_instant(self.facts, parties, cond)
                return set() if found is None else {found[0]}
            case c.FromInstant():
                return {self.instant(cond)}
            case c.Measured():
                names = self.names(cond.measure, env) or frozenset()
                facts = self.facts.find(Ground("measure", (("name", names),)), Role.OFFENDING)
                return {f.at for f in facts}
            case c.Outstanding():
                return {f.at for f in self.facts.find(Ground("tally", ()), Role.FULFILLING)}
            case c.Aggregate(body=body, window=window):
                times = {f.at for f, _ in self.acts(body, env, role)}
                return times if window is None else times | {i + window.ticks + 1 for i in times}
            case c.Not(body):
                return set(self.boundaries(body, env, role))
            case c.And(parts) | c.Or(parts):
                return {i for part in parts for i in self.boundaries(part, env, role)}
            case c.Temporal(op, window, body):
                inner_instants = self.boundaries(body, env, role)
                return self._shifted(inner_instants, window, op in ("eventually", "always", "next"))
            case c.Dyadic(op, window, left, right):
                around = {*self.boundaries(left, env, role), *self.boundaries(right, env, role)}
                return around | self._shifted(tuple(around), window, op == "until")
            case c.Lasting(duration, body):
                inner_instants = self.boundaries(body, env, role)
                return {
                    *inner_instants,
                    *(self.axis.shift(i, duration.ticks) for i in inner_instants),
                }
            case c.After(duration, body):
                begun = self.begins(body, env, LATEST, role)
                if begun is None or begun == EARLIEST:
                    return set()
                return {due_within(duration, begun, self.zone)}
            case c.Some(variables, body):
                found_instants: set[int] = set()
                for binding in self._bindings(variables, body, env, role):
                    found_instants |= set(self.boundaries(body, {**env, **dict(binding)}, role))
                return found_instants
            case c.Every(variable, domain, body):
                members = self.names(domain, env) or frozenset()
                return {
                    i for m in members for i in self.boundaries(body, {**env, variable: m}, role)
                }
            case _:
                return set()

    def _shifted(self, instants: tuple[int, ...], window: Window | None, future: bool) -> set[int]:
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


@dataclass(frozen=True, slots=True)
class StateSpell:
    """A stretch [start, end) for which an act keeps a state open."""

    start: int
    end: int
    fact: Fact
