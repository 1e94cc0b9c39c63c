"""Conditions without what is settled already: `A is A`, `X and what always holds`.

Writing a bearer out in a condition leaves such parts behind.  In: a condition; out: one that means
the same.
"""

from servanda.compare.draft import EVERYTHING, NOTHING
from servanda.model import condition as c
from servanda.model.agreement import Agreement


def simplified(node: c.Condition, agreement: Agreement) -> c.Condition:
    """The condition with settled comparisons worked out and nested lists joined."""
    match node:
        case c.And(parts):
            return _joined(parts, agreement, c.And, EVERYTHING, NOTHING)
        case c.Or(parts):
            return _joined(parts, agreement, c.Or, NOTHING, EVERYTHING)
        case c.Not(body):
            inner = simplified(body, agreement)
            if inner == EVERYTHING:
                return NOTHING
            if inner == NOTHING:
                return EVERYTHING
            return inner.body if isinstance(inner, c.Not) else c.Not(inner)
        case c.Same(c.Name(left), right):
            known = _among(left, right, agreement)
            return node if known is None else EVERYTHING if known else NOTHING
        case _:
            return node


def _joined(
    parts: tuple[c.Condition, ...],
    agreement: Agreement,
    kind: type[c.And] | type[c.Or],
    neutral: c.Condition,
    settling: c.Condition,
) -> c.Condition:
    found: list[c.Condition] = []
    for part in parts:
        one = simplified(part, agreement)
        if one == settling:
            return settling
        further = one.parts if isinstance(one, kind) else (one,)
        found += [p for p in further if p != neutral and p not in found]
    return found[0] if len(found) == 1 else kind(tuple(found))


def _among(name: str, value: c.Value, agreement: Agreement) -> bool | None:
    """Whether a name is one of a value; None where that is open."""
    match value:
        case c.Name(other):
            return name == other
        case c.SetOf(items):
            told = [_among(name, item, agreement) for item in items]
            return True if True in told else None if None in told else False
        case c.MembersOf(group) if group in agreement.actors:
            if name in agreement.members_of(group):
                return True
            return None if agreement.actors[group].open else False
        case _:
            return None
