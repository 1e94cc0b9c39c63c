"""Each operator has its law: what holds after it, said of single keys and positions."""

from collections.abc import Callable
from fractions import Fraction
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.engine.columns import distance, join, merge, since, step, window
from servanda.engine.columns.aggregate import aggregated
from servanda.engine.columns.table import Table, reordered, unit
from servanda.engine.columns.terms import Valued, assigned, filtered
from servanda.engine.columns.timeline import Timeline
from servanda.geo.point import Point
from servanda.geo.shape import between_km
from servanda.model import formula as f
from servanda.model.formula import Interval
from tests.engine.columns import tables as t
from tests.engine.columns.tables import LENGTH, Members, members, seen
from tests.support.examples import examples

POSITIONS = range(LENGTH)
xy = t.tables(("x", "y"), t.keys_of_two)
yz = t.tables(("y", "z"), t.keys_of_two)
x_only = t.tables(("x",), t.keys_of_one)


def is_normal(table: Table) -> None:
    """What the flags of a table say is so."""
    rows = list(zip(*(c.tolist() for c in table.columns), table.start.tolist(), strict=True))
    if table.ordered:
        assert rows == sorted(rows)
    if table.points:
        assert (table.end - table.start == 1).all()
    if table.merged:
        ends = {(*row[:-1], end) for row, end in zip(rows, table.end.tolist(), strict=True)}
        assert not ends & set(rows)


def holds(table: Table, expected: Members) -> None:
    is_normal(table)
    assert members(table) == expected


@examples(500)
@given(xy)
def test_sorting_and_merging_change_nothing(a: Table) -> None:
    for form in (merge.ordered, merge.merged):
        holds(form(a), members(a))
    if a.points:
        holds(merge.distinct(a), members(a))
    assert merge.merged(a).merged


@examples(500)
@given(xy, yz, x_only)
def test_conjunction(a: Table, b: Table, c: Table) -> None:
    both = {
        ((x, y, z), at)
        for (x, y), at in members(a)
        for (u, z), v in members(b)
        if (u, v) == (y, at)
    }
    holds(join.conjunction(a, b), frozenset(both))
    narrow = {((x, y), at) for (x, y), at in members(a) if ((x,), at) in members(c)}
    holds(join.conjunction(a, c), frozenset(narrow))
    holds(join.conjunction(c, a), frozenset(narrow))
    apart = {((x, y, z), v) for (x,), v in members(c) for (y, z), at in members(b) if at == v}
    holds(join.conjunction(c, b), frozenset(apart))
    holds(join.conjunction(unit(0, LENGTH), a), members(a))


@examples(500)
@given(xy, x_only)
def test_difference(a: Table, b: Table) -> None:
    rest = {((x, y), at) for (x, y), at in members(a) if ((x,), at) not in members(b)}
    holds(join.difference(a, b), frozenset(rest))


@examples(500)
@given(xy, xy)
def test_union_and_projection(a: Table, b: Table) -> None:
    b = reordered(b, ("y", "x"))
    turned = {((x, y), at) for (y, x), at in members(b)}
    holds(merge.union([a, b]), members(a) | turned)
    holds(merge.projected(a, ("y",)), frozenset(((y,), at) for (_, y), at in members(a)))
    holds(merge.projected(a, ()), frozenset(((), at) for _, at in members(a)))


@examples(500)
@given(xy)
def test_complement(a: Table) -> None:
    keys = {key for key, _ in members(a)}
    free = {(key, at) for key in keys for at in POSITIONS if (key, at) not in members(a)}
    holds(join.complement(a, 0, LENGTH), frozenset(free))


@examples(500)
@given(xy, t.windows, t.axes)
def test_once_and_eventually(a: Table, within: Interval, axis: Timeline) -> None:
    keys = {key for key, _ in members(a)}
    for operator, future in ((window.once, False), (window.eventually, True)):
        expected = {
            (key, at)
            for key in keys
            for at in POSITIONS
            if any((key, s) in members(a) for s in seen(axis, within, at, future=future))
        }
        holds(operator(a, within, axis), frozenset(expected))


@examples(500)
@given(x_only, x_only, t.windows, t.axes)
def test_historically_and_always(
    asked: Table, failing: Table, within: Interval, axis: Timeline
) -> None:
    for operator, future in ((window.historically, False), (window.always, True)):
        expected = {
            (key, at)
            for key, at in members(asked)
            if not any((key, s) in members(failing) for s in seen(axis, within, at, future=future))
        }
        holds(operator(asked, failing, within, axis), frozenset(expected))


@examples(500)
@given(x_only, st.integers(0, 4), t.axes)
def test_for_at_least(a: Table, duration: int, axis: Timeline) -> None:
    expected = {
        (key, at)
        for key, at in members(a)
        if all((key, s) in members(a) for s in seen(axis, Interval(0, duration), at, future=False))
    }
    holds(window.for_at_least(a, duration, axis), frozenset(expected))


@examples(500)
@given(x_only, t.windows, t.axes)
def test_previous_and_next(a: Table, within: Interval, axis: Timeline) -> None:
    for operator, by in ((step.previous, -1), (step.next_, 1)):
        expected = {
            (key, at)
            for key in {key for key, _ in members(a)}
            for at in POSITIONS
            if (key, at + by) in members(a) and at + by in seen(axis, within, at, future=by > 0)
        }
        holds(operator(a, within, axis), frozenset(expected))


@examples(500)
@given(x_only, xy, t.windows, t.axes, st.booleans())
def test_since_and_until(
    left: Table, right: Table, within: Interval, axis: Timeline, negated: bool
) -> None:
    def lasting(key: tuple[int, ...], between: range) -> bool:
        return all((((key[0],), u) in members(left)) is not negated for u in between)

    for operator, future in ((since.since, False), (since.until, True)):
        expected = {
            (key, at)
            for key in {key for key, _ in members(right)}
            for at in POSITIONS
            if any(
                (key, s) in members(right)
                and lasting(key, range(at, s) if future else range(s + 1, at + 1))
                for s in seen(axis, within, at, future=future)
            )
        }
        found = operator(left, right, within, axis, negated=negated)
        holds(found, frozenset(expected))


AGGREGATES: dict[str, Callable[[list[int]], float]] = {
    "count": len,
    "sum": sum,
    "avg": lambda values: float(Fraction(sum(map(Fraction, values)), len(values))),
    "min": min,
    "max": max,
    "median": lambda values: float(median(values)),
}


@pytest.mark.parametrize("op", AGGREGATES)
@pytest.mark.parametrize("of", [np.int64, np.float64])
@examples(500)
@given(a=xy, grouped=st.booleans())
def test_aggregates(op: str, of: type, a: Table, grouped: bool) -> None:
    kind: f.Kind = "int" if of is np.int64 else "float"
    values = Valued(a.column("y").astype(of), kind)
    found = aggregated(a, op, values, ("x",) if grouped else (), "r", unit(0, LENGTH))
    is_normal(found)
    expected = set()
    for at in POSITIONS:
        rows = [key for key, position in members(a) if position == at]
        for group in {key[:1] for key in rows} if grouped else [()]:
            mine = [key[1] for key in rows if not grouped or key[:1] == group]
            result = AGGREGATES[op](mine) if mine else 0
            expected.add(((*group, result), at))
    assert members(found) == expected


@examples(500)
@given(xy, st.sampled_from(["=", "<", "<="]), st.sampled_from(["+", "-", "*", "/", "MOD"]))
def test_comparisons_and_terms(a: Table, sign: str, op: str) -> None:
    x, y = f.Variable("x"), f.Variable("y")
    compare = {"=": int.__eq__, "<": int.__lt__, "<=": int.__le__}[sign]
    kept = {(key, at) for key, at in members(a) if compare(*key)}
    holds(filtered(a, f.Comparison(sign, x, y), {}), frozenset(kept))
    refused = filtered(a, f.Comparison(sign, x, y), {}, refused=True)
    holds(refused, members(a) - kept)
    shifted = f.Operation("-", (x, f.Constant(1)))
    found = assigned(a, "z", f.Operation(op, (shifted, y)), {})
    holds(found, frozenset(((u, v, _plain(op, u - 1, v)), at) for (u, v), at in members(a)))


degrees = st.tuples(
    st.floats(-90, 90, allow_subnormal=False), st.floats(-180, 180, allow_subnormal=False)
)


@examples(500)
@given(st.lists(degrees, max_size=4), degrees, st.integers(0, 20_000))
def test_distances(rows: list[tuple[float, float]], place: tuple[float, float], km: int) -> None:
    at = np.arange(len(rows))
    columns = tuple(np.array([row[i] for row in rows]) for i in (0, 1))
    a = Table(("lat", "lon"), ("float", "float"), columns, at, at + 1, points=True)
    to = Point(*place)
    plain = [between_km(Point(*row), to) for row in rows]
    assert distance.distance_km(a, "lat", "lon", to).tolist() == pytest.approx(plain, abs=1e-6)
    found = distance.near(a, "lat", "lon", to, km)
    expected = [i for i, far in enumerate(plain) if far <= km]
    assert found.start.tolist() == expected
    assert distance.with_distance(a, "d", "lat", "lon", to).names == ("lat", "lon", "d")


def _plain(op: str, a: int, b: int) -> int:
    """Towards zero, and total: by zero the quotient is 0 and the remainder the number itself."""
    quotient = 0 if b == 0 else abs(a) // abs(b) * (1 if a * b >= 0 else -1)
    return {"+": a + b, "-": a - b, "*": a * b, "/": quotient, "MOD": a - quotient * b}[op]
