"""Changes as sentences: `cap from 600,000 to 800,000 and only in peacetime: weaker for A`.

In: the parts of one change.  Out: one sentence for all parts that went the same way for the same
people, in the order in which they are told.
"""

from collections.abc import Sequence

from servanda.compare import spoken
from servanda.compare.change import Part
from servanda.compare.direction import Direction

LEGEND = (
    "“Stronger for” and “weaker for”: what somebody bears, the right that they hold or what they "
    "are owed grew or shrank. It is worked out from numbers, names, times and conditions, and is "
    "no judgement; where these do not settle it, the direction is not decided."
)


def told(parts: Sequence[Part]) -> list[str]:
    """The sentences."""
    grouped: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for part in parts:
        whom = part.whom if part.direction in _FOR else ()
        grouped.setdefault((part.direction, whom, part.role), []).append(part.words)
    return [
        f"{' and '.join(words)}{_ending(Direction(direction), whom)}"
        for (direction, whom, _), words in grouped.items()
    ]


_FOR = (Direction.STRONGER, Direction.WEAKER)


def _ending(direction: Direction, whom: tuple[str, ...]) -> str:
    match direction:
        case Direction.NONE:
            return ""
        case Direction.UNDECIDED:
            return ": changed, direction not decided"
        case _:
            return f": {direction.value} for {spoken.listed(whom) or 'somebody not named'}"
