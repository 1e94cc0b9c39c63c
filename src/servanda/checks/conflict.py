"""Conflict: two norms that one actor cannot both keep, by act, actor, place, time or number.

z3 says that whatever fulfils the one offends the other (or that two limits leave no number);
clingo looks for a course in which both are kept; only where none is found, and a course in which
the one is kept by breaching the other replays, there is a warning.
"""

from collections.abc import Iterator

from servanda.checks.frame.context import Context, on
from servanda.checks.frame.warning import AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import binding, listed
from servanda.engine.instances import Instance
from servanda.engine.priority import going_before
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind
from servanda.reason.courses import Verdict
from servanda.reason.ground import Ground, Node
from servanda.reason.readings import Readings
from servanda.reason.replay import Claim, Story

ORDER = 1
TITLE = "Conflict: what one actor cannot both keep"
CODES = {
    "SA0101": Code(Severity.BREAKS, "a duty that only a forbidden act fulfils"),
    "SA0102": Code(Severity.BREAKS, "limits that leave no number"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        return
    yield from _acts(context)
    yield from _limits(context)


# --- acts -----------------------------------------------------------------------------------------


def _acts(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    bans: dict[str, list[Norm]] = {}
    for norm in context.norms:
        if binding(norm) and norm.duty == "not":
            for name in _types(context, norm):
                bans.setdefault(name, []).append(norm)
    for duty in context.norms:
        if not binding(duty) or duty.duty == "not":
            continue
        seen: set[str] = set()
        for ban in (b for name in sorted(_types(context, duty)) for b in bans.get(name, ())):
            if ban.id in seen or duty.id in {n.id for n in going_before(ban, agreement)}:
                continue
            seen.add(ban.id)
            if context.budget.spent:
                context.leave(f"{duty.id} and what follows it", "one pair after another")
                return
            held = context.across([duty, ban], on(_pair, context, duty, ban))
            if held.story is not None:
                yield _warning(context, duty, ban, held.story, held.readings)


def _types(context: Context, norm: Norm) -> set[str]:
    assert norm.condition is not None
    found = walk(norm.condition, context.agreement)
    return {node.type for node in found if isinstance(node, c.Pattern)}


def _pair(context: Context, ground: Ground, duty: Norm, ban: Norm) -> Story | None:
    guards = context.guards(ground.setting.assignment)
    for one in ground.setting.instances(duty.id):
        for other in ground.setting.instances(ban.id):
            if not _shared(one, other):
                continue
            assert duty.condition is not None and ban.condition is not None
            demanded, forbidden = (duty.condition, one.env), (ban.condition, other.env)
            if not guards.together(demanded, forbidden) or not guards.covers(forbidden, demanded):
                continue
            if (story := _shown(context, ground, one, other)) is not None:
                return story
    return None


def _shared(one: Instance, other: Instance) -> bool:
    return not one.bearers or not other.bearers or bool(set(one.bearers) & set(other.bearers))


def _shown(context: Context, ground: Ground, one: Instance, other: Instance) -> Story | None:
    """A course in which only the breach fulfils; None where some course keeps both."""
    done = Claim(one.id, "done") if one.norm.duty == "achieve" else Claim(one.id, "clean")
    both = [done, Claim(other.id, "breached", False), Claim(other.id, "cured", False)]
    if one.norm.duty == "achieve":
        both.append(Claim(one.id, "breached", False))
    # What was done before anybody was bound is no way out: it has to be owed first.
    asks = [Claim(one.id, "begun")]
    begun, fulfilled = ground.flag(one, "begun"), ground.flag(one, "done")
    owed = ground.both([begun, ground.opposite(fulfilled)])
    owed_once = ground.add(Node("once", (owed,)))
    kept = context.prove(ground, [*asks, *both], goal=owed_once)
    if kept.verdict is Verdict.FOUND:
        return None
    return context.prove(ground, [*asks, done, Claim(other.id, "breached")], goal=owed_once).story


def _warning(
    context: Context, duty: Norm, ban: Norm, story: Story, readings: tuple[Readings, ...]
) -> AuditWarning:
    who = listed(sorted({b for c_ in story.shows for b in _bearers(context, c_.instance)}))
    return AuditWarning(
        "SA0101",
        Severity.BREAKS,
        (context.clause(duty), context.clause(ban)),
        f"{who or 'Its bearer'} can fulfil {duty.id} only by doing what {ban.id} forbids.",
        story,
        options=(
            Option(
                f"Say which goes before: {duty.id} notwithstanding {ban.id}, or the other way.",
                f"[{duty.id}: notwithstanding {ban.id}]",
                duty.provision,
            ),
            Option(
                f"Let {ban.id} wait until {duty.id} is fulfilled, or end before it begins.",
                f"[{ban.id}: from {duty.id} is fulfilled]",
                ban.provision,
            ),
        ),
        readings=readings,
    )


def _bearers(context: Context, instance: str) -> tuple[str, ...]:
    norm = instance.split("[", maxsplit=1)[0]
    found = [i for i in context.ground().setting.instances(norm) if i.id == instance]
    return found[0].bearers if found else ()


# --- limits ---------------------------------------------------------------------------------------


def _limits(context: Context) -> Iterator[AuditWarning]:
    """Pairs of limits on the same measure, and single ones, that no number meets."""
    limits = [n for n in context.norms if n.kind is NormKind.MAINTAIN or _measures(n)]
    limits = [
        n for n in limits if binding(n) and n.duty in ("maintain", "achieve") and _measures(n)
    ]
    if not limits or _all_meet(context, limits):
        return
    for index, norm in enumerate(limits):
        for other in limits[index:]:
            if not _measures(norm) & _measures(other):
                continue
            if context.budget.spent:
                context.leave("limits on the same measure", "one pair after another")
                return
            held = context.across([norm, other], on(_crossed, context, norm, other))
            if held.story is None:
                continue
            both = [norm] if other is norm else [norm, other]
            clauses = tuple(context.clause(n) for n in both)
            names = norm.id if other is norm else f"{norm.id} and {other.id}"
            yield AuditWarning(
                "SA0102",
                Severity.BREAKS,
                clauses,
                f"No number meets {names}: whatever is measured, one of the limits is broken.",
                held.story,
                options=(
                    Option(
                        "Write limits that leave a number between them.",
                        f"[{norm.id}: at most … | at least …]",
                        norm.provision,
                    ),
                ),
                readings=held.readings,
            )


def _all_meet(context: Context, limits: list[Norm]) -> bool:
    """Whether all limits can be kept at once under every reading, each varied alone."""
    terms = context.terms(limits)
    for readings in context.singly(terms):
        guards = context.guards(readings)
        setting = context.ground(readings).setting
        conditions = [
            (norm.condition, one.env)
            for norm in limits
            for one in setting.instances(norm.id)
            if norm.condition is not None
        ]
        if not guards.together(*conditions):
            return False
    return True


def _measures(norm: Norm) -> set[str]:
    """What a norm measures, by name; a disputed term counts as its name."""
    found = [n.measure for n in _parts(norm.condition) if isinstance(n, c.Measured)]
    return {getattr(m, "name", getattr(m, "term", "")) for m in found}


def _parts(cond: c.Condition | None) -> Iterator[c.Condition]:
    from servanda.engine.walk import children

    pending = [] if cond is None else [cond]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))


def _crossed(context: Context, ground: Ground, norm: Norm, other: Norm) -> Story | None:
    guards = context.guards(ground.setting.assignment)
    for one in ground.setting.instances(norm.id):
        for two in ground.setting.instances(other.id):
            assert norm.condition is not None and other.condition is not None
            first, second = (norm.condition, one.env), (other.condition, two.env)
            if guards.together(first, second) is not False:
                continue
            if norm is not other and not (guards.together(first) and guards.together(second)):
                continue  # one of them fails by itself, and is told of by itself
            for broken, kept in ((two, one), (one, two)):
                wants = [Claim(broken.id, "breached")]
                if norm is not other and kept.norm.duty == "maintain":
                    wants.append(Claim(kept.id, "clean"))
                story = context.prove(ground, wants).story
                if story is not None:
                    return story
    return None
