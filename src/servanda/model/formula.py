"""Formulas of metric first-order temporal logic over typed data, as the peers' monitors write them.

Conditions of agreements (`model/condition`) speak of records, norms and readings; formulas speak of
predicates over numbers and strings, with terms, aggregations and definitions.  The two trees stay
apart because neither could be read with the other's leaves in it; what they share is what matters,
the operators of `engine/columns`, onto which both are mapped.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["int", "float", "string"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Distances from `lower` to `upper`, both included; without `upper` there is no end."""

    lower: int = 0
    upper: int | None = None

    @property
    def empty(self) -> bool:
        return self.upper is not None and self.upper < self.lower


ANY = Interval()

# --- terms --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    value: int | float | str


@dataclass(frozen=True, slots=True)
class Operation:
    """`+ - * / MOD` of two terms; `neg`, `f2i`, `i2f` of one."""

    op: str
    args: tuple["Term", ...]


Term = Variable | Constant | Operation

# --- formulas; `at` is the offset in the text, for messages --------------------------------------


@dataclass(frozen=True, slots=True)
class Predicate:
    name: str
    args: tuple[Term, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`=`, `<` or `<=` of two terms."""

    op: str
    left: Term
    right: Term
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    body: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Formula", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Formula", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Implies:
    left: "Formula"
    right: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Equivalent:
    left: "Formula"
    right: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Exists:
    variables: tuple[str, ...]
    body: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ForAll:
    variables: tuple[str, ...]
    body: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Temporal:
    """`once`, `historically`, `eventually`, `always`, `previous`, `next` of one formula."""

    op: str
    interval: Interval
    body: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Dyadic:
    """`left since right`, `left until right`."""

    op: str
    interval: Interval
    left: "Formula"
    right: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`result <- OP term; groups body`: over the assignments that satisfy the body at an instant.

    `op` is count, sum, avg, min, max or median.
    """

    result: str
    op: str
    term: Term
    groups: tuple[str, ...]
    body: "Formula"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Let:
    """`LET name(parameters) = definition IN body`; a `past` one may refer to its own past."""

    name: str
    parameters: tuple[str, ...]
    definition: "Formula"
    body: "Formula"
    past: bool = False
    at: int = field(default=0, compare=False)


Formula = (
    Predicate
    | Comparison
    | Not
    | And
    | Or
    | Implies
    | Equivalent
    | Exists
    | ForAll
    | Temporal
    | Dyadic
    | Aggregation
    | Let
)

# --- variables ----------------------------------------------------------------------------------


def term_variables(term: Term) -> frozenset[str]:
    match term:
        case Variable(name):
            return frozenset({name})
        case Constant():
            return frozenset()
        case Operation(_, args):
            return frozenset().union(*map(term_variables, args))


def free_variables(formula: Formula) -> frozenset[str]:
    match formula:
        case Predicate(_, args):
            return frozenset().union(*map(term_variables, args))
        case Comparison(_, left, right):
            return term_variables(left) | term_variables(right)
        case Not(body) | Temporal(_, _, body):
            return free_variables(body)
        case And(parts) | Or(parts):
            return frozenset().union(*map(free_variables, parts))
        case Implies(left, right) | Equivalent(left, right) | Dyadic(_, _, left, right):
            return free_variables(left) | free_variables(right)
        case Exists(variables, body) | ForAll(variables, body):
            return free_variables(body) - set(variables)
        case Aggregation(result, _, _, groups, _):
            return frozenset({result, *groups})
        case Let(body=body):
            return free_variables(body)


def columns(formula: Formula) -> tuple[str, ...]:
    """The free variables in the order in which the peers print them: as they first occur, but those
    of SINCE and UNTIL as they occur on the right side."""
    match formula:
        case Predicate(_, args):
            return _in_order(map(_term_columns, args))
        case Comparison(_, left, right):
            return _in_order((_term_columns(left), _term_columns(right)))
        case Dyadic(_, _, left, right):
            return _in_order((columns(right), columns(left)))
        case Aggregation(result, _, _, groups, _):
            return _in_order(((result, *groups),))
        case Exists(variables, body) | ForAll(variables, body):
            return tuple(c for c in columns(body) if c not in variables)
        case Let(body=body):
            return columns(body)
        case _:
            return _in_order(map(columns, children(formula)))


def _in_order(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part))


def _term_columns(term: Term) -> tuple[str, ...]:
    match term:
        case Variable(name):
            return (name,)
        case Constant():
            return ()
        case Operation(_, args):
            return _in_order(map(_term_columns, args))


def children(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Predicate() | Comparison():
            return ()
        case Not(body) | Temporal(_, _, body) | Exists(_, body) | ForAll(_, body):
            return (body,)
        case Aggregation(body=body):
            return (body,)
        case And(parts) | Or(parts):
            return parts
        case Implies(left, right) | Equivalent(left, right) | Dyadic(_, _, left, right):
            return (left, right)
        case Let(definition=definition, body=body):
            return (definition, body)


TRUE = Comparison("=", Constant(0), Constant(0))
FALSE = Comparison("=", Constant(0), Constant(1))
