"""Many records at once are grouped as the rule groups them one by one."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence import apart as apart_module
from servanda.evidence import grouping as grouping_module
from servanda.evidence.apart import apart
from servanda.evidence.columns import Columns, appended, columns
from servanda.evidence.grouping import Grouping, grouping, regrouped
from servanda.evidence.instant import Period
from servanda.evidence.links import Links
from servanda.evidence.occurrence import occurrences
from servanda.evidence.record import UNATTRIBUTED, ArgValue, Record
from servanda.evidence.table import table_of
from servanda.geo import Atlas, Point
from servanda.model.record_type import ArgKind, ArgType, RecordType

MINUTE = 60_000_000
DAY = 1440 * MINUTE
BY = ArgType("by", ArgKind.ACTOR)
TYPES = {
    "strike": RecordType(
        "strike", args=(BY, ArgType("weapon", ArgKind.WORD), ArgType("dead", ArgKind.NUMBER))
    ),
    "crossing": RecordType(
        "crossing", args=(BY, ArgType("people", ArgKind.NUMBER)), identified_by=("by",)
    ),
}
ATLAS = Atlas.standard().with_places({"Mill": Point(48.0, 37.0), "Somewhere": None})
PLACES = (
    None,
    "Mill",
    "Somewhere",
    "Unheard of",
    "UA-14",
    *(Point(48.0 + n * 0.03, 37.0 + m * 0.05) for n in range(3) for m in range(2)),
    Point(89.9, 10.0),
    Point(0.0, 179.99),
    Point(0.0, -179.99),
)


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    plain = draw(st.booleans())
    found = []
    for number in range(draw(st.integers(1, 14))):
        kind = draw(st.sampled_from(tuple(TYPES)))
        start = draw(st.integers(0, 3)) * DAY // 2 + draw(st.integers(0, 2)) * MINUTE
        length = draw(st.sampled_from((0, 0, MINUTE, DAY - 1)))
        args: dict[str, ArgValue] = {"by": draw(st.sampled_from(("A", "B", UNATTRIBUTED)))}
        if kind == "strike" and draw(st.booleans()):
            args["weapon"] = draw(st.sampled_from(("gun", "drone")))
        others = [f"r{n}" for n in range(number + 2)]
        found.append(
            Record(
                f"r{number}",
                kind,
                "X",
                0,
                Period(start, start + length),
                args,
                draw(st.sampled_from(PLACES[:5] if plain else PLACES)),
                same_as=tuple(draw(st.lists(st.sampled_from(others), max_size=1)))
                if draw(st.integers(0, 5)) == 0
                else (),
            )
        )
    return found


@pytest.mark.parametrize("size", [1, 3, apart_module.SIZE])
@given(told=records())
def test_the_same_groups(size: int, told: list[Record]) -> None:
    """In parts of any size."""
    expected: dict[str, list[list[str]]] = {}
    for occurrence in occurrences(told, TYPES, ATLAS):
        expected.setdefault(occurrence.type, []).append([r.id for r in occurrence.records])
    table = columns(table_of(told), ATLAS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart_module, "SIZE", size)
        found = grouping(table, np.arange(len(table)), TYPES, ATLAS)
    assert told_by_id(table, found) == expected


def test_a_record_of_another_type_says_nothing_of_what_is_one() -> None:
    """A crossing that names a strike as the same does not keep two strikes apart."""

    def told(name: str, kind: str, at: int, same_as: tuple[str, ...] = ()) -> Record:
        return Record(name, kind, "X", 0, Period(at, at), {"by": "A"}, same_as=same_as)

    three = [
        told("a", "crossing", 0, ("c",)),
        told("b", "strike", 0, ("c",)),
        told("c", "strike", MINUTE),
    ]
    assert [sorted(o.ids) for o in occurrences(three, TYPES, ATLAS)] == [["a"], ["b", "c"]]


PERIODS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=20)


@given(PERIODS, st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=3))
def test_parts_are_apart(periods: list[tuple[int, int]], named: list[tuple[int, int]]) -> None:
    """Nothing of one part overlaps something of another, or is tied to it; none could be cut."""
    first = np.array([start for start, _ in periods], np.int64)
    last = first + np.array([length for _, length in periods], np.int64)
    ties = [(a, b) for a, b in named if max(a, b) < len(periods)]
    links = Links(*(np.array([pair[side] for pair in ties], np.int64) for side in (0, 1)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart_module, "SIZE", 1)
        parts = apart(first, last, links)
    assert sorted(place for part in parts for place in part.tolist()) == list(range(len(first)))
    assert all((np.diff(part) > 0).all() for part in parts)
    home = {place: number for number, part in enumerate(parts) for place in part.tolist()}
    assert all(home[a] == home[b] for a, b in ties)
    for before, after in pairwise(parts):
        assert last[before].max() < first[after].min()
    assert len(parts) == max(1, len(_cut(first, last, ties)))


def _cut(first: np.ndarray, last: np.ndarray, ties: list[tuple[int, int]]) -> list[int]:
    """The instants at which a part begins, each looked at by itself."""
    spans = [*zip(first.tolist(), last.tolist(), strict=True)]
    spans += [(min(first[a], first[b]), max(first[a], first[b])) for a, b in ties]
    return [at for at in sorted(set(first.tolist())) if not any(s < at <= e for s, e in spans)]


def told_by_id(table: Columns, found: Grouping) -> dict[str, list[list[str]]]:
    ids = [table.records[row].id for row in found.rows]
    return {
        kind: [ids[found.starts[o] : found.starts[o + 1]] for o in numbers]
        for kind, numbers in found.of_type.items()
    }


def some_of(told: list[Record], data: st.DataObject, count: int) -> np.ndarray:
    """Some of the first so many rows: few are left out, or few are there."""
    few = data.draw(st.sets(st.integers(0, len(told) - 1), max_size=3))
    return np.array(sorted(set(range(count)) - few or few & set(range(count))), np.int64)


@pytest.mark.parametrize("few", [0, 10_000])
@given(told=records(), data=st.data())
def test_what_changed_is_grouped_anew(few: int, told: list[Record], data: st.DataObject) -> None:
    """Some rows go and others come; rows behind the table as well."""
    count = data.draw(st.integers(1, len(told)))
    base = columns(table_of(told[:count]), ATLAS)
    before, after = some_of(told, data, count), some_of(told, data, len(told))
    grouped = grouping(base, before, TYPES, ATLAS)
    longer = base.table.appended(told[count:]) if count < len(told) else base.table
    assert longer is not None
    table = appended(base, longer, ATLAS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping_module, "FEW", few)
        found, tied = regrouped(grouped, table, after, np.setxor1d(before, after), TYPES, ATLAS)
    assert tied[np.setxor1d(before, after)].all()
    anew = told_by_id(table, grouping(columns(table_of(told), ATLAS), after, TYPES, ATLAS))
    assert told_by_id(table, found) == anew
    # What is not tied to a change stands with the same rows as before.
    for one in told_by_id(base, grouped).values():
        for ids in one:
            rows = list(table.table.rows_of(ids).values())
            assert tied[rows].all() or not tied[rows].any()
            assert tied[rows].any() or any(ids in others for others in anew.values())


@given(records(), st.data())
def test_what_is_left_out_leaves_the_rest_as_it_would_be(
    told: list[Record], data: st.DataObject
) -> None:
    """Several views of one table, one after another."""
    table = columns(table_of(told), ATLAS)
    for _ in range(3):
        rows = some_of(told, data, len(told))
        alone = columns(table_of([told[row] for row in rows]), ATLAS)
        expected = grouping(alone, np.arange(len(rows)), TYPES, ATLAS)
        found = grouping(table, rows, TYPES, ATLAS)
        assert told_by_id(table, found) == told_by_id(alone, expected)
