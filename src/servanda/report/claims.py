"""Claims side by side: per commitment and month what each side and others say, and what was seen.

In: a question.  Out: rows with counts under no standard at all, beside those that meet the standard
and the covered shares.  A claimed total stays what it is: it is never added to counted acts.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from servanda.engine.coverage_by_period import coverage_by_period
from servanda.engine.question import Question
from servanda.engine.readings import spreads
from servanda.evidence.instant import day_of
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
    claimed: dict[tuple[str, str], dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    acts: dict[tuple[str, str], set[object]] = defaultdict(set)
    for spread in spreads(question, norm.id, ANY_CLAIM).values():
        for breach, _ in spread.breaches:
            key = (spread.instance, _month(question, breach.at))
            act = (breach.at, breach.by, breach.ids)
            if not breach.records:
                continue
            acts[key].add(act)
            for record in breach.records:
                claimed[key][_side(question, record)].add(act)
    standing: dict[tuple[str, str], set[object]] = defaultdict(set)
    for spread in spreads(question, norm.id, question.inputs.standard).values():
        for breach, _ in spread.breaches:
            if breach.records:
                key = (spread.instance, _month(question, breach.at))
                standing[key].add((breach.at, breach.by, breach.ids))
    seen = {(c.instance, c.period): c for c in coverage_by_period(question, norm)}
    found = []
    for key in sorted({*acts, *standing, *seen}):
        covered = seen.get(key)
        found.append(
            Row(
                *key,
                {side: len(told) for side, told in claimed[key].items()},
                len(acts[key]),
                len(standing[key]),
                None if covered is None else covered.time_share,
                None if covered is None else covered.area_share,
                () if covered is None else covered.by,
            )
        )
    return tuple(found)


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


def _month(question: Question, at: int) -> str:
    return f"{day_of(at, question.zone):%Y-%m}"
