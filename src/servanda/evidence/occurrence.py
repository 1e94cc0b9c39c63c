"""The same occurrence: which records tell of one and the same thing (vocabulary, rule 6).

Two records are of one occurrence when `same_as` says so, or when type and identifying arguments
are equal, times overlap and places are equal or within five kilometres.  It is not transitive: an
imprecise record joins the earliest exact occurrence that it overlaps, never two.  An argument that
is missing or `unattributed` matches anything and attributes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from servanda.evidence.excerpt import Excerpt
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.geo import Atlas, Point
from servanda.model.record_type import RecordType

SAME_PLACE_KM = 5.0  # vocabulary, rule 6
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Records of one occurrence, the most precise and then the earliest first."""

    type: str
    records: tuple[Record, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(r.id for r in self.records)


def by_precision(record: Record) -> tuple[int, int, str]:
    assert record.at is not None
    return (record.at.length, record.at.first, record.id)


def occurrences(
    records: Iterable[Record], types: Mapping[str, RecordType], atlas: Atlas
) -> tuple[Occurrence, ...]:
    """Group records into occurrences, in the order of their time."""
    groups: list[list[Record]] = []
    home: dict[tuple[str, str], int] = {}
    by_day: dict[tuple[str, int], list[int]] = defaultdict(list)
    pending = sorted((r for r in records if r.at is not None), key=by_precision)
    for record in pending:
        index = _named(record, home)
        if index is None:
            index = _joined(record, groups, by_day, types[record.type], atlas)
        if index is None:
            index = len(groups)
            groups.append([])
            for day in _days(record):
                by_day[record.type, day].append(index)
        groups[index].append(record)
        home[record.type, record.id] = index
        for other in record.same_as:
            home.setdefault((record.type, other), index)
    found = [Occurrence(g[0].type, tuple(sorted(g, key=by_precision))) for g in groups]
    return tuple(sorted(found, key=lambda o: (by_precision(o.records[0])[1], o.records[0].id)))


def told_of_one(records: Sequence[Record], groups: Iterable[Sequence[str]]) -> Sequence[Record]:
    """The records, those of a group naming each other as `same_as`; groups that share one are one.

    What a person or an officer of a ledger has merged takes effect so, and in no other way.
    """
    home: dict[str, set[str]] = {}
    for group in groups:
        whole = set(group).union(*(home.get(one, ()) for one in group))
        home.update((one, whole) for one in whole)
    if not home:
        return records if isinstance(records, Excerpt) else tuple(records)
    if isinstance(records, Excerpt):
        found = records.table.rows_of(home)
        return records.naming_also(
            {row: _told(records.table.record(row), home[i]).same_as for i, row in found.items()}
        )
    return tuple(_told(r, home[r.id]) if r.id in home else r for r in records)


def _told(record: Record, whole: set[str]) -> Record:
    added = whole - {record.id, *record.same_as}
    return replace(record, same_as=(*record.same_as, *sorted(added))) if added else record


def _named(record: Record, home: Mapping[tuple[str, str], int]) -> int | None:
    """The group that `same_as` names, from either side; records of another type stay apart."""
    named = ((record.type, other) for other in (record.id, *record.same_as))
    return next((home[one] for one in named if one in home), None)


def _days(record: Record) -> range:
    assert record.at is not None
    return range(record.at.first // _DAY, record.at.last // _DAY + 1)


def _joined(
    record: Record,
    groups: list[list[Record]],
    by_day: Mapping[tuple[str, int], list[int]],
    record_type: RecordType,
    atlas: Atlas,
) -> int | None:
    candidates = {i for day in _days(record) for i in by_day.get((record.type, day), ())}
    fitting = [
        i for i in candidates if all(alike(record, r, record_type, atlas) for r in groups[i])
    ]
    if not fitting:
        return None

    def order(index: int) -> tuple[bool, int, str]:
        head = groups[index][0]
        assert head.at is not None
        return (not head.at.exact, head.at.first, head.id)

    return min(fitting, key=order)


def alike(one: Record, other: Record, record_type: RecordType, atlas: Atlas) -> bool:
    """Whether two records of a type may tell of one occurrence."""
    assert one.at is not None and other.at is not None
    if not one.at.overlaps(other.at):
        return False
    names = record_type.identified_by
    if names is None:
        names = tuple(dict.fromkeys((*one.args, *other.args)))
    for name in names:
        left, right = one.args.get(name), other.args.get(name)
        if None in (left, right) or UNATTRIBUTED in (left, right):
            continue
        if left != right:
            return False
    return same_place(one.place, other.place, atlas)


def same_place(one: str | Point | None, other: str | Point | None, atlas: Atlas) -> bool:
    if one is None or other is None:
        return one is None and other is None
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return atlas.canonical(one) == atlas.canonical(other) and atlas.known(one)
    distance = atlas.distance_km(one, other)
    return distance is not None and distance <= SAME_PLACE_KM
