"""Readings × standards: only what differs, grouped by what makes the difference."""

from typing import Any

from servanda.engine.question import Question
from servanda.engine.readings import Spread, spreads

SCHEMA = "servanda.matrix/1"


def matrix(question: Question) -> dict[str, Any]:
    """For every instance whose state differs: its states by reading (rows) and standard (columns).

    Instances are grouped by the terms that part them, and by whether the standard does.
    """
    groups: dict[tuple[tuple[str, ...], bool], list[dict[str, Any]]] = {}
    alike: list[str] = []
    for norm in question.agreement.norms:
        per_standard = {s: spreads(question, norm, s) for s in question.standards}
        ids = list(dict.fromkeys(i for found in per_standard.values() for i in found))
        for instance in ids:
            found = {s: spread.get(instance) for s, spread in per_standard.items()}
            terms = _parting(question, found)
            rows = _rows(question, norm, instance, found, terms)
            by_standard = any(len(set(row["states"].values())) > 1 for row in rows)
            if not terms and not by_standard:
                alike.append(instance)
                continue
            groups.setdefault((terms, by_standard), []).append({"id": instance, "rows": rows})
    return {
        "standards": list(question.standards),
        "groups": [
            {"terms": list(terms), "standard": by_standard, "norms": norms}
            for (terms, by_standard), norms in groups.items()
        ],
        "same": alike,
    }


def _parting(question: Question, found: dict[str, Spread | None]) -> tuple[str, ...]:
    terms: dict[str, None] = {}
    for spread in found.values():
        if spread is not None:
            terms.update(dict.fromkeys(spread.parting(question.fixed)))
    return tuple(t for t in question.agreement.terms if t in terms)


def _rows(
    question: Question,
    norm: str,
    instance: str,
    found: dict[str, Spread | None],
    terms: tuple[str, ...],
) -> list[dict[str, Any]]:
    rows: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for assignment in question.assignments(terms):
        if question.allowed(assignment):
            rows[tuple(assignment.items())] = {}
    for standard, spread in found.items():
        if spread is None:
            for states in rows.values():
                states[standard] = "inactive"
            continue
        for readings, cases in spread.by_reading(terms):
            rows[tuple(readings.items())][standard] = cases[0].state
    return [{"readings": dict(key), "states": states} for key, states in rows.items()]
