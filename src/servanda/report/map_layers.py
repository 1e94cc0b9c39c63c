"""What a map shows: occurrences with how firmly they rest, who could see where, and when.

In: a question.  Out: occurrences with their place, shares of observed time by
unit of the base map, and both by week.  Only types that some commitment is about are told; those
known by an area alone have no point.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from servanda.engine.coverage import EVERYWHERE, Watch, watches
from servanda.engine.in_force import in_force
from servanda.engine.question import Question
from servanda.engine.silence import types_missed
from servanda.evidence.instant import day_of, start_of_day
from servanda.evidence.occurrence import by_precision
from servanda.geo import Atlas, Point
from servanda.report.judged import STATUSES, Judged, Judgements, judge

MOST = 5_000  # occurrences that are told, the latest
MOST_WEEKS = 40
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """An occurrence: `status` says how firmly it rests; `point` is None where no point is known.

    `undetermined`: it lies in the band of a zone or line, so that its side is not known.
    """

    records: tuple[str, ...]
    type: str
    at: int
    status: str
    point: Point | None
    unit: str | None
    undetermined: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    """A time with its counts by status and the share of it in which somebody watched somewhere."""

    first: date
    last: date
    counts: Mapping[str, int]
    share: float


@dataclass(frozen=True, slots=True)
class Layers:
    """`since` is when the text came in force, or the first occurrence; None: neither is known.

    `observed` has the share of time since then in which somebody watched, by unit.
    """

    occurrences: tuple[Told, ...]
    left_out: int
    since: int | None
    observed: Mapping[str, float]
    weeks: tuple[Bucket, ...]


def home(atlas: Atlas) -> str:
    """The country that the base map is about: that of most of its units."""
    countries = Counter(str(s.properties["country"]) for s in atlas.base.units.values())
    return countries.most_common(1)[0][0]


def layers(question: Question) -> Layers:
    """Everything that depends on records."""
    types = types_of(question)
    judged = judge(question, types)
    seen = watches_of(question, types)
    starts = [row.since for row in in_force(question) if row.holds and row.since is not None]
    since = min([*starts, *judged.at[-1:].tolist()], default=None)
    if since is not None and since >= question.as_of:
        since = None
    atlas = question.inputs.atlas
    countries = countries_of(question)
    observed = {} if since is None else observe(atlas, countries, seen, since, question.as_of)
    weeks = () if since is None else tuple(_weeks(question, judged, seen, since))
    told = tuple(place(question, one) for one in judged[:MOST])
    return Layers(told, max(0, len(judged) - MOST), since, observed, weeks)


def types_of(question: Question) -> frozenset[str]:
    """The types of records that some commitment is about."""
    agreement = question.agreement
    return frozenset(t for norm in agreement.norms.values() for t in types_missed(norm, agreement))


def watches_of(question: Question, types: frozenset[str]) -> list[Watch]:
    """Who watched for any of these types, as far as the standard counts it."""
    found = watches(question.facts(question.inputs.standard), question.zone)
    return [one for one in found if one.types & types]


def countries_of(question: Question) -> frozenset[str]:
    """The countries of the base map that are a party's territory."""
    return frozenset(a.country for a in question.agreement.actors.values() if a.country)


def place(question: Question, one: Judged) -> Told:
    """An occurrence with its point and its unit, as far as they are known."""
    atlas = question.inputs.atlas
    occurrence = one.occurrence
    records = sorted(occurrence.records, key=by_precision)
    point = unit = None
    for record in records:
        if record.place is not None:
            point = point or atlas.point_of(record.place)
            unit = unit or atlas.unit_of(record.place)
    ids = tuple(r.id for r in records)
    return Told(ids, occurrence.type, one.at, one.status, point, unit, one.undetermined)


def observe(
    atlas: Atlas, countries: frozenset[str], seen: Sequence[Watch], since: int, until: int
) -> dict[str, float]:
    """For each unit of the parties the share of time in which some of it was watched."""
    found = {}
    for name, shape in atlas.base.units.items():
        if shape.properties["country"] not in countries:
            continue
        here = [w for w in seen if w.area == EVERYWHERE or atlas.area_share([w.area], [name]) > 0]
        found[name] = share_of(here, since, until)
    return found


def share_of(seen: Iterable[Watch], start: int, end: int) -> float:
    """The share of a time in which somebody watched."""
    spans = sorted((max(start, w.start), min(end, w.end)) for w in seen)
    total, reached = 0, start
    for first, last in spans:
        if last > max(first, reached):
            total += last - max(first, reached)
            reached = last
    return total / (end - start) if end > start else 0.0


def _weeks(
    question: Question, told: Judgements, seen: Sequence[Watch], since: int
) -> Iterator[Bucket]:
    """Weeks from Monday; longer spans where there would be too many."""
    zone = question.zone
    first = day_of(since, zone)
    first -= timedelta(first.weekday())
    last = day_of(question.as_of, zone)
    days = 7
    while (last - first).days // days >= MOST_WEEKS:
        days += 7
    count = (last - first).days // days + 1
    starts = [start_of_day(first + timedelta(days * n), zone) for n in range(count)]
    number = np.searchsorted(starts, told.at, "right") - 1
    for place in range(count):
        start = first + timedelta(days * place)
        end = min(start + timedelta(days - 1), last)
        here = np.bincount(told.status[number == place], minlength=len(STATUSES)).tolist()
        counts = {status: n for status, n in zip(STATUSES, here, strict=True) if n}
        begin = max(since, start_of_day(start, zone))
        until = start_of_day(end + timedelta(1), zone)
        yield Bucket(start, end, counts, share_of(seen, begin, until))
