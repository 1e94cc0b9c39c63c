"""What a map shows: occurrences with how firmly they rest, who could see where, and when.

In: a question and its assessment.  Out: occurrences with their place, shares of observed time by
unit of the base map, and both by week.  Only types that some commitment is about are told; those
known by an area alone have no point.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from servanda.engine.assess import unattributed
from servanda.engine.coverage import EVERYWHERE, Watch, watches
from servanda.engine.in_force import in_force
from servanda.engine.question import Question
from servanda.engine.readings import spreads
from servanda.engine.silence import types_missed
from servanda.evidence.instant import day_of, start_of_day
from servanda.evidence.occurrence import Occurrence, by_precision
from servanda.geo import Atlas, Point

CLAIMED, ALLEGED, FOUND, DECIDED, NOBODY = "claimed", "alleged", "found", "decided", "nobody"
STATUSES = (CLAIMED, ALLEGED, FOUND, DECIDED, NOBODY)
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
class Judged:
    """An occurrence before it is placed."""

    at: int
    status: str
    occurrence: Occurrence
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


def layers(question: Question, result: Mapping[str, Any]) -> Layers:
    """Everything that depends on records."""
    types = types_of(question)
    judged = sorted(judge(question, result, types), key=lambda j: (-j.at, min(j.occurrence.ids)))
    seen = watches_of(question, types)
    starts = [row.since for row in in_force(question) if row.holds and row.since is not None]
    since = min([*starts, *(j.at for j in judged)], default=None)
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


def judge(question: Question, result: Mapping[str, Any], types: frozenset[str]) -> Iterator[Judged]:
    """Every occurrence that bears on a commitment, with how firmly it rests."""
    firm = {i: b["basis"] for n in result["norms"] for b in n["breaches"] for i in b["records"]}
    nobody = set(unattributed(question))
    claimed = {
        r.id
        for norm in question.agreement.norms
        for spread in spreads(question, norm, "any_claim").values()
        for breach, _ in spread.breaches
        for r in breach.records
    }
    unsure = set(result["undetermined"])
    for name in sorted(types):
        for one in question.world.by_type.get(name, ()):
            ids = one.ids
            status = _status(ids, firm, nobody, claimed)
            if status is None and _unnamed(question, one):
                status = CLAIMED  # nobody is named, and it does not meet the standard
            if status is not None:
                yield Judged(_at(one), status, one, bool(ids & unsure))


def _status(
    ids: frozenset[str], firm: Mapping[str, str], nobody: set[str], claimed: set[str]
) -> str | None:
    """The firmest that is said of an occurrence; None where it bears on no commitment."""
    bases = {firm[i] for i in ids if i in firm}
    for status in (DECIDED, FOUND, ALLEGED):
        if status in bases:
            return status
    if ids & nobody:
        return NOBODY
    return CLAIMED if ids & claimed else None


def _unnamed(question: Question, one: Occurrence) -> bool:
    """Whether it is an act of which no record names who did it."""
    declared = question.agreement.record_types[one.type]
    actor = declared.arg(declared.actor) if declared.actor else None
    return (
        actor is not None and actor.required and not any(r.words(actor.name) for r in one.records)
    )


def _at(one: Occurrence) -> int:
    dated = min(one.records, key=by_precision)
    assert dated.at is not None
    return dated.at.last


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
    question: Question, told: Sequence[Judged], seen: Sequence[Watch], since: int
) -> Iterator[Bucket]:
    """Weeks from Monday; longer spans where there would be too many."""
    zone = question.zone
    first = day_of(since, zone)
    first -= timedelta(first.weekday())
    last = day_of(question.as_of, zone)
    days = 7
    while (last - first).days // days >= MOST_WEEKS:
        days += 7
    counts: dict[int, Counter[str]] = {}
    for one in told:
        number = (day_of(one.at, zone) - first).days // days
        counts.setdefault(number, Counter())[one.status] += 1
    for number in range((last - first).days // days + 1):
        start = first + timedelta(days * number)
        end = min(start + timedelta(days - 1), last)
        begin = max(since, start_of_day(start, zone))
        until = start_of_day(end + timedelta(1), zone)
        yield Bucket(start, end, dict(counts.get(number, {})), share_of(seen, begin, until))
