"""Patterns of records, measures and memberships: a name and a row of words behind it.

`attack by A on B weapon drone` is a flat row to the grammar.  The record type tells which words
name arguments; a word behind a number is its unit unless it names an argument not yet given.
"""

from servanda.language import values
from servanda.language.scope import Place, Refused, Scope, arg_names, both, unit_arg
from servanda.language.syntax import Node, is_tree
from servanda.model.condition import (
    Arg,
    Bound,
    Measured,
    Pattern,
    PlaceFilter,
    Same,
    TermValue,
    Value,
)
from servanda.model.condition import Name as Word
from servanda.model.quantity import Quantity
from servanda.model.record_type import ArgKind, ArgType, RecordType

_WORDS = ("NAME", "BY", "AS")  # the last two open clauses as well, and name arguments here
_NUMERIC = (ArgKind.NUMBER, ArgKind.MONEY)
_PLACE = ArgType("at", ArgKind.PLACE)
_ACTOR = ArgType("of", ArgKind.ACTOR)


def pattern(
    at: Place,
    scope: Scope,
    node: Node,
    new: Node,
    name: Node,
    items: list[Node],
    place: Node,
    within: Node,
) -> Pattern:
    """The pattern of a record type with its arguments and place."""
    text = at.identifier(name)
    record = at.names.records.get(text)
    if record is None:
        at.names.report.unknown(
            "SV0403",
            f"no record type is called `{text}`",
            at.span(name),
            text,
            [*at.names.records, *at.names.measures],
            why="What can be recorded is listed in the standard record types and in the text.",
            fix=f'Correct the name, or declare it: `record {text} "what happens"`.',
        )
        raise Refused

    def where() -> PlaceFilter | None:
        if place is None:
            return None
        found = values.value(at, scope, place, _PLACE)
        radius = values.distance(at, within) if within is not None else None
        return PlaceFilter(found, radius, at.span(place))

    args, located = both(lambda: _arguments(at, scope, record, name, items), where)
    return Pattern(text, args, located, new is not None, at.span(node))


def _arguments(
    at: Place, scope: Scope, record: RecordType, head: Node, items: list[Node]
) -> tuple[Arg, ...]:
    given: dict[str, Arg] = {}
    refused = False
    index = 0
    while index < len(items):
        token = items[index]
        arg = _argument(at, record, head, token)
        if arg.name in given:
            at.names.report.error(
                "SV0502",
                f"`{arg.name}` is given twice",
                at.span(token),
                why="A record has one value for each argument.",
                fix="Write a set where any of several will do: `{A, B}`.",
            )
            raise Refused
        if index + 1 >= len(items):
            at.names.report.error(
                "SV0502",
                f"`{arg.name}` has no value",
                at.span(token),
                why="Each argument is followed by its value.",
                fix=f"Write what `{arg.name}` must be, or leave it out if anything will do.",
            )
            raise Refused
        free = {*arg_names(record), "unit"} - {*given, arg.name}
        try:
            value, used = _argument_value(at, scope, arg, items, index + 1, free)
        except Refused:
            if getattr(items[index + 1], "type", "") in ("COMPARISON", "NUMBER"):
                raise  # where the next argument begins is not certain
            refused, used, value = True, 1, Word(arg.name)
        given[arg.name] = Arg(arg.name, value, at.span(token))
        index += 1 + used
    if refused:
        raise Refused
    return tuple(given.values())


def _argument(at: Place, record: RecordType, head: Node, token: Node) -> ArgType:
    if getattr(token, "type", "") not in _WORDS:
        at.names.report.error(
            "SV0502",
            "a value stands here without its argument",
            at.span(token),
            why=f"`{record.id}` has the arguments {', '.join(arg_names(record))}.",
            fix="Write the name of the argument before its value.",
        )
        raise Refused
    text = str(token)
    arg = unit_arg() if text == "unit" and record.arg("unit") is None else record.arg(text)
    if arg is None:
        at.names.report.unknown(
            "SV0501",
            f"`{record.id}` has no argument `{text}`",
            at.span(token),
            text,
            arg_names(record),
            why=f"Its arguments are {', '.join(arg_names(record)) or 'none'}.",
            fix="Use one of them, or give the record type a further `arg`.",
        )
        raise Refused
    return arg


def _argument_value(
    at: Place, scope: Scope, arg: ArgType, items: list[Node], index: int, free: set[str]
) -> tuple[Value, int]:
    """The value that starts at `index`, and how many items it takes."""
    token = items[index]
    kind = getattr(token, "type", "")
    if kind in ("COMPARISON", "NUMBER"):
        found, used = _bound(at, items, index, free)
        if arg.kind not in _NUMERIC:
            at.names.report.error(
                "SV0503",
                f"`{arg.name}` is no number",
                at.span(token),
                why=f"It is of kind {arg.kind}.",
                fix="Give a name, or a set of names.",
            )
            raise Refused
        return found, used
    value = values.value(at, scope, token, arg)
    if arg.kind in _NUMERIC and isinstance(value, Word):
        at.names.report.error(
            "SV0503",
            f"`{arg.name}` is a number, and this is none",
            at.span(token),
            why="Numbers are compared, not named.",
            fix=f"Compare it: `{arg.name} at least 1_000`.",
        )
        raise Refused
    return value, 1


def _bound(at: Place, items: list[Node], index: int, free: set[str]) -> tuple[Bound, int]:
    used = 0
    compare = None
    if items[index].type == "COMPARISON":
        compare, used = items[index], 1
    if index + used >= len(items) or getattr(items[index + used], "type", "") != "NUMBER":
        at.names.report.error(
            "SV0502",
            f"a number is missing after `{compare}`",
            at.span(compare),
            why="A comparison is made with a number.",
            fix=f"Write, for example, `{compare} 1_000`.",
        )
        raise Refused
    amount = items[index + used]
    used += 1
    unit = None
    if index + used < len(items):
        after = items[index + used]
        if getattr(after, "type", "") in _WORDS and str(after) not in free:
            unit = after
            used += 1
    return values.bound(at, compare, amount, unit, items[index + used - 1]), used


def measured(at: Place, scope: Scope, node: Node, name: Node, items: list[Node]) -> Measured:
    """`armed_forces of A at most 600_000 people`."""
    measure = _measure(at, scope, name)
    if len(items) < 4 or getattr(items[2], "type", "") != "COMPARISON":
        at.names.report.error(
            "SV0506",
            f"the measure `{name}` is not compared with anything",
            at.span(node),
            why="A measure is a number; only a comparison with another is the case or not.",
            fix=f"Write it like this:\n  {name} of ACTOR at most 600_000 people",
        )
        raise Refused
    of = values.value(at, scope, items[1], _ACTOR)
    limit, used = _bound(at, items, 2, set())
    if 2 + used < len(items):
        at.names.report.error(
            "SV0502",
            "something stands after the comparison that does not belong there",
            at.span(items[2 + used]),
            why="A measure has one limit and one unit.",
            fix="Leave it out, or make a second comparison of it, joined by `and`.",
        )
        raise Refused
    at.names.later.append(lambda: _check_units(at, items[-1], measure, limit.quantity))
    return Measured(measure, of, limit.comparison, limit.quantity, at.span(node))


def _measure(at: Place, scope: Scope, name: Node) -> Value:
    text = str(name)
    if text in at.names.measures and not scope.binds(text):
        return Word(text, at.span(name))
    return values.named(at, scope, name)


def _check_units(at: Place, node: Node, measure: Value, limit: Quantity) -> None:
    names = at.names
    match measure:
        case Word():
            of = [measure.name]
        case TermValue():
            of = [
                str(body.children[1])
                for body in names.terms[measure.term].readings.values()
                if is_tree(body, "apply")
            ]
        case _:
            return
    for measured_name in of:
        unit = names.measures.get(measured_name)
        if unit is None:
            names.report.error(
                "SV0401",
                f"`{measured_name}` is no measure",
                at.span(node),
                why="Every reading of a term that is measured must name a measure.",
                fix=f'Declare it: `measure {measured_name} "title" in people`.',
            )
        elif limit.unit is not None and limit.unit != unit:
            names.report.error(
                "SV0509",
                f"`{measured_name}` is measured in {unit}, not in {limit.unit}",
                at.span(node),
                why="Numbers of different units cannot be compared.",
                fix=f"Write the limit in {unit}.",
            )


def membership(at: Place, scope: Scope, node: Node, name: Node, items: list[Node]) -> Same:
    """`class in {a, b}`: the name is a variable, a list or a term."""
    text = str(name)
    if not (scope.binds(text) or text in scope.lists or text in at.names.terms):
        at.names.report.unknown(
            "SV0401",
            f"`{text}` is neither a variable nor a term",
            at.span(name),
            text,
            [*scope.variables, *scope.implicit, *at.names.terms, *at.names.records],
            why="Before `in {…}` stands a variable or a term.",
            fix="Correct the name, or introduce it with `for each`, `some` or `every`.",
        )
        raise Refused
    if len(items) != 2:
        at.names.report.error(
            "SV0502",
            "after `in` stands one set",
            at.span(node),
            why="It asks whether the value before it is one of those in the set.",
            fix=f"Write `{text} in {{A, B}}`.",
        )
        raise Refused
    left = values.named(at, scope, name)
    return Same(left, values.value(at, scope, items[1]), at.span(node))
