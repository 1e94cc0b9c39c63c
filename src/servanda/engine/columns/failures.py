"""What is to be kept, and fails at each of very many events: all failures at once.

This holds of a commitment that nothing suspends, ends or releases; every other is worked out step
by step.
"""

from typing import TYPE_CHECKING

import numpy as np

from servanda.engine.columns import few
from servanda.engine.columns.rounds import untouched
from servanda.engine.deadlines import deadline_of
from servanda.engine.history import Breach, Flags
from servanda.engine.slot import Slot
from servanda.engine.strata import start_of
from servanda.evidence.standard import Role

if TYPE_CHECKING:
    from servanda.engine.columns.simulation import ColumnSimulation

_BEGUN, _BREACHED = Flags(begun=True), Flags(begun=True, breached=True)
_CURED = Flags(begun=True, cured=True)


def enter_failures(sim: "ColumnSimulation", slot: Slot) -> bool:
    """Make the history of an instance; False where that has to be done step by step."""
    norm, env, ev = slot.norm, slot.instance.env, sim.columns
    if norm.duty != "maintain" or not untouched(sim, slot) or start_of(norm).each:
        return False
    if norm.condition is None or ev.asks_states(norm.condition):
        return False
    begun = ev.course_of(start_of(norm).condition, env, Role.FULFILLING).first()
    if deadline_of(sim, slot) is not None or begun is None or begun > sim.up_to:
        return False
    course = ev.course_of(norm.condition, env, Role.OFFENDING)
    flips = course.flips[(course.flips > begun) & (course.flips <= sim.up_to)]
    if len(flips) <= few.RECORDS:
        return False
    times = np.concatenate(([begun], flips))
    holds = course.at_each(times).tolist()
    history = slot.history
    history.activated, history.times = begun, times.tolist()
    history.flags = [_CURED if kept else _BREACHED for kept in holds]
    if holds[0]:
        history.flags[0] = _BEGUN
    history.breaches = [
        Breach(at, slot.instance.bearers, "failing", reason.records())
        for at, kept in zip(history.times, holds, strict=True)
        if not kept
        for reason in [ev.evaluate(norm.condition, env, at, Role.OFFENDING)]
    ]
    return True
