"""Which records of a type may tell of one occurrence, pair by pair in columns (vocabulary, rule 6).

Whether two may depends on these two alone: where rows come or go, what is known of others stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from servanda.evidence.columns import Columns
from servanda.evidence.links import Links, joined, near, overlapping
from servanda.evidence.occurrence import SAME_PLACE_KM
from servanda.evidence.order import numbered
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.evidence.table import MISSING, Floats, Ints, Mask
from servanda.geo import Atlas, Point
from servanda.model.record_type import ArgKind, RecordType

NOWHERE, AT_A_POINT = -1, -2  # places of rows; areas and unknown names are numbered from 0


def alike(table: Columns, rows: Ints, record_type: RecordType, atlas: Atlas) -> Links:
    """Pairs of some rows, all of one type, that may tell of one occurrence; rows of the table."""
    return joined(list(_Rows(table, rows, record_type, atlas).alike())).of(rows)


@dataclass(frozen=True)
class _Rows:
    """Rows of one type; numbers below are places in `mine`."""

    table: Columns
    mine: Ints
    record_type: RecordType
    atlas: Atlas

    def alike(self) -> Iterator[Links]:
        """Pairs that may tell of one occurrence."""
        block, open_columns = self._told_apart()
        place, lat, lon, text = self._places()
        first, last = self.table.first[self.mine], self.table.last[self.mine]
        fits = _Fits(open_columns)
        for rows in (np.flatnonzero(place == NOWHERE), np.flatnonzero(text)):
            both = block[rows] * (int(place.max(initial=0)) + 2) + place[rows] + 1
            yield fits(overlapping(numbered(both), first[rows], last[rows]).of(rows))
        rows = np.flatnonzero(~np.isnan(lat))
        if not text[rows].all():
            links = near(block[rows], first[rows], last[rows], lat[rows], lon[rows], SAME_PLACE_KM)
            links = links.of(rows)
            yield fits(links.where(~(text[links.left] & text[links.right])))
            yield self._in_areas(fits, block, np.isnan(lat) & text, ~text & ~np.isnan(lat))

    def _in_areas(self, fits: "_Fits", block: Ints, area: Mask, point: Mask) -> Links:
        """Pairs of a point and an area that are near each other."""
        rows = np.flatnonzero(area | point)
        if not area.any():
            return joined(())
        first, last = self.table.first[self.mine[rows]], self.table.last[self.mine[rows]]
        links = overlapping(numbered(block[rows]), first, last).of(rows)
        links = fits(links.where(area[links.left] != area[links.right]))
        records = self.table.records
        distance = [
            self.atlas.distance_km(_place(records[self.mine[a]]), _place(records[self.mine[b]]))
            for a, b in zip(links.left, links.right, strict=True)
        ]
        return links.where(np.array([d is not None and d <= SAME_PLACE_KM for d in distance], bool))

    def _told_apart(self) -> tuple[Ints, list[Ints]]:
        """A block for each combination of arguments that all rows give, and the columns of others.

        An argument that somebody leaves open fits all; it is compared pair by pair.
        """
        names = self.record_type.identified_by
        if names is None:
            names = tuple(a.name for a in self.record_type.args)
        block = np.zeros(len(self.mine), np.int64)
        open_columns = []
        for name in names:
            column = self._codes(name)
            if (column == MISSING).all():
                continue
            if (column == MISSING).any():
                open_columns.append(column)
            else:
                block = numbered(block * (int(column.max()) + 1) + column)
        return block, open_columns

    @cached_property
    def _shapes(self) -> tuple[Ints, list[int]]:
        """The shape of each row, and those that occur."""
        shape = self.table.table.shape[self.mine]
        return shape, np.flatnonzero(np.bincount(shape)).tolist()

    def _codes(self, name: str) -> Ints:
        """A number for what each row gives for an argument; MISSING where it leaves it open."""
        declared = self.record_type.arg(name)
        if declared is not None and declared.kind in (ArgKind.NUMBER, ArgKind.MONEY):
            return self.table.numbers(name, self.mine)[0]
        known: dict[object, int] = {}
        codes = np.full(len(self.table.table.shapes), MISSING, np.int64)
        of_row, occurring = self._shapes
        for shape in occurring:
            value = self.table.table.shapes[shape].args.get(name)
            if value is not None and value != UNATTRIBUTED:
                codes[shape] = known.setdefault(value, len(known))
        return codes[of_row]

    def _places(self) -> tuple[Ints, Floats, Floats, Mask]:
        """Place numbers, coordinates where there are any, and which places are given by name."""
        shapes = self.table.table.shapes
        place = np.full(len(shapes), NOWHERE, np.int64)
        town = np.full((2, len(shapes)), np.nan)
        known: dict[str, int] = {}
        of_row, occurring = self._shapes
        for shape in occurring:
            given = shapes[shape].place
            if isinstance(given, str):
                name = self.atlas.canonical(given) or given
                place[shape] = known.setdefault(name, len(known))
                if (point := self.atlas.point_of(given)) is not None:
                    town[:, shape] = point.lat, point.lon
        number, text = place[of_row], place[of_row] >= 0
        lat = np.where(text, town[0, of_row], self.table.lat[self.mine])
        lon = np.where(text, town[1, of_row], self.table.lon[self.mine])
        number[~text & ~np.isnan(lat)] = AT_A_POINT
        return number, lat, lon, text


@dataclass(frozen=True)
class _Fits:
    """Keeps the pairs whose arguments are equal or left open by one of them."""

    columns: Sequence[Ints]

    def __call__(self, links: Links) -> Links:
        for column in self.columns:
            one, other = column[links.left], column[links.right]
            links = links.where((one == other) | (one == MISSING) | (other == MISSING))
        return links


def _place(record: Record) -> str | Point:
    assert record.place is not None
    return record.place
