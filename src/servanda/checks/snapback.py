"""Snapback: what was given and should return, end or be put back when it is called for.

Asked: can it come about at all (clingo), who can block it, has it expired when it is needed, and
what that was given does it leave where it is.
"""

from collections.abc import Iterator

from servanda.checks.frame.context import Context, on
from servanda.checks.frame.warning import AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import bearers, listed, nodes_of, signs
from servanda.engine.strata import start_of
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.consequence import Consequence
from servanda.model.institution import Institution, VoteKind, VoteRule
from servanda.model.norm import Norm, NormKind
from servanda.model.unspecified import Unspecified
from servanda.reason.courses import reachable
from servanda.reason.ground import FALSE, Ground
from servanda.reason.replay import Claim, Story

ORDER = 5
TITLE = "Snapback: unreachable, blockable, expired, incomplete"
CODES = {
    "SA0501": Code(Severity.BREAKS, "a snapback that can never come"),
    "SA0502": Code(Severity.RISK, "a snapback that one can block"),
    "SA0503": Code(Severity.BREAKS, "a snapback that has expired when it is needed"),
    "SA0504": Code(Severity.RISK, "a snapback that leaves what was given"),
    "SA0505": Code(Severity.RISK, "a snapback that rests on those who are not bound"),
}
_CALLS = ("breached", "invoked")


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        return
    effects = [(norm, one) for norm in context.norms for one in _taking_back(norm)]
    for norm, one in effects:
        yield from _unreachable(context, norm, one)
        yield from _blockable(context, norm, one)
        yield from _expired(context, norm, one)
    returning = [n for n in context.norms if _returns(context, n)]
    for norm in returning:
        yield from _never(context, norm)
        yield from _not_bound(context, norm)
    if effects or returning:
        yield from _left(context, effects, returning)


def _taking_back(norm: Norm) -> Iterator[Consequence]:
    for one in norm.consequences:
        if one.only_fulfilled:
            yield one
    for step in norm.steps:
        if step.consequence is not None and step.consequence.only_fulfilled:
            yield step.consequence


def _returns(context: Context, norm: Norm) -> bool:
    """A duty that begins when a guarantee is invoked and undoes what somebody did: `not ACT`."""
    if norm.duty != "achieve" or not isinstance(norm.condition, c.Not):
        return False
    return any(
        isinstance(node, c.StateOf) and node.state in _CALLS
        for node in walk(start_of(norm).condition, context.agreement)
    )


def _triggers(context: Context, norm: Norm) -> list[tuple[str, str]]:
    """(norm, word): what calls for a snapback, as a story can show it."""
    found = []
    nodes = list(nodes_of(norm, context.agreement))
    for node in nodes:
        if isinstance(node, c.StateOf) and node.state in _CALLS and node.norm != norm.id:
            word = "triggered" if node.state == "invoked" else "breached"
            if (node.norm, word) not in found:
                found.append((node.norm, word))
    return found


# --- can it come ----------------------------------------------------------------------------------


def _unreachable(context: Context, norm: Norm, one: Consequence) -> Iterator[AuditWarning]:
    held = context.across([norm], on(_kept, context, norm, one))
    if held.story is None:
        return
    yield AuditWarning(
        "SA0501",
        Severity.BREAKS,
        (context.clause(norm), Clause(one.target.norm, one.target.span)),
        f"{norm.id} should end what was given under {one.target.norm}, and never can"
        f"{_why(context, norm, one)}.",
        held.story,
        options=_decide(norm),
        readings=held.readings,
    )


def _why(context: Context, norm: Norm, one: Consequence) -> str:
    if isinstance(one.decider, Unspecified):
        return ": nobody is named to decide it"
    for name, _ in _triggers(context, norm):
        called = context.agreement.norms.get(name)
        if called is not None and called.kind is NormKind.GUARANTEE:
            if not isinstance(called.decided_by, str):
                return f": {name} has no decider, so that it is never invoked"
    return ""


def _decide(norm: Norm) -> tuple[Option, ...]:
    return (
        Option(
            "Name who decides, by what vote, on what evidence, within what time.",
            f"[{norm.id}: decided by …]",
            norm.provision,
        ),
        Option(
            "Let it follow by itself, and let it be stopped by a decision instead.",
            f"[{norm.id}: (no decider)]",
            norm.provision,
        ),
    )


def _kept(context: Context, ground: Ground, norm: Norm, one: Consequence) -> Story | None:
    """What was given stays, although what should take it back was called for."""
    targets = ground.setting.instances(one.target.norm)
    for target in targets:
        ground.flag(target, "terminated")
        ground.close()
        node = ground.rules[target.id].get("taken_back", FALSE)
        if node != FALSE and reachable(ground, [node])[0]:
            return None
    calls = [
        Claim(i.id, word)
        for name, word in _triggers(context, norm)[:1]
        for i in ground.setting.instances(name)[:1]
    ]
    for target in targets:
        wants = [Claim(target.id, "done"), *calls]
        also = [Claim(target.id, "terminated", False)]
        story = context.prove(ground, wants, also, later=365).story
        if story is not None:
            return story
    return None


def _never(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    held = context.across([norm], on(_not_begun, context, norm))
    if held.story is None:
        return
    yield AuditWarning(
        "SA0501",
        Severity.BREAKS,
        (context.clause(norm),),
        f"{norm.id} should put back what was lifted, and never begins{_why_norm(context, norm)}.",
        held.story,
        options=_decide(norm),
        readings=held.readings,
    )


def _why_norm(context: Context, norm: Norm) -> str:
    for name, _ in _triggers(context, norm):
        called = context.agreement.norms.get(name)
        if called is not None and called.kind is NormKind.GUARANTEE:
            if not isinstance(called.decided_by, str):
                return f": {name} has no decider, so that it is never invoked"
    return ""


def _not_begun(context: Context, ground: Ground, norm: Norm) -> Story | None:
    found = ground.setting.instances(norm.id)
    if not found or any(reachable(ground, [ground.flag(i, "begun") for i in found])):
        return None
    for name, word in _triggers(context, norm):
        for i in ground.setting.instances(name)[:1]:
            story = context.prove(ground, [Claim(i.id, word)], later=365).story
            if story is not None:
                return story
    return None


# --- who can block it -----------------------------------------------------------------------------


def _blockable(context: Context, norm: Norm, one: Consequence) -> Iterator[AuditWarning]:
    deciders = {one.decider} if isinstance(one.decider, str) else set()
    for name, _ in _triggers(context, norm):
        called = context.agreement.norms.get(name)
        if called is not None and isinstance(called.decided_by, str):
            deciders.add(called.decided_by)
    for body in sorted(deciders):
        institution = context.agreement.institutions.get(body)
        who = [] if institution is None else blockers(context, institution)
        if not who:
            continue
        yield AuditWarning(
            "SA0502",
            Severity.RISK,
            (
                context.clause(norm),
                Clause(f"{body}.vote", institution.span if institution else norm.span),
            ),
            f"{norm.id} waits for {body}, in which {listed(who)} can block it alone.",
            no_story="a vote that was not taken leaves no record",
            options=(
                Option(
                    "Let it come unless the body decides against it.",
                    f"[{norm.id}: (no decider), suspended while decides body {body} decision …]",
                    norm.provision,
                ),
                Option(
                    "Let the one whom it is against have no vote on it.",
                    f"[{body}: vote … without the party concerned]",
                    norm.provision,
                ),
            ),
        )


def blockers(context: Context, institution: Institution) -> list[str]:
    """Members who alone keep a decision from being carried."""
    rule = institution.vote
    members = _members(context, institution)
    if not isinstance(rule, VoteRule):
        return []
    if isinstance(rule.veto, c.Value):
        from servanda.checks.frame.words import names_of

        return list(names_of(context.agreement, rule.veto))
    if rule.kind in (VoteKind.CONSENSUS, VoteKind.SILENCE):
        return members or ["any member"]
    if rule.kind is VoteKind.COUNT and rule.needed is not None and rule.needed == rule.seats:
        return members or ["any member"]
    return []


def _members(context: Context, institution: Institution) -> list[str]:
    from servanda.checks.frame.words import names_of

    if isinstance(institution.members, c.Value):
        return list(names_of(context.agreement, institution.members))
    return (
        list(context.agreement.actors[institution.id].members)
        if institution.id in context.agreement.actors
        else []
    )


# --- expired --------------------------------------------------------------------------------------


def _expired(context: Context, norm: Norm, one: Consequence) -> Iterator[AuditWarning]:
    if norm.until is None and not norm.terminated_when:
        return
    held = context.across([norm], on(_too_late, context, norm, one))
    if held.story is None:
        return
    yield AuditWarning(
        "SA0503",
        Severity.BREAKS,
        (context.clause(norm, "until"), Clause(one.target.norm, one.target.span)),
        f"{norm.id} ends before what it should take back: whoever waits for that is free.",
        held.story,
        options=(
            Option(
                "Let it last as long as what was given.",
                f"[{norm.id}: (no end before {one.target.norm} ends)]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _too_late(context: Context, ground: Ground, norm: Norm, one: Consequence) -> Story | None:
    calls = _triggers(context, norm)
    for source in ground.setting.instances(norm.id)[:1]:
        for target in ground.setting.instances(one.target.norm)[:2]:
            for name, word in calls[:1]:
                for called in ground.setting.instances(name):
                    gone = "expired" if norm.until is not None else "terminated"
                    first = ground.both(
                        [
                            ground.flag(source, gone),
                            ground.opposite(ground.flag(called, word)),
                        ]
                    )
                    from servanda.reason.ground import Node

                    goal = ground.add(Node("once", (first,)))
                    wants = [
                        Claim(target.id, "done"),
                        Claim(source.id, gone),
                        Claim(called.id, word),
                    ]
                    also = [Claim(target.id, "terminated", False)]
                    story = context.prove(ground, wants, also, goal=goal).story
                    if story is not None:
                        return story
    return None


# --- incomplete -----------------------------------------------------------------------------------


def _not_bound(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    """What has to be put back by many, of whom some do not sign."""
    holders = bearers(context.agreement, norm)
    open_ended = any(clause.where is not None for clause in norm.for_each)
    outside = [h for h in holders if not signs(context.agreement, h)]
    if not outside and not open_ended:
        return
    who = listed(outside) if outside else "whoever lifted them"
    yield AuditWarning(
        "SA0505",
        Severity.RISK,
        (context.clause(norm),),
        f"{norm.id} asks {who} to act again, each by itself: who does not sign is not bound, and "
        "no one holder can put back what another lifted.",
        no_story="what a non-signatory leaves undone is no breach that a record could show",
        options=(
            Option(
                "List the holders, and let each declare beforehand that it puts back by itself.",
                f"[{norm.id}: annex with a declaration of each holder]",
                norm.provision,
            ),
        ),
    )


def _left(
    context: Context, effects: list[tuple[Norm, Consequence]], returning: list[Norm]
) -> Iterator[AuditWarning]:
    """What was given to whom the snapback is against, and is touched by none."""
    agreement = context.agreement
    covered = {one.target.norm for _, one in effects}
    types = {
        node.type
        for norm in returning
        if norm.condition is not None
        for node in walk(norm.condition, agreement)
        if isinstance(node, c.Pattern)
    }
    against: set[str] = set()
    for _, one in effects:
        target = agreement.norms.get(one.target.norm)
        if target is not None and target.toward is not None:
            from servanda.checks.frame.words import names_of

            against.update(names_of(agreement, target.toward))
    left = []
    for norm in agreement.norms.values():
        if (
            norm.id in covered
            or norm.duty != "achieve"
            or norm.toward is None
            or norm.condition is None
        ):
            continue
        from servanda.checks.frame.words import names_of

        gains = set(names_of(agreement, norm.toward))
        own = {n.type for n in walk(norm.condition, agreement) if isinstance(n, c.Pattern)}
        if gains & against and not set(bearers(agreement, norm)) & against and not own & types:
            left.append(norm)
    if not left:
        return
    held = context.across(left[:1], lambda ground: _given(context, ground, left[0]), terms=())
    first = effects[0][0]
    yield AuditWarning(
        "SA0504",
        Severity.RISK,
        (context.clause(first), *(context.clause(n) for n in left)),
        f"The snapback of {listed([n.id for n in [first, *returning]])} leaves what "
        f"{listed(sorted(against))} received under {listed([n.id for n in left])}.",
        held.story,
        no_story="" if held.story else "no course of events was found in which it was given",
        options=(
            Option(
                "Say of each benefit whether it ends, is suspended, or stays.",
                f"[terminates fulfilled {left[0].id} when …]",
                first.provision,
            ),
        ),
    )


def _given(context: Context, ground: Ground, norm: Norm) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        calls = [
            Claim(g.id, "triggered")
            for n in context.norms
            if n.kind is NormKind.GUARANTEE
            for g in ground.setting.instances(n.id)[:1]
        ][:1]
        wants = [Claim(one.id, "done"), *calls]
        return context.prove(ground, wants, [Claim(one.id, "terminated", False)], later=365).story
    return None
