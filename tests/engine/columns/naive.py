"""What a formula means, by its definition alone: for one assignment at one time-point.

Obviously right and very slow: quantifiers try every value, temporal operators every time-point.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from servanda.model import formula as f

Value = int
Facts = Mapping[str, frozenset[tuple[tuple[Value, ...], int]]]  # predicate → (arguments, position)


@dataclass
class Naive:
    facts: Facts
    stamps: Sequence[int]
    values: Sequence[Value]
    known: dict[Any, bool] = field(default_factory=dict)

    def holds(self, formula: f.Formula, env: Mapping[str, Value], at: int) -> bool:
        free = f.free_variables(formula)
        key = (formula, tuple(sorted((n, v) for n, v in env.items() if n in free)), at)
        if key not in self.known:
            self.known[key] = self._holds(formula, env, at)
        return self.known[key]

    def _holds(self, formula: f.Formula, env: Mapping[str, Value], at: int) -> bool:
        match formula:
            case f.Predicate(name, args):
                return (tuple(self.value(a, env) for a in args), at) in self.facts[name]
            case f.Comparison(op, left, right):
                one, other = self.value(left, env), self.value(right, env)
                return {"=": one == other, "<": one < other, "<=": one <= other}[op]
            case f.Not(body):
                return not self.holds(body, env, at)
            case f.And(parts):
                return all(self.holds(p, env, at) for p in parts)
            case f.Or(parts):
                return any(self.holds(p, env, at) for p in parts)
            case f.Implies(left, right):
                return not self.holds(left, env, at) or self.holds(right, env, at)
            case f.Equivalent(left, right):
                return self.holds(left, env, at) == self.holds(right, env, at)
            case f.Exists(names, body):
                return any(self.holds(body, {**env, **e}, at) for e in self.assignments(names))
            case f.ForAll(names, body):
                return all(self.holds(body, {**env, **e}, at) for e in self.assignments(names))
            case f.Temporal():
                return self._temporal(formula, env, at)
            case f.Dyadic(op, interval, left, right):
                future = op == "until"
                return any(
                    self.holds(right, env, s)
                    and all(
                        self.holds(left, env, u)
                        for u in (range(at, s) if future else range(s + 1, at + 1))
                    )
                    for s in self.window(at, interval, future)
                )
            case f.Aggregation():
                return self._aggregated(formula, env, at)
            case _:
                raise AssertionError(formula)

    def _temporal(self, formula: f.Temporal, env: Mapping[str, Value], at: int) -> bool:
        future = formula.op in ("eventually", "always", "next")
        inside = self.window(at, formula.interval, future)
        if formula.op in ("previous", "next"):
            inside = [s for s in inside if s == at + (1 if future else -1)]
        found = [self.holds(formula.body, env, s) for s in inside]
        return all(found) if formula.op in ("historically", "always") else any(found)

    def _aggregated(self, formula: f.Aggregation, env: Mapping[str, Value], at: int) -> bool:
        own = sorted(f.free_variables(formula.body) - set(formula.groups))
        fixed = {g: env[g] for g in formula.groups}
        found = [
            self.value(formula.term, {**fixed, **e})
            for e in self.assignments(own)
            if self.holds(formula.body, {**fixed, **e}, at)
        ]
        if not found:
            return not formula.groups and env[formula.result] == 0
        results = {"count": len(found), "sum": sum(found), "min": min(found), "max": max(found)}
        return env[formula.result] == results[formula.op]

    def window(self, at: int, interval: f.Interval, future: bool) -> list[int]:
        found = []
        for s in range(at, len(self.stamps)) if future else range(at + 1):
            distance = abs(self.stamps[s] - self.stamps[at])
            if interval.lower <= distance and (
                interval.upper is None or distance <= interval.upper
            ):
                found.append(s)
        return found

    def assignments(self, names: Sequence[str]) -> list[dict[str, Value]]:
        found = product(self.values, repeat=len(names))
        return [dict(zip(names, values, strict=True)) for values in found]

    def value(self, term: f.Term, env: Mapping[str, Value]) -> Value:
        match term:
            case f.Variable(name):
                return env[name]
            case f.Constant(int(number)):
                return number
            case f.Operation("+", (one, other)):
                return self.value(one, env) + self.value(other, env)
            case _:
                raise AssertionError(term)
