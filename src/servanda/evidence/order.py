"""Sorting of columns that are nearly in order already, and of codes that are small."""

import numpy as np

from servanda.evidence.table import Ints


def ordered(*keys: Ints) -> Ints:
    """As `numpy.lexsort`, the last key first; quick where that one is nearly in order."""
    first, rest = keys[-1], keys[:-1]
    order = np.argsort(first, kind="stable")
    same = first[order[1:]] == first[order[:-1]]
    if not rest or not same.any():
        return order
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied) * 2 > len(order):
        return np.lexsort(keys)
    some = order[tied]
    order[tied] = some[np.lexsort([key[some] for key in keys])]
    return order


def by_code(codes: Ints, most: int) -> Ints:
    """The places of codes below `most` in the order of the codes, those of one as they were."""
    small = codes.astype(np.uint16) if most <= 1 << 16 else codes
    return np.argsort(small, kind="stable")
