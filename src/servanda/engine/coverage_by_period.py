"""Coverage by period: which share of time, of area and of both somebody watched, month by month.

`time_share` and `area_share` are those of an assessment, for the part of a commitment's active time
that lies in the period.  `share` is of both together: an hour in which half the area was watched
counts half.  It is never more than either.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from servanda.engine.coverage import EVERYWHERE, Watch, active_spans, areas_of, watches
from servanda.engine.question import Question
from servanda.engine.readings import spreads
from servanda.engine.walk import patterns
from servanda.evidence.instant import day_of, month_period
from servanda.model.norm import Norm

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PeriodCoverage:
    """Shares of one commitment's active time in one month (`period`, as 2026-01)."""

    instance: str
    period: str
    time_share: float
    area_share: float
    share: float


def coverage_by_period(question: Question, norm: Norm) -> tuple[PeriodCoverage, ...]:
    """For every instance that was active, month by month; the least over the readings."""
    found: dict[tuple[str, str], PeriodCoverage] = {}
    seen = watches(question.facts(question.inputs.standard), question.zone)
    for spread in spreads(question, norm.id, question.inputs.standard).values():
        for history in spread.histories:
            for period, spans in _by_month(active_spans(history, question.as_of), question.zone):
                one = _covered(question, norm, seen, spans)
                row = PeriodCoverage(spread.instance, period, *(round(s, 6) for s in one))
                key = (row.instance, row.period)
                if key not in found or row.share < found[key].share:
                    found[key] = row
    return tuple(found[key] for key in sorted(found))


def _by_month(spans: Sequence[Span], zone: ZoneInfo) -> Iterator[tuple[str, list[Span]]]:
    """The spans cut at the ends of months."""
    months: dict[str, list[Span]] = {}
    for start, end in spans:
        at = start
        while at < end:
            day: date = day_of(at, zone)
            until = min(end, month_period(day.year, day.month, zone).last + 1)
            months.setdefault(f"{day:%Y-%m}", []).append((at, until))
            at = until
    yield from months.items()


def _covered(
    question: Question, norm: Norm, seen: Sequence[Watch], spans: Sequence[Span]
) -> tuple[float, float, float]:
    """Shares of time, of area, and of both, over some spans."""
    condition = norm.condition
    types = (
        set()
        if condition is None
        else {p.type for p in patterns(condition, question.agreement.definitions)}
    )
    useful = [w for w in seen if w.types & types]
    wanted = areas_of(condition, question.facts(question.inputs.standard))
    total = sum(end - start for start, end in spans)
    watched_time, weighted, areas = 0, 0.0, set[str]()
    for start, end in spans:
        edges = {start, end}
        edges |= {t for w in useful for t in (w.start, w.end) if start < t < end}
        ordered = sorted(edges)
        for one, other in pairwise(ordered):
            there = {w.area for w in useful if w.start <= one and other <= w.end}
            if there:
                watched_time += other - one
                weighted += (other - one) * _area_share(question, there, wanted)
                areas |= there
    if not total or not areas:
        return 0.0, 0.0, 0.0
    return watched_time / total, _area_share(question, areas, wanted), weighted / total


def _area_share(question: Question, watched: set[str], wanted: Sequence[str]) -> float:
    if EVERYWHERE in watched:
        return 1.0
    return question.world.atlas.area_share(sorted(watched), wanted) if wanted else 0.0
