"""Sorting and numbering of columns: what NumPy gives, by ways that are quicker for such columns."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
WIDTH = 63  # bits of a number, beside its sign
MOST_OUT = 20  # bits that are left out; beyond, too many would stand close together


def stable(keys: Ints) -> Ints:
    """The places of keys in their order, equal ones as they were: `numpy.argsort(kind="stable")`.

    Numbers are sorted several times as quickly as places by them: key and place are made one
    number.  Where there is no room for both the lowest bits of the keys are left out, and what
    stands close together is put right.
    """
    if not len(keys) or bool((keys[1:] >= keys[:-1]).all()):
        return np.arange(len(keys))
    bits = len(keys).bit_length()
    low, high = int(keys.min()), int(keys.max())
    span = (high - low).bit_length()
    out = max(0, span + bits - WIDTH)
    if out > MOST_OUT or span >= WIDTH:
        return np.argsort(keys, kind="stable")
    rough = (keys - low) >> out
    order = _by_number(rough, np.arange(len(keys)), bits)
    return _close_ones(keys, rough, order) if out else order


def _close_ones(keys: Ints, rough: Ints, order: Ints) -> Ints:
    """An order by rough keys made that by the keys themselves."""
    told = keys[order]
    back = np.flatnonzero(told[1:] < told[:-1])
    if not len(back):
        return order
    run = np.concatenate(([0], np.cumsum(np.diff(rough[order]) != 0)))
    wrong = np.zeros(int(run[-1]) + 1, bool)
    wrong[run[back]] = True
    places = np.flatnonzero(wrong[run])
    some = order[places]
    order[places] = some[np.lexsort((some, keys[some]))]
    return order


def _by_number(first: Ints, then: Ints, bits: int) -> Ints:
    """`then`, numbers of so many bits, in the order of `first`, and within that in their own."""
    packed = first << bits
    packed |= then
    packed.sort()
    packed &= (1 << bits) - 1
    return packed


def ordered(*keys: Ints) -> Ints:
    """As `numpy.lexsort`, the last key first; quick where that one has few ties."""
    first, rest = keys[-1], keys[:-1]
    order = stable(first)
    same = first[order[1:]] == first[order[:-1]]
    if not rest or not same.any():
        return order
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    some = order[tied]
    run = np.cumsum(~np.append(False, same))[tied]
    order[tied] = some[np.lexsort([*(key[some] for key in rest), run])]
    return order


def by_code(codes: Ints, most: int) -> Ints:
    """The places of codes below `most` in the order of the codes, those of one as they were."""
    if most <= 1 << 16:
        return np.argsort(codes.astype(np.uint16), kind="stable")
    return stable(codes)


def numbered(codes: Ints) -> Ints:
    """The same codes, from 0 and without gaps, in their order: the inverse of `numpy.unique`."""
    if not len(codes):
        return codes
    low, span = int(codes.min()), int(codes.max()) - int(codes.min()) + 1
    if span > 4 * len(codes) + 1000:
        return np.unique(codes, return_inverse=True)[1].astype(np.int64)
    codes = codes - low
    there = np.zeros(span, np.int64)
    there[codes] = 1
    found: Ints = (np.cumsum(there) - 1)[codes]
    return found
