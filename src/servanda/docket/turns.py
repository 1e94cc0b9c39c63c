"""Which papers somebody may write in a case now: a party's own, a member's vote, a body's own.

In: a case with its rulings, the rules, and on whose behalf somebody writes.  Out: papers, in the
order of the procedure.  Whether a finding then stands is another matter: `judge` says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servanda.docket.appeal import time_to_appeal
from servanda.docket.case import Case
from servanda.docket.judge import Ruling
from servanda.docket.papers import Papers
from servanda.docket.rules import Rules


@dataclass(frozen=True, slots=True)
class Hand:
    """On whose behalf somebody writes: a party's, a member's of a body, or of bodies themselves.

    `seat` is a body and the member of it; `bodies` None means every body.
    """

    party: str | None = None
    seat: tuple[str, str] | None = None
    bodies: frozenset[str] | None = frozenset()

    def writes_for(self, body: str) -> bool:
        """Whether the papers of a body are written by this hand."""
        return self.bodies is None or body in self.bodies


@dataclass(frozen=True, slots=True)
class Turn:
    """A paper that may be written: its kind, whose it is, and the record that it is about."""

    kind: str
    author: str
    about: str


def preset(turn: Turn, case: Case) -> dict[str, str | list[str]]:
    """The arguments of a paper that follow from the case, and are not asked for."""
    complaint, author = case.complaint.id, turn.author
    match turn.kind:
        case "notifies":
            return {"body": author, "party": case.respondent, "case": complaint}
        case "registers" | "establishes_facts" | "refers":
            return {"body": author, "case": complaint}
        case "verifies_jointly":
            by = {} if author == case.body.id else {"by": [author]}
            return {**by, "case": complaint}
        case "replies" | "submits":
            return {"by": author, "case": complaint}
        case "finding":
            about = [complaint, *case.complaint.words("about")]
            named = {"norm": case.norm, "against": case.respondent}
            return {"body": author, **named, "about": about}
        case "minutes" | "action_point":
            return {"body": author, "about": [complaint]}
        case "decides_appeal":
            return {"body": author, "appeal": turn.about}
        case "casts_vote":
            return {"by": author, "on": turn.about}
        case "dissents":
            return {"by": author, "from": turn.about}
        case "appeals":
            return {"by": author, "against": turn.about}
    raise ValueError(turn.kind)


def turns(
    case: Case, rulings: Sequence[Ruling], papers: Papers, rules: Rules, hand: Hand
) -> tuple[Turn, ...]:
    """The papers that may be written in a case now."""
    found: list[Turn] = []
    if case.referred_to is None:
        if hand.writes_for(case.body.id):
            found += _of_the_body(case, rulings)
        if hand.party is not None:
            found += _of_a_party(case, rulings, rules, hand.party)
        if hand.seat is not None and hand.seat[0] == case.body.id:
            found += _of_a_member(case, rulings, papers, hand.seat[1])
    found += _on_appeal(case, rulings, hand)
    if hand.writes_for(case.body.id):
        found += [Turn(k, case.body.id, case.complaint.id) for k in ("minutes", "action_point")]
    return tuple(found)


def _settled(rulings: Sequence[Ruling]) -> bool:
    """Whether a finding stands: then what remains is the appeal."""
    return any(one.finding.stands for one in rulings)


def _of_the_body(case: Case, rulings: Sequence[Ruling]) -> Iterator[Turn]:
    body, complaint = case.body, case.complaint.id
    if case.acknowledged.at is None:
        yield Turn("registers", body.id, complaint)
    if case.notified.at is None:
        yield Turn("notifies", body.id, complaint)
    if _settled(rulings):
        return
    if body.procedure.verification is not None and case.verified.at is None:
        yield Turn("verifies_jointly", body.id, complaint)
    yield Turn("establishes_facts", body.id, complaint)
    yield Turn("finding", body.id, complaint)
    yield Turn("refers", body.id, complaint)


def _of_a_party(case: Case, rulings: Sequence[Ruling], rules: Rules, party: str) -> Iterator[Turn]:
    complaint, parties = case.complaint.id, (case.complainant, case.respondent)
    if not _settled(rulings):
        if party == case.respondent and case.replied.at is None:
            yield Turn("replies", party, complaint)
        if party in parties:
            yield Turn("submits", party, complaint)
        names = rules.who(case.body.procedure.verification)
        if names and rules.is_one_of(party, names) and party not in case.verified_by:
            yield Turn("verifies_jointly", party, complaint)
    for one in rulings if party in parties else ():
        if _may_appeal(case, one, rules, party):
            yield Turn("appeals", party, one.finding.record.id)


def _may_appeal(case: Case, ruling: Ruling, rules: Rules, party: str) -> bool:
    """Whether a party may appeal against a finding: it stands, or another's appeal suspends it."""
    if not isinstance(case.body.appeal, str):
        return False
    if not ruling.finding.stands and not any(one.pending for one in ruling.appeals):
        return False
    if any(one.by == party and not one.ignored for one in ruling.appeals):
        return False
    last = time_to_appeal(case.body, ruling.finding.at, rules)
    return last is None or rules.as_of < last


def _of_a_member(
    case: Case, rulings: Sequence[Ruling], papers: Papers, member: str
) -> Iterator[Turn]:
    for one in rulings:
        if not any(appeal.overturns for appeal in one.appeals):
            yield Turn("casts_vote", member, one.finding.record.id)
    for record in (*(one.finding.record for one in rulings), *case.facts):
        if all(d.word("by") != member for d in papers.on("dissents", record.id)):
            yield Turn("dissents", member, record.id)


def _on_appeal(case: Case, rulings: Sequence[Ruling], hand: Hand) -> Iterator[Turn]:
    """The decision on an appeal is a paper of the body to which it goes."""
    to = case.body.appeal
    if not isinstance(to, str) or not hand.writes_for(to):
        return
    for one in rulings:
        for appeal in one.appeals:
            if appeal.pending:
                yield Turn("decides_appeal", to, appeal.record.id)
