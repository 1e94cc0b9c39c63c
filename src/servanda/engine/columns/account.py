"""What has dates in the course of an automaton, and the histories that are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.columns import few
from servanda.engine.columns.acts import Acts
from servanda.engine.columns.entries import Entries
from servanda.engine.columns.inputs import Unfit
from servanda.engine.history import Breach, Flags, History
from servanda.engine.instances import Instance
from servanda.engine.performance import straddling
from servanda.engine.reference import Evaluator
from servanda.engine.slot import Slot
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.columns.simulation import ColumnSimulation


@dataclass
class Account:
    """What has dates in the course of one instance."""

    due: int = LATEST
    paused: int = LATEST
    begun: int | None = None
    undone: int = EARLIEST
    performed: int | None = None
    entered: list[tuple[int, str]] = field(default_factory=list)
    cleared: int = 0  # how many of the entries
    acted: list[int] = field(default_factory=list)
    straddled: list[int] = field(default_factory=list)  # deadlines that an act might straddle


def put_states(
    history: History, times: Ints, flags: Sequence[Flags], course: Ints, dues: Ints | None
) -> None:
    """Write into a history when its flags change: `flags` of each state, `course` the number of the
    state from each of the times on, `dues` the deadline that runs then, where any does.
    """
    kinds: dict[Flags, int] = {}
    numbers = np.array([kinds.setdefault(one, len(kinds)) for one in flags])[course]
    each = list(kinds)
    changed = np.diff(numbers, prepend=0) != 0  # the first state is that before all instants
    if dues is not None:
        timed = np.array([one.due is not None for one in each])[numbers]
        dues = np.where(timed, dues, 0)
        changed |= np.diff(dues, prepend=0) != 0
    history.times = times[changed].tolist()
    history.flags = [each[number] for number in numbers[changed].tolist()]
    if dues is not None:
        history.flags = [
            one if one.due is None else Flags._make((*one[:-1], due))
            for one, due in zip(history.flags, dues[changed].tolist(), strict=True)
        ]


def put_entries(sim: "ColumnSimulation", slot: Slot, account: Account, acts: Acts | None) -> None:
    """Write the breaches into a history: acts, or missed deadlines, or failings."""
    by = slot.instance.bearers
    if acts is not None:
        entries = Entries(acts, by)
        entries.enter(np.flatnonzero(np.isin(acts.at, np.array(account.acted, np.int64))))
        slot.history.breaches = entries if len(entries) >= few.RECORDS else list(entries)
        return
    slot.history.breaches = [
        Breach(at, by, kind, cleared=number < account.cleared)
        if kind == "missed"
        else Breach(at, by, kind, partial(_failing, sim.evaluator, slot.instance, at))
        for number, (at, kind) in enumerate(account.entered)
    ]


def look_up_few(slot: Slot) -> None:
    """Look the records of failings up now, but for very many, which somebody may never ask for."""
    breaches = slot.history.breaches
    for breach in breaches if len(breaches) <= few.RECORDS else ():
        breach.shown_by = breach.records


def _failing(ev: Evaluator, instance: Instance, at: int) -> tuple[Record, ...]:
    """The records of what is not kept at an instant."""
    assert instance.norm.condition is not None
    return ev.evaluate(instance.norm.condition, instance.env, at, Role.OFFENDING).records()


# --- acts whose period holds a deadline -----------------------------------------------------------


def refuse_straddled(sim: "ColumnSimulation", slot: Slot, account: Account) -> None:
    """Refuse, as Unfit, an instance whose deadline an act holds in its period."""
    cond, env, ev = slot.norm.condition, slot.instance.env, sim.columns
    if not account.straddled or cond is None:
        return
    if ev.asks_states(cond):
        raise Unfit
    if isinstance(cond, c.Pattern):
        if not _within(np.array(account.straddled), *_coarse(sim, slot, cond)):
            return
    if any(straddling(sim, slot, env, due) is not None for due in account.straddled):
        raise Unfit


def straddles(sim: "ColumnSimulation", slot: Slot) -> bool:
    """Whether the period of an act might hold a deadline."""
    cond = slot.norm.condition
    if cond is None or slot.norm.duty != "achieve":
        return False
    return not isinstance(cond, c.Pattern) or bool(len(_coarse(sim, slot, cond)[0]))


def _coarse(sim: "ColumnSimulation", slot: Slot, cond: c.Pattern) -> tuple[Ints, Ints]:
    """Beginnings and ends of the periods of acts that are dated by no instant."""
    ground = sim.columns.ground(cond, slot.instance.env)
    return sim.columns.column_facts.column(ground, Role.FULFILLING).coarse


def _within(instants: Ints, first: Ints, last: Ints) -> bool:
    """Whether one of some instants lies in one of some periods after its beginning."""
    ordered = np.sort(instants)
    before, upto = (np.searchsorted(ordered, edge, "right") for edge in (first, last))
    return bool((before < upto).any())
