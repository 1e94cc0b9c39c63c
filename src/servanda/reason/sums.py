"""Acts by which a sum, a count or a largest value reaches what it is compared with, in one go.

In: an aggregate condition with the values of its variables.  Out: the act by each who may do it;
none where one act does not reach it.  What a limit is measured by is measured first.
"""

from collections.abc import Iterator
from typing import Any

from servanda.engine.reason import Env
from servanda.model import condition as c
from servanda.model.quantity import Quantity
from servanda.reason.acts import Act, acts_for, by_anybody, measure_act, meeting
from servanda.reason.setting import Row, Setting

MAX_TIMES = 5  # how often one act is told, where acts are counted
OVER = 1000  # what is measured beyond what is taken off it


def sum_acts(setting: Setting, cond: c.Aggregate, env: Env) -> list[Act]:
    up = cond.comparison in ("at least", "more than", "exactly")
    if cond.op not in ("sum", "max", "count") or not isinstance(cond.body, c.Pattern) or not up:
        return []
    made = next(acts_for(setting, cond.body, env), None)
    if made is None:
        return []
    before, amount = _reached(setting, cond, env)
    times = amount if cond.op == "count" else 1
    if times > MAX_TIMES:
        return []
    bearer = env.get("bearer")
    owing = (bearer,) if isinstance(bearer, str) else ()
    return [
        Act((*before, *([_of(cond, one, amount)] * times)), one.by)
        for one in _each(made, by_anybody(setting, cond.body, made, owing))
    ]


def _each(first: Act, others: list[Act]) -> Iterator[Act]:
    yield first
    yield from (one for one in others if one != first)


def _of(cond: c.Aggregate, act: Act, amount: int) -> Row:
    row = dict(act.rows[0])
    if cond.argument is not None:
        unit = cond.quantity.unit if isinstance(cond.quantity, Quantity) else None
        paid = {"currency": unit} if unit is not None and "currency" in row["args"] else {}
        row["args"] = {**row["args"], cond.argument: str(amount), **paid}
    return row


def _reached(setting: Setting, cond: c.Aggregate, env: Env) -> tuple[tuple[Row, ...], int]:
    """What is measured first, and the amount that then meets the comparison."""
    if not isinstance(cond.quantity, c.MeasuredLimit):
        return (), meeting(c.Bound(cond.comparison, cond.quantity))
    limit, less = cond.quantity, cond.quantity.less
    total: Any = OVER + (int(less.amount) if less is not None else 0)
    of = sorted(setting.evaluator.names(limit.of, env) or ())
    return measure_act(limit.measure, of[0] if of else "", total, None).rows, total
