"""Claims side by side: per commitment and month what each side and others say, and what was seen.

In: a question.  Out: rows with counts under no standard at all, beside those that meet the standard
and the covered shares.  A claimed total stays what it is: it is never added to counted acts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from servanda.engine.coverage_by_period import coverage_by_period
from servanda.engine.entered import Period
from servanda.engine.question import Question
from servanda.engine.readings import Spread, spreads
from servanda.evidence.instant import day_of, start_of_day
from servanda.evidence.record import Record
from servanda.model.norm import Norm

ANY_CLAIM = "any_claim"
OTHERS = ""  # the key of those of no side


@dataclass(frozen=True, slots=True)
class Row:
    """One instance in one month (2026-01).

    `said` counts acts against the commitment by who tells of them: a side by its id, all others
    together; an act told by several counts once for each.  `acts` are all of them, `standing` those
    that meet the standard under some reading.  Shares are None where silence says nothing.
    """

    instance: str
    period: str
    said: Mapping[str, int]
    acts: int
    standing: int
    time_share: float | None
    area_share: float | None
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A number that somebody claims for a time, in the claimant's words."""

    record: str
    by: str
    speaker: str
    against: str | None
    count: float | None
    period: str | None
    at: int


def rows(question: Question, norm: Norm) -> tuple[Row, ...]:
    """The months in which something is claimed, or in which silence matters."""
    claimed = _by_month(question, spreads(question, norm.id, ANY_CLAIM).values())
    standing = _by_month(question, spreads(question, norm.id, question.inputs.standard).values())
    seen = {(c.instance, c.period): c for c in coverage_by_period(question, norm)}
    found = []
    for key in sorted({*claimed, *standing, *seen}):
        covered = seen.get(key)
        found.append(
            Row(
                *key,
                dict(claimed[key].said) if key in claimed else {},
                claimed[key].entries if key in claimed else 0,
                standing[key].entries if key in standing else 0,
                None if covered is None else covered.time_share,
                None if covered is None else covered.area_share,
                () if covered is None else covered.by,
            )
        )
    return tuple(found)


def _by_month(question: Question, found: Iterable[Spread]) -> dict[tuple[str, str], Period]:
    """The entries of each instance by month, those on records."""
    told = {}
    for spread in found:
        entered = spread.breaches
        if not len(entered):
            continue
        months = _months(question, entered[0][0].at, entered[-1][0].at)
        voices = entered.by_period([start for _, start in months], lambda r: _side(question, r))
        told.update({(spread.instance, months[n][0]): period for n, period in voices.items()})
    return told


def _months(question: Question, first: int, last: int) -> list[tuple[str, int]]:
    """The months from an instant to another, each with its first instant."""
    month, until = (day_of(at, question.zone).replace(day=1) for at in (first, last))
    found = []
    while month <= until:
        found.append((f"{month:%Y-%m}", start_of_day(month, question.zone)))
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def totals(question: Question) -> dict[str, tuple[Total, ...]]:
    """Claimed totals by what they are about, in the order of time."""
    found: dict[str, list[Total]] = {}
    for record in question.view.of_type("claim_total"):
        count = record.number("count")
        total = Total(
            record.id,
            record.word("by") or record.speaker,
            record.speaker,
            record.word("against"),
            None if count is None else float(count),
            record.word("period"),
            record.at.last if record.at else record.reported,
        )
        found.setdefault(record.word("about") or "", []).append(total)
    return {about: tuple(listed) for about, listed in sorted(found.items())}


def sides(question: Question) -> tuple[str, ...]:
    """The sides, by name: none comes first."""
    return tuple(sorted(question.speakers.sides(), key=str.casefold))


def _side(question: Question, record: Record) -> str:
    return question.speakers.side_of(record.speaker) or OTHERS
