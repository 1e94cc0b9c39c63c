"""Accounts of funds: what was committed, contributed, released, and the balance, per currency.

Money is exact decimal, never converted: each currency that was paid has a line of its own.
"""

from decimal import Decimal
from typing import Any

from servanda.engine.facts import Ground
from servanda.engine.question import Question
from servanda.evidence.standard import Role
from servanda.model.fund import Commitment, Fund


def fund_accounts(question: Question) -> list[dict[str, Any]]:
    """One line per fund and currency, as of the instant asked about."""
    return [line for fund in question.agreement.funds.values() for line in _account(question, fund)]


def _account(question: Question, fund: Fund) -> list[dict[str, Any]]:
    facts = question.facts(question.inputs.standard)
    name = frozenset({fund.id})
    paid = facts.find(Ground("pays", (("into", name),)), Role.FULFILLING)
    spent = facts.find(Ground("distributes", (("fund", name),)), Role.FULFILLING)
    currencies = [fund.currency]
    for fact in (*paid, *spent):
        currency = fact.word("currency")
        if currency and currency not in currencies:
            currencies.append(currency)
    lines = []
    for currency in currencies:
        contributed = _sum(paid, currency)
        released = _sum(spent, currency)
        committed = sum(
            (_committed(question, one) for one in fund.commitments if currency == fund.currency),
            Decimal(0),
        )
        lines.append(
            {
                "id": fund.id,
                "currency": currency,
                "committed": _money(committed),
                "contributed": _money(contributed),
                "released": _money(released),
                "balance": _money(contributed - released),
            }
        )
    return lines


def _committed(question: Question, one: Commitment) -> Decimal:
    """A fixed amount, or the latest measure less what the same committed to the fund before it."""
    if isinstance(one.amount, Decimal):
        return one.amount
    if one.remainder_of is None:
        return Decimal(0)
    facts = question.facts(question.inputs.standard)
    measures = facts.find(
        Ground("measure", (("name", frozenset({one.remainder_of})),)), Role.OFFENDING
    )
    known = [f for f in measures if f.at <= question.as_of]
    total = known[-1].number("value") if known else None
    if total is None:
        return Decimal(0)
    earlier = question.agreement.funds[one.after].commitments if one.after else ()
    taken = sum(
        (e.amount for e in earlier if e.by == one.by and isinstance(e.amount, Decimal)), Decimal(0)
    )
    return max(total - taken, Decimal(0))


def _sum(facts: Any, currency: str) -> Decimal:
    return sum(
        (f.number("amount") or Decimal(0) for f in facts if f.word("currency") == currency),
        Decimal(0),
    )


def _money(value: Decimal) -> str:
    return format(value, "f")
