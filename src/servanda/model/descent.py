"""Where a clause comes from: which clauses of other drafts it descends from, or leaves out.

Drafts are named by the id of their agreement, clauses by their ids there.  Nothing of the other
draft is read with this one, so that a draft can be read without those that it answers.
"""

from dataclasses import dataclass, field

from servanda.model.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Descent:
    """`descends from DRAFT p6, p7.bar`: what takes the place of those clauses, whatever it says."""

    draft: str
    clauses: tuple[str, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Drop:
    """`drops DRAFT p26 "why"`: those clauses have no successor in this draft, so it is told."""

    draft: str
    clauses: tuple[str, ...]
    why: str | None = None
    span: Span = field(default=NOWHERE, compare=False)
