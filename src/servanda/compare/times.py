"""Changes of when a commitment begins, falls due, recurs, pauses, ends and may be made good."""

from collections.abc import Callable, Iterator

from servanda.compare import spoken
from servanda.compare.change import Aspect, Part
from servanda.compare.direction import Direction, joint, of_order
from servanda.compare.draft import EVERYTHING, NOTHING, Draft
from servanda.compare.quantities import longer
from servanda.compare.two import Two
from servanda.model import condition as c
from servanda.model.norm import By, ClockStop, Deadline, Norm, NormKind, Within
from servanda.model.quantity import Duration
from servanda.model.unspecified import Unspecified

Length = Duration | Unspecified | None
Conditions = tuple[c.Condition, ...]


def start(two: Two) -> Iterator[Part]:
    """When it begins: a condition that comes true more easily begins it no later."""
    p, q = (n.start.condition if n.start is not None else EVERYTHING for n in (two.a, two.b))
    found = [two.direction(p, q, Direction.STRONGER)]
    again, now_again = (n.start is not None and n.start.each for n in (two.a, two.b))
    found.append(of_order(again, now_again, Direction.STRONGER))
    direction = joint(found)
    if direction is not None:
        was, now = _begins(two.a, two.before), _begins(two.b, two.after)
        extra = _extra(p, q, two.after)
        words = f"only once {extra}" if extra else f"begins {now} instead of {was}"
        yield Part(Aspect.START, was, now, direction, words, two.whom)


def _begins(norm: Norm, draft: Draft) -> str:
    if norm.start is None:
        return "from the outset"
    begins = spoken.condition(norm.start.condition, draft)
    return f"{'whenever' if norm.start.each else 'once'} {begins}"


def _extra(p: c.Condition, q: c.Condition, draft: Draft) -> str | None:
    """What has been joined to a condition by `and`."""
    if not isinstance(q, c.And):
        return None
    before = p.parts if isinstance(p, c.And) else (p,)
    rest = [part for part in q.parts if part not in before]
    if len(rest) + len(before) != len(q.parts):
        return None
    return " and ".join(spoken.condition(part, draft) for part in rest)


def deadline(two: Two) -> Iterator[Part]:
    """When it falls due; left open it never does."""
    kept = two.a.duty == two.b.duty == "maintain"
    direction = _of_deadlines(two, two.a.deadline, two.b.deadline, kept=kept)
    if direction is not None:
        none = "at once" if kept else "none"
        was = spoken.deadline(two.a.deadline, two.before) or none
        now = spoken.deadline(two.b.deadline, two.after) or none
        words = f"deadline: {now} instead of {was}"
        yield Part(Aspect.DEADLINE, was, now, direction, words, two.whom)


def _of_deadlines(
    two: Two, a: Deadline | None, b: Deadline | None, *, kept: bool
) -> Direction | None:
    """What is kept up is asked for from the deadline on, or at once where there is none."""
    never = [isinstance(x, Unspecified) or (x is None and not kept) for x in (a, b)]
    match a, b:
        case None, None:
            return None
        case (None, _) | (_, None) if kept:
            return Direction.WEAKER if a is None else Direction.STRONGER
        case _ if all(never):
            return None if a == b else Direction.NONE
        case _ if any(never):
            return Direction.STRONGER if never[0] else Direction.WEAKER
        case By(day), By(other):
            return of_order(day.toordinal(), other.toordinal(), Direction.WEAKER)
        case Within(), Within():
            # An event that comes about more easily comes no later, and neither does what it counts.
            event = two.direction(a.of, b.of, Direction.STRONGER)
            told = None if a.counted_from is b.counted_from else Direction.UNDECIDED
            return joint((_of_lengths(a.duration, b.duration, Direction.WEAKER), event, told))
        case _:
            return Direction.UNDECIDED


def _of_lengths(a: Length, b: Length, when_longer: Direction) -> Direction | None:
    """The direction of a length of time; none at all is shorter than any."""
    if a is None and b is None:
        return None
    if isinstance(a, Unspecified) and isinstance(b, Unspecified):
        return None
    if isinstance(a, Unspecified) or isinstance(b, Unspecified):
        return Direction.UNDECIDED
    if a is None or b is None:
        return when_longer if a is None else when_longer.opposite
    more = longer(a, b)
    return Direction.UNDECIDED if more is None else of_order(0, more, when_longer)


def grace(two: Two) -> Iterator[Part]:
    yield from _length(two, Aspect.GRACE, two.a.grace, two.b.grace, "grace", Direction.WEAKER)


def every(two: Two) -> Iterator[Part]:
    """How often: what recurs at all asks for more than what does not, and the more the oftener."""
    a, b = two.a.every, two.b.every
    direction = _of_lengths(a, b, Direction.WEAKER)
    if (a is None) != (b is None) and direction is not Direction.UNDECIDED:
        direction = Direction.STRONGER if a is None else Direction.WEAKER
    if direction is not None:
        was, now = _often(a), _often(b)
        words = f"recurs {now} instead of {was}"
        yield Part(Aspect.EVERY, was, now, direction, words, two.whom)


def _often(length: Length) -> str:
    if length is None:
        return "not at all"
    return (
        f"how often is {spoken.OPEN}"
        if isinstance(length, Unspecified)
        else (f"every {spoken.time(length)}")
    )


def _length(
    two: Two, aspect: Aspect, a: Length, b: Length, name: str, when_longer: Direction
) -> Iterator[Part]:
    direction = _of_lengths(a, b, when_longer)
    if direction is not None:
        was, now = (None if x is None else spoken.time(x) for x in (a, b))
        words = f"{name} from {was or 'none'} to {now or 'none'}"
        yield Part(aspect, was, now, direction, words, two.whom)


# --- what stops, ends or restores it ------------------------------------------------------------


def pauses(two: Two) -> Iterator[Part]:
    """While what it does not apply: `suspended while not X` is to apply only while X."""
    gone, come = _apart(two, two.a.suspended_while, two.b.suspended_while)
    yield from _list(two, Aspect.SUSPENDED, gone, come, Direction.WEAKER, _pause_in_words)


def _pause_in_words(two: Two, node: c.Condition, come: bool) -> str:
    draft = two.after if come else two.before
    if isinstance(node, c.Not):
        time = spoken.while_(node.body, draft)
        return f"only {time}" if come else f"no longer only {time}"
    time = spoken.while_(node, draft)
    return f"not {time}" if come else f"also {time}"


def ends(two: Two) -> Iterator[Part]:
    """What ends it, releases from it, or brings it back."""
    until_a, until_b = (() if n.until is None else (n.until,) for n in (two.a, two.b))
    rows: tuple[tuple[Aspect, Conditions, Conditions, Direction, str], ...] = (
        (Aspect.END, until_a, until_b, Direction.WEAKER, "until"),
        (
            Aspect.RELEASED,
            two.a.released_when,
            two.b.released_when,
            Direction.WEAKER,
            "released when",
        ),
        (
            Aspect.TERMINATED,
            two.a.terminated_when,
            two.b.terminated_when,
            Direction.WEAKER,
            "terminated when",
        ),
        (
            Aspect.REOPENS,
            two.a.reopens_when,
            two.b.reopens_when,
            Direction.STRONGER,
            "reopens when",
        ),
    )
    if two.a.kind is two.b.kind is NormKind.GUARANTEE:
        rows += (
            (Aspect.TRIGGER, two.a.triggers, two.b.triggers, Direction.STRONGER, "called for when"),
            (
                Aspect.LAPSE,
                tuple(one.condition for one in two.a.lapses),
                tuple(one.condition for one in two.b.lapses),
                Direction.WEAKER,
                "lapses when",
            ),
        )
    for aspect, before, after, when_wide, phrase in rows:
        gone, come = _apart(two, before, after)

        def told(two: Two, node: c.Condition, come: bool, phrase: str = phrase) -> str:
            draft = two.after if come else two.before
            return f"{'' if come else 'no longer '}{phrase} {spoken.condition(node, draft)}"

        yield from _list(two, aspect, gone, come, when_wide, told)


def _apart(two: Two, before: Conditions, after: Conditions) -> tuple[Conditions, Conditions]:
    """What only the first has, and what only the second has; what means the same is in both."""
    same = [[two.extent(p, q) == "same" for q in after] for p in before]
    gone = tuple(p for p, row in zip(before, same, strict=True) if not any(row))
    come = tuple(q for i, q in enumerate(after) if not any(row[i] for row in same))
    return gone, come


def _list(
    two: Two,
    aspect: Aspect,
    gone: Conditions,
    come: Conditions,
    when_wide: Direction,
    told: Callable[[Two, c.Condition, bool], str],
) -> Iterator[Part]:
    """One change of all conditions of a sort, any of which suffices."""
    if not gone and not come:
        return
    direction = two.direction(_any(two.a, aspect), _any(two.b, aspect), when_wide)
    if direction is None:
        return
    words = [told(two, node, False) for node in gone] + [told(two, node, True) for node in come]
    was = " or ".join(spoken.condition(node, two.before) for node in gone) or None
    now = " or ".join(spoken.condition(node, two.after) for node in come) or None
    yield Part(aspect, was, now, direction, " and ".join(words), two.whom)


def _any(norm: Norm, aspect: Aspect) -> c.Condition:
    parts: Conditions
    match aspect:
        case Aspect.SUSPENDED:
            parts = norm.suspended_while
        case Aspect.END:
            parts = () if norm.until is None else (norm.until,)
        case Aspect.RELEASED:
            parts = norm.released_when
        case Aspect.TERMINATED:
            parts = norm.terminated_when
        case Aspect.REOPENS:
            parts = norm.reopens_when
        case Aspect.TRIGGER:
            parts = norm.triggers
        case _:
            parts = tuple(one.condition for one in norm.lapses)
    return parts[0] if len(parts) == 1 else c.Or(parts) if parts else NOTHING


def clock(two: Two) -> Iterator[Part]:
    """While what its clock stands still, and for how long at most."""
    a, b = two.a.clock_stops, two.b.clock_stops
    p, q = (c.Or(tuple(one.condition for one in stops)) for stops in (a, b))
    found = [two.direction(p, q, Direction.WEAKER)]
    if len(a) == len(b):
        found += [_of_most(x, y) for x, y in zip(a, b, strict=True)]
    direction = joint(found)
    if direction is not None:
        was, now = _stops(a, two.before), _stops(b, two.after)
        words = f"clock stops {now or 'never'} instead of {was or 'never'}"
        yield Part(Aspect.CLOCK, was or None, now or None, direction, words, two.whom)


def _of_most(x: ClockStop, y: ClockStop) -> Direction | None:
    if x.at_most is None or y.at_most is None:
        return of_order(x.at_most is None, y.at_most is None, Direction.WEAKER)
    return _of_lengths(x.at_most, y.at_most, Direction.WEAKER)


def _stops(found: tuple[ClockStop, ...], draft: Draft) -> str:
    told = []
    for one in found:
        most = f" for at most {spoken.time(one.at_most)}" if one.at_most is not None else ""
        told.append(f"while {spoken.condition(one.condition, draft)}{most}")
    return " and ".join(told)


def cure(two: Two) -> Iterator[Part]:
    """A breach that may be made good is asked less strictly, and the longer the less."""
    a, b = two.a.cure, two.b.cure
    found = [_of_lengths(a.within if a else None, b.within if b else None, Direction.WEAKER)]
    if a is not None and b is not None:
        p, q = a.condition or EVERYTHING, b.condition or EVERYTHING
        found.append(two.direction(p, q, Direction.WEAKER))
    direction = joint(found)
    if direction is not None:
        was, now = (None if x is None else f"within {spoken.time(x.within)}" for x in (a, b))
        words = f"cure of a breach from {was or 'none'} to {now or 'none'}"
        if was == now and b is not None and b.condition is not None:
            words = f"cure of a breach by {spoken.condition(b.condition, two.after)}"
        yield Part(Aspect.CURE, was, now, direction, words, two.whom)
