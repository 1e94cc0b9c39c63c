"""Numbers, durations and windows of two drafts: which lies within the other.

Units are never converted: what is counted in different ones is not comparable here.
"""

from decimal import Decimal

from servanda.model.quantity import Comparison, Duration, Quantity, Window

# The least and the most days that a calendar unit can have; whatever is between stays open.
_DAYS = {"months": (28, 31), "years": (365, 366)}
_DAY = 86_400_000_000


def bounded(p: Comparison, a: Quantity, q: Comparison, b: Quantity) -> bool:
    """Whether every number that is `p a` is `q b`."""
    if a.unit != b.unit:
        return False
    x, y = a.amount, b.amount
    if p is Comparison.EQUAL:
        return q.holds(x, y)
    match q:
        case Comparison.AT_MOST:
            return p in (Comparison.AT_MOST, Comparison.LESS_THAN) and x <= y
        case Comparison.LESS_THAN:
            return (p is Comparison.LESS_THAN and x <= y) or (p is Comparison.AT_MOST and x < y)
        case Comparison.AT_LEAST:
            return p in (Comparison.AT_LEAST, Comparison.MORE_THAN) and x >= y
        case Comparison.MORE_THAN:
            return (p is Comparison.MORE_THAN and x >= y) or (p is Comparison.AT_LEAST and x > y)
        case Comparison.EQUAL:
            return False


def limit_within(a: Quantity, b: Quantity) -> bool:
    """Whether a distance is no larger than another."""
    return a.unit == b.unit and a.amount <= b.amount


def span_of(length: Duration) -> tuple[Decimal, Decimal]:
    """The shortest and the longest that a duration can be, in microseconds (or steps)."""
    if length.exact:
        return Decimal(length.ticks), Decimal(length.ticks)
    least, most = _DAYS[length.unit]
    return Decimal(length.amount * least * _DAY), Decimal(length.amount * most * _DAY)


def longer(before: Duration, after: Duration) -> int | None:
    """1 where the second is longer, -1 where it is shorter, 0 for the same, None where open."""
    if "steps" in (before.unit, after.unit) and before.unit != after.unit:
        return None
    if before.unit == after.unit:
        return (after.amount > before.amount) - (after.amount < before.amount)
    (least, most), (other_least, other_most) = span_of(before), span_of(after)
    if (least, most) == (other_least, other_most):
        return 0
    if most < other_least:
        return 1
    return -1 if other_most < least else None


def at_least_as_long(a: Duration, b: Duration) -> bool:
    """Whether the first is as long as the second or longer."""
    return longer(a, b) in (0, -1)


def window_within(a: Window | None, b: Window | None) -> bool:
    """Whether a stretch of time lies within another; None is all of the past, or all to come."""
    if b is None:
        return True
    if a is None:
        return b.upper is None and b.ticks[0] == 0
    (low, high), (other_low, other_high) = a.ticks, b.ticks
    return low >= other_low and (other_high is None or (high is not None and high <= other_high))
