"""What a text leaves open: deciders, deadlines, rules, and words with more than one reading.

In: an agreement.  Out: rows of what is open and where, in the order of the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from servanda.engine.instances import open_fields
from servanda.model.agreement import Agreement
from servanda.model.institution import Institution, VoteRule
from servanda.model.procedure import Procedure
from servanda.model.unspecified import Unspecified

DEADLINE = "deadline"
DECIDER = "decided_by"
RULES = ("chair", "members", "quorum", "vote", "casting_vote", "evidence", "appeal")


@dataclass(frozen=True, slots=True)
class OpenItems:
    """Each entry names a clause: `norm.field`, `institution.rule` or a term."""

    deadlines: tuple[str, ...]
    deciders: tuple[str, ...]
    rules: tuple[str, ...]
    other: tuple[str, ...]
    terms: tuple[str, ...]


def open_items(agreement: Agreement) -> OpenItems:
    """Everything that the text leaves open."""
    deadlines, deciders, other = [], [], []
    for norm in agreement.norms.values():
        for field in open_fields(norm):
            if field == DEADLINE:
                deadlines.append(norm.id)
            elif field == DECIDER:
                deciders.append(norm.id)
            else:
                other.append(f"{norm.id}.{field}")
    deciders += [t.id for t in agreement.terms.values() if isinstance(t.decided_by, Unspecified)]
    rules = [rule for one in agreement.institutions.values() for rule in _rules(one)]
    return OpenItems(
        tuple(deadlines), tuple(deciders), tuple(rules), tuple(other), tuple(agreement.terms)
    )


def _rules(institution: Institution) -> Iterator[str]:
    for rule in RULES:
        if isinstance(getattr(institution, rule), Unspecified):
            yield f"{institution.id}.{rule}"
    parts: list[tuple[Procedure | VoteRule, str]] = [(institution.procedure, "")]
    parts += [(institution.vote, "vote_")] if isinstance(institution.vote, VoteRule) else []
    for part, before in parts:
        for one in fields(part):
            if isinstance(getattr(part, one.name), Unspecified):
                yield f"{institution.id}.{before}{one.name}"
