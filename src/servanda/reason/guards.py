"""Guards: what one act, or one set of measures, can meet at once (z3).

In: conditions with the values of their variables, in one setting.  Out: whether something can meet
both, and whether whatever meets the one meets the other.  A condition is put as a formula over one
act (its type, arguments, place, numbers) and the measures; what else it asks is left open, so that
a “yes” to `covers` and a “no” to `together` hold whatever that may be.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from servanda.engine.reason import Env
from servanda.evidence.source import Speakers
from servanda.geo import Relation
from servanda.model import condition as c
from servanda.model.quantity import Comparison, Quantity
from servanda.model.record_type import ArgKind
from servanda.reason import extra
from servanda.reason.setting import Setting

TIMEOUT_MS = 2000
_ELSE = "(something else)"

Guarded = tuple[c.Condition, Env]


@dataclass
class Guards:
    """Formulas over one symbolic act; names are small integers, 0 is a missing argument."""

    setting: Setting
    codes: dict[str, int] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    opened: dict[Any, int] = field(default_factory=dict)  # what is left open, wherever it stands

    @cached_property
    def z3(self) -> Any:
        return extra.z3()

    def together(self, *conditions: Guarded) -> bool | None:
        """Whether all can hold at once; None where z3 does not say in time."""
        return self._sat([self.formula(*one) for one in conditions])

    def covers(self, wide: Guarded, narrow: Guarded) -> bool:
        """Whether whatever meets `narrow` meets `wide` as well; False also where undecided."""
        return self._sat([self.formula(*narrow), self.z3.Not(self.formula(*wide))]) is False

    def _sat(self, formulas: Iterable[Any]) -> bool | None:
        solver = self.z3.Solver()
        solver.set("timeout", TIMEOUT_MS)
        solver.add(*formulas)
        answer = solver.check()
        return None if answer == self.z3.unknown else bool(answer == self.z3.sat)

    # --- formulas -------------------------------------------------------------------------------

    def formula(self, cond: c.Condition, env: Env) -> Any:
        z3 = self.z3
        match cond:
            case c.Pattern():
                return self._pattern(cond, env)
            case c.And(parts):
                return z3.And([self.formula(p, env) for p in parts])
            case c.Or(parts):
                return z3.Or([self.formula(p, env) for p in parts])
            case c.Not(body):
                return z3.Not(self.formula(body, env))
            case c.Reads() | c.Same():
                return z3.BoolVal(self.setting.static(cond, env))
            case c.TermHolds(term):
                return self.formula(self.setting.evaluator.term_condition(term), env)
            case c.Call(name) if name in self.setting.agreement.definitions:
                defined = self.setting.agreement.definitions[name]
                inner = self.setting.evaluator.arguments(defined.parameters, cond, env)
                return self.formula(defined.condition, inner)
            case c.Measured():
                return self._measured(cond, env)
            case c.Outstanding(tally, holder, category, comparison, quantity):
                names = self.setting.evaluator.names
                key = f"{tally}:{names(holder, env)}:{names(category, env)}"
                return compared(self._number(key), comparison, quantity)
            case _:
                shown = tuple(sorted((k, str(v)) for k, v in env.items()))
                number = self.opened.setdefault((cond, shown), len(self.opened))
                return self._bool(f"open:{number}")

    def _pattern(self, pattern: c.Pattern, env: Env) -> Any:
        z3, ev = self.z3, self.setting.evaluator
        record_type = self.setting.agreement.record_types[pattern.type]
        parts = [self._choice("type") == self._code(pattern.type)]
        for arg in pattern.args:
            declared = record_type.arg(arg.name)
            if isinstance(arg.value, c.Bound):
                parts.append(self._bool(f"has:{pattern.type}.{arg.name}"))
                number = self._number(f"arg:{pattern.type}.{arg.name}")
                parts.append(compared(number, arg.value.comparison, arg.value.quantity))
                continue
            names = ev.names(arg.value, env)
            if names is None:
                continue  # bound by the pattern itself: any value
            key = f"{pattern.type}.{arg.name}"
            if declared is None or declared.many:
                parts.append(self._bool(f"{key}:{sorted(names)}"))
            elif declared.kind is ArgKind.ACTOR:
                parts.append(self._one_of(key, self._belonging(names)))
            else:
                parts.append(self._one_of(key, names))
        if pattern.place is not None:
            places = ev.names(pattern.place.place, env) or frozenset()
            near = pattern.place.within
            if near is not None:
                parts.append(self._bool(f"near:{sorted(places)}:{near.amount}{near.unit}"))
            else:
                parts.append(self._one_of("place", self._inside(places)))
        return z3.And(parts)

    def _measured(self, cond: c.Measured, env: Env) -> Any:
        names = self.setting.evaluator.names
        key = f"measure:{names(cond.measure, env)}:{names(cond.of, env)}"
        return compared(self._number(key), cond.comparison, cond.quantity)

    def _belonging(self, names: frozenset[str]) -> frozenset[str]:
        """The names, and all who act for one of them."""
        actors = self.setting.agreement.actors
        everybody = {*actors, *(m for a in actors.values() for m in a.members)}
        speakers = Speakers(actors, {})
        return names | {one for one in everybody for name in names if speakers.belongs(one, name)}

    def _inside(self, places: frozenset[str]) -> frozenset[str]:
        """The places named in the text that lie in one of these."""
        atlas = self.setting.inputs.atlas
        named = {*self.setting.agreement.places, *self.setting.agreement.zones, *places}
        return frozenset(
            one
            for one in named
            for place in places
            if one == place or atlas.relation(one, place) is Relation.INSIDE
        )

    # --- variables ------------------------------------------------------------------------------

    def _code(self, name: str) -> int:
        return self.codes.setdefault(name, len(self.codes) + 1)

    def _choice(self, key: str) -> Any:
        return self.made.setdefault(key, self.z3.Int(key))

    def _number(self, key: str) -> Any:
        return self.made.setdefault(key, self.z3.Real(key))

    def _bool(self, key: str) -> Any:
        return self.made.setdefault(key, self.z3.Bool(key))

    def _one_of(self, key: str, names: Iterable[str]) -> Any:
        variable = self._choice(key)
        return self.z3.Or([variable == self._code(name) for name in sorted(names)])


def compared(number: Any, comparison: Comparison, quantity: Quantity) -> Any:
    limit = str(quantity.amount)
    match comparison:
        case Comparison.AT_LEAST:
            return number >= limit
        case Comparison.AT_MOST:
            return number <= limit
        case Comparison.MORE_THAN:
            return number > limit
        case Comparison.LESS_THAN:
            return number < limit
        case Comparison.EQUAL:
            return number == limit
