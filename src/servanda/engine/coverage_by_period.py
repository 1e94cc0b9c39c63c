"""Coverage by period: which share of time, of area and of both somebody watched, month by month.

For every commitment where silence matters.  `time_share` and `area_share` are those of an
assessment, for the part of that time that lies in the period.  `share` is of both together: an hour
in which half the area was watched counts half.  It is never more than either.  `by` says who.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from servanda.engine.coverage import EVERYWHERE, Watch, areas_of, silent_spans, watches
from servanda.engine.question import Question
from servanda.engine.readings import spreads
from servanda.engine.silence import types_missed
from servanda.evidence.instant import day_of, month_period
from servanda.model.norm import Norm

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PeriodCoverage:
    """Shares of the time of one month (`period`, as 2026-01) in which silence matters."""

    instance: str
    period: str
    time_share: float
    area_share: float
    share: float
    by: tuple[str, ...] = ()


def coverage_by_period(question: Question, norm: Norm) -> tuple[PeriodCoverage, ...]:
    """For every instance to which silence matters, by month; the least over the readings."""
    if not types_missed(norm, question.agreement):
        return ()
    found: dict[tuple[str, str], PeriodCoverage] = {}
    seen = watches(question.facts(question.inputs.standard), question.zone)
    for spread in spreads(question, norm.id, question.inputs.standard).values():
        for history in spread.histories:
            for period, spans in _by_month(silent_spans(history, question.as_of), question.zone):
                by, one = _covered(question, norm, seen, spans)
                time, area, both = (round(share, 6) for share in one)
                row = PeriodCoverage(spread.instance, period, time, area, both, by)
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
) -> tuple[tuple[str, ...], tuple[float, float, float]]:
    """Who watched, and the shares of time, of area, and of both, over some spans."""
    types = types_missed(norm, question.agreement)
    within = [w for w in seen if any(w.start < end and start < w.end for start, end in spans)]
    useful = [w for w in within if w.types & types]
    by = tuple(sorted({f"{w.source} ({w.via})" if w.via else w.source for w in useful}))
    condition = norm.condition
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
        return by, (0.0, 0.0, 0.0)
    return by, (watched_time / total, _area_share(question, areas, wanted), weighted / total)


def _area_share(question: Question, watched: set[str], wanted: Sequence[str]) -> float:
    if EVERYWHERE in watched:
        return 1.0
    return question.world.atlas.area_share(sorted(watched), wanted) if wanted else 0.0
