"""Columns that grow in place look to everybody as copies would."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence import room


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=25))
def test_whoever_appends_to_whatever_changes_nothing_of_others(
    steps: list[tuple[int, int, bool]],
) -> None:
    """Columns grow from any that was there before, or from a part of one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "LEAST", 3)
        patch.setattr(room, "PART", 2)
        columns = [room.joined([np.arange(4), np.arange(3)])]
        expected = [[0, 1, 2, 3, 0, 1, 2]]
        for number, (whose, count, part) in enumerate(steps):
            column, told = columns[whose % len(columns)], expected[whose % len(columns)]
            if part:
                column, told = column[1:], told[1:]
            more = np.arange(count) + 100 * number
            columns.append(room.longer(column, more))
            expected.append([*told, *more.tolist()])
            assert [one.tolist() for one in columns] == expected


def test_there_is_room_for_a_few_rows_without_copying() -> None:
    count = room.LEAST
    column = room.joined([np.arange(count, dtype=np.int64)])
    first = room.longer(column, np.array([7]))
    second = room.longer(first, np.array([8, 9]))
    assert np.shares_memory(column, first)
    assert np.shares_memory(first, second)
    assert second.tolist() == [*range(count), 7, 8, 9]
    # Somebody else was longer by other rows before: a copy.
    other = room.longer(column, np.array([1]))
    assert not np.shares_memory(other, column)
    assert (other[-1], first[-1]) == (1, 7)
    # Beyond the room: a copy, with new room.
    beyond = room.longer(second, np.arange(count))
    assert not np.shares_memory(beyond, second)
    assert np.shares_memory(room.longer(beyond, np.array([1])), beyond)


def test_another_kind_of_number_is_not_squeezed_in() -> None:
    column = room.joined([np.arange(room.LEAST)])
    assert room.longer(column, np.array([0.5]))[-1] == 0.5


def test_nothing_is_remembered_of_columns_that_are_gone() -> None:
    gc.collect()
    before = len(room._USED)
    column = room.longer(room.joined([np.arange(room.LEAST)]), np.array([1]))
    assert len(room._USED) == before + 1
    del column
    assert len(room._USED) == before
