"""Records in columns: what millions of records share is looked at once.

Most records are alike but for their id, their time, their point and their numbers.  What they share
is their shape: type, speakers, status, words, name of the place, and the unit where a point lies.
Whatever depends on the shape alone is asked of one example and holds for all rows of that shape.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.evidence.excerpt import Excerpt
from servanda.evidence.meanwhile import begun
from servanda.evidence.order import numbered
from servanda.evidence.record import Record
from servanda.evidence.table import MISSING, Floats, Ints, Mask, RecordTable
from servanda.geo import Atlas, Point

FEW_POINTS = 20_000  # below, placing them one by one is quicker than laying a raster


@dataclass(frozen=True)
class Shapes:
    """The shapes of rows, told apart by the unit of a point as well.

    `of_row` numbers that of each row; for each shape `examples` names one row, and `units` the
    number of the unit.
    """

    of_row: Ints
    examples: Ints
    units: Ints


@dataclass(frozen=True)
class Columns:
    """The records of a table, one a row; many points are placed meanwhile, until that is asked."""

    table: RecordTable
    _shapes: "Future[Shapes]"
    unnamed: Mask  # rows that name no other record: neither `same_as` nor `derived_from`
    kept: dict[Any, Any]  # what others work out of the rows once; it goes with the table

    def __len__(self) -> int:
        return len(self.table)

    @property
    def shape(self) -> Ints:
        """The number of the shape of each row."""
        return self._shapes.result().of_row

    @property
    def examples(self) -> Ints:
        """For each shape one row."""
        return self._shapes.result().examples

    @property
    def units(self) -> Ints:
        """For each shape the number of the unit."""
        return self._shapes.result().units

    @property
    def first(self) -> Ints:
        return self.table.first

    @property
    def last(self) -> Ints:
        return self.table.last

    @property
    def lat(self) -> Floats:
        return self.table.lat

    @property
    def lon(self) -> Floats:
        return self.table.lon

    @property
    def rank(self) -> Ints:
        """A number of each row by the order of ids."""
        return self.table.rank

    @cached_property
    def records(self) -> Excerpt:
        return Excerpt.whole(self.table)

    def example(self, shape: int) -> Record:
        return self._example_records[shape]

    @cached_property
    def _example_records(self) -> tuple[Record, ...]:
        return tuple(self.table.record(row) for row in self.examples.tolist())

    def per_shape(self, answer: Callable[[Record], Any], dtype: Any = object) -> NDArray[Any]:
        """What a function says to an example of each shape."""
        return np.fromiter(
            (answer(self.example(s)) for s in range(len(self.examples))),
            dtype=dtype,
            count=len(self.examples),
        )

    def numbers(self, arg: str, rows: Ints) -> tuple[Ints, tuple[Decimal, ...]]:
        """A number of each row as its place among all numbers, in order; MISSING where none is."""
        given = self.table.numbers.get(arg)
        if given is None:
            return np.full(len(rows), MISSING), ()
        kept = self.kept.get(("numbers", arg))
        if kept is None or len(kept[0]) < len(self):
            known = sorted(set(given.values))
            place = {number: i for i, number in enumerate(known)}
            codes = np.array([*(place[n] for n in given.values), MISSING], np.int64)
            kept = self.kept["numbers", arg] = codes[given.codes], tuple(known)
        of_rows, ordered = kept
        return of_rows[rows], ordered


def columns(table: RecordTable, atlas: Atlas) -> Columns:
    """A table with what is asked of each row in columns."""
    known = table.kept.get("columns")
    if known is None or known[0] is not atlas:
        points = int(np.count_nonzero(~np.isnan(table.lat)))
        shapes = begun(lambda: _shapes(table, atlas), aside=points > FEW_POINTS)
        known = _keep(table, atlas, (shapes, _unnamed(table)), {})
    return Columns(table, *known[1])


def _keep(table: RecordTable, atlas: Atlas, parts: tuple[Any, ...], kept: dict[Any, Any]) -> Any:
    """Parts of columns, with the table: for the next question, which is of the same records."""
    table.kept["columns"] = atlas, (*parts, kept)
    return table.kept["columns"]


def appended(base: Columns, table: RecordTable, atlas: Atlas) -> Columns:
    """The columns of a table to which rows were appended; numbers of shapes stay."""
    fresh = range(len(base), len(table))
    units = _units(table.lat[fresh.start :], table.lon[fresh.start :], atlas)
    known = {
        (int(base.table.shape[row]), int(unit)): number
        for number, (row, unit) in enumerate(zip(base.examples, base.units, strict=True))
    }
    shape, examples, of_example = [], base.examples.tolist(), base.units.tolist()
    for row, unit in zip(fresh, units.tolist(), strict=True):
        key = int(table.shape[row]), unit
        if key not in known:
            known[key] = len(examples)
            examples.append(row)
            of_example.append(unit)
        shape.append(known[key])
    found = Shapes(
        np.concatenate([base.shape, np.array(shape, np.int64)]),
        np.array(examples, np.int64),
        np.array(of_example, np.int64),
    )
    parts = begun(lambda: found), _unnamed(table)
    longer = Columns(table, *_keep(table, atlas, parts, dict(base.kept))[1])
    more = tuple(table.record(row) for row in examples[len(base.examples) :])
    longer.__dict__["_example_records"] = (*base._example_records, *more)
    return longer


def _unnamed(table: RecordTable) -> Mask:
    unnamed = np.ones(len(table), bool)
    unnamed[[row for row, n in table.named.items() if n.same_as or n.derived_from]] = False
    return unnamed


def _units(lat: NDArray[np.float64], lon: NDArray[np.float64], atlas: Atlas) -> Ints:
    """A number for the unit of each row's point; 0 where it has no point, 1 where in no unit."""
    rows = np.flatnonzero(~np.isnan(lat))
    found = np.zeros(len(lat), np.int64)
    if len(rows) > FEW_POINTS:
        from servanda.geo.placing import Units

        units = atlas.remembered(Units)
        found[rows] = units.place(lon[rows], lat[rows]).astype(np.int64) + 2
        return found
    names = {name: number for number, name in enumerate(atlas.unit_ids(), 2)}
    for row in rows:
        unit = atlas.unit_of(Point(float(lat[row]), float(lon[row])))
        found[row] = 1 if unit is None else names[unit]
    return found


def _shapes(table: RecordTable, atlas: Atlas) -> Shapes:
    units = _units(table.lat, table.lon, atlas)
    codes = numbered(table.shape * (int(units.max(initial=0)) + 1) + units)
    examples = np.empty(int(codes.max(initial=-1)) + 1, np.int64)
    examples[codes[::-1]] = np.arange(len(codes))[::-1]  # the first of each, which is written last
    return Shapes(codes, examples, units[examples])
