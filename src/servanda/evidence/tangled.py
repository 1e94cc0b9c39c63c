"""Sets of linked records in which not all are linked, taken apart by the rule (vocabulary, rule 6).

The most precise first, each joins the earliest exact group of which all are alike to it, or begins
a group.  Sets do not touch each other: the first records of all are looked at together, then the
second ones, and so on; few long ones that are left are gone through one record at a time.
"""

from collections.abc import Sequence

import numpy as np

from servanda.evidence.links import Links
from servanda.evidence.order import Ints, ordered, stable

FEW = 64  # sets that are looked at together at least


def taken_apart(whose: Ints, links: Links, ahead: Ints) -> Ints:
    """For each record the first of its group.

    Records are numbered in the order of their precision.  `whose` numbers the set of each, `links`
    are the pairs that are alike, and of two groups that comes first whose first record has the
    lower number in `ahead`.
    """
    by_set = stable(whose)
    begins = np.flatnonzero(np.diff(whose[by_set], prepend=-1))
    sizes = np.diff(np.append(begins, len(whose)))
    turn = np.empty(len(whose), np.int64)
    turn[by_set] = np.arange(len(whose)) - np.repeat(begins, sizes)
    later = np.maximum(links.left, links.right)
    order = stable(turn[later])
    later, earlier = later[order], np.minimum(links.left, links.right)[order]
    by_turn = stable(turn)
    turns = int(turn.max(initial=-1)) + 1
    rows_until = np.cumsum(np.bincount(turn, minlength=turns))
    pairs_until = np.cumsum(np.bincount(turn[later], minlength=turns))
    group, size = np.arange(len(whose)), np.ones(len(whose), np.int64)
    for number in range(1, turns):
        rows = by_turn[rows_until[number - 1] : rows_until[number]]
        if len(rows) < FEW:
            _one_by_one(np.sort(by_turn[rows_until[number - 1] :]), later, earlier, ahead, group,
                        size)  # fmt: skip
            break
        pairs = slice(pairs_until[number - 1], pairs_until[number])
        _turn(later[pairs], group[earlier[pairs]], ahead, group, size)
    return group


def _turn(later: Ints, groups: Ints, ahead: Ints, group: Ints, size: Ints) -> None:
    """One record of each set: `groups` are those of the records before it that are alike to it."""
    both = ordered(groups, later)
    later, groups = later[both], groups[both]
    edges = np.flatnonzero((np.diff(later, prepend=-1) != 0) | (np.diff(groups, prepend=-1) != 0))
    counts = np.diff(np.append(edges, len(later)))
    later, groups = later[edges], groups[edges]
    fits = counts == size[groups]
    later, groups = later[fits], groups[fits]
    first = ordered(ahead[groups], later)
    later, groups = later[first], groups[first]
    chosen = np.flatnonzero(np.diff(later, prepend=-1))
    group[later[chosen]] = groups[chosen]
    size[groups[chosen]] += 1  # no two of one set have their turn together


def _one_by_one(
    rows: Ints, later: Ints, earlier: Ints, ahead: Ints, group: Ints, size: Ints
) -> None:
    """The rest of the records, in their order."""
    by_later = stable(later)
    begins = np.searchsorted(later[by_later], rows, "left").tolist()
    ends = np.searchsorted(later[by_later], rows, "right").tolist()
    before: Sequence[int] = earlier[by_later].tolist()
    groups, sizes, place = group.tolist(), size.tolist(), ahead.tolist()
    for row, begin, end in zip(rows.tolist(), begins, ends, strict=True):
        alike_in: dict[int, int] = {}
        for another in before[begin:end]:
            one = groups[another]
            alike_in[one] = alike_in.get(one, 0) + 1
        fitting = [one for one, count in alike_in.items() if count == sizes[one]]
        if fitting:
            groups[row] = joined = min(fitting, key=place.__getitem__)
            sizes[joined] += 1
    group[:] = groups
