"""Whether a finding is carried under the voting rule of its body, and since when.

A part of the rule that the text leaves open, or does not give, is never filled in: where the
outcome needs it, the finding is not carried, and the reason names the clause.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from servanda.docket.ballot import AGAINST, IN_FAVOUR, VETOES, Ballot
from servanda.docket.rules import Rules
from servanda.evidence.instant import iso
from servanda.model.institution import Institution, VoteBase, VoteKind, VoteRule
from servanda.model.unspecified import Unspecified

_MEETING = (VoteKind.COUNT, VoteKind.MAJORITY, VoteKind.TWO_THIRDS, VoteKind.CONSENSUS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`why_not` is empty for what is carried; then `at` is since when.

    `silence_until` is the first instant too late to object, in a silence procedure; `running` says
    that it is not over, and that nobody has objected.
    """

    at: int
    why_not: tuple[str, ...] = ()
    silence_until: int | None = None
    running: bool = False


def outcome(cast: Ballot, body: Institution, rules: Rules) -> Outcome:
    """What came of the vote, as of the instant of the rules."""
    assumed = body.id in rules.votes
    rule = rules.votes.get(body.id, body.vote)
    if rule is None or isinstance(rule, Unspecified):
        why = f"the text gives {body.id} no vote, so that nothing can be carried"
        return Outcome(cast.made(), (why,))
    why_not = [*cast.doubts, *_vetoed(cast, rule, rules)]
    if rule.kind in _MEETING:
        why_not += _quorum(cast, body, assumed)
    if rule.kind is VoteKind.SILENCE:
        return _silence(cast, rule, rules, why_not)
    why_not += _BY_KIND[rule.kind](cast, rule, body, rules)
    return Outcome(cast.made(), tuple(dict.fromkeys(why_not)))


def _vetoed(cast: Ballot, rule: VoteRule, rules: Rules) -> Iterator[str]:
    if rule.veto is None:
        return
    stated = cast.finding.number("vetoes")
    holders = rules.who(rule.veto)
    named = cast.who(VETOES)
    if stated:
        yield "it was vetoed"
    elif holders is not None:
        for by in named:
            if rules.is_one_of(by, holders):
                yield f"it was vetoed by {by}"
    elif named or (stated is None and cast.against):
        yield (
            f"{', '.join(named) or cast.against} voted against it, and the text leaves open who "
            "may veto (clause `vote … veto`)"
        )


def _quorum(cast: Ballot, body: Institution, assumed: bool) -> Iterator[str]:
    if isinstance(body.quorum, Unspecified):
        if not assumed:  # a vote that is assumed is assumed with its quorum
            yield "the text leaves open how many must take part (clause `quorum`)"
    elif body.quorum is not None:
        if cast.present is None:
            yield f"it does not say how many took part, and {body.quorum} must"
        elif cast.present < body.quorum:
            yield f"{cast.present} took part, and {body.quorum} must"


def _silence(cast: Ballot, rule: VoteRule, rules: Rules, why_not: list[str]) -> Outcome:
    """Carried once the time to object has passed without an objection."""
    begun = cast.finding.at
    assert begun is not None
    until = rules.due(rule.period, begun.last)
    if until is None:
        open_ = "the text does not say for how long silence has to last (clause `vote silence`)"
        return Outcome(begun.last, (*why_not, open_))
    objecting = []
    for by in cast.who(AGAINST, VETOES):
        at = cast.votes[by].at
        if at is not None and at.first < until:
            objecting.append(f"{by} objected at {iso(at.last)}: the silence is broken")
    stated = cast.finding.number("votes_against") or cast.finding.number("vetoes")
    if stated and not objecting:
        objecting.append(f"{stated} objected: the silence is broken")
    why_not = [*why_not, *objecting]
    running = rules.as_of < until and not why_not
    if running:
        why_not = [f"the time to object runs: {iso(until)} is the first instant too late"]
    return Outcome(begun.last if rules.as_of < until else until, tuple(why_not), until, running)


def _count(cast: Ballot, rule: VoteRule, body: Institution, rules: Rules) -> Iterator[str]:
    needed = rule.needed
    assert needed is not None
    yield from _enough(cast, lambda votes: votes >= needed)


def _enough(cast: Ballot, reached: Callable[[Decimal], bool]) -> Iterator[str]:
    if cast.in_favour is None:
        yield "it does not say how many voted for it"
    elif not reached(cast.in_favour):
        yield f"{cast.in_favour} for and {cast.against} against does not carry it"


def _share(cast: Ballot, rule: VoteRule, body: Institution, rules: Rules) -> Iterator[str]:
    """A majority, or two thirds, of the votes, of those present, or of all members."""
    whole: Decimal | None
    match rule.base:
        case Unspecified():
            yield "the text leaves open of what the votes are counted (clause `vote … of`)"
            return
        case VoteBase.MEMBERS:
            members = rules.who(body.members)
            whole = None if members is None else Decimal(len(members))
            if whole is None:
                yield "it takes a share of all members, and the text names none (clause `members`)"
                return
        case VoteBase.PRESENT:
            whole = cast.present
        case _:
            whole = None if cast.in_favour is None else cast.in_favour + cast.against
    if rule.kind is VoteKind.TWO_THIRDS:
        yield from _enough(cast, lambda votes: votes > 0 and 3 * votes >= 2 * (whole or 0))
    elif whole and cast.in_favour is not None and 2 * cast.in_favour == whole:
        yield from _tie(cast, body, rules)
    else:
        yield from _enough(cast, lambda votes: 2 * votes > (whole or 0))


def _tie(cast: Ballot, body: Institution, rules: Rules) -> Iterator[str]:
    tied = f"{cast.in_favour} for and {cast.against} against does not carry it"
    if body.casting_vote is None:
        yield tied
        return
    holders = rules.who(body.casting_vote)
    if holders is None:
        yield f"{tied}: the text leaves open who has the casting vote (clause `casting vote`)"
        return
    for holder in sorted(holders):
        how = cast.of(holder)
        if how is None:
            yield f"{tied}: how {holder} voted, whose vote decides, is not recorded"
        elif how != IN_FAVOUR:
            yield f"{tied}: {holder}, whose vote decides, did not vote for it"


def _consensus(cast: Ballot, rule: VoteRule, body: Institution, rules: Rules) -> Iterator[str]:
    if cast.against:
        against = cast.who(AGAINST, VETOES)
        yield f"{', '.join(against) or cast.against} voted against it, and it takes a consensus"


def _chair(cast: Ballot, rule: VoteRule, body: Institution, rules: Rules) -> Iterator[str]:
    chairs = rules.who(body.chair)
    if chairs is None:
        if body.id not in rules.votes:
            yield "its chair decides alone, and the text names none (clause `chair`)"
        return
    for chair in sorted(chairs):
        if cast.of(chair) not in (None, IN_FAVOUR):
            yield f"{chair}, who decides alone, did not vote for it"


def _co_chairs(cast: Ballot, rule: VoteRule, body: Institution, rules: Rules) -> Iterator[str]:
    chairs = rules.who(body.chair)
    if chairs is None or len(chairs) < 2:
        yield "its co-chairs must agree, and the text does not name two (clause `chair`)"
        return
    for chair in sorted(chairs):
        how = cast.of(chair)
        if how is None:
            yield f"its co-chairs must agree, and how {chair} voted is not recorded"
        elif how != IN_FAVOUR:
            yield f"its co-chairs must agree, and {chair} did not vote for it"


_BY_KIND = {
    VoteKind.COUNT: _count,
    VoteKind.MAJORITY: _share,
    VoteKind.TWO_THIRDS: _share,
    VoteKind.CONSENSUS: _consensus,
    VoteKind.CHAIR: _chair,
    VoteKind.CO_CHAIRS: _co_chairs,
}
