"""Writes values and conditions of the model as text: the inverse of conditions.py.

Every compound part gets its parentheses; the formatter takes away those that nobody needs.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from servanda.language.names import NAME
from servanda.language.scope import IMPLICIT
from servanda.language.syntax import RESERVED, quote
from servanda.model.condition import (
    After,
    Aggregate,
    And,
    Bound,
    Call,
    Condition,
    Consent,
    Dyadic,
    Every,
    FromInstant,
    InForce,
    KeptFor,
    Lasting,
    ListValue,
    Measured,
    MeasuredLimit,
    MembersOf,
    Name,
    Not,
    Or,
    Outstanding,
    Pattern,
    Reads,
    Same,
    SetOf,
    Some,
    StateOf,
    Temporal,
    TermHolds,
    TermValue,
    Value,
    Var,
)
from servanda.model.quantity import Comparison, Duration, Quantity, Window
from servanda.model.record_type import RecordType

_NAME = re.compile(NAME)
_COMPOUND = (And, Or, Not, After, Dyadic)


@dataclass(frozen=True, slots=True)
class Printer:
    """`taken` are the names that would be read as something else than a plain word: quoted."""

    taken: frozenset[str] = frozenset()
    records: dict[str, RecordType] = field(default_factory=dict)

    # --- values ---------------------------------------------------------------------------------

    def value(self, value: Value, words: tuple[str, ...] = ()) -> str:
        """`words` are those that the place allows: among them `other` is a plain word."""
        match value:
            case Name():
                return self.name(value.name, words)
            case Var() | ListValue():
                return value.name
            case TermValue():
                return value.term
            case MembersOf():
                return f"members of {value.group}"
            case SetOf():
                return "{" + ", ".join(self.value(item, words) for item in value.items) + "}"
            case Bound():
                return compared(value.comparison, value.quantity)

    def name(self, text: str, words: tuple[str, ...] = ()) -> str:
        plain = _NAME.fullmatch(text) and text not in RESERVED and text not in self.taken
        if plain and (text not in IMPLICIT or text in words):
            return text
        return quote(text)

    def keys(self, keys: tuple[Value, ...]) -> str:
        return "[" + ", ".join(self.value(key) for key in keys) + "]" if keys else ""

    # --- conditions -----------------------------------------------------------------------------

    def condition(self, condition: Condition) -> str:
        match condition:
            case And():
                return " and ".join(self.part(part) for part in condition.parts)
            case Or():
                return " or ".join(self.part(part) for part in condition.parts)
            case Not():
                return f"not {self.part(condition.body)}"
            case After():
                return f"{duration(condition.duration)} after {self.part(condition.body)}"
            case Temporal():
                held = window(condition.window)
                return f"{condition.op} {held}({self.condition(condition.body)})"
            case Dyadic():
                left, right = self.condition(condition.left), self.condition(condition.right)
                return f"({left}) {condition.op} {window(condition.window)}({right})"
            case Lasting():
                body = self.condition(condition.body)
                return f"for at least {duration(condition.duration)} ({body})"
            case Some():
                names = ", ".join(condition.variables)
                return f"some {names} ({self.condition(condition.body)})"
            case Every():
                domain = self.value(condition.domain)
                return f"every {condition.variable} in {domain} ({self.condition(condition.body)})"
            case Aggregate():
                return self._aggregate(condition)
            case _:
                return self._leaf(condition)

    def part(self, condition: Condition) -> str:
        text = self.condition(condition)
        return f"({text})" if isinstance(condition, _COMPOUND) else text

    def _aggregate(self, condition: Aggregate) -> str:
        what = (
            condition.op
            if condition.argument is None
            else f"{condition.op} of {condition.argument}"
        )
        within = f" within {duration(condition.window)}" if condition.window else ""
        limit = f"{condition.comparison.value} {self._limit(condition.quantity)}"
        return f"{what} in ({self.condition(condition.body)}){within} {limit}"

    def _limit(self, limit: Quantity | MeasuredLimit) -> str:
        if isinstance(limit, Quantity):
            return quantity(limit)
        measured = f"{limit.measure} of {self.value(limit.of)}"
        if limit.less is not None:
            return f"{measured} less {quantity(limit.less)}"
        whole = limit.percent == 100
        return measured if whole else f"{number(limit.percent)} percent of {measured}"

    def _leaf(self, condition: Condition) -> str:
        match condition:
            case Pattern():
                return self._pattern(condition)
            case StateOf():
                return f"{condition.norm}{self.keys(condition.keys)} is {condition.state}"
            case KeptFor():
                target = f"{condition.norm}{self.keys(condition.keys)}"
                return f"{target} has been kept for {duration(condition.duration)}"
            case Reads():
                return f"{condition.term} is {condition.reading}"
            case TermHolds():
                return condition.term
            case Call():
                args = ", ".join(self.value(arg) for arg in condition.args)
                return f"{condition.name}({args})"
            case InForce():
                return "in_force"
            case Consent():
                return self._consent(condition)
            case FromInstant():
                return instant(condition.at)
            case Same():
                plain = isinstance(condition.right, Name | Var)
                word = "is" if plain and not isinstance(condition.left, TermValue) else "in"
                return f"{self.value(condition.left)} {word} {self.value(condition.right)}"
            case Measured():
                limit = compared(condition.comparison, condition.quantity)
                return f"{self.value(condition.measure)} of {self.value(condition.of)} {limit}"
            case Outstanding():
                limit = compared(condition.comparison, condition.quantity)
                of = f"{self.value(condition.holder)}, {self.value(condition.category)}"
                return f"outstanding {condition.tally}({of}) {limit}"
        raise TypeError(f"not a condition: {condition!r}")

    def _pattern(self, pattern: Pattern) -> str:
        record = self.records.get(pattern.type)
        words = [f"new {pattern.type}" if pattern.new else pattern.type]
        for arg in pattern.args:
            kind = record.arg(arg.name) if record else None
            words.append(f"{arg.name} {self.value(arg.value, kind.one_of if kind else ())}")
        if pattern.place is not None:
            words.append(f"at {self.value(pattern.place.place)}")
            if pattern.place.within is not None:
                words.append(f"within {quantity(pattern.place.within)}")
        return " ".join(words)

    def _consent(self, consent: Consent) -> str:
        text = f"consent of {self.value(consent.of)} by {names(consent.types)}"
        if consent.withdrawn_by:
            text += f" withdrawn by {names(consent.withdrawn_by)}"
        if consent.capacities:
            text += f" with capacity {names(consent.capacities)}"
        return text


# --- small words --------------------------------------------------------------------------------


def names(items: tuple[str, ...]) -> str:
    return "{" + ", ".join(items) + "}"


def number(amount: Decimal | int) -> str:
    return format(amount, "f") if isinstance(amount, Decimal) else str(amount)


def quantity(measured: Quantity) -> str:
    amount = number(measured.amount)
    return amount if measured.unit is None else f"{amount} {measured.unit}"


def compared(comparison: Comparison, measured: Quantity) -> str:
    return f"{comparison.value} {quantity(measured)}"


def duration(length: Duration) -> str:
    return f"{length.amount} {length.unit}"


def window(bounds: Window | None) -> str:
    if bounds is None:
        return ""
    upper = "*" if bounds.upper is None else duration(bounds.upper)
    left = "(" if bounds.lower_open else "["
    right = ")" if bounds.upper_open or bounds.upper is None else "]"
    return f"{left}{duration(bounds.lower)}, {upper}{right} "


def instant(at: date | datetime) -> str:
    if isinstance(at, datetime) and at.tzinfo is UTC:
        return at.isoformat().replace("+00:00", "Z")
    return at.isoformat()
