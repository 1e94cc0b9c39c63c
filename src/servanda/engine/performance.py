"""Whether what is owed is done: in time, late, again and again; kept, missed, cured (rule 4)."""

from typing import TYPE_CHECKING

from servanda.engine.axis import LATEST
from servanda.engine.deadlines import clock, deadline_of, set_due
from servanda.engine.history import Breach
from servanda.engine.offences import push_cure
from servanda.engine.quantities import SINCE, counts_events
from servanda.engine.reason import Env, Reason
from servanda.engine.slot import Slot
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.model.norm import NormKind
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation


def fulfil(sim: "Simulation", slot: Slot) -> None:
    norm = slot.norm
    if norm.duty != "achieve":
        return
    flags = slot.flags
    if not flags.begun or flags.expired or flags.terminated:
        return
    due = clock(sim, slot)
    flags = slot.flags
    if flags.suspended:
        return
    if due == sim.now and slot.before.begun and norm.kind is not NormKind.POLITICAL:
        _miss(sim, slot)  # the due instant itself is too late: missed first, then done
        flags = slot.flags
    if isinstance(norm.every, Duration):
        _perform_again(sim, slot, norm.every)
        return
    if flags.fulfilled or flags.cured:
        if sim.any_holds(norm.reopens_when, slot) and not _holds(sim, slot, _counted(sim, slot)):
            slot.set(fulfilled=False, cured=False, late=False)
            slot.reopened = sim.now
        return
    if not _performed(sim, slot, due):
        return
    late = due is not None and sim.now >= due
    if late and slot.flags.breached:
        slot.set(cured=True, breached=False)
        slot.clear([b for b in slot.standing if b.kind == "missed"])
    else:
        slot.set(fulfilled=True, late=late, overdue=False)


def _perform_again(sim: "Simulation", slot: Slot, every: Duration) -> None:
    """A recurring commitment: each performance is good until the next one is due."""
    cond = slot.norm.condition
    assert cond is not None
    acts = sim.evaluator.acts(cond, slot.instance.env, Role.FULFILLING)
    records = [r for fact, _ in acts if fact.at == sim.now for r in fact.records]
    if not records:
        return
    slot.history.fulfilled_by = tuple(records)
    set_due(sim, slot, sim.evaluator.calendar.due_within(every, sim.now))
    if slot.flags.breached:
        slot.set(cured=True, breached=False)
        slot.clear(slot.standing)
    else:
        slot.set(fulfilled=True, overdue=False)


def _performed(sim: "Simulation", slot: Slot, due: int | None) -> bool:
    """Whether what is owed is done now; an act whose period holds the deadline is in time."""
    env = _counted(sim, slot)
    if _holds(sim, slot, env):
        sim.show(slot, env, sim.now)
        return True
    if due is None or sim.now != due - 1:
        return False
    instant = sim.straddling(slot, env, due)
    if instant is not None:
        sim.show(slot, env, instant)
    return instant is not None


def _counted(sim: "Simulation", slot: Slot) -> Env:
    """The variables of an instance; events are counted from its activation on."""
    cond, env = slot.norm.condition, slot.instance.env
    assert cond is not None
    if slot.activated is not None and counts_events(sim.evaluator, cond):
        return {**env, SINCE: str(slot.activated)}
    return env


def _holds(sim: "Simulation", slot: Slot, env: Env) -> bool:
    cond = slot.norm.condition
    assert cond is not None
    if env is slot.instance.env:
        return sim.holds(cond, slot)
    return sim.evaluator.holds(cond, env, sim.now, Role.FULFILLING)


def straddling(sim: "Simulation", slot: Slot, env: Env, due: int) -> int | None:
    """When an act was done whose period holds the deadline; None where none was."""
    cond, ev = slot.norm.condition, sim.evaluator
    assert cond is not None
    if not ev.may_straddle(cond, env, due, Role.FULFILLING):
        return None
    instant = ev.next_holding(cond, env, due, Role.FULFILLING)
    if instant is None:
        return None
    later = ev.evaluate(cond, env, instant, Role.FULFILLING)
    in_time = all(r.at is not None and r.at.first < due for r in _latest(later, instant))
    return instant if in_time else None


def show_records(sim: "Simulation", slot: Slot) -> None:
    """Look up the records that show the last performance, if that was not done."""
    if slot.performed is not None:
        (env, at), cond = slot.performed, slot.norm.condition
        assert cond is not None
        reason = sim.evaluator.evaluate(cond, env, at, Role.FULFILLING)
        slot.history.fulfilled_by, slot.performed = reason.records(), None


def breach(sim: "Simulation", slot: Slot) -> None:
    if not slot.flags.begun:
        return
    if sim.findings:
        _findings(sim, slot)
    norm, duty = slot.norm, slot.norm.duty
    if duty == "not" and norm.cure is not None and norm.cure.condition is not None:
        _cure(sim, slot)  # what repairs a breach outlives what was breached
    flags = slot.flags
    if flags.terminated or flags.expired or flags.suspended:
        return
    if norm.kind is NormKind.POLITICAL:
        return  # an expectation is observed or not, never breached
    if duty == "achieve":
        _miss(sim, slot)
    elif duty == "maintain":
        _maintain(sim, slot)


def _miss(sim: "Simulation", slot: Slot) -> None:
    due = clock(sim, slot)
    if due is None or sim.now < due or slot.flags.breached:
        return
    if isinstance(slot.norm.every, Duration):
        slot.set(fulfilled=False, cured=False)
    elif (
        slot.flags.fulfilled
        or slot.flags.cured
        or (slot.made_up is not None and slot.made_up >= max(slot.activated or 0, slot.reopened))
    ):
        return
    at = max(due, slot.reopened)  # undone after it fell due: missed from then on
    if sim.settings.findings_needed:
        breach = [f.at for f in sim.findings_on(slot) if f.result == "breach"]
        standing = [made for made in breach if at <= made <= sim.now]
        if not standing:
            slot.set(overdue=True)
            return
        at = min(standing)
    slot.enter(Breach(at, slot.instance.bearers, "missed"))
    slot.set(breached=True, overdue=False)
    push_cure(sim, slot)


def _maintain(sim: "Simulation", slot: Slot) -> None:
    """Checked from activation, or from `due` if it has a deadline; an open one never comes."""
    cond = slot.norm.condition
    assert cond is not None
    deadline = deadline_of(sim, slot)
    due = clock(sim, slot)
    if deadline is not None and (due is None or sim.now < due):
        return
    if sim.holds(cond, slot, Role.OFFENDING):
        if slot.flags.breached:
            slot.set(breached=False, cured=True)
        slot.failing = False
        slot.fails_since = None
        slot.set(overdue=False)
        return
    if slot.fails_since is None:
        slot.fails_since = sim.now
    if slot.failing:
        return
    reason = sim.reason(cond, slot, Role.OFFENDING)
    at: int | None = sim.now
    if sim.settings.findings_needed:
        at = _found_failing(sim, slot, reason)
    if at is None:
        slot.set(overdue=deadline is not None)
        return
    slot.failing = True
    slot.enter(Breach(at, slot.instance.bearers, "failing", reason.records()))
    slot.set(breached=True, cured=False, overdue=False)


def _found_failing(sim: "Simulation", slot: Slot, reason: Reason) -> int | None:
    """When a failing is dated that a body has found: as the records in `about`, else as found."""
    since = slot.fails_since
    assert since is not None
    ids = {r.id for r in reason.records()}
    dates = [
        since if f.about else f.at
        for f in sim.findings_on(slot)
        if f.result == "breach" and since <= f.at <= sim.now and (not f.about or ids & set(f.about))
    ]
    return min(dates, default=None)


def _cure(sim: "Simulation", slot: Slot) -> None:
    cure = slot.norm.cure
    assert cure is not None and cure.condition is not None
    if not slot.flags.breached or not sim.holds(cure.condition, slot):
        return
    last = max(b.at for b in slot.standing)
    limit = LATEST
    if not isinstance(cure.within, Unspecified):
        limit = sim.evaluator.calendar.due_within(cure.within, last)
    if sim.now < limit:
        slot.set(breached=False, cured=True)
        slot.clear(slot.standing)


def _findings(sim: "Simulation", slot: Slot) -> None:
    """Mark entries with the findings made now; a finding of no breach clears them."""
    for finding in sim.findings_on(slot):
        if finding.at != sim.now or finding.result != "no_breach":
            continue
        about = frozenset(finding.about)
        on_it = [b for b in slot.history.breaches if not about or not about.isdisjoint(b.ids)]
        for breach in on_it:
            breach.findings = (*breach.findings, finding.record.id)
        slot.clear(on_it)
        if slot.flags.breached and not slot.standing:
            slot.set(breached=False)


def _latest(reason: Reason, instant: int) -> tuple[Record, ...]:
    """The records that make a condition hold just at an instant: those dated then."""
    dated = tuple(r for r in reason.records() if r.at is not None and r.at.last >= instant)
    return dated or reason.records()
