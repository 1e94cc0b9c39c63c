"""The lifecycle of norms, from one change that matters to the next.

The reference stops at every instant at which something may change.  Here each condition is a course
known beforehand, and a norm waits only for the next flip of a condition that can still change its
states; acts that change no state any more are entered together.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from servanda.engine.acts import is_act
from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.columns import few
from servanda.engine.columns.acts import Acts, state_course
from servanda.engine.columns.automaton import enter_at_once, may_be_automaton
from servanda.engine.columns.course import NONE, Course
from servanda.engine.columns.entries import Entries
from servanda.engine.columns.evaluator import ColumnEvaluator
from servanda.engine.history import Flags
from servanda.engine.lifecycle import Simulation
from servanda.engine.offences import index_acts, index_allowed, judge_acts, rests_on_own
from servanda.engine.reason import Env
from servanda.engine.slot import Slot
from servanda.engine.strata import conditions, start_of
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints, Mask
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind
from servanda.model.quantity import Duration

Matters = Callable[[Slot], bool]


@dataclass(slots=True)
class Awaited:
    """Flips of a condition, and the states of an instance under which they matter to it."""

    matters: Matters
    flips: Ints
    _following: int = EARLIEST

    def after(self, now: int) -> int:
        """The next flip; LATEST where none comes.  `now` is never earlier than it was before."""
        if self._following <= now:
            place = int(self.flips.searchsorted(now, "right"))
            self._following = int(self.flips[place]) if place < len(self.flips) else LATEST
        return self._following


@dataclass
class Watch:
    """What one instance waits for: courses and acts."""

    courses: list[Awaited] = field(default_factory=list)
    acts: Acts | None = None
    judged: int = 0  # acts before this place have been judged


class _ManySteps(Exception):
    """More than are worth their while one by one."""


@dataclass
class ColumnSimulation(Simulation):
    """As `Simulation`, on a column evaluator."""

    _left: int | None = None  # steps until it is tried in another way
    _watches: dict[int, Watch] = field(default_factory=dict)
    _courses: dict[tuple[int, int, Role], Course | None] = field(default_factory=dict)

    @property
    def columns(self) -> ColumnEvaluator:
        assert isinstance(self.evaluator, ColumnEvaluator)
        return self.evaluator

    def run(self) -> None:
        """Step by step; where very many steps come of it, as an automaton that begins anew."""
        if may_be_automaton(self):
            try:
                self._run(few.RECORDS)
                return
            except _ManySteps:
                self._reset()
            if enter_at_once(self):
                return
        self._run(None)

    def _run(self, steps: int | None) -> None:
        self._left = steps
        super().run()
        for slot in self.slots:
            self._finish(slot)

    def _reset(self) -> None:
        for slot in self.slots:
            slot.history.clear()
        self.slots = [Slot(slot.history) for slot in self.slots]
        self.now = EARLIEST
        for made in (self._queue, self._queued, self._by_norm, self._work, self._watches):
            made.clear()
        self._courses.clear()
        for name in ("_judged", "_by_history"):
            self.__dict__.pop(name, None)

    def holds(self, cond: c.Condition, slot: Slot, role: Role = Role.FULFILLING) -> bool:
        key = (id(cond), id(slot), role)
        if key not in self._courses:
            asks = self.evaluator.asks_states(cond)
            env = slot.instance.env
            self._courses[key] = None if asks else self.columns.course_of(cond, env, role)
        course = self._courses[key]
        return super().holds(cond, slot, role) if course is None else course.at(self.now)

    def _prepare(self, slot: Slot) -> None:
        watch = self._watches[id(slot)] = Watch()
        for flag, cond in conditions(slot.norm):
            matters = _matters(slot.norm, flag, cond, bool(self.findings))
            if matters is not None:
                role = self._role(slot.norm, cond)
                flips = self._flips(cond, slot.instance.env, role)
                if cond is slot.norm.condition and isinstance(slot.norm.every, Duration):
                    # Done once more while it still counts as done, it is due later.
                    acts = self.columns.acting(cond, slot.instance.env, role).at
                    flips = np.unique(np.concatenate([flips, acts]))
                watch.courses.append(Awaited(matters, flips))
        for source, effect in self.incoming.get(slot.norm.id, ()):
            changes = np.array(self.evaluator.states.changes(source), np.int64)
            watch.courses.append(Awaited(_begun, changes))
            for instance in self.sources.get(source, ()) if effect.condition is not None else ():
                assert effect.condition is not None
                flips = self._flips(effect.condition, instance.env, Role.OFFENDING)
                watch.courses.append(Awaited(_begun, flips))
        self._push_findings(slot)
        if slot.norm.kind is NormKind.GUARANTEE:
            self._push_last(slot)
        if slot.norm.duty == "not":
            self._index(slot, watch)

    def _flips(self, cond: c.Condition, env: Env, role: Role) -> Ints:
        """Instants at which a condition may change, given that states change when they do."""
        return np.unique(np.concatenate([NONE, *self._parts(cond, env, role)]))

    def _parts(self, cond: c.Condition, env: Env, role: Role) -> Iterator[Ints]:
        if not self.evaluator.asks_states(cond):
            yield self.columns.course_of(cond, env, role).flips
            return
        match cond:
            case c.Not(body):
                yield from self._parts(body, env, role)
            case c.And(parts) | c.Or(parts):
                for part in parts:
                    yield from self._parts(part, env, role)
            case c.TermHolds(term):
                yield from self._parts(self.evaluator.term_condition(term), env, role)
            case c.Call(name) if name in self.evaluator.facts.world.agreement.definitions:
                defined = self.evaluator.facts.world.agreement.definitions[name]
                inner = self.evaluator.arguments(defined.parameters, cond, env)
                yield from self._parts(defined.condition, inner, role)
            case _:
                yield np.array(self.evaluator.boundaries(cond, env, role), np.int64)

    def _push_last(self, slot: Slot) -> None:
        """What is said of a trigger that goes on rests on all that is known in the end."""
        for trigger in slot.norm.triggers:
            times = self.evaluator.boundaries(trigger, slot.instance.env, Role.OFFENDING)
            if before := bisect_right(times, self.up_to):
                self.push(times[before - 1])

    # --- steps ----------------------------------------------------------------------------------

    def _step(self) -> None:
        if self._left is not None:
            if not self._left:
                raise _ManySteps
            self._left -= 1
        super()._step()
        for slot in self.slots:
            self._wait(slot, self._watches[id(slot)])

    def _judge(self, slot: Slot) -> None:
        watch = self._watches[id(slot)]
        if watch.acts is None:
            judge_acts(self, slot)
            return
        self._enter(slot, watch, self.now)

    def _enter(self, slot: Slot, watch: Watch, up_to: int) -> None:
        """Judge the acts since the last step, by the states since then."""
        assert watch.acts is not None
        begin, watch.judged = watch.judged, int(np.searchsorted(watch.acts.at, up_to, "right"))
        if begin == watch.judged or not slot.before.running or slot.before.suspended:
            return
        entries = slot.history.breaches
        assert isinstance(entries, Entries)
        entries.enter(np.arange(begin, watch.judged))
        slot.set(breached=slot.norm.kind is not NormKind.POLITICAL, cured=False)

    def _wait(self, slot: Slot, watch: Watch) -> None:
        """Queue the next instant at which something may change for an instance."""
        for one in watch.courses:
            if one.matters(slot):
                self.push(one.after(self.now))
        if watch.acts is not None and watch.judged < len(watch.acts):
            flags = slot.flags
            settled = flags.breached or slot.norm.kind is NormKind.POLITICAL
            if flags.running and not flags.suspended and not (settled and not flags.cured):
                self.push(int(watch.acts.at[watch.judged]))

    def _finish(self, slot: Slot) -> None:
        watch = self._watches[id(slot)]
        if watch.acts is not None:
            slot.before = slot.flags
            self._enter(slot, watch, self.up_to)
            if len(slot.history.breaches) < few.RECORDS:
                slot.history.breaches = list(slot.history.breaches)

    # --- acts -----------------------------------------------------------------------------------

    def _index(self, slot: Slot, watch: Watch) -> None:
        """Index the offending acts."""
        acts = self.acts_against(slot)
        if acts is None:
            index_acts(self, slot)
            index_allowed(self, slot)
            return
        watch.acts = acts
        slot.history.breaches = Entries(acts, slot.instance.bearers)

    def acts_against(self, slot: Slot) -> Acts | None:
        """The offending acts, where nothing but themselves can be said of them; else None."""
        cond = slot.norm.condition
        assert cond is not None
        if (
            not is_act(self.evaluator, cond)
            or self.settings.findings_needed
            or slot.norm.cure is not None
            or bool(self.findings_on(slot))
            or rests_on_own(self, slot)
            or not all(self.columns.states.settled(n.id) for n in self.before[slot.norm.id])
        ):
            return None
        acts = self.columns.acting(cond, slot.instance.env, Role.OFFENDING).merged
        forbidden = ~self._allowed(slot, acts)
        return acts if forbidden.all() else acts.take(np.flatnonzero(forbidden))

    def _allowed(self, slot: Slot, acts: Acts) -> Mask:
        """Acts that a norm which goes before this one allowed just then."""
        found = np.zeros(len(acts), bool)
        for norm in self.before[slot.norm.id]:
            assert norm.condition is not None
            for instance in self.evaluator.states.instances(norm.id):
                other = self.columns.acting(norm.condition, instance.env, Role.OFFENDING).merged
                mine = acts.common(other)
                if len(mine):
                    keys = tuple(c.Name(k) for k in instance.key)
                    active = state_course(self.columns, c.StateOf(norm.id, keys, "active"), {})
                    found[mine] |= active.at_each(acts.at[mine] - 1)
        return found


def _begun(slot: Slot) -> bool:
    return slot.flags.begun


# When the condition that decides a state can still change it.
_WHILE: dict[str, Callable[[Flags], bool]] = {
    "expired": lambda f: f.begun and not f.expired,
    "terminated": lambda f: f.begun and not f.terminated,
    "released": lambda f: f.begun and not f.terminated,
    "suspended": lambda f: f.begun,
    "invoked": lambda f: f.begun,
    "lapsed": lambda f: f.begun and not f.lapsed,
    "fulfilled": lambda f: f.begun,
    "breached": lambda f: f.begun,
}


def _matters(norm: Norm, flag: str, cond: c.Condition, findings: bool) -> Matters | None:
    """When a clause of a norm can change its states; None for acts, which are indexed."""
    if flag == "begun":
        each = start_of(norm).each
        return lambda slot: each or not slot.flags.begun
    if not flag:
        return None
    if flag == "lapsed" and not findings:
        return lambda slot: slot.flags.begun and not slot.flags.lapsed and not slot.forfeits
    if flag == "fulfilled" and cond is norm.condition and norm.every is None:
        repeats = bool(norm.reopens_when)
        return lambda slot: (
            slot.flags.begun
            and (repeats or not (slot.flags.fulfilled or slot.flags.cured))
            and not (slot.flags.expired or slot.flags.terminated)
        )
    if cond is norm.condition and norm.kind is NormKind.POLITICAL and flag == "breached":
        return lambda slot: False
    holds = _WHILE[flag]
    return lambda slot: holds(slot.flags)
