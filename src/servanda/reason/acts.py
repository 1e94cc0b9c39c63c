"""Acts that a course of events can be made of: records that would match what a text asks about.

In: a pattern with the values of its variables.  Out: acts, each a few rows that every evidence
standard but findings lets count: what only an actor itself can declare it declares itself, the rest
is told by two invented sources of no side.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any

from servanda.engine.reason import Env
from servanda.model import condition as c
from servanda.model.quantity import Comparison
from servanda.model.record_type import ArgKind, ArgType, RecordType
from servanda.reason.setting import Row, Setting

WITNESSES = ("Observer_One", "Observer_Two")
MAX_VARIANTS = 8  # of one pattern whose arguments are sets
OUTSIDE = "somebody_else"


@dataclass(frozen=True)
class Act:
    """Rows without id, time and source, done together; `by` are the actors it takes."""

    rows: tuple[Row, ...]
    by: frozenset[str]

    @property
    def days(self) -> int:
        """How many days it takes: what is waited for between its rows."""
        return sum(row.get("wait", 0) for row in self.rows)

    @property
    def key(self) -> str:
        return repr([sorted(row.items(), key=str) for row in self.rows])


def acts_for(setting: Setting, pattern: c.Pattern, env: Env) -> Iterator[Act]:
    """Acts that would match a pattern, the likeliest first: at most MAX_VARIANTS, and one of each
    doer whom it names."""
    record_type = setting.agreement.record_types[pattern.type]
    options: list[list[tuple[str, Any]]] = []
    units: list[str] = []
    for arg in pattern.args:
        if arg.name == "unit":
            units = sorted(_names(setting, arg.value, env)) or setting.units
            continue
        declared = record_type.arg(arg.name)
        if declared is None:
            return
        options.append([(arg.name, v) for v in _values(setting, declared, arg.value, env)])
    places: list[str | None] = [*(_places(setting, pattern, env) or units)] or [None]
    for chosen in _variants(places, options, doer_of(record_type)):
        place, args = chosen[0], dict(chosen[1:])
        _fill(setting, record_type, args)
        row: dict[str, Any] = {"type": pattern.type, "args": args}
        if place is not None and not _says_place(record_type, args, place):
            row["place"] = {"name": place}
        yield Act((row,), _who(setting, record_type, args))
        for other in _otherwise(record_type, pattern, args):
            yield Act(({**row, "args": other},), _who(setting, record_type, other))


def _variants(
    places: list[str | None], options: list[list[tuple[str, Any]]], doer: str | None
) -> Iterator[tuple[Any, ...]]:
    """Some of the combinations, among them one for each doer."""
    first = list(islice(product(places, *options), MAX_VARIANTS))
    yield from first
    for at, listed in enumerate(options):
        if listed and listed[0][0] == doer and len(listed) > 1:
            told = [chosen[at + 1] for chosen in first]
            for one in listed:
                if one not in told:
                    yield (places[0], *(one if n == at else o[0] for n, o in enumerate(options)))


def doer_of(declared: RecordType) -> str | None:
    """The argument of a type of record that says who acts."""
    named = declared.declared_by or declared.actor
    if named is None:
        by = declared.arg("by")
        named = "by" if by is not None and by.kind is ArgKind.ACTOR else None
    return named


def by_anybody(setting: Setting, pattern: c.Pattern, act: Act, first: Iterable[str]) -> list[Act]:
    """Where a pattern does not say who acts, anybody may: the act by each side, by somebody else,
    and by whoever else is named `first`; none where it says who does."""
    declared = setting.agreement.record_types[pattern.type]
    who = doer_of(declared)
    if who is None or any(arg.name == who for arg in pattern.args):
        return []
    many = (arg := declared.arg(who)) is not None and arg.many
    sides = [a.id for a in setting.agreement.actors.values() if a.is_side]
    (row,) = act.rows
    return [
        Act(({**row, "args": {**row["args"], who: [doer] if many else doer}},), frozenset({doer}))
        for doer in dict.fromkeys((*first, *sides, OUTSIDE))
    ]


def _otherwise(
    record_type: RecordType, pattern: c.Pattern, args: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The same act with another of the words that the pattern leaves free."""
    asked = {arg.name for arg in pattern.args}
    for declared in record_type.args:
        if declared.required and declared.name not in asked and len(declared.one_of) > 1:
            yield {**args, declared.name: declared.one_of[-1]}


def _says_place(record_type: RecordType, args: dict[str, Any], place: str) -> bool:
    """Put the place into the argument that names one, if the type has such."""
    for declared in record_type.args:
        if declared.kind is ArgKind.PLACE:
            args[declared.name] = place
            return True
    return False


def _values(setting: Setting, declared: ArgType, value: c.Value, env: Env) -> list[Any]:
    if isinstance(value, c.Bound):
        return [str(meeting(value))]
    names = sorted(_names(setting, value, env))
    if declared.many:
        return [names] if names else [list(setting.sides[:1])]
    if names:
        return list(names)
    return [_anything(setting, declared, {})]


def meeting(bound: c.Bound, holds: bool = True) -> int:
    """A whole number that keeps to a bound, or does not."""
    edge = bound.quantity.amount
    inside = {
        Comparison.AT_LEAST: edge,
        Comparison.AT_MOST: edge,
        Comparison.MORE_THAN: edge + 1,
        Comparison.LESS_THAN: edge - 1,
        Comparison.EQUAL: edge,
    }
    outside = {
        Comparison.AT_LEAST: edge - 1,
        Comparison.AT_MOST: edge + 1,
        Comparison.MORE_THAN: edge,
        Comparison.LESS_THAN: edge,
        Comparison.EQUAL: edge + 1,
    }
    return int((inside if holds else outside)[bound.comparison])


def _names(setting: Setting, value: c.Value, env: Env) -> frozenset[str]:
    return setting.evaluator.names(value, env) or frozenset()


def _places(setting: Setting, pattern: c.Pattern, env: Env) -> list[str]:
    if pattern.place is None:
        return []
    return sorted(_names(setting, pattern.place.place, env))


def _fill(setting: Setting, record_type: RecordType, args: dict[str, Any]) -> None:
    """Give the arguments that a record must have and the pattern leaves free."""
    for declared in record_type.args:
        if declared.required and declared.name not in args:
            args[declared.name] = _anything(setting, declared, args)
    actor = record_type.actor
    if actor is not None and actor not in args:
        declared_actor = record_type.arg(actor)
        if declared_actor is not None:
            args[actor] = _anything(setting, declared_actor, args)


def _anything(setting: Setting, declared: ArgType, args: Mapping[str, Any]) -> Any:
    match declared.kind:
        case ArgKind.ACTOR | ArgKind.TERRITORY:
            taken = {v for v in args.values() if isinstance(v, str)}
            other = next((s for s in setting.sides if s not in taken), OUTSIDE)
            return [other] if declared.many else other
        case ArgKind.NUMBER | ArgKind.MONEY:
            return "1"
        case ArgKind.PLACE:
            return next(iter(setting.agreement.places), None) or setting.units[0]
        case _:
            if declared.name == "currency":
                return next((f.currency for f in setting.agreement.funds.values()), "USD")
            return declared.one_of[0] if declared.one_of else "example"


def _who(setting: Setting, record_type: RecordType, args: Mapping[str, Any]) -> frozenset[str]:
    given = args.get(record_type.declared_by or record_type.actor or "")
    if isinstance(given, list):
        return frozenset(given)
    return frozenset() if given is None else frozenset({given})


def consent_act(setting: Setting, cond: c.Consent, env: Env) -> Act:
    """All consents that one condition asks for, given together."""
    parties = sorted(_names(setting, cond.of, env))
    rows = tuple({"type": cond.types[0], "args": {"party": party}} for party in parties)
    return Act(rows, frozenset(parties))


def measure_act(measure: str, of: str, value: int, unit: str | None) -> Act:
    args = {"name": measure, "of": of, "value": str(value), **({"unit": unit} if unit else {})}
    return Act(({"type": "measure", "args": args},), frozenset())


def tally_act(holder: str, category: str, outstanding: int) -> Act:
    args = {"holder": holder, "category": category, "listed": "10"}
    args["returned"] = str(10 - outstanding)
    return Act(({"type": "tally", "args": args},), frozenset({holder}))


def finding_act(body: str, norm: str, result: str, votes: int) -> Act:
    args = {"body": body, "norm": norm, "result": result, "votes_for": str(votes)}
    return Act(({"type": "finding", "args": args},), frozenset({body}))


def dated(setting: Setting, act: Act, at: datetime, serial: int) -> Iterator[dict[str, Any]]:
    """The rows of an act with their time, ids and sources.

    A row may name its `source`; `wait` days pass after it; `@2` stands for the id of the second.
    """
    passed = timedelta()
    for number, row in enumerate(act.rows):
        record_type = setting.agreement.record_types[row["type"]]
        when = (at + passed + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        passed += timedelta(days=row.get("wait", 0))
        mark = f"s{serial:02d}" + (f"-{number + 1}" if len(act.rows) > 1 else "")
        sources = (row["source"],) if "source" in row else _sources(setting, record_type, row)
        for told, source in enumerate(sources):
            identity = mark + ("" if len(sources) == 1 else "ab"[told] if told < 2 else str(told))
            rest = _rest(row, f"s{serial:02d}-")
            yield {"id": identity, "type": row["type"], "at": when, **rest, "source": source}


def _rest(row: Row, mark: str) -> dict[str, Any]:
    """The other fields of a row, with what points at other rows of its act."""

    def meant(value: Any) -> Any:
        if isinstance(value, list):
            return [meant(one) for one in value]
        pointing = isinstance(value, str) and value.startswith("@")
        return mark + value[1:] if pointing else value

    kept = {key: value for key, value in row.items() if key not in ("type", "wait", "source")}
    return {**kept, "args": {name: meant(value) for name, value in row["args"].items()}}


def _sources(setting: Setting, record_type: RecordType, row: Row) -> tuple[str, ...]:
    if record_type.id in ("finding", "term_decided"):
        return (str(row["args"]["body"]),)
    given = row["args"].get(record_type.declared_by or "")
    if record_type.declared_by_each and isinstance(given, list):
        return tuple(given)
    if isinstance(given, str) and _speaks(setting, given):
        return (given,)
    return WITNESSES


def _speaks(setting: Setting, actor: str) -> bool:
    """Whether an actor has a word of its own: a holding has none."""
    declared = setting.agreement.actors.get(actor)
    return declared is None or declared.kind != "holding"


def unique(acts: Iterable[Act]) -> list[Act]:
    return list({act.key: act for act in acts}.values())
