"""Quantities: the latest measure, what is outstanding of a tally, counts and sums."""

from decimal import Decimal
from typing import TYPE_CHECKING

from servanda.engine.axis import EARLIEST
from servanda.engine.facts import Fact, Ground, Matcher
from servanda.engine.reason import Env, Reason
from servanda.engine.walk import patterns, walk
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.quantity import Quantity

if TYPE_CHECKING:
    from servanda.engine.reference import Evaluator


def latest_measure(
    ev: "Evaluator", cond: c.Measured | c.MeasuredLimit, env: Env, at: int
) -> tuple[Fact, Decimal] | None:
    """The latest measure at or before an instant that gives a value (rule 11)."""
    measure = cond.measure
    names = frozenset({measure}) if isinstance(measure, str) else ev.names(measure, env)
    args: tuple[tuple[str, Matcher], ...] = (("name", names or frozenset()),)
    holders = ev.names(cond.of, env)
    if holders:
        args += (("of", holders),)
    found = [
        (fact, value)
        for fact in ev.facts.find(Ground("measure", args), Role.OFFENDING)
        if fact.at <= at and (value := fact.number("value")) is not None
    ]
    return found[-1] if found else None


def measured(ev: "Evaluator", cond: c.Measured, env: Env, at: int) -> Reason:
    latest = latest_measure(ev, cond, env, at)
    if latest is None:
        return Reason(cond, True, note="no measure is no breach")
    fact, value = latest
    return Reason(
        cond, cond.comparison.holds(value, cond.quantity.amount), facts=(fact,), note=str(value)
    )


def outstanding(ev: "Evaluator", cond: c.Outstanding, env: Env, at: int) -> Reason:
    """Outstanding = listed − returned − declined − died, by the latest tally (rule 14)."""
    args: list[tuple[str, Matcher]] = []
    for name, value in (("holder", cond.holder), ("category", cond.category)):
        names = ev.names(value, env)
        if names:
            args.append((name, names))
    found = [
        (fact, listed)
        for fact in ev.facts.find(Ground("tally", tuple(args)), Role.FULFILLING)
        if fact.at <= at and (listed := fact.number("listed")) is not None
    ]
    if not found:
        return Reason(cond, False, note="no tally")
    latest, left = found[-1]
    for name in ("returned", "declined", "died"):
        left -= latest.number(name) or Decimal(0)
    holds = cond.comparison.holds(left, cond.quantity.amount)
    return Reason(cond, holds, facts=(latest,), note=str(left))


# In an environment: since when a commitment is active, for sums and counts of events.
SINCE = "since activation"


def counts_events(ev: "Evaluator", cond: c.Condition) -> bool:
    """Whether a condition adds up events, which count from activation on (states always do)."""
    known = ev.facts.world.adding
    if id(cond) not in known:
        agreement = ev.facts.world.agreement
        known[id(cond)] = any(
            isinstance(node, c.Aggregate)
            and all(
                pattern.new or agreement.record_types[pattern.type].event
                for pattern in patterns(node.body, agreement.definitions)
            )
            for node in walk(cond, agreement)
        )
    return known[id(cond)]


def aggregate(ev: "Evaluator", cond: c.Aggregate, env: Env, at: int, role: Role) -> Reason:
    first = EARLIEST if cond.window is None else at - cond.window.ticks
    if isinstance(since := env.get(SINCE), str) and counts_events(ev, cond):
        first = max(first, int(since))
    facts = [f for f, _ in ev.acts(cond.body, env, role) if first <= f.at <= at]
    bound = _limit(ev, cond.quantity, env, at)
    if bound is None:
        return Reason(cond, False, facts=tuple(facts), note="nothing measured yet to compare with")
    limit, shown = bound
    numbers = [
        number
        for f in facts
        if cond.argument is not None
        and (number := f.number(cond.argument)) is not None
        and f.word("currency") in (None, limit.unit)
    ]
    value: Decimal | None
    match cond.op:
        case "count":
            value = Decimal(len(facts))
        case "sum":
            value = Decimal(sum(numbers))
        case "min":
            value = min(numbers, default=None)
        case "max":
            value = max(numbers, default=None)
        case _:
            value = Decimal(sum(numbers)) / len(numbers) if numbers else None
    holds = value is not None and cond.comparison.holds(value, limit.amount)
    seen = (*facts, *shown)
    return Reason(cond, holds, facts=seen, note="" if value is None else str(value))


def _limit(
    ev: "Evaluator", limit: Quantity | c.MeasuredLimit, env: Env, at: int
) -> tuple[Quantity, tuple[Fact, ...]] | None:
    """The number to compare with and the measure it rests on; None where nothing is measured."""
    if isinstance(limit, Quantity):
        return limit, ()
    latest = latest_measure(ev, limit, env, at)
    if latest is None:
        return None
    fact, value = latest
    unit = ev.facts.world.agreement.measures[limit.measure].unit
    less = limit.less.amount if limit.less is not None else Decimal(0)
    return Quantity(value * limit.percent / 100 - less, unit), (fact,)
