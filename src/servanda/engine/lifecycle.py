"""The lifecycle of norms: how their states change from instant to instant (vocabulary, rule 4).

All norms of one component are worked out together over the instants at which something may change.
At each instant acts are judged first, by the states just before it; then states change, in the
order that `strata` gives.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from servanda.engine.acts import is_act
from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.facts import Fact
from servanda.engine.history import Breach, Condition, Flags, History
from servanda.engine.instances import Instance
from servanda.engine.reason import Reason
from servanda.engine.reference import Evaluator
from servanda.engine.strata import MISSABLE, Node, can_be, conditions, start_of
from servanda.engine.walk import walk
from servanda.evidence.finding import Finding
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.consequence import Effect
from servanda.model.norm import By, CountedFrom, Deadline, Norm, NormKind, Within
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified

AUTOMATIC = "automatic"
_NEVER = (None, EARLIEST)
_KEPT_OFF = (NormKind.PROHIBITION, NormKind.IMMUNITY, NormKind.POLITICAL)


@dataclass
class Slot:
    """The working state of one instance while its history is made."""

    history: History
    flags: Flags = field(default_factory=Flags)
    before: Flags = field(default_factory=Flags)
    start_held: bool = False
    round: int = 0
    activated: int | None = None
    paused_at: int | None = None
    failing: bool = False
    acts: dict[int, list[tuple[Fact, str]]] = field(default_factory=dict)
    allowed: dict[tuple[int, tuple[str, ...]], list[Instance]] = field(default_factory=dict)

    @property
    def instance(self) -> Instance:
        return self.history.instance

    @property
    def norm(self) -> Norm:
        return self.history.instance.norm

    def set(self, **changes: object) -> None:
        self.flags = self.flags._replace(**changes)  # type: ignore[arg-type]


@dataclass
class Settings:
    """What a run assumes about norms, beyond readings: deadlines, deciders, how findings count."""

    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    deciders: Mapping[str, str] = field(default_factory=dict)
    findings_needed: bool = False


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

    # --- the course of time ---------------------------------------------------------------------

    def run(self) -> None:
        for slot in self.slots:
            self._by_norm.setdefault(slot.norm.id, []).append(slot)
        settle = {
            "begun": self._begin,
            "suspended": self._suspend,
            "expired": self._expire,
            "terminated": self._terminate,
            "fulfilled": self._fulfil,
            "released": self._release,
            "lapsed": self._lapse,
            "invoked": self._invoke,
            "breached": self._breach,
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
        self._push(EARLIEST)
        for slot in self.slots:
            self._prepare(slot)
        while self._queue:
            self.now = heapq.heappop(self._queue)
            self._queued.discard(self.now)
            self._step()

    def _push(self, instant: int | None) -> None:
        if (instant is not None and self.now <= instant <= self.up_to) or instant == EARLIEST:
            if instant not in self._queued:
                self._queued.add(instant)
                heapq.heappush(self._queue, instant)

    def _prepare(self, slot: Slot) -> None:
        """Queue all instants that are known beforehand, and index the offending acts."""
        env = slot.instance.env
        for _, cond in conditions(slot.norm):
            for instant in self.evaluator.boundaries(cond, env, self._role(slot.norm, cond)):
                self._push(instant)
        for source, effect in self.incoming.get(slot.norm.id, ()):
            if effect.condition is not None:
                for instance in self.sources.get(source, ()):
                    for instant in self.evaluator.boundaries(
                        effect.condition, instance.env, Role.FULFILLING
                    ):
                        self._push(instant)
        for finding in self._on(slot):
            self._push(finding.at)
        if slot.norm.kind in _KEPT_OFF and slot.norm.condition is not None:
            self._index_acts(slot)
            self._index_allowed(slot)

    def _role(self, norm: Norm, cond: c.Condition) -> Role:
        offending = (norm.kind in _KEPT_OFF and cond is norm.condition) or norm.kind in (
            NormKind.GUARANTEE,
        )
        if cond is start_of(norm).condition:
            offending = False
        return Role.OFFENDING if offending else Role.FULFILLING

    def _index_acts(self, slot: Slot) -> None:
        cond = slot.norm.condition
        assert cond is not None
        if not self.settings.findings_needed:
            for fact in self._offences(slot):
                slot.acts.setdefault(fact.at, []).append((fact, ""))
                self._push(fact.at)
            return
        for finding in self._on(slot):
            if finding.result != "breach":
                continue
            covered = [f for f in self._offences(slot) if set(f.ids) & set(finding.about)]
            for fact in covered:
                slot.acts.setdefault(fact.at, []).append((fact, finding.record.id))
                self._push(fact.at)
            if not finding.about:
                fact = Fact(finding.at, finding.at, (finding.record,))
                slot.acts.setdefault(finding.at, []).append((fact, finding.record.id))

    def _index_allowed(self, slot: Slot) -> None:
        """Acts that a norm which goes before this one allows, with the instances that do."""
        acts = {(fact.at, fact.ids) for found in slot.acts.values() for fact, _ in found}
        for norm in self.before.get(slot.norm.id, ()) if acts else ():
            assert norm.condition is not None
            for instance in self.evaluator.states.instances(norm.id):
                for fact, _ in self.evaluator.acts(norm.condition, instance.env, Role.OFFENDING):
                    if (fact.at, fact.ids) in acts:
                        slot.allowed.setdefault((fact.at, fact.ids), []).append(instance)

    def _is_allowed(self, slot: Slot, fact: Fact) -> bool:
        """Whether a norm that goes before this one was active just before the act."""
        return any(
            self.evaluator.states.holds(
                c.StateOf(instance.norm.id, (), "active"), instance.key, self.now - 1
            )
            for instance in slot.allowed.get((fact.at, fact.ids), ())
        )

    def _offences(self, slot: Slot) -> Iterable[Fact]:
        """Acts of one occurrence once, in the order of time."""
        cond = slot.norm.condition
        assert cond is not None
        role = Role.OFFENDING
        if is_act(self.evaluator, cond):
            seen: dict[tuple[int, tuple[str, ...]], Fact] = {}
            for fact, _ in self.evaluator.acts(cond, slot.instance.env, role):
                seen.setdefault((fact.at, fact.ids), fact)
            return [seen[key] for key in sorted(seen)]
        found = []
        held = False
        for instant in self.evaluator.boundaries(cond, slot.instance.env, role):
            reason = self.evaluator.evaluate(cond, slot.instance.env, instant, role)
            if reason.holds and not held:
                found.append(Fact(instant, instant, reason.records()))
            held = reason.holds
        return found

    def _on(self, slot: Slot) -> list[Finding]:
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

    # --- one instant ----------------------------------------------------------------------------

    def _step(self) -> None:
        for slot in self.slots:
            slot.before = slot.flags
        for slot in self.slots:
            self._judge_acts(slot)
        for together, work in self._work:
            self._settle(together, work)
        for slot in self.slots:
            if slot.history.put(self.now, slot.flags):
                self._push_delayed(slot)

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

    def _push_delayed(self, slot: Slot) -> None:
        """Conditions that ask for this state within a window may change later."""
        for other, cond in self._delaying:
            for shift in self._shifts(cond, slot.norm.id):
                self._push(self.now + shift)
                self._push(self.now + shift + 1)
            self._push_after(cond, other)

    @cached_property
    def _delaying(self) -> list[tuple[Slot, c.Condition]]:
        """Conditions that look back over time at states of norms."""
        agreement, assignment = self.evaluator.facts.world.agreement, self.evaluator.assignment
        found = []
        for slot in self.slots:
            for _, cond in conditions(slot.norm):
                nodes = list(walk(cond, agreement, assignment))
                if any(isinstance(n, c.StateOf | c.KeptFor) for n in nodes) and any(
                    isinstance(n, c.Temporal | c.Dyadic | c.Lasting | c.After | c.KeptFor)
                    for n in nodes
                ):
                    found.append((slot, cond))
        return found

    def _shifts(self, cond: c.Condition, norm: str) -> Iterable[int]:
        for node in walk(cond, self.evaluator.facts.world.agreement, self.evaluator.assignment):
            match node:
                case c.KeptFor(kept, _, duration) if kept == norm:
                    yield duration.ticks
                case c.Lasting(duration, _):
                    yield duration.ticks
                case c.Temporal(_, window, _) | c.Dyadic(_, window, _, _) if window is not None:
                    yield from (bound for bound in window.ticks if bound is not None)
                case _:
                    pass

    def _push_after(self, cond: c.Condition, slot: Slot) -> None:
        agreement = self.evaluator.facts.world.agreement
        for node in walk(cond, agreement, self.evaluator.assignment):
            if isinstance(node, c.After):
                for instant in self.evaluator.boundaries(node, slot.instance.env, Role.FULFILLING):
                    self._push(instant)

    # --- acts -----------------------------------------------------------------------------------

    def _judge_acts(self, slot: Slot) -> None:
        """Offending acts count while the norm was active and not suspended just before."""
        if self.now not in slot.acts or not slot.before.running or slot.before.suspended:
            return
        acts = [(f, finding) for f, finding in slot.acts[self.now] if not self._is_allowed(slot, f)]
        if not acts:
            return
        for fact, finding in acts:
            if any(b.at == fact.at and b.ids == fact.ids for b in slot.history.breaches):
                continue
            breach = Breach(fact.at, slot.instance.bearers, "act", fact.records)
            if finding:
                breach.findings = (finding,)
            slot.history.breaches.append(breach)
        slot.set(breached=slot.norm.kind is not NormKind.POLITICAL, cured=False)
        self._push_cure(slot)

    def _push_cure(self, slot: Slot) -> None:
        cure = slot.norm.cure
        if cure is not None and not isinstance(cure.within, Unspecified):
            self._push(self.evaluator.calendar.due_within(cure.within, self.now))

    # --- states ---------------------------------------------------------------------------------

    def _holds(self, cond: c.Condition, slot: Slot, role: Role = Role.FULFILLING) -> bool:
        return self.evaluator.holds(cond, slot.instance.env, self.now, role)

    def _any(self, conds: Iterable[c.Condition], slot: Slot) -> bool:
        return any(self._holds(cond, slot) for cond in conds)

    def _begin(self, slot: Slot) -> None:
        start = start_of(slot.norm)
        if slot.flags.begun and not start.each:
            return
        holds = self._holds(start.condition, slot)
        if holds and not slot.start_held:
            self._activate(slot)
        slot.start_held = holds

    def _activate(self, slot: Slot) -> None:
        """Begin, or begin anew: breaches stay, what came of the earlier round does not."""
        slot.flags = Flags(begun=True)
        slot.activated = self.now
        slot.round += 1
        if slot.history.activated is None:
            slot.history.activated = self.now
        slot.paused_at = None

    def _suspend(self, slot: Slot) -> None:
        if not slot.flags.begun:
            return
        suspended = self._any(slot.norm.suspended_while, slot) or any(
            True for _ in self._effects(slot, "suspends")
        )
        if suspended != slot.flags.suspended:
            slot.set(suspended=suspended)

    def _effects(self, slot: Slot, verb: str) -> Iterable[Effect]:
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
                if effect.condition is None or self.evaluator.holds(
                    effect.condition, instance.env, self.now, Role.OFFENDING
                ):
                    yield effect

    def _source_active(self, instance: Instance) -> bool:
        state = c.StateOf(instance.norm.id, (), "active")
        return self.evaluator.states.holds(state, instance.key, self.now)

    def _expire(self, slot: Slot) -> None:
        until = slot.norm.until
        if until is not None and slot.flags.begun and not slot.flags.expired:
            if self._holds(until, slot):
                slot.set(expired=True)

    def _terminate(self, slot: Slot) -> None:
        if slot.flags.begun and self._any(slot.norm.terminated_when, slot):
            slot.set(terminated=True)

    def _release(self, slot: Slot) -> None:
        if not slot.flags.begun or slot.flags.terminated:
            return
        if not slot.flags.fulfilled and self._any(slot.norm.released_when, slot):
            slot.set(terminated=True)
        for effect in self._effects(slot, "terminates"):
            if not effect.only_fulfilled or slot.flags.fulfilled:
                slot.set(terminated=True)

    # --- deadlines and performance --------------------------------------------------------------

    def deadline(self, slot: Slot) -> Deadline | None:
        assumed = self.settings.deadlines
        return assumed.get(slot.instance.id) or assumed.get(slot.norm.id) or slot.norm.deadline

    def _due(self, slot: Slot) -> int | None:
        """The first instant too late, where it is known by now; pauses have moved it already."""
        if slot.flags.due is not None or not slot.flags.begun:
            return slot.flags.due
        match self.deadline(slot):
            case By(day):
                due = self.evaluator.calendar.due_by(day)
            case Within() as within:
                event = self._event(slot, within)
                if event is None or not EARLIEST < event <= self.now:
                    self._push(event)
                    return None
                due = self.evaluator.calendar.due_within(within.duration, event)
            case _ if isinstance(slot.norm.every, Duration) and slot.activated not in _NEVER:
                due = self.evaluator.calendar.due_within(slot.norm.every, slot.activated or 0)
            case _:
                return None
        if isinstance(slot.norm.grace, Duration):
            due = self.evaluator.calendar.extended(due, slot.norm.grace)
        return self._set_due(slot, due)

    def _set_due(self, slot: Slot, due: int) -> int:
        slot.set(due=due)
        self._push(due)
        self._push(due - 1)
        return due

    def _event(self, slot: Slot, within: Within) -> int | None:
        """When a deadline begins to run: at the event, or when it was received or notified."""
        env = slot.instance.env
        start = start_of(slot.norm)
        if start.each and within.of == start.condition:
            event = slot.activated
        else:
            event = self.evaluator.begins(within.of, env, self.now, Role.FULFILLING)
        if event is None or within.counted_from is CountedFrom.EVENT:
            return event
        reason = self.evaluator.evaluate(within.of, env, event, Role.FULFILLING)
        told: list[int] = []
        for record in reason.records():
            heard = record.received
            if within.counted_from is CountedFrom.NOTICE:
                heard = record.reported
            if heard is None:
                return None  # a receipt that nobody recorded starts no clock
            told.append(heard)
        return max(told, default=None)

    def _clock(self, slot: Slot) -> int | None:
        """The due instant, with stopped clocks moved on; None while the clock stands."""
        due = self._due(slot)
        if due is None:
            return None
        stopped = slot.flags.suspended or self._any(
            (s.condition for s in slot.norm.clock_stops), slot
        )
        if stopped and slot.paused_at is None and self.now < due:
            slot.paused_at = self.now
        elif not stopped and slot.paused_at is not None:
            pause = self.now - slot.paused_at
            limits = [s.at_most.ticks for s in slot.norm.clock_stops if s.at_most is not None]
            if limits and not slot.flags.suspended:
                pause = min(pause, *limits)
            slot.paused_at = None
            due = self._set_due(slot, due + pause)
        return None if slot.paused_at is not None else due

    def _fulfil(self, slot: Slot) -> None:
        norm = slot.norm
        if norm.kind not in MISSABLE or norm.condition is None:
            return
        flags = slot.flags
        if not flags.begun or flags.expired or flags.terminated:
            return
        due = self._clock(slot)
        flags = slot.flags
        if flags.suspended:
            return
        if isinstance(norm.every, Duration):
            self._perform_again(slot, norm.every)
            return
        if flags.fulfilled:
            if self._any(norm.reopens_when, slot):
                slot.set(fulfilled=False, cured=False)
            return
        if flags.cured:
            return
        reason = self._performed(slot, due)
        if reason is None:
            return
        slot.history.fulfilled_by = reason.records()
        late = due is not None and self.now >= due
        if late and flags.breached:
            slot.set(cured=True, breached=False)
            for breach in slot.history.breaches:
                if breach.kind == "missed":
                    breach.cleared = True
        else:
            slot.set(fulfilled=True, late=late, overdue=False)

    def _perform_again(self, slot: Slot, every: Duration) -> None:
        """A recurring commitment: each performance is good until the next one is due."""
        cond = slot.norm.condition
        assert cond is not None
        acts = self.evaluator.acts(cond, slot.instance.env, Role.FULFILLING)
        records = [r for fact, _ in acts if fact.at == self.now for r in fact.records]
        if not records:
            return
        slot.history.fulfilled_by = tuple(records)
        self._set_due(slot, self.evaluator.calendar.due_within(every, self.now))
        if slot.flags.breached:
            slot.set(cured=True, breached=False)
            for breach in slot.history.breaches:
                breach.cleared = True
        else:
            slot.set(fulfilled=True, overdue=False)

    def _performed(self, slot: Slot, due: int | None) -> Reason | None:
        """Whether what is owed is done now; an act whose period holds the deadline is in time."""
        cond = slot.norm.condition
        assert cond is not None
        env = slot.instance.env
        if self.evaluator.holds(cond, env, self.now, Role.FULFILLING):
            return self.evaluator.evaluate(cond, env, self.now, Role.FULFILLING)
        if due is None or self.now != due - 1:
            return None
        for instant in self.evaluator.boundaries(cond, env, Role.FULFILLING):
            if instant < due:
                continue
            if self.evaluator.holds(cond, env, instant, Role.FULFILLING):
                later = self.evaluator.evaluate(cond, env, instant, Role.FULFILLING)
                in_time = all(
                    r.at is not None and r.at.first < due for r in _latest(later, instant)
                )
                return later if in_time else None
        return None

    def _breach(self, slot: Slot) -> None:
        if not slot.flags.begun:
            return
        self._findings(slot)
        cure = slot.norm.cure
        if slot.norm.kind in _KEPT_OFF and cure is not None and cure.condition is not None:
            self._cure(slot)  # what repairs a breach outlives what was breached
        if slot.flags.terminated or slot.flags.expired or slot.flags.suspended:
            return
        if slot.norm.kind in MISSABLE:
            self._miss(slot)
        elif slot.norm.kind is NormKind.MAINTAIN:
            self._maintain(slot)

    def _miss(self, slot: Slot) -> None:
        due = self._clock(slot)
        if due is None or self.now < due or slot.flags.breached:
            return
        if isinstance(slot.norm.every, Duration):
            slot.set(fulfilled=False, cured=False)
        elif (
            slot.flags.fulfilled
            or slot.flags.cured
            or any(
                b.kind == "missed" and b.at >= (slot.activated or 0) and b.cleared
                for b in slot.history.breaches
            )
        ):
            return
        standing = [f for f in self._on(slot) if f.result == "breach" and f.at <= self.now]
        if self.settings.findings_needed and not standing:
            slot.set(overdue=True)
            return
        at = max(due, standing[0].at) if self.settings.findings_needed else due
        slot.history.breaches.append(Breach(at, slot.instance.bearers, "missed"))
        slot.set(breached=True, overdue=False)
        self._push_cure(slot)

    def _maintain(self, slot: Slot) -> None:
        """Checked from activation, or from `due` if it has a deadline; an open one never comes."""
        cond = slot.norm.condition
        assert cond is not None
        deadline = self.deadline(slot)
        due = self._clock(slot)
        if deadline is not None and (due is None or self.now < due):
            return
        if self._holds(cond, slot, Role.OFFENDING):
            if slot.flags.breached:
                slot.set(breached=False, cured=True)
            slot.failing = False
            return
        if slot.failing:
            return
        standing = [f for f in self._on(slot) if f.result == "breach" and f.at <= self.now]
        if self.settings.findings_needed and not standing:
            slot.set(overdue=deadline is not None)
            return
        slot.failing = True
        reason = self.evaluator.evaluate(cond, slot.instance.env, self.now, Role.OFFENDING)
        entry = Breach(self.now, slot.instance.bearers, "failing", reason.records())
        slot.history.breaches.append(entry)
        slot.set(breached=True, cured=False)

    def _cure(self, slot: Slot) -> None:
        cure = slot.norm.cure
        assert cure is not None and cure.condition is not None
        if not slot.flags.breached or not self._holds(cure.condition, slot):
            return
        last = max(b.at for b in slot.history.breaches if not b.cleared)
        limit = LATEST
        if not isinstance(cure.within, Unspecified):
            limit = self.evaluator.calendar.due_within(cure.within, last)
        if self.now < limit:
            slot.set(breached=False, cured=True)
            for breach in slot.history.breaches:
                breach.cleared = True

    def _findings(self, slot: Slot) -> None:
        """Mark entries with the findings made now; a finding of no breach clears them."""
        for finding in self._on(slot):
            if finding.at != self.now or finding.result != "no_breach":
                continue
            for breach in slot.history.breaches:
                if not finding.about or set(breach.ids) & set(finding.about):
                    breach.cleared = True
                    breach.findings = (*breach.findings, finding.record.id)
            if slot.flags.breached and all(b.cleared for b in slot.history.breaches):
                slot.set(breached=False)

    # --- guarantees -----------------------------------------------------------------------------

    def _decider(self, norm: Norm) -> str | None:
        assumed = self.settings.deciders.get(norm.id)
        if assumed is not None:
            return assumed
        return norm.decided_by if isinstance(norm.decided_by, str) else None

    def _lapse(self, slot: Slot) -> None:
        norm = slot.norm
        if norm.kind is not NormKind.GUARANTEE or not slot.flags.begun or slot.flags.lapsed:
            return
        if not slot.before.begun:
            return
        forfeited = slot.history.forfeiture
        if forfeited.state == "none":
            forfeited = self._forfeiture(slot)
        found = [f for f in self._on(slot) if f.result == "forfeiture" and f.at <= self.now]
        if found:
            since = forfeited.since if forfeited.since is not None else found[0].at
            records = forfeited.records or tuple(found[0].about)
            forfeited = Condition("found", since, records, forfeited.via)
        slot.history.forfeiture = forfeited
        decider = self._decider(norm)
        if (decider == AUTOMATIC and forfeited.state != "none") or any(
            f.body == decider for f in found
        ):
            slot.set(lapsed=True, terminated=True, invoked=False)

    def _forfeiture(self, slot: Slot) -> Condition:
        """The first condition of forfeiture that comes about now (without its finding)."""
        for lapse in slot.norm.lapses:
            if self.settings.findings_needed:
                continue
            if self._holds(lapse.condition, slot, Role.OFFENDING):
                reason = self.evaluator.evaluate(
                    lapse.condition, slot.instance.env, self.now, Role.OFFENDING
                )
                ids = tuple(r.id for r in reason.records())
                return Condition("alleged", self.now, ids, lapse.via)
        for effect in self._effects(slot, "lapses"):
            records, found = self._behind(effect)
            return Condition("found" if found else "alleged", self.now, records, effect.via)
        return Condition()

    def _behind(self, effect: Effect) -> tuple[tuple[str, ...], bool]:
        """The breaches that a consequence rests on: their records, and whether they are found."""
        if effect.condition is None:
            return (), False
        breaches = self.evaluator.states.breaches_of(effect.condition, self.now)  # type: ignore[attr-defined]
        records = sorted({i for b in breaches for i in b.ids})
        return tuple(records), any(b.findings for b in breaches)

    def _invoke(self, slot: Slot) -> None:
        norm = slot.norm
        if norm.kind is not NormKind.GUARANTEE or not slot.flags.begun:
            return
        trigger = next((t for t in norm.triggers if self._holds(t, slot, Role.OFFENDING)), None)
        reason = None
        if trigger is not None:
            reason = self.evaluator.evaluate(trigger, slot.instance.env, self.now, Role.OFFENDING)
        found = [f for f in self._on(slot) if f.result == "trigger" and f.at <= self.now]
        slot.history.trigger = self._trigger(slot, reason, found)
        decider = self._decider(norm)
        holds = slot.history.trigger.state != "none"
        decided = decider == AUTOMATIC or any(f.body == decider for f in found)
        invoked = holds and decided
        if (invoked and not slot.flags.lapsed) != slot.flags.invoked:
            slot.set(invoked=not slot.flags.invoked)

    def _trigger(self, slot: Slot, reason: Reason | None, found: list[Finding]) -> Condition:
        earlier = slot.history.trigger
        if reason is not None:
            ids = tuple(r.id for r in reason.records())
            about = [f for f in found if not f.about or set(f.about) & set(ids)]
            if self.settings.findings_needed and not about:
                return Condition()
            since = earlier.since if earlier.state != "none" else self.now
            return Condition("found" if about else "alleged", since, ids)
        unseen = [f for f in found if not f.about]
        if unseen and not slot.history.trigger.via:
            since = earlier.since if earlier.state != "none" else self.now
            return Condition("found", since, tuple(f.record.id for f in unseen))
        return Condition()


def _latest(reason: Reason, instant: int) -> tuple[Record, ...]:
    """The records that make a condition hold just at an instant: those dated then."""
    dated = tuple(r for r in reason.records() if r.at is not None and r.at.last >= instant)
    return dated or reason.records()
