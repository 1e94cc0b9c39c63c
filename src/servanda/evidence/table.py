"""Records in columns: what millions of records share is kept once.

Most records are alike but for their id, their times, their point and their numbers.  What they
share is their shape: type, speakers, status, words and name of the place.  A record is made when it
is asked for; it equals the one that was put in.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from servanda.evidence import room
from servanda.evidence.instant import Period
from servanda.evidence.meanwhile import at_once, begun
from servanda.evidence.order import ordered
from servanda.evidence.record import ArgValue, Record
from servanda.geo import Point

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
MISSING = -1
NO_INSTANT = -(1 << 62)
FEW_IDS = 200  # rows of so many are searched for one by one
MANY = 300_000  # rows; fewer are joined sooner than threads begin
RANK_ROOM = 1 << 20  # between the numbers of two neighbours in the order of ids
COUNT = ""  # among the numbers: that of the record itself, beside those of its arguments


@dataclass(frozen=True, slots=True)
class Named:
    """The records that a record names."""

    same_as: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()

    @staticmethod
    def by(record: Record) -> "Named":
        return Named(record.same_as, record.replaces, record.withdraws, record.derived_from)


NOBODY = Named()


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number of each row, as its place in `values`; MISSING where none is."""

    codes: Ints
    values: tuple[Decimal, ...]

    @staticmethod
    def of(given: Sequence[Decimal | None]) -> "Numbers":
        known: dict[tuple[Decimal, str] | None, int] = {None: MISSING}
        codes = [
            known.setdefault(None if n is None else (n, str(n)), len(known) - 1) for n in given
        ]
        return Numbers(np.array(codes, np.int64), tuple(key[0] for key in known if key))

    def take(self, rows: Ints) -> "Numbers":
        return Numbers(self.codes[rows], self.values)


@dataclass(frozen=True, eq=False)
class RecordTable:
    """Records, one a row; `shapes` are records of which only what they share means anything.

    `first` and `last` are the ends of the period; `reported` and `received` are instants;
    NO_INSTANT where there is none.  `lat` and `lon` are NaN where a row has no point.  The numbers
    of a shape's arguments stand for those of the row.  `named` has the rows that name others.  In
    `kept` is what others work out of the rows once (`columns.py`).
    """

    ids: pl.Series
    shape: Ints
    shapes: tuple[Record, ...]
    first: Ints
    last: Ints
    reported: Ints
    received: Ints
    line: Ints
    lat: Floats
    lon: Floats
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    named: Mapping[int, Named] = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    _made: dict[int, Record] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.shape)

    def made(self, row: int) -> Record:
        """As `record`, kept for the next time: what is asked for by itself is asked for again."""
        found = self._made.get(row)
        if found is None:
            found = self._made[row] = self.record(row)
        return found

    def record(self, row: int) -> Record:
        shape = self.shapes[self.shape[row]]
        named = self.named.get(row, NOBODY)
        dated = self.last[row] != NO_INSTANT
        placed = not np.isnan(self.lat[row])
        received = int(self.received[row])
        return Record(
            self.ids[row],
            shape.type,
            shape.source,
            int(self.reported[row]),
            Period(int(self.first[row]), int(self.last[row])) if dated else None,
            self._args(shape.args, row) if self._numbered[self.shape[row]] else shape.args,
            Point(float(self.lat[row]), float(self.lon[row])) if placed else shape.place,
            shape.claimed_by,
            None if received == NO_INSTANT else received,
            shape.status,
            shape.observed_how,
            self._number(COUNT, row),
            named.same_as,
            named.replaces,
            named.withdraws,
            named.derived_from,
            shape.handling,
            int(self.line[row]),
        )

    def _args(self, args: Mapping[str, ArgValue], row: int) -> Mapping[str, ArgValue]:
        found = dict(args)
        for name, value in args.items():
            if isinstance(value, Decimal):
                number = self._number(name, row)
                assert number is not None  # a shape has a number where its rows have one
                found[name] = number
        return found

    @cached_property
    def _numbered(self) -> tuple[bool, ...]:
        """For each shape whether there is a number among its arguments."""
        return tuple(any(isinstance(v, Decimal) for v in s.args.values()) for s in self.shapes)

    def _number(self, arg: str, row: int) -> Decimal | None:
        numbers = self.numbers.get(arg)
        code = MISSING if numbers is None else numbers.codes[row]
        return None if numbers is None or code == MISSING else numbers.values[code]

    def take(self, rows: Ints) -> "RecordTable":
        """Some of the rows, in the order given."""
        named: dict[int, Named] = {}
        if self.named:
            place = np.full(len(self), MISSING)
            place[rows] = np.arange(len(rows))
            named = {int(place[r]): n for r, n in self.named.items() if place[r] != MISSING}
        found = replace(
            self,
            ids=self.ids[rows],
            shape=self.shape[rows],
            **{name: getattr(self, name)[rows] for name in _COLUMNS},
            numbers={arg: n.take(rows) for arg, n in self.numbers.items()},
            named=named,
        )
        if "rank" in self.__dict__:  # the order of ids stays, though with gaps
            found.__dict__["rank"] = self.rank[rows]
        return found

    def appended(self, records: Sequence[Record]) -> "RecordTable | None":
        """The table with further rows behind it; what rows were numbered by stays.

        None where an id is here already, or has no room between its neighbours.
        """
        more = table_of(records)
        if not len(self) or more.ids.is_duplicated().any() or self.rows_of(more.ids):
            return None
        behind = self._sorted.search_sorted(more.ids).to_numpy().astype(np.int64)
        rank = self._between(behind, more)
        if rank is None:
            return None
        known = {_shape(shape): number for number, shape in enumerate(self.shapes)}
        shapes, numbers = self.shapes, []
        for shape in more.shapes:  # each another
            numbers.append(known.get(_shape(shape), len(shapes)))
            shapes = (*shapes, shape) if numbers[-1] == len(shapes) else shapes
        return self._with(more, np.array(numbers, np.int64), shapes, rank, behind)

    def _between(self, behind: Ints, more: "RecordTable") -> Ints | None:
        """Numbers for rows that stand before those at some places in the order of ids."""
        above, below = self._rank_at(behind), self._rank_at(behind - 1)
        order = np.argsort(more.rank)
        _, first, sizes = np.unique(behind[order], return_index=True, return_counts=True)
        within = np.empty(len(order), np.int64)
        within[order] = np.arange(len(order)) - np.repeat(first, sizes)
        together = np.empty(len(order), np.int64)
        together[order] = np.repeat(sizes, sizes)
        if (above - below <= together).any():
            return None
        found: Ints = below + (above - below) * (within + 1) // (together + 1)
        return found

    def _rank_at(self, places: Ints) -> Ints:
        """The numbers at some places in the order of ids; with room before the first and behind
        the last."""
        last = len(self) - 1
        found = self.rank[self._by_id[np.clip(places, 0, last)]]
        beyond: Ints = (places > last).astype(np.int64) - (places < 0)
        return found + beyond * 2 * RANK_ROOM

    def _with(
        self,
        more: "RecordTable",
        numbers: Ints,
        shapes: tuple[Record, ...],
        rank: Ints,
        behind: Ints,
    ) -> "RecordTable":
        """Both tables, where the shapes of `more` are numbered among all `shapes`."""
        names = sorted({*self.numbers, *more.numbers})
        parts = {n: [(t, t.numbers.get(n)) for t in (self, more)] for n in names}
        found = RecordTable(
            pl.concat([self.ids, more.ids]),
            room.longer(self.shape, numbers[more.shape]),
            shapes,
            **{n: room.longer(getattr(self, n), getattr(more, n)) for n in _COLUMNS},
            numbers={name: _joined_numbers(pair) for name, pair in parts.items()},
            named={**self.named, **{row + len(self): n for row, n in more.named.items()}},
        )
        place = np.argsort(rank)
        found.__dict__["rank"] = room.longer(self.rank, rank)
        found.__dict__["_by_id"] = np.insert(self._by_id, behind[place], place + len(self))
        return found

    def reshaped(self, change: Callable[[Record], Record]) -> "RecordTable":
        """The rows with what a function makes of their shapes."""
        return self.but(shapes=tuple(change(shape) for shape in self.shapes))

    def but(self, **other: Any) -> "RecordTable":
        """The same ids with something else; what is known of their order stays."""
        found = replace(self, **other)
        known = {name: self.__dict__[name] for name in _OF_IDS if name in self.__dict__}
        found.__dict__.update(known)
        return found

    # --- looking up ---------------------------------------------------------------------------

    @cached_property
    def rank(self) -> Ints:
        """A number of each row by the order of ids, with room between them for others."""
        sorting = self.__dict__.pop("_sorting", None)  # begun as soon as the ids were known
        sorted_ids = self.ids.arg_sort() if sorting is None else sorting.result()
        order = sorted_ids.to_numpy().astype(np.int64)
        self.__dict__["_by_id"] = order
        found = np.empty(len(order), np.int64)
        found[order] = np.arange(len(order)) * RANK_ROOM
        return found

    @cached_property
    def _by_id(self) -> Ints:
        rank = self.rank  # where it is worked out only now, it leaves the order
        return self.__dict__["_by_id"] if "_by_id" in self.__dict__ else np.argsort(rank)

    @cached_property
    def _sorted(self) -> pl.Series:
        return self.ids[self._by_id]

    @cached_property
    def twice(self) -> Mask:
        """Rows whose id another row has as well."""
        same = (self._sorted[1:] == self._sorted[:-1]).to_numpy()
        found = np.zeros(len(self), bool)
        found[self._by_id[1:]] = same
        found[self._by_id[:-1]] |= same
        return found

    @cached_property
    def by_date(self) -> Ints:
        """The dated rows in the order of the ends of their periods."""
        dated = np.flatnonzero(self.last != NO_INSTANT)
        return dated[ordered(self.rank[dated], self.last[dated])]

    def rows_of(self, ids: Iterable[str]) -> dict[str, int]:
        """The rows of some records by their ids; those that are not here are left out."""
        asked = sorted(set(ids))
        if not asked or not len(self):
            return {}
        if len(asked) <= FEW_IDS and "_sorted" not in self.__dict__ and "rank" in self.__dict__:
            return self._rows_of_few(asked)
        place = self._sorted.search_sorted(pl.Series(asked, dtype=pl.String)).to_numpy()
        rows = self._by_id[np.minimum(place, len(self) - 1)]
        there = self.ids[rows].to_list()
        return {i: int(row) for i, row, found in zip(asked, rows, there, strict=True) if i == found}

    def _rows_of_few(self, asked: Iterable[str]) -> dict[str, int]:
        """As `rows_of`, where the ids were not laid out in their order, which takes longer."""
        by_id = self._by_id
        places = range(len(self))
        found = {}
        for identity in asked:
            place = bisect_left(places, identity, key=lambda place: self.ids[int(by_id[place])])
            if place < len(self) and self.ids[row := int(by_id[place])] == identity:
                found[identity] = row
        return found

    def of_shapes(self, wanted: Callable[[Record], bool]) -> Mask:
        """Rows of the shapes of which something holds."""
        return np.fromiter((wanted(s) for s in self.shapes), bool, len(self.shapes))[self.shape]


_OF_IDS = ("rank", "_by_id", "_sorted", "twice")  # what depends on the ids alone
_COLUMNS = ("first", "last", "reported", "received", "line", "lat", "lon")


def table_of(records: Iterable[Record]) -> RecordTable:
    """Records that were made one by one, in columns."""
    given = tuple(records)
    known: dict[Any, int] = {}
    shapes: list[Record] = []
    rows = np.empty(len(given), np.int64)
    for row, record in enumerate(given):
        key = _shape(record)
        number = known.get(key)
        if number is None:
            number = known[key] = len(shapes)
            shapes.append(shaped(record))
        rows[row] = number
    points = [r.place if isinstance(r.place, Point) else None for r in given]
    arguments = {n for shape in shapes for n, v in shape.args.items() if isinstance(v, Decimal)}
    numbers = {name: Numbers.of([r.number(name) for r in given]) for name in sorted(arguments)}
    if any(r.count is not None for r in given):
        numbers[COUNT] = Numbers.of([r.count for r in given])
    return RecordTable(
        pl.Series([r.id for r in given], dtype=pl.String),
        rows,
        tuple(shapes),
        _instants(None if r.at is None else r.at.first for r in given),
        _instants(None if r.at is None else r.at.last for r in given),
        _instants(r.reported for r in given),
        _instants(r.received for r in given),
        np.array([r.line for r in given], np.int64),
        np.array([np.nan if p is None else p.lat for p in points]),
        np.array([np.nan if p is None else p.lon for p in points]),
        numbers,
        {row: n for row, r in enumerate(given) if (n := Named.by(r)) != NOBODY},
    )


def _instants(given: Iterable[int | None]) -> Ints:
    return np.array([NO_INSTANT if i is None else i for i in given], np.int64)


def shaped(record: Record) -> Record:
    """What records share, of one of them."""
    place = None if isinstance(record.place, Point) else record.place
    return Record(
        "",
        record.type,
        record.source,
        0,
        None,
        record.args,
        place,
        record.claimed_by,
        status=record.status,
        observed_how=record.observed_how,
        handling=record.handling,
    )


def _shape(record: Record) -> tuple[object, ...]:
    words = tuple(
        (name, Decimal if isinstance(value, Decimal) else value)
        for name, value in record.args.items()
    )
    said = (record.source, record.claimed_by, record.status, record.observed_how, record.handling)
    place = None if isinstance(record.place, Point) else record.place
    return (record.type, said, place, words)


def joined(tables: Sequence[RecordTable]) -> RecordTable:
    """The rows of several tables, one after another."""
    if len(tables) == 1:
        return tables[0]
    known: dict[Any, int] = {}
    shapes: list[Record] = []
    rows = [np.empty(0, np.int64)]
    named: dict[int, Named] = {}
    done = 0
    for table in tables:
        own = np.empty(len(table.shapes), np.int64)
        for number, shape in enumerate(table.shapes):
            key = _shape(shape)
            if key not in known:
                known[key] = len(shapes)
                shapes.append(shape)
            own[number] = known[key]
        rows.append(own[table.shape])
        named.update((row + done, n) for row, n in table.named.items())
        done += len(table)
    ids = pl.concat([t.ids for t in tables]) if tables else pl.Series([], dtype=pl.String)
    ids = ids.rechunk()
    names = sorted({name for t in tables for name in t.numbers})

    def column(name: str) -> NDArray[Any]:
        return room.joined([getattr(t, name) for t in tables] or [_NONE[name]])

    def numbers_of(name: str) -> Numbers:
        return _joined_numbers([(t, t.numbers.get(name)) for t in tables])

    aside = done > MANY
    order = begun(ids.arg_sort, aside) if aside else None  # of many it is always asked for
    columns = dict(zip(_COLUMNS, at_once(column, _COLUMNS, aside), strict=True))
    numbers = dict(zip(names, at_once(numbers_of, names, aside), strict=True))
    found = RecordTable(
        ids, room.joined(rows), tuple(shapes), **columns, numbers=numbers, named=named
    )
    if order is not None:
        found.__dict__["_sorting"] = order
    return found


_NONE: Mapping[str, NDArray[Any]] = {
    name: np.empty(0, np.float64 if name in ("lat", "lon") else np.int64) for name in _COLUMNS
}


def _joined_numbers(parts: Iterable[tuple[RecordTable, Numbers | None]]) -> Numbers:
    known: dict[tuple[Decimal, str], int] = {}
    codes = []
    for table, numbers in parts:
        if numbers is None:
            codes.append(np.full(len(table), MISSING))
            continue
        own = [known.setdefault((n, str(n)), len(known)) for n in numbers.values]
        same = own == list(range(len(own)))
        codes.append(numbers.codes if same else np.array([*own, MISSING], np.int64)[numbers.codes])
    whole = room.longer(*codes) if len(codes) == 2 else room.joined(codes)
    return Numbers(whole, tuple(n for n, _ in known))
