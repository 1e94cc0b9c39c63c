"""The same occurrence, for many records at once (vocabulary, rule 6).

Gives what `occurrence.occurrences` gives.  Records that may tell of one occurrence are linked pair
by pair in columns.  Where everyone in a set of linked records is linked to everyone else, and none
names another by `same_as`, the set is one occurrence; tangled sets are taken apart by the rule, row
by row over their links, and sets with names go through the rule itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from servanda.evidence.columns import Columns
from servanda.evidence.links import Links, components, near, overlapping
from servanda.evidence.occurrence import SAME_PLACE_KM, occurrences
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.evidence.table import MISSING, Floats, Ints, Mask
from servanda.geo import Atlas, Point
from servanda.model.record_type import ArgKind, RecordType

NOWHERE, AT_A_POINT = -1, -2  # places of rows; areas and unknown names are numbered from 0


@dataclass(frozen=True)
class Grouping:
    """Rows by type, occurrence and precision.

    `rows` are in the order of the occurrences, those of one occurrence the most precise first;
    occurrence `i` has `rows[starts[i]:starts[i + 1]]`.  `of_type` gives each type its occurrences.
    """

    rows: Ints
    starts: Ints
    of_type: Mapping[str, range]

    def part(self, name: str) -> tuple[Ints, Ints]:
        """The rows of a type, and where its occurrences begin among them."""
        numbers = self.of_type[name]
        starts = self.starts[numbers.start : numbers.stop + 1]
        return self.rows[starts[0] : starts[-1]], starts - starts[0]


def grouping(table: Columns, rows: Ints, types: Mapping[str, RecordType], atlas: Atlas) -> Grouping:
    """Occurrences of dated rows by type, each type's in the order of their time."""
    of_type = {}
    for name, mine in _by_type(table, rows, types):
        group = _Type(table, mine, types, types[name], atlas).groups()
        order, begins = _in_order(table, mine, group)
        of_type[name] = mine[order], begins
    return _joined_types(of_type)


def regrouped(
    base: Grouping,
    table: Columns,
    rows: Ints,
    changed: Ints,
    types: Mapping[str, RecordType],
    atlas: Atlas,
) -> Grouping:
    """Occurrences of `rows`, of which all but `changed` were grouped before, or left out, alike.

    Only what a changed row may be linked to is grouped anew.
    """
    there = np.zeros(len(table), bool)
    there[rows] = True
    of_type = {name: base.part(name) for name in base.of_type}
    for name, some in _by_type(table, changed, types):
        before, begins = of_type.get(name, (np.empty(0, np.int64), np.zeros(1, np.int64)))
        new = some[there[some] & ~np.isin(some, before)]
        mine = np.concatenate([before[there[before]], new])
        one = _Type(table, np.sort(mine), types, types[name], atlas)
        of_type[name] = one.regrouped(before, begins, some)
    order = {name: of_type[name] for name in types if name in of_type and len(of_type[name][0])}
    return _joined_types(order)


def _by_type(
    table: Columns, rows: Ints, types: Mapping[str, RecordType]
) -> Iterator[tuple[str, Ints]]:
    """The rows of each type, in the order of the vocabulary."""
    number = {name: i for i, name in enumerate(types)}
    kinds = [number.get(shape.type, MISSING) for shape in table.table.shapes]
    type_of_row = np.array(kinds, np.int64)[table.table.shape[rows]]
    for name in types:
        mine = rows[type_of_row == number[name]]
        if len(mine):
            yield name, np.sort(mine)


def _joined_types(of_type: Mapping[str, tuple[Ints, Ints]]) -> Grouping:
    rows, starts = [np.empty(0, np.int64)], [np.zeros(1, np.int64)]
    numbers: dict[str, range] = {}
    done = total = 0
    for name, (mine, begins) in of_type.items():
        rows.append(mine)
        starts.append(begins[1:] + done)
        numbers[name] = range(total, total + len(begins) - 1)
        done, total = done + len(mine), total + len(begins) - 1
    return Grouping(np.concatenate(rows), np.concatenate(starts), numbers)


def _in_order(table: Columns, mine: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Rows by occurrence and precision, and where each occurrence begins."""
    first, length = table.first[mine], table.last[mine] - table.first[mine]
    rank = table.rank[mine]
    inner = np.lexsort((rank, first, length, group))
    edges = np.flatnonzero(np.diff(group[inner], prepend=-1))
    heads = inner[edges]
    sizes = np.diff(np.append(edges, len(inner)))
    outer = np.lexsort((rank[heads], first[heads]))
    begins = np.concatenate(([0], np.cumsum(sizes[outer])))
    within = np.arange(len(inner)) - np.repeat(begins[:-1], sizes[outer])
    return inner[np.repeat(edges[outer], sizes[outer]) + within], begins


FEW_ROWS = 5_000  # of a type; so few are grouped anew at once


@dataclass(frozen=True)
class _Type:
    """The rows of one type; numbers below are places in `mine`."""

    table: Columns
    mine: Ints
    types: Mapping[str, RecordType]
    record_type: RecordType
    atlas: Atlas

    def groups(self) -> Ints:
        """A number of its group for each row."""
        count = len(self.mine)
        named = self._named()
        alike = _joined(list(self._alike()))
        label = components(count, _joined([alike, named]))
        _, group, sizes = np.unique(label, return_inverse=True, return_counts=True)
        linked = np.bincount(group[alike.left], minlength=len(sizes))
        whole = linked == sizes * (sizes - 1) // 2
        order = np.argsort(group, kind="stable")
        ends = np.cumsum(sizes)
        following = len(sizes)
        named_there = np.zeros(len(sizes), bool)
        named_there[group[named.left]] = True
        tangled = (~whole & ~named_there)[group]
        mixed = alike.where(tangled[alike.left])
        for number in np.flatnonzero(named_there):
            rows = order[ends[number] - sizes[number] : ends[number]]
            for one in self._by_the_rule(rows):
                group[one] = following
                following += 1
        rows = np.flatnonzero(tangled)
        group[rows] = following + self._by_links(rows, mixed)
        return group

    def regrouped(self, before: Ints, begins: Ints, changed: Ints) -> tuple[Ints, Ints]:
        """The rows by occurrence, and where each begins, where some rows came or went.

        `before` and `begins` are those of old.
        """
        near = self._near(changed)
        if near is None:
            order, starts = _in_order(self.table, self.mine, self.groups())
            return self.mine[order], starts
        touched = np.zeros(len(self.table), bool)
        touched[near] = touched[changed] = True
        whole = np.zeros(len(begins) - 1, bool)
        if len(before):
            whole = ~np.logical_or.reduceat(touched[before], begins[:-1])
        kept = before[np.repeat(whole, np.diff(begins))]
        touched[:] = False
        touched[self.mine] = True
        touched[kept] = False
        rest = np.flatnonzero(touched)
        order, starts = _in_order(self.table, rest, replace(self, mine=rest).groups())
        return self._spliced(kept, np.diff(begins)[whole], rest[order], starts)

    def _spliced(self, rows: Ints, sizes: Ints, more: Ints, begins: Ints) -> tuple[Ints, Ints]:
        """Rows by occurrence, of so many each, with those of a few more put into their places."""
        ends = np.concatenate(([0], np.cumsum(sizes)))
        first = self.table.first[rows[ends[:-1]]]
        parts, new_sizes, places = [], [], []
        done = 0
        for begin, end in pairwise(begins.tolist()):
            head = more[begin]
            low = int(np.searchsorted(first, self.table.first[head], "left"))
            high = int(np.searchsorted(first, self.table.first[head], "right"))
            equal = self.table.rank[rows[ends[low:high]]]
            place = low + int(np.searchsorted(equal, self.table.rank[head]))
            parts += [rows[done : ends[place]], more[begin:end]]
            done = int(ends[place])
            new_sizes.append(end - begin)
            places.append(place)
        every = np.insert(sizes, places, new_sizes)
        starts = np.concatenate(([0], np.cumsum(every)))
        return np.concatenate([*parts, rows[done:]]), starts

    def _near(self, changed: Ints) -> Ints | None:
        """The rows that a changed one could be tied to, over any number of links; None for all.

        Links join what overlaps in time: no chain of them leaves a stretch between two silences.
        """
        if len(self.mine) < FEW_ROWS or not self.table.unnamed[self.mine].all():
            return None
        there = np.zeros(len(self.table), bool)
        there[self.mine] = there[changed] = True
        rows = np.flatnonzero(there)
        first, last = self.table.first[rows], self.table.last[rows]
        longest = int((last - first).max())
        begin = int(self.table.first[changed].min()) - longest
        end = int(self.table.last[changed].max()) + longest
        some = rows[(first <= end) & (last >= begin)]
        found = self._stretches(some, changed)
        within = self.table.first[found].min() > begin and self.table.last[found].max() < end
        # What touches a stretch that ends inside of the span is in the span as well.
        return found if within else self._stretches(rows, changed)

    def _stretches(self, rows: Ints, changed: Ints) -> Ints:
        """The rows in the same stretches between two silences as some of them."""
        order = np.argsort(self.table.first[rows], kind="stable")
        first, last = self.table.first[rows[order]], self.table.last[rows[order]]
        silent = first[1:] > np.maximum.accumulate(last)[:-1]
        stretch = np.empty(len(rows), np.int64)
        stretch[order] = np.concatenate([[0], np.cumsum(silent)])
        touched = np.zeros(int(stretch.max()) + 1, bool)
        touched[stretch[np.searchsorted(rows, changed)]] = True
        found: Ints = rows[touched[stretch]]
        return found

    def _by_the_rule(self, rows: Ints) -> Iterator[Ints]:
        told = [self.table.records[self.mine[row]] for row in rows]
        records = {record.id: row for record, row in zip(told, rows, strict=True)}
        for occurrence in occurrences(told, self.types, self.atlas):
            yield np.array([records[r.id] for r in occurrence.records], np.int64)

    def _by_links(self, rows: Ints, alike: Links) -> Ints:
        """The rule for rows of which none names another: a number of its group for each.

        The most precise first, each joins the earliest exact group of which all are alike to it.
        """
        first, last = self.table.first[self.mine[rows]], self.table.last[self.mine[rows]]
        rank = self.table.rank[self.mine[rows]]
        order = np.lexsort((rank, first, last - first))
        place = np.full(len(self.mine), MISSING)
        place[rows[order]] = np.arange(len(rows))
        one, other = place[alike.left], place[alike.right]
        # Who stands before each in the order, and is alike to it.
        later, earlier = np.maximum(one, other), np.minimum(one, other)
        by_later = np.argsort(later, kind="stable")
        begins = np.searchsorted(later[by_later], np.arange(len(rows) + 1)).tolist()
        before = earlier[by_later].tolist()
        head = np.lexsort((rank[order], first[order], (last != first)[order]))
        precedence = np.empty(len(rows), np.int64)
        precedence[head] = np.arange(len(rows))
        ahead = precedence.tolist()  # of two groups, by their first rows
        found = [0] * len(rows)
        size: list[int] = []
        leader: list[int] = []
        for row in range(len(rows)):
            alike_in: dict[int, int] = {}
            for another in before[begins[row] : begins[row + 1]]:
                alike_in[found[another]] = alike_in.get(found[another], 0) + 1
            fitting = [leader[g] for g, count in alike_in.items() if count == size[g]]
            if fitting:
                group = found[row] = found[min(fitting, key=ahead.__getitem__)]
                size[group] += 1
            else:
                found[row] = len(size)
                size.append(1)
                leader.append(row)
        numbers = np.empty(len(rows), np.int64)
        numbers[order] = found
        return numbers

    def _named(self) -> Links:
        """Rows that name another of the type, or the same one, by `same_as`."""
        left: list[int] = []
        right: list[int] = []
        some = np.flatnonzero(~self.table.unnamed[self.mine])
        saying = [(row, self.table.records[self.mine[row]].same_as) for row in some]
        if not any(others for _, others in saying):
            return _none()
        rows = self.table.table.rows_of(i for _, others in saying for i in others)
        at = np.full(len(self.table), MISSING)
        at[self.mine] = np.arange(len(self.mine))
        home = {i: int(at[row]) for i, row in rows.items() if at[row] != MISSING}
        for place, others in saying:
            for other in others:
                left.append(int(place))
                right.append(home.setdefault(other, int(place)))
        return Links(np.array(left, np.int64), np.array(right, np.int64))

    def _alike(self) -> Iterator[Links]:
        """Pairs that may tell of one occurrence."""
        block, open_columns = self._told_apart()
        place, lat, lon, text = self._places()
        first, last = self.table.first[self.mine], self.table.last[self.mine]
        fits = _Fits(open_columns)
        for rows in (np.flatnonzero(place == NOWHERE), np.flatnonzero(text)):
            both = block[rows] * (int(place.max(initial=0)) + 2) + place[rows] + 1
            yield fits(overlapping(_dense(both), first[rows], last[rows]).of(rows))
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
            return _none()
        first, last = self.table.first[self.mine[rows]], self.table.last[self.mine[rows]]
        links = overlapping(_dense(block[rows]), first, last).of(rows)
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
                block = _dense(block * (int(column.max()) + 1) + column)
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


def _none() -> Links:
    return Links(np.empty(0, np.int64), np.empty(0, np.int64))


def _joined(parts: Sequence[Links]) -> Links:
    return Links(
        np.concatenate([p.left for p in parts] or [np.empty(0, np.int64)]),
        np.concatenate([p.right for p in parts] or [np.empty(0, np.int64)]),
    )


def _dense(codes: Ints) -> Ints:
    """The same codes, numbered without gaps."""
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
