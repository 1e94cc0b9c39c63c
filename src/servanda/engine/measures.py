"""Measured quantities against their limits (vocabulary, rule 11)."""

from typing import Any

from servanda.engine.quantities import latest_measure
from servanda.engine.question import Question
from servanda.engine.walk import walk
from servanda.evidence.instant import iso
from servanda.model import condition as c
from servanda.model.quantity import Comparison


def measures(question: Question) -> list[dict[str, Any]]:
    """The latest measure for each limit in the text, with value, limit and margin.

    A limit on a disputed quantity is shown for each reading of it.
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for norm in question.agreement.norms.values():
        if norm.condition is None or not question.inputs.asks_for(norm):
            continue
        for assignment in question.assignments(question.closures[norm.id]):
            if not question.allowed(assignment):
                continue
            evaluator = question.run(question.inputs.standard, assignment).evaluator
            for node in walk(norm.condition, question.agreement, assignment):
                if not isinstance(node, c.Measured):
                    continue
                latest = latest_measure(evaluator, node, {}, question.as_of)
                if latest is None:
                    continue
                fact, value = latest
                name = fact.word("name") or ""
                of = fact.word("of") or ""
                limit = node.quantity.amount
                upper = node.comparison in (Comparison.AT_MOST, Comparison.LESS_THAN)
                found.setdefault(
                    (norm.id, name, of),
                    {
                        "name": name,
                        "of": of,
                        "value": _number(value),
                        "limit": _number(limit),
                        "margin": _number(limit - value if upper else value - limit),
                        "at": iso(fact.at),
                        "unit": node.quantity.unit,
                        "norm": norm.id,
                        "records": list(fact.ids),
                    },
                )
    return list(found.values())


def _number(value: Any) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
