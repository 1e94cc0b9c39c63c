"""Safe-range analysis: whether a formula binds its variables to finitely many values.

`binds` says which variables a formula binds when some are bound already, or why it cannot be
evaluated.  A negation or a comparison binds nothing and needs its variables bound by what stands
beside it; that is why the planner hands bound variables down, and why people rarely see a message.
"""

from functools import lru_cache

from servanda.engine.columns.normalise import negated
from servanda.model import formula as f

Names = frozenset[str]
NONE: Names = frozenset()


class Unsafe(ValueError):
    """A formula that could hold for infinitely many values; `at` is the place in its text."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


def written(names: Names | tuple[str, ...]) -> str:
    """Variables as they were written, for messages."""
    return ", ".join(sorted({n.split("~")[0] for n in names}))


def can(formula: f.Formula, bound: Names) -> bool:
    """Whether a formula can be evaluated with these bound, and then binds all its variables."""
    return _can(formula, bound & f.free_variables(formula))


@lru_cache(maxsize=4096)
def _can(formula: f.Formula, bound: Names) -> bool:
    try:
        return f.free_variables(formula) <= bound | binds(formula, bound)
    except Unsafe:
        return False


# One branch for each form of a formula.
def binds(formula: f.Formula, bound: Names) -> Names:  # noqa: C901
    """The variables bound after the formula, given those bound before; raises Unsafe."""
    free = f.free_variables(formula)
    match formula:
        case f.Predicate():
            return free
        case f.Comparison(op, left, right, at):
            if free <= bound:
                return NONE
            assigned = assignment(formula, bound)
            if assigned is not None:
                return frozenset({assigned[0]})
            raise _unbound(at, free - bound, "a comparison binds nothing")
        case f.Not(body, at):
            if not free <= bound:
                raise _unbound(at, free - bound, "what is negated binds nothing")
            binds(body, bound)
            return NONE
        case f.And(parts):
            return _all(parts, bound)
        case f.Or(parts, at):
            for part in parts:
                missing = free - bound - binds(part, bound)
                if missing:
                    raise _unbound(at, missing, "each alternative of OR must bind it")
            return free
        case f.Exists(variables, body, at):
            got = binds(body, bound)
            if not set(variables) <= got:
                raise _unbound(at, frozenset(variables) - got, "EXISTS needs it bound within")
            return got - set(variables)
        case f.Temporal("historically" | "always", _, body, at):
            if not free <= bound:
                raise _unbound(at, free - bound, "what always holds binds nothing by itself")
            binds(negated(body), bound)
            return NONE
        case f.Temporal(body=body):
            return binds(body, bound)
        case f.Dyadic(op, _, left, right, at):
            inside = bound | binds(right, bound)
            if not f.free_variables(left) <= inside:
                missing = f.free_variables(left) - inside
                raise _unbound(at, missing, f"the right side of {op.upper()} must bind it")
            if not can(left, inside):
                binds(left, inside)
            return f.free_variables(right) & inside
        case f.Aggregation(result, _, term, groups, body, at):
            needed = f.free_variables(body) | f.term_variables(term)
            missing = needed - binds(body, bound & set(groups)) - (bound & set(groups))
            if missing:
                raise _unbound(at, missing, "an aggregation needs finitely many values")
            return frozenset({result, *groups})
        case f.Let(body=body):
            return binds(body, bound)
        case _:
            raise AssertionError(f"{type(formula).__name__} is not normal")


def _all(parts: tuple[f.Formula, ...], bound: Names) -> Names:
    got = bound
    pending = list(parts)
    while pending:
        ready = [p for p in pending if can(p, got)]
        if not ready:
            # Whatever stands in the way says so itself.
            for part in pending:
                got |= binds(part, got)
            stuck = frozenset().union(*map(f.free_variables, pending)) - got
            raise _unbound(pending[0].at, stuck, "nothing beside it binds it")
        for part in ready:
            got |= f.free_variables(part)
            pending.remove(part)
    return got - bound


def assignment(comparison: f.Comparison, bound: Names) -> tuple[str, f.Term] | None:
    """The variable that an equation binds and the term that gives its value, if it does."""
    if comparison.op != "=":
        return None
    for one, other in (
        (comparison.left, comparison.right),
        (comparison.right, comparison.left),
    ):
        if isinstance(one, f.Variable) and one.name not in bound:
            if f.term_variables(other) <= bound:
                return one.name, other
    return None


def _unbound(at: int, names: Names, why: str) -> Unsafe:
    shown = written(names)
    plural = "they" if len({n.split("~")[0] for n in names}) > 1 else "it"
    return Unsafe(
        at,
        f"{shown} could take infinitely many values here: {why}. "
        f"Say beside it where {plural} may come from, as in p({shown}) AND ….",
    )


def checked(formula: f.Formula) -> None:
    """Raises Unsafe unless the whole formula binds its variables."""
    if isinstance(formula, f.Let):
        checked(formula.definition)
        checked(formula.body)
        return
    missing = f.free_variables(formula) - binds(formula, NONE)
    if missing:
        raise _unbound(formula.at, missing, "nothing binds it")
    for child in f.children(formula):
        _nested(child)


def _nested(formula: f.Formula) -> None:
    """Definitions inside are evaluated by themselves."""
    if isinstance(formula, f.Let):
        checked(formula.definition)
    for child in f.children(formula):
        _nested(child)
