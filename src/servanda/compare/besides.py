"""Changes of what stands beside a commitment: consequences, deciders, priority, gaps, remarks."""

from collections.abc import Iterator, Mapping, Sequence

from servanda.compare import spoken
from servanda.compare.change import Aspect, Part
from servanda.compare.direction import Direction, grown, joint
from servanda.compare.draft import Draft
from servanda.compare.two import Two
from servanda.model.consequence import Consequence, Step
from servanda.model.norm import Norm
from servanda.model.unspecified import Unspecified

NOBODY = "nobody named"


def consequences(two: Two) -> Iterator[Part]:
    """What follows from it or from its breach; whether that asks for more is not decided."""
    before = [*zip(two.a.consequences, two.said_a.consequences, strict=True)]
    after = [*zip(two.b.consequences, two.said_b.consequences, strict=True)]
    steps_before = [*zip(two.a.steps, two.said_a.steps, strict=True)]
    steps_after = [*zip(two.b.steps, two.said_b.steps, strict=True)]
    a, b = two.before, two.after
    gone = [_follows(said, a) for one, said in before if one not in two.b.consequences]
    gone += [_step(said, a) for one, said in steps_before if one not in two.b.steps]
    come = [_follows(said, b) for one, said in after if one not in two.a.consequences]
    come += [_step(said, b) for one, said in steps_after if one not in two.a.steps]
    if gone or come:
        was, now = "; ".join(gone) or None, "; ".join(come) or None
        words = f"follows: {now or 'nothing'} instead of {was or 'nothing'}"
        yield Part(Aspect.CONSEQUENCES, was, now, Direction.UNDECIDED, words, two.whom)


def _follows(one: Consequence, draft: Draft) -> str:
    fulfilled = "what is fulfilled of " if one.only_fulfilled else ""
    when = f" when {spoken.condition(one.when, draft)}" if one.when is not None else ""
    by = f", decided by {decider(one.decider)}" if one.decider is not None else ""
    most = f" for at most {spoken.time(one.at_most)}" if one.at_most is not None else ""
    return f"{one.verb} {fulfilled}{one.target.norm}{when}{by}{most}"


def _step(one: Step, draft: Draft) -> str:
    name = spoken.words(one.name) if one.name is not None else "otherwise"
    after = f" after {spoken.time(one.after)}" if one.after is not None else ""
    does = f": {_follows(one.consequence, draft)}" if one.consequence is not None else ""
    by = f", decided by {decider(one.decider)}" if one.decider is not None else ""
    return f"{name}{after}{does}{by}"


def decider(one: str | Unspecified | None) -> str:
    return NOBODY if one is None or isinstance(one, Unspecified) else spoken.words(one)


def deciders(two: Two) -> Iterator[Part]:
    """Who decides, and on what finding."""
    was, now = decider(two.a.decided_by), decider(two.b.decided_by)
    if was != now:
        words = f"decided by {now} instead of {was}"
        yield Part(Aspect.DECIDER, was, now, Direction.UNDECIDED, words, two.whom)
    before, after = two.a.upon_finding, two.b.upon_finding
    if before != after:
        words = f"upon finding of {after or 'nothing'} instead of {before or 'nothing'}"
        yield Part(Aspect.FINDING, before, after, Direction.UNDECIDED, words, two.whom)


def priority(two: Two) -> Iterator[Part]:
    """What goes before it, and what it goes before."""
    a, b = two.a, two.b
    direction = joint(
        (
            grown(frozenset(a.subject_to), frozenset(b.subject_to), Direction.WEAKER),
            grown(frozenset(a.notwithstanding), frozenset(b.notwithstanding), Direction.STRONGER),
        )
    )
    if direction is not None:
        was, now = _priority(two.said_a), _priority(two.said_b)
        words = f"{now or 'without priority'} instead of {was or 'without priority'}"
        yield Part(Aspect.PRIORITY, was or None, now or None, direction, words, two.whom)


def _priority(norm: Norm) -> str:
    told = [f"subject to {', '.join(norm.subject_to)}"] if norm.subject_to else []
    if norm.notwithstanding:
        told.append(f"notwithstanding {', '.join(norm.notwithstanding)}")
    return ", ".join(told)


def said(two: Two) -> Iterator[Part]:
    """Lists of words beside it: who shows it, what is left open, reservations, remarks."""
    a, b = two.said_a, two.said_b
    rows: tuple[tuple[Aspect, Sequence[str], Sequence[str], Direction, str], ...] = (
        (Aspect.SHOWN_BY, a.shown_by, b.shown_by, Direction.UNDECIDED, "shown by"),
        (
            Aspect.OPEN,
            [one.name for one in a.open],
            [one.name for one in b.open],
            Direction.NONE,
            "left open:",
        ),
        (
            Aspect.RESERVATIONS,
            [f"{one.by}: {one.text}" for one in a.reservations],
            [f"{one.by}: {one.text}" for one in b.reservations],
            Direction.UNDECIDED,
            "reservation by",
        ),
        (Aspect.NOTES, a.notes, b.notes, Direction.NONE, "remark:"),
        (
            Aspect.SIGNATORY,
            ["who does not sign"] if a.non_signatory else [],
            ["who does not sign"] if b.non_signatory else [],
            Direction.NONE,
            "of somebody",
        ),
        (
            Aspect.OPEN,
            [a.open_on_purpose] if a.open_on_purpose is not None else [],
            [b.open_on_purpose] if b.open_on_purpose is not None else [],
            Direction.NONE,
            "left open on purpose:",
        ),
    )
    for aspect, before, after, direction, phrase in rows:
        yield from _listed(two, aspect, before, after, direction, phrase)


def _listed(
    two: Two,
    aspect: Aspect,
    before: Sequence[str],
    after: Sequence[str],
    direction: Direction,
    phrase: str,
) -> Iterator[Part]:
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    if not gone and not come:
        return
    told = [f"{phrase} {', '.join(map(spoken.words, come))}"] if come else []
    if gone:
        told.append(f"no longer {phrase} {', '.join(map(spoken.words, gone))}")
    was, now = "; ".join(gone) or None, "; ".join(come) or None
    yield Part(aspect, was, now, direction, " and ".join(told), two.whom)


Enders = Mapping[str, Sequence[str]]


def enders(two: Two, before: Enders, after: Enders) -> Iterator[Part]:
    """Who can end it, as somebody else has worked it out for both drafts."""
    gone = [one for one in before.get(two.said_a.id, ()) if one not in after.get(two.said_b.id, ())]
    come = [one for one in after.get(two.said_b.id, ()) if one not in before.get(two.said_a.id, ())]
    if gone or come:
        was, now = "; ".join(gone) or None, "; ".join(come) or None
        told = [f"can be ended by {now}"] if come else []
        told += [f"can no longer be ended by {was}"] if gone else []
        words = " and ".join(told)
        yield Part(Aspect.ENDERS, was, now, Direction.UNDECIDED, words, two.whom)
