"""Values, numbers, durations and dates out of trees.

What a bare name stands for depends on what is asked for: an argument of kind actor wants a declared
actor, a word is free unless its type lists the words allowed, a place may come from a base map.
"""

import re
from calendar import month_name, monthrange
from datetime import date, datetime
from decimal import Decimal

from servanda.language.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_DURATION_YEARS,
    MAX_NUMBER_DIGITS,
)
from servanda.language.scope import IMPLICIT, SIGNATORIES, Place, Refused, Scope, all_of
from servanda.language.syntax import Node, is_tree, unquote
from servanda.model.condition import (
    Bound,
    ListValue,
    MembersOf,
    Name,
    SetOf,
    TermValue,
    Value,
    Var,
)
from servanda.model.quantity import (
    CALENDAR_UNITS,
    MICROSECONDS,
    Comparison,
    Duration,
    Quantity,
    Window,
)
from servanda.model.record_type import ArgKind, ArgType

_PLACES = (ArgKind.PLACE, ArgKind.TERRITORY)
_DISTANCES = ("km", "m")


def value(at: Place, scope: Scope, node: Node, arg: ArgType | None = None) -> Value:
    """The value that a tree stands for, checked against the argument it is given to."""
    span = at.span(node)
    if is_tree(node, "name", "plain"):
        return value(at, scope, node.children[0], arg)
    if is_tree(node, "literal"):
        return Name(unquote(node.children[0]), span)
    if is_tree(node, "members"):
        group = at.identifier(node.children[0])
        if group != SIGNATORIES:
            at.names.actor(group, at.span(node.children[0]))
        return MembersOf(group, span)
    if is_tree(node, "set"):
        given = [item for item in node.children if item is not None]
        items = all_of(lambda item: value(at, scope, item, arg), given)
        if not items:
            at.names.report.error(
                "SV0503",
                "a set is empty",
                span,
                why="Nothing would ever match it.",
                fix="Name its members, or write `unspecified` where the text names none.",
            )
            raise Refused
        return SetOf(items, span)
    return named(at, scope, node, arg)


def named(at: Place, scope: Scope, token: Node, arg: ArgType | None = None) -> Value:
    """The value of a bare name: variable, list, term, or what the argument's kind asks for."""
    text, span, names = at.identifier(token), at.span(token), at.names
    kind = arg.kind if arg else None
    if text in scope.variables:
        return Var(text, span)
    if text in scope.lists:
        return ListValue(text, span)
    if text in IMPLICIT and not (arg and text in arg.one_of):
        return _implicit(at, scope, token)
    if text in names.terms and text != scope.own_term:
        names.used_terms.add(text)
        if arg is not None and arg.one_of:
            names.later.append(lambda: _check_words(at, token, text, arg))
        return TermValue(text, span)
    match kind:
        case ArgKind.ACTOR:
            names.actor(text, span)
        case ArgKind.PLACE | ArgKind.TERRITORY:
            _place(at, token, kind)
        case ArgKind.WORD:
            _word(at, token, text, arg)
        case ArgKind.NUMBER | ArgKind.MONEY:
            names.report.error(
                "SV0503",
                f"`{arg.name if arg else ''}` is a number, and `{text}` is none",
                span,
                why="Numbers are compared, not named.",
                fix=f"Compare it: `{arg.name if arg else ''} at least 1_000`.",
            )
            raise Refused
        case None:
            if not (names.is_actor(text) or names.is_place(text) or text in names.measures):
                names.near_miss(text, span)
    return Name(text, span)


def _implicit(at: Place, scope: Scope, token: Node) -> Var:
    text = str(token)
    if text not in scope.implicit:
        why = {
            "bearer": "It stands for whoever bears the norm, and there is no bearer here.",
            "other": "It needs a `toward the other` or `toward the others` in the same norm.",
            "offender": "It needs an `upon finding of breach` in the same norm.",
        }[text]
        at.names.report.error(
            "SV0406",
            f"nothing says who `{text}` is",
            at.span(token),
            why=why,
            fix="Name the actor, or give the clause that the word needs.",
        )
        raise Refused
    return Var(text, at.span(token))


def _place(at: Place, token: Node, kind: ArgKind) -> None:
    names, text, span = at.names, str(token), at.span(token)
    if names.is_place(text) or (kind is ArgKind.TERRITORY and names.is_actor(text)):
        return
    if names.known_place is None:
        names.near_miss(text, span)
        return
    names.report.unknown(
        "SV0407",
        f"no place is called `{text}`",
        span,
        text,
        [*names.places, *(names.actor_names() if kind is ArgKind.TERRITORY else ())],
        why="It is neither declared nor on the base map.",
        fix=f"Correct the name, or declare it: `place {text} LATITUDE LONGITUDE`.",
    )
    raise Refused


def _word(at: Place, token: Node, text: str, arg: ArgType | None) -> None:
    if arg is None or text in arg.one_of:
        return
    if not arg.one_of:
        if not (at.names.is_actor(text) or at.names.is_place(text)):
            at.names.near_miss(text, at.span(token))
        return
    at.names.report.unknown(
        "SV0504",
        f"`{text}` is not a word for `{arg.name}`",
        at.span(token),
        text,
        arg.one_of,
        why=f"The words allowed are {', '.join(arg.one_of)}.",
        fix="Use one of them, or add the word to the record type:\n"
        f"  record TYPE\n    arg {arg.name} word one of {{{text}}}",
    )
    raise Refused


def _check_words(at: Place, token: Node, term: str, arg: ArgType) -> None:
    """All words that the readings of a term stand for must be allowed where the term is used."""
    for reading, body in at.names.terms[term].readings.items():
        if reading in at.names.terms[term].refused:
            continue
        for word in _plain_words(body):
            if word in arg.one_of or word in at.names.terms[term].readings:
                continue
            at.names.report.error(
                "SV0504",
                f"under the reading {reading}, `{term}` is `{word}`, no word for `{arg.name}`",
                at.span(token),
                why=f"The words allowed are {', '.join(arg.one_of)}.",
                fix=f"Correct the reading, or add the word to `{arg.name}`.",
            )


def _plain_words(body: Node) -> list[str]:
    if body is None or not is_tree(body):
        return []
    if body.data == "apply" and all(child is None for child in body.children[2:]):
        return [str(body.children[1])]
    if body.data in ("plain", "conj", "set", "name"):
        found = []
        for child in body.children:
            found += _plain_words(child) if is_tree(child) else [str(child)]
        return found
    return []


# --- numbers ------------------------------------------------------------------------------------


def number(at: Place, token: Node) -> Decimal:
    text = str(token).replace("_", "")
    if sum(c.isdigit() for c in text) > MAX_NUMBER_DIGITS:
        at.names.report.error(
            "SV0307",
            f"a number has more than {MAX_NUMBER_DIGITS} digits",
            at.span(token),
            why="No quantity of an agreement is that large or that exact.",
            fix="Correct the number.",
        )
        raise Refused
    return Decimal(text)


_A_DURATION = "a duration"


def whole(at: Place, token: Node, what: str, lowest: int = 0) -> int:
    """A whole number, not less than `lowest`."""
    amount = number(at, token)
    if amount != int(amount) or amount < lowest:
        at.names.report.error(
            "SV0308",
            f"{what} cannot be {token}",
            at.span(token),
            why=f"It is a whole number, {lowest} or more.",
            fix="Use a smaller unit: a day and a half is `36 hours`."
            if what == _A_DURATION
            else "Correct the number.",
        )
        raise Refused
    return int(amount)


def quantity(at: Place, node: Node) -> Quantity:
    amount, unit = node.children
    return Quantity(number(at, amount), None if unit is None else at.identifier(unit))


def distance(at: Place, node: Node) -> Quantity:
    """A quantity in kilometres or metres, not negative."""
    found = quantity(at, node)
    if found.unit not in _DISTANCES or found.amount < 0:
        at.names.report.error(
            "SV0509",
            "this is no distance",
            at.span(node),
            why="Distances are given in km or m, and are not negative.",
            fix="Write, for example, `within 30 km`.",
        )
        raise Refused
    return found


def comparison(token: Node) -> Comparison:
    return Comparison(" ".join(str(token).split()))


def bound(at: Place, compare: Node, amount: Node, unit: Node, end: Node) -> Bound:
    measured = Quantity(number(at, amount), None if unit is None else at.identifier(unit))
    first = compare if compare is not None else amount
    from servanda.language.syntax import offsets

    span = at.line.span(offsets(first)[0], offsets(end)[1])
    kind = comparison(compare) if compare is not None else Comparison.EQUAL
    return Bound(kind, measured, span)


def duration(at: Place, node: Node, *, metric: bool = False) -> Duration:
    """A duration.  `metric`: one of fixed length, as windows need it."""
    amount, unit = node.children
    plural = str(unit).rstrip("s") + "s"
    if metric and plural in CALENDAR_UNITS:
        at.names.report.error(
            "SV0507",
            f"{plural} cannot be used here",
            at.span(node),
            why=f"{plural.capitalize()} differ in length, and this needs a fixed one.",
            fix="Write it in days: `30 days`, `365 days`.",
        )
        raise Refused
    found = Duration(whole(at, amount, _A_DURATION), plural)
    days = found.amount * _CALENDAR_DAYS.get(plural, 0) or found.ticks // MICROSECONDS["days"]
    if days > MAX_DURATION_YEARS * _CALENDAR_DAYS["years"]:
        at.names.report.error(
            "SV0308",
            f"a duration is longer than {MAX_DURATION_YEARS:_} years",
            at.span(node),
            why="No agreement reaches that far; a digit too many may have slipped in.",
            fix="Correct the number.",
        )
        raise Refused
    return found


_CALENDAR_DAYS = {"months": 31, "years": 366}  # at most


def window(at: Place, node: Node) -> Window:
    lower_node, upper_node = node.children
    lower = duration(at, lower_node, metric=True)
    upper = duration(at, upper_node, metric=True) if is_tree(upper_node) else None
    lower_open = node.data in ("window_lower_open", "window_open")
    upper_open = node.data in ("window_upper_open", "window_open")
    found = Window(lower, upper, lower_open, upper_open and upper is not None)
    if (lower.unit == "steps") != (upper is not None and upper.unit == "steps") and upper:
        at.names.report.error(
            "SV0507",
            "a window mixes steps and times",
            at.span(node),
            why="Steps have no length in time.",
            fix="Use the same sort of unit for both bounds.",
        )
        raise Refused
    low, high = found.ticks
    if high is not None and low > high:
        at.names.report.error(
            "SV0507",
            "this window holds no instant",
            at.span(node),
            why="Its lower bound is beyond its upper bound.",
            fix="Write the smaller duration first: `[0 hours, 72 hours]`.",
        )
        raise Refused
    return found


# --- dates --------------------------------------------------------------------------------------


def day(at: Place, token: Node) -> date:
    """A day of the calendar: `2025-01-31`."""
    try:
        found = date(*(int(part) for part in _DAY.fullmatch(str(token)).groups()))  # type: ignore[union-attr]
    except (ValueError, AttributeError):
        at.names.report.error(
            "SV0308",
            f"{token} is no day of the calendar",
            at.span(token),
            why=_why_no_day(str(token)),
            fix="Write year, month and day: `2025-01-31`.",
        )
        raise Refused from None
    _check_year(at, token, found.year)
    return found


def _check_year(at: Place, token: Node, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        at.names.report.error(
            "SV0308",
            f"the year {year} cannot be computed with",
            at.span(token),
            why=f"Dates lie within the years {FIRST_YEAR} to {LAST_YEAR}.",
            fix="Correct the year.",
        )
        raise Refused


_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def _why_no_day(text: str) -> str:
    parts = _DAY.match(text)
    if parts is None:
        return "Months and days have two digits, years four."
    year, month, _ = (int(part) for part in parts.groups())
    if not 1 <= month <= 12:
        return "The months of a year are 01 to 12."
    if year == 0:
        return "The first year is 0001."
    return f"{month_name[month]} {year} has {monthrange(year, month)[1]} days."


def instant(at: Place, token: Node) -> date | datetime:
    """A day, or an instant with its zone: `2025-04-19T18:00+03:00`."""
    text = str(token)
    if "T" not in text:
        return day(at, token)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        known_day = True
        try:
            date.fromisoformat(text.partition("T")[0])
        except ValueError:
            known_day = False
        at.names.report.error(
            "SV0308",
            f"{text} is no instant",
            at.span(token),
            why="A day has 00:00 to 23:59, with two digits each, and an offset less than a day."
            if known_day
            else _why_no_day(text),
            fix="Write `2025-04-19T18:00+03:00`, or `2025-04-19T15:00Z` for UTC.",
        )
        raise Refused from None
    if found.tzinfo is None:
        at.names.report.error(
            "SV0308",
            "this instant has no time zone",
            at.span(token),
            why="The same clock time comes at different instants in different places.",
            fix=f"Write `{token}Z` for UTC, or an offset: `{token}+03:00`.",
        )
        raise Refused
    _check_year(at, token, found.year)
    return found
