"""Cheap breach: the price of a breach is below the gain that the text itself names.

Only sums that the text gives are compared: what keeping costs, and what is to be paid on a breach.
Where it names no price there is nothing to compare, and nothing is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from servanda.checks.frame.context import Context, on
from servanda.checks.frame.warning import AuditWarning, Code, Option, Severity
from servanda.checks.frame.words import bearers, binding
from servanda.engine.strata import start_of
from servanda.engine.walk import walk
from servanda.model import condition as c
from servanda.model.norm import Norm
from servanda.model.quantity import Quantity
from servanda.reason import extra
from servanda.reason.ground import Ground
from servanda.reason.replay import Claim, Story

ORDER = 12
TITLE = "Cheap breach"
CODES = {"SA1201": Code(Severity.BREAKS, "a breach that costs less than keeping the word")}


@dataclass(frozen=True, slots=True)
class _Sum:
    amount: Decimal
    unit: str | None


def check(context: Context) -> Iterator[AuditWarning]:
    for penalty in context.norms:
        price = _least(penalty)
        if price is None or not binding(penalty):
            continue
        for name in _repaired(context, penalty):
            kept = context.agreement.norms.get(name)
            cost = None if kept is None else _least(kept)
            if kept is None or cost is None or cost.unit != price.unit:
                continue
            if not set(bearers(context.agreement, kept)) & set(bearers(context.agreement, penalty)):
                continue
            if _cheaper(price.amount, cost.amount):
                yield _warning(context, kept, cost, penalty, price)


def _least(norm: Norm) -> _Sum | None:
    """The least that a norm has its bearer pay."""
    if norm.condition is None or norm.duty != "achieve":
        return None
    parts = norm.condition.parts if isinstance(norm.condition, c.And) else (norm.condition,)
    found = []
    for node in parts:
        if (
            isinstance(node, c.Aggregate)
            and node.op == "sum"
            and isinstance(node.quantity, Quantity)
        ):
            if isinstance(node.body, c.Pattern) and node.body.type == "pays":
                found.append(_Sum(node.quantity.amount, node.quantity.unit))
    return found[0] if len(found) == 1 else None


def _repaired(context: Context, norm: Norm) -> Iterator[str]:
    for node in walk(start_of(norm).condition, context.agreement):
        if isinstance(node, c.StateOf) and node.state == "breached":
            yield node.norm


def _cheaper(price: Decimal, cost: Decimal) -> bool:
    z3 = extra.z3()
    solver = z3.Solver()
    solver.add(z3.RealVal(str(price)) >= z3.RealVal(str(cost)))
    return bool(solver.check() == z3.unsat)


def _warning(context: Context, kept: Norm, cost: _Sum, penalty: Norm, price: _Sum) -> AuditWarning:
    held = None
    if context.sound:
        held = context.across([kept, penalty], on(_shown, context, kept, penalty), terms=())
    story = None if held is None else held.story
    return AuditWarning(
        "SA1201",
        Severity.BREAKS,
        (context.clause(penalty), context.clause(kept)),
        f"Breaking {kept.id} costs {price.amount:f} {price.unit or ''} ({penalty.id}), keeping it "
        f"{cost.amount:f}: the text pays for the breach.",
        story,
        no_story="" if story else "the sums stand in the text",
        options=(
            Option(
                "Set the price above the gain, or let the duty stand beside it.",
                f"[{penalty.id}: at least {cost.amount:f} {price.unit or ''} and the sum owed]",
                penalty.provision,
            ),
        ),
    )


def _shown(context: Context, ground: Ground, kept: Norm, penalty: Norm) -> Story | None:
    for one in ground.setting.instances(kept.id)[:1]:
        for other in ground.setting.instances(penalty.id)[:1]:
            wants = [
                Claim(one.id, "breached"),
                Claim(one.id, "done", False),
                Claim(other.id, "done"),
            ]
            return context.prove(ground, wants).story
    return None
