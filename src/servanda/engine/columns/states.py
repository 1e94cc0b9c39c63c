"""States that acts open and end, in columns (see `acts.openings_of`)."""

from typing import TYPE_CHECKING

import numpy as np

from servanda.engine.acts import StateSpell, closes, place_of_ending
from servanda.engine.axis import LATEST
from servanda.engine.columns import course as k
from servanda.engine.reason import Env
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.columns.acts import Acts
    from servanda.engine.columns.evaluator import ColumnEvaluator


def opened(ev: "ColumnEvaluator", cond: c.Call, env: Env) -> k.Course:
    """When an act has begun the state that no later act has ended."""
    openings, ends = _spans(ev, cond, env)
    return k.of_spans(openings.at, ends)


def spells(ev: "ColumnEvaluator", cond: c.Call, env: Env) -> tuple[StateSpell, ...]:
    """As `acts.openings_of`."""
    openings, ends = _spans(ev, cond, env)
    pairs = zip(openings, ends.tolist(), strict=True)
    return tuple(StateSpell(act.at, end, act) for act, end in pairs)


def _spans(ev: "ColumnEvaluator", cond: c.Call, env: Env) -> tuple["Acts", Ints]:
    """The acts that open the state, and until when each does."""
    state = ev.facts.world.agreement.states[cond.name]
    inner = ev.arguments(state.parameters, cond, env)
    openings = ev.acting(state.begins, inner, Role.OFFENDING).merged
    ends = np.full(len(openings), LATEST, np.int64)
    if state.ends is not None and len(openings):
        _close(ev, openings, ev.acting(state.ends, inner, Role.FULFILLING).merged, ends)
    return openings, ends


def _close(ev: "ColumnEvaluator", openings: "Acts", endings: "Acts", ends: Ints) -> None:
    """Note for each opening its first later ending that is about its place."""
    by_place: dict[object, list[int]] = {}
    for index, ending in enumerate(endings):
        by_place.setdefault(place_of_ending(ev, ending), []).append(index)
    for place, indexes in by_place.items():
        times = np.append(endings.at[indexes], LATEST)
        following = times[np.searchsorted(times, openings.at, "right")]
        if place is None:
            np.minimum(ends, following, out=ends)
            continue
        sooner = np.flatnonzero(following < ends)
        for opening in sooner:
            if closes(ev, endings[indexes[0]], openings[int(opening)]):
                ends[opening] = following[opening]
