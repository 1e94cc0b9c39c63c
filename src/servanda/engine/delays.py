"""Conditions that look back over time at states of norms: when they may change later."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servanda.engine.slot import Slot
from servanda.engine.strata import conditions
from servanda.engine.walk import walk
from servanda.evidence.standard import Role
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation


@dataclass(frozen=True, slots=True)
class Delays:
    """What a change of a state brings later, in the norms that are worked out together.

    `shifts` are distances in time, each with the norm of which it is said (None: of any); `after`
    are conditions that begin so long after another, with the instance that asks.
    """

    shifts: frozenset[tuple[str | None, int]]
    after: tuple[tuple[Slot, c.After], ...]


def push_delayed(sim: "Simulation", slot: Slot) -> None:
    """Conditions that ask for this state within a window may change later."""
    for norm, shift in sim.delays.shifts:
        if norm is None or norm == slot.norm.id:
            sim.push(sim.now + shift)
            sim.push(sim.now + shift + 1)
    for other, node in sim.delays.after:
        for instant in sim.evaluator.boundaries(node, other.instance.env, Role.FULFILLING):
            sim.push(instant)


def delays(sim: "Simulation") -> Delays:
    """The delays of conditions that look back at states which are just being worked out.

    When the states of other norms change is known beforehand.
    """
    agreement, assignment = sim.evaluator.facts.world.agreement, sim.evaluator.assignment
    own = sim.norms
    known: dict[int, tuple[c.Condition, ...]] = {}
    after = []
    for slot in sim.slots:
        brought = (e.condition for e in slot.norm.effects if e.condition is not None)
        for cond in (*(one for _, one in conditions(slot.norm)), *brought):
            if id(cond) not in known:
                nodes = tuple(walk(cond, agreement, assignment))
                asking = any(isinstance(n, c.StateOf | c.KeptFor) and n.norm in own for n in nodes)
                known[id(cond)] = nodes if asking else ()
            after += [(slot, node) for node in known[id(cond)] if isinstance(node, c.After)]
    shifts = frozenset(one for nodes in known.values() for node in nodes for one in _shifts(node))
    return Delays(shifts, tuple(after))


def _shifts(node: c.Condition) -> Iterator[tuple[str | None, int]]:
    match node:
        case c.KeptFor(norm, _, duration):
            yield norm, duration.ticks
        case c.Lasting(duration, _):
            yield None, duration.ticks
        case c.Temporal(_, window, _) | c.Dyadic(_, window, _, _) if window is not None:
            yield from ((None, bound) for bound in window.ticks if bound is not None)
        case _:
            pass
