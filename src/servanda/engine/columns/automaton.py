"""The lifecycle of norms as an automaton, for those whose states change at very many instants.

A step rests on what the instances carry and on bits that are known beforehand (`inputs`); however
many there are, few are different.  Each is made once by the rules of the reference, in the terms of
`abstract_step`; the loop over the instants looks it up and keeps the account of what has dates:
deadlines, entries, windows.  Norms that ask for more are worked out step by step.
"""

from functools import cached_property
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.columns.abstract_step import RELATIONS, AbstractStep, Deed
from servanda.engine.columns.account import (
    Account,
    look_up_few,
    put_entries,
    put_states,
    refuse_straddled,
    straddles,
)
from servanda.engine.columns.acts import Acts
from servanda.engine.columns.course import since_instant
from servanda.engine.columns.inputs import ALWAYS, NEVER, Inputs, Test, Unfit
from servanda.engine.deadlines import deadline_of, due_of, fixed, runs_from_activation
from servanda.engine.history import History
from servanda.engine.performance import show_records
from servanda.engine.quantities import counts_events
from servanda.engine.slot import Slot
from servanda.evidence.table import Ints
from servanda.model.norm import CountedFrom, Norm, NormKind, Within

if TYPE_CHECKING:
    from servanda.engine.columns.simulation import ColumnSimulation

INSTANCES = 16  # of more, few steps are alike
Turned = tuple[tuple[int, bool], ...]
_NEVER = (NEVER, NEVER, NEVER, NEVER)  # a deadline that never runs
_TO_COME, _NEXT, _NOW, _PAST = range(len(RELATIONS))  # how a deadline lies


def may_be_automaton(sim: "ColumnSimulation") -> bool:
    """Whether all that its instances ask for is told by courses, states and deadlines."""
    if len(sim.slots) > INSTANCES or sim.findings or sim.settings.findings_needed:
        return False
    return all(_simple(sim, slot) for slot in sim.slots)


def enter_at_once(sim: "ColumnSimulation") -> bool:
    """Make the histories of all instances; False where that has to be done step by step."""
    try:
        automaton = Automaton(sim)
        automaton.run()
        automaton.check()
    except Unfit:
        return False
    automaton.put()
    return True


def _simple(sim: "ColumnSimulation", slot: Slot) -> bool:
    norm, deadline = slot.norm, deadline_of(sim, slot)
    if norm.kind is NormKind.GUARANTEE or norm.cure is not None or norm.every is not None:
        return False
    if norm.condition is not None and counts_events(sim.evaluator, norm.condition):
        return False
    if norm.duty == "achieve" and norm.condition is not None and _in_circle(sim, norm):
        return False
    if not isinstance(deadline, Within):
        return True
    known = runs_from_activation(sim, slot) or not sim.evaluator.asks_states(deadline.of)
    return known and deadline.counted_from is CountedFrom.EVENT


def _in_circle(sim: "ColumnSimulation", norm: Norm) -> bool:
    """Whether norms are fulfilled by each other at one instant, and what shows it in between."""
    assert norm.condition is not None
    groups = (group for group in sim.order if len(group) > 1)
    return sim.evaluator.asks_states(norm.condition) and any(
        (norm.id, "fulfilled") in group for group in groups
    )


class Automaton:
    """Instances that are worked out together, from the first instant to the last."""

    def __init__(self, sim: "ColumnSimulation") -> None:
        self.sim = sim
        mirror = [Slot(History(slot.instance)) for slot in sim.slots]
        pairs = zip(sim.slots, mirror, strict=True)
        self.inputs = Inputs(sim.columns, {id(slot.history): other for slot, other in pairs})
        self.acts = [_acts(sim, slot) for slot in sim.slots]
        self.deadlines = [deadline_of(sim, slot) for slot in sim.slots]
        self.moving = [runs_from_activation(sim, slot) for slot in sim.slots]
        self.fixed = [
            None if moving else fixed(sim, slot)
            for slot, moving in zip(sim.slots, self.moving, strict=True)
        ]
        self.limits = [
            [LATEST, *(s.at_most.ticks for s in slot.norm.clock_stops if s.at_most is not None)]
            for slot in sim.slots
        ]
        self.step = AbstractStep(
            mirror,
            sim.order,
            sim.evaluator,
            (),
            sim.settings,
            sim.incoming,
            sim.sources,
            sim.before,
            sim.up_to,
            inputs=self.inputs,
            acting=[None if a is None else self.inputs.at(np.unique(a.at)) for a in self.acts],
            falling=[self._falling(place) for place in range(len(mirror))],
        )
        self.inputs.sealed = True
        self.inputs.bits = int(self.inputs.codes(np.array([EARLIEST]))[0])
        self.states = [self.step.begin()]
        self._straddles = [straddles(sim, slot) for slot in sim.slots]
        self.accounts = [Account() for _ in mirror]
        self.times: list[int] = []
        self.course: list[int] = []  # the number of the state from each of the times on
        self.dues: list[tuple[int, ...]] = []
        self._numbers = {self.states[0]: 0}
        self._queue: list[tuple[int, int, int]] = []
        self._fell: list[int] = []
        self._open = [int(truth) for truth in self.states[0].looked]  # stretches of each window
        self._lies = 0  # two bits of each deadline (`RELATIONS`), then one of each window
        for window, count in enumerate(self._open):
            self._lies |= count << 2 * len(mirror) + window

    def _falling(self, place: int) -> tuple[Test, Test, Test, Test] | None:
        if self.moving[place]:
            return None
        if (found := self.fixed[place]) is None:
            return _NEVER
        (since, due), bit, at = found, self.inputs.bit, self.inputs.at
        return (
            ALWAYS if since == EARLIEST else bit(since_instant(since)),
            at(np.array([due - 1])),
            at(np.array([due])),
            bit(since_instant(due + 1)),
        )

    @cached_property
    def instants(self) -> Ints:
        """The instants that are known beforehand."""
        known = self.inputs.instants
        return np.concatenate(([EARLIEST], known[(known > EARLIEST) & (known <= self.sim.up_to)]))

    # --- the loop -------------------------------------------------------------------------------

    def run(self) -> None:
        codes = self.inputs.codes(self.instants)
        quiet = [0, *(codes & self.inputs.lasting).tolist()]  # from the instant before on
        coming = zip([*self.instants.tolist(), LATEST], [*codes.tolist(), 0], quiet, strict=True)
        steps: dict[tuple[int, int, int], tuple[int, tuple[Deed, ...], Turned]] = {}
        times, course, queue, state = self.times, self.course, self._queue, 0
        timed = any(self.moving) or any(self.fixed)
        for known, code, before in coming:
            while True:
                own = not queue or queue[0][0] >= known
                now = known if own else queue[0][0]
                if now == LATEST:
                    break
                if queue and queue[0][0] == now:
                    self._turn(now)
                key = state, code if own else before, self._lies
                step = steps.get(key)
                if step is None:
                    step = steps[key] = self._made(*key)
                following, deeds, turned = step
                for deed in deeds:
                    self._do(deed, now)
                for window, begins in turned:
                    self._look(window, begins, now)
                if self._fell:
                    self._pass(now)
                if following != state or deeds:
                    state = following
                    if now == EARLIEST and self.inputs.windows and self._begun(state):
                        raise Unfit  # windows look back into an endless past
                    times.append(now)
                    course.append(state)
                    if timed:
                        self.dues.append(tuple([account.due for account in self.accounts]))
                if own:
                    break

    def _made(self, state: int, code: int, lies: int) -> tuple[int, tuple[Deed, ...], Turned]:
        count = len(self.accounts)
        self.inputs.bits, self.inputs.held = code, lies >> 2 * count
        due = [RELATIONS[lies >> 2 * place & 3] for place in range(count)]
        made = self.step.made(self.states[state], due)
        number = self._numbers.setdefault(made.following, len(self.states))
        if number == len(self.states):
            self.states.append(made.following)
        return number, made.deeds, made.turned

    def _begun(self, state: int) -> bool:
        return any(kept.flags.begun for kept in self.states[state].kept)

    def _do(self, deed: Deed, now: int) -> None:
        """Enter into the account of an instance what a step does to it."""
        account = self.accounts[deed.slot]
        if deed.activated:
            account.due, account.paused, account.undone = LATEST, LATEST, EARLIEST
            if account.begun is None:
                account.begun = now
        if deed.due == "set":
            self._fall(deed.slot, self._due(deed.slot, now), now)
        elif deed.due == "moved":
            paused, account.paused = now - account.paused, LATEST
            due = account.due + min(paused, *self.limits[deed.slot])
            if due < now:
                raise Unfit
            self._fall(deed.slot, due, now)
        if deed.paused:
            account.paused = now
        if deed.reopened:
            account.undone = now
        for kind, when in deed.entered:
            at = now if when == "now" else account.due if when == "due" else account.undone
            account.entered.append((at, kind))
        if deed.cleared:
            account.cleared = len(account.entered)
        if deed.performed:
            account.performed = now
        if deed.straddling:
            account.straddled.append(account.due)
        if deed.acts:
            account.acted.append(now)

    # --- deadlines and windows ------------------------------------------------------------------

    def _due(self, place: int, now: int) -> int:
        if (found := self.fixed[place]) is not None:
            return found[1]
        deadline = self.deadlines[place]
        assert isinstance(deadline, Within)
        return due_of(self.sim, self.sim.slots[place], deadline.duration, now)

    def _fall(self, place: int, due: int, now: int) -> None:
        """Note when something falls due, and wait for it."""
        self.accounts[place].due = due
        self._lie(place, _PAST if due < now else _TO_COME)
        if due <= now + 1 and (due >= now or self.fixed[place] is None):
            raise Unfit
        for instant in (due - 1, due)[not self._straddles[place] :]:
            if now < instant <= self.sim.up_to:
                heappush(self._queue, (instant, place, due))

    def _lie(self, place: int, how: int) -> None:
        self._lies = self._lies & ~(3 << 2 * place) | how << 2 * place

    def _pass(self, now: int) -> None:
        """Once it has been looked at, what fell due just now has fallen due."""
        for place in self._fell:
            if self.accounts[place].due == now:
                self._lie(place, _PAST)
        self._fell.clear()

    def _turn(self, now: int) -> None:
        """Take from the queue what comes now: deadlines, and windows, which come after them."""
        count = len(self.accounts)
        while self._queue and self._queue[0][0] == now:
            _, place, what = heappop(self._queue)
            if place >= count:
                self._count(place - count, what)
            elif self.accounts[place].due == what and self.accounts[place].paused == LATEST:
                self._lie(place, _NOW if now == what else _NEXT)
                if now == what:
                    self._fell.append(place)

    def _look(self, window: int, begins: bool, now: int) -> None:
        """What a window looks back at begins or ceases to hold: so does it, later."""
        asked = self.inputs.windows[window]
        shift = asked.low if begins else asked.high
        if shift is None:
            return
        if shift == 0:
            self._count(window, 1 if begins else -1)
        elif now + shift <= self.sim.up_to:
            heappush(self._queue, (now + shift, len(self.accounts) + window, 1 if begins else -1))

    def _count(self, window: int, by: int) -> None:
        self._open[window] += by
        bit = 1 << 2 * len(self.accounts) + window
        self._lies = self._lies | bit if self._open[window] else self._lies & ~bit

    # --- what came of it ------------------------------------------------------------------------

    def check(self) -> None:
        """Refuse what an act changes whose period holds a deadline."""
        for slot, account in zip(self.sim.slots, self.accounts, strict=True):
            refuse_straddled(self.sim, slot, account)

    def put(self) -> None:
        """Write what came of it into the histories."""
        self.sim.now = LATEST  # all is known
        times, course = np.array(self.times, np.int64), np.array(self.course, np.int64)
        dues = np.array(self.dues, np.int64) if self.dues else None
        for place, (slot, account) in enumerate(zip(self.sim.slots, self.accounts, strict=True)):
            flags = [state.kept[place].flags for state in self.states]
            due = None if dues is None else dues[:, place]
            put_states(slot.history, times, flags, course, due)
            put_entries(self.sim, slot, account, self.acts[place])
            slot.history.activated = account.begun
        for slot, account in zip(self.sim.slots, self.accounts, strict=True):
            if account.performed is not None:
                slot.performed = slot.instance.env, account.performed
                show_records(self.sim, slot)
            look_up_few(slot)


def _acts(sim: "ColumnSimulation", slot: Slot) -> Acts | None:
    """The acts against a prohibition."""
    if slot.norm.duty != "not":
        return None
    acts = sim.acts_against(slot)
    if acts is None:
        raise Unfit
    return acts
