"""Where a case stands, what comes next in it, whose turn it is, and until when.

The steps come in their order: acknowledged, notified, replied, verified together, facts
established; only then the finding, its vote, and the appeal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from servanda.docket.appeal import time_to_appeal
from servanda.docket.case import Case, Step
from servanda.docket.demands import inadmissible, unmet
from servanda.docket.judge import Ruling
from servanda.docket.rules import Rules
from servanda.model.unspecified import Unspecified


class Status(StrEnum):
    OPEN = "open"
    REFERRED = "referred"
    INADMISSIBLE = "inadmissible"
    VOTING = "voting"  # a silence procedure runs
    UNDER_APPEAL = "under appeal"
    FOUND = "found"  # a finding stands
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: who is to do it, and the first instant too late (None: no such time)."""

    step: str
    who: tuple[str, ...] = ()
    due: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """`lacking` is what stands between the case and a finding, in words."""

    status: Status
    next: Next | None = None
    lacking: tuple[str, ...] = ()


_VERBS = {
    "acknowledged": "acknowledge the complaint",
    "notified": "notify the respondent",
    "replied": "reply",
    "verified together": "verify together",
    "facts established": "establish the facts, with their severity",
}


def standing(case: Case, rulings: Sequence[Ruling], rules: Rules) -> Standing:
    """Where a case stands as of the instant of the rules; `rulings` are those made in it."""
    settled = (_after_finding(case, ruling, rules) for ruling in reversed(rulings))
    if (found := next((one for one in settled if one is not None), None)) is not None:
        return found
    if case.referred_to is not None:
        return Standing(Status.REFERRED)
    lacking = (*unmet(case, rules, rules.as_of, True), *_no_vote(case, rules))
    if inadmissible(case, rules):
        return Standing(Status.INADMISSIBLE, None, lacking)
    return Standing(Status.OPEN, _next(case, rules), lacking)


def _after_finding(case: Case, ruling: Ruling, rules: Rules) -> Standing | None:
    """Where a case stands once a finding was put to the vote; None if that came to nothing."""
    body = case.body
    vote = ruling.vote
    if vote is not None and vote.running and ruling.finding.reasons == vote.why_not:
        passing = Next("object, or let it pass", (body.id,), vote.silence_until)
        return Standing(Status.VOTING, passing)
    if any(appeal.overturns for appeal in ruling.appeals):
        return Standing(Status.OVERTURNED)
    if any(appeal.pending for appeal in ruling.appeals) and isinstance(body.appeal, str):
        return Standing(Status.UNDER_APPEAL, Next("decide the appeal", (body.appeal,)))
    if not ruling.finding.stands:
        return None
    last = time_to_appeal(body, ruling.finding.at, rules)
    if last is not None and rules.as_of < last and isinstance(body.appeal, str):
        parties = tuple(dict.fromkeys((case.respondent, case.complainant)))
        return Standing(Status.FOUND, Next("appeal, or accept the finding", parties, last))
    return Standing(Status.FOUND)


def _next(case: Case, rules: Rules) -> Next:
    for step in case.steps:
        if step.demanded and not step.done(rules.as_of) and not _over(step, rules):
            return Next(_VERBS[step.name], _whose(step, case, rules), step.due)
    return Next("find", (case.body.id,))


def _over(step: Step, rules: Rules) -> bool:
    """Whether nobody waits for it any more: a time to reply that has passed."""
    return step.name == "replied" and step.due is not None and rules.as_of >= step.due


def _whose(step: Step, case: Case, rules: Rules) -> tuple[str, ...]:
    if step.name == "replied":
        return (case.respondent,)
    if step.name == "verified together":
        return tuple(sorted(rules.who(case.body.procedure.verification) or ()))
    return (case.body.id,)


def _no_vote(case: Case, rules: Rules) -> Iterator[str]:
    vote = rules.votes.get(case.body.id, case.body.vote)
    if not case.body.own_rules and (vote is None or isinstance(vote, Unspecified)):
        yield f"the text gives {case.body.id} no vote, so that nothing can be carried"
