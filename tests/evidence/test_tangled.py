"""Linked sets taken apart, all at a time or record by record, are what the rule says."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence import tangled
from servanda.evidence.links import Links, components
from servanda.evidence.tangled import taken_apart


@st.composite
def sets(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]], list[int]]:
    """How many records, which are alike, and the order of first records."""
    count = draw(st.integers(1, 14))
    pairs = list(combinations(range(count), 2))
    alike = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return count, alike, draw(st.permutations(range(count)))


def by_the_rule(count: int, alike: list[tuple[int, int]], ahead: list[int]) -> list[int]:
    """Each joins the earliest group of which all are alike to it, or begins one."""
    groups: list[list[int]] = []
    for record in range(count):
        fitting = [g for g in groups if all((one, record) in alike for one in g)]
        if fitting:
            min(fitting, key=lambda g: ahead[g[0]]).append(record)
        else:
            groups.append([record])
    return [next(g[0] for g in groups if record in g) for record in range(count)]


@pytest.mark.parametrize("few", [0, 2, 64])
@given(given_sets=sets())
def test_the_rule_for_all_sets_at_a_time(
    few: int, given_sets: tuple[int, list[tuple[int, int]], list[int]]
) -> None:
    count, alike, ahead = given_sets
    left, right = np.array(alike, np.int64).reshape(-1, 2).T
    links = Links(right, left)  # in either order
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tangled, "FEW", few)
        found = taken_apart(components(count, links), links, np.array(ahead, np.int64))
    assert found.tolist() == by_the_rule(count, alike, ahead)
