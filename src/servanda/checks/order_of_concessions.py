"""Order of concessions: who moves first, and what it has received by then.

Per party: an act that cannot be taken back, given before the ban that protects its giver holds, or
before what answers to it is dated; and relief in stages that no stage is tied to.
"""

from collections.abc import Iterator
from typing import Any

from servanda.checks.circular_prerequisites import needed
from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import bearers, binding, listed, names_of, patterns_of
from servanda.engine.strata import start_of
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind
from servanda.reason.ground import Ground, Node
from servanda.reason.quiet import at_risk
from servanda.reason.replay import Claim, Story
from servanda.report.balance import balance

ORDER = 13
TITLE = "Order of concessions"
CODES = {
    "SA1301": Code(Severity.RISK, "given for good before the answer has a day"),
    "SA1302": Code(Severity.RISK, "given for good before the ban that protects the giver"),
    "SA1303": Code(Severity.GAP, "relief in stages that nothing is tied to"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    if not context.sound:
        return
    rows = {row["party"]: row for row in balance(context.library)}
    for party, row in rows.items():
        yield from _unanswered(context, party, row)
        yield from _unprotected(context, party, row)
    for norm in context.norms:
        if norm.kind is NormKind.STAGED and not _tied(context, norm):
            yield AuditWarning(
                "SA1303",
                Severity.RISK if norm.open_on_purpose else Severity.GAP,
                (context.clause(norm),),
                f"{norm.id} speaks of stages, and none waits for anything that is to be kept or "
                "done.",
                no_story=IN_THE_TEXT,
                options=(
                    Option(
                        "Tie each stage to what has to be kept, and for how long.",
                        f"[{norm.id}: from … has been kept for … days]",
                        norm.provision,
                    ),
                ),
            )


def _tied(context: Context, norm: Norm) -> bool:
    start = start_of(norm).condition
    conditions = [start, *([norm.condition] if norm.condition is not None else [])]
    return any(
        isinstance(node, c.StateOf | c.KeptFor)
        for cond in conditions
        for node in walk(cond, context.agreement)
    ) or not isinstance(start, c.InForce | c.FromInstant)


def _unanswered(context: Context, party: str, row: dict[str, Any]) -> Iterator[AuditWarning]:
    """Given first and for good, while what waits for it has no day."""
    agreement = context.agreement
    for name in row["irreversible"]:
        answers = [
            agreement.norms[n]
            for n in row["awaited"].get(name, ())
            if agreement.norms[n].duty == "achieve" and n in row["gets"]
        ]
        undated = [n for n in answers if missing(n.deadline) and missing(n.every)]
        if not undated:
            continue
        given = agreement.norms[name]
        held = context.across(
            [given, undated[0]],
            on(_waiting, context, given, undated[0]),
        )
        if held.story is None:
            continue
        yield AuditWarning(
            "SA1301",
            Severity.RISK,
            (context.clause(given), *(context.clause(n, "deadline") for n in undated)),
            f"{party} gives {name} for good; {listed([n.id for n in undated])}, which answers to "
            "it, "
            "has no day.",
            held.story,
            options=(
                Option(
                    "Date the answer from what was given, or let both fall due together.",
                    f"[{undated[0].id}: within … days of {name} is fulfilled]",
                    undated[0].provision,
                ),
            ),
            readings=held.readings,
        )


def _waiting(context: Context, ground: Ground, given: Norm, answer: Norm) -> Story | None:
    one = ground.setting.instances(given.id)
    two = ground.setting.instances(answer.id)
    if not one or not two:
        return None
    wants = [Claim(i.id, "done") for i in one[:2]]
    wants += [Claim(two[0].id, "running"), Claim(two[0].id, "done", False)]
    return context.prove(ground, wants, [Claim(two[0].id, "breached", False)], later=3650).story


# --- before the ban -------------------------------------------------------------------------------


def _unprotected(context: Context, party: str, row: dict[str, Any]) -> Iterator[AuditWarning]:
    """Withdrawn for good while the other's ban on attacks has not begun."""
    agreement = context.agreement
    bans = [
        n
        for n in context.norms
        if binding(n)
        and n.duty == "not"
        and any(p.type == "attack" for p in patterns_of(n, agreement))
        and _protects(context, n, party)
    ]
    for name in row["irreversible"]:
        given = agreement.norms[name]
        if name not in row["moves_first"]:
            continue
        if not any(p.type == "forces_withdrawn" for p in patterns_of(given, agreement)):
            continue
        found = []
        for ban in bans:
            if any(n == name for n, _ in needed(start_of(ban).condition, agreement, context.first)):
                continue
            held = context.across(
                [given, ban],
                on(_exposed, context, given, ban, party),
            )
            if held.story is not None:
                found.append((ban, held))
        if not found:
            continue
        shown = [ban.id for ban, _ in found]
        yield AuditWarning(
            "SA1302",
            Severity.RISK,
            (context.clause(given), *(context.clause(ban, "start") for ban, _ in found)),
            f"{party} can have given {name} for good before {listed(shown)} protects it: neither "
            "waits for the other.",
            found[-1][1].story,
            options=(
                Option(
                    "Let it begin once the ban has been kept for some time.",
                    f"[{name}: from {shown[-1]} has been kept for … days]",
                    given.provision,
                ),
            ),
            readings=found[-1][1].readings,
        )


def _protects(context: Context, ban: Norm, party: str) -> bool:
    agreement = context.agreement
    named = names_of(agreement, ban.toward) if ban.toward is not None else ()
    mutual = party in bearers(agreement, ban) and isinstance(ban.toward, c.Var)
    return party in named or mutual


def _exposed(context: Context, ground: Ground, given: Norm, ban: Norm, party: str) -> Story | None:
    agreement = context.agreement
    one = [i for i in ground.setting.instances(given.id) if party in i.bearers][:1]
    others = [i for i in ground.setting.instances(ban.id) if party not in i.bearers]
    assert ban.condition is not None
    for other in others:
        if not one:
            return None
        done = ground.flag(one[0], "done")
        act = ground.node(ban.condition, other.env, True)
        after = ground.add(Node("once", (ground.both([done, act]),)))
        bans = [
            i
            for n in context.norms
            if binding(n) and n.duty == "not" and set(bearers(agreement, n)) & set(other.bearers)
            for i in ground.setting.instances(n.id)
            if i.bearers == other.bearers
        ]
        quiet = [Claim(i.id, "breached", False) for i in at_risk(ground, [done, after], bans)]
        wants = [Claim(one[0].id, "done"), *quiet, Claim(one[0].id, "begun")]
        story = context.prove(ground, wants, [Claim(other.id, "begun", False)], goal=after).story
        if story is not None:
            from dataclasses import replace

            shows = (wants[0], Claim(other.id, "begun", False), Claim(other.id, "breached", False))
            return replace(story, shows=shows)
    return None
