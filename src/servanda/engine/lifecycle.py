"""The lifecycle of norms: how their states change from instant to instant (vocabulary, rule 4).

All norms of one component are worked out together over the instants at which something may change.
At each instant acts are judged first, by the states just before it; then states change, in the
order that `strata` gives.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from servanda.engine.axis import EARLIEST
from servanda.engine.deadlines import due
from servanda.engine.delays import Delays, delays, push_delayed
from servanda.engine.history import Flags, History
from servanda.engine.instances import Instance
from servanda.engine.invocation import invoke, lapse
from servanda.engine.offences import index_acts, index_allowed, judge_acts
from servanda.engine.performance import breach, fulfil, show_records, straddling
from servanda.engine.reason import Env, Reason
from servanda.engine.reference import Evaluator
from servanda.engine.slot import Settings, Slot
from servanda.engine.strata import Node, can_be, conditions, start_of
from servanda.engine.walk import walk
from servanda.evidence.finding import Finding
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.consequence import Effect
from servanda.model.norm import Norm, NormKind, Within


@dataclass
class Simulation:
    """Histories of the instances of one component of norms."""

    slots: Sequence[Slot]
    order: Sequence[Sequence[Node]]
    evaluator: Evaluator
    findings: Sequence[Finding]
    settings: Settings
    incoming: Mapping[str, Sequence[tuple[str, Effect]]]
    sources: Mapping[str, Sequence[Instance]]
    before: Mapping[str, Sequence[Norm]]  # norms that go before each
    up_to: int
    now: int = EARLIEST
    _queue: list[int] = field(default_factory=list)
    _queued: set[int] = field(default_factory=set)
    _by_norm: dict[str, list[Slot]] = field(default_factory=dict)
    _work: list[tuple[bool, list[tuple[Callable[[Slot], None], Slot]]]] = field(
        default_factory=list
    )

    def run(self) -> None:
        self._arrange()
        self.push(EARLIEST)
        for slot in self.slots:
            self._prepare(slot)
        while self._queue:
            self.now = heapq.heappop(self._queue)
            self._queued.discard(self.now)
            self._step()
        for slot in self.slots:
            show_records(self, slot)

    def _arrange(self) -> None:
        """Put the states that a step works out into their order."""
        for slot in self.slots:
            self._by_norm.setdefault(slot.norm.id, []).append(slot)
        settle: dict[str, Callable[[Slot], None]] = {
            "begun": self._begin,
            "suspended": self._suspend,
            "expired": self._expire,
            "terminated": self._terminate,
            "fulfilled": partial(fulfil, self),
            "released": self._release,
            "lapsed": partial(lapse, self),
            "invoked": partial(invoke, self),
            "breached": partial(breach, self),
        }
        for group in self.order:
            found = [
                (norm, flag, slot)
                for norm, flag in group
                for slot in self._by_norm.get(norm, ())
                if self._applies(slot, flag)
            ]
            together = len({(norm, flag) for norm, flag, _ in found}) > 1
            if found:
                self._work.append((together, [(settle[flag], slot) for _, flag, slot in found]))

    def push(self, instant: int | None) -> None:
        if (instant is not None and self.now <= instant <= self.up_to) or instant == EARLIEST:
            if instant not in self._queued:
                self._queued.add(instant)
                heapq.heappush(self._queue, instant)

    def _prepare(self, slot: Slot) -> None:
        """Queue all instants that are known beforehand, and index the offending acts."""
        env = slot.instance.env
        for _, cond in conditions(slot.norm):
            for instant in self.evaluator.boundaries(cond, env, self._role(slot.norm, cond)):
                self.push(instant)
        for source, effect in self.incoming.get(slot.norm.id, ()):
            for instant in self.evaluator.states.changes(source):
                self.push(instant)
            if effect.condition is not None:
                for instance in self.sources.get(source, ()):
                    for instant in self.evaluator.boundaries(
                        effect.condition, instance.env, Role.OFFENDING
                    ):
                        self.push(instant)
        self._push_findings(slot)
        if slot.norm.duty == "not":
            index_acts(self, slot)
            index_allowed(self, slot)

    def _push_findings(self, slot: Slot) -> None:
        guarded = slot.norm.kind is NormKind.GUARANTEE
        # A guarantee may end by what is found on another norm.
        for finding in self.findings if guarded else self.findings_on(slot):
            self.push(finding.at)

    def _role(self, norm: Norm, cond: c.Condition) -> Role:
        forbids = norm.duty in ("not", "maintain") and cond is norm.condition
        offending = forbids or norm.kind is NormKind.GUARANTEE
        if cond is start_of(norm).condition:
            offending = False
        return Role.OFFENDING if offending else Role.FULFILLING

    def findings_on(self, slot: Slot) -> list[Finding]:
        """Standing findings on this instance."""
        return [
            f
            for f in self.findings
            if f.stands
            and f.on(slot.norm.id, slot.instance.id)
            and (
                f.against is None
                or not slot.instance.bearers
                or f.norm == slot.instance.id
                or any(
                    self.evaluator.facts.evidence.speakers.belongs(f.against, b)
                    for b in slot.instance.bearers
                )
                or slot.norm.kind is NormKind.GUARANTEE
            )
        ]

    def _step(self) -> None:
        self._settle_all()
        changed = [slot for slot in self.slots if slot.history.put(self.now, slot.flags)]
        for slot in changed:
            push_delayed(self, slot)
        if changed and self._seen_after:
            self.push(self.now + 1)

    def _settle_all(self) -> None:
        """Judge the acts by the states just before, then work out all states."""
        for slot in self.slots:
            slot.before = slot.flags
        for slot in self._judged:
            self._judge(slot)
        for together, work in self._work:
            self._settle(together, work)

    def _judge(self, slot: Slot) -> None:
        judge_acts(self, slot)

    def _applies(self, slot: Slot, flag: str) -> bool:
        """Whether a norm has anything that could change a state; the rest is left out."""
        if slot.instance.vacant and flag != "begun":
            return False
        verbs = {effect.verb for _, effect in self.incoming.get(slot.norm.id, ())}
        return can_be(slot.norm, flag, verbs)

    def _settle(self, together: bool, work: Sequence[tuple[Callable[[Slot], None], Slot]]) -> None:
        """Work out a group of states; one that needs itself is repeated until nothing changes."""
        while True:
            earlier = [slot.flags for _, slot in work] if together else []
            for settle, slot in work:
                settle(slot)
            if not together or earlier == [slot.flags for _, slot in work]:
                return

    def holds(self, cond: c.Condition, slot: Slot, role: Role = Role.FULFILLING) -> bool:
        return self.evaluator.holds(cond, slot.instance.env, self.now, role)

    def holds_of(self, cond: c.Condition, instance: Instance) -> bool:
        """Whether the condition of a consequence holds of the instance that brings it."""
        return self.evaluator.holds(cond, instance.env, self.now, Role.OFFENDING)

    def reason(self, cond: c.Condition, slot: Slot, role: Role) -> Reason:
        return self.evaluator.evaluate(cond, slot.instance.env, self.now, role)

    def due(self, slot: Slot) -> int | None:
        """The first instant too late, where it is known by now; pauses have moved it already."""
        return due(self, slot)

    def straddling(self, slot: Slot, env: Env, due: int) -> int | None:
        """When an act was done whose period holds the deadline; None where none was."""
        return straddling(self, slot, env, due)

    def show(self, slot: Slot, env: Env, at: int) -> None:
        """Note what shows that it was done; the records of the last time are looked up in the end.

        States of norms are as they are now, and are asked for now.
        """
        assert slot.norm.condition is not None
        slot.performed = env, at
        if self.evaluator.asks_states(slot.norm.condition):
            show_records(self, slot)

    def any_holds(self, conds: Iterable[c.Condition], slot: Slot) -> bool:
        return any(self.holds(cond, slot) for cond in conds)

    def _begin(self, slot: Slot) -> None:
        start = start_of(slot.norm)
        if slot.flags.begun and not start.each:
            return
        holds = self.holds(start.condition, slot)
        if holds and not slot.start_held:
            self._activate(slot)
        slot.start_held = holds

    def _activate(self, slot: Slot) -> None:
        """Begin, or begin anew: breaches stay, what came of the earlier round does not."""
        slot.flags = Flags(begun=True)
        slot.activated = self.now
        slot.reopened = EARLIEST
        slot.round += 1
        if slot.history.activated is None:
            slot.history.activated = self.now
        slot.paused_at = None

    def _suspend(self, slot: Slot) -> None:
        if not slot.flags.begun:
            return
        suspended = self.any_holds(slot.norm.suspended_while, slot) or any(
            True for _ in self.effects_on(slot, "suspends")
        )
        if suspended != slot.flags.suspended:
            slot.set(suspended=suspended)

    def effects_on(self, slot: Slot, verb: str) -> Iterable[Effect]:
        """What other norms do to this instance now."""
        for source, effect in self.incoming.get(slot.norm.id, ()):
            if effect.verb != verb:
                continue
            for instance in self.sources.get(source, ()):
                if instance.vacant or not self._source_active(instance):
                    continue
                keys = [self.evaluator.names(k, instance.env) for k in effect.target.keys]
                if any(
                    names is not None and key not in names
                    for names, key in zip(keys, slot.instance.key, strict=False)
                ):
                    continue
                if effect.condition is None or self.holds_of(effect.condition, instance):
                    yield effect

    def _source_active(self, instance: Instance) -> bool:
        state = c.StateOf(instance.norm.id, (), "active")
        return self.evaluator.states.holds(state, instance.key, self.now)

    def _expire(self, slot: Slot) -> None:
        until = slot.norm.until
        if until is not None and slot.flags.begun and not slot.flags.expired:
            if self.holds(until, slot):
                slot.set(expired=True)

    def _terminate(self, slot: Slot) -> None:
        if slot.flags.begun and self.any_holds(slot.norm.terminated_when, slot):
            slot.set(terminated=True)

    def _release(self, slot: Slot) -> None:
        if not slot.flags.begun or slot.flags.terminated:
            return
        if not slot.flags.fulfilled and self.any_holds(slot.norm.released_when, slot):
            slot.set(terminated=True)
        for effect in self.effects_on(slot, "terminates"):
            if not effect.only_fulfilled or slot.flags.fulfilled:
                slot.set(terminated=True)

    @cached_property
    def _judged(self) -> Sequence[Slot]:
        """Those of which acts are judged."""
        return [slot for slot in self.slots if slot.norm.duty == "not"]

    @cached_property
    def norms(self) -> frozenset[str]:
        """The norms whose states are worked out here."""
        return frozenset(slot.norm.id for slot in self.slots)

    def flags_of(self, history: History) -> Flags | None:
        """The states of an instance as they are now; None where it is worked out elsewhere."""
        slot = self._by_history.get(id(history))
        return None if slot is None else slot.flags

    @cached_property
    def _by_history(self) -> Mapping[int, Slot]:
        return {id(slot.history): slot for slot in self.slots}

    @cached_property
    def _seen_after(self) -> bool:
        """Whether a change of a state is only seen just after it.

        So by a deadline that runs from a state of the same component, and by a guarantee, which
        cannot lapse at the instant at which it begins.
        """
        own = self.norms
        agreement = self.evaluator.facts.world.agreement
        return any(
            slot.norm.kind is NormKind.GUARANTEE
            or (
                isinstance(slot.norm.deadline, Within)
                and any(
                    isinstance(node, c.StateOf | c.KeptFor) and node.norm in own
                    for node in walk(slot.norm.deadline.of, agreement)
                )
            )
            for slot in self.slots
        )

    @cached_property
    def delays(self) -> Delays:
        """What a change of a state brings later."""
        return delays(self)
