"""Conditions, records and states in plain English, for explanations and reports."""

from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from servanda.evidence.instant import day_of, iso
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.geo import Point
from servanda.model import condition as c
from servanda.model.quantity import Duration, Quantity, Window

STATE_SENTENCES = {
    "inactive": "has not begun",
    "active": "is active",
    "suspended": "is suspended",
    "fulfilled": "is fulfilled",
    "breached": "is breached",
    "cured": "was breached and is cured",
    "expired": "has expired",
    "terminated": "is terminated",
    "depends": "depends on how a disputed term is read",
}


def words(name: str) -> str:
    """An id as words: `the_first_party` → the first party."""
    return name.replace("_", " ")


def duration(value: Duration) -> str:
    unit = value.unit[:-1] if value.amount == 1 else value.unit
    return f"{value.amount} {unit}"


def quantity(value: Quantity) -> str:
    amount = (
        format(value.amount, ",f")
        if value.amount == value.amount.to_integral()
        else str(value.amount)
    )
    return f"{amount} {words(value.unit)}" if value.unit else amount


def value(node: c.Value, env: Mapping[str, str | frozenset[str]] | None = None) -> str:
    """A value in words; variables that are bound are named."""
    match node:
        case c.Name(name):
            return words(name)
        case c.Var(name):
            bound = (env or {}).get(name)
            if bound is None:
                return f"the {words(name)}"
            return (
                words(bound) if isinstance(bound, str) else " or ".join(sorted(map(words, bound)))
            )
        case c.TermValue(term):
            return f"“{words(term)}” (disputed)"
        case c.SetOf(items):
            return " or ".join(value(i, env) for i in items)
        case c.MembersOf(group):
            return f"a member of {words(group)}"
        case c.ListValue(name):
            return f"the listed {words(name)}"
        case c.Bound(comparison, amount):
            return f"{comparison.value} {quantity(amount)}"


def _all_of(node: c.Value, env: Mapping[str, str | frozenset[str]] | None) -> str:
    """A value of which all are meant, not any."""
    if isinstance(node, c.SetOf):
        return " and ".join(value(item, env) for item in node.items)
    return value(node, env)


def _window(window: Window | None, future: bool) -> str:
    if window is None:
        return ""
    side = "after" if future else "before"
    if window.upper is None:
        return f" at least {duration(window.lower)} {side}" if window.lower.amount else ""
    if window.lower.amount == 0:
        return f" within {duration(window.upper)} {side}"
    return f" between {duration(window.lower)} and {duration(window.upper)} {side}"


def condition(  # noqa: C901 - one branch for each form
    node: c.Condition, env: Mapping[str, str | frozenset[str]] | None = None
) -> str:
    """A condition as part of a sentence."""

    def inner(cond: c.Condition) -> str:
        text = condition(cond, env)
        return f"({text})" if isinstance(cond, c.And | c.Or) else text

    match node:
        case c.Pattern(name, args, place, new):
            parts = [f"{words(a.name)} {value(a.value, env)}" for a in args]
            text = " ".join([("a new " if new else "") + words(name), *parts])
            if place is not None:
                near = f"within {quantity(place.within)} of" if place.within else "at"
                text += f" {near} {value(place.place, env)}"
            return text
        case c.StateOf(norm, keys, state):
            return f"{norm}{_keys(keys, env)} is {state}"
        case c.KeptFor(norm, keys, length):
            return f"{norm}{_keys(keys, env)} has been kept for {duration(length)}"
        case c.Reads(term, reading):
            return f"“{words(term)}” is read as {words(reading)}"
        case c.TermHolds(term):
            return f"“{words(term)}” (disputed) has come"
        case c.Call(name, args):
            listed = ", ".join(value(a, env) for a in args)
            return f"{words(name)} ({listed})" if listed else words(name)
        case c.InForce():
            return "the agreement is in force"
        case c.Consent(of):
            return f"consent of {_all_of(of, env)}"
        case c.FromInstant(at):
            return f"it is {at.isoformat()} or later"
        case c.Same(left, right):
            return f"{value(left, env)} is {value(right, env)}"
        case c.Measured(measure, whose, comparison, amount):
            limit = f"{comparison.value} {quantity(amount)}"
            return f"{value(measure, env)} of {value(whose, env)} {limit}"
        case c.Outstanding(tally, holder, category, comparison, amount):
            who = f"{value(category, env)} held by {value(holder, env)}"
            return f"outstanding {words(tally)} ({who}) {comparison.value} {quantity(amount)}"
        case c.Aggregate(op, argument, body, window, comparison, amount):
            what = f" of {argument}" if argument else ""
            span = f" within {duration(window)}" if window else ""
            most = f"{comparison.value} {limit_of(amount, env)}"
            return f"the {op}{what} over {inner(body)}{span} {most}"
        case c.Not(body):
            return f"not {inner(body)}"
        case c.And(parts_):
            return " and ".join(inner(p) for p in parts_)
        case c.Or(parts_):
            return " or ".join(inner(p) for p in parts_)
        case c.Temporal(op, window, body):
            future = op in ("eventually", "always", "next")
            return f"{op}{_window(window, future)}: {inner(body)}"
        case c.Dyadic(op, window, left, right):
            return f"{inner(left)} {op}{_window(window, op == 'until')} {inner(right)}"
        case c.Lasting(length, body):
            return f"for at least {duration(length)}: {inner(body)}"
        case c.After(length, body):
            return f"{duration(length)} after {inner(body)}"
        case c.Some(_, body):
            return inner(body)
        case c.Every(variable, domain, body):
            return f"for each {words(variable)} of {_all_of(domain, env)}: {inner(body)}"


def limit_of(
    amount: Quantity | c.MeasuredLimit, env: Mapping[str, str | frozenset[str]] | None
) -> str:
    """A constant limit, or one that is measured."""
    if isinstance(amount, Quantity):
        return quantity(amount)
    measured = f"{words(amount.measure)} of {value(amount.of, env)}"
    share = "" if amount.percent == 100 else f"{format(amount.percent, 'f')} percent of "
    less = "" if amount.less is None else f" less {quantity(amount.less)}"
    return f"{share}{measured}{less}"


def _keys(keys: tuple[c.Value, ...], env: Mapping[str, str | frozenset[str]] | None) -> str:
    return f" [{', '.join(value(k, env) for k in keys)}]" if keys else ""


def when(record: Record, zone: ZoneInfo) -> str:
    """The date of a record with the precision that its source gave."""
    if record.at is None:
        return "undated"
    if record.at.exact:
        return iso(record.at.first)
    first, last = day_of(record.at.first, zone), day_of(record.at.last, zone)
    if first == last:
        whole = record.at.length + 1 >= 23 * 3_600_000_000
        return first.isoformat() + (" (day known, hour not)" if whole else " (hour known)")
    return f"{first.isoformat()} to {last.isoformat()} (month known, day not)"


def record(one: Record, zone: ZoneInfo) -> str:
    """A record as one sentence: who says what, and when it is dated."""
    said = []
    for name, given in one.args.items():
        text = given if isinstance(given, str) else _listed(given)
        said.append(f"{words(name)} {'nobody named' if text == UNATTRIBUTED else words(text)}")
    speaker = words(one.speaker)
    via = f" (through {words(one.source)})" if one.speaker != one.source else ""
    place = f", at {_place(one.place)}" if one.place is not None else ""
    what = f"{words(one.type)}{' ' if said else ''}{', '.join(said)}{place}"
    return f"{one.id}: {speaker}{via} says {what}, {when(one, zone)}"


def _listed(given: Decimal | tuple[str, ...]) -> str:
    return format(given, ",f") if isinstance(given, Decimal) else " and ".join(map(words, given))


def _place(place: str | Point) -> str:
    return words(place) if isinstance(place, str) else f"{place.lat:.3f}, {place.lon:.3f}"
