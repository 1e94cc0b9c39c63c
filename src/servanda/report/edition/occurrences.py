"""Occurrences by unit of the base map and by week, late, coarse, and without small counts.

In: a question, and the day on which the edition is made.  Out: plain data.  Counted
is what meets the evidence standard, whoever is said to have done it; what is only claimed is not.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from servanda.engine.question import Question
from servanda.evidence.instant import day_of, start_of_day
from servanda.report import map_layers as m
from servanda.report.edition.suppress import SMALL, kept_back
from servanda.report.judged import CLAIMED, judge

DELAY_DAYS = 7  # between the end of a week that is told and the day of the edition
WEEKS = 26  # the latest that are told
SEVEN = timedelta(days=7)


def weeks(first: date, until: date) -> Iterator[tuple[date, date]]:
    """Whole weeks from Monday, the latest first day not before `first`; at most `WEEKS` of them."""
    last = until - timedelta((until.weekday() + 1) % 7)  # the last Sunday
    start = max(first - timedelta(first.weekday()), last + timedelta(1) - WEEKS * SEVEN)
    while start + timedelta(6) <= last:
        yield start, start + timedelta(6)
        start += SEVEN


def told_until(as_of: date, made: date) -> date:
    """The last day of which anything may be told."""
    return min(as_of, made - timedelta(days=DELAY_DAYS))


def occurrences(question: Question, made: date) -> dict[str, Any] | None:
    """The table with its totals and how much was observed; None where nothing can be told yet."""
    zone, atlas = question.zone, question.inputs.atlas
    types = m.types_of(question)
    counted = [one for one in judge(question, types) if one.status != CLAIMED]
    since = m.layers(question).since
    if since is None:
        return None
    spans = list(weeks(day_of(since, zone), told_until(day_of(question.as_of, zone), made)))
    if not spans:
        return None
    seen = m.watches_of(question, types)
    starts = [max(since, start_of_day(first, zone)) for first, _ in spans]
    ends = [start_of_day(last + timedelta(1), zone) for _, last in spans]
    observed = m.observe(atlas, m.countries_of(question), seen, starts[0], ends[-1])
    cells: Counter[tuple[str | None, int]] = Counter()
    for one in counted:
        week = (day_of(one.at, zone) - spans[0][0]).days // 7
        if 0 <= week < len(spans):
            cells[m.place(question, one).unit, week] += 1
    named = {unit for unit, _ in cells if unit is not None}
    named |= {unit for unit, share in observed.items() if share}
    units: list[str | None] = [*sorted(named)]
    if any(unit is None for unit, _ in cells):
        units.append(None)
    kept = kept_back([[cells[unit, week] for week in range(len(spans))] for unit in units])
    return {
        "from": spans[0][0].isoformat(),
        "until": spans[-1][1].isoformat(),
        "delay_days": DELAY_DAYS,
        "small": SMALL,
        "total": kept.total if units else 0,
        "weeks": [
            {
                "first": first.isoformat(),
                "last": last.isoformat(),
                "occurrences": kept.by_column[n] if units else 0,
                "observed": round(m.share_of(seen, starts[n], ends[n]), 4),
            }
            for n, (first, last) in enumerate(spans)
        ],
        "units": [
            {
                "unit": unit,
                "name": _name(question, unit),
                "occurrences": kept.by_row[n],
                "observed": None if unit is None else round(observed.get(unit, 0.0), 4),
                "by_week": list(kept.counts[n]),
            }
            for n, unit in enumerate(units)
        ],
    }


def _name(question: Question, unit: str | None) -> str | None:
    if unit is None:
        return None
    return str(question.inputs.atlas.base.units[unit].properties.get("name", unit))
