"""Circular prerequisites and deadlock: each waits for the other, or for what nobody dares to do.

A commitment that waits for its own begin never begins (least solution): clingo's relaxed problem
says that no course of events gets out, and a course in which everybody is willing shows it. The
ceasefire that waits for a withdrawal under fire is the softer form: nothing forbids to fire
meanwhile.
"""

from collections.abc import Iterator

from servanda.checks.frame.context import Context, on
from servanda.checks.frame.warning import AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import bearers, binding, listed
from servanda.engine.strata import NegativeCycle, components, edges, start_of, strata
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.norm import Norm
from servanda.reason.courses import reachable
from servanda.reason.ground import Ground, Node
from servanda.reason.quiet import at_risk
from servanda.reason.replay import NEVER_ENDING, Claim, Story

ORDER = 2
TITLE = "Circular prerequisites and deadlock"
CODES = {
    "SA0201": Code(Severity.BREAKS, "commitments that wait for each other for ever"),
    "SA0203": Code(Severity.BREAKS, "what waits for its own opposite"),
    "SA0202": Code(Severity.BREAKS, "a ban that waits for acts it should protect"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        yield from _opposites(context)
        return
    yield from _deadlocks(context)
    yield from _unprotected(context)


def _opposites(context: Context) -> Iterator[AuditWarning]:
    """A circle through a negation at one instant: an error of the text (SV0604), told here too."""
    try:
        strata(context.agreement)
    except NegativeCycle as circle:
        norms = [context.agreement.norms[n] for n in circle.norms]
        yield AuditWarning(
            "SA0203",
            Severity.BREAKS,
            tuple(context.clause(n, "start") for n in norms),
            f"{listed(circle.norms)} wait at one instant for the opposite of what waits for them: "
            "nothing can be worked out first.",
            no_story="where nothing can be worked out nothing can be shown by an example",
            options=(
                Option(
                    "Let one of them ask for what was before.",
                    f"[{circle.norms[0]}: from once (0 hours, *] (…)]",
                    norms[0].provision,
                ),
            ),
        )


# --- deadlock -------------------------------------------------------------------------------------


def circles(agreement: Agreement, readings: dict[str, str]) -> list[tuple[str, ...]]:
    """Groups of norms whose begin or fulfilment needs itself, in the order of the text."""
    graph: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for needs, needed, sign in edges(agreement, readings):
        if sign and needs[1] in ("begun", "fulfilled") and needed[0] in agreement.norms:
            graph.setdefault(needs, set()).add(needed)
            graph.setdefault(needed, set())
    place = {norm: i for i, norm in enumerate(agreement.norms)}
    found = []
    for group in components(graph):
        if len(group) > 1 or group[0] in graph[group[0]]:
            found.append(tuple(sorted({norm for norm, _ in group}, key=place.__getitem__)))
    return found


def _deadlocks(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    everything = tuple(agreement.terms)
    groups = {group for r in context.readings(everything[:0]) for group in circles(agreement, r)}
    for group in sorted(groups, key=lambda g: list(agreement.norms).index(g[0])):
        norms = [agreement.norms[n] for n in group]
        held = context.across(norms, on(_stuck, context, group))
        if held.story is None:
            continue
        yield AuditWarning(
            "SA0201",
            Severity.BREAKS,
            tuple(context.clause(n, "start") for n in norms),
            f"{listed(group)} wait for each other: however willing all are, none begins."
            if len(group) > 1
            else f"{group[0]} waits for itself, and never begins.",
            held.story,
            options=(
                Option(
                    "Let one of them begin by itself, with the agreement or on a day.",
                    f"[{group[0]}: from in_force]",
                    norms[0].provision,
                ),
                Option(
                    "Let both begin at one time, and each be suspended while the other is "
                    "breached.",
                    f"[{listed(group)}: from …, suspended while … is breached]",
                    norms[-1].provision,
                ),
            ),
            readings=held.readings,
        )


def circles_of(context: Context, readings: dict[str, str]) -> list[tuple[str, ...]]:
    """The circles under some readings, worked out once for an audit."""
    key = f"circles:{sorted(readings.items())}"
    found: list[tuple[str, ...]] = context.kept(key, lambda: circles(context.agreement, readings))
    return found


def _stuck(context: Context, ground: Ground, group: tuple[str, ...]) -> Story | None:
    """A course in which all do their part, and nothing has begun ten years later."""
    found = [i for n in group for i in ground.setting.instances(n)]
    nodes = [ground.flag(i, "begun") for i in found]
    stuck = [
        (i, node)
        for i, node, can in zip(found, nodes, reachable(ground, nodes), strict=True)
        if not can
    ]
    if not any(circle_of(context, ground, group)) or not stuck:
        return None
    willing = [
        ground.add(Node("once", (ground.node(i.norm.condition, i.env),)))
        for i, _ in stuck
        if i.norm.condition is not None and i.norm.duty == "achieve"
    ][:3]
    in_force = ground.node(c.InForce(), {})
    claims = [Claim(i.id, "begun", False) for i, _ in stuck]
    later = NEVER_ENDING
    goal = ground.both([in_force, *willing])
    proof = context.prove(ground, claims, goal=goal, later=later)
    if proof.story is None:
        proof = context.prove(ground, claims, goal=in_force, later=later)
    return proof.story


def circle_of(context: Context, ground: Ground, group: tuple[str, ...]) -> Iterator[bool]:
    """Whether the circle is there under this reading."""
    readings = dict(ground.setting.assignment)
    for one in circles_of(context, readings):
        yield set(one) <= set(group) or set(group) <= set(one)


# --- under fire -----------------------------------------------------------------------------------


def needed(
    cond: c.Condition, agreement: Agreement, readings: dict[str, str]
) -> frozenset[tuple[str, str]]:
    """States of norms, as a whole, without which a condition cannot hold: (norm, state)."""
    match cond:
        case c.StateOf(norm, keys, state):
            return frozenset() if keys else frozenset({(norm, state)})
        case c.KeptFor(norm):
            return frozenset({(norm, "active")})
        case c.And(parts):
            return frozenset().union(*(needed(p, agreement, readings) for p in parts))
        case c.Or(parts):
            each = [needed(p, agreement, readings) for p in parts]
            return frozenset.intersection(*each) if each else frozenset()
        case c.TermHolds(term):
            chosen = next(
                (r.value for r in agreement.terms[term].readings if r.name == readings.get(term)),
                None,
            )
            if isinstance(chosen, c.Condition):
                return needed(chosen, agreement, readings)
            return frozenset()
        case c.Call(name) if name in agreement.definitions:
            return needed(agreement.definitions[name].condition, agreement, readings)
        case c.After(body=body) | c.Lasting(body=body) | c.Temporal(op="once", body=body):
            return needed(body, agreement, readings)
        case _:
            return frozenset()


def _unprotected(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    for ban in context.norms:
        if not binding(ban) or ban.duty != "not" or not isinstance(ban.toward, c.Var):
            continue  # only what each owes the other protects them
        held = context.across([ban], on(_under_fire, context, ban))
        if held.story is None:
            continue
        acts = sorted({c_.instance.split("[")[0] for c_ in held.story.shows} - {ban.id})
        waits = [agreement.norms[a] for a in acts if agreement.norms[a].duty == "achieve"]
        yield AuditWarning(
            "SA0202",
            Severity.BREAKS,
            (context.clause(ban, "start"), *(context.clause(n) for n in waits)),
            f"{ban.id} protects nobody until {listed(n.id for n in waits)} is fulfilled by those "
            "whom it should protect meanwhile.",
            held.story,
            options=(
                Option(
                    "Let the ban begin first, on a day or with the agreement.",
                    f"[{ban.id}: from in_force]",
                    ban.provision,
                ),
                Option(
                    "Write a shorter ban for the meantime, for the places and roads of it.",
                    f"[{ban.id}: a local ban from in_force until {waits[0].id if waits else '…'} "
                    "is fulfilled]",
                    ban.provision,
                ),
            ),
            readings=held.readings,
        )


def _under_fire(context: Context, ground: Ground, ban: Norm) -> Story | None:
    agreement = context.agreement
    readings = dict(ground.setting.assignment)
    start = needed(start_of(ban).condition, agreement, readings)
    before = [agreement.norms[n] for n, state in sorted(start) if state == "fulfilled"]
    mine = set(bearers(agreement, ban))
    assert ban.condition is not None
    for prior in before:
        each = prior.bearers is not None and prior.bearers.each
        if prior.duty != "achieve" or not each or len(mine & set(bearers(agreement, prior))) < 2:
            continue
        others = [n for n in context.norms if binding(n) and n.duty == "not"]
        for one in ground.setting.instances(ban.id):
            doing = [i for i in ground.setting.instances(prior.id) if i.bearers != one.bearers]
            if not doing:
                continue
            wants = [Claim(doing[0].id, "running"), Claim(doing[0].id, "done", False)]
            bans = [
                i
                for n in others
                for i in ground.setting.instances(n.id)
                if i.bearers == one.bearers
            ]
            act = ground.node(ban.condition, one.env, True)
            running = ground.flag(doing[0], "running")
            hit = ground.add(Node("once", (ground.both([act, running]),)))
            quiet = [Claim(i.id, "breached", False) for i in at_risk(ground, [hit, running], bans)]
            asked = [*wants, *quiet]
            proof = context.prove(ground, asked, [Claim(one.id, "begun", False)], goal=hit)
            if proof.story is not None:
                shows = (*wants, Claim(one.id, "begun", False), Claim(one.id, "breached", False))
                return _with(proof.story, shows)
    return None


def _with(story: Story, shows: tuple[Claim, ...]) -> Story:
    from dataclasses import replace

    return replace(story, shows=shows)
