"""What the conditions of norms that are worked out together rest on, as bits of a number.

A part of a condition that asks for no state which is just being worked out is a course, known
beforehand: at each instant it is a bit.  What looks back over time at such a state is a window: a
bit that is turned as the states become known.  The rest is a test of bits and states.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from servanda.engine.answers import EnvKey, env_key
from servanda.engine.columns.acts import state_course
from servanda.engine.columns.course import NONE, Course
from servanda.engine.columns.evaluator import ColumnEvaluator
from servanda.engine.history import in_state
from servanda.engine.instances import Instance
from servanda.engine.reason import Env
from servanda.engine.slot import Slot
from servanda.engine.temporal import WITHOUT_LIMIT
from servanda.engine.walk import walk
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints
from servanda.model import condition as c

Test = Callable[[], bool]
ALWAYS: Test = lambda: True  # noqa: E731
NEVER: Test = lambda: False  # noqa: E731
COURSES = 60  # courses, or windows, each a bit of a whole number


class Unfit(Exception):
    """What norms ask for, or what came of them, is to be worked out step by step."""


@dataclass(frozen=True)
class LookBack:
    """Whether something held at an instant that lies between `low` and `high` back."""

    inner: Test
    low: int
    high: int | None


@dataclass
class Inputs:
    """`bits` are those of courses and acts at an instant, `held` those of the windows.

    `slots` are those whose states are being worked out, by their histories.
    """

    evaluator: ColumnEvaluator
    slots: Mapping[int, Slot]
    sealed: bool = False  # once the bits were written down, nothing further can be asked for
    bits: int = 0
    held: int = 0
    windows: list[LookBack] = field(default_factory=list)
    _known: list[Course | Ints] = field(default_factory=list)
    _tests: dict[tuple[int, EnvKey, Role], Test] = field(default_factory=dict)
    _active: dict[int, Test] = field(default_factory=dict)

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(slot.norm.id for slot in self.slots.values())

    def bit(self, course: Course) -> Test:
        """The test of a course, which is known beforehand."""
        return self._bit(course) if len(course.flips) else lambda: course.before

    def at(self, instants: Ints) -> Test:
        """The test of something that is so at some instants only, given in their order."""
        return self._bit(instants) if len(instants) else lambda: False

    def _bit(self, known: Course | Ints) -> Test:
        if self.sealed or len(self._known) == COURSES:
            raise Unfit
        mask = 1 << len(self._known)
        self._known.append(known)
        return lambda: bool(self.bits & mask)

    def test(self, cond: c.Condition, env: Env, role: Role) -> Test:
        key = (id(cond), env_key(env), role)
        if key not in self._tests:
            self._tests[key] = self._made(cond, env, role)
        return self._tests[key]

    def active(self, instance: Instance) -> Test:
        """The test of whether an instance is in its active period."""
        if id(instance) not in self._active:
            keys = tuple(c.Name(key) for key in instance.key)
            state = c.StateOf(instance.norm.id, keys, "active")
            own = instance.norm.id in self._own
            self._active[id(instance)] = (
                self._state(state, {}) if own else self.bit(state_course(self.evaluator, state, {}))
            )
        return self._active[id(instance)]

    # --- numbers --------------------------------------------------------------------------------

    @property
    def instants(self) -> Ints:
        """When a bit may change."""
        flips = (one.flips if isinstance(one, Course) else one for one in self._known)
        return np.unique(np.concatenate([NONE, *flips]))

    def codes(self, instants: Ints) -> Ints:
        """The bits at each of some instants."""
        found = np.zeros(len(instants), np.int64)
        for place, one in enumerate(self._known):
            truth = one.at_each(instants) if isinstance(one, Course) else np.isin(instants, one)
            found |= truth.astype(np.int64) << place
        return found

    @property
    def lasting(self) -> int:
        """The bits that stay what they are until they change; of the others each is an instant."""
        return sum(1 << place for place, one in enumerate(self._known) if isinstance(one, Course))

    # --- conditions -----------------------------------------------------------------------------

    def _made(self, cond: c.Condition, env: Env, role: Role) -> Test:
        ev = self.evaluator
        if not ev.asks_states(cond):
            return self.bit(ev.course_of(cond, env, role))
        match cond:
            case c.Not(body):
                inner = self.test(body, env, role)
                return lambda: not inner()
            case c.And(parts):
                each = [self.test(part, env, role) for part in parts]
                return lambda: all(one() for one in each)
            case c.Or(parts):
                each = [self.test(part, env, role) for part in parts]
                return lambda: any(one() for one in each)
            case c.Every(variable, domain, body):
                members = ev.names(domain, env)
                if members is None:
                    return lambda: False
                each = [self.test(body, {**env, variable: one}, role) for one in members]
                return lambda: all(one() for one in each)
            case c.TermHolds(term):
                return self.test(ev.term_condition(term), env, role)
            case c.Call(name) if name in ev.facts.world.agreement.definitions:
                defined = ev.facts.world.agreement.definitions[name]
                return self.test(
                    defined.condition, ev.arguments(defined.parameters, cond, env), role
                )
            case c.StateOf(norm):
                own = norm in self._own
                return self._state(cond, env) if own else self.bit(state_course(ev, cond, env))
            case _ if not self._asks_own(cond):
                return self.bit(ev.stepwise(cond, env, role))
            case c.Temporal("once", window, body):
                low, high = WITHOUT_LIMIT if window is None else window.ticks
                return self._once(self.test(body, env, role), low, high)
            case c.Temporal("historically", window, body):
                low, high = WITHOUT_LIMIT if window is None else window.ticks
                return self._historically(self.test(body, env, role), low, high)
            case c.Lasting(duration, body):
                return self._historically(self.test(body, env, role), 0, duration.ticks)
            case _:
                raise Unfit

    def _asks_own(self, cond: c.Condition) -> bool:
        nodes = walk(cond, self.evaluator.facts.world.agreement, self.evaluator.assignment)
        return any(isinstance(n, c.StateOf | c.KeptFor) and n.norm in self._own for n in nodes)

    def _state(self, cond: c.StateOf, env: Env) -> Test:
        keys = tuple(self.evaluator.key_of(key, env) for key in cond.keys)
        asked = self.evaluator.states.matching(cond.norm, keys)
        slots = [self.slots[id(h)] for h in asked if not h.instance.vacant]
        return lambda: in_state(cond.state, [slot.flags for slot in slots])

    def _historically(self, inner: Test, low: int, high: int | None) -> Test:
        failed = self._once(lambda: not inner(), low, high)
        return lambda: not failed()

    def _once(self, inner: Test, low: int, high: int | None) -> Test:
        if high is not None and high < low:
            return NEVER
        if high == 0:
            return inner
        if self.sealed or len(self.windows) == COURSES:
            raise Unfit
        mask = 1 << len(self.windows)
        self.windows.append(LookBack(inner, low, high))
        if low > 0:
            return lambda: bool(self.held & mask)
        return lambda: bool(self.held & mask) or inner()
