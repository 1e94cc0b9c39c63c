"""Coverage: who watched what, and which share of time and of area (vocabulary, rule 13).

Counts are never compared without it; silence without coverage is "not monitored".  It is worked out
for every commitment where silence matters (silence.py), under the evidence standard in force.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from servanda.engine.facts import Facts
from servanda.engine.history import History
from servanda.engine.silence import silent, types_missed
from servanda.engine.walk import walk
from servanda.evidence.instant import parse_period
from servanda.evidence.occurrence import by_precision
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.evidence.weighing import counting
from servanda.model import condition as c
from servanda.model.record_type import ArgKind

EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares between 0 and 1 of a commitment's active period and of its area."""

    time_share: float
    area_share: float

    @property
    def none(self) -> bool:
        return self.time_share == 0 or self.area_share == 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody watched an area for some types from `start` to `end` (exclusive).

    `source` and `via` say who and by what means, `records` what tells of it and counts.
    """

    start: int
    end: int
    area: str
    types: frozenset[str]
    source: str = ""
    via: str = ""
    records: tuple[str, ...] = ()


def watches(facts: Facts, zone: ZoneInfo) -> tuple[Watch, ...]:
    """Coverage that counts under the standard of the facts."""
    found = []
    for occurrence in facts.world.by_type.get("coverage", ()):
        counted = counting(
            occurrence.records, facts.standard, Role.FULFILLING, None, facts.evidence
        )
        if counted and (watch := _watch(min(counted, key=by_precision), zone)):
            found.append(replace(watch, records=tuple(sorted(r.id for r in counted))))
    return tuple(found)


def _watch(record: Record, zone: ZoneInfo) -> Watch | None:
    until = record.word("until")
    assert record.at is not None
    if until is None:
        return None
    try:
        end = parse_period(until, zone).last + 1
    except ValueError:
        return None
    area = record.word("area") or (record.place if isinstance(record.place, str) else EVERYWHERE)
    if end <= record.at.first:
        return None
    return Watch(
        record.at.first,
        end,
        area,
        frozenset(record.words("types")),
        record.word("source") or record.speaker,
        record.word("via") or "",
    )


def silent_spans(history: History, as_of: int) -> list[tuple[int, int]]:
    """When silence mattered to an instance, up to and including `as_of`."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for at, flags in zip(history.times, history.flags, strict=True):
        matters = silent(history.instance.norm, flags)
        if matters and start is None:
            start = at
        elif not matters and start is not None:
            spans.append((start, at))
            start = None
    if start is not None:
        spans.append((start, as_of + 1))
    return spans


def coverage(
    history: History, found: Sequence[Watch], facts: Facts, areas: Iterable[str]
) -> Coverage:
    """The covered share of the time and area in which silence matters to an instance."""
    types = types_missed(history.instance.norm, facts.world.agreement)
    spans = silent_spans(history, facts.world.view.as_of)
    total = sum(end - start for start, end in spans)
    useful = [w for w in found if w.types & types]
    if total == 0 or not useful:
        return Coverage(0.0, 0.0)
    pieces = [
        (max(start, w.start), min(end, w.end), w)
        for start, end in spans
        for w in useful
        if max(start, w.start) < min(end, w.end)
    ]
    if not pieces:
        return Coverage(0.0, 0.0)
    time_share = _length((a, b) for a, b, _ in pieces) / total
    return Coverage(time_share, _area_share({w.area for _, _, w in pieces}, areas, facts))


def _length(spans: Iterable[tuple[int, int]]) -> int:
    total = 0
    reached: int | None = None
    for start, end in sorted(spans):
        if reached is None or start > reached:
            total += end - start
            reached = end
        elif end > reached:
            total += end - reached
            reached = end
    return total


def _area_share(watched: set[str], areas: Iterable[str], facts: Facts) -> float:
    if EVERYWHERE in watched:
        return 1.0
    wanted = tuple(areas)
    if not wanted:
        return 0.0
    return facts.world.atlas.area_share(sorted(watched), wanted)


def areas_of(norm_condition: c.Condition | None, facts: Facts) -> tuple[str, ...]:
    """Where a commitment applies: the places that it names, else all units of the base map."""
    agreement = facts.world.agreement
    if norm_condition is not None:
        found = [n for n in walk(norm_condition, agreement) if isinstance(n, c.Pattern)]
        named = {place for pattern in found for place in _places(pattern, facts)}
        if named:
            return tuple(sorted(named))
    countries = {a.country for a in agreement.actors.values() if a.country}
    atlas = facts.world.atlas
    return tuple(u for u in atlas.unit_ids() if atlas.country_of(u) in countries)


def _places(pattern: c.Pattern, facts: Facts) -> Iterator[str]:
    """The places where a pattern asks for acts, and those that its arguments name."""
    if pattern.place is not None:
        yield from _names(pattern.place.place)
    record_type = facts.world.agreement.record_types[pattern.type]
    for arg in pattern.args:
        declared = record_type.arg(arg.name)
        if declared is not None and declared.kind in (ArgKind.PLACE, ArgKind.TERRITORY):
            yield from (n for n in _names(arg.value) if facts.world.atlas.known(n))


def _names(value: c.Value) -> tuple[str, ...]:
    match value:
        case c.Name(name):
            return (name,)
        case c.SetOf(items):
            return tuple(n for item in items for n in _names(item))
        case _:
            return ()
