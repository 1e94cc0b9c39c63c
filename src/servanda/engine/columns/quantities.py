"""Measures, counts and sums in columns (see `engine.quantities`)."""

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from servanda.engine.axis import LATEST
from servanda.engine.columns import course as k
from servanda.engine.columns.fact_column import FactColumn
from servanda.engine.facts import Ground, Matcher
from servanda.engine.quantities import SINCE, counts_events
from servanda.engine.reason import Env
from servanda.evidence.standard import Role
from servanda.evidence.table import MISSING, Ints
from servanda.model import condition as c
from servanda.model.quantity import Quantity

if TYPE_CHECKING:
    from servanda.engine.columns.evaluator import ColumnEvaluator


def measured(ev: "ColumnEvaluator", cond: c.Measured, env: Env) -> k.Course:
    """The latest measure that gives a value against its limit; no measure is no breach."""
    args: tuple[tuple[str, Matcher], ...] = (("name", ev.names(cond.measure, env) or frozenset()),)
    if holders := ev.names(cond.of, env):
        args += (("of", holders),)
    found = ev.column_facts.column(Ground("measure", args), Role.OFFENDING)
    codes, known = found.numbers("value")
    told = codes != MISSING
    at = found.at[told]
    says = np.array([cond.comparison.holds(n, cond.quantity.amount) for n in known], bool)
    last = np.flatnonzero(np.append(np.diff(at) != 0, True)) if len(at) else k.NONE
    return k.steps(at[last], says[codes[told]][last], True)


def aggregated(ev: "ColumnEvaluator", cond: c.Aggregate, env: Env, role: Role) -> k.Course | None:
    """A count or a sum against a constant; None for what is left to the reference."""
    if cond.op not in ("count", "sum") or not isinstance(cond.quantity, Quantity):
        return None
    parts = ev.acting(cond.body, env, role).parts
    at = np.concatenate([k.NONE, *(p.at for p in parts)])
    amounts = np.ones(len(at), object)
    if cond.op == "sum":
        given = [_amounts(p, cond.argument, cond.quantity.unit) for p in parts]
        amounts = np.concatenate([np.empty(0, object), *given])
    if isinstance(since := env.get(SINCE), str) and counts_events(ev, cond):
        kept = at >= int(since)
        at, amounts = at[kept], amounts[kept]
    leaves = np.full(len(at), LATEST) if cond.window is None else at + cond.window.ticks + 1
    times = np.concatenate((at, leaves))
    change = np.concatenate((amounts, -amounts))
    order = np.argsort(times, kind="stable")
    times, totals = times[order], np.cumsum(change[order])
    last = np.flatnonzero(np.append(np.diff(times) != 0, True)) if len(times) else k.NONE
    last = last[times[last] < LATEST]
    limit = cond.quantity.amount
    holds = np.array([cond.comparison.holds(Decimal(t), limit) for t in totals[last]], bool)
    return k.steps(times[last], holds, cond.comparison.holds(Decimal(0), limit))


def _amounts(facts: FactColumn, argument: str | None, currency: str | None) -> Ints:
    """What each fact adds: nothing where it gives no number, or money in another currency."""
    codes, known = facts.numbers(argument or "")
    money, words = facts.words("currency")
    other = np.array([w != currency for w in words] + [False], bool)[money]
    numbers = np.array([*known, Decimal(0)], object)
    return numbers[np.where((codes == MISSING) | other, len(known), codes)]
