"""Generated formulas and logs over p(x), q(x), r(x, y) and e(), small enough to be read."""

from collections.abc import Sequence

from hypothesis import strategies as st

from servanda.model import formula as f
from servanda.model.formula import Interval

ARITY = {"p": 1, "q": 1, "r": 2, "e": 0}
VALUES = range(3)
# What a variable may be: a value of the log, or one more than the largest, which no event has.
TRIED = range(-1, 5)
MOST = 5  # time-points

names = st.sampled_from(("x", "y"))
variables = names.map(f.Variable)
terms = st.one_of(variables, variables, variables, st.integers(0, 2).map(f.Constant))
intervals = st.builds(
    lambda low, width: Interval(low, None if width is None else low + width),
    st.integers(0, 2),
    st.none() | st.integers(0, 3),
)
events = st.sampled_from(sorted(ARITY)).flatmap(
    lambda name: st.tuples(st.just(name), st.tuples(*[st.sampled_from(VALUES)] * ARITY[name]))
)
points = st.tuples(st.integers(0, 2), st.lists(events, max_size=4))
logs = st.lists(points, min_size=1, max_size=MOST)
LogRows = Sequence[tuple[int, Sequence[tuple[str, tuple[int, ...]]]]]

_predicates = st.sampled_from(sorted(ARITY)).flatmap(
    lambda name: st.builds(f.Predicate, st.just(name), st.tuples(*[terms] * ARITY[name]))
)
_sums = st.builds(lambda v, c: f.Operation("+", (v, f.Constant(c))), variables, st.just(1))
_comparisons = st.builds(
    f.Comparison, st.sampled_from(("=", "<", "<=")), terms, st.one_of(terms, _sums)
)
_leaves = st.one_of(_predicates, _predicates, _comparisons)


def _several(of: type, inner: st.SearchStrategy[f.Formula]) -> st.SearchStrategy[f.Formula]:
    return st.builds(of, st.lists(inner, min_size=2, max_size=3).map(tuple))


def formulas(depth: int = 3) -> st.SearchStrategy[f.Formula]:
    """Formulas of all forms; many bind their variables, the others are refused."""
    if depth == 0:
        return _leaves
    inner = formulas(depth - 1)
    temporal = st.sampled_from(("once", "historically", "eventually", "always", "previous", "next"))
    return st.one_of(
        _leaves,
        _several(f.And, inner),
        _several(f.And, inner),
        _several(f.Or, inner),
        st.builds(lambda a, b: f.And((a, f.Not(b))), inner, inner),
        st.builds(f.Not, inner),
        st.builds(f.Implies, inner, inner),
        st.builds(f.Equivalent, inner, inner),
        st.builds(f.Exists, names.map(lambda n: (n,)), inner),
        st.builds(f.ForAll, names.map(lambda n: (n,)), inner),
        st.builds(f.Temporal, temporal, intervals, inner),
        st.builds(f.Dyadic, st.sampled_from(("since", "until")), intervals, inner, inner),
        st.builds(
            f.Dyadic,
            st.sampled_from(("since", "until")),
            intervals,
            st.builds(f.Not, inner),
            _predicates,
        ),
    )


def guarded(inner: st.SearchStrategy[f.Formula]) -> st.SearchStrategy[f.Formula]:
    """What binds x and y, and beside it anything: safe whatever stands there."""
    guard = st.just(f.Predicate("r", (f.Variable("x"), f.Variable("y"))))
    return st.builds(lambda a, b: f.And((a, b)), guard, inner)


def shown(formula: f.Formula) -> str:
    """A formula as people write it, for counter-examples."""
    match formula:
        case f.Predicate(name, args):
            return f"{name}({', '.join(map(_term, args))})"
        case f.Comparison(op, left, right):
            return f"{_term(left)} {op} {_term(right)}"
        case f.Not(body):
            return f"NOT ({shown(body)})"
        case f.And(parts):
            return " AND ".join(f"({shown(p)})" for p in parts)
        case f.Or(parts):
            return " OR ".join(f"({shown(p)})" for p in parts)
        case f.Implies(left, right):
            return f"({shown(left)}) IMPLIES ({shown(right)})"
        case f.Equivalent(left, right):
            return f"({shown(left)}) EQUIV ({shown(right)})"
        case f.Exists(bound, body):
            return f"EXISTS {', '.join(bound)}. ({shown(body)})"
        case f.ForAll(bound, body):
            return f"FORALL {', '.join(bound)}. ({shown(body)})"
        case f.Temporal(op, interval, body):
            word = {"historically": "PAST_ALWAYS"}.get(op, op.upper())
            return f"{word}{_interval(interval)} ({shown(body)})"
        case f.Dyadic(op, interval, left, right):
            return f"({shown(left)}) {op.upper()}{_interval(interval)} ({shown(right)})"
        case f.Aggregation(result, op, term, groups, body):
            word = {"count": "CNT"}.get(op, op.upper())
            by = f"; {', '.join(groups)}" if groups else ""
            return f"({result} <- {word} {_term(term)}{by} ({shown(body)}))"
        case _:
            raise AssertionError(formula)


def _term(term: f.Term) -> str:
    match term:
        case f.Variable(name):
            return name
        case f.Constant(value):
            return str(value)
        case f.Operation(op, args):
            return f" {op} ".join(map(_term, args))


def _interval(interval: Interval) -> str:
    return f"[{interval.lower},{'*' if interval.upper is None else interval.upper}]"
