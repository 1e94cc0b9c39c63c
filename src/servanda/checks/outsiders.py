"""Duties on those who do not sign, with what they have said of them on record.

A treaty creates no obligation for a third State without its consent (Vienna Convention on the Law
of Treaties, articles 34 and 35). Positions come from positions.yaml and negotiation.yaml, with
source.
"""

from collections.abc import Iterator
from typing import Any

from servanda.checks.frame.context import Context, on
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import (
    bearers,
    binding,
    is_money,
    listed,
    names_of,
    own_bodies,
    patterns_of,
    signers,
    spoken,
    title_of,
)
from servanda.model.norm import Norm, NormKind
from servanda.model.record_type import ArgKind
from servanda.reason.ground import Ground
from servanda.reason.replay import NEVER_ENDING, Claim, Story
from servanda.report.negotiation import Row, negotiation, positions

ORDER = 8
TITLE = "Duties on those who do not sign"
CODES = {
    "SA0801": Code(Severity.GAP, "a duty on somebody who does not sign"),
    "SA0802": Code(Severity.GAP, "a duty on a source of money, which has no will"),
    "SA0803": Code(Severity.GAP, "an act that needs somebody who owes nothing"),
    "SA0804": Code(Severity.GAP, "a duty that nobody bears"),
    "SA0805": Code(Severity.RISK, "a duty on others who are not named"),
}
MOST_SHOWN = 4  # positions


def check(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    for norm in context.norms:
        if not binding(norm) and norm.kind not in (NormKind.POWER, NormKind.GUARANTEE):
            continue
        named = bearers(agreement, norm)
        money = [b for b in named if is_money(b, agreement)]
        outside = [b for b in named if b not in money and not _bound(context, b)]
        if norm.bearers is None or not norm.bearers.values:
            yield _nobody(context, norm)
        elif norm.bearers.open is not None:
            yield _unnamed(context, norm)
        if outside:
            yield _outside(context, norm, outside)
        if money:
            yield _money(context, norm, money)
        if norm.duty in ("achieve", "maintain") and not outside:
            yield from _needed(context, norm, named)


def _bound(context: Context, actor: str) -> bool:
    """Whether it signs, is a body of the agreement, or belongs to a group that signs."""
    agreement = context.agreement
    if actor in signers(agreement) or actor in own_bodies(agreement):
        return True
    declared = agreement.actors.get(actor)
    return declared is None and any(
        actor in agreement.actors[g].members for g in signers(agreement)
    )


def _outside(context: Context, norm: Norm, outside: list[str]) -> AuditWarning:
    held = None
    if context.sound:
        held = context.across([norm], on(_idle, context, norm), terms=())
    story = None if held is None else held.story
    who = listed([title_of(context.agreement, b) for b in outside], 4)
    verb = "does" if len(outside) == 1 else "do"
    return AuditWarning(
        "SA0801",
        Severity.GAP,
        (context.clause(norm, "bearers"),),
        f"{norm.id} binds {who}, who {verb} not sign: without consent in writing nothing is owed.",
        story,
        no_story="" if story else "no course of events was found in which it begins",
        options=(
            Option(
                "Ask for its consent in writing, and let the clause wait for it.",
                f"[{norm.id}: from consent of {{{', '.join(outside[:3])}}}]",
                norm.provision,
            ),
            Option(
                "Turn it into a duty of those who sign to work for it.",
                f"[{norm.id}: bearer {', '.join(signers(context.agreement)[:2])}: to seek that …]",
                norm.provision,
            ),
        ),
        detail=_said(context, norm, outside),
    )


def _nobody(context: Context, norm: Norm) -> AuditWarning:
    held = None
    if context.sound:
        held = context.across([norm], on(_idle, context, norm), terms=())
    story = None if held is None else held.story
    return AuditWarning(
        "SA0804",
        Severity.RISK if norm.open_on_purpose else Severity.GAP,
        (context.clause(norm, "bearers"),),
        f"Nobody is named to bear {norm.id}: whoever is asked can point to another.",
        story,
        no_story="" if story else IN_THE_TEXT,
        options=(
            Option("Name who owes it.", f"[{norm.id}: bearer … | each of {{…}}]", norm.provision),
        ),
    )


def _unnamed(context: Context, norm: Norm) -> AuditWarning:
    assert norm.bearers is not None
    return AuditWarning(
        "SA0805",
        Severity.RISK,
        (context.clause(norm, "bearers"),),
        f"{norm.id} binds further “{norm.bearers.open}”, who are not named and owe nothing by it.",
        no_story=IN_THE_TEXT,
        options=(
            Option("Name them, or say how others join.", f"[{norm.id}: bearer …]", norm.provision),
        ),
    )


def _idle(context: Context, ground: Ground, norm: Norm) -> Story | None:
    """It does nothing, or what it should not; shown with what the evaluator makes of it."""
    for one in ground.setting.instances(norm.id)[:1]:
        if norm.duty == "not":
            return context.prove(ground, [Claim(one.id, "breached")]).story
        wants = [Claim(one.id, "running")]
        if norm.duty == "achieve":
            wants.append(Claim(one.id, "done", False))
        return context.prove(ground, wants, later=NEVER_ENDING).story
    return None


def _said(context: Context, norm: Norm, outside: list[str]) -> tuple[str, ...]:
    """Positions on record, the latest first; nothing is read into silence."""
    rows: list[Row] = context.kept("positions", lambda: positions(context.library))
    told: list[Any] = context.kept("negotiation", lambda: negotiation(context.library))[
        "statements"
    ]
    groups = {b: {b, *_groups(context, b)} for b in outside}
    names = {n for found in groups.values() for n in found}
    mine = [r for r in rows if r.get("point") == norm.provision and r.get("party") in names]
    mine.sort(key=lambda r: str(r.get("date")), reverse=True)
    lines = [
        f"{spoken(str(r.get('party')))}, {r.get('date')}, {r.get('position')}: "
        f"{r.get('paraphrase')}"
        f" ({r.get('source')})"
        for r in mine[:MOST_SHOWN]
    ]
    lines += [
        f"{spoken(str(s.get('speaker')))}, {s.get('date')}: {s.get('says')}"
        for s in told
        if norm.id in (s.get("against") or [])
    ][:MOST_SHOWN]
    return tuple(lines)


def _groups(context: Context, actor: str) -> list[str]:
    return [
        a.id for a in context.agreement.actors.values() if actor in a.members or actor in a.voice
    ]


def _money(context: Context, norm: Norm, money: list[str]) -> AuditWarning:
    return AuditWarning(
        "SA0802",
        Severity.GAP,
        (context.clause(norm, "bearers"),),
        f"{norm.id} binds {listed([title_of(context.agreement, m) for m in money])}: money owes "
        "nothing, and who holds it and must release it is not said.",
        no_story=IN_THE_TEXT,
        options=(
            Option(
                "Name the holders, each with its amount and the law that lets it pay.",
                f"[{norm.id}: bearer each of {{…}}]",
                norm.provision,
            ),
        ),
        detail=_said_of_point(context, norm),
    )


def _said_of_point(context: Context, norm: Norm) -> tuple[str, ...]:
    rows: list[Row] = context.kept("positions", lambda: positions(context.library))
    mine = [
        r
        for r in rows
        if r.get("point") == norm.provision
        and str(r.get("party")) not in signers(context.agreement)
        and r.get("position") != "accept"
    ]
    mine.sort(key=lambda r: str(r.get("date")), reverse=True)
    return tuple(
        f"{spoken(str(r.get('party')))}, {r.get('date')}, {r.get('position')}: "
        f"{r.get('paraphrase')}"
        f" ({r.get('source')})"
        for r in mine[:MOST_SHOWN]
    )


def _needed(context: Context, norm: Norm, named: tuple[str, ...]) -> Iterator[AuditWarning]:
    """Actors in the act that is owed, beside its doer, who neither sign nor owe anything."""
    agreement = context.agreement
    concerned = {*named, *(names_of(agreement, norm.toward) if norm.toward is not None else ())}
    if norm.beneficiary is not None:
        concerned |= set(names_of(agreement, norm.beneficiary))
    found: dict[str, None] = {}
    for pattern in patterns_of(norm, agreement):
        record_type = agreement.record_types[pattern.type]
        for arg in pattern.args:
            declared = record_type.arg(arg.name)
            if declared is None or declared.kind is not ArgKind.ACTOR or declared.many:
                continue
            if arg.name in (record_type.actor, record_type.declared_by):
                continue
            for name in names_of(agreement, arg.value):
                if name in concerned or name in agreement.funds or _bound(context, name):
                    if not _only_member(context, name):
                        continue
                if name not in concerned and name not in agreement.funds:
                    found[name] = None
    if found:
        yield AuditWarning(
            "SA0803",
            Severity.GAP,
            (context.clause(norm),),
            f"{norm.id} takes {listed([title_of(agreement, n) for n in found])}, who owes nothing "
            "by it: its consent is not provided for.",
            no_story=IN_THE_TEXT,
            options=(
                Option(
                    "Ask for its consent, or let it bear a duty of its own.",
                    f"[{norm.id}: with the consent of {', '.join(found)}]",
                    norm.provision,
                ),
            ),
        )


def _only_member(context: Context, name: str) -> bool:
    """Somebody whom the text knows only as a member of a group."""
    agreement = context.agreement
    return name not in agreement.actors and any(
        name in a.members for a in agreement.actors.values()
    )
