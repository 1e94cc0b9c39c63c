"""Appeals against a finding: in time or late, pending or decided, and what they do to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from servanda.docket.papers import Papers, made, told_by
from servanda.docket.rules import Rules
from servanda.evidence.instant import iso
from servanda.evidence.record import Record
from servanda.model.institution import Institution
from servanda.model.unspecified import Unspecified

OVERTURNS = "overturns_finding"


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal; `decision` is what the body of appeal decided.  `ignored` says why it is none."""

    record: Record
    by: str
    decision: Record | None = None
    ignored: str = ""

    @property
    def pending(self) -> bool:
        return not self.ignored and self.decision is None

    @property
    def overturns(self) -> bool:
        decided = None if self.decision is None else self.decision.word("result")
        return not self.ignored and decided == OVERTURNS


def time_to_appeal(body: Institution, since: int, rules: Rules) -> int | None:
    """The first instant too late to appeal; None where there is no such time."""
    return rules.due(body.procedure.appeal_within, since)


def appeals(
    finding: Record, body: Institution, since: int, papers: Papers, rules: Rules
) -> tuple[Appeal, ...]:
    """The appeals against a finding that has stood since an instant."""
    until = time_to_appeal(body, since, rules)
    return tuple(_appeal(r, body, until, papers, rules) for r in papers.on("appeals", finding.id))


def _appeal(
    record: Record, body: Institution, until: int | None, papers: Papers, rules: Rules
) -> Appeal:
    by = record.word("by") or ""
    to = body.appeal
    if not told_by(record, body.id, rules.speakers):
        return Appeal(record, by, ignored=f"it is reported by {record.speaker} alone")
    if to is None:
        return Appeal(record, by, ignored=f"the text gives no appeal from {body.id}")
    if isinstance(to, Unspecified):
        return Appeal(record, by, ignored="the text leaves open where to appeal (clause `appeal`)")
    assert record.at is not None
    if until is not None and record.at.first >= until:
        return Appeal(record, by, ignored=f"it is late: too late from {iso(until)}")
    decided = [
        one
        for one in papers.on("decides_appeal", record.id)
        if one.word("result") and one.word("body") == to and told_by(one, to, rules.speakers)
    ]
    return Appeal(record, by, max(decided, key=made, default=None))


def effects(found: tuple[Appeal, ...], body: Institution) -> Iterator[str]:
    """Why a finding does not stand, for the appeals against it."""
    for one in found:
        if one.overturns:
            assert one.decision is not None
            yield f"{body.appeal} overturned it on the appeal of {one.by} ({one.decision.id})"
        elif one.pending and body.procedure.appeal_suspends:
            yield f"the appeal of {one.by} to {body.appeal} suspends it until it is decided"
