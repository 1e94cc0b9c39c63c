"""Operators over time: once, historically, eventually, always, previous, next, since, until."""

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from servanda.engine.reason import Env, Reason
from servanda.evidence.standard import Role
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.reference import Evaluator


WITHOUT_LIMIT: tuple[int, int | None] = (0, None)


def _range(ev: "Evaluator", cond: c.Temporal | c.Dyadic, at: int, future: bool) -> tuple[int, int]:
    low, high = WITHOUT_LIMIT if cond.window is None else cond.window.ticks
    return ev.axis.after(at, low, high) if future else ev.axis.before(at, low, high)


def first_in(
    ev: "Evaluator", cond: c.Condition, env: Env, first: int, last: int, role: Role, wanted: bool
) -> Reason | None:
    """The latest witness in [first, last] at which the condition holds (or fails)."""
    instant = last_in(ev, cond, env, first, last, role, wanted)
    if instant is None:
        return None
    return replace(ev.evaluate(cond, env, instant, role), at=instant)


def last_in(
    ev: "Evaluator", cond: c.Condition, env: Env, first: int, last: int, role: Role, wanted: bool
) -> int | None:
    """The latest boundary in [first, last] at which the condition holds (or fails).

    A state that changes at the last, and is just being worked out, has no boundary there yet.
    """
    if first > last:
        return None
    ends = (first, last) if ev.asks_states(cond) else (first,)
    instants = chain(ev.boundaries_back(cond, env, last, first, role), ends)
    return next((i for i in instants if ev.holds(cond, env, i, role) is wanted), None)


def holds_over_time(ev: "Evaluator", cond: c.Temporal, env: Env, at: int, role: Role) -> bool:
    """As `temporal`, without the reasons."""
    if cond.op in ("previous", "next"):
        return temporal(ev, cond, env, at, role).holds
    first, last = _range(ev, cond, at, cond.op in ("eventually", "always"))
    wanted = cond.op in ("once", "eventually")
    return (last_in(ev, cond.body, env, first, last, role, wanted) is not None) is wanted


def temporal(ev: "Evaluator", cond: c.Temporal, env: Env, at: int, role: Role) -> Reason:
    match cond.op:
        case "previous" | "next":
            future = cond.op == "next"
            neighbour = at + 1 if future else at - 1
            first, last = _range(ev, cond, at, future)
            if not first <= neighbour <= last:
                return Reason(cond, False)
            part = ev.evaluate(cond.body, env, neighbour, role)
            return Reason(cond, part.holds, (part,))
        case "once" | "eventually":
            first, last = _range(ev, cond, at, cond.op == "eventually")
            witness = first_in(ev, cond.body, env, first, last, role, wanted=True)
            return Reason(cond, witness is not None, (witness,) if witness else ())
        case _:
            first, last = _range(ev, cond, at, cond.op == "always")
            failing = first_in(ev, cond.body, env, first, last, role, wanted=False)
            return Reason(cond, failing is None, (failing,) if failing else ())


def dyadic(ev: "Evaluator", cond: c.Dyadic, env: Env, at: int, role: Role) -> Reason:
    """since: the right held at some instant in the window, the left ever after it till now."""
    future = cond.op == "until"
    first, last = _range(ev, cond, at, future)
    if first > last:
        return Reason(cond, False)
    inside = [i for i in ev.boundaries(cond.right, env, role) if first < i <= last]
    # Within a stretch in which the right holds throughout, the instant nearest to now is best.
    nearest = [first, *inside] if future else [last, *(i - 1 for i in reversed(inside))]
    for instant in nearest:
        if not ev.holds(cond.right, env, instant, role):
            continue
        right = ev.evaluate(cond.right, env, instant, role)
        span = (at, instant - 1) if future else (instant + 1, at)
        if first_in(ev, cond.left, env, *span, role, wanted=False) is None:
            return Reason(cond, True, (right,), at=instant)
    return Reason(cond, False)
