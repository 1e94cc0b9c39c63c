"""Rows in parts that nothing ties, so that each part can be worked out by itself.

A part of some ten thousand rows stays near the processor, where millions of rows do not.
"""

import numpy as np

from servanda.evidence.links import Links
from servanda.evidence.order import Ints, stable

SIZE = 1 << 16  # rows of a part at least


def apart(first: Ints, last: Ints, ties: Links) -> list[Ints]:
    """The places of rows in parts that follow each other in time, those of one part in their order.

    Rows whose periods overlap stand in one part, and so do those that `ties` name.
    """
    if len(first) < 2 * SIZE:
        return [np.arange(len(first))]
    until = last.copy()
    np.maximum.at(until, ties.left, first[ties.right])
    np.maximum.at(until, ties.right, first[ties.left])
    order = stable(first)
    reached = np.maximum.accumulate(until[order])
    cuts = np.flatnonzero(first[order[1:]] > reached[:-1]) + 1
    wanted = np.searchsorted(cuts, np.arange(SIZE, len(first), SIZE))
    chosen = cuts[np.unique(wanted[wanted < len(cuts)])]
    return [np.sort(part) for part in np.split(order, chosen)]
