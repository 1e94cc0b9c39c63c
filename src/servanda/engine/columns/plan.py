"""The planner: from a normal formula to operators on tables, in the order that keeps tables small.

Every formula is evaluated for a demand (`demand.py`).  A conjunction starts from what the log holds
and joins what shares variables with it; it starts from the demand where the demand ties together
variables that no single part does, which is what keeps a join of two large tables from ever being
written out.  Parts that occur more than once are evaluated once.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from servanda.engine.columns import demand as asked
from servanda.engine.columns.aggregate import aggregated
from servanda.engine.columns.demand import Demand
from servanda.engine.columns.join import conjunction, difference
from servanda.engine.columns.merge import merged, normal, projected, union
from servanda.engine.columns.normalise import negated
from servanda.engine.columns.safety import assignment, can
from servanda.engine.columns.since import since, until
from servanda.engine.columns.step import next_, previous
from servanda.engine.columns.table import Table, nothing, renamed, reordered, unit
from servanda.engine.columns.terms import Codes, TermError, assigned, column, filtered
from servanda.engine.columns.timeline import Timeline
from servanda.engine.columns.window import always, eventually, historically, once
from servanda.model import formula as f

_UNORDERED_OPS = ("sum", "avg", "median")


class Facts(Protocol):
    """Where the leaves come from: what the log holds."""

    def table(self, predicate: f.Predicate) -> Table:
        """The table of a predicate with the variables of its arguments as columns."""


class PlanError(ValueError):
    """A formula that cannot be evaluated; `at` is the place in its text."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


def evaluate(formula: f.Formula, facts: Facts, axis: Timeline, codes: Codes) -> Table:
    """The table of a normal, safe formula: one column for each of its free variables."""
    planner = Planner(facts, axis, codes, _repeated(formula))
    return planner.answer(formula, asked.of(planner.whole))


def _repeated(formula: f.Formula) -> frozenset[f.Formula]:
    """Parts that occur more than once and are worth keeping."""
    seen = Counter(_parts(formula))
    return frozenset(
        part
        for part, times in seen.items()
        if times > 1 and isinstance(part, f.Temporal | f.Dyadic | f.Aggregation | f.Exists)
    )


def _parts(formula: f.Formula) -> Iterator[f.Formula]:
    yield formula
    for child in f.children(formula):
        yield from _parts(child)


@dataclass(slots=True)
class Planner:
    facts: Facts
    axis: Timeline
    codes: Codes
    repeated: frozenset[f.Formula] = frozenset()
    defined: dict[str, Table] = field(default_factory=dict)
    kept: dict[f.Formula, Table] = field(default_factory=dict)

    @property
    def whole(self) -> Table:
        return unit(self.axis.first, self.axis.last)

    def answer(self, formula: f.Formula, demand: Demand) -> Table:
        """The table of a formula over exactly its free variables, right wherever it is demanded."""
        if formula in self.repeated and can(formula, frozenset()):
            if formula not in self.kept:
                self.kept[formula] = self._answer(formula, asked.of(self.whole))
            return self.kept[formula]
        return self._answer(formula, demand)

    # One branch for each form of a formula.
    def _answer(self, formula: f.Formula, demand: Demand) -> Table:
        try:
            match formula:
                case f.Predicate():
                    return self._leaf(formula)
                case f.Comparison() | f.Not():
                    return self._conjunction((formula,), demand)
                case f.And(parts):
                    return self._conjunction(parts, demand)
                case f.Or(parts):
                    return self._union(formula, parts, demand)
                case f.Exists(variables, body):
                    inner = self.answer(body, demand)
                    return projected(inner, [n for n in inner.names if n not in variables])
                case f.Temporal():
                    return self._temporal(formula, demand)
                case f.Dyadic():
                    return self._dyadic(formula, demand)
                case f.Aggregation():
                    return self._aggregation(formula, demand)
                case f.Let(body=body):
                    self._define(formula)
                    return self.answer(body, demand)
                case _:
                    raise AssertionError(f"{type(formula).__name__} is not normal")
        except TermError as error:
            raise PlanError(formula.at, f"{error}.") from error

    # --- leaves ---------------------------------------------------------------------------------

    def _leaf(self, predicate: f.Predicate) -> Table:
        found = self.defined.get(predicate.name)
        if found is None:
            return self.facts.table(predicate)
        if len(found.names) != len(predicate.args):
            wants = f"{predicate.name.split('~')[0]} has {len(found.names)} arguments"
            raise PlanError(predicate.at, f"{wants}, not {len(predicate.args)}.")
        return chosen(found, predicate.args, self.codes)

    def _define(self, let: f.Let) -> None:
        whole = asked.of(self.whole)
        if let.past:
            self._recursive(let, whole)
            return
        self.defined[let.name] = self._definition(let, whole)

    def _definition(self, let: f.Let, demand: Demand) -> Table:
        found = self.answer(let.definition, demand)
        return reordered(found, let.parameters)

    def _recursive(self, let: f.Let, whole: Demand) -> None:
        """The least solution: each round settles at least one more position than the one before."""
        kinds: list[f.Kind] = ["int"] * len(let.parameters)
        table = nothing(let.parameters, kinds)
        for _ in range(self.axis.last - self.axis.first + 2):
            self.defined[let.name] = table
            self.kept.clear()
            found = merged(self._definition(let, whole))
            if found.kinds == table.kinds and _same(found, table):
                break
            same = found.kinds == table.kinds
            table = found if same else nothing(found.names, found.kinds)
        self.kept.clear()

    # --- connectives ----------------------------------------------------------------------------

    def _conjunction(self, parts: Sequence[f.Formula], demand: Demand) -> Table:
        pending = list(parts)
        free = frozenset().union(*map(f.free_variables, parts))
        table: Table | None = None
        if self._starts_from(demand, parts, free):
            table = demand.over(sorted(free))
        while pending:
            bound = frozenset(table.names) if table is not None else frozenset()
            part = _next(pending, bound)
            pending.remove(part)
            try:
                table = self._joined(table, part, bound, demand)
            except TermError as error:
                raise PlanError(part.at, f"{error}.") from error
        return table if table is not None else self.whole

    def _starts_from(
        self, demand: Demand, parts: Sequence[f.Formula], free: frozenset[str]
    ) -> bool:
        """Whether the demand is needed to bind variables, or ties several parts together."""
        shared = demand.variables & free
        if not can(f.And(tuple(parts)), frozenset()):
            return True
        reach = [f.free_variables(p) & shared for p in parts if not _is_filter(p)]
        return len(reach) > 1 and not any(r == shared for r in reach)

    def _joined(
        self, table: Table | None, part: f.Formula, bound: frozenset[str], demand: Demand
    ) -> Table:
        match part:
            case f.Comparison() if (
                f.term_variables(part.left) | f.term_variables(part.right) <= bound
            ):
                return filtered(table if table is not None else self.whole, part, self.codes)
            case f.Comparison():
                target = assignment(part, bound)
                assert target is not None, "the analysis bound the variables"
                return assigned(table if table is not None else self.whole, *target, self.codes)
            case f.Not(f.Comparison() as refused):
                there = table if table is not None else self.whole
                return filtered(there, refused, self.codes, refused=True)
            case f.Not(body):
                there = table if table is not None else self.whole
                return difference(there, self.answer(body, asked.of(there)))
            case _:
                found = self.answer(part, self._narrowed(table, part, demand))
                if table is None:
                    return found
                _agree(table, found, part)
                return conjunction(table, found)

    def _narrowed(self, table: Table | None, part: f.Formula, demand: Demand) -> Demand:
        """What is asked of a part: by what is joined so far, by the demand, or by both."""
        if table is None:
            return demand
        free = f.free_variables(part)
        here, there = free & set(table.names), free & demand.variables
        if there <= here:
            return asked.of(table)
        if here < there:
            return demand
        mine = table
        return Demand(
            frozenset(mine.names) | demand.variables,
            lambda: conjunction(mine, demand.over(sorted(demand.variables))),
        )

    def _union(self, formula: f.Or, parts: Sequence[f.Formula], demand: Demand) -> Table:
        names = sorted(f.free_variables(formula))
        found = []
        for part in parts:
            table = self.answer(part, demand)
            missing = [n for n in names if n not in table.names]
            if missing:
                table = conjunction(table, demand.over(names))
            found.append(reordered(table, names))
            if found[-1].kinds != found[0].kinds:
                raise PlanError(part.at, "The alternatives of OR have different types.")
        return union([replace(t, points=False) for t in found] if _mixed(found) else found)

    # --- time -----------------------------------------------------------------------------------

    def _temporal(self, formula: f.Temporal, demand: Demand) -> Table:
        window, axis, body = formula.interval, self.axis, formula.body
        match formula.op:
            case "once":
                return once(self.answer(body, demand.before(window, axis)), window, axis)
            case "eventually":
                return eventually(self.answer(body, demand.after(window, axis)), window, axis)
            case "previous":
                return previous(self.answer(body, demand.moved(-1, axis)), window, axis)
            case "next":
                return next_(self.answer(body, demand.moved(1, axis)), window, axis)
            case "historically":
                failing = self.answer(negated(body), demand.before(window, axis))
                return historically(self._demanded(formula, demand), failing, window, axis)
            case _:
                failing = self.answer(negated(body), demand.after(window, axis))
                return always(self._demanded(formula, demand), failing, window, axis)

    def _demanded(self, formula: f.Formula, demand: Demand) -> Table:
        names = sorted(f.free_variables(formula))
        return demand.over(names)

    def _dyadic(self, formula: f.Dyadic, demand: Demand) -> Table:
        window, axis, past = formula.interval, self.axis, formula.op == "since"
        looked = demand.before(window, axis) if past else demand.after(window, axis)
        right = self.answer(formula.right, looked)
        missing = f.free_variables(formula.left) - set(right.names)
        if missing:
            right = conjunction(right, looked.over(sorted(f.free_variables(formula))))
        if formula.left == f.TRUE:
            return (once if past else eventually)(right, window, axis)
        behind = f.Interval(0, window.upper)
        beside = asked.of(right)
        beside = beside.after(behind, axis) if past else beside.before(behind, axis)
        refused = isinstance(formula.left, f.Not)
        body = formula.left.body if isinstance(formula.left, f.Not) else formula.left
        left = self.answer(body, beside)
        _agree(right, left, formula)
        operator = since if past else until
        return operator(left, right, window, axis, negated=refused)

    # --- aggregation ----------------------------------------------------------------------------

    def _aggregation(self, formula: f.Aggregation, demand: Demand) -> Table:
        groups = formula.groups
        inner = Demand(demand.variables & set(groups), demand.table)
        table = normal(self.answer(formula.body, inner))
        values = column(formula.term, table, self.codes)
        if values.kind == "string" and formula.op in _UNORDERED_OPS:
            raise PlanError(formula.at, f"{formula.op} of strings has no meaning.")
        empty = self.codes[""] if values.kind == "string" and formula.op != "count" else 0
        return aggregated(table, formula.op, values, groups, formula.result, self.whole, empty)


def chosen(table: Table, args: Sequence[f.Term], codes: Codes) -> Table:
    """A stored table with the arguments of a predicate: constants choose, variables name."""
    names: list[str] = []
    keep = np.ones(len(table), np.bool_)
    plain = True
    where: list[int] = []
    for i, arg in enumerate(args):
        match arg:
            case f.Variable(name) if name in names:
                keep &= table.columns[i] == table.columns[where[names.index(name)]]
                plain = False
            case f.Variable(name):
                names.append(name)
                where.append(i)
            case f.Constant(constant):
                kind = _kind(constant)
                if kind != table.kinds[i]:
                    raise TermError(f"argument {i + 1} is {table.kinds[i]}, not {kind}")
                keep &= table.columns[i] == (
                    codes[constant] if isinstance(constant, str) else constant
                )
                plain = False
    if plain:
        return renamed(table, names)
    rows = np.flatnonzero(keep)
    found = Table(
        tuple(names),
        tuple(table.kinds[i] for i in where),
        tuple(table.columns[i][rows] for i in where),
        table.start[rows],
        table.end[rows],
        points=table.points,
    )
    return normal(found)


def _kind(constant: float | str) -> f.Kind:
    if isinstance(constant, str):
        return "string"
    return "float" if isinstance(constant, float) else "int"


def _next(pending: Sequence[f.Formula], bound: frozenset[str]) -> f.Formula:
    """The part to take next: what only chooses rows, then what the log holds, then the rest."""
    ready = [p for p in pending if can(p, bound)]
    assert ready, "the analysis found an order"
    for part in ready:
        inner = part.body if isinstance(part, f.Not) else part
        if isinstance(inner, f.Comparison):
            return part
    positive = [p for p in ready if not _is_filter(p)]
    if not positive:
        return ready[0]

    def rank(part: f.Formula) -> tuple[bool, bool]:
        tied = bool(f.free_variables(part) & bound) or not bound
        return (not tied, not isinstance(part, f.Predicate))

    return min(positive, key=rank)


def _is_filter(part: f.Formula) -> bool:
    return isinstance(part, f.Comparison | f.Not)


def _mixed(tables: Sequence[Table]) -> bool:
    return len({t.points for t in tables}) > 1


def _agree(one: Table, other: Table, part: f.Formula) -> None:
    kinds: Mapping[str, f.Kind] = dict(zip(one.names, one.kinds, strict=True))
    for name, kind in zip(other.names, other.kinds, strict=True):
        if kinds.get(name, kind) != kind:
            shown = name.split("~")[0]
            raise PlanError(part.at, f"{shown} is {kinds[name]} beside this and {kind} in it.")


def _same(one: Table, other: Table) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(a, b)
        for a, b in zip(
            (*one.columns, one.start, one.end),
            (*other.columns, other.start, other.end),
            strict=True,
        )
    )
