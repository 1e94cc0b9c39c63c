"""The same occurrence, for many records at once (vocabulary, rule 6).

Gives what `occurrence.occurrences` gives.  Records that may tell of one occurrence are linked pair
by pair in columns (`alike.py`).  Where everyone in a set of linked records is linked to everyone
else, and none names another by `same_as`, the set is one occurrence; tangled sets are taken apart
by the rule, row by row over their links, and sets with names go through the rule itself.

All rows of a table are grouped once.  Where some of them are left out, as those after a day, only
the sets that lose a row are grouped anew; so are those to which a row comes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from servanda.evidence.alike import Alike
from servanda.evidence.apart import apart
from servanda.evidence.columns import Columns
from servanda.evidence.links import Links, components, joined
from servanda.evidence.meanwhile import at_once
from servanda.evidence.occurrence import occurrences
from servanda.evidence.order import numbered, ordered, stable
from servanda.evidence.room import longer
from servanda.evidence.table import MISSING, NO_INSTANT, Ints, Mask
from servanda.evidence.tangled import taken_apart
from servanda.geo import Atlas
from servanda.model.record_type import RecordType

FEW = 10_000  # occurrences that are left out one by one
PART = 4  # so small a part of the occurrences is put among the others


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
    there = np.zeros(len(table), bool)
    there[rows] = True
    of_type = {}
    for name in _types_of(table, rows, types):
        of_type[name] = _Type(table, name, types, atlas).among(there)
    return _joined_types(of_type)


def regrouped(
    base: Grouping,
    table: Columns,
    rows: Ints,
    changed: Ints,
    types: Mapping[str, RecordType],
    atlas: Atlas,
) -> tuple[Grouping, Mask]:
    """As `grouping`, where no rows but some that `changed` are not those of `base`.

    Also the rows of the table that links tie to one of those: the occurrences of others are as
    they were.
    """
    there = np.zeros(len(table), bool)
    there[rows] = True
    tied = np.zeros(len(table), bool)
    of_type = {name: base.part(name) for name in base.of_type}
    for name in _types_of(table, changed, types):
        one = _Type(table, name, types, atlas)
        whole = one.whole()
        mine = whole.tied(np.flatnonzero(np.isin(whole.rows, changed)), len(table))
        before = of_type.get(name, (changed[:0], np.zeros(1, np.int64)))
        of_type[name] = one.anew(whole, mine, there, before)
        tied |= mine
    order = {name: of_type[name] for name in types if name in of_type and len(of_type[name][0])}
    return _joined_types(order), tied


def _types_of(table: Columns, rows: Ints, types: Mapping[str, RecordType]) -> Iterator[str]:
    """The types of some rows, in the order of the vocabulary."""
    shapes = np.flatnonzero(np.bincount(table.table.shape[rows])).tolist()
    there = {table.table.shapes[shape].type for shape in shapes}
    return (name for name in types if name in there)


def _joined_types(of_type: Mapping[str, tuple[Ints, Ints]]) -> Grouping:
    numbers: dict[str, range] = {}
    total = 0
    for name, (_, begins) in of_type.items():
        numbers[name] = range(total, total + len(begins) - 1)
        total += len(begins) - 1
    return Grouping(*_one_after_another(of_type.values()), numbers)


def _one_after_another(parts: Iterable[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Rows by occurrence, and where each begins, of several parts."""
    rows, starts = [np.empty(0, np.int64)], [np.zeros(1, np.int64)]
    done = 0
    for mine, begins in parts:
        rows.append(mine)
        starts.append(begins[1:] + done)
        done += len(mine)
    return np.concatenate(rows), np.concatenate(starts)


@dataclass(frozen=True)
class _Whole:
    """All dated rows of a type among the first `until` of a table, grouped.

    `links` are pairs that may tell of one occurrence, as rows of the table; `label` is for each of
    `rows` the place of the first to which links and names tie it; `order` and `begins` are the
    occurrences of the first `settled` of them.
    """

    until: int
    rows: Ints
    links: Links
    label: Ints
    order: Ints
    begins: Ints
    settled: int

    def tied(self, places: Ints, count: int) -> Mask:
        """Of a table of `count` the rows that are tied to those at some places among `rows`."""
        touched = np.zeros(len(self.rows), bool)
        touched[self.label[places]] = True
        found = np.zeros(count, bool)
        found[self.rows[touched[self.label]]] = True
        return found


@dataclass(frozen=True)
class _Type:
    """The dated rows of one type of a table."""

    table: Columns
    name: str
    types: Mapping[str, RecordType]
    atlas: Atlas

    def whole(self) -> _Whole:
        """All of them; worked out once, and kept where rows are appended to the table."""
        known = self.table.kept.get(("grouped", self.name))
        if known is None or known[0] != self.types[self.name]:
            found = self._whole()
        else:
            before: _Whole = known[1]
            if before.until == len(self.table):
                return before
            found = self._longer(before)
        self.table.kept["grouped", self.name] = self.types[self.name], found
        return found

    def among(self, there: Mask) -> tuple[Ints, Ints]:
        """The rows by occurrence, and where each begins, where only some rows are there."""
        whole = self._settled(self.whole())
        gone = np.flatnonzero(~there[whole.rows])
        if not len(gone):
            return whole.order, whole.begins
        tied = whole.tied(gone, len(self.table))
        return self.anew(whole, tied, there, (whole.order, whole.begins))

    def _settled(self, whole: _Whole) -> _Whole:
        """With the occurrences of all rows."""
        if whole.settled == len(whole.rows):
            return whole
        tied = whole.tied(np.arange(whole.settled, len(whole.rows)), len(self.table))
        everything = np.ones(len(self.table), bool)
        order, begins = self.anew(whole, tied, everything, (whole.order, whole.begins))
        found = replace(whole, order=order, begins=begins, settled=len(whole.rows))
        self.table.kept["grouped", self.name] = self.types[self.name], found
        return found

    def _whole(self) -> _Whole:
        """Part by part: what is apart in time tells of no one occurrence."""
        rows = self._rows(0)
        parts = apart(self.table.first[rows], self.table.last[rows], self._named(rows))
        alike = self._alike()

        def grouped(places: Ints) -> tuple[Links, Ints, tuple[Ints, Ints]]:
            mine = rows[places]
            links = alike.pairs(mine)
            group, label = self._groups(mine, links)
            return links, places[label], _in_order(self.table, mine, group)

        found = at_once(grouped, parts, aside=len(parts) > 1)
        label = np.empty(len(rows), np.int64)
        for places, (_, mine, _) in zip(parts, found, strict=True):
            label[places] = mine
        links = joined([one for one, _, _ in found])
        in_order = _one_after_another(occurrences for _, _, occurrences in found)
        return _Whole(len(self.table), rows, links, label, *in_order, len(rows))

    def _alike(self) -> Alike:
        return Alike(self.table, self.types[self.name], self.atlas)

    def _longer(self, before: _Whole) -> _Whole:
        """With the rows that came behind: only what they are tied to is grouped anew."""
        fresh = self._rows(before.until)
        if not len(fresh):
            return replace(before, until=len(self.table))
        rows = longer(before.rows, fresh)
        first, last = self.table.first, self.table.last
        beside = before.rows[
            (first[before.rows] <= last[fresh].max()) & (last[before.rows] >= first[fresh].min())
        ]
        some = np.concatenate([beside, fresh])
        links = self._alike().pairs(some)
        links = links.where(np.maximum(links.left, links.right) >= before.until)
        both = Links(longer(before.links.left, links.left), longer(before.links.right, links.right))
        if self.table.unnamed[rows].all():
            places = Links(*(np.searchsorted(rows, o) for o in (links.left, links.right)))
            label = _longer_labels(before.label, len(fresh), places)
        else:
            places = Links(*(np.searchsorted(rows, o) for o in (both.left, both.right)))
            label = components(len(rows), joined((places, self._named(rows))))
        return replace(before, until=len(self.table), rows=rows, links=both, label=label)

    def _rows(self, start: int) -> Ints:
        """The dated rows from a row on."""
        shapes = self.table.table.shapes
        mine = np.fromiter((s.type == self.name for s in shapes), bool, len(shapes))
        dated = self.table.last[start:] != NO_INSTANT
        return start + np.flatnonzero(mine[self.table.table.shape[start:]] & dated)

    def anew(
        self, whole: _Whole, tied: Mask, there: Mask, before: tuple[Ints, Ints]
    ) -> tuple[Ints, Ints]:
        """Occurrences as they were `before`, but for tied rows: those there are grouped anew."""
        rest = whole.rows[tied[whole.rows] & there[whole.rows]]
        among = np.zeros(len(self.table), bool)
        among[rest] = True
        links = whole.links.where(among[whole.links.left] & among[whole.links.right])
        group = self._groups(rest, links)[0]
        kept = ~tied[before[0][before[1][:-1]]]
        return _with(self.table, _some(before, kept), _in_order(self.table, rest, group))

    def _groups(self, rows: Ints, links: Links) -> tuple[Ints, Ints]:
        """A number of its group for each of some rows, and the place of the first it is tied to."""
        alike = Links(np.searchsorted(rows, links.left), np.searchsorted(rows, links.right))
        named = self._named(rows)
        label = components(len(rows), joined((alike, named)))
        group = numbered(label)
        sizes = np.bincount(group)
        linked = np.bincount(group[alike.left], minlength=len(sizes))
        whole = linked == sizes * (sizes - 1) // 2
        order = stable(group)
        ends = np.cumsum(sizes)
        following = len(sizes)
        named_there = np.zeros(len(sizes), bool)
        named_there[group[named.left]] = True
        tangled = (~whole & ~named_there)[group]
        mixed = alike.where(tangled[alike.left])
        for number in np.flatnonzero(named_there):
            some = order[ends[number] - sizes[number] : ends[number]]
            for one in self._by_the_rule(rows, some):
                group[one] = following
                following += 1
        rest = np.flatnonzero(tangled)
        group[rest] = following + self._by_links(rows, rest, label[rest], mixed)
        return group, label

    def _by_the_rule(self, rows: Ints, some: Ints) -> Iterator[Ints]:
        told = [self.table.records[row] for row in rows[some]]
        records = {record.id: place for record, place in zip(told, some, strict=True)}
        for occurrence in occurrences(told, self.types, self.atlas):
            yield np.array([records[r.id] for r in occurrence.records], np.int64)

    def _by_links(self, rows: Ints, some: Ints, whose: Ints, alike: Links) -> Ints:
        """The rule for some rows, of which none names another: a number of its group for each.

        `whose` numbers the set of each.
        """
        first, last = self.table.first[rows[some]], self.table.last[rows[some]]
        rank = self.table.rank[rows[some]]
        order = ordered(rank, first, last - first)
        place = np.full(len(rows), MISSING)
        place[some[order]] = np.arange(len(some))
        head = ordered(rank[order], first[order], (last != first)[order].astype(np.int64))
        ahead = np.empty(len(some), np.int64)  # of two groups, by their first rows
        ahead[head] = np.arange(len(some))
        found = taken_apart(whose[order], Links(place[alike.left], place[alike.right]), ahead)
        numbers = np.empty(len(some), np.int64)
        numbers[order] = found
        return numbers

    def _named(self, rows: Ints) -> Links:
        """Places of rows that name another of them, or the same one, by `same_as`."""
        left: list[int] = []
        right: list[int] = []
        named = self.table.table.named
        some = np.flatnonzero(~self.table.unnamed[rows]).tolist()
        saying = [(place, named[int(rows[place])].same_as) for place in some]
        if not any(others for _, others in saying):
            return joined(())
        there = self.table.table.rows_of(i for _, others in saying for i in others)
        at = np.searchsorted(rows, list(there.values())).tolist()
        home = {
            i: place
            for (i, row), place in zip(there.items(), at, strict=True)
            if place < len(rows) and rows[place] == row
        }
        for place, others in saying:
            for other in others:
                left.append(place)
                right.append(home.setdefault(other, place))
        return Links(np.array(left, np.int64), np.array(right, np.int64))


def _in_order(table: Columns, mine: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Rows by occurrence and precision, and where each occurrence begins."""
    first, length = table.first[mine], table.last[mine] - table.first[mine]
    inner = ordered(table.rank[mine], first, length, group)
    edges = np.flatnonzero(np.diff(group[inner], prepend=-1))
    return _by_time(table, mine[inner], np.diff(np.append(edges, len(inner))))


def _by_time(table: Columns, rows: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Occurrences of so many rows each, one after another, in the order of their time."""
    edges = np.cumsum(sizes) - sizes
    heads = rows[edges]
    outer = ordered(table.rank[heads], table.first[heads])
    begins = np.concatenate(([0], np.cumsum(sizes[outer])))
    within = np.arange(len(rows)) - np.repeat(begins[:-1], sizes[outer])
    return rows[np.repeat(edges[outer], sizes[outer]) + within], begins


def _longer_labels(before: Ints, count: int, links: Links) -> Ints:
    """The labels of rows with so many more behind them, of which links are new."""
    known = len(before)
    linked = np.concatenate([links.left, links.right])
    linked[linked < known] = before[linked[linked < known]]
    some, place = np.unique(linked, return_inverse=True)
    half = len(links.left)
    least = some[components(len(some), Links(place[:half], place[half:]))]
    behind = np.arange(known, known + count)
    old = int(np.searchsorted(some, known))
    if np.array_equal(least[:old], some[:old]):  # none of those before is another's
        behind[some[old:] - known] = least[old:]
        return longer(before, behind)
    label = np.arange(known + count)
    label[some] = least
    found: Ints = label[longer(before, behind)]
    return found


def _some(given: tuple[Ints, Ints], kept: Mask) -> tuple[Ints, Ints]:
    """Some of the occurrences, in their order."""
    if kept.all():
        return given
    rows, begins = given
    sizes, gone = np.diff(begins), np.flatnonzero(~kept)
    if len(gone) > FEW:
        there = np.repeat(kept, sizes)
    else:
        there = np.ones(len(rows), bool)
        there[_places(begins, gone)] = False
    return rows[there], np.concatenate(([0], np.cumsum(sizes[kept])))


def _places(begins: Ints, some: Ints) -> Ints:
    """The places of the rows of some occurrences."""
    sizes = begins[some + 1] - begins[some]
    ends = np.cumsum(sizes)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)
    found: Ints = np.repeat(begins[some], sizes) + within
    return found


def _places_among(table: Columns, heads: Ints, asking: Ints) -> Ints:
    """Where rows stand among others that are in the order of their beginning and their ids."""
    first, rank = table.first[heads], table.rank[asking]
    low = np.searchsorted(first, table.first[asking], "left")
    high = np.searchsorted(first, table.first[asking], "right")
    some = np.flatnonzero(low < high)  # with others that begin at the same instant
    while len(some):
        middle = (low[some] + high[some]) // 2
        behind = table.rank[heads[middle]] < rank[some]
        low[some[behind]] = middle[behind] + 1
        high[some[~behind]] = middle[~behind]
        some = some[low[some] < high[some]]
    return low


def _with(table: Columns, given: tuple[Ints, Ints], more: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Occurrences in the order of their time, with others among them."""
    (rows, begins), (fresh, fresh_begins) = given, more
    sizes, fresh_sizes = np.diff(begins), np.diff(fresh_begins)
    if len(fresh_sizes) * PART > len(sizes):
        both = np.concatenate([rows, fresh])
        return _by_time(table, both, np.concatenate([sizes, fresh_sizes]))
    place = _places_among(table, rows[begins[:-1]], fresh[fresh_begins[:-1]])
    return (
        np.insert(rows, np.repeat(begins[place], fresh_sizes), fresh),
        np.concatenate(([0], np.cumsum(np.insert(sizes, place, fresh_sizes)))),
    )
