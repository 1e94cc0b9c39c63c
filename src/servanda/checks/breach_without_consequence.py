"""Breach without consequence, judge or evidence source.

A breach ends nothing by itself.  This asks of every commitment what the text lets follow from its
breach, whether anybody can find it (competent, set up, able to vote), and shows both by a breach
after which the body's finding does not stand.
"""

from collections.abc import Iterator

from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.warning import AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import binding, listed, nodes_of, signs
from servanda.evidence.finding import competent
from servanda.model import condition as c
from servanda.model.institution import Institution
from servanda.model.norm import Norm
from servanda.reason.ground import Ground
from servanda.reason.replay import Claim, Story

ORDER = 4
TITLE = "Breach without consequence, judge or evidence"
CODES = {
    "SA0401": Code(Severity.GAP, "nothing follows from a breach"),
    "SA0402": Code(Severity.BREAKS, "a judge that can find nothing"),
    "SA0403": Code(Severity.GAP, "no judge: nobody may find a breach"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        return
    agreement = context.agreement
    asked = _asked_for(context)
    powers = [n for n in context.norms if n.upon_finding == "breach"]
    mute: dict[str, list[Norm]] = {}
    for norm in context.norms:
        if not binding(norm):
            continue
        judge = competent(norm.id, agreement.institutions)
        if judge is not None and not judge.own_rules and missing(judge.vote):
            mute.setdefault(judge.id, []).append(norm)
        own = bool(norm.cure or norm.steps or norm.consequences) or norm.id in asked
        if not own and not powers:
            yield _nothing_follows(context, norm)
        if judge is None and (powers or agreement.institutions):
            yield _no_judge(context, norm)
    for name, norms in mute.items():
        yield _mute(context, agreement.institutions[name], norms)


def _asked_for(context: Context) -> frozenset[str]:
    """Norms whose breach some other clause asks for."""
    found: set[str] = set()
    for norm in context.norms:
        for node in nodes_of(norm, context.agreement):
            if (isinstance(node, c.StateOf) and node.state in ("breached", "cured")) or isinstance(
                node, c.KeptFor
            ):
                found.add(node.norm)
    return frozenset(found)


def breach(context: Context, ground: Ground, norm: Norm) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        return context.prove(ground, [Claim(one.id, "breached")]).story
    return None


def _nothing_follows(context: Context, norm: Norm) -> AuditWarning:
    held = context.across([norm], on(breach, context, norm), terms=())
    bound = all(signs(context.agreement, b) for b in _bearers(context, norm))
    return AuditWarning(
        "SA0401",
        Severity.GAP if bound else Severity.RISK,
        (context.clause(norm),),
        f"Nothing follows from a breach of {norm.id}: no cure, no step, no finding, no other "
        "clause that asks for it.",
        held.story,
        no_story="" if held.story else "no course of events was found in which it is breached",
        options=(
            Option(
                "Say how it is put right, and what follows if it is not.",
                f"[{norm.id}: on breach cure within … days; otherwise …]",
                norm.provision,
            ),
            Option(
                "Give a body the power to act on a finding.",
                "[power: … may …, upon finding of breach]",
                norm.provision,
            ),
        ),
    )


def _bearers(context: Context, norm: Norm) -> tuple[str, ...]:
    from servanda.checks.frame.words import bearers

    return bearers(context.agreement, norm)


def _no_judge(context: Context, norm: Norm) -> AuditWarning:
    held = context.across([norm], on(breach, context, norm), terms=())
    return AuditWarning(
        "SA0403",
        Severity.GAP,
        (context.clause(norm),),
        f"No body may find on {norm.id}: its breach stays alleged for ever.",
        held.story,
        no_story="" if held.story else "no course of events was found in which it is breached",
        options=(
            Option(
                "Name the body that finds on it.",
                f"[institution …: competent for {{{norm.id}}} | for everything else]",
                norm.provision,
            ),
        ),
    )


def _mute(context: Context, judge: Institution, norms: list[Norm]) -> AuditWarning:
    """A finding that all vote for does not stand, since the text gives no vote."""
    story = None
    for norm in norms:
        held = context.across([norm], on(_unheard, context, judge, norm), terms=())
        if held.story is not None:
            story = held.story
            break
    return AuditWarning(
        "SA0402",
        Severity.BREAKS,
        (Clause(f"{judge.id}.vote", judge.span), *(context.clause(n) for n in norms)),
        f"{judge.id} is to find on {listed([n.id for n in norms], 3)}, and the text gives it no "
        "vote: whatever it finds does not stand.",
        story,
        no_story="" if story else "no course of events was found in which one of them is breached",
        options=(
            Option("Say how it decides.", f"[{judge.id}: vote … of … | consensus | majority]"),
            Option("Let a body with rules of its own find.", f"[{judge.id}: own rules]"),
        ),
    )


def _unheard(context: Context, ground: Ground, judge: Institution, norm: Norm) -> Story | None:
    from dataclasses import replace

    from servanda.reason.acts import dated, finding_act
    from servanda.reason.replay import replays
    from servanda.reason.setting import instant

    story = breach(context, ground, norm)
    if story is None:
        return None
    instance = story.shows[0].instance
    last = story.as_of[:10]
    from datetime import date, timedelta

    day = date.fromisoformat(last) + timedelta(days=1)
    act = finding_act(judge.id, instance, "breach", 99)
    rows = tuple(dated(ground.setting, act, instant(day), 99))
    made = replace(
        story,
        rows=(*story.rows, *rows),
        told=(*story.told, (day.isoformat(), f"{judge.id} finds the breach, all voting for it")),
        as_of=f"{day.isoformat()}T13:00:00Z",
        shows=(Claim(instance, "breached"), Claim(instance, "found", False)),
    )
    return made if replays(ground.setting, made) else None
