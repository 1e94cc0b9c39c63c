"""Columns of a log: what was read becomes numpy arrays, strings become codes in their order."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from servanda.language.mfotl.log import RawLog
from servanda.language.mfotl.signature import BUILT_IN, Signature
from servanda.model import formula as f
from servanda.model.event_log import EventLog, Relation


def columns_of(raw: RawLog, signature: Signature, constants: Iterable[str] = ()) -> EventLog:
    """The log in columns; `constants` are further strings, such as those of a formula."""
    parts = [
        column
        for name, relation in raw.relations.items()
        for kind, column in zip(signature[name], relation.columns, strict=True)
        if kind == "string"
    ]
    strings = sorted({"", *constants}.union(*(_distinct(p) for p in parts)))
    codes = {text: code for code, text in enumerate(strings)}
    relations = {
        name: Relation(
            signature[name],
            tuple(
                _column(column, kind, codes)
                for kind, column in zip(signature[name], relation.columns, strict=True)
            ),
            np.asarray(relation.at, np.int64),
        )
        for name, relation in raw.relations.items()
    }
    return EventLog(
        np.asarray(raw.stamps, np.int64), relations, strings, codes, raw.problems, raw.numbers
    )


def _distinct(column: Any) -> Iterable[str]:
    found: Iterable[str] = column if isinstance(column, list) else column.unique().to_list()
    return found


def _column(column: Any, kind: f.Kind, codes: Mapping[str, int]) -> Any:
    if kind == "string":
        if isinstance(column, list):
            return np.fromiter(map(codes.__getitem__, column), np.int64, len(column))
        import polars as pl

        return column.cast(pl.Enum(list(codes))).to_physical().cast(pl.Int64).to_numpy()
    return np.asarray(column, np.float64 if kind == "float" else np.int64)


def constants(formula: f.Formula) -> set[str]:
    """The strings that a formula mentions."""
    found: set[str] = set()

    def look(term: f.Term) -> None:
        if isinstance(term, f.Constant) and isinstance(term.value, str):
            found.add(term.value)
        if isinstance(term, f.Operation):
            for arg in term.args:
                look(arg)

    match formula:
        case f.Predicate(_, args):
            for arg in args:
                look(arg)
        case f.Comparison(_, left, right):
            look(left)
            look(right)
        case f.Aggregation(term=term):
            look(term)
    return found.union(*map(constants, f.children(formula)))


def used(formula: f.Formula) -> set[str]:
    """The names of the predicates that a formula uses, those that it defines included."""
    own = {formula.name} if isinstance(formula, f.Predicate) else set()
    return own.union(*map(used, f.children(formula)))


def known(signature: Signature) -> dict[str, tuple[f.Kind, ...]]:
    return {**BUILT_IN, **signature}
