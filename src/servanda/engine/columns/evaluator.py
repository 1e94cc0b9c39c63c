"""The evaluator of the columnar engine: conditions as courses, worked out once over all time.

It inherits the meaning of the reference and what it says about reasons; only the questions that are
asked at very many instants, whether and when something holds, are answered from columns.
"""

from dataclasses import dataclass, field

import numpy as np

from servanda.engine.acts import StateSpell
from servanda.engine.answers import NOTHING, Answer, env_key
from servanda.engine.axis import BEGINNING, LATEST
from servanda.engine.bindings import bindings_of
from servanda.engine.columns import course as k
from servanda.engine.columns.acts import Acting, acting
from servanda.engine.columns.course import Course
from servanda.engine.columns.facts import ColumnFacts
from servanda.engine.columns.quantities import aggregated, measured
from servanda.engine.columns.states import opened, spells
from servanda.engine.consent import consent_instant
from servanda.engine.reason import Env
from servanda.engine.reference import Evaluator
from servanda.engine.temporal import WITHOUT_LIMIT
from servanda.evidence.standard import Role
from servanda.model import condition as c


@dataclass
class ColumnEvaluator(Evaluator):
    """Evaluates on column facts; answers are those of `Evaluator`."""

    _acting: dict[tuple[int, object, Role], Acting] = field(default_factory=dict)

    @property
    def column_facts(self) -> ColumnFacts:
        assert isinstance(self.facts, ColumnFacts)
        return self.facts

    # --- truth ----------------------------------------------------------------------------------

    def holds(self, cond: c.Condition, env: Env, at: int, role: Role) -> bool:
        if self.asks_states(cond):
            return super().holds(cond, env, at, role)
        return self.course_of(cond, env, role).at(at)

    def begins(self, cond: c.Condition, env: Env, up_to: int, role: Role) -> int | None:
        if self.asks_states(cond):
            return super().begins(cond, env, up_to, role)
        begun = self.course_of(cond, env, role).first()
        return begun if begun is not None and begun <= up_to else None

    def next_holding(self, cond: c.Condition, env: Env, at: int, role: Role) -> int | None:
        if self.asks_states(cond):
            return super().next_holding(cond, env, at, role)
        return self.course_of(cond, env, role).next(at)

    def may_straddle(self, cond: c.Condition, env: Env, at: int, role: Role) -> bool:
        if not isinstance(cond, c.Pattern):
            return True
        return self.column_facts.straddled(self.ground(cond, env), role, at)

    def course(self, cond: c.Condition, env: Env, role: Role) -> Answer:
        found = self.course_of(cond, env, role)
        return self.facts.world.interned(("course", found.before, found.flips.tobytes()))

    def course_of(self, cond: c.Condition, env: Env, role: Role) -> Course:
        """When a condition holds that asks for no norm's state; shared by equal answers."""
        answer = self.answers.of(cond, env, role, NOTHING)
        if isinstance(answer, bool):
            return k.ALWAYS if answer else k.NEVER
        known = self.facts.world.steps
        key = (id(cond), ("course", answer))
        if key not in known:
            known[key] = self._course(cond, env, role)
        found: Course = known[key]
        return found

    # One branch for each form of a condition.
    def _course(self, cond: c.Condition, env: Env, role: Role) -> Course:  # noqa: C901
        facts = self.column_facts
        match cond:
            case c.Pattern():
                return k.of_spans(*facts.spans(self.ground(cond, env), role))
            case c.TermHolds(term):
                return self.course_of(self.term_condition(term), env, role)
            case c.Call(name) if name in facts.world.agreement.definitions:
                defined = facts.world.agreement.definitions[name]
                inner = self.arguments(defined.parameters, cond, env)
                return self.course_of(defined.condition, inner, role)
            case c.Call():
                return opened(self, cond, env)
            case c.InForce():
                when = facts.world.agreement.header.in_force_when
                if when is None:
                    return k.NEVER
                return k.since_instant(self.begins(when, {}, LATEST, Role.FULFILLING))
            case c.Consent():
                parties = self.names(cond.of, env) or frozenset()
                given = consent_instant(facts, parties, cond)
                return k.since_instant(None if given is None else given[0])
            case c.FromInstant():
                return k.since_instant(self.instant(cond))
            case c.Measured():
                return measured(self, cond, env)
            case c.Aggregate():
                found_course = aggregated(self, cond, env, role)
                return self.stepwise(cond, env, role) if found_course is None else found_course
            case c.Not(body):
                return ~self.course_of(body, env, role)
            case c.And(parts):
                return k.all_of([self.course_of(part, env, role) for part in parts])
            case c.Or(parts):
                return k.any_of([self.course_of(part, env, role) for part in parts])
            case c.Temporal(op, window, body):
                low, high = WITHOUT_LIMIT if window is None else window.ticks
                inner_course = self.course_of(body, env, role)
                if op in ("previous", "next"):
                    if not low <= 1 <= (1 if high is None else high):
                        return k.NEVER
                    shifted = k.once if op == "previous" else k.eventually
                    return shifted(inner_course, 1, 1)
                return _OVER_TIME[op](inner_course, low, high)
            case c.Dyadic(op, window, left, right):
                low, high = WITHOUT_LIMIT if window is None else window.ticks
                over = k.since if op == "since" else k.until
                one, other = self.course_of(left, env, role), self.course_of(right, env, role)
                return over(one, other, low, high)
            case c.Lasting(duration, body):
                return k.historically(self.course_of(body, env, role), 0, duration.ticks)
            case c.After(duration, body):
                begun = self.begins(body, env, LATEST, role)
                return k.since_instant(begun and self.calendar.due_within(duration, begun))
            case c.Some(variables, body):
                bindings = bindings_of(self, variables, body, env, role)
                return k.any_of([self.course_of(body, {**env, **dict(b)}, role) for b in bindings])
            case c.Every(variable, domain, body):
                members = self.names(domain, env)
                if members is None:
                    return k.NEVER
                return k.all_of([self.course_of(body, {**env, variable: m}, role) for m in members])
            case _:
                return self.stepwise(cond, env, role)

    def stepwise(self, cond: c.Condition, env: Env, role: Role) -> Course:
        """The slow way: the reference, from one instant at which it may change to the next."""
        times = self.boundaries(cond, env, role)
        truth = [self.evaluate(cond, env, instant, role).holds for instant in times]
        before = self.evaluate(cond, env, BEGINNING, role).holds
        return k.steps(np.array(times, np.int64), np.array(truth, bool), before)

    def opened(self, cond: c.Call, env: Env) -> tuple[StateSpell, ...]:
        return spells(self, cond, env)

    # --- acts -----------------------------------------------------------------------------------

    def acting(self, cond: c.Condition, env: Env, role: Role) -> Acting:
        """The acts that make a condition hold, in columns; as `acts`, each once."""
        if self.asks_states(cond):
            return acting(self, cond, env, role)
        key = (id(cond), env_key(env), role)
        if key not in self._acting:
            self._acting[key] = acting(self, cond, env, role)
        return self._acting[key]


_OVER_TIME = {
    "once": k.once,
    "historically": k.historically,
    "eventually": k.eventually,
    "always": k.always,
}
