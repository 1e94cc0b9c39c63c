"""Records in columns: what millions of records share is looked at once.

Most records are alike but for their id, their time, their point and their numbers.  What they share
is their shape: type, speakers, status, words, name of the place, and the unit where a point lies.
Whatever depends on the shape alone is asked of one example and holds for all rows of that shape.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servanda.evidence.record import Record
from servanda.geo import Atlas, Point

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
MISSING = -1
FEW_POINTS = 20_000  # below, placing them one by one is quicker than laying a raster


@dataclass(frozen=True)
class Columns:
    """Dated records, one a row.

    `first` and `last` are the ends of the period; `shape` numbers the shape of each row, and
    `examples` names one row for each shape; `lat` and `lon` are NaN where a row has no point.
    """

    records: Sequence[Record]
    first: Ints
    last: Ints
    shape: Ints
    examples: Ints
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    unnamed: Mask  # rows that name no other record: neither `same_as` nor `derived_from`
    _numbers: dict[str, tuple[Ints, tuple[Decimal, ...]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.first)

    def example(self, shape: int) -> Record:
        return self.records[int(self.examples[shape])]

    @cached_property
    def rank(self) -> Ints:
        """The place of each row in the order of ids."""
        order = np.argsort(np.array([r.id for r in self.records], dtype=object), kind="stable")
        found = np.empty(len(order), np.int64)
        found[order] = np.arange(len(order))
        return found

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {r.id: row for row, r in enumerate(self.records)}

    def per_shape(self, answer: Callable[[Record], Any], dtype: Any = object) -> NDArray[Any]:
        """What a function says to an example of each shape."""
        return np.fromiter(
            (answer(self.example(s)) for s in range(len(self.examples))),
            dtype=dtype,
            count=len(self.examples),
        )

    def numbers(self, arg: str, rows: Ints) -> tuple[Ints, tuple[Decimal, ...]]:
        """A number of each row as its place among all numbers, in order; MISSING where none is."""
        given = [self.records[row].number(arg) for row in rows]
        known = sorted({n for n in given if n is not None})
        place = {n: i for i, n in enumerate(known)}
        codes = [MISSING if n is None else place[n] for n in given]
        return np.array(codes, np.int64), tuple(known)


def columns(records: Sequence[Record], atlas: Atlas) -> Columns:
    """Records that have a date, in columns."""
    dated = tuple(r for r in records if r.at is not None)
    first = np.fromiter((r.at.first for r in dated if r.at), np.int64, len(dated))
    last = np.fromiter((r.at.last for r in dated if r.at), np.int64, len(dated))
    lat = np.full(len(dated), np.nan)
    lon = lat.copy()
    known: dict[tuple[object, ...], int] = {}
    shape = np.empty(len(dated), np.int64)
    unnamed = np.ones(len(dated), bool)
    for row, record in enumerate(dated):
        place = record.place
        if isinstance(place, Point):
            lat[row], lon[row] = place.lat, place.lon
            place = None
        shape[row] = known.setdefault(_shape(record, place), len(known))
        if record.same_as or record.derived_from:
            unnamed[row] = False
    shape, examples = _refined(shape, _units(lat, lon, atlas))
    return Columns(dated, first, last, shape, examples, lat, lon, unnamed)


def _shape(record: Record, place: str | None) -> tuple[object, ...]:
    words = tuple(
        (name, Decimal if isinstance(value, Decimal) else value)
        for name, value in record.args.items()
    )
    said = (record.source, record.claimed_by, record.status, record.observed_how)
    return (record.type, said, place, words)


def _units(lat: NDArray[np.float64], lon: NDArray[np.float64], atlas: Atlas) -> Ints:
    """A number for the unit of each row's point; 0 where it has no point, 1 where in no unit."""
    rows = np.flatnonzero(~np.isnan(lat))
    found = np.zeros(len(lat), np.int64)
    if len(rows) > FEW_POINTS:
        from servanda.geo.placing import Units

        found[rows] = Units(atlas).place(lon[rows], lat[rows]).astype(np.int64) + 2
        return found
    names = {name: number for number, name in enumerate(atlas.unit_ids(), 2)}
    for row in rows:
        unit = atlas.unit_of(Point(float(lat[row]), float(lon[row])))
        found[row] = 1 if unit is None else names[unit]
    return found


def _refined(shape: Ints, units: Ints) -> tuple[Ints, Ints]:
    """Shapes told apart by unit, and one row of each."""
    _, examples, codes = np.unique(
        shape * (int(units.max(initial=0)) + 1) + units, return_index=True, return_inverse=True
    )
    return codes.astype(np.int64), examples.astype(np.int64)
