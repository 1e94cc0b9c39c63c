"""Changes of what is to be achieved, kept, left undone or allowed, and for whom it is there."""

from collections.abc import Iterator

from servanda.compare import spoken
from servanda.compare.change import Aspect, Part
from servanda.compare.direction import Direction
from servanda.compare.draft import EVERYTHING, Draft
from servanda.compare.two import Two
from servanda.model import condition as c
from servanda.model.quantity import Comparison

# Where a wider condition leads: there is more to be left undone, more is allowed, less is asked.
_WIDER = {
    "achieve": Direction.WEAKER,
    "maintain": Direction.WEAKER,
    "not": Direction.STRONGER,
    "may": Direction.STRONGER,
}
_LIMITS = {
    Comparison.AT_MOST: "cap",
    Comparison.LESS_THAN: "cap",
    Comparison.AT_LEAST: "floor",
    Comparison.MORE_THAN: "floor",
    Comparison.EQUAL: "figure",
}
# How a part is told that was joined to a condition, or left it: by duty, and whether by `and`.
_JOINED = {
    ("achieve", True): ("also: {}", "no longer: {}"),
    ("maintain", True): ("also: {}", "no longer: {}"),
    ("achieve", False): ("or instead: {}", "no longer instead: {}"),
    ("maintain", False): ("or instead: {}", "no longer instead: {}"),
    ("not", False): ("also ruled out: {}", "no longer ruled out: {}"),
    ("not", True): ("ruled out only with: {}", "ruled out also without: {}"),
    ("may", False): ("also allowed: {}", "no longer allowed: {}"),
    ("may", True): ("allowed only with: {}", "allowed also without: {}"),
}
_DUTY = {
    "achieve": "to be achieved",
    "maintain": "to be kept",
    "not": "ruled out",
    "may": "allowed",
}


def exists(two: Two) -> Iterator[Part]:
    """The cases in which the clause is there at all."""
    p, q = two.a.exists_when or EVERYTHING, two.b.exists_when or EVERYTHING
    direction = two.direction(p, q, Direction.STRONGER)
    if direction is not None:
        was, now = _case(p, two.before), _case(q, two.after)
        words = f"there {now} instead of {was}"
        yield Part(Aspect.EXISTS, was, now, direction, words, two.whom)


def _case(node: c.Condition, draft: Draft) -> str:
    return "in every case" if node == EVERYTHING else f"where {spoken.condition(node, draft)}"


def condition(two: Two) -> Iterator[Part]:
    """What is to be done; between clauses of different duties only that it differs."""
    p, q = two.a.condition, two.b.condition
    if p is None and q is None:
        return
    was = None if p is None else spoken.condition(p, two.before)
    now = None if q is None else spoken.condition(q, two.after)
    if p is None or q is None:
        if two.a.kind is two.b.kind:
            words = f"says {'no longer ' if q is None else ''}what is to be done: {was or now}"
            yield Part(Aspect.CONDITION, was, now, Direction.UNDECIDED, words, two.whom)
        return
    duty = two.a.duty if two.a.duty == two.b.duty else None
    direction = two.direction(p, q, _WIDER.get(duty or "", Direction.STRONGER))
    if direction is None:
        return
    whom = two.whom
    if duty is None or not whom:
        direction, whom = Direction.UNDECIDED, ()
    words = limits(p, q) or _joined(two, duty, p, q) or _replaced(duty, was, now)
    yield Part(Aspect.CONDITION, was, now, direction, words, whom)


def limits(p: c.Condition, q: c.Condition) -> str | None:
    """`cap from 600,000 to 800,000`, where two conditions differ in a limit alone."""
    match p, q:
        case c.Measured(comparison=one), c.Measured(comparison=other):
            noun = _LIMITS[one] if _LIMITS[one] == _LIMITS[other] else None
        case c.Outstanding(comparison=one), c.Outstanding(comparison=other):
            noun = "outstanding" if one == other else None
        case c.Aggregate(op=op, comparison=one), c.Aggregate(comparison=other):
            noun = f"{op}, {one.value}," if one == other else None
        case _:
            return None
    if noun is None or spoken.limit(p.quantity) == spoken.limit(q.quantity):
        return None
    return f"{noun} from {spoken.limit(p.quantity)} to {spoken.limit(q.quantity)}"


def _joined(two: Two, duty: str | None, p: c.Condition, q: c.Condition) -> str | None:
    """What was joined to a condition, or left it, where the rest is the same."""
    for kind in (c.And, c.Or):
        before = p.parts if isinstance(p, kind) else (p,)
        after = q.parts if isinstance(q, kind) else (q,)
        come, gone = _without(after, before), _without(before, after)
        phrases = _JOINED.get((duty or "", kind is c.And))
        if phrases is None or bool(come) == bool(gone) or len(come) + len(gone) == 0:
            continue
        if len(come) < len(after) and len(gone) < len(before):
            draft = two.after if come else two.before
            told = [spoken.condition(part, draft) for part in come or gone]
            return phrases[0 if come else 1].format(" and ".join(told))
    return None


def _without(
    parts: tuple[c.Condition, ...], others: tuple[c.Condition, ...]
) -> tuple[c.Condition, ...]:
    return tuple(part for part in parts if part not in others)


def _replaced(duty: str | None, was: str | None, now: str | None) -> str:
    about = _DUTY.get(duty or "", "about")
    return f"{about}: from “{was}” to “{now}”"
