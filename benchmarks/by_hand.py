"""What a programmer writes for one formula alone: NumPy, from Parquet, tuples written to a file.

`python -m benchmarks.by_hand f1 LOG.parquet OUT`: the whole process is what the general engine is
compared with.  Nothing here is shared with the engine.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SHIFT = 32  # a key above, a time-point below; both fit into 31 bits in these logs


class Log:
    """The columns of a log: events of a predicate as (time-point, arguments …)."""

    def __init__(self, path: str) -> None:
        frame = pl.read_parquet(path)
        names = frame["rel"].unique().to_list()
        self.rel = frame["rel"].cast(pl.Enum(names)).to_physical().to_numpy()
        self.names = names
        self.tp = frame["tp"].to_numpy()
        ts = frame["ts"].to_numpy()
        self.columns = [frame[c] for c in ("a", "b", "c") if c in frame.columns]
        self.stamps = np.empty(int(self.tp[-1]) + 1, np.int64)
        self.stamps[self.tp] = ts

    def events(self, name: str, arity: int) -> tuple[Ints, ...]:
        rows = np.flatnonzero(self.rel == self.names.index(name))
        return (self.tp[rows], *(c.gather(rows).to_numpy() for c in self.columns[:arity]))

    def points(self, name: str) -> Ints:
        """Key and time-point in one sorted number, for a predicate of one argument."""
        tp, a = self.events(name, 1)
        return np.sort((a << SHIFT) | tp)


def key(numbers: Ints) -> Ints:
    return numbers >> SHIFT


def at(numbers: Ints) -> Ints:
    return numbers & ((1 << SHIFT) - 1)


def last(points: Ints, asked: Ints) -> tuple[Ints, Any]:
    """The last point of the same key that is not later, and whether there is one."""
    i = np.searchsorted(points, asked, side="right") - 1
    found = points[np.maximum(i, 0)]
    return at(found), (i >= 0) & (key(found) == key(asked))


def following(points: Ints, asked: Ints) -> tuple[Ints, Any]:
    """The first point of the same key that is not earlier, and whether there is one."""
    i = np.searchsorted(points, asked, side="left")
    found = points[np.minimum(i, len(points) - 1)]
    return at(found), (i < len(points)) & (key(found) == key(asked))


def by_key(tp: Ints, a: Ints, *rest: Ints) -> tuple[Ints, ...]:
    order = np.argsort((a << SHIFT) | tp)
    return (tp[order], a[order], *(r[order] for r in rest))


def f1(log: Log) -> tuple[Ints, ...]:
    tp, x, y = by_key(*log.events("Q", 2))
    p, some = last(log.points("P"), (x << SHIFT) | tp)
    good = some & (log.stamps[tp] - log.stamps[p] <= 100)
    return tp[good], x[good], y[good]


def f2(log: Log) -> tuple[Ints, ...]:
    p = log.points("P")
    r, some = following(log.points("R"), p)
    good = ~(some & (log.stamps[r] - log.stamps[at(p)] <= 10))
    return at(p[good]), key(p[good])


def f3(log: Log) -> tuple[Ints, ...]:
    tp, x, v = by_key(*log.events("S", 2))
    stamps = log.stamps
    latest = np.searchsorted(stamps, stamps - 11, side="right") - 1
    here = (x << SHIFT) | tp
    p, some = last(log.points("P"), (x << SHIFT) | np.maximum(latest[tp], 0))
    r, ended = last(log.points("R"), here)
    good = some & (latest[tp] >= 0) & (stamps[tp] - stamps[p] <= 200) & ~(ended & (r > p))
    return tp[good], x[good], v[good]


def f4(log: Log) -> tuple[Ints, ...]:
    tp, x, v = log.events("S", 2)
    bits = 10
    rows = np.unique((x << (SHIFT + bits)) | (v << SHIFT) | tp)
    pair, tp = rows >> SHIFT, at(rows)
    out = np.searchsorted(log.stamps, log.stamps + 100, side="right")
    new = np.append(True, (pair[1:] != pair[:-1]) | (tp[1:] > out[tp[:-1]]))
    first = np.flatnonzero(new)
    start, end = tp[first], out[tp[np.append(first[1:], len(tp)) - 1]]
    x, v = pair[first] >> bits, pair[first] & ((1 << bits) - 1)
    cut = np.concatenate([(x << SHIFT) | start, (x << SHIFT) | end])
    step = np.concatenate([v, -v])
    order = np.argsort(cut)
    cut, total = cut[order], np.cumsum(step[order])
    ends = np.append(cut[1:] != cut[:-1], True)
    cut, total = cut[ends], total[ends]
    good = np.flatnonzero((total[:-1] > 2500) & (key(cut[1:]) == key(cut[:-1])))
    low, high = at(cut[good]), np.minimum(at(cut[good + 1]), len(log.stamps))
    count = np.maximum(high - low, 0)
    i = np.repeat(np.arange(len(good)), count)
    tp = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + low[i]
    return tp, total[good][i], key(cut[good])[i]


def f5(log: Log) -> tuple[Ints, ...]:
    tp, x, y = by_key(*log.events("Q", 2))
    stamps, here = log.stamps, (x << SHIFT) | tp
    first = np.searchsorted(stamps, stamps - 50, side="left")
    beyond = np.searchsorted(stamps, stamps - 1, side="right")
    low = np.searchsorted(here, (x << SHIFT) | first[tp])
    high = np.searchsorted(here, (x << SHIFT) | beyond[tp])
    count = np.maximum(high - low, 0)
    i = np.repeat(np.arange(len(x)), count)
    j = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + low[i]
    good = y[i] != y[j]
    i, j = i[good], j[good]
    return tp[i], x[i], y[i], y[j]


def f6(log: Log) -> tuple[Ints, ...]:
    tp, x, v = by_key(*log.events("S", 2))
    here = (x << SHIFT) | tp
    p, some = last(log.points("P"), here)
    r, ended = last(log.points("R"), here)
    good = ~(some & ~(ended & (r > p)))
    return tp[good], x[good], v[good]


def p1(log: Log) -> tuple[Ints, ...]:
    def standing(opens: Ints, closes: Ints, asked: Ints) -> Any:
        o, opened = last(opens, asked)
        c, closed = last(closes, asked)
        return opened & ~(closed & (c > o))

    tp, a, f = log.events("publish", 2)
    employed = standing(log.points("acc_S"), log.points("acc_F"), (a << SHIFT) | tp)
    at_approval, m, file = log.events("approve", 2)
    order = np.argsort((file << SHIFT) | at_approval)
    at_approval, m, file = at_approval[order], m[order], file[order]
    approvals = (file << SHIFT) | at_approval
    first = np.searchsorted(log.stamps, log.stamps - 10, side="left")
    low = np.searchsorted(approvals, (f << SHIFT) | first[tp])
    high = np.searchsorted(approvals, (f << SHIFT) | tp, side="right")
    count = np.maximum(high - low, 0)
    i = np.repeat(np.arange(len(f)), count)
    j = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + low[i]

    def roles(name: str) -> Ints:
        when, manager, accountant = log.events(name, 2)
        return np.sort((((manager << 10) | accountant) << SHIFT) | when)

    asked = (((m[j] << 10) | a[i]) << SHIFT) | at_approval[j]
    managed = standing(roles("mgr_S"), roles("mgr_F"), asked)
    approved = np.zeros(len(f), np.bool_)
    approved[i[managed]] = True
    good = ~(employed & approved)
    return tp[good], a[good], f[good]


def p2(log: Log) -> tuple[Ints, ...]:
    tp, c, t, a = log.events("trans", 3)
    r, some = following(log.points("report"), (t << SHIFT) | tp)
    good = (a > 2000) & ~(some & (log.stamps[r] - log.stamps[tp] < 6))
    return tp[good], c[good], t[good], a[good]


def p3(log: Log) -> tuple[Ints, ...]:
    tp, c, t, a = log.events("trans", 3)
    when, _, number = log.events("auth", 2)
    latest = np.searchsorted(log.stamps, log.stamps - 2, side="right") - 1
    authorised = np.sort((number << SHIFT) | when)
    e, some = last(authorised, (t << SHIFT) | np.maximum(latest[tp], 0))
    in_time = some & (latest[tp] >= 0) & (log.stamps[tp] - log.stamps[e] < 21)
    good = (a > 2000) & ~in_time
    return tp[good], c[good], t[good], a[good]


ANSWERS: dict[str, Callable[[Log], tuple[Ints, ...]]] = {
    "f1": f1,
    "f2": f2,
    "f3": f3,
    "f4": f4,
    "f5": f5,
    "f6": f6,
    "P1": p1,
    "P2": p2,
    "P3": p3,
}


def main(name: str, log: str, out: str) -> None:
    columns = ANSWERS[name](Log(log))
    frame = pl.DataFrame({str(i): c for i, c in enumerate(columns)}).unique().sort("0")
    frame.write_csv(out, include_header=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
