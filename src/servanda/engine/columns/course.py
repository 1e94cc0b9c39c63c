"""A course: when something holds, as the instants at which that changes.

`flips` are instants in rising order; before the first of them it is `before`, and at each it turns
into its opposite.  Every operator over time is a function of such columns (laws in each docstring);
instants are whole microseconds, so that what holds up to `t` holds in `[…, t + 1)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from servanda.engine.axis import EARLIEST, LATEST
from servanda.evidence.table import Ints, Mask

NONE: Ints = np.empty(0, np.int64)


@dataclass(frozen=True)
class Course:
    flips: Ints
    before: bool = False

    def at(self, instant: int) -> bool:
        return self.before ^ bool(self.flips.searchsorted(instant, "right") & 1)

    def at_each(self, instants: Ints) -> Mask:
        odd = (np.searchsorted(self.flips, instants, "right") & 1).astype(bool)
        return ~odd if self.before else odd

    def first(self) -> int | None:
        """The first instant at which it holds; EARLIEST where it always has."""
        if self.before:
            return EARLIEST
        return int(self.flips[0]) if len(self.flips) else None

    def next(self, instant: int) -> int | None:
        """The first instant from one on at which it begins to hold."""
        place = int(np.searchsorted(self.flips, instant, "left"))
        place += bool(self.before) ^ (place & 1)  # at every second flip it ceases to
        return int(self.flips[place]) if place < len(self.flips) else None

    def spans(self) -> tuple[Ints, Ints]:
        """The stretches `[start, end)`; EARLIEST and LATEST stand for no beginning and no end."""
        edges = self.flips
        if self.before:
            edges = np.concatenate(([EARLIEST], edges))
        if len(edges) & 1:
            edges = np.concatenate((edges, [LATEST]))
        return edges[0::2], edges[1::2]

    def __invert__(self) -> "Course":
        return Course(self.flips, not self.before)

    @property
    def constant(self) -> bool:
        return not len(self.flips)


NEVER = Course(NONE)
ALWAYS = Course(NONE, True)


def since_instant(instant: int | None) -> Course:
    """What holds from an instant on."""
    return NEVER if instant is None else of_spans(np.array([instant]), np.array([LATEST]))


def of_spans(start: Ints, end: Ints) -> Course:
    """The union of stretches `[start, end)`, in any order; empty ones count for nothing."""
    real = end > start
    if not real.all():
        start, end = start[real], end[real]
    if not len(start):
        return NEVER
    order = np.argsort(start, kind="stable")
    start, end = start[order], np.maximum.accumulate(end[order])
    apart = np.flatnonzero(start[1:] > end[:-1]) + 1
    begin = start[np.concatenate(([0], apart))]
    cease = end[np.concatenate((apart - 1, [len(end) - 1]))]
    flips = np.column_stack((begin, cease)).ravel()
    before = bool(flips[0] <= EARLIEST)
    return Course(flips[int(before) : len(flips) - int(flips[-1] >= LATEST)], before)


def all_of(courses: Sequence[Course]) -> Course:
    """Holds where all hold."""
    return ~any_of([~one for one in courses])


def any_of(courses: Sequence[Course]) -> Course:
    """Holds where one of them holds."""
    if any(one.constant and one.before for one in courses):
        return ALWAYS
    some = [one for one in courses if not one.constant]
    if not some:
        return NEVER
    if len(some) == 1:
        return some[0]
    spans = [one.spans() for one in some]
    return of_spans(np.concatenate([s for s, _ in spans]), np.concatenate([e for _, e in spans]))


def _moved(edge: Ints, by: int) -> Ints:
    """Edges moved in time; no beginning and no end stay what they are."""
    free = (edge > EARLIEST) & (edge < LATEST)
    return np.where(free, edge + by, edge)


def once(body: Course, low: int, high: int | None) -> Course:
    """At `t`: the body held at some instant of `[t - high, t - low]` (no limit: None)."""
    if high is not None and high < low:
        return NEVER
    start, end = body.spans()
    far = np.full(len(end), LATEST) if high is None else _moved(end, high)
    return of_spans(_moved(start, low), far)


def eventually(body: Course, low: int, high: int | None) -> Course:
    """At `t`: the body holds at some instant of `[t + low, t + high]`."""
    if high is not None and high < low:
        return NEVER
    start, end = body.spans()
    far = np.full(len(start), EARLIEST) if high is None else _moved(start, -high)
    return of_spans(far, _moved(end, -low))


def historically(body: Course, low: int, high: int | None) -> Course:
    """At `t`: the body held at every instant of `[t - high, t - low]`."""
    return ~once(~body, low, high)


def always(body: Course, low: int, high: int | None) -> Course:
    """At `t`: the body holds at every instant of `[t + low, t + high]`."""
    return ~eventually(~body, low, high)


def since(left: Course, right: Course, low: int, high: int | None) -> Course:
    """At `t`: the right held at some `u` of `[t - high, t - low]`, the left at all of `(u, t]`."""
    if high is not None and high < low:
        return NEVER
    begin, cease = right.spans()
    start, end = left.spans()
    found = [of_spans(begin, cease)] if low == 0 else []
    # A stretch of the left serves from the instant before it on.
    early = _moved(start, -1)
    first = np.searchsorted(end, begin, "right")
    last = np.searchsorted(early, cease, "left")
    counts = np.maximum(last - first, 0)
    ends = np.cumsum(counts)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
    one = np.repeat(np.arange(len(begin)), counts)
    other = np.repeat(first, counts) + within
    from_ = np.maximum(begin[one], early[other])
    to = np.minimum(cease[one], _moved(end[other], -1))  # the last `u`, exclusive
    real = to > from_
    from_, to, until = from_[real], to[real], end[other][real]
    far = until if high is None else np.minimum(until, _moved(to, high))
    found.append(of_spans(_moved(from_, max(low, 1)), far))
    return any_of(found)


def until(left: Course, right: Course, low: int, high: int | None) -> Course:
    """`since`, the other way in time."""
    return backwards(since(backwards(left), backwards(right), low, high))


def backwards(course: Course) -> Course:
    """The course at `-t`."""
    start, end = course.spans()
    return of_spans(_mirrored(end), _mirrored(start))


def _mirrored(edge: Ints) -> Ints:
    found = 1 - edge
    return np.where(edge >= LATEST, EARLIEST, np.where(edge <= EARLIEST, LATEST, found))


def steps(times: Ints, truth: Mask, before: bool) -> Course:
    """What is `truth[i]` from `times[i]` on, the times in order and each once."""
    changed = np.flatnonzero(np.diff(truth, prepend=before))
    return Course(times[changed], before)
