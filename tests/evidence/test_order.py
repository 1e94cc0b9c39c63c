"""Sorting and numbering by quicker ways is what NumPy gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence.order import by_code, numbered, ordered, stable

FAR = st.one_of(st.integers(-3, 3), st.integers(-(1 << 62), 1 << 62))
COLUMNS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*([FAR] * width)), max_size=30)
)


@given(st.lists(FAR, max_size=60))
def test_equal_keys_stay_as_they_were(given_keys: list[int]) -> None:
    keys = np.array(given_keys, np.int64)
    assert stable(keys).tolist() == np.argsort(keys, kind="stable").tolist()


@given(st.integers(0, 62), st.lists(st.integers(0, 40), min_size=2, max_size=60))
def test_keys_that_are_far_apart_and_close_together(power: int, given_keys: list[int]) -> None:
    """Of keys as wide as these the lowest bits find no room beside the places."""
    keys = np.array(given_keys, np.int64)
    keys[::3] += (1 << power) - 41
    assert stable(keys).tolist() == np.argsort(keys, kind="stable").tolist()


@given(COLUMNS)
def test_the_last_key_counts_first(rows: list[tuple[int, ...]]) -> None:
    keys = np.array(rows, np.int64).reshape(len(rows), len(rows[0]) if rows else 1).T
    assert ordered(*keys).tolist() == np.lexsort(keys).tolist()


@given(st.lists(FAR, max_size=60))
def test_numbers_are_without_gaps_and_in_order(given_codes: list[int]) -> None:
    codes = np.array(given_codes, np.int64)
    small = codes % 7
    for one in (codes // 4, small):
        expected = np.unique(one, return_inverse=True)[1]
        assert numbered(one).tolist() == expected.tolist()
    for most in (7, 1 << 20):
        assert by_code(small, most).tolist() == np.argsort(small, kind="stable").tolist()
