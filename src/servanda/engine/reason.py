"""Reasons: whether a condition holds, and why, as a tree with records at its leaves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servanda.engine.facts import Fact
from servanda.evidence.record import Record
from servanda.model import condition as c

EnvValue = str | frozenset[str]
Env = Mapping[str, EnvValue]


@dataclass(frozen=True, slots=True)
class Reason:
    """Whether a condition holds, and why: parts of the condition, and records at the leaves.

    `env` is what the variables that the condition around it introduces stand for in this part.
    """

    condition: c.Condition
    holds: bool
    parts: tuple["Reason", ...] = ()
    facts: tuple[Fact, ...] = ()
    note: str = ""
    at: int | None = None
    env: Env = field(default_factory=dict)

    def records(self) -> tuple[Record, ...]:
        """All records at the leaves below, without repetition."""
        found = {r.id: r for fact in self.acts() for r in fact.records}
        return tuple(found[i] for i in sorted(found))

    def acts(self) -> Iterator[Fact]:
        """All facts at the leaves below."""
        pending: list[Reason] = [self]
        while pending:
            reason = pending.pop()
            yield from reason.facts
            pending.extend(reason.parts)
