"""Arithmetic and comparisons on the columns of a table.

Whole numbers divide towards zero and a remainder has the sign of the dividend, as in the peers'
monitors; a number divided by zero is 0 and leaves itself, as in the verified one.  Strings are
compared by their codes, whose order is theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from servanda.engine.columns.table import Array, Mask, Table, take, with_column
from servanda.model import formula as f


class TermError(ValueError):
    """Terms whose kinds do not fit, or that have no value; the message says which."""


@dataclass(frozen=True, slots=True)
class Valued:
    """A column of values, or one value for all rows, and its kind."""

    values: Array
    kind: f.Kind


Codes = Mapping[str, int]


def value(term: f.Term, table: Table, codes: Codes) -> Valued:
    """The value of a term for every row.  Law: per row, the term with the row's values."""
    match term:
        case f.Variable(name):
            return Valued(table.column(name), table.kind(name))
        case f.Constant(str(text)):
            return Valued(np.int64(codes[text]), "string")  # type: ignore[arg-type]
        case f.Constant(float(number)):
            return Valued(np.float64(number), "float")  # type: ignore[arg-type]
        case f.Constant(number):
            return Valued(np.int64(number), "int")  # type: ignore[arg-type]
        case f.Operation(op, args):
            return _operation(op, [value(arg, table, codes) for arg in args])


def column(term: f.Term, table: Table, codes: Codes) -> Valued:
    """As `value`, one value for each row."""
    found = value(term, table, codes)
    if np.ndim(found.values):
        return found
    return Valued(np.full(len(table), found.values), found.kind)


def _operation(op: str, args: list[Valued]) -> Valued:
    kinds = {a.kind for a in args}
    values = [a.values for a in args]
    if op == "f2i":
        _only(op, kinds, {"float"})
        return Valued(np.trunc(values[0]).astype(np.int64), "int")
    if op == "i2f":
        _only(op, kinds, {"int"})
        return Valued(np.asarray(values[0]).astype(np.float64), "float")
    _only(op, kinds, {"int"} if op == "MOD" else {"int", "float"})
    if len(kinds) > 1:
        raise TermError(f"{op} of a whole number and a float: convert one with i2f or f2i")
    kind = args[0].kind
    if kind == "int" and op in ("/", "MOD"):
        return Valued(_divided(op, values[0], values[1]), kind)
    with np.errstate(all="ignore"):
        return Valued(_ARITHMETIC[op](*values), kind)


def _only(op: str, kinds: set[f.Kind], allowed: set[f.Kind]) -> None:
    for kind in sorted(kinds - allowed):
        raise TermError(f"{op} takes {' or '.join(sorted(allowed))}, not {kind}")


def _divided(op: str, left: Array, right: Array) -> Array:
    by = np.where(np.equal(right, 0), 1, right)
    remainder = np.where(np.equal(right, 0), left, np.fmod(left, by))
    return remainder if op == "MOD" else (left - remainder) // by


_ARITHMETIC: Mapping[str, Callable[..., Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "neg": np.negative,
}
_COMPARE: Mapping[str, Callable[..., Mask]] = {
    "=": np.equal,
    "<": np.less,
    "<=": np.less_equal,
}


def compared(comparison: f.Comparison, table: Table, codes: Codes) -> Mask:
    """For each row whether the comparison holds."""
    left = value(comparison.left, table, codes)
    right = value(comparison.right, table, codes)
    if left.kind != right.kind:
        raise TermError(f"{comparison.op} compares {left.kind} with {right.kind}")
    holds = _COMPARE[comparison.op](left.values, right.values)
    return np.broadcast_to(holds, len(table))


def filtered(
    table: Table, comparison: f.Comparison, codes: Codes, *, refused: bool = False
) -> Table:
    """The rows for which it holds, or does not where it is refused.

    Law: `t ∈ filtered(A)(k)` iff `t ∈ A(k)` and the comparison holds of `k`.
    """
    holds = compared(comparison, table, codes)
    holds = ~holds if refused else holds
    return table if holds.all() else take(table, holds)


def assigned(table: Table, name: str, term: f.Term, codes: Codes) -> Table:
    """A new column with the value of a term.  Law: `t ∈ assigned(A)(k, v)` iff `t ∈ A(k)` and
    `v` is the value of the term for `k`."""
    found = column(term, table, codes)
    return replace(with_column(table, name, found.kind, found.values), ordered=False)
