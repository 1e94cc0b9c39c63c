"""Accounts of funds: what was committed, contributed, released, and the balance, per currency.

Money is exact decimal, never converted: each currency that was paid has a line of its own.
"""

from decimal import Decimal
from typing import Any

from servanda.engine.facts import Ground
from servanda.engine.question import Question
from servanda.evidence.standard import Role
from servanda.model.fund import Fund


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
        currency = fact.records[0].word("currency")
        if currency and currency not in currencies:
            currencies.append(currency)
    lines = []
    for currency in currencies:
        contributed = _sum(paid, currency)
        released = _sum(spent, currency)
        committed = sum(
            (
                c.amount
                for c in fund.commitments
                if isinstance(c.amount, Decimal) and currency == fund.currency
            ),
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


def _sum(facts: Any, currency: str) -> Decimal:
    return sum(
        (
            f.records[0].number("amount") or Decimal(0)
            for f in facts
            if f.records[0].word("currency") == currency
        ),
        Decimal(0),
    )


def _money(value: Decimal) -> str:
    return format(value, "f")
