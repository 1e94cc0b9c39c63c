"""Money: sums that do not add up, funds nobody can release, balances without an owner, currencies.

z3 adds up what is promised to a fund and what is asked of it, in exact decimals and one currency at
a time.  A payment without a lower limit is shown by a course in which one unit fulfils it.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from servanda.checks.frame.context import Context, missing, on
from servanda.checks.frame.warning import IN_THE_TEXT, AuditWarning, Clause, Code, Option, Severity
from servanda.checks.frame.words import (
    bearers,
    binding,
    listed,
    names_of,
    nodes_of,
    patterns_of,
    spoken,
)
from servanda.model import condition as c
from servanda.model.actor import ActorKind
from servanda.model.fund import Commitment, Fund
from servanda.model.institution import VoteRule
from servanda.model.norm import By, Norm
from servanda.model.quantity import Quantity
from servanda.model.record_type import ArgKind
from servanda.reason import extra
from servanda.reason.ground import Ground
from servanda.reason.replay import Claim, Story

ORDER = 11
TITLE = "Money"
CODES = {
    "SA1101": Code(Severity.BREAKS, "more is asked of a fund than it can have"),
    "SA1102": Code(Severity.GAP, "a commitment whose amount or day is open"),
    "SA1103": Code(Severity.BREAKS, "shares that are more than the whole"),
    "SA1104": Code(Severity.BREAKS, "a fund and a norm that name different sums"),
    "SA1105": Code(Severity.GAP, "a fund that nobody can release"),
    "SA1106": Code(Severity.GAP, "a balance without an owner at the end"),
    "SA1107": Code(Severity.GAP, "a payment that one unit fulfils"),
    "SA1108": Code(Severity.BREAKS, "currencies that are mixed"),
    "SA1109": Code(Severity.GAP, "a sum owed by a group, without shares or form"),
    "SA1110": Code(Severity.RISK, "a part of the profit that belongs to nobody"),
    "SA1111": Code(Severity.RISK, "one source promised more than once"),
    "SA1112": Code(Severity.RISK, "a waiver of claims beside payments out of what is held"),
}


def check(context: Context) -> Iterator[AuditWarning]:
    agreement = context.agreement
    for fund in agreement.funds.values():
        yield from _rules(context, fund)
        yield from _shares(fund)
        yield from _adds_up(context, fund)
    yield from _sources(context)
    yield from _waiver(context)
    for norm in context.norms:
        if binding(norm):
            yield from _payment(context, norm)
            yield from _currency(context, norm)


def _of(fund: Fund, field: str = "") -> Clause:
    return Clause(f"{fund.id}.{field}" if field else fund.id, fund.span)


def _rules(context: Context, fund: Fund) -> Iterator[AuditWarning]:
    name = fund.title or spoken(fund.id)
    if missing(fund.release_by):
        yield _open(
            "SA1105",
            _of(fund, "release_by"),
            f"Nobody is named who releases money from {name}: what is paid in stays there.",
            f"[{fund.id}: release by …]",
        )
    elif isinstance(fund.release_by, str) and not _can_decide(context, fund.release_by):
        yield _open(
            "SA1105",
            _of(fund, "release_by"),
            f"{spoken(fund.release_by)} releases money from {name}, and the text gives it no "
            "vote: it "
            "cannot decide to.",
            f"[{fund.release_by}: vote …]",
        )
    if missing(fund.on_close_to):
        yield _open(
            "SA1106",
            _of(fund, "on_close_to"),
            f"Who owns what is left of {name} at the end is not said.",
            f"[{fund.id}: on close to …]",
        )
    for one in fund.commitments:
        where = Clause(f"{fund.id}.{one.by}", one.span if one.span.file else fund.span)
        lacks = [
            what
            for what, gone in (
                ("how much", missing(one.amount) and one.remainder_of is None),
                ("by when", missing(one.due)),
            )
            if gone
        ]
        if lacks:
            yield _open(
                "SA1102",
                where,
                f"{spoken(one.by)} commits money to {name}, and {' and '.join(lacks)} is not said.",
                f"[{fund.id}: commitment {one.by} … by …]",
            )
        if one.remainder_of is not None:
            yield _floating(context, fund, one, where)


def _open(code: str, where: Clause, sentence: str, text: str) -> AuditWarning:
    return AuditWarning(
        code,
        CODES[code].severity,
        (where,),
        sentence,
        no_story=IN_THE_TEXT,
        options=(Option("Say it.", text),),
    )


def _can_decide(context: Context, body: str) -> bool:
    institution = context.agreement.institutions.get(body)
    if institution is None:
        actor = context.agreement.actors.get(body)
        return actor is None or actor.kind is not ActorKind.BODY
    return institution.own_rules or isinstance(institution.vote, VoteRule)


def _floating(context: Context, fund: Fund, one: Commitment, where: Clause) -> AuditWarning:
    """What remains depends on a total that nobody has to measure."""
    measured = any(
        isinstance(node, c.Measured)
        and one.remainder_of in names_of(context.agreement, node.measure)
        for norm in context.norms
        for node in nodes_of(norm, context.agreement)
    )
    told = "" if measured else ", which no clause has anybody measure"
    return AuditWarning(
        "SA1102",
        Severity.RISK if measured else Severity.GAP,
        (Clause(f"{where.id}.amount", where.span),),
        f"What {fund.title or spoken(fund.id)} receives floats: it is what remains of "
        f"{spoken(one.remainder_of or '')}{told}.",
        no_story=IN_THE_TEXT,
        options=(
            Option(
                "Name the total and who establishes it.",
                f"[{one.remainder_of}: … {fund.currency}, established by … on …]",
            ),
        ),
    )


def _shares(fund: Fund) -> Iterator[AuditWarning]:
    total = sum((share for _, share in fund.profit_share), Decimal(0))
    if total > 100:
        yield AuditWarning(
            "SA1103",
            Severity.BREAKS,
            (_of(fund, "profit_share"),),
            f"The shares in the profit of {fund.title or spoken(fund.id)} come to {total} percent.",
            no_story=IN_THE_TEXT,
            options=(Option("Let them come to 100.", f"[{fund.id}: profit … percent to …]"),),
        )
    elif 0 < total < 100:
        yield AuditWarning(
            "SA1110",
            Severity.RISK,
            (_of(fund, "profit_share"),),
            f"{100 - total} percent of the profit of {fund.title or spoken(fund.id)} belong to "
            "nobody "
            "by the text.",
            no_story=IN_THE_TEXT,
            options=(
                Option("Say whose it is.", f"[{fund.id}: profit {100 - total} percent to …]"),
            ),
        )


# --- sums -----------------------------------------------------------------------------------------


def _sums(context: Context) -> Iterator[tuple[Norm, c.Aggregate, Decimal, str | None]]:
    """Norms that ask for a sum of at least so much, with the currency of it."""
    for norm in context.norms:
        if not binding(norm) or norm.duty != "achieve" or norm.condition is None:
            continue
        for node in _conjuncts(norm.condition):
            quantity = node.quantity if isinstance(node, c.Aggregate) else None
            if (
                isinstance(node, c.Aggregate)
                and node.op == "sum"
                and isinstance(quantity, Quantity)
            ):
                if node.comparison in ("at least", "more than", "exactly"):
                    yield norm, node, quantity.amount, quantity.unit


def _conjuncts(cond: c.Condition) -> Iterator[c.Condition]:
    if isinstance(cond, c.And):
        for part in cond.parts:
            yield from _conjuncts(part)
    else:
        yield cond


def _args(context: Context, node: c.Aggregate) -> dict[str, tuple[str, ...]]:
    if not isinstance(node.body, c.Pattern):
        return {}
    return {a.name: names_of(context.agreement, a.value) for a in node.body.args}


def _adds_up(context: Context, fund: Fund) -> Iterator[AuditWarning]:
    """What goes out of a fund must fit into what comes in; a norm names the sum that the fund "
    "does."""
    z3 = extra.z3()
    known = [o.amount for o in fund.commitments if isinstance(o.amount, Decimal)]
    complete = bool(fund.commitments) and len(known) == len(fund.commitments)
    out: list[tuple[Norm, Decimal]] = []
    for norm, node, amount, unit in _sums(context):
        args = _args(context, node)
        kind = node.body.type if isinstance(node.body, c.Pattern) else ""
        if unit not in (None, fund.currency):
            continue
        if kind == "distributes" and fund.id in args.get("fund", ()):
            out.append((norm, amount))
        if kind == "pays" and fund.id in args.get("into", ()):
            yield from _same_sum(context, fund, norm, args.get("from", ()), amount)
    if complete and out:
        income, outgo = z3.Real("income"), z3.Real("outgo")
        solver = z3.Solver()
        solver.add(income == sum(z3.RealVal(str(a)) for a in known))
        solver.add(outgo == sum(z3.RealVal(str(a)) for _, a in out), outgo <= income)
        if solver.check() == z3.unsat:
            asked, there = sum(a for _, a in out), sum(known)
            yield AuditWarning(
                "SA1101",
                Severity.BREAKS,
                (_of(fund), *(context.clause(n) for n, _ in out)),
                f"{listed([n.id for n, _ in out])} ask {asked:f} {fund.currency} of "
                f"{fund.title or spoken(fund.id)}, which is promised {there:f}.",
                no_story="the sums stand in the text",
                options=(
                    Option(
                        "Raise what is promised, or lower what is asked.",
                        f"[{fund.id}: commitment … {asked:f}]",
                    ),
                ),
            )


def _same_sum(
    context: Context, fund: Fund, norm: Norm, payers: tuple[str, ...], amount: Decimal
) -> Iterator[AuditWarning]:
    for one in fund.commitments:
        if one.by in payers and isinstance(one.due, date) and isinstance(norm.deadline, By):
            if one.due != norm.deadline.day:
                yield _other_day(context, fund, norm, one.by, one.due, norm.deadline.day)
        if one.by in payers and isinstance(one.amount, Decimal) and one.amount != amount:
            yield AuditWarning(
                "SA1104",
                Severity.BREAKS,
                (context.clause(norm), _of(fund, one.by)),
                f"{norm.id} asks {amount:f} {fund.currency} of {spoken(one.by)}, the fund names "
                f"{one.amount:f}.",
                no_story="the sums stand in the text",
                options=(
                    Option(
                        "Name one sum in one place.",
                        f"[{norm.id}: {amount:f} | {one.amount:f} {fund.currency}]",
                        norm.provision,
                    ),
                ),
            )


def _other_day(
    context: Context, fund: Fund, norm: Norm, payer: str, one: date, other: date
) -> AuditWarning:
    return AuditWarning(
        "SA1104",
        Severity.BREAKS,
        (context.clause(norm, "deadline"), _of(fund, payer)),
        f"{norm.id} is due by {other}, the fund names {one} for {spoken(payer)}.",
        no_story="the days stand in the text",
        options=(
            Option(
                "Name one day in one place.", f"[{norm.id}: by {one} | {other}]", norm.provision
            ),
        ),
    )


def _sources(context: Context) -> Iterator[AuditWarning]:
    """One source that is promised to several, or promised and to be released as well."""
    agreement = context.agreement
    uses: dict[str, list[tuple[Clause, str]]] = {}
    for fund in agreement.funds.values():
        for one in fund.commitments:
            actor = agreement.actors.get(one.by)
            if actor is not None and actor.kind is ActorKind.HOLDING:
                span = one.span if one.span.file else fund.span
                what = f"{one.amount:f}" if isinstance(one.amount, Decimal) else "what remains"
                uses.setdefault(one.by, []).append((Clause(f"{fund.id}.{one.by}", span), what))
    released = [
        n for n in context.norms if any(p.type == "unfreezes" for p in patterns_of(n, agreement))
    ]
    for source, found in uses.items():
        others = [context.clause(n) for n in released]
        if len(found) + len(others) < 2:
            continue
        told = [f"{what} for {clause.id.split('.')[0]}" for clause, what in found]
        also = f", and {listed([n.id for n in released])} releases it" if released else ""
        yield AuditWarning(
            "SA1111",
            Severity.RISK,
            (*(clause for clause, _ in found), *others),
            f"{spoken(source)} is promised more than once ({listed(told)}{also}): that all fits "
            "into it "
            "is nowhere established.",
            no_story="how much there is, the text does not say",
            options=(
                Option(
                    "Say how much there is, in which order it is used, and what happens if it is "
                    "less.",
                    f"[{source}: in all …; first …, then …]",
                ),
            ),
        )


def _waiver(context: Context) -> Iterator[AuditWarning]:
    """By its words: no claims are to be made, and money that is held back is paid out."""
    agreement = context.agreement
    held = [
        (fund, one)
        for fund in agreement.funds.values()
        for one in fund.commitments
        if one.by in agreement.actors and agreement.actors[one.by].kind is ActorKind.HOLDING
    ]
    for norm in context.norms:
        words = f"{norm.id} {norm.text or ''}".lower().replace("_", " ")
        if not held or not ("claims" in words and ("no claims" in words or "waive" in words)):
            continue
        funds = sorted({fund.id for fund, _ in held})
        yield AuditWarning(
            "SA1112",
            Severity.RISK,
            (context.clause(norm), *(_of(fund) for fund, _ in held)),
            f"{norm.id} waives claims, and {listed(funds)} is paid out of what is held back: "
            "whether that settles claims, or is one, is not said.",
            no_story=IN_THE_TEXT,
            options=(
                Option(
                    "Say which claims end, whose, and which payments are made in place of them.",
                    f"[{norm.id}: claims of … are settled by …; others are …]",
                    norm.provision,
                ),
            ),
        )


# --- payments -------------------------------------------------------------------------------------


def _payment(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    agreement = context.agreement
    if norm.condition is None or norm.duty != "achieve":
        return
    summed = [n for n in _conjuncts(norm.condition) if isinstance(n, c.Aggregate)]
    for node in summed:
        payers = [
            b
            for b in bearers(agreement, norm)
            if b in agreement.actors and agreement.actors[b].kind is ActorKind.GROUP
        ]
        if payers and isinstance(node.body, c.Pattern) and node.body.type == "pays":
            yield AuditWarning(
                "SA1109",
                Severity.GAP,
                (context.clause(norm),),
                f"{listed([spoken(p) for p in payers])} owes a sum as a group: which member pays "
                "what share "
                f"of {norm.id}, and whether a guarantee or loan would do, is not said.",
                no_story=IN_THE_TEXT,
                options=(
                    Option(
                        "Give each its share, and say in what form it is paid.",
                        f"[{norm.id}: bearer each of {{…}}: … in cash | by guarantee]",
                        norm.provision,
                    ),
                ),
            )
    if summed or not context.sound:
        return
    money = [p for p in patterns_of(norm, agreement) if _bounds_money(context, p) is False]
    if not money:
        return
    held = context.across([norm], on(_one_unit, context, norm), terms=())
    if held.story is None:
        return
    yield AuditWarning(
        "SA1107",
        Severity.GAP,
        (context.clause(norm),),
        f"{norm.id} names no amount: one unit of money fulfils it.",
        held.story,
        options=(
            Option(
                "Name the amount, the currency, who pays and when.",
                f"[{norm.id}: sum of amount in (…) at least … | in … parts by …]",
                norm.provision,
            ),
        ),
    )


def _bounds_money(context: Context, pattern: c.Pattern) -> bool | None:
    """Whether a pattern of a payment limits the amount; None where it is no payment."""
    record_type = context.agreement.record_types[pattern.type]
    amounts = {a.name for a in record_type.args if a.kind is ArgKind.MONEY}
    if not amounts or pattern.type == "unfreezes":
        return None if not amounts else any(a.name in amounts for a in pattern.args)
    return any(a.name in amounts for a in pattern.args)


def _one_unit(context: Context, ground: Ground, norm: Norm) -> Story | None:
    for one in ground.setting.instances(norm.id)[:1]:
        return context.prove(ground, [Claim(one.id, "done")]).story
    return None


def _currency(context: Context, norm: Norm) -> Iterator[AuditWarning]:
    agreement = context.agreement
    for node in nodes_of(norm, agreement):
        if not isinstance(node, c.Aggregate) or not isinstance(node.body, c.Pattern):
            continue
        unit = node.quantity.unit if isinstance(node.quantity, Quantity) else None
        for name in (*_args(context, node).get("into", ()), *_args(context, node).get("fund", ())):
            fund = agreement.funds.get(name)
            if fund is not None and unit is not None and unit != fund.currency:
                yield AuditWarning(
                    "SA1108",
                    Severity.BREAKS,
                    (context.clause(norm), _of(fund)),
                    f"{norm.id} counts {unit}, and {fund.title or spoken(fund.id)} is kept in "
                    f"{fund.currency}: nothing is converted.",
                    no_story="the currencies stand in the text",
                    options=(
                        Option(
                            "Keep one currency, or say at which rate and on which day it is "
                            "changed.",
                            f"[{norm.id}: … {fund.currency}]",
                            norm.provision,
                        ),
                    ),
                )
