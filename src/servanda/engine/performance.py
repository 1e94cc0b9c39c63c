"""Whether what is owed is done: in time, late, again and again; kept, missed, cured (rule 4)."""

from typing import TYPE_CHECKING

from servanda.engine.axis import LATEST
from servanda.engine.deadlines import clock, deadline_of, set_due
from servanda.engine.history import Breach
from servanda.engine.offences import push_cure
from servanda.engine.reason import Reason
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
    if isinstance(norm.every, Duration):
        _perform_again(sim, slot, norm.every)
        return
    if flags.fulfilled:
        if sim.any_holds(norm.reopens_when, slot):
            slot.set(fulfilled=False, cured=False)
        return
    if flags.cured:
        return
    reason = _performed(sim, slot, due)
    if reason is None:
        return
    slot.history.fulfilled_by = reason.records()
    late = due is not None and sim.now >= due
    if late and flags.breached:
        slot.set(cured=True, breached=False)
        for breach in slot.history.breaches:
            if breach.kind == "missed":
                breach.cleared = True
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
        for breach in slot.history.breaches:
            breach.cleared = True
    else:
        slot.set(fulfilled=True, overdue=False)


def _performed(sim: "Simulation", slot: Slot, due: int | None) -> Reason | None:
    """Whether what is owed is done now; an act whose period holds the deadline is in time."""
    cond = slot.norm.condition
    assert cond is not None
    env = slot.instance.env
    if sim.evaluator.holds(cond, env, sim.now, Role.FULFILLING):
        return sim.evaluator.evaluate(cond, env, sim.now, Role.FULFILLING)
    if due is None or sim.now != due - 1:
        return None
    for instant in sim.evaluator.boundaries(cond, env, Role.FULFILLING):
        if instant < due:
            continue
        if sim.evaluator.holds(cond, env, instant, Role.FULFILLING):
            later = sim.evaluator.evaluate(cond, env, instant, Role.FULFILLING)
            in_time = all(r.at is not None and r.at.first < due for r in _latest(later, instant))
            return later if in_time else None
    return None


def breach(sim: "Simulation", slot: Slot) -> None:
    if not slot.flags.begun:
        return
    _findings(sim, slot)
    cure = slot.norm.cure
    if slot.norm.duty == "not" and cure is not None and cure.condition is not None:
        _cure(sim, slot)  # what repairs a breach outlives what was breached
    if slot.flags.terminated or slot.flags.expired or slot.flags.suspended:
        return
    if slot.norm.kind is NormKind.POLITICAL:
        return  # an expectation is observed or not, never breached
    if slot.norm.duty == "achieve":
        _miss(sim, slot)
    elif slot.norm.duty == "maintain":
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
        or any(
            b.kind == "missed" and b.at >= (slot.activated or 0) and b.cleared
            for b in slot.history.breaches
        )
    ):
        return
    standing = [f for f in sim.findings_on(slot) if f.result == "breach" and f.at <= sim.now]
    if sim.settings.findings_needed and not standing:
        slot.set(overdue=True)
        return
    at = max(due, standing[0].at) if sim.settings.findings_needed else due
    slot.history.breaches.append(Breach(at, slot.instance.bearers, "missed"))
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
        return
    if slot.failing:
        return
    standing = [f for f in sim.findings_on(slot) if f.result == "breach" and f.at <= sim.now]
    if sim.settings.findings_needed and not standing:
        slot.set(overdue=deadline is not None)
        return
    slot.failing = True
    reason = sim.evaluator.evaluate(cond, slot.instance.env, sim.now, Role.OFFENDING)
    entry = Breach(sim.now, slot.instance.bearers, "failing", reason.records())
    slot.history.breaches.append(entry)
    slot.set(breached=True, cured=False)


def _cure(sim: "Simulation", slot: Slot) -> None:
    cure = slot.norm.cure
    assert cure is not None and cure.condition is not None
    if not slot.flags.breached or not sim.holds(cure.condition, slot):
        return
    last = max(b.at for b in slot.history.breaches if not b.cleared)
    limit = LATEST
    if not isinstance(cure.within, Unspecified):
        limit = sim.evaluator.calendar.due_within(cure.within, last)
    if sim.now < limit:
        slot.set(breached=False, cured=True)
        for breach in slot.history.breaches:
            breach.cleared = True


def _findings(sim: "Simulation", slot: Slot) -> None:
    """Mark entries with the findings made now; a finding of no breach clears them."""
    for finding in sim.findings_on(slot):
        if finding.at != sim.now or finding.result != "no_breach":
            continue
        for breach in slot.history.breaches:
            if not finding.about or set(breach.ids) & set(finding.about):
                breach.cleared = True
                breach.findings = (*breach.findings, finding.record.id)
        if slot.flags.breached and all(b.cleared for b in slot.history.breaches):
            slot.set(breached=False)


def _latest(reason: Reason, instant: int) -> tuple[Record, ...]:
    """The records that make a condition hold just at an instant: those dated then."""
    dated = tuple(r for r in reason.records() if r.at is not None and r.at.last >= instant)
    return dated or reason.records()
