"""Aggregation: count, sum, average, least, greatest and median of what holds, instant by instant.

Per group the axis is cut where an interval begins or ends; between two cuts nothing changes.  Sums
of whole numbers and counts are running totals over the cuts.  Least and greatest go up a ladder of
stretches of 1, 2, 4 … pieces.  Medians, and sums of floats, which would lose digits in a running
total, are taken over every pair of a piece and an interval that covers it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from servanda.engine.columns.join import difference
from servanda.engine.columns.line import lay
from servanda.engine.columns.merge import merged, projected, union
from servanda.engine.columns.search import spread
from servanda.engine.columns.table import Array, Ints, Table, reordered, take, with_column
from servanda.engine.columns.terms import Valued
from servanda.model.formula import Kind

RESULT_KIND: dict[str, Kind] = {"count": "int", "avg": "float", "median": "float"}


def aggregated(
    table: Table,
    op: str,
    values: Valued,
    groups: Sequence[str],
    result: str,
    whole: Table,
    empty: int = 0,
) -> Table:
    """The aggregate per group where it has any row; without groups, `empty` where there is none.

    Law: `t ∈ R(v, g)` iff some `t ∈ A(g, m)` and `v` is the aggregate of the values of all rows
    `(g, m)` with `t ∈ A(g, m)`; with no groups at all `t ∈ R(empty)` where no row holds.  `whole`
    is the table without keys that covers the axis.
    """
    kind = RESULT_KIND.get(op, values.kind)
    pieces = _pieces(table, groups)
    found = _OPERATORS[op](pieces, values.values)
    keys = take(reordered(projected_columns(table, groups), groups), pieces.row)
    keys = replace(keys, start=pieces.start, end=pieces.end, points=False, merged=False)
    rows = with_column(keys, result, kind, found)
    rows = merged(take(reordered(rows, (*groups, result)), pieces.covered))
    if groups:
        return rows
    never = difference(whole, projected(rows, ()))
    nought = np.full(len(never), empty, np.float64 if kind == "float" else np.int64)
    return union([rows, with_column(never, result, kind, nought)])


def projected_columns(table: Table, names: Sequence[str]) -> Table:
    """Some columns of the rows as they are."""
    kept = [table.names.index(n) for n in names]
    return replace(
        table,
        names=tuple(names),
        kinds=tuple(table.kinds[i] for i in kept),
        columns=tuple(table.columns[i] for i in kept),
        ordered=False,
        merged=False,
    )


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The axis of every group, cut: piece i lies between cut i and cut i + 1 of the same group."""

    row: Ints  # a row of the table that has the group's key
    start: Ints
    end: Ints
    opens: Ints  # for each row of the table its first piece …
    closes: Ints  # … and the one beyond its last
    counts: Ints  # how many rows cover the piece

    @property
    def covered(self) -> Array:
        return self.counts > 0


def _pieces(table: Table, groups: Sequence[str]) -> _Pieces:
    on_line = lay([table], groups)[0]
    cuts, where = np.unique(np.concatenate([on_line.start, on_line.end]), return_inverse=True)
    opens, closes = where[: len(table)], where[len(table) :]
    # Every cut belongs to some row, which tells its group and its position on the axis.
    row = np.empty(len(cuts), np.int64)
    at = np.empty(len(cuts), np.int64)
    for cut, position in ((closes, table.end), (opens, table.start)):
        row[cut] = np.arange(len(table))
        at[cut] = position
    steps = np.bincount(opens, minlength=len(cuts)) - np.bincount(closes, minlength=len(cuts))
    counts = np.cumsum(steps)
    # After the last cut of a group nothing covers, so that the next group's cut is not looked at.
    end = np.append(at[1:], 0)[: len(at)]
    return _Pieces(row, at, end, opens, closes, counts)


def _count(pieces: _Pieces, values: Array) -> Array:
    return pieces.counts


def _sum(pieces: _Pieces, values: Array) -> Array:
    if values.dtype == np.float64:
        return _over_pairs(pieces, values, np.add)
    return _running(pieces, values)


def _running(pieces: _Pieces, values: Array) -> Array:
    steps = np.zeros(len(pieces.start), np.int64)
    np.add.at(steps, pieces.opens, values)
    np.subtract.at(steps, pieces.closes, values)
    return np.cumsum(steps)


def _avg(pieces: _Pieces, values: Array) -> Array:
    with np.errstate(all="ignore"):
        return _sum(pieces, values) / pieces.counts


def _over_pairs(pieces: _Pieces, values: Array, how: np.ufunc) -> Array:
    piece, value, starts = _pairs(pieces, values)
    found = np.zeros(len(pieces.start), values.dtype)
    if len(piece):
        found[piece[starts]] = how.reduceat(value, starts)
    return found


def _pairs(pieces: _Pieces, values: Array) -> tuple[Ints, Array, Ints]:
    """Every piece with the value of every row that covers it, sorted by piece, then by value."""
    row, step = spread(pieces.closes - pieces.opens)
    piece = pieces.opens[row] + step
    value = values[row]
    order = np.lexsort((value, piece))
    piece, value = piece[order], value[order]
    starts = np.flatnonzero(np.append(True, piece[1:] != piece[:-1])) if len(piece) else piece
    return piece, value, starts


def _median(pieces: _Pieces, values: Array) -> Array:
    piece, value, starts = _pairs(pieces, values)
    found = np.zeros(len(pieces.start), np.float64)
    if len(piece):
        counts = np.diff(np.append(starts, len(piece)))
        low, high = value[starts + (counts - 1) // 2], value[starts + counts // 2]
        found[piece[starts]] = (low.astype(np.float64) + high) / 2
    return found


def _least(pieces: _Pieces, values: Array) -> Array:
    return _ladder(pieces, values, np.minimum)


def _greatest(pieces: _Pieces, values: Array) -> Array:
    return _ladder(pieces, values, np.maximum)


def _ladder(pieces: _Pieces, values: Array, how: np.ufunc) -> Array:
    """Two stretches of 2^r pieces cover any interval; each rung hands down to the one below it."""
    size = len(pieces.start)
    if values.dtype == np.float64:
        neutral: float | int = np.inf if how is np.minimum else -np.inf
    else:
        limits = np.iinfo(np.int64)
        neutral = limits.max if how is np.minimum else limits.min
    length = np.maximum(pieces.closes - pieces.opens, 1)
    rung = np.frexp(length.astype(np.float64))[1] - 1
    rung -= (np.int64(1) << rung) > length
    found = np.full(size, neutral, values.dtype)
    for r in range(int(rung.max(initial=0)), -1, -1):
        reach = 1 << r
        if reach < size:
            half = 1 << r  # what the rung above covers beyond its first half
            below = found.copy()
            how(below[half:], found[:-half], out=below[half:])
            found = below
        mine = rung == r
        how.at(found, pieces.opens[mine], values[mine])
        how.at(found, pieces.closes[mine] - reach, values[mine])
    return found


_OPERATORS = {
    "count": _count,
    "sum": _sum,
    "avg": _avg,
    "min": _least,
    "max": _greatest,
    "median": _median,
}
