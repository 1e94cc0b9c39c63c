"""How alike two clauses of different drafts are, as a number from 0 to 1.

Half of it is what they are about in the model (what is to be done, by whom, toward whom, which acts
and measures), half the words they are told in; each half is the share of what both have in what
either has (Jaccard).  Where one of them asks for nothing (a principle), words alone count.  It
looks at no order and no draft comes first, so that it is the same both ways, and the same when
parties change places.
"""

import re
from collections.abc import Iterator

from servanda.engine.walk import children, values
from servanda.model import condition as c
from servanda.model.norm import Norm

# Words that clauses share whatever they are about.
_COMMON = frozenset(
    """a an and are as at be by each from has have in is it its no not of on or that the their them
    to under until what when which who with""".split()  # noqa: SIM905  a list of words reads best
)

# What a norm is about in the model, and the words it is told in.
Features = tuple[frozenset[str], frozenset[str]]


def features(norm: Norm) -> Features:
    """What a norm is compared by; its conditions have been written out."""
    return frozenset(_model(norm)), frozenset(_words(norm))


def likeness(one: Features, other: Features) -> float:
    """The score of two norms."""
    told = _share(one[1], other[1])
    if not one[0] or not other[0]:
        return told
    return (_share(one[0], other[0]) + told) / 2


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def _words(norm: Norm) -> Iterator[str]:
    told = f"{norm.id.partition('.')[2].replace('_', ' ')} {norm.text or ''}".casefold()
    yield from (word for word in re.findall(r"\w+", told) if word not in _COMMON)


def _model(norm: Norm) -> Iterator[str]:
    if norm.condition is None and not norm.triggers:
        return
    yield f"duty {norm.duty or norm.kind}"
    for value in norm.bearers.values if norm.bearers is not None else ():
        yield from (f"bearer {name}" for name in _names(value))
    for owed in (norm.toward, norm.beneficiary):
        yield from (f"toward {name}" for name in _names(owed))
    for condition in (norm.condition, *norm.triggers):
        if condition is not None:
            yield from _of_condition(condition)


def _of_condition(condition: c.Condition) -> Iterator[str]:
    pending = [condition]
    while pending:
        node = pending.pop()
        pending += children(node)
        match node:
            case c.Pattern(kind, args):
                yield f"act {kind}"
                for arg in args:
                    yield from (f"act {kind} {arg.name} {name}" for name in _names(arg.value))
            case c.Outstanding(tally):
                yield f"tally {tally}"
        for value in values(node):
            yield from (f"about {name}" for name in _names(value))


def _names(value: c.Value | None) -> Iterator[str]:
    match value:
        case c.Name(name) | c.Var(name) | c.MembersOf(name) | c.TermValue(name):
            yield name
        case c.SetOf(items):
            for item in items:
                yield from _names(item)
