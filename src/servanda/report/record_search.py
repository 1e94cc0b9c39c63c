"""Searching records: by words, type, speaker, time and unit of the map, newest first, in pages.

In: records and what is wanted.  Out: how many there are, those of the page, and how many there are
of each type and speaker.  It works on columns, so that a million records are searched at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from servanda.evidence.excerpt import Excerpt
from servanda.evidence.record import Record
from servanda.evidence.table import NO_INSTANT, Ints, Mask
from servanda.geo import Atlas, Point
from servanda.geo.placing import Units

NOWHERE = -1
Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`text`: every word of it occurs in the id, or in what the record says, places included.

    `first` and `last` bound the time of the record (microseconds UTC); `unit` is where it lies.
    """

    text: str = ""
    type: str | None = None
    speaker: str | None = None
    first: int | None = None
    last: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """`types` and `speakers` count what else there is with one of those two left open."""

    total: int
    records: tuple[Record, ...]
    types: tuple[tuple[str, int], ...]
    speakers: tuple[tuple[str, int], ...]


def extent(records: Sequence[Record]) -> Extent | None:
    """From the first to the last instant of records; None where none has a date."""
    some = Excerpt.of(records)
    if "extent" not in some.kept:
        rows = some.rows[some.table.last[some.rows] != NO_INSTANT]
        ends = some.table.first[rows], some.table.last[rows]
        some.kept["extent"] = (int(ends[0].min()), int(ends[1].max())) if len(rows) else None
    found: Extent | None = some.kept["extent"]
    return found


def speakers(records: Sequence[Record]) -> tuple[str, ...]:
    """Everybody who speaks, once each."""
    shapes = records.shapes if isinstance(records, Excerpt) else records
    return tuple(sorted({r.speaker for r in shapes}))


def by_id(records: Sequence[Record], ids: Iterable[str]) -> dict[str, Record]:
    """Records by their ids; those that are not here are left out."""
    if isinstance(records, Excerpt):
        return records.named(ids)
    wanted = set(ids)
    return {r.id: r for r in records if r.id in wanted}


def units_of(records: Excerpt, atlas: Atlas) -> Ints:
    """For each record the place of its unit in `atlas.unit_ids()`, or NOWHERE."""
    names = atlas.unit_ids()
    table, rows = records.table, records.rows
    place = {name: at for at, name in enumerate(names)}
    shapes = [_unit(shape.place, atlas, place) for shape in table.shapes]
    found = np.array([*shapes, NOWHERE], np.int64)[table.shape[rows]]
    pointed = np.flatnonzero(~np.isnan(table.lat[rows]))
    if len(pointed):
        at = rows[pointed]
        found[pointed] = Units(atlas).place(table.lon[at], table.lat[at])
    result: Ints = found
    return result


def _unit(place: str | Point | None, atlas: Atlas, names: dict[str, int]) -> int:
    unit = None if place is None else atlas.unit_of(place)
    return NOWHERE if unit is None else names[unit]


def search(
    records: Sequence[Record],
    wanted: Wanted,
    atlas: Atlas,
    start: int = 0,
    count: int = 50,
    units: Callable[[], Ints] | None = None,
) -> Found:
    """`units` gives what `units_of` gives for these records, if that is at hand."""
    every = Excerpt.of(records)
    fits = _timed(every, wanted) & _worded(every, wanted.text)
    if wanted.unit is not None:
        names = atlas.unit_ids()
        number = names.index(wanted.unit) if wanted.unit in names else len(names)
        fits &= (units() if units is not None else units_of(every, atlas)) == number
    typed = _shaped(every, lambda r: wanted.type in (None, r.type))
    spoken = _shaped(every, lambda r: wanted.speaker in (None, r.speaker))
    chosen = every.where(fits & typed & spoken)
    order = np.argsort(-chosen.table.last[chosen.rows], kind="stable")
    page = chosen.rows[order[start : start + count]].tolist()
    return Found(
        len(chosen),
        tuple(every.table.record(row) for row in page),
        _counts(every.where(fits & spoken), lambda r: r.type),
        _counts(every.where(fits & typed), lambda r: r.speaker),
    )


def _timed(every: Excerpt, wanted: Wanted) -> Mask:
    first, last = every.table.first[every.rows], every.table.last[every.rows]
    fits: Mask = np.ones(len(every), bool)
    if wanted.first is not None:
        fits &= last >= wanted.first
    if wanted.last is not None:
        fits &= (first <= wanted.last) & (last != NO_INSTANT)
    return fits


def _worded(every: Excerpt, text: str) -> Mask:
    """Records of which every word is found, in their id or in what they share with others."""
    fits: Mask = np.ones(len(every), bool)
    ids = None
    for word in text.casefold().split():
        said = _shaped(every, partial(_says, word))
        if ids is None:
            ids = every.table.ids[every.rows].str.to_lowercase()
        fits &= said | ids.str.contains(word, literal=True).to_numpy()
    return fits


def _says(word: str, shape: Record) -> bool:
    return word in _words(shape)


def _words(shape: Record) -> str:
    said = [shape.type, shape.source, shape.claimed_by or "", shape.observed_how or ""]
    for value in shape.args.values():
        if isinstance(value, str):
            said.append(value)
        elif isinstance(value, tuple):
            said += value
    said.append(shape.place if isinstance(shape.place, str) else "")
    text = " ".join(said)
    return f"{text} {text.replace('_', ' ')}".casefold()


def _shaped(every: Excerpt, wanted: Callable[[Record], bool]) -> Mask:
    found: Mask = every.table.of_shapes(wanted)[every.rows]
    return found


def _counts(some: Excerpt, name: Callable[[Record], str]) -> tuple[tuple[str, int], ...]:
    numbers = np.bincount(some.table.shape[some.rows], minlength=len(some.table.shapes))
    found: Counter[str] = Counter()
    for shape, number in zip(some.table.shapes, numbers.tolist(), strict=True):
        if number:
            found[name(shape)] += number
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))
