"""Logs as tables, CSV and Parquet, read in columns.

A table has the columns `ts`, `tp`, `rel` and then the arguments, whatever their names; `tp` may be
left out, and then events with equal stamps that follow each other form one time-point.  Rows that
do not fit are refused with their number; the rest goes on.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import polars as pl

from servanda.language.mfotl import series
from servanda.language.mfotl.lexer import MfotlError
from servanda.language.mfotl.log import LARGEST, RawLog
from servanda.language.mfotl.series import Places
from servanda.language.mfotl.signature import Signature

_NAMED = ("ts", "tp", "rel")


def read_parquet(source: Any, name: str, signature: Signature, wanted: Collection[str]) -> RawLog:
    try:
        frame = pl.read_parquet(source)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise MfotlError(f"{name}: no Parquet file that can be read: {_first(error)}") from error
    return from_frame(frame, name, signature, wanted, first_row=0)


def read_csv(source: Any, name: str, signature: Signature, wanted: Collection[str]) -> RawLog:
    """A CSV file; a column that holds strings for one predicate and numbers for another is text."""
    try:
        head = pl.read_csv(source, n_rows=0).columns
        arguments = [c for c in head if c not in _NAMED]
        types: dict[str, Any] = {"ts": pl.Int64, "tp": pl.Int64, "rel": pl.String}
        types |= {c: series.common_type(signature, i) for i, c in enumerate(arguments)}
        try:
            frame = pl.read_csv(source, schema_overrides={c: types[c] for c in head})
        except pl.exceptions.ComputeError:
            # A value that is no number somewhere: all as text, and each row is judged by itself.
            frame = pl.read_csv(source, infer_schema=False, truncate_ragged_lines=True)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise MfotlError(f"{name}: no CSV file that can be read: {_first(error)}") from error
    return from_frame(frame, name, signature, wanted, first_row=2)


def from_frame(
    frame: pl.DataFrame, name: str, signature: Signature, wanted: Collection[str], first_row: int
) -> RawLog:
    """The log of a table; `first_row` is the number that people give its first row."""
    for needed in ("ts", "rel"):
        if needed not in frame.columns:
            have = ", ".join(frame.columns[:8])
            raise MfotlError(f"{name}: there is no column {needed}; it has {have}.")
    arguments = [c for c in frame.columns if c not in _NAMED]
    most = max((len(k) for k in signature.values()), default=0)
    if len(arguments) < most:
        have = f"{len(arguments)} columns of arguments"
        raise MfotlError(f"{name}: the table has {have}; the signature needs {most}.")
    log = RawLog()
    frame, original = _times(frame, log, lambda row: f"{name}: row {row + first_row}")

    def place(row: int) -> str:
        return f"{name}: row {(row if original is None else int(original[row])) + first_row}"

    at, log.stamps, log.numbers = _positions(frame)
    codes = series.codes_of(frame["rel"].cast(pl.String), signature, log, place)
    for number, (predicate, kinds) in enumerate(signature.items()):
        if predicate not in wanted:
            log.relations[predicate] = series.empty(kinds)
            continue
        rows = np.flatnonzero(codes == number)
        log.relations[predicate] = series.relation(
            frame, arguments, predicate, kinds, rows, at, log, place
        )
    return log


def _times(frame: pl.DataFrame, log: RawLog, place: Places) -> tuple[pl.DataFrame, Any]:
    """Rows in order with sound times, and the number that each had where that is not its own."""
    kept = np.ones(len(frame), np.bool_)
    for column in ("ts", "tp"):
        if column in frame.columns:
            times = frame[column].cast(pl.Int64, strict=False)
            frame = frame.with_columns(times)
            sound = times.is_between(0, LARGEST).fill_null(False).to_numpy()
            if not sound.all():
                why = f"its {column} is no whole number from 0 to 2^60."
                series.refuse(log, place, np.flatnonzero(~sound), why)
                kept &= sound
    original = None
    if not kept.all():
        original = np.flatnonzero(kept)
        frame = frame.filter(pl.Series(kept))
    order = "tp" if "tp" in frame.columns else "ts"
    if not frame[order].is_sorted():
        sorting = np.argsort(frame[order].to_numpy(), kind="stable")
        frame = frame[sorting]
        original = sorting if original is None else original[sorting]
    if order == "tp" and not frame["ts"].is_sorted():
        ts = frame["ts"].to_numpy()
        late = ts < np.maximum.accumulate(ts)
        numbers = np.arange(len(ts)) if original is None else original
        series.refuse(log, place, numbers[late], "its time-stamp is before an earlier one.")
        frame, original = frame.filter(pl.Series(~late)), numbers[~late]
    return frame, original


def _positions(frame: pl.DataFrame) -> tuple[Any, Any, Any]:
    """The time-point of each row, their stamps, and their own numbers if not 0, 1, 2 …"""
    ts = frame["ts"].to_numpy()
    own = frame["tp"].to_numpy() if "tp" in frame.columns else None
    by = ts if own is None else own
    fresh = np.ones(len(ts), np.bool_)
    if len(ts):
        np.not_equal(by[1:], by[:-1], out=fresh[1:])
    if own is not None and len(own) and own[0] == 0 and own[-1] == np.count_nonzero(fresh) - 1:
        return own, ts[fresh], None
    return np.cumsum(fresh) - 1, ts[fresh], None if own is None else own[fresh]


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]
