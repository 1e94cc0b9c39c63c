"""Rows of one type that were read together, made into a table of records.

What rows share is checked once for each combination, by `checked.to_record`; ids, times, points and
numbers are read in columns.  A row of which not everything is known in this way is checked alone.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from servanda.evidence import checked
from servanda.evidence.bulk import cells
from servanda.evidence.instant import Period
from servanda.evidence.record import Record
from servanda.evidence.rows import LIST_FIELDS, Bad
from servanda.evidence.table import (
    COUNT,
    MISSING,
    NO_INSTANT,
    NOBODY,
    Floats,
    Ints,
    Mask,
    Named,
    Numbers,
    RecordTable,
    joined,
    shaped,
    table_of,
)
from servanda.model.record_type import RecordType

INSTANTS = ("at", "reported", "received")
POINT = ("lat", "lon")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """Rows alike in type; `own` has the columns of what is each row's own, by name.

    Own are `id`, INSTANTS, POINT, `count`, `precision` and the numbers among the arguments as
    `args.NAME`.  `shape` numbers what a row holds besides, `examples` are rows that hold it.
    `listing` has the fields that list other records, of the rows where there are any.  `raw` gives
    a row as its reader does.
    """

    lines: Ints
    own: Mapping[str, pl.Series]
    shape: Ints
    examples: Ints
    listing: Mapping[int, Row | Bad]
    raw: Callable[[int], Row | Bad]


def alone(places: Ints, lines: Ints, raw: Callable[[int], Row | Bad]) -> Rows:
    """Rows that have to be checked one by one; `places` are their numbers for `raw`."""
    none = pl.Series([None] * len(lines), dtype=pl.String)
    zeros = np.zeros(len(lines), np.int64)
    return Rows(lines, {"id": none}, zeros, zeros[:1], {}, lambda row: raw(int(places[row])))


@dataclass(frozen=True)
class Read:
    """The records that were made, as rows of a table that count; refused lines with the reason;
    rows alike with how many and the first line, for what is said about their fields.
    """

    table: RecordTable
    rows: Ints
    refused: Sequence[tuple[int, str]]
    seen: Sequence[tuple[int, Row, int]]


def read(
    rows: Rows, types: Mapping[str, RecordType], zone: ZoneInfo, known: dict[str, Record | None]
) -> Read:
    """All rows, in their order; in `known` are shapes by what rows of them share."""
    examples = [rows.raw(row) for row in rows.examples.tolist()]
    shapes = [
        _shape_of(example, _given(rows, row), types, zone, known)
        for row, example in zip(rows.examples.tolist(), examples, strict=True)
    ]
    usual = np.array([shape is not None for shape in shapes], bool)[rows.shape]
    columns = _Columns(rows, usual, zone)
    names = {n for s in shapes if s for n, v in s.args.items() if isinstance(v, Decimal)}
    numbers = {
        name: columns.numbers(
            f"args.{name}", np.array([s is not None and name in s.args for s in shapes], bool)
        )
        for name in sorted(names)
    }
    if "count" in rows.own:
        numbers[COUNT] = columns.numbers("count")
    ids = columns.texts("id")
    at = columns.periods("at")
    reported, received = columns.periods("reported"), columns.periods("received")
    lat, lon = columns.point()
    named = columns.lists()
    withdrawing = np.zeros(len(rows.lines), bool)  # only those may have no date
    withdrawing[[row for row, others in named.items() if others.withdraws]] = True
    withdrawing &= reported.last != NO_INSTANT
    columns.usual &= withdrawing | (at.last != NO_INSTANT)
    many = np.flatnonzero(columns.usual)
    table = RecordTable(
        ids,
        rows.shape,
        tuple(s if s is not None else _NONE for s in shapes),
        at.first,
        at.last,
        np.where(reported.last == NO_INSTANT, at.last, reported.last),
        received.last,
        rows.lines,
        lat,
        lon,
        numbers,
        named,
    )
    return _with_others(rows, columns.usual, table, many, examples, types, zone)


_NONE = Record("", "", "", 0, None)


def _given(rows: Rows, row: int) -> frozenset[str]:
    """The names of what a row gives as its own."""
    return frozenset(name for name, column in rows.own.items() if column[row] is not None)


def _shape_of(
    row: Row | Bad,
    own: Set[str],
    types: Mapping[str, RecordType],
    zone: ZoneInfo,
    known: dict[str, Record | None],
) -> Record | None:
    """What rows alike share, checked on one of them with the rest as it should be.

    None where it does not hold, or where a cell nests what is expected in columns of its own.
    """
    if isinstance(row, Bad):
        return None
    tried = {name: v for name, v in row.items() if name not in (*LIST_FIELDS, "precision")}
    tried["id"] = "id"
    for name in INSTANTS:
        if tried.get(name) is not None:
            tried[name] = "2000-01-01"
    if tried.get("at") is None:
        tried["withdraws"] = "another id"  # see `read`
    if tried.get("count") is not None:
        tried["count"] = Decimal(1)
    place, args = tried.get("place"), tried.get("args")
    if isinstance(place, Mapping) and any(place.get(name) is not None for name in POINT):
        if not own >= set(POINT) or place.get("name") is not None:
            return None
        tried["place"] = {name: Decimal(1) for name in POINT}
    record_type = types.get(row["type"]) if isinstance(row.get("type"), str) else None
    if isinstance(args, Mapping) and record_type is not None:
        numbers = {n for n in numbers_of(record_type) if args.get(n) is not None}
        if not own >= {f"args.{name}" for name in numbers}:
            return None
        tried["args"] = {**args, **dict.fromkeys(numbers, Decimal(1))}
    try:
        shared = repr(tried)
        if shared not in known:
            known[shared] = _shape(tried, types, zone)
        return known[shared]
    except RecursionError:
        return None


def _shape(row: Row, types: Mapping[str, RecordType], zone: ZoneInfo) -> Record | None:
    try:
        return shaped(checked.to_record(row, types, zone))
    except Bad:
        return None


def numbers_of(record_type: RecordType) -> frozenset[str]:
    """The arguments of a type that are numbers."""
    return frozenset(a.name for a in record_type.args if a.kind in checked.NUMBERS)


@dataclass
class _Columns:
    """The own columns of rows; `usual` are the rows of which all is known so far."""

    rows: Rows
    usual: Mask
    zone: ZoneInfo

    def texts(self, name: str) -> pl.Series:
        found, known = cells.texts(self.rows.own[name], lambda t: checked.text({name: t}, name))
        self.usual &= known
        return found

    def periods(self, name: str) -> cells.Periods:
        column = self.rows.own.get(name)
        if column is None:
            none = np.full(len(self.rows.lines), NO_INSTANT)
            return cells.Periods(none, none, np.ones(len(none), bool))
        precision = self.rows.own.get("precision") if name == "at" else None

        def one(cell: str, how: str | None) -> Period | None:
            return checked.period({name: cell, "precision": how}, name, self.zone)

        found = cells.periods(column, one, precision)
        self.usual &= found.known
        return found

    def point(self) -> tuple[Floats, Floats]:
        none = np.full(len(self.rows.lines), np.nan)
        if not set(POINT) <= set(self.rows.own):
            for name in POINT:
                if name in self.rows.own:
                    self.usual &= self.rows.own[name].is_null().to_numpy()
            return none, none
        both = [self.rows.own[name] for name in POINT]
        empty = both[0].is_null().to_numpy() & both[1].is_null().to_numpy()
        (lat, good_lat), (lon, good_lon) = map(cells.degrees, both)
        there = good_lat & good_lon & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
        self.usual &= there | empty
        return np.where(there, lat, np.nan), np.where(there, lon, np.nan)

    def numbers(self, column: str, of_shape: Mask | None = None) -> Numbers:
        """Numbers; `of_shape` says which shapes have one, which their rows must then have."""
        given = self.rows.own[column]
        found, known = cells.numbers(given, lambda cell: checked.decimal(cell, column))
        there = found.codes != MISSING
        if of_shape is not None:
            known &= there == of_shape[self.rows.shape]
        self.usual &= known
        return found

    def lists(self) -> dict[int, Named]:
        found: dict[int, Named] = {}
        for row, raw in self.rows.listing.items():
            try:
                if isinstance(raw, Bad):
                    raise raw
                told = (name for name in LIST_FIELDS if raw.get(name) is not None)
                named = Named(**{name: checked.listed(raw, name) for name in told})
            except Bad:
                self.usual[row] = False
                continue
            if named != NOBODY:
                found[row] = named
        return found


def _with_others(
    rows: Rows,
    usual: Mask,
    table: RecordTable,
    many: Ints,
    examples: Sequence[Row | Bad],
    types: Mapping[str, RecordType],
    zone: ZoneInfo,
) -> Read:
    """Also the rows that have to be checked one by one."""
    records: list[Record] = []
    refused: list[tuple[int, str]] = []
    seen: list[tuple[int, Row, int]] = []
    for row in np.flatnonzero(~usual).tolist():
        line, raw = int(rows.lines[row]), rows.raw(row)
        try:
            if isinstance(raw, Bad):
                raise raw
            records.append(checked.to_record(raw, types, zone, line))
            seen.append((line, raw, 1))
        except Bad as error:
            refused.append((line, str(error)))
        except RecursionError:
            refused.append((line, "nested too deeply"))
    counts = np.bincount(rows.shape[usual], minlength=len(examples))
    first = np.full(len(examples), np.iinfo(np.int64).max)
    np.minimum.at(first, rows.shape[usual], rows.lines[usual])
    for number in np.flatnonzero(counts).tolist():
        example = examples[number]
        assert not isinstance(example, Bad)
        seen.append((int(first[number]), example, int(counts[number])))
    if records:
        many = np.concatenate([many, len(table) + np.arange(len(records))])
        table = joined([table, table_of(records)])
    return Read(table, many, refused, seen)
