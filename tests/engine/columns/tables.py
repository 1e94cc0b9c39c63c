"""Small tables for tests: written as sets of (key, position), made with hypothesis, read back."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from hypothesis import strategies as st

from servanda.engine.columns.table import Table
from servanda.engine.columns.timeline import Dense, Stamped, Timeline
from servanda.model.formula import Interval, Kind

Members = frozenset[tuple[tuple[int, ...], int]]
LENGTH = 9  # positions of an axis in tests

keys_of_two = st.tuples(st.integers(0, 1), st.integers(0, 2))
keys_of_one = st.tuples(st.integers(0, 1))


def members(table: Table) -> Members:
    """Which keys hold at which positions; the intervals of a key must not overlap."""
    found = set()
    for i in range(len(table)):
        key = tuple(column[i].item() for column in table.columns)
        for at in range(table.start[i], table.end[i]):
            assert (key, at) not in found, f"{key} has overlapping intervals at {at}"
            found.add((key, at))
    return frozenset(found)


def table(names: Sequence[str], held: Iterable[tuple[tuple[int, ...], int]], form: str) -> Table:
    """A table of what holds, as `points`, as `pieces` in no order, or in `runs` that are merged."""
    rows = sorted(held)
    intervals: list[tuple[tuple[int, ...], int, int]] = []
    for key, at in rows:
        touches = intervals and intervals[-1][0] == key and intervals[-1][2] == at
        if form != "points" and touches and (form == "runs" or at % 3):
            intervals[-1] = (key, intervals[-1][1], at + 1)
        else:
            intervals.append((key, at, at + 1))
    if form == "pieces":
        intervals.reverse()
    columns = tuple(
        np.array([key[i] for key, _, _ in intervals], np.int64) for i in range(len(names))
    )
    start = np.array([s for _, s, _ in intervals], np.int64)
    end = np.array([e for _, _, e in intervals], np.int64)
    kinds: list[Kind] = ["int"] * len(names)
    return Table(
        tuple(names),
        tuple(kinds),
        columns,
        start,
        end,
        ordered=form != "pieces",
        points=form == "points",
        merged=form == "runs",
    )


def tables(
    names: Sequence[str], keys: st.SearchStrategy[tuple[int, ...]]
) -> st.SearchStrategy[Table]:
    held = st.frozensets(st.tuples(keys, st.integers(0, LENGTH - 1)), max_size=14)
    return st.builds(table, st.just(names), held, st.sampled_from(("points", "pieces", "runs")))


def _stamped(steps: list[int]) -> Stamped:
    return Stamped(np.cumsum(steps))


axes: st.SearchStrategy[Timeline] = st.one_of(
    st.just(Dense(0, LENGTH)),
    st.lists(st.integers(0, 3), min_size=LENGTH, max_size=LENGTH).map(_stamped),
)
windows = st.builds(
    lambda low, width: Interval(low, None if width is None else low + width),
    st.integers(0, 3),
    st.none() | st.integers(0, 4),
)


def stamp(axis: Timeline) -> Callable[[int], int]:
    if isinstance(axis, Stamped):
        return lambda at: int(axis.stamps[at])
    return lambda at: at


def seen(axis: Timeline, window: Interval, at: int, *, future: bool) -> list[int]:
    """The positions in the window of a position, by the definition."""
    when = stamp(axis)
    found = []
    for other in range(LENGTH):
        distance = when(other) - when(at) if future else when(at) - when(other)
        ahead = other >= at if future else other <= at
        within = window.lower <= distance and (window.upper is None or distance <= window.upper)
        if ahead and within:
            found.append(other)
    return found
