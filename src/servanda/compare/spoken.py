"""How a comparison speaks: names, numbers, durations and conditions as parts of a sentence."""

from decimal import Decimal

from servanda.compare.draft import Draft
from servanda.engine.phrase import condition as phrase
from servanda.engine.phrase import duration, limit_of
from servanda.engine.phrase import words as words  # noqa: PLC0414  the others use it from here
from servanda.model import condition as c
from servanda.model.norm import Bearers, By, CountedFrom, Deadline, Within
from servanda.model.quantity import Duration, Quantity
from servanda.model.unspecified import Unspecified

OPEN = "left open"
_FULL = ("in ", "during ", "while ", "when ", "after ", "before ", "until ", "as ")


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names in a sentence: `A`, `A and B`, `A, B and C`."""
    told = [words(name) for name in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}" if told else ""


def number(amount: Decimal) -> str:
    whole = amount == amount.to_integral()
    return format(amount, ",.0f") if whole else format(amount.normalize(), "f")


def amount(quantity: Quantity) -> str:
    """A number with its unit; people are counted without one."""
    unit = quantity.unit if quantity.unit != "people" else None
    return f"{number(quantity.amount)} {words(unit)}" if unit else number(quantity.amount)


def limit(quantity: Quantity | c.MeasuredLimit) -> str:
    return amount(quantity) if isinstance(quantity, Quantity) else limit_of(quantity, None)


def condition(node: c.Condition, draft: Draft) -> str:
    """A condition of a draft as part of a sentence."""
    told = draft.own(node)
    if isinstance(told, c.Consent):
        who, acts = listed(names(told.of)), " or ".join(map(words, told.types))
        return f"all of {who} have consented ({acts})"
    return phrase(told)


def event(node: c.Condition, draft: Draft) -> str:
    """A condition from whose beginning something is counted."""
    match node:
        case c.InForce():
            return "entry into force"
        case c.TermHolds(term):
            return f"“{words(term)}” (disputed)"
        case _:
            return f"the time that {condition(node, draft)}"


def while_(node: c.Condition, draft: Draft) -> str:
    """`in peacetime`, `while X`: a time during which something holds."""
    titled = None
    if isinstance(node, c.TermHolds):
        titled = draft.agreement.terms[node.term].title
    elif isinstance(node, c.Call) and node.name in draft.agreement.states:
        titled = draft.agreement.states[node.name].title
    if titled is not None and titled.startswith(_FULL):
        return titled
    return f"while {condition(node, draft)}"


def names(value: c.Value | None) -> tuple[str, ...]:
    """Those whom a value names, in the order of the text."""
    match value:
        case None:
            return ()
        case c.Name(name):
            return (name,)
        case c.Var("other"):
            return ("each other",)
        case c.Var(name):
            return (f"each {name}",)
        case c.TermValue(term):
            return (f"“{words(term)}”",)
        case c.SetOf(items):
            return tuple(dict.fromkeys(name for item in items for name in names(item)))
        case c.MembersOf("signatories"):
            return ("all signatories",)
        case c.MembersOf(group):
            return (f"members of {group}",)
        case _:
            return ()


def bearers(found: Bearers | None) -> tuple[str, ...]:
    """Those who bear a norm; nobody where the text names nobody."""
    if found is None:
        return ()
    told = [name for value in found.values for name in names(value)]
    return tuple(dict.fromkeys(told))


def time(length: Duration | Unspecified | None) -> str:
    return OPEN if length is None or isinstance(length, Unspecified) else duration(length)


def deadline(found: Deadline | None, draft: Draft) -> str | None:
    match found:
        case Within(length, of, counted):
            told = "" if counted is CountedFrom.EVENT else f"{counted.value} of "
            return f"within {duration(length)} of {told}{event(of, draft)}"
        case By(day):
            return f"by {day.isoformat()}"
        case None:
            return None
        case _:
            return OPEN
