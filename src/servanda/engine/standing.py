"""Findings in the records, and whether each stands: for people who ask why one changes nothing.

In: a question.  Out: plain rows, one per finding, with the reasons why it does not stand.  Whether
a body was set up may depend on a reading; then `stands` is “depends”.
"""

from collections.abc import Iterator
from typing import Any

from servanda.engine.question import Question
from servanda.engine.readings import DEPENDS
from servanda.evidence.finding import Finding
from servanda.evidence.instant import iso


def findings(question: Question) -> list[dict[str, Any]]:
    """Every finding of the view under the standard in force, in the order of the records."""
    if not question.has_findings:
        return []
    judged: dict[str, list[Finding]] = {}
    for assignment in assignments(question):
        for finding in question.findings(assignment):
            judged.setdefault(finding.record.id, []).append(finding)
    return [_row(variants) for variants in judged.values()]


def assignments(question: Question) -> Iterator[dict[str, str]]:
    """The readings that can matter to whether a body is set up, as far as they are allowed."""
    bodies = [i.established_by for i in question.agreement.institutions.values()]
    mattering = {t for norm in bodies if norm for t in question.closures[norm]}
    terms = [t for t in question.agreement.terms if t in mattering]
    for assignment in question.assignments(terms):
        if question.allowed(assignment):
            yield assignment


def _row(variants: list[Finding]) -> dict[str, Any]:
    one = variants[0]
    standing = {f.stands for f in variants}
    return {
        "id": one.record.id,
        "body": one.body,
        "norm": one.norm,
        "result": one.result,
        "against": one.against,
        "at": iso(one.at),
        "stands": DEPENDS if len(standing) > 1 else "yes" if True in standing else "no",
        "why_not": list(dict.fromkeys(why for f in variants for why in f.reasons)),
    }
