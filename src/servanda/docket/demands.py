"""What stands between a case and a finding: the demands of the procedure that are not met.

Where the agreement is silent, nothing is demanded.  What it demands and leaves open can be met, but
its time never passes.
"""

from collections.abc import Iterator

from servanda.docket.case import Case
from servanda.docket.rules import Rules
from servanda.evidence.instant import iso
from servanda.model.institution import Institution
from servanda.model.unspecified import Unspecified

_NAMES = {
    "hears_after": "that another body hears it first",
    "acknowledgement": "that the complaint is acknowledged",
    "notice": "notice to the respondent",
    "reply": "time for a reply",
    "verification": "a joint verification",
}


def demanded(body: Institution) -> tuple[str, ...]:
    """What must have happened in a case before this body finds, in words; none where none must."""
    return tuple(
        words for part, words in _NAMES.items() if getattr(body.procedure, part) is not None
    )


def unmet(case: Case, rules: Rules, at: int, breach: bool) -> tuple[str, ...]:
    """Why no finding (`breach`: of a breach) could be made in a case at an instant."""
    return (
        *inadmissible(case, rules),
        *_told(case, at),
        *_heard(case, at),
        *_verified(case, rules, at),
        *(_rated(case, at) if breach else ()),
    )


def inadmissible(case: Case, rules: Rules) -> tuple[str, ...]:
    """Why a body does not hear a case at all, whatever is done in it."""
    return tuple(_inadmissible(case, rules))


def _inadmissible(case: Case, rules: Rules) -> Iterator[str]:
    asked = case.body.procedure
    if asked.complaints_by is not None:
        may = rules.who(asked.complaints_by)
        if may is None:
            yield "the text leaves open who may complain (clause `complaints by`)"
        elif not rules.is_one_of(case.complainant, may):
            yield f"{case.complainant} may not complain to {case.body.id} (clause `complaints by`)"
    if asked.hears_after is not None and case.referred_from != asked.hears_after:
        yield f"{asked.hears_after} hears it first, and has not referred it (clause `hears after`)"


def _told(case: Case, at: int) -> Iterator[str]:
    if case.acknowledged.demanded and not case.acknowledged.done(at):
        yield "the complaint was not acknowledged before (clause `acknowledges within`)"
    asked = case.body.procedure
    if not case.notified.done(at):
        if asked.notice is not None:
            yield f"{case.respondent} was not notified before (clause `notice within`)"
        elif asked.reply is not None:
            yield (
                f"{case.respondent} was not notified before, so that its time to reply did not run "
                "(clause `reply within`)"
            )


def _heard(case: Case, at: int) -> Iterator[str]:
    reply = case.replied
    if not reply.demanded or reply.done(at) or not case.notified.done(at):
        return
    if reply.due is None:
        yield (
            f"the text leaves open how long {case.respondent} has to reply, and it had not "
            "(clause `reply within`)"
        )
    elif at < reply.due:
        yield f"{case.respondent} has time to reply: {iso(reply.due)} is the first instant too late"


def _verified(case: Case, rules: Rules, at: int) -> Iterator[str]:
    if not case.verified.demanded or case.verified.done(at):
        return
    names = rules.who(case.body.procedure.verification)
    if names is None:
        yield "the text leaves open who verifies together (clause `joint verification by`)"
        return
    took_part = frozenset(who for who, since in case.verified_by.items() if since <= at)
    missing = [n for n in sorted(names) if not any(rules.speakers.belongs(w, n) for w in took_part)]
    yield f"it was not verified together: {', '.join(missing)} took no part before"


def _rated(case: Case, at: int) -> Iterator[str]:
    if not case.established.demanded or case.established.done(at):
        return
    if isinstance(case.body.procedure.severity, Unspecified):
        yield "the text leaves open by what scale the severity is said (clause `severity`)"
    else:
        yield "no facts were established before with a word of the scale (clause `severity`)"
