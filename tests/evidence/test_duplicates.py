"""Candidate duplicates are proposed with score and reasons; a merge is a decision of a person."""

import json
from collections.abc import Mapping
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence.checked import to_record
from servanda.evidence.duplicates import LEAST, candidates
from servanda.evidence.merge import Merge, merge_of, read_merges, standing, with_merges
from servanda.evidence.occurrence import alike, occurrences
from servanda.evidence.record import Record
from servanda.geo import Atlas
from servanda.language.load import standard_records

ATLAS = Atlas.standard()
TYPES = standard_records()
UTC = ZoneInfo("UTC")


def record(identity: str, at: str, place: Any = None, **fields: Any) -> Record:
    args = fields.pop("args", {"by": "North", "on": "South"})
    row = {"id": identity, "type": "attack", "at": at, "args": args, "source": "Press", **fields}
    return to_record(row if place is None else {**row, "place": place}, TYPES, UTC)


def _near(lat: float, lon: float) -> dict[str, float]:
    return {"lat": lat, "lon": lon}


def test_what_is_near_is_proposed_with_the_reasons() -> None:
    rows = [
        record("a", "2026-01-05", _near(49.0, 36.0)),
        record("b", "2026-01-05T10:00:00Z", _near(49.1, 36.0), source="Radio"),
        record("c", "2026-01-25", _near(49.0, 36.0)),
        record("d", "2026-01-05", _near(40.0, 36.0)),
    ]
    (found,) = candidates(rows, TYPES, ATLAS)
    assert (found.one, found.other, found.counted) == ("a", "b", False)
    assert found.reasons == ("overlapping times", "11 km apart", "the same by, on")
    assert LEAST < found.score < 1


def test_what_says_otherwise_scores_less() -> None:
    base = record("a", "2026-01-05", _near(49.0, 36.0), source="Radio")
    same, other, silent = (
        candidates(
            [base, record("b", "2026-01-05", _near(49.0, 36.0), args=args)], TYPES, ATLAS, 0.0
        )[0]
        for args in (
            {"by": "North", "on": "South"},
            {"by": "South", "on": "North"},
            {"by": "unattributed", "on": "South"},
        )
    )
    assert same.score > silent.score > other.score
    assert "they differ in by, on" in other.reasons
    assert "the same on; by not said by both" in silent.reasons


def test_a_town_and_its_unit() -> None:
    rows = [record("a", "2026-01-05", "Kramatorsk"), record("b", "2026-01-05", "Donetsk")]
    (found,) = candidates(rows, TYPES, ATLAS)
    assert "one lies in the place of the other" in found.reasons


places = st.one_of(
    st.none(),
    st.builds(_near, st.floats(47.9, 48.1), st.floats(36.9, 37.1)),
    st.sampled_from(["Donetsk", "Kramatorsk", "Nowhere"]),
)
days = st.sampled_from(
    ["2026-01", "2026-01-05", "2026-01-05T23:30:00Z", "2026-01-06T00:10:00Z", "2026-01-07"]
)
argues = st.fixed_dictionaries(
    {"by": st.sampled_from(["North", "South", "unattributed"])},
    optional={"weapon": st.sampled_from(["drone", "missile"])},
)
told = st.lists(st.tuples(days, places, argues), max_size=8)


@given(told)
def test_every_pair_that_rule_6_takes_for_one_is_among_the_candidates(
    rows: list[tuple[str, Any, Mapping[str, str]]],
) -> None:
    records = [
        record(f"r{n}", at, place, args=dict(args), source=f"s{n}")
        for n, (at, place, args) in enumerate(rows)
    ]
    found = candidates(records, TYPES, ATLAS, 0.0)
    pairs = {(c.one, c.other): c for c in found}
    assert len(pairs) == len(found)
    assert all(0 <= c.score <= 1 and c.reasons for c in found)
    for one, other in combinations(records, 2):
        if alike(one, other, TYPES["attack"], ATLAS):
            assert pairs[one.id, other.id].counted
    assert candidates(list(reversed(records)), TYPES, ATLAS, 0.0) == found


def test_nothing_is_merged_without_a_decision() -> None:
    rows = [
        record("a", "2026-01-05", _near(49.0, 36.0)),
        record("b", "2026-01-05T10:00:00Z", _near(49.1, 36.0), source="Radio"),
    ]
    assert candidates(rows, TYPES, ATLAS)
    assert len(occurrences(rows, TYPES, ATLAS)) == 2
    merge = Merge(("a", "b"), "An analyst", "the same photograph", "2026-02-01")
    (one,) = occurrences(with_merges(rows, [merge]), TYPES, ATLAS)
    assert one.ids == {"a", "b"}
    assert not candidates(with_merges(rows, [merge]), TYPES, ATLAS), "settled, not proposed again"
    undone = Merge(("a", "b"), "Another", "two photographs", "2026-02-02", undone=True)
    assert with_merges(rows, [merge, undone]) == tuple(rows)
    assert standing([merge, undone, merge]) == (merge,)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"records": ["a"]}, "two or more"),
        ({"records": ["a", "a"]}, "two or more"),
        ({"author": " "}, "without author"),
        ({"reason": None, "at": None}, "without reason and at"),
    ],
)
def test_a_merge_has_author_reason_and_time(change: dict[str, Any], reason: str) -> None:
    entry = {"records": ["a", "b"], "author": "N", "reason": "R", "at": "2026-02-01"}
    with pytest.raises(ValueError, match=reason):
        merge_of({**entry, **change})
    good, bad = json.dumps(entry), json.dumps({**entry, **change})
    merges, refused = read_merges(f"{good}\n{bad}\nnonsense\n", "m.jsonl")
    assert [m.records for m in merges] == [("a", "b")]
    assert [r.line for r in refused] == [2, 3]
    assert merge_of(merges[0].plain()) == merges[0]
