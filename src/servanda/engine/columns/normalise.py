"""Rewriting of formulas into the forms that the planner evaluates, so that people may write freely.

IMPLIES, EQUIV and FORALL become conjunction, negation and EXISTS; negations move inwards where that
binds variables; bound variables and defined predicates get names of their own; terms in predicates
become equations.  Meaning is unchanged; every rule is a law of first-order temporal logic.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from servanda.engine.columns.recursion import closed_form
from servanda.model import formula as f


def normalised(formula: f.Formula) -> f.Formula:
    """An equivalent formula without IMPLIES, EQUIV, FORALL and shadowed names."""
    return _Rewriter().positive(formula, {}, {})


def negated(formula: f.Formula, at: int | None = None) -> f.Formula:
    """An equivalent of NOT of a normal formula, with the negation moved inwards.

    `at` is the place of the negation, if it was written.
    """
    match formula:
        case f.Not(body):
            return body
        case f.Or(parts):
            return f.And(_flat(f.And, [negated(p) for p in parts]), formula.at)
        case f.Temporal("historically" | "always" as op, interval, body):
            other = "once" if op == "historically" else "eventually"
            return replace(formula, op=other, interval=interval, body=negated(body))
        case f.Let(body=body):
            return replace(formula, body=negated(body, at))
        case _:
            return f.Not(formula, formula.at if at is None else at)


def _flat(of: type[f.And] | type[f.Or], parts: list[f.Formula]) -> tuple[f.Formula, ...]:
    found: list[f.Formula] = []
    for part in parts:
        found += part.parts if isinstance(part, of) else (part,)
    return tuple(dict.fromkeys(found))


Names = Mapping[str, str]


@dataclass(slots=True)
class _Rewriter:
    numbers: "count[int]" = field(default_factory=count)
    # Definitions that are replaced where they are used: parameters, text, and what it refers to.
    open: dict[str, tuple[tuple[str, ...], f.Formula, Names]] = field(default_factory=dict)

    def fresh(self, name: str) -> str:
        """A name that nobody can write, with the one that was written first."""
        return f"{name.split('~', maxsplit=1)[0]}~{next(self.numbers)}"

    # One branch for each form of a formula.
    def positive(  # noqa: C901
        self, formula: f.Formula, names: Names, defined: Names
    ) -> f.Formula:
        def one(body: f.Formula) -> f.Formula:
            return self.positive(body, names, defined)

        match formula:
            case f.Predicate():
                return self.predicate(formula, names, defined)
            case f.Comparison(op, left, right, at):
                return f.Comparison(op, _term(left, names), _term(right, names), at)
            case f.Not(body):
                return negated(one(body), formula.at)
            case f.And(parts, at):
                return _single(f.And(_flat(f.And, [one(p) for p in parts]), at))
            case f.Or(parts, at):
                return _single(f.Or(_flat(f.Or, [one(p) for p in parts]), at))
            case f.Implies(left, right, at):
                return one(f.Or((f.Not(left, at), right), at))
            case f.Equivalent(left, right, at):
                neither = f.And((f.Not(left, at), f.Not(right, at)), at)
                return one(f.Or((f.And((left, right), at), neither), at))
            case f.ForAll(variables, body, at):
                return one(f.Not(f.Exists(variables, f.Not(body, at), at), at))
            case f.Exists(variables, body, at):
                own = {v: self.fresh(v) for v in variables if v in f.free_variables(body)}
                inner = self.positive(body, {**names, **own}, defined)
                return f.Exists(tuple(own.values()), inner, at) if own else inner
            case f.Temporal(op, interval, body, at):
                inner = one(body)
                lasting = f.Temporal(op, interval, inner, at)
                if op in ("historically", "always") and interval.lower == 0:
                    # It holds now as well, which binds the variables.
                    return f.And((*_flat(f.And, [inner]), lasting), at)
                return lasting
            case f.Dyadic(_, _, left, right):
                return replace(formula, left=one(left), right=one(right))
            case f.Aggregation():
                return self.aggregation(formula, names, defined)
            case f.Let():
                return self.let(formula, names, defined)

    def predicate(self, formula: f.Predicate, names: Names, defined: Names) -> f.Formula:
        args = [_term(arg, names) for arg in formula.args]
        equations: list[f.Formula] = []
        new: list[str] = []
        for i, arg in enumerate(args):
            if isinstance(arg, f.Operation):
                variable = self.fresh("term")
                equations.append(f.Comparison("=", f.Variable(variable), arg, formula.at))
                args[i] = f.Variable(variable)
                new.append(variable)
        name = defined.get(formula.name, formula.name)
        plain: f.Formula = f.Predicate(name, tuple(args), formula.at)
        if name in self.open:
            plain = self.used(name, args, formula.at)
        if not equations:
            return plain
        return f.Exists(tuple(new), f.And((plain, *equations), formula.at), formula.at)

    def aggregation(self, formula: f.Aggregation, names: Names, defined: Names) -> f.Formula:
        inside = f.free_variables(formula.body) | f.term_variables(formula.term)
        own = {v: self.fresh(v) for v in inside - set(formula.groups)}
        within = {**names, **own}
        return replace(
            formula,
            result=names.get(formula.result, formula.result),
            term=_term(formula.term, within),
            groups=tuple(names.get(g, g) for g in formula.groups),
            body=self.positive(formula.body, within, defined),
        )

    def let(self, formula: f.Let, names: Names, defined: Names) -> f.Formula:
        from servanda.engine.columns.safety import can

        name = self.fresh(formula.name)
        own = {p: self.fresh(p) for p in formula.parameters}
        inside = {**defined, formula.name: name} if formula.past else defined
        definition = self.positive(formula.definition, own, inside)
        if not formula.past and not can(definition, frozenset()):
            # It binds nothing by itself; where it is used something beside it may.
            self.open[name] = (formula.parameters, formula.definition, inside)
            return self.positive(formula.body, names, {**defined, formula.name: name})
        body = self.positive(formula.body, names, {**defined, formula.name: name})
        found = f.Let(name, tuple(own.values()), definition, body, formula.past, formula.at)
        closed = closed_form(found) if formula.past else None
        return found if closed is None else replace(found, definition=closed, past=False)

    def used(self, name: str, args: list[f.Term], at: int) -> f.Formula:
        """A use of a definition, replaced by what it says of the arguments."""
        parameters, definition, defined = self.open[name]
        own = {p: self.fresh(p) for p in parameters}
        said = self.positive(definition, own, defined)
        variables = tuple(own.values())
        given: list[f.Formula] = [
            f.Comparison("=", f.Variable(variable), arg, at)
            for variable, arg in zip(variables, args, strict=True)
        ]
        both = _single(f.And(_flat(f.And, [*given, said]), at))
        return f.Exists(variables, both, at) if variables else both


def _single(formula: f.And | f.Or) -> f.Formula:
    return formula.parts[0] if len(formula.parts) == 1 else formula


def _term(term: f.Term, names: Names) -> f.Term:
    match term:
        case f.Variable(name):
            return f.Variable(names.get(name, name))
        case f.Constant():
            return term
        case f.Operation(op, args):
            return f.Operation(op, tuple(_term(a, names) for a in args))
