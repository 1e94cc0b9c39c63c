"""Stronger, weaker, or not decided: which way a commitment went, and how that is combined.

A direction is a comparison of what two wordings ask, permit or promise, never a judgement: it is
worked out from numbers, names, times and the logic of conditions, and where these do not settle it,
it says so.
"""

from collections.abc import Iterable
from enum import StrEnum


class Direction(StrEnum):
    STRONGER = "stronger"
    WEAKER = "weaker"
    UNDECIDED = "not decided"
    NONE = "no direction"  # a change that asks nothing more or less of anybody

    @property
    def opposite(self) -> "Direction":
        return _OPPOSITE.get(self, self)


_OPPOSITE = {Direction.STRONGER: Direction.WEAKER, Direction.WEAKER: Direction.STRONGER}


class Extent(StrEnum):
    """How the occasions on which two conditions hold lie to each other."""

    SAME = "same"
    WIDER = "wider"  # the second holds whenever the first does, and not the other way round
    NARROWER = "narrower"
    OPEN = "open"


def when_wider(extent: Extent, direction: Direction) -> Direction | None:
    """The direction of a change where a wider condition means `direction`; None: no change."""
    match extent:
        case Extent.SAME:
            return None
        case Extent.WIDER:
            return direction
        case Extent.NARROWER:
            return direction.opposite
        case Extent.OPEN:
            return Direction.UNDECIDED


def joint(directions: Iterable[Direction | None]) -> Direction | None:
    """The direction of several changes of one thing; None where nothing changes."""
    found = {one for one in directions if one is not None}
    if not found:
        return None
    return found.pop() if len(found) == 1 else Direction.UNDECIDED


def of_order(before: float, after: float, more: Direction) -> Direction | None:
    """The direction of a number where more of it means `more`."""
    if before == after:
        return None
    return more if after > before else more.opposite


def grown(before: frozenset[str], after: frozenset[str], more: Direction) -> Direction | None:
    """The direction of a list where more names in it mean `more`."""
    if before == after:
        return None
    if before < after:
        return more
    return more.opposite if after < before else Direction.UNDECIDED
