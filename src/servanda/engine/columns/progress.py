"""How far a log decides a formula: the positions about which nothing that is still to come matters.

As in the peers' monitors a position is decided by how far the log reaches, never by what happens
to make the rest irrelevant, so that every monitor says the same at the same time.  The definition
is that of the verified monitor VeriMon (Schneider, Basin, Krstić, Traytel, “A Formally Verified
Monitor for Metric First-Order Temporal Logic”, RV 2019).
"""

from collections.abc import Mapping

import numpy as np

from servanda.engine.columns.table import Ints
from servanda.model import formula as f

Decided = Mapping[str, int]


def progress(formula: f.Formula, stamps: Ints, *, closed: bool) -> int:
    """The number of leading positions that are decided.

    A closed log has one last position at no finite distance; it also decides what has no bound.
    """
    return _progress(formula, stamps, closed, {})


def _progress(formula: f.Formula, stamps: Ints, closed: bool, defined: Decided) -> int:
    def of(part: f.Formula) -> int:
        return _progress(part, stamps, closed, defined)

    count = len(stamps)
    match formula:
        case f.Predicate(name):
            return defined.get(name, count)
        case f.Comparison():
            return count
        case f.Temporal("next", _, body):
            return max(of(body) - 1, 0)
        case f.Temporal("previous", _, body):
            return min(count, of(body) + 1)
        case f.Temporal("eventually" | "always", interval, body):
            return _until(of(body), interval, stamps, closed)
        case f.Dyadic("until", interval, left, right):
            return _until(min(of(left), of(right)), interval, stamps, closed)
        case f.Let(name, _, definition, body, past):
            inside = {**defined, name: count} if past else defined
            known = _progress(definition, stamps, closed, inside)
            return _progress(body, stamps, closed, {**defined, name: known})
        case _:
            return min(map(of, f.children(formula)), default=count)


def _until(known: int, interval: f.Interval, stamps: Ints, closed: bool) -> int:
    """The first position whose window may still hold a position that is not known."""
    if len(stamps) == 0:
        return 0
    if interval.upper is None:
        return known if closed else 0
    last = min(known, len(stamps) - 1)
    return int(np.searchsorted(stamps, stamps[last] - interval.upper))
