"""Contradictions: what records say differently about one thing, shown by who says it.

Three kinds: one occurrence told differently (rule 6 says what is one); one event with different
actors; and records that somebody disputes.  Nothing is resolved here, and no source is preferred.
Where two records may also be of two events, the contradiction is `possible`, not more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from servanda.evidence.occurrence import occurrences
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.geo import Atlas
from servanda.model.record_type import ArgKind, RecordType

NUMBERS = (ArgKind.NUMBER, ArgKind.MONEY)
COUNT = "count"


@dataclass(frozen=True, slots=True)
class Position:
    """What some say: the value, the speakers, and the records in which they say it."""

    value: str
    speakers: tuple[str, ...]
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`about`: the argument that is told differently, or “disputed”.  `type`: of the records."""

    type: str
    about: str
    positions: tuple[Position, ...]
    possible: bool

    @property
    def records(self) -> tuple[str, ...]:
        return tuple(r for p in self.positions for r in p.records)


def contradictions(
    records: Iterable[Record], types: Mapping[str, RecordType], atlas: Atlas
) -> tuple[Contradiction, ...]:
    """All contradictions among records that stand, in the order of types and records."""
    dated = [r for r in records if r.at is not None and r.type in types]
    found = [
        *_differently(dated, types, atlas),
        *_by_others(dated, types, atlas),
        *_disputed(dated),
    ]
    return tuple(sorted(found, key=lambda c: (c.type, sorted(c.records), c.about)))


def _differently(
    records: Sequence[Record], types: Mapping[str, RecordType], atlas: Atlas
) -> Iterator[Contradiction]:
    """One occurrence, other numbers or words.

    Where a type is told apart by all its arguments, numbers are left out to find what belongs
    together; two payments of one day may then be two, so that it is only possible.
    """
    told = {name: _without_numbers(t) for name, t in types.items()}
    for occurrence in occurrences(records, told, atlas):
        record_type = types[occurrence.type]
        fixed = told[occurrence.type].identified_by or ()
        names = [a.name for a in record_type.args if a.name not in fixed and not _free(a.kind)]
        for name in dict.fromkeys((*names, COUNT)):
            positions = _positions(occurrence.records, name)
            if positions:
                possible = record_type.identified_by is None and not _linked(positions, records)
                yield Contradiction(occurrence.type, name, positions, possible)


def _by_others(
    records: Sequence[Record], types: Mapping[str, RecordType], atlas: Atlas
) -> Iterator[Contradiction]:
    """One event at one place, other actors: possible where only the day is known."""
    apart = {n: t for n, t in types.items() if t.identified_by is not None}
    blind = {name: _without_actors(t) for name, t in apart.items()}
    located = [r for r in records if r.type in blind and _located(r, types[r.type])]
    by_id = {r.id: r for r in located}
    for occurrence in occurrences(located, blind, atlas):
        for name in (a.name for a in types[occurrence.type].args if a.kind is ArgKind.ACTOR):
            positions = _positions(occurrence.records, name)
            if positions:
                told = [by_id[r] for p in positions for r in p.records]
                exact = all(r.at is not None and r.at.exact for r in told)
                linked = _linked(positions, located)
                yield Contradiction(occurrence.type, name, positions, not (exact or linked))


def _disputed(records: Sequence[Record]) -> Iterator[Contradiction]:
    """Records that somebody disputes, and those who acknowledge them."""
    by_id = {r.id: r for r in records}
    said: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        if record.type in ("acknowledges", "disputes"):
            for target in record.words("record"):
                said[target][record.type].append(record)
    for target, kinds in said.items():
        if target not in by_id or "disputes" not in kinds:
            continue
        claim = by_id[target]
        positions = [Position("says so", (claim.speaker,), (claim.id,))]
        positions += [
            Position(kind, tuple(sorted({r.speaker for r in rows})), tuple(r.id for r in rows))
            for kind, rows in sorted(kinds.items())
        ]
        yield Contradiction(claim.type, "disputed", tuple(positions), possible=False)


def _without_numbers(record_type: RecordType) -> RecordType:
    if record_type.identified_by is not None:
        return record_type
    kept = tuple(a.name for a in record_type.args if a.kind not in NUMBERS and not _free(a.kind))
    return replace(record_type, identified_by=kept)


def _without_actors(record_type: RecordType) -> RecordType:
    actors = {a.name for a in record_type.args if a.kind is ArgKind.ACTOR}
    kept = tuple(n for n in record_type.identified_by or () if n not in actors)
    return replace(record_type, identified_by=kept)


def _free(kind: ArgKind) -> bool:
    """Free text and lists of records say nothing that could be compared word by word."""
    return kind in (ArgKind.TEXT, ArgKind.RECORD)


def _located(record: Record, record_type: RecordType) -> bool:
    return record.place is not None or any(
        a.kind is ArgKind.PLACE and record.word(a.name) for a in record_type.args
    )


def _positions(records: Sequence[Record], name: str) -> tuple[Position, ...]:
    """Who says what of an argument; empty unless two speakers say two things."""
    said: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        value = record.args.get(name, record.count if name == COUNT else None)
        if value is not None and value != UNATTRIBUTED and not isinstance(value, tuple):
            said[str(value)].append(record)
    if len(said) < 2 or len({r.speaker for rows in said.values() for r in rows}) < 2:
        return ()
    return tuple(
        Position(value, tuple(sorted({r.speaker for r in rows})), tuple(r.id for r in rows))
        for value, rows in sorted(said.items())
    )


def _linked(positions: Sequence[Position], records: Sequence[Record]) -> bool:
    """Whether somebody said of some of these that they are the same."""
    ids = {r for p in positions for r in p.records}
    return any(r.id in ids and set(r.same_as) & ids for r in records)
