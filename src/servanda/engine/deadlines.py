"""Deadlines of instances: when their clocks start, stop and run out (vocabulary, rule 2)."""

from typing import TYPE_CHECKING

from servanda.engine.axis import EARLIEST
from servanda.engine.slot import Slot
from servanda.engine.strata import start_of
from servanda.evidence.standard import Role
from servanda.model.condition import FromInstant, TermHolds
from servanda.model.norm import By, CountedFrom, Deadline, Within
from servanda.model.quantity import Duration

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation

_NEVER = (None, EARLIEST)


def deadline_of(sim: "Simulation", slot: Slot) -> Deadline | None:
    assumed = sim.settings.deadlines
    return assumed.get(slot.instance.id) or assumed.get(slot.norm.id) or slot.norm.deadline


def due(sim: "Simulation", slot: Slot) -> int | None:
    """The first instant too late, where it is known by now; pauses have moved it already."""
    if slot.flags.due is not None or not slot.flags.begun:
        return slot.flags.due
    match deadline_of(sim, slot):
        case By(day):
            falls = sim.evaluator.calendar.due_by(day)
        case Within() as within:
            event = _dated(sim, within)
            if event is None:
                event = _event(sim, slot, within)
                if event is None or not EARLIEST < event <= sim.now:
                    if event != EARLIEST:  # what always held begins no time
                        sim.push(event)
                    return None
            return set_due(sim, slot, due_of(sim, slot, within.duration, event))
        case _ if isinstance(slot.norm.every, Duration) and slot.activated not in _NEVER:
            falls = sim.evaluator.calendar.due_within(slot.norm.every, slot.activated or 0)
        case _:
            return None
    return set_due(sim, slot, _extended(sim, slot, falls))


def runs_from_activation(sim: "Simulation", slot: Slot) -> bool:
    """Whether the deadline is counted from when the commitment was begun, each time."""
    deadline, start = deadline_of(sim, slot), start_of(slot.norm)
    if not isinstance(deadline, Within) or _dated(sim, deadline) is not None:
        return False
    return start.each and deadline.of == start.condition


def fixed(sim: "Simulation", slot: Slot) -> tuple[int, int] | None:
    """Since when it is known, and when it falls due, whenever the commitment is begun; or never.

    Of a deadline that is neither counted from activation nor from the state of a norm.
    """
    match deadline_of(sim, slot):
        case By(day):
            return EARLIEST, _extended(sim, slot, sim.evaluator.calendar.due_by(day))
        case Within() as within:
            since = event = _dated(sim, within)
            if since is not None:
                since = EARLIEST
            else:
                env = slot.instance.env
                since = event = sim.evaluator.begins(within.of, env, sim.up_to, Role.FULFILLING)
            if event is None or since is None or event == EARLIEST:
                return None
            return since, due_of(sim, slot, within.duration, event)
        case _:
            return None


def due_of(sim: "Simulation", slot: Slot, duration: Duration, event: int) -> int:
    """The first instant too late for what is due so long after an event."""
    return _extended(sim, slot, sim.evaluator.calendar.due_within(duration, event))


def _extended(sim: "Simulation", slot: Slot, due: int) -> int:
    if isinstance(slot.norm.grace, Duration):
        return sim.evaluator.calendar.extended(due, slot.norm.grace)
    return due


def set_due(sim: "Simulation", slot: Slot, due: int) -> int:
    slot.set(due=due)
    sim.push(due)
    sim.push(due - 1)
    return due


def _dated(sim: "Simulation", within: Within) -> int | None:
    """The event, where it is a date, or read as one: it is known before it comes."""
    of = within.of
    while isinstance(of, TermHolds):
        of = sim.evaluator.term_condition(of.term)
    return sim.evaluator.instant(of) if isinstance(of, FromInstant) else None


def _event(sim: "Simulation", slot: Slot, within: Within) -> int | None:
    """When a deadline begins to run: at the event, or when it was received or notified."""
    env = slot.instance.env
    start = start_of(slot.norm)
    if start.each and within.of == start.condition:
        event = slot.activated
    else:
        event = sim.evaluator.begins(within.of, env, sim.now, Role.FULFILLING)
    if event is None or within.counted_from is CountedFrom.EVENT:
        return event
    reason = sim.evaluator.evaluate(within.of, env, event, Role.FULFILLING)
    told: list[int] = []
    for record in reason.records():
        heard = record.received
        if within.counted_from is CountedFrom.NOTICE:
            heard = record.reported
        if heard is None:
            return None  # a receipt that nobody recorded starts no clock
        told.append(heard)
    return max(told, default=None)


def clock(sim: "Simulation", slot: Slot) -> int | None:
    """The due instant, with stopped clocks moved on; None while the clock stands."""
    due = sim.due(slot)
    if due is None:
        return None
    stops = slot.norm.clock_stops
    stopped = slot.flags.suspended or (
        bool(stops) and sim.any_holds((s.condition for s in stops), slot)
    )
    if stopped and slot.paused_at is None and sim.now < due:
        slot.paused_at = sim.now
    elif not stopped and slot.paused_at is not None:
        pause = sim.now - slot.paused_at
        limits = [s.at_most.ticks for s in stops if s.at_most is not None]
        if limits and not slot.flags.suspended:
            pause = min(pause, *limits)
        slot.paused_at = None
        due = set_due(sim, slot, due + pause)
    return None if slot.paused_at is not None else due
