"""Conditions that look back over time at states of norms: when they may change later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda.engine.axis import EARLIEST
from servanda.engine.reason import Env
from servanda.engine.slot import Slot
from servanda.engine.strata import conditions
from servanda.engine.walk import children, named, walk
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.agreement import Agreement

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation

Shift = tuple[str, int]  # a norm, and how much later than its states, in microseconds


@dataclass(frozen=True, slots=True)
class Delays:
    """What a change of a state brings later, in the norms that are worked out together.

    `shifts` are distances in time, each with the norm of which it is said; `after` are conditions
    that begin so long after another, with the variables of the instance that asks.
    """

    shifts: frozenset[Shift]
    after: tuple[tuple[Env, c.After], ...]


def push_delayed(sim: "Simulation", slot: Slot) -> None:
    """Conditions that ask for this state within a window may change later.

    What was so from the first has no end of time behind it, in which nothing further is looked at.
    """
    if sim.now == EARLIEST:
        return
    for norm, shift in sim.delays.shifts:
        if norm == slot.norm.id:
            sim.push(sim.now + shift)
            sim.push(sim.now + shift + 1)
    for env, node in sim.delays.after:
        for instant in sim.evaluator.boundaries(node, env, Role.FULFILLING):
            sim.push(instant)


def delays(sim: "Simulation") -> Delays:
    """The delays of conditions that look back at states which are just being worked out.

    When the states of other norms change is known beforehand.
    """
    agreement, assignment = sim.evaluator.facts.world.agreement, sim.evaluator.assignment
    own = sim.norms
    known: dict[int, tuple[c.Condition, ...]] = {}
    shifts: set[Shift] = set()
    after = []
    for slot in sim.slots:
        asked = [(slot.instance.env, cond) for _, cond in conditions(slot.norm)]
        for source, effect in sim.incoming.get(slot.norm.id, ()):
            if effect.condition is not None:
                asked += [(one.env, effect.condition) for one in sim.sources.get(source, ())]
        for env, cond in asked:
            if id(cond) not in known:
                nodes = tuple(walk(cond, agreement, assignment))
                asking = any(isinstance(n, c.StateOf | c.KeptFor) and n.norm in own for n in nodes)
                known[id(cond)] = nodes if asking else ()
                if asking:
                    found = _shifts(cond, agreement, assignment, frozenset())
                    shifts |= {(norm, shift) for norm, shift in found if norm in own and shift}
            after += [(env, node) for node in known[id(cond)] if isinstance(node, c.After)]
    return Delays(frozenset(shifts), tuple(after))


def _shifts(
    cond: c.Condition,
    agreement: Agreement,
    assignment: Mapping[str, str] | None,
    called: frozenset[str],
) -> set[Shift]:
    """How much later a condition may change than the states that it asks for.

    A window within a window looks further back: their bounds add up.
    """
    inner: set[Shift] = set()
    for mark, conds in named(cond, agreement, assignment):
        if mark not in called:
            for one in conds:
                inner |= _shifts(one, agreement, assignment, called | {mark})
    for one in children(cond):
        inner |= _shifts(one, agreement, assignment, called)
    match cond:
        case c.StateOf(norm):
            return {(norm, 0)}
        case c.KeptFor(norm, _, duration):
            return {(norm, 0), (norm, duration.ticks)}
        case c.Lasting(duration, _):
            bounds: tuple[int, ...] = (duration.ticks,)
        case c.Temporal("previous"):
            bounds = (1,)
        case c.Temporal(_, window, _) if window is not None:
            bounds = tuple(bound for bound in window.ticks if bound is not None)
        case c.Dyadic(_, window, _, _) if window is not None:
            ends = [bound for bound in window.ticks if bound is not None]
            bounds = (*ends, *(bound - 1 for bound in ends))
        case c.Aggregate(window=within) if within is not None:
            bounds = (within.ticks, within.ticks + 1)
        case _:
            bounds = ()
    return inner | {(norm, shift + bound) for norm, shift in inner for bound in bounds}
