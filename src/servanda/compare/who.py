"""Changes of who bears a commitment, toward whom, for what subjects, and how firmly."""

from collections.abc import Iterator

from servanda.compare import spoken
from servanda.compare.change import Aspect, Part
from servanda.compare.direction import Direction, joint, of_order, when_wider
from servanda.compare.draft import Draft
from servanda.compare.two import Two
from servanda.model.norm import ForEach, Norm, NormKind

_KINDS = {
    NormKind.ACHIEVE: "obligation to achieve",
    NormKind.MAINTAIN: "obligation to maintain",
    NormKind.POLITICAL: "political commitment",
    NormKind.PRINCIPLE: "statement of principle",
    NormKind.STAGED: "obligation in stages",
}
_DUTIES = ("achieve", "maintain", "not")


def kind_in_words(norm: Norm) -> str:
    return _KINDS.get(norm.kind, norm.kind.value)


def kind(two: Two) -> Iterator[Part]:
    """Another kind of clause: firmer, less firm, a bar that has become a permission."""
    a, b = two.a, two.b
    if a.kind is b.kind and a.duty == b.duty:
        return
    before, after = kind_in_words(a), kind_in_words(b)
    yield Part(
        Aspect.KIND,
        before,
        after,
        _of_kinds(two),
        f"from {before} to {after}",
        two.whom,
    )


def _of_kinds(two: Two) -> Direction:
    a, b = two.a, two.b
    if two.whom and {a.duty, b.duty} == {"not", "may"}:
        return Direction.WEAKER if b.duty == "may" else Direction.STRONGER
    alike = a.duty == b.duty or NormKind.PRINCIPLE in (a.kind, b.kind)
    before, after = firmness(a), firmness(b)
    if not alike or before is None or after is None:
        return Direction.UNDECIDED
    return of_order(before, after, Direction.STRONGER) or Direction.UNDECIDED


def firmness(norm: Norm) -> int | None:
    """0 for an aim, 1 for an expectation, 2 where a reading decides, 3 for what binds."""
    if norm.kind is NormKind.PRINCIPLE:
        return 0
    if norm.duty not in _DUTIES and norm.kind is not NormKind.GUARANTEE:
        return None
    if norm.kind is NormKind.POLITICAL:
        return 1
    if norm.strength is not None:
        return 1 if norm.strength.political_when is None else 2
    return 3


def strength(two: Two) -> Iterator[Part]:
    """Binding, political, or political under a reading; told apart from a change of kind."""
    before, after = firmness(two.a), firmness(two.b)
    if two.a.kind is not two.b.kind or before is None or after is None:
        return
    direction = of_order(before, after, Direction.STRONGER)
    if direction is None and two.a.strength != two.b.strength:
        direction = Direction.UNDECIDED
    if direction is not None:
        was, now = _firm(two.a, two.before), _firm(two.b, two.after)
        yield Part(Aspect.STRENGTH, was, now, direction, f"from {was} to {now}", two.whom)


def _firm(norm: Norm, draft: Draft) -> str:
    if norm.strength is None:
        return "binding"
    when = norm.strength.political_when
    return "political" if when is None else f"political where {spoken.condition(when, draft)}"


def bearer(two: Two) -> Iterator[Part]:
    """Somebody who bears it no longer, or besides; each such change is one of theirs alone."""
    before, after = spoken.bearers(two.a.bearers), spoken.bearers(two.b.bearers)
    gone = tuple(one for one in before if one not in after)
    come = tuple(one for one in after if one not in before)
    holds = two.a.duty == "may" == two.b.duty
    verb = "held" if holds else "borne"
    if gone:
        told = f"no longer {verb} by {spoken.listed(gone)}"
        yield Part(Aspect.BEARER, ", ".join(gone), None, Direction.WEAKER, told, gone)
    if come:
        told = f"{'also ' if two.whom else ''}{verb} by {spoken.listed(come)}"
        yield Part(Aspect.BEARER, None, ", ".join(come), Direction.STRONGER, told, come)
    yield from _each_or_together(two)


def _each_or_together(two: Two) -> Iterator[Part]:
    a, b = two.said_a.bearers, two.said_b.bearers
    if a is None or b is None:
        return
    several = len(a.values) > 1 and len(b.values) > 1
    if several and a.each != b.each:
        was, now = ("each" if x.each else "together" for x in (a, b))
        words = f"borne by {now} instead of {was}" if now == "each" else f"borne {now}, not by each"
        yield Part(Aspect.BEARER, was, now, Direction.UNDECIDED, words, two.whom)
    if a.open != b.open:
        was_open, now_open = a.open or "nobody else", b.open or "nobody else"
        words = f"others who bear it: from {was_open} to {now_open}"
        yield Part(Aspect.BEARER, a.open, b.open, Direction.UNDECIDED, words)


def owed(norm: Norm) -> tuple[str, ...]:
    """Those to whom a commitment is owed."""
    told = (*spoken.names(norm.toward), *spoken.names(norm.beneficiary))
    return tuple(dict.fromkeys(told))


def owed_to(two: Two) -> Iterator[Part]:
    """Somebody to whom it is owed no longer, or besides."""
    before, after = owed(two.a), owed(two.b)
    gone = tuple(one for one in before if one not in after)
    come = tuple(one for one in after if one not in before)
    if gone:
        told = f"no longer owed to {spoken.listed(gone)}"
        yield Part(Aspect.OWED_TO, ", ".join(gone), None, Direction.WEAKER, told, gone, "owed")
    if come:
        told = f"owed to {spoken.listed(come)}"
        yield Part(Aspect.OWED_TO, None, ", ".join(come), Direction.STRONGER, told, come, "owed")


def subjects(two: Two) -> Iterator[Part]:
    """What there is an instance for: more subjects ask for more."""
    a, b = two.a.for_each, two.b.for_each
    if len(a) != len(b):
        direction: Direction | None = Direction.UNDECIDED
    else:
        direction = joint(_of_each(two, x, y) for x, y in zip(a, b, strict=True))
    if direction is not None:
        was, now = _each(a, two.before), _each(b, two.after)
        words = f"for {now or 'one case'} instead of {was or 'one case'}"
        yield Part(Aspect.SUBJECTS, was or None, now or None, direction, words, two.whom)


def _of_each(two: Two, x: ForEach, y: ForEach) -> Direction | None:
    found: list[Direction | None] = []
    if (x.domain is None) != (y.domain is None) or (x.where is None) != (y.where is None):
        return Direction.UNDECIDED
    if x.domain is not None and y.domain is not None:
        values = two.logic.values
        wider, narrower = (
            values.within(x.domain, y.domain),
            values.flipped.within(y.domain, x.domain),
        )
        found.append(_both(wider, narrower))
    if x.where is not None and y.where is not None:
        found.append(when_wider(two.extent(x.where, y.where), Direction.STRONGER))
    return joint(found)


def _both(wider: bool, narrower: bool) -> Direction | None:
    if wider and narrower:
        return None
    return Direction.STRONGER if wider else Direction.WEAKER if narrower else Direction.UNDECIDED


def _each(found: tuple[ForEach, ...], draft: Draft) -> str:
    told = []
    for one in found:
        name = " and ".join(map(spoken.words, one.variables))
        among = spoken.listed(spoken.names(one.domain))
        where = f" where {spoken.condition(one.where, draft)}" if one.where is not None else ""
        told.append(f"{among or f'each {name}'}{where}")
    return "; ".join(told)
