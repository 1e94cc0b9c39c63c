"""Two clauses side by side: their wordings under shared names, and how their conditions lie.

Where both are borne by the same, a condition is compared for each of these by name, so that
`attack by bearer` and `attack by A` are the same for A.  Where one bearer has taken the place of
another, what the one does is compared with what the other does.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from servanda.compare import spoken
from servanda.compare.direction import Direction, Extent, when_wider
from servanda.compare.draft import Draft, each_part, substituted
from servanda.compare.entail import Entailment
from servanda.compare.simplify import simplified
from servanda.model import condition as c
from servanda.model.norm import Norm

BEARER = "bearer"
ALL_BEARERS = c.Var("all bearers")


@dataclass(frozen=True)
class Two:
    """`a` and `b` are written out; `said_a` and `said_b` are the clauses as they stand."""

    before: Draft
    after: Draft
    said_a: Norm
    said_b: Norm
    logic: Entailment

    @cached_property
    def a(self) -> Norm:
        return self.before.norm(self.said_a.id)

    @cached_property
    def b(self) -> Norm:
        return self.after.norm(self.said_b.id)

    @cached_property
    def whom(self) -> tuple[str, ...]:
        """Those who bear both, in the order of the first; whose commitment it is in both drafts."""
        theirs = spoken.bearers(self.b.bearers)
        return tuple(one for one in spoken.bearers(self.a.bearers) if one in theirs)

    def extent(self, p: c.Condition, q: c.Condition) -> Extent:
        """How the occasions of a condition of each clause lie to each other."""
        mine, yours = _named(self.a), _named(self.b)
        common = [value for value in _values(self.a) if value in _values(self.b)]
        if common and (_speaks_of_bearer(p) or _speaks_of_bearer(q)):
            found = {self._extent(*(_for(x, value) for x in (p, q))) for value in common}
            return found.pop() if len(found) == 1 else Extent.OPEN
        found_as_is = self._extent(p, q)
        if found_as_is is not Extent.OPEN or mine == yours:
            return found_as_is
        return self._extent(_in_general(p, mine), _in_general(q, yours))

    def _extent(self, p: c.Condition, q: c.Condition) -> Extent:
        return self.logic.extent(
            simplified(p, self.before.agreement), simplified(q, self.after.agreement)
        )

    def direction(self, p: c.Condition, q: c.Condition, when_wide: Direction) -> Direction | None:
        """The direction of a changed condition where a wider one means `when_wide`."""
        return when_wider(self.extent(p, q), when_wide)


def _values(norm: Norm) -> tuple[c.Value, ...]:
    return norm.bearers.values if norm.bearers is not None else ()


def _named(norm: Norm) -> tuple[str, ...]:
    return tuple(value.name for value in _values(norm) if isinstance(value, c.Name))


def _for(condition: c.Condition, bearer: c.Value) -> c.Condition:
    """A condition for one bearer; whom the text does not name stays “the bearer”."""
    return substituted(condition, {BEARER: bearer}) if isinstance(bearer, c.Name) else condition


def _speaks_of_bearer(node: Any) -> bool:
    return substituted(node, {BEARER: c.Var("")}) is not node


def _in_general(node: Any, bearers: tuple[str, ...]) -> Any:
    """A condition with the bearers, all of them or the only one, as “the bearer”."""
    everyone = {c.Name(name) for name in bearers}
    if isinstance(node, c.SetOf) and len(everyone) > 1 and set(node.items) == everyone:
        return ALL_BEARERS
    if isinstance(node, c.Name) and everyone == {node}:
        return c.Var(BEARER)
    return each_part(node, lambda part: _in_general(part, bearers))
