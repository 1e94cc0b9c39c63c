"""Norms that can never become active, or never be breached though meant to bind; dying remedies.

“Never” rests on the relaxed problem of `reason`: what is out of reach there no course of events
brings about.  What waits in a circle is told by check 2, what waits for a guarantee without a
decider by checks 5 and 6: here stands the rest.
"""

from collections.abc import Iterator

from servanda.checks.circular_prerequisites import circles_of, needed
from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import binding
from servanda.engine.instances import Instance
from servanda.engine.strata import start_of
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind
from servanda.reason.courses import reachable
from servanda.reason.dates import Chains
from servanda.reason.ground import Ground
from servanda.reason.replay import NEVER_ENDING, Claim, Story

ORDER = 10
TITLE = "Dead norms and dying remedies"
CODES = {
    "SA1001": Code(Severity.BREAKS, "a norm that can never become active"),
    "SA1002": Code(Severity.BREAKS, "a duty that can never be breached"),
    "SA1003": Code(Severity.RISK, "a statement that no act can breach"),
    "SA1004": Code(Severity.BREAKS, "a remedy that dies with what it repairs"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        return
    for norm in context.norms:
        if norm.kind is NormKind.PRINCIPLE:
            yield _principle(context, norm)
            continue
        yield from _never_active(context, norm)
        if binding(norm):
            yield from _never_breached(context, norm)
            yield from _dying(context, norm)


def _principle(context: Context, norm: Norm) -> AuditWarning:
    return AuditWarning(
        "SA1003",
        Severity.RISK,
        (context.clause(norm),),
        f"{norm.id} states a principle: as worded no act can breach it.",
        no_story=IN_THE_TEXT,
        options=(
            Option(
                "If it is to bind, say what must be done or left undone.",
                f"[{norm.id}: … shall not …]",
                norm.provision,
            ),
        ),
    )


# --- never active ---------------------------------------------------------------------------------


def _never_active(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    held = context.across([norm], on(_asleep, context, norm))
    if held.story is None:
        return
    yield AuditWarning(
        "SA1001",
        Severity.BREAKS,
        (context.clause(norm, "start"),),
        f"{norm.id} can never become active: what it waits for never comes.",
        held.story,
        options=(
            Option(
                "Let it begin with what can come.",
                f"[{norm.id}: from in_force | from …]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _asleep(context: Context, ground: Ground, norm: Norm) -> Story | None:
    found = ground.setting.instances(norm.id)
    readings = dict(ground.setting.assignment)
    while_active = [
        n
        for n, state in needed(start_of(norm).condition, context.agreement, readings)
        if state == "active" and n in context.agreement.norms
    ]
    too_late = Chains(ground.setting).over_before(norm, while_active)
    can = any(reachable(ground, [ground.flag(i, "begun") for i in found]))
    if not found or (can and not too_late):
        return None
    if _told_elsewhere(context, ground, norm):
        return None
    in_force = ground.node(c.InForce(), {})
    claims = [Claim(i.id, "begun", False) for i in found[:2]]
    return context.prove(ground, claims, goal=in_force, later=NEVER_ENDING).story


def _told_elsewhere(context: Context, ground: Ground, norm: Norm) -> bool:
    """Whether it waits, through others, for a circle or for a guarantee that nobody invokes."""
    agreement, readings = context.agreement, dict(ground.setting.assignment)
    if agreement.header.in_force_when is None:
        return False
    stuck = {n for group in circles_of(context, readings) for n in group}
    pending, seen = [norm.id], set()
    while pending:
        name = pending.pop()
        if name in seen or name not in agreement.norms:
            continue
        seen.add(name)
        if name in stuck:
            return True
        for other, state in waited_for(agreement.norms[name], context, readings):
            called = agreement.norms.get(other)
            if called is None:
                continue
            if (
                called.kind is NormKind.GUARANTEE
                and state == "invoked"
                and missing(called.decided_by)
            ):
                return True
            pending.append(other)
    return False


def waited_for(
    norm: Norm, context: Context, readings: dict[str, str]
) -> frozenset[tuple[str, str]]:
    found = set(needed(start_of(norm).condition, context.agreement, readings))
    for node in walk(start_of(norm).condition, context.agreement, readings):
        if isinstance(node, c.StateOf):
            found.add((node.norm, node.state))
    return frozenset(found)


# --- never breached -------------------------------------------------------------------------------


def _never_breached(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    if norm.duty == "achieve" and missing(norm.deadline) and missing(norm.every):
        return  # told by check 3
    if norm.duty == "maintain" and norm.deadline is not None and missing(norm.deadline):
        return
    held = context.across([norm], on(_unbreakable, context, norm))
    if held.story is None:
        return
    yield AuditWarning(
        "SA1002",
        Severity.BREAKS,
        (context.clause(norm),),
        f"{norm.id} binds, and nothing that can happen breaches it.",
        held.story,
        options=(
            Option(
                "Say what would breach it, and from when.",
                f"[{norm.id}: …]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _unbreakable(context: Context, ground: Ground, norm: Norm) -> Story | None:
    found = ground.setting.instances(norm.id)
    begun = [ground.flag(i, "begun") for i in found]
    broken = [ground.flag(i, "breached") for i in found]
    never = not any(reachable(ground, broken))
    if norm.duty == "achieve":
        never = never or Chains(ground.setting).over_before_due(norm)
    never = never or _over_at_once(context, ground, found)
    if not found or not any(reachable(ground, begun)) or not never:
        return None
    claims = [Claim(found[0].id, "begun"), Claim(found[0].id, "breached", False)]
    return context.prove(ground, claims, later=NEVER_ENDING).story


def _over_at_once(context: Context, ground: Ground, found: tuple[Instance, ...]) -> bool:
    """Whether it ends with what it begins with, or on a day before."""
    guards = context.guards(ground.setting.assignment)
    until = [(i.norm.until, i) for i in found]
    return bool(found) and all(
        end is not None
        and (
            Chains(ground.setting).over_at_once(i.norm)
            or guards.covers((end, i.env), (start_of(i.norm).condition, i.env))
        )
        for end, i in until
    )


# --- dying remedies -------------------------------------------------------------------------------


def _dying(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    """A remedy for a breach of another norm that ends, unperformed, when that norm ends."""
    repaired = sorted(
        n
        for n, state in waited_for(norm, context, context.first)
        if state == "breached" and n in context.agreement.norms
    )
    if not repaired or not (norm.until or norm.released_when or norm.terminated_when):
        return
    prior = context.agreement.norms[repaired[0]]
    held = context.across([norm, prior], on(_died, context, norm, prior))
    if held.story is None:
        return
    yield AuditWarning(
        "SA1004",
        Severity.BREAKS,
        (context.clause(norm), context.clause(prior)),
        f"{norm.id} repairs a breach of {prior.id} and ends with it: who waits is free of both.",
        held.story,
        options=(
            Option(
                "Let the remedy last until it is performed.",
                f"[{norm.id}: (outlives {prior.id})]",
                norm.provision,
            ),
        ),
        readings=held.readings,
    )


def _died(context: Context, ground: Ground, norm: Norm, prior: Norm) -> Story | None:
    over = [
        w
        for w, there in (
            ("expired", norm.until),
            ("terminated", norm.released_when or norm.terminated_when),
        )
        if there
    ]
    ends = [
        w
        for w, there in (
            ("expired", prior.until),
            ("terminated", prior.released_when or prior.terminated_when),
        )
        if there
    ]
    for one in ground.setting.instances(norm.id)[:2]:
        for other in ground.setting.instances(prior.id)[:2]:
            for word in over:
                for end in ends:
                    wants = [
                        Claim(one.id, word),
                        Claim(one.id, "done", False),
                        Claim(other.id, "breached"),
                        Claim(other.id, end),
                    ]
                    if not _only_then(context, ground, one, other, word, end):
                        continue
                    story = context.prove(ground, wants).story
                    if story is not None:
                        return story
    return None


def _only_then(
    context: Context, ground: Ground, one: Instance, other: Instance, word: str, end: str
) -> bool:
    """Whether the remedy ends whenever the other does: no course ends the one without the other."""
    apart = [Claim(other.id, end), Claim(one.id, "begun"), Claim(one.id, word, False)]
    return context.prove(ground, apart).story is None
