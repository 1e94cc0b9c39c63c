"""Conditions that look back over time at states of norms: when they may change later."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from servanda.engine.slot import Slot
from servanda.engine.strata import conditions
from servanda.engine.walk import walk
from servanda.evidence.standard import Role
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.lifecycle import Simulation


def push_delayed(sim: "Simulation", slot: Slot) -> None:
    """Conditions that ask for this state within a window may change later."""
    for other, cond in sim.delaying:
        for shift in _shifts(sim, cond, slot.norm.id):
            sim.push(sim.now + shift)
            sim.push(sim.now + shift + 1)
        _push_after(sim, cond, other)


def delaying(sim: "Simulation") -> list[tuple[Slot, c.Condition]]:
    """Conditions that look back over time at states of norms."""
    agreement, assignment = sim.evaluator.facts.world.agreement, sim.evaluator.assignment
    found = []
    for slot in sim.slots:
        brought = (e.condition for e in slot.norm.effects if e.condition is not None)
        for cond in (*(own for _, own in conditions(slot.norm)), *brought):
            nodes = list(walk(cond, agreement, assignment))
            if any(isinstance(n, c.StateOf | c.KeptFor) for n in nodes) and any(
                isinstance(n, c.Temporal | c.Dyadic | c.Lasting | c.After | c.KeptFor)
                for n in nodes
            ):
                found.append((slot, cond))
    return found


def _shifts(sim: "Simulation", cond: c.Condition, norm: str) -> Iterable[int]:
    for node in walk(cond, sim.evaluator.facts.world.agreement, sim.evaluator.assignment):
        match node:
            case c.KeptFor(kept, _, duration) if kept == norm:
                yield duration.ticks
            case c.Lasting(duration, _):
                yield duration.ticks
            case c.Temporal(_, window, _) | c.Dyadic(_, window, _, _) if window is not None:
                yield from (bound for bound in window.ticks if bound is not None)
            case _:
                pass


def _push_after(sim: "Simulation", cond: c.Condition, slot: Slot) -> None:
    agreement = sim.evaluator.facts.world.agreement
    for node in walk(cond, agreement, sim.evaluator.assignment):
        if isinstance(node, c.After):
            for instant in sim.evaluator.boundaries(node, slot.instance.env, Role.FULFILLING):
                sim.push(instant)
