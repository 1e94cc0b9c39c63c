"""What is owed anew after each of very many events: all rounds at once.

A round lasts from one event to the next.  Nothing of one round is carried into another but its
entries, so that when each is done and when it falls due are columns.  This holds of a commitment
that nothing suspends, ends, releases or reopens; every other is worked out step by step.
"""

from typing import TYPE_CHECKING

import numpy as np

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.columns import few
from servanda.engine.columns.course import Course
from servanda.engine.deadlines import deadline_of, due_of
from servanda.engine.history import Breach, Flags
from servanda.engine.performance import show_records
from servanda.engine.slot import Slot
from servanda.engine.strata import start_of
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints, Mask
from servanda.model import condition as c
from servanda.model.norm import By, CountedFrom, Norm, NormKind, Within

if TYPE_CHECKING:
    from servanda.engine.columns.simulation import ColumnSimulation

_STATES = (  # what an instance is in within a round
    Flags(begun=True),
    Flags(begun=True, fulfilled=True),
    Flags(begun=True, breached=True),
    Flags(begun=True, cured=True),
)
_BEGUN, _FULFILLED, _BREACHED, _CURED = range(len(_STATES))


def enter_rounds(sim: "ColumnSimulation", slot: Slot) -> bool:
    """Make the history of an instance; False where that has to be done step by step."""
    norm, env = slot.norm, slot.instance.env
    if not _begins_anew(sim, slot) or not isinstance(norm.condition, c.Pattern):
        return False
    starts = sim.columns.course_of(start_of(norm).condition, env, Role.FULFILLING)
    begun = _begins(starts)
    begun = begun[begun <= sim.up_to]
    if len(begun) <= few.RECORDS:
        return False
    due = _dues(sim, slot, begun)
    facts = sim.columns.column_facts.column(
        sim.columns.ground(norm.condition, env), Role.FULFILLING
    )
    if (due <= begun).any() or _within(due, *facts.coarse):
        return False
    over = np.append(begun[1:], LATEST)
    done = _holding_from(sim.columns.course_of(norm.condition, env, Role.FULFILLING), begun)
    performed = (done < over) & (done <= sim.up_to)
    missed = (due < over) & (due <= sim.up_to) & ~(performed & (done < due))
    _put(slot, begun, np.where(performed, done, LATEST), due, missed)
    if performed.any():
        slot.performed = env, int(done[performed][-1])
        show_records(sim, slot)
    return True


def untouched(sim: "ColumnSimulation", slot: Slot) -> bool:
    """Whether an instance, once begun, is neither suspended nor ended, and no body speaks of it."""
    norm = slot.norm
    if norm.kind is NormKind.POLITICAL or slot.instance.vacant or _ends(norm):
        return False
    if sim.findings or sim.settings.findings_needed or sim.incoming.get(norm.id):
        return False
    return not sim.evaluator.asks_states(start_of(norm).condition)


def _begins_anew(sim: "ColumnSimulation", slot: Slot) -> bool:
    """Whether an instance is begun anew by each event, and by nothing else ceases to be owed."""
    norm, start = slot.norm, start_of(slot.norm)
    if norm.duty != "achieve" or not start.each or not untouched(sim, slot):
        return False
    deadline = deadline_of(sim, slot)
    if isinstance(deadline, Within):
        own = deadline.of == start.condition and not isinstance(deadline.of, c.TermHolds)
        return own and deadline.counted_from is CountedFrom.EVENT
    return not isinstance(deadline, By)


def _ends(norm: Norm) -> bool:
    """Whether anything suspends, ends, releases or reopens it."""
    return bool(
        norm.every is not None
        or norm.until is not None
        or norm.cure is not None
        or norm.suspended_while
        or norm.clock_stops
        or norm.terminated_when
        or norm.released_when
        or norm.reopens_when
        or norm.triggers
        or norm.lapses
    )


def _begins(course: Course) -> Ints:
    """When a condition begins to hold, each time; EARLIEST where it always has."""
    begins = course.flips[int(course.before) :: 2]
    return np.concatenate(([EARLIEST], begins)) if course.before else begins


def _dues(sim: "ColumnSimulation", slot: Slot, begun: Ints) -> Ints:
    """The first instant too late of each round; LATEST where there is none."""
    deadline = deadline_of(sim, slot)
    if not isinstance(deadline, Within):
        return np.full(len(begun), LATEST)
    dues = (
        LATEST if event == EARLIEST else due_of(sim, slot, deadline.duration, event)
        for event in begun.tolist()
    )
    return np.fromiter(dues, np.int64, len(begun))


def _within(instants: Ints, first: Ints, last: Ints) -> bool:
    """Whether one of some instants lies in one of some periods after its beginning."""
    ordered = np.sort(instants)
    before, upto = (np.searchsorted(ordered, edge, "right") for edge in (first, last))
    return bool((before < upto).any())


def _holding_from(course: Course, instants: Ints) -> Ints:
    """For each instant the first from it on at which a condition holds; LATEST where none."""
    place = np.searchsorted(course.flips, instants, "right")
    holds = (place & 1).astype(bool) ^ course.before
    return np.where(holds, instants, np.append(course.flips, LATEST)[place])


def _put(slot: Slot, begun: Ints, done: Ints, due: Ints, missed: Mask) -> None:
    """Write all rounds into the history: when each began, was done, fell due."""
    late = missed & (done < LATEST)
    in_time, cured = ~missed & (begun < done) & (done < LATEST), late & (due < done)
    parts = (
        (begun, np.where(done == begun, _FULFILLED, _BEGUN), due),
        (done[in_time], np.full(in_time.sum(), _FULFILLED), due[in_time]),
        (due[missed], np.where(done[missed] == due[missed], _CURED, _BREACHED), due[missed]),
        (done[cured], np.full(cured.sum(), _CURED), due[cured]),
    )
    times, states, dues = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(times, kind="stable")
    times, states, dues = times[order], states[order], dues[order]
    changed = np.append(True, (np.diff(states) != 0) | (np.diff(dues) != 0))
    history = slot.history
    history.activated = int(begun[0])
    history.times = times[changed].tolist()
    history.flags = [
        _STATES[state] if due == LATEST else _STATES[state]._replace(due=due)
        for state, due in zip(states[changed].tolist(), dues[changed].tolist(), strict=True)
    ]
    bearers = slot.instance.bearers
    history.breaches = [
        Breach(at, bearers, "missed", cleared=made_up)
        for at, made_up in zip(due[missed].tolist(), late[missed].tolist(), strict=True)
    ]
