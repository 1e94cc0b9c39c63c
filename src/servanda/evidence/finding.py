"""Findings of bodies: which of them stand, and why the others do not.

A finding stands when a competent body made it, speaking itself, while established, and carried it
under a vote that the agreement (or an assumption) gives.  Silence on a rule never counts as a rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from servanda.evidence.record import Record
from servanda.evidence.source import Speakers
from servanda.model.institution import Institution, VoteKind, VoteRule
from servanda.model.unspecified import Unspecified


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding and its standing; `why_not` is empty for one that stands."""

    record: Record
    body: str
    norm: str
    result: str
    against: str | None
    about: tuple[str, ...]
    at: int
    why_not: str = ""

    @property
    def stands(self) -> bool:
        return not self.why_not

    def on(self, norm: str, instance: str) -> bool:
        """Whether it is on this norm or this very instance of it."""
        return self.norm in (norm, instance)


def parse_vote(text: str) -> VoteRule:
    """A vote as assumed on the command line: `5 of 7`, majority, consensus, chair, silence."""
    words = text.split()
    if len(words) == 3 and words[1] == "of" and words[0].isdigit() and words[2].isdigit():
        needed, seats = int(words[0]), int(words[2])
        if not 1 <= needed <= seats:
            raise ValueError(f"{needed} of {seats} is no vote that can be carried")
        return VoteRule(VoteKind.COUNT, needed, seats)
    if text in ("majority", "consensus", "chair", "silence"):
        return VoteRule(VoteKind(text))
    raise ValueError(f"“{text}” is no vote: write 5 of 7, majority, consensus, chair or silence")


def competent(norm: str, institutions: Mapping[str, Institution]) -> Institution | None:
    """The body that finds on a norm: one named for it, else the one for everything else."""
    bare = norm.split("[", maxsplit=1)[0]
    for institution in institutions.values():
        if bare in institution.competent_for:
            return institution
    return next((i for i in institutions.values() if "*" in i.competent_for), None)


def judge(
    record: Record,
    institutions: Mapping[str, Institution],
    votes: Mapping[str, VoteRule],
    established: Mapping[str, int | None],
    speakers: Speakers,
) -> Finding:
    """Decide whether a finding stands.  `established` gives since when each body exists."""
    assert record.at is not None
    body = record.word("body") or ""
    norm = record.word("norm") or ""
    finding = Finding(
        record,
        body,
        norm,
        record.word("result") or "",
        record.word("against"),
        record.words("about"),
        record.at.last,
    )
    return replace(finding, why_not=_objection(finding, institutions, votes, established, speakers))


def _objection(
    finding: Finding,
    institutions: Mapping[str, Institution],
    votes: Mapping[str, VoteRule],
    established: Mapping[str, int | None],
    speakers: Speakers,
) -> str:
    institution = competent(finding.norm, institutions)
    if institution is None:
        return f"no body is competent to find on {finding.norm}"
    if institution.id != finding.body:
        return f"{institution.id}, not {finding.body}, is competent to find on {finding.norm}"
    if not speakers.speaks_for(finding.record.speaker, finding.body):
        return f"it is reported by {finding.record.speaker}, not by {finding.body} itself"
    if institution.own_rules:
        return ""
    if institution.established_by is not None:
        since = established.get(institution.id)
        if since is None or since > finding.at:
            return f"{finding.body} was not established when it was made"
    rule = votes.get(institution.id, institution.vote)
    if rule is None or isinstance(rule, Unspecified):
        return f"the text gives {finding.body} no vote, so that nothing can be carried"
    return _not_carried(finding.record, rule)


def _not_carried(record: Record, rule: VoteRule) -> str:
    in_favour = record.number("votes_for")
    against = record.number("votes_against") or Decimal(0)
    if rule.veto is not None and (record.number("vetoes") or 0) > 0:
        return "it was vetoed"
    if rule.kind in (VoteKind.SILENCE, VoteKind.CONSENSUS) and against == 0:
        return ""
    if rule.kind is VoteKind.CHAIR:
        return ""
    if in_favour is None:
        return "it does not say how many voted for it"
    match rule.kind:
        case VoteKind.COUNT:
            carried = rule.needed is not None and in_favour >= rule.needed
        case VoteKind.MAJORITY:
            carried = in_favour > against
        case _:
            carried = False
    return "" if carried else f"{in_favour} for and {against} against does not carry it"
