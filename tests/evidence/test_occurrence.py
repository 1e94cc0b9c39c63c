"""Which records tell of one occurrence: never two, by what identifies, when and where."""

from typing import Any

import pytest

from servanda.evidence.occurrence import occurrences
from servanda.geo import Atlas
from tests.evidence.small import agreement, attack, records

ATLAS = Atlas.standard()


def groups(*rows: dict[str, Any]) -> list[list[str]]:
    found = occurrences(records(*rows), agreement().record_types, ATLAS)
    return sorted(sorted(o.ids) for o in found)


def at(text: str) -> dict[str, str]:
    return {"at": text}


def test_equal_acts_at_one_instant_are_one() -> None:
    assert groups(attack("a", "A"), attack("b", "B")) == [["a", "b"]]


def test_another_instant_is_another_occurrence() -> None:
    other = attack("b", "B", at="2026-02-01T10:00:01Z")
    assert groups(attack("a", "A"), other) == [["a"], ["b"]]


def test_a_day_joins_the_earliest_instant_that_it_overlaps_and_no_other() -> None:
    early = attack("early", "A")
    late = attack("late", "A", at="2026-02-01T20:00:00Z")
    day = attack("day", "B", at="2026-02-01")
    assert groups(early, late, day) == [["day", "early"], ["late"]]
    assert groups(day, late, early) == [["day", "early"], ["late"]]


def test_two_days_that_overlap_nothing_exact_are_one() -> None:
    assert groups(attack("a", "A", at="2026-02-01"), attack("b", "B", at="2026-02-01")) == [
        ["a", "b"]
    ]


@pytest.mark.parametrize(
    ("more", "same"),
    [
        ({"by": "B", "on": "A"}, False),
        ({"by": "unattributed", "on": "B"}, True),
        ({"on": "B"}, True),
        ({"by": "A", "on": "B", "weapon": "drone"}, True),  # a missing argument matches any
        ({"by": "A", "on": "B", "target": "energy"}, True),  # the target does not identify
    ],
)
def test_what_identifies_an_attack(more: dict[str, str], same: bool) -> None:
    assert (groups(attack("a", "A"), attack("b", "B", args=more)) == [["a", "b"]]) is same


def test_two_weapons_are_two_attacks() -> None:
    one = attack("a", "A", args={"by": "A", "on": "B", "weapon": "drone"})
    other = attack("b", "B", args={"by": "A", "on": "B", "weapon": "missile"})
    assert groups(one, other) == [["a"], ["b"]]


def test_an_unattributed_record_joins_one_of_two_that_differ() -> None:
    one = attack("a", "A")
    other = attack("b", "B", args={"by": "B", "on": "B"})
    nobody = attack("n", "Paper", args={"by": "unattributed", "on": "B"})
    found = groups(one, other, nobody)
    assert len(found) == 2
    assert sum("n" in group for group in found) == 1


@pytest.mark.parametrize(
    ("here", "there", "same"),
    [
        ({"lat": 50.0, "lon": 36.0}, {"lat": 50.0, "lon": 36.06}, True),  # 4.3 km
        ({"lat": 50.0, "lon": 36.0}, {"lat": 50.0, "lon": 36.08}, False),  # 5.7 km
        ({"name": "Kharkiv"}, {"name": "Kharkiv"}, True),
        ({"name": "Kharkiv"}, {"name": "Sumy"}, False),
        ({"name": "Nowhere"}, {"name": "Elsewhere"}, False),
        (None, {"name": "Kharkiv"}, False),
        (None, None, True),
    ],
)
def test_places_are_equal_or_within_five_kilometres(
    here: dict[str, Any] | None, there: dict[str, Any] | None, same: bool
) -> None:
    one, other = attack("a", "A"), attack("b", "B")
    if here:
        one["place"] = here
    if there:
        other["place"] = there
    assert (groups(one, other) == [["a", "b"]]) is same


def test_same_as_joins_whatever_differs_from_either_side() -> None:
    one = attack("a", "A")
    far = attack("b", "B", at="2026-03-01", args={"by": "A", "on": "B", "weapon": "drone"})
    assert groups(one, far) == [["a"], ["b"]]
    assert groups(one, {**far, "same_as": ["a"]}) == [["a", "b"]]
    assert groups({**one, "same_as": ["b"]}, far) == [["a", "b"]]


def test_the_most_precise_record_and_then_the_earliest_comes_first() -> None:
    (one,) = occurrences(
        records(
            attack("day", "A", at="2026-02-01"),
            attack("hour", "B", at="2026-02-01T10Z"),
            attack("exact", "Paper"),
        ),
        agreement().record_types,
        ATLAS,
    )
    assert [r.id for r in one.records] == ["exact", "hour", "day"]


def test_the_order_of_the_file_does_not_matter() -> None:
    from itertools import permutations

    rows = [
        attack("a", "A"),
        attack("b", "B", at="2026-02-01"),
        attack("c", "Paper", at="2026-02-01T10Z"),
        attack("d", "Radio", at="2026-02-01T20:00:00Z"),
    ]
    assert len({str(groups(*order)) for order in permutations(rows)}) == 1
