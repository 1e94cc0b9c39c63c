"""Candidate duplicates: pairs of records that may tell of one occurrence, with score and reasons.

A proposal only: nothing is merged here.  Rule 6 (`occurrence.alike`) says what counts as one
occurrence; this looks further, at what is near in time and place, for a person to decide.  The
weights are chosen, not estimated: they order the list and are no probabilities.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from servanda.evidence.occurrence import SAME_PLACE_KM, alike
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.evidence.standard import origins, parents
from servanda.geo import Atlas, Relation
from servanda.model.record_type import RecordType

NEAR_KM = 25.0
LEAST = 0.5  # candidates with a lower score are not proposed
DAY = 86_400_000_000
LONGEST_DAYS = 40  # records of longer spans are compared by what they say, not by day
CELL_DEGREES = 1  # more than NEAR_KM in both directions up to 77 degrees of latitude

SAME_TIME, OVERLAPPING, NEXT_DAY = 0.3, 0.25, 0.1
SAME_PLACE, NEAR_PLACE, INSIDE, NO_PLACE = 0.3, 0.2, 0.15, 0.1
SAME_WORDS, SOME_WORDS, OTHER_WORDS = 0.3, 0.15, -0.3
SAME_ORIGIN = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records, by their ids in order; `counted` if rule 6 takes them for one already."""

    one: str
    other: str
    score: float
    reasons: tuple[str, ...]
    counted: bool


def candidates(
    records: Iterable[Record],
    types: Mapping[str, RecordType],
    atlas: Atlas,
    least: float = LEAST,
) -> tuple[Candidate, ...]:
    """Pairs of one type, near in time and place, best first.  Pairs under `same_as` are settled."""
    dated = [r for r in records if r.at is not None and r.type in types]
    roots = origins(parents(dated))
    found = [
        _pair(one, other, types[one.type], atlas, roots)
        for one, other in _blocks(dated, atlas)
        if one.id not in other.same_as and other.id not in one.same_as
    ]
    kept = [c for c in found if c.score >= least]
    return tuple(sorted(kept, key=lambda c: (-c.score, c.one, c.other)))


def _blocks(records: Sequence[Record], atlas: Atlas) -> Iterator[tuple[Record, Record]]:
    """Pairs worth a look: of one type, within a day of each other, in neighbouring cells."""
    blocks: dict[tuple[str, int, str], list[Record]] = defaultdict(list)
    for record in records:
        for day in _days(record):
            for where in _where(record, atlas):
                blocks[record.type, day, where].append(record)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        for pair in combinations(sorted(block, key=lambda r: r.id), 2):
            ids = (pair[0].id, pair[1].id)
            if ids not in seen:
                seen.add(ids)
                yield pair


def _days(record: Record) -> range:
    """The days of a record and the one after, so that neighbours share one."""
    assert record.at is not None
    first, last = record.at.first // DAY, record.at.last // DAY
    return range(first, min(last, first + LONGEST_DAYS) + 2)


def _where(record: Record, atlas: Atlas) -> set[str]:
    """Cells around a point, and the unit that a place lies in or is."""
    if record.place is None:
        return {""}
    found = set()
    if (point := atlas.point_of(record.place)) is not None:
        row, column = int(point.lat // CELL_DEGREES), int(point.lon // CELL_DEGREES)
        found = {f"{row + i},{column + j}" for i in (0, 1) for j in (0, 1)}
    unit = atlas.unit_of(record.place)
    return found | {unit or (record.place if isinstance(record.place, str) else "")}


def _pair(
    one: Record,
    other: Record,
    record_type: RecordType,
    atlas: Atlas,
    roots: Mapping[str, frozenset[str]],
) -> Candidate:
    parts = [_time(one, other), _place(one, other, atlas), *_words(one, other, record_type)]
    if one.source == other.source and one.claimed_by == other.claimed_by:
        parts.append((SAME_ORIGIN, f"both by {one.speaker}"))
    elif roots[one.id] & roots[other.id]:
        parts.append((SAME_ORIGIN, "of one origin"))
    score = round(min(1.0, max(0.0, sum(weight for weight, _ in parts))), 2)
    reasons = tuple(reason for _, reason in parts)
    return Candidate(one.id, other.id, score, reasons, alike(one, other, record_type, atlas))


Part = tuple[float, str]


def _time(one: Record, other: Record) -> Part:
    assert one.at is not None and other.at is not None
    if one.at == other.at:
        return (
            SAME_TIME,
            "the same instant" if one.at.exact else "the same time as far as it is said",
        )
    if one.at.overlaps(other.at):
        return OVERLAPPING, "overlapping times"
    apart = max(one.at.first, other.at.first) - min(one.at.last, other.at.last)
    if apart <= DAY:
        return NEXT_DAY, f"{max(1, round(apart / (DAY / 24)))} h apart"
    return 0.0, f"{apart // DAY} days apart"


def _place(one: Record, other: Record, atlas: Atlas) -> Part:
    if one.place is None or other.place is None:
        both = one.place is None and other.place is None
        return (NO_PLACE, "neither names a place") if both else (0.0, "one names no place")
    if one.place == other.place:
        return SAME_PLACE, "the same place"
    km = atlas.distance_km(one.place, other.place)
    if km is not None and km > 0:
        if km <= SAME_PLACE_KM:
            return SAME_PLACE, f"{km:.1f} km apart"
        return (NEAR_PLACE if km <= NEAR_KM else 0.0), f"{km:.0f} km apart"
    for place, region in ((one.place, other.place), (other.place, one.place)):
        if isinstance(region, str) and atlas.relation(place, region) is Relation.INSIDE:
            return INSIDE, "one lies in the place of the other"
    return 0.0, "elsewhere"


def _words(one: Record, other: Record, record_type: RecordType) -> Iterator[Part]:
    """What both say alike, what only one says, and what they say differently."""
    names = [a.name for a in record_type.args if a.name in one.args or a.name in other.args]
    equal: list[str] = []
    other_wise: list[str] = []
    open_: list[str] = []
    for name in names:
        left, right = one.args.get(name), other.args.get(name)
        if left in (None, UNATTRIBUTED) or right in (None, UNATTRIBUTED):
            open_.append(name)
        else:
            (equal if left == right else other_wise).append(name)
    if other_wise:
        yield OTHER_WORDS, f"they differ in {', '.join(other_wise)}"
    elif equal and not open_:
        yield SAME_WORDS, f"the same {', '.join(equal)}"
    elif equal:
        yield SOME_WORDS, f"the same {', '.join(equal)}; {', '.join(open_)} not said by both"
    elif open_:
        yield SOME_WORDS / 2, f"{', '.join(open_)} not said by both"
