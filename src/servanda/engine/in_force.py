"""Whether the agreement is in force, under each reading of the words that it hangs on.

In: a question.  Out: one row for each combination of readings that is allowed, with the instant
since when, and the records of consent.  The rows are joined where they say the same.
"""

from dataclasses import dataclass

from servanda.engine.closure import terms_of
from servanda.engine.question import Question
from servanda.evidence.standard import Role
from servanda.model.condition import InForce


@dataclass(frozen=True, slots=True)
class Standing:
    """In force since an instant (microseconds UTC), or not, under some readings.

    `readings` holds the combinations under which it is so; `records` what it rests on.
    """

    readings: tuple[dict[str, str], ...]
    holds: bool
    since: int | None
    records: tuple[str, ...]


def in_force(question: Question) -> tuple[Standing, ...]:
    """What each reading says; a single row where all say the same, none where no clause tells."""
    if question.agreement.header.in_force_when is None:
        return ()
    mentioned = terms_of(InForce(), question.agreement)
    terms = [t for t in question.agreement.terms if t in mentioned]
    found: dict[tuple[bool, int | None, tuple[str, ...]], list[dict[str, str]]] = {}
    for assignment in question.assignments(terms):
        if not question.allowed(assignment):
            continue
        run = question.run(question.inputs.standard, assignment)
        reason = run.evaluator.evaluate(InForce(), {}, question.as_of, Role.FULFILLING)
        records = tuple(sorted(r.id for r in reason.records()))
        key = (reason.holds, reason.at if reason.holds else None, records)
        found.setdefault(key, []).append(assignment)
    return tuple(Standing(tuple(r), *key) for key, r in found.items())
