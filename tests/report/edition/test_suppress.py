"""What is kept back cannot be worked out: tried by writing down every table that fits."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from servanda.report.edition.suppress import SMALL, Kept, kept_back

Counts = list[list[int]]
Entry = tuple[int, int]
MOST = 14  # of a count that is tried: more than any that is drawn, and some


def shown(kept: Kept) -> dict[Entry, int | None]:
    """Every entry that is published, by row and column; -1 is the total."""
    found: dict[Entry, int | None] = {
        (r, c): value for r, row in enumerate(kept.counts) for c, value in enumerate(row)
    }
    found |= {(r, -1): value for r, value in enumerate(kept.by_row)}
    found |= {(-1, c): value for c, value in enumerate(kept.by_column)}
    found[-1, -1] = kept.total
    return found


def full(counts: Sequence[Sequence[int]]) -> dict[Entry, int]:
    found = {(r, c): value for r, row in enumerate(counts) for c, value in enumerate(row)}
    found |= {(r, -1): sum(row) for r, row in enumerate(counts)}
    found |= {(-1, c): sum(column) for c, column in enumerate(zip(*counts, strict=True))}
    found[-1, -1] = sum(map(sum, counts))
    return found


def fitting(counts: Counts) -> Iterator[dict[Entry, int]]:
    """Every table of counts, with its totals, that shows what the published one shows."""
    told = shown(kept_back(counts))
    cells = [(r, c) for r in range(len(counts)) for c in range(len(counts[0]))]
    choices = [range(MOST) if told[cell] is None else [told[cell]] for cell in cells]
    for values in product(*choices):
        one = dict(zip(cells, values, strict=True))
        table = full([[one[r, c] or 0 for c in range(len(counts[0]))] for r in range(len(counts))])
        if all(table[entry] == value for entry, value in told.items() if value is not None):
            yield table


def tables(rows: int, columns: int) -> st.SearchStrategy[Counts]:
    return st.lists(
        st.lists(st.integers(0, 7), min_size=columns, max_size=columns),
        min_size=rows,
        max_size=rows,
    )


@given(st.one_of(tables(1, 1), tables(1, 2), tables(2, 2), tables(1, 4), tables(4, 1)))
@settings(max_examples=80, deadline=None)
def test_no_count_that_is_kept_back_can_be_worked_out(counts: Counts) -> None:
    hidden = {entry for entry, value in shown(kept_back(counts)).items() if value is None}
    possible: dict[Entry, set[int]] = {entry: set() for entry in hidden}
    for table in fitting(counts):
        for entry in hidden:
            possible[entry].add(table[entry])
        if all(len(values) > 1 for values in possible.values()):
            break
    assert [entry for entry, values in possible.items() if len(values) < 2] == []


def small_ones_small(counts: Counts) -> Iterator[dict[Entry, int]]:
    """Every table in which what is small here is small: what a reader thinks possible at most."""
    true = full(counts)
    small = [entry for entry, value in true.items() if 0 < value < SMALL]
    for values in product(range(8), repeat=len(counts) * len(counts[0])):
        rows = [list(values[n : n + len(counts[0])]) for n in range(0, len(values), len(counts[0]))]
        table = full(rows)
        if all(0 < table[entry] < SMALL for entry in small):
            yield table


@given(st.one_of(tables(1, 2), tables(1, 3), tables(3, 1), tables(2, 2)))
@settings(max_examples=40, deadline=None)
@example([[4, 4, 4]])
@example([[1, 1, 5]])
def test_nor_by_who_knows_that_small_counts_are_small(counts: Counts) -> None:
    """Unless that could be told of the table even if all of it were kept back."""
    told = shown(kept_back(counts))
    hidden = {entry for entry, value in told.items() if value is None}
    any_way: dict[Entry, set[int]] = {entry: set() for entry in hidden}
    left: dict[Entry, set[int]] = {entry: set() for entry in hidden}
    for table in small_ones_small(counts):
        fits = all(table[entry] == value for entry, value in told.items() if value is not None)
        for entry in hidden:
            any_way[entry].add(table[entry])
            if fits:
                left[entry].add(table[entry])
    for entry, value in full(counts).items():
        if 0 < value < SMALL:
            assert len(left[entry]) > 1 or len(any_way[entry]) == 1, (entry, told)


@given(tables(3, 4))
@settings(max_examples=150, deadline=None)
def test_no_small_count_is_shown_and_what_is_shown_is_right(counts: Counts) -> None:
    true = full(counts)
    for entry, value in shown(kept_back(counts)).items():
        assert value is None or value == true[entry]
        assert value is None or not 0 < value < SMALL
        if 0 < true[entry] < SMALL:
            assert value is None


@given(tables(6, 8))
@settings(max_examples=60, deadline=None)
def test_no_sum_gives_a_count_away(counts: Counts) -> None:
    """The plain attack, on larger tables: take what is shown from a total, again and again."""
    known = {e: v for e, v in shown(kept_back(counts)).items() if v is not None}
    rows, columns = range(len(counts)), range(len(counts[0]))
    sums = [([(r, c) for c in columns], (r, -1)) for r in rows]
    sums += [([(r, c) for r in rows], (-1, c)) for c in columns]
    sums += [([(r, -1) for r in rows], (-1, -1)), ([(-1, c) for c in columns], (-1, -1))]
    before = set(known)
    for parts, total in sums:
        if total in known:
            left = [p for p in parts if p not in known]
            rest = known[total] - sum(known[p] for p in parts if p in known)
            assert len(left) != 1
            assert not left or rest > 0, "nothing is left, so all that is kept back would be 0"
        else:
            assert any(p not in known for p in parts)
    assert set(known) == before


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([[9, 8], [7, 6]], 0),
        ([[0, 0], [0, 0]], 0),
        ([[9, 3], [7, 6]], 4),  # the small one, and one circle around it
        ([[3]], 4),  # alone in its table: its totals with it
    ],
)
def test_no_more_is_kept_back_than_is_needed(counts: Counts, hidden: int) -> None:
    kept = kept_back(counts)
    assert sum(value is None for value in shown(kept).values()) == hidden
    if not hidden:
        assert shown(kept) == full(counts)


def test_a_table_of_nothing() -> None:
    assert kept_back([]) == Kept((), (), (), 0)


def test_a_year_of_weeks_is_quick() -> None:
    counts = [[(7 * r + 3 * c) % 11 for c in range(40)] for r in range(33)]
    kept = kept_back(counts)
    assert any(v is None for v in shown(kept).values())
    assert kept.total == sum(map(sum, counts))
