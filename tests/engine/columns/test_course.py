"""Each operator over time, held to its law instant by instant."""

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.columns import course as k
from tests.support.examples import examples

LAST = 24  # courses change within 0 … LAST; windows reach no further than REACH
REACH = 6
LOOKED_AT = range(-40, 65)
Bounds = tuple[int, int | None]

courses = st.builds(
    lambda flips, before: k.Course(np.array(sorted(flips), np.int64), before),
    st.sets(st.integers(0, LAST), max_size=7),
    st.booleans(),
)
windows = st.tuples(st.integers(0, REACH), st.one_of(st.none(), st.integers(0, REACH)))


def _instants(first: int, last: int) -> range:
    return range(max(first, -200), min(last, 200) + 1)


def _back(t: int, window: Bounds) -> range:
    low, high = window
    return _instants(EARLIEST if high is None else t - high, t - low)


def _ahead(t: int, window: Bounds) -> range:
    low, high = window
    return _instants(t + low, LATEST if high is None else t + high)


def _holds(course: k.Course, law: Callable[[int], bool]) -> None:
    assert [course.at(t) for t in LOOKED_AT] == [law(t) for t in LOOKED_AT]
    assert list(course.at_each(np.array(LOOKED_AT))) == [law(t) for t in LOOKED_AT]
    assert (np.diff(course.flips) > 0).all()


@examples(500)
@given(courses, windows)
def test_the_past(body: k.Course, window: Bounds) -> None:
    _holds(k.once(body, *window), lambda t: any(body.at(u) for u in _back(t, window)))
    _holds(k.historically(body, *window), lambda t: all(body.at(u) for u in _back(t, window)))


@examples(500)
@given(courses, windows)
def test_the_future(body: k.Course, window: Bounds) -> None:
    _holds(k.eventually(body, *window), lambda t: any(body.at(u) for u in _ahead(t, window)))
    _holds(k.always(body, *window), lambda t: all(body.at(u) for u in _ahead(t, window)))


@given(courses, courses, windows)
def test_since_and_until(left: k.Course, right: k.Course, window: Bounds) -> None:
    _holds(
        k.since(left, right, *window),
        lambda t: any(
            right.at(u) and all(left.at(v) for v in _instants(u + 1, t)) for u in _back(t, window)
        ),
    )
    _holds(
        k.until(left, right, *window),
        lambda t: any(
            right.at(u) and all(left.at(v) for v in _instants(t, u - 1)) for u in _ahead(t, window)
        ),
    )


@examples(500)
@given(st.lists(courses, max_size=4))
def test_all_and_any(several: list[k.Course]) -> None:
    _holds(k.all_of(several), lambda t: all(one.at(t) for one in several))
    _holds(k.any_of(several), lambda t: any(one.at(t) for one in several))


@examples(500)
@given(st.lists(st.tuples(st.integers(0, LAST), st.integers(0, LAST)), max_size=6))
def test_spans_in_any_order(spans: list[tuple[int, int]]) -> None:
    start = np.array([s for s, _ in spans], np.int64)
    end = np.array([e for _, e in spans], np.int64)
    _holds(k.of_spans(start, end), lambda t: any(s <= t < e for s, e in spans))
