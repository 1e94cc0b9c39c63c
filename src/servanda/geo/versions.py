"""Zones and lines that change: each version with the time from which and until which it is valid.

A record is placed by what was valid at its time.  Where its time is known as a span in which a
version ends and another begins, and the two place it differently, its place is undetermined; so it
is at a time for which no version is given.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from servanda.geo.shape import Shape

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Version:
    """A shape that is valid from `start` up to `end`, exclusive (microseconds UTC; None: open)."""

    shape: Shape
    start: int | None = None
    end: int | None = None

    def holds(self, instant: int) -> bool:
        return (self.start is None or self.start <= instant) and (
            self.end is None or instant < self.end
        )


def version(shape: Shape, zone: tzinfo) -> Version:
    """A shape with the times that its properties say; raises ValueError where they say nonsense."""
    start = _instant(shape, "valid_from", zone)
    end = _instant(shape, "valid_to", zone)
    if start is not None and end is not None and end <= start:
        raise ValueError(f"“{shape.name}”: valid_to is not after valid_from")
    return Version(shape, start, end)


def _instant(shape: Shape, name: str, zone: tzinfo) -> int | None:
    """A day begins in the agreement's zone; an instant names its own."""
    written = shape.properties.get(name)
    if written is None:
        return None
    try:
        if len(str(written)) == len("2026-01-01"):
            moment = datetime.combine(date.fromisoformat(str(written)), time(), zone)
        else:
            moment = datetime.fromisoformat(str(written))
            if moment.tzinfo is None:
                raise ValueError("it names no time zone")
    except ValueError as error:
        raise ValueError(f"“{shape.name}”: {name} is no day or instant: {error}") from error
    return (moment - EPOCH) // timedelta(microseconds=1)


def in_order(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Versions by their time; raises ValueError where two are valid at once."""
    found = sorted(versions, key=lambda v: (v.start is not None, v.start or 0))
    for one, other in pairwise(found):
        if one.end is None or other.start is None or other.start < one.end:
            raise ValueError(
                f"“{one.shape.name}” has two versions that are valid at once: say valid_to of the "
                "one and valid_from of the other"
            )
    return tuple(found)


def during(versions: Sequence[Version], first: int, last: int) -> Iterator[Shape | None]:
    """The shapes that are valid at some instant of a span; None if for some of it there is none."""
    reached: Any = first
    for one in versions:
        if one.start is not None and one.start > last:
            break
        if one.end is not None and one.end <= reached:
            continue
        if one.start is not None and one.start > reached:
            yield None
        yield one.shape
        if one.end is None or one.end > last:
            return
        reached = one.end
    yield None
