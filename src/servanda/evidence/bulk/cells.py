"""Whole columns of cells read at once, where they are written in the usual ways.

In: a column of a table.  Out: what its cells mean, and of which cells that is known; a cell that is
written in another way is left to be read by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from servanda.evidence.instant import FIRST_YEAR, LAST_YEAR, Period, parse_period
from servanda.evidence.rows import Bad
from servanda.evidence.table import NO_INSTANT, Floats, Ints, Mask, Numbers

_INSTANT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
_PLAIN = r"^[!-~]([ -~]*[!-~])?$"  # as everybody writes it: nothing to be put in its normal form
_DEGREES = r"^-?[0-9]{1,3}(\.[0-9]{1,12})?$"
MANY_CODES = 4  # times as many possible codes as rows are still counted out
SMALLEST = 1e-30  # degrees; smaller numbers but zero are looked at one by one
_MINUTE = 60_000_000
_UTC = ZoneInfo("UTC")
# Between those a year is neither the first nor the last that is read.
_EARLIEST, _LATEST = (
    int(np.datetime64(f"{year:04}-01-01", "us").astype(np.int64))
    for year in (FIRST_YEAR + 1, LAST_YEAR)
)
_UTC_FORM = "%Y-%m-%dT%H:%M:%SZ"


def codes(table: pl.DataFrame) -> tuple[Ints, Ints]:
    """The number of what each row holds, and the first row of each; nulls are equal."""
    found = np.zeros(table.height, np.int64)
    first = np.zeros(min(table.height, 1), np.int64)
    for column in table:
        mine = _codes(column)
        count = int(mine.max(initial=0)) + 1
        found, first = _dense(found * count + mine, len(first) * count)
    return found, first


def _codes(column: pl.Series) -> Ints:
    """A number of what each cell holds."""
    if column.dtype == pl.Boolean:
        return column.cast(pl.Int64).fill_null(2).to_numpy()
    if column.dtype == pl.String:
        words = pl.Categorical(pl.Categories.random())  # of this column alone
        number = column.cast(words).to_physical().cast(pl.Int64).fill_null(-1) + 1
    else:
        numbered = column.unique(maintain_order=True).to_frame().with_row_index("\0code")
        found = column.to_frame().join(
            numbered, on=column.name, how="left", nulls_equal=True, maintain_order="left"
        )
        number = found["\0code"].cast(pl.Int64)
    codes: Ints = number.to_numpy()
    return codes


def _dense(codes: Ints, count: int) -> tuple[Ints, Ints]:
    """Codes below `count`, numbered without gaps in the order in which they come; first rows."""
    if count > MANY_CODES * max(len(codes), 1):
        _, first, found = np.unique(codes, return_index=True, return_inverse=True)
    else:
        first = np.full(count, len(codes))
        first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
        there = first < len(codes)
        found, first = (np.cumsum(there) - 1)[codes], first[there]
    order = np.argsort(first)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place[found], first[order].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Periods:
    """The ends of a period for each cell; NO_INSTANT where a cell is empty or not `known`."""

    first: Ints
    last: Ints
    known: Mask


def periods(
    column: pl.Series, read: Callable[[str, str | None], Period | None], precision: pl.Series | None
) -> Periods:
    """Dates and instants; `read` reads one cell, beside how precise it is, and may raise Bad."""
    first = np.full(len(column), NO_INSTANT)
    last, known = first.copy(), column.is_null().to_numpy().copy()
    usual = column.str.contains(_INSTANT).fill_null(False)
    if precision is not None:
        usual &= precision.is_null()
    rows = np.flatnonzero(usual.to_numpy())
    if len(rows):
        at = _instants(column if len(rows) == len(column) else column.filter(usual))
        good = at != NO_INSTANT
        rows, at = rows[good], at[good]
        first[rows] = last[rows] = at
        known[rows] = True
    rest = np.flatnonzero(~known)
    if not len(rest):
        return Periods(first, last, known)
    asked = pl.DataFrame({"at": column})
    if precision is not None:
        asked = asked.with_columns(precision=precision)
    asked = asked.filter(pl.Series(~known))
    which, examples = codes(asked)
    ends = np.full((len(examples), 2), NO_INSTANT)
    good = np.zeros(len(examples), bool)
    for number, cell in enumerate(asked[examples].iter_rows()):
        try:
            period = read(cell[0], cell[1] if len(cell) > 1 else None)
        except Bad:
            continue
        if period is not None:
            ends[number] = period.first, period.last
            good[number] = True
    first[rest], last[rest] = ends[which].T
    known[rest] = good[which]
    return Periods(first, last, known)


def _instants(column: pl.Series) -> Ints:
    """Cells of the form of `_INSTANT`; NO_INSTANT for a day that no calendar has."""
    read = column.str.to_datetime(_UTC_FORM, time_unit="us", strict=False)
    at = read.to_physical().fill_null(NO_INSTANT).to_numpy()
    rest = np.flatnonzero((at < _EARLIEST) | (at >= _LATEST))
    if len(rest):
        at = at.copy()
        at[rest] = _in_other_forms(column.gather(rest))
    return at


def _in_other_forms(column: pl.Series) -> Ints:
    text = pl.DataFrame({"at": column})
    parts = text.select(
        day=pl.col("at").str.slice(0, 10),
        hour=pl.col("at").str.slice(11, 2).cast(pl.Int64),
        minute=pl.col("at").str.slice(14, 2).cast(pl.Int64),
        second=pl.when(pl.col("at").str.slice(16, 1) == ":")
        .then(pl.col("at").str.slice(17, 2))
        .otherwise(pl.lit("00"))
        .cast(pl.Int64),
        zone=pl.when(pl.col("at").str.ends_with("Z"))
        .then(pl.lit("+00:00"))
        .otherwise(pl.col("at").str.slice(-6)),
    )
    dated = parts.select("day", "zone")
    which, examples = codes(dated)
    days = [_midnight(day, zone) for day, zone in dated[examples].iter_rows()]
    midnight = np.array(days, np.int64)[which]
    clock = (parts["hour"] * 60 + parts["minute"]).to_numpy() * _MINUTE
    at: Ints = midnight + clock + parts["second"].to_numpy() * 1_000_000
    return np.where(midnight == NO_INSTANT, NO_INSTANT, at)


def _midnight(day: str, zone: str) -> int:
    if not FIRST_YEAR < int(day[:4]) < LAST_YEAR:
        return NO_INSTANT  # so near to the ends it is looked at by itself
    try:
        return parse_period(f"{day}T00:00:00{zone}", _UTC).first
    except ValueError:
        return NO_INSTANT


def texts(column: pl.Series, read: Callable[[str], str | None]) -> tuple[pl.Series, Mask]:
    """Texts in their normal form; `read` reads one, and may raise Bad."""
    plain = column.str.contains(_PLAIN).fill_null(False).to_numpy()
    if plain.all():
        return column, plain
    found, known = column.to_list(), plain.copy()
    for row in np.flatnonzero(~plain & column.is_not_null().to_numpy()).tolist():
        try:
            found[row] = read(found[row])
        except Bad:
            continue
        known[row] = found[row] is not None
    return pl.Series(found, dtype=pl.String), known


def numbers(column: pl.Series, read: Callable[[Any], Decimal]) -> tuple[Numbers, Mask]:
    """Exact numbers, none where a cell is empty; `read` reads one cell, and may raise Bad."""
    cells = column.to_list()
    which = None
    if column.dtype != pl.Object:
        which, examples = codes(pl.DataFrame({"n": column}))
        cells = column.gather(examples).to_list()
    values: list[Decimal | None] = []
    good = np.ones(len(cells), bool)
    for number, cell in enumerate(cells):
        try:
            values.append(None if cell is None else read(cell))
        except Bad:
            values.append(None)
            good[number] = False
    found = Numbers.of(values)
    return (found, good) if which is None else (found.take(which), good[which])


def degrees(column: pl.Series) -> tuple[Floats, Mask]:
    """Coordinates in degrees: NaN where a cell is empty or not known."""
    if column.dtype == pl.String:
        usual = column.str.contains(_DEGREES).fill_null(False)
        column = pl.select(pl.when(usual).then(column).otherwise(None)).to_series()
        empty = ~usual
    else:
        empty = column.is_null()
    found = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    small = (np.abs(found) < SMALLEST) & (found != 0)
    return found, np.isfinite(found) & ~small & ~empty.to_numpy()
