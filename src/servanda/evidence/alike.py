"""Which records of a type may tell of one occurrence, pair by pair in columns (vocabulary, rule 6).

Whether two may depends on these two alone: where rows come or go, what is known of others stays.
"""

from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True)
class Alike:
    """Rows of one type of a table: which of them may tell of one occurrence."""

    table: Columns
    record_type: RecordType
    atlas: Atlas

    def pairs(self, rows: Ints) -> Links:
        """Pairs of some rows."""
        return joined(list(self._pairs(rows))).of(rows)

    def _pairs(self, mine: Ints) -> Iterator[Links]:
        """As places among `mine`."""
        block, open_columns = self._told_apart(mine)
        place, lat, lon, text = self._places(mine)
        first, last = self.table.first[mine], self.table.last[mine]
        fits = _Fits(open_columns)
        for rows in (np.flatnonzero(place == NOWHERE), np.flatnonzero(text)):
            both = block[rows] * (int(place.max(initial=0)) + 2) + place[rows] + 1
            yield fits(overlapping(numbered(both), first[rows], last[rows]).of(rows))
        rows = np.flatnonzero(~np.isnan(lat))
        if not text[rows].all():
            links = near(block[rows], first[rows], last[rows], lat[rows], lon[rows], SAME_PLACE_KM)
            links = links.of(rows)
            yield fits(links.where(~(text[links.left] & text[links.right])))
            area, point = np.isnan(lat) & text, ~text & ~np.isnan(lat)
            yield self._in_areas(mine, fits, block, area, point)

    def _in_areas(self, mine: Ints, fits: "_Fits", block: Ints, area: Mask, point: Mask) -> Links:
        """Pairs of a point and an area that are near each other."""
        rows = np.flatnonzero(area | point)
        if not area.any():
            return joined(())
        first, last = self.table.first[mine[rows]], self.table.last[mine[rows]]
        links = overlapping(numbered(block[rows]), first, last).of(rows)
        links = fits(links.where(area[links.left] != area[links.right]))
        records = self.table.records
        distance = [
            self.atlas.distance_km(_place(records[mine[a]]), _place(records[mine[b]]))
            for a, b in zip(links.left, links.right, strict=True)
        ]
        return links.where(np.array([d is not None and d <= SAME_PLACE_KM for d in distance], bool))

    def _told_apart(self, mine: Ints) -> tuple[Ints, list[Ints]]:
        """A block for each combination of arguments that all rows give, and the columns of others.

        An argument that somebody leaves open fits all; it is compared pair by pair.
        """
        names = self.record_type.identified_by
        if names is None:
            names = tuple(a.name for a in self.record_type.args)
        block = np.zeros(len(mine), np.int64)
        open_columns = []
        for name in names:
            column = self._codes(name, mine)
            if (column == MISSING).all():
                continue
            if (column == MISSING).any():
                open_columns.append(column)
            else:
                block = numbered(block * (int(column.max()) + 1) + column)
        return block, open_columns

    def _codes(self, name: str, mine: Ints) -> Ints:
        """A number for what each row gives for an argument; MISSING where it leaves it open."""
        declared = self.record_type.arg(name)
        if declared is not None and declared.kind in (ArgKind.NUMBER, ArgKind.MONEY):
            return self.table.numbers(name, mine)[0]
        return self._words[name][self.table.table.shape[mine]]

    @cached_property
    def _shapes(self) -> list[tuple[int, Record]]:
        """Those of the type, with their numbers."""
        shapes = enumerate(self.table.table.shapes)
        return [(number, shape) for number, shape in shapes if shape.type == self.record_type.id]

    @cached_property
    def _words(self) -> Mapping[str, Ints]:
        """For each argument a number for what each shape says; MISSING where it leaves it open."""
        found = {}
        for declared in self.record_type.args:
            known: dict[object, int] = {}
            codes = np.full(len(self.table.table.shapes), MISSING, np.int64)
            for number, shape in self._shapes:
                value = shape.args.get(declared.name)
                if value is not None and value != UNATTRIBUTED:
                    codes[number] = known.setdefault(value, len(known))
            found[declared.name] = codes
        return found

    def _places(self, mine: Ints) -> tuple[Ints, Floats, Floats, Mask]:
        """Place numbers, coordinates where there are any, and which places are given by name."""
        place, town = self._names
        of_row = self.table.table.shape[mine]
        number, text = place[of_row], place[of_row] >= 0
        lat = np.where(text, town[0, of_row], self.table.lat[mine])
        lon = np.where(text, town[1, of_row], self.table.lon[mine])
        number[~text & ~np.isnan(lat)] = AT_A_POINT
        return number, lat, lon, text

    @cached_property
    def _names(self) -> tuple[Ints, Floats]:
        """The number of the place that each shape names, and where it lies."""
        shapes = self.table.table.shapes
        place = np.full(len(shapes), NOWHERE, np.int64)
        town = np.full((2, len(shapes)), np.nan)
        known: dict[str, int] = {}
        for number, shape in self._shapes:
            given = shape.place
            if isinstance(given, str):
                name = self.atlas.canonical(given) or given
                place[number] = known.setdefault(name, len(known))
                if (point := self.atlas.point_of(given)) is not None:
                    town[:, number] = point.lat, point.lon
        return place, town


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
