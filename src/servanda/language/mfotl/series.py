"""Columns of a log in polars: types of the arguments, and the events of one predicate.

What does not fit the signature is a problem with its place; `places` says how rows are called.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl

from servanda.language.mfotl.log import LARGEST, RawLog, RawRelation
from servanda.language.mfotl.signature import Signature
from servanda.model.event_log import Problem
from servanda.model.formula import Kind

TYPES: dict[Kind, Any] = {"int": pl.Int64, "float": pl.Float64, "string": pl.String}
_SHOWN = 1000  # rows whose problems are told one by one; the others are counted
Places = Callable[[int], str]


def common_type(signature: Signature, i: int) -> Any:
    """The type in which argument `i` of every predicate can be read."""
    kinds = {kinds[i] for kinds in signature.values() if len(kinds) > i}
    if "string" in kinds or not kinds:
        return pl.String
    return pl.Float64 if "float" in kinds else pl.Int64


def refuse(log: RawLog, places: Places, rows: Any, reason: str) -> None:
    """Rows of a table that are not used, and why."""
    for row in rows[:_SHOWN].tolist():
        log.problems.append(Problem(places(row), f"not used: {reason}"))
    if len(rows) > _SHOWN:
        many = f"and {len(rows) - _SHOWN} more like this"
        log.problems.append(Problem(places(int(rows[_SHOWN])), many))


def codes_of(names: pl.Series, signature: Signature, log: RawLog, places: Places) -> Any:
    """The number of each row's predicate; unknown ones are told once, with how many there are."""
    codes = names.cast(pl.Enum(list(signature)), strict=False).to_physical()
    unknown = codes.is_null()
    if unknown.any():
        rows = np.flatnonzero(unknown.to_numpy())
        words = names.gather(rows)
        for word in words.unique(maintain_order=True).to_list():
            mine = rows[(words == word if word is not None else words.is_null()).to_numpy()]
            said = (
                "there is no name of a predicate"
                if word is None
                else f"{word} is not in the signature"
            )
            events = f"{len(mine)} event{'' if len(mine) == 1 else 's'} not used"
            log.problems.append(Problem(places(int(mine[0])), f"{said}; {events}."))
    return codes.cast(pl.Int32).fill_null(len(signature)).to_numpy()


def relation(
    frame: pl.DataFrame,
    arguments: Sequence[str],
    predicate: str,
    kinds: Sequence[Kind],
    rows: Any,
    at: Any,
    log: RawLog,
    places: Places,
) -> RawRelation:
    """The events of a predicate: the given rows, without those that do not fit its types."""
    good = np.ones(len(rows), np.bool_)
    columns = []
    for i, name in enumerate(arguments):
        values = frame[name].gather(rows) if len(rows) < len(frame) else frame[name]
        if i >= len(kinds):
            if values.null_count() < len(values):
                good &= values.is_null().to_numpy()
            continue
        values = values.cast(TYPES[kinds[i]], strict=False)
        if not _sound(values):
            good &= _usable(values)
        columns.append(values)
    if not good.all():
        types = ", ".join(kinds)
        refuse(log, places, rows[~good], f"it does not fit {predicate}({types}).")
        columns = [c.filter(pl.Series(good)) for c in columns]
        rows = rows[good]
    return RawRelation([c if c.dtype == pl.String else c.to_numpy() for c in columns], at[rows])


def _sound(values: pl.Series) -> bool:
    """Whether every value can be used, as is usual; `_usable` says which."""
    if values.null_count():
        return False
    if len(values) and values.dtype != pl.String:
        numbers = values.to_numpy()
        limit = np.inf if values.dtype == pl.Float64 else LARGEST
        return bool(numbers.min() >= -limit and numbers.max() <= limit)
    return True


def _usable(values: pl.Series) -> Any:
    usable = values.is_not_null()
    if values.dtype == pl.Float64:
        usable &= ~values.is_nan().fill_null(True)
    elif values.dtype == pl.Int64:
        usable &= values.is_between(-LARGEST, LARGEST).fill_null(False)
    return usable.to_numpy()


def empty(kinds: Sequence[Kind]) -> RawRelation:
    return RawRelation([pl.Series(dtype=TYPES[k]) for k in kinds], np.empty(0, np.int64))
