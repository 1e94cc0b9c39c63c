"""Verdicts in the peers' form: one line per time-point with satisfying assignments.

    @20 (time point 1): (3,"a") (3,"b")
    @30 (time point 2): true

Many rows are written by polars in columns, few by Python; both write the same bytes.
"""

from collections.abc import Sequence
from typing import IO, Any

import numpy as np

from servanda.model.event_log import EventLog
from servanda.model.formula import Kind

_FEW = 5_000
_PER_PART = 2_000_000  # rows that are written at once, for the sake of memory


def write_verdicts(
    out: IO[bytes], log: EventLog, kinds: Sequence[Kind], columns: Sequence[Any], at: Any
) -> None:
    """Write rows that are ordered by time-point; without columns every time-point is `true`."""
    if len(at) == 0:
        return
    stamps = log.stamps[at]
    numbers = at if log.numbers is None else log.numbers[at]
    if not columns:
        for stamp, number in zip(stamps.tolist(), numbers.tolist(), strict=True):
            out.write(b"@%d (time point %d): true\n" % (stamp, number))
        return
    fresh = np.ones(len(at), np.bool_)
    np.not_equal(at[1:], at[:-1], out=fresh[1:])
    if len(at) <= _FEW:
        _few(out, log, kinds, columns, stamps, numbers, fresh)
    else:
        for first in range(0, len(at), _PER_PART):
            part = slice(first, first + _PER_PART)
            some = [c[part] for c in columns]
            _many(out, log, kinds, some, stamps[part], numbers[part], fresh[part], first == 0)
    out.write(b"\n")


def written(value: float | str, kind: Kind) -> str:
    """A value as the peers write it: floats with six significant digits, strings quoted."""
    if kind == "string":
        return f'"{value}"'
    return f"{value:g}" if kind == "float" else str(value)


def _few(
    out: IO[bytes],
    log: EventLog,
    kinds: Sequence[Kind],
    columns: Sequence[Any],
    stamps: Any,
    numbers: Any,
    fresh: Any,
) -> None:
    lists = [
        [written(log.strings[v] if kind == "string" else v, kind) for v in column.tolist()]
        for kind, column in zip(kinds, columns, strict=True)
    ]
    opening = ""
    for stamp, number, new, *row in zip(
        stamps.tolist(), numbers.tolist(), fresh.tolist(), *lists, strict=True
    ):
        if new:
            out.write(f"{opening}@{stamp} (time point {number}):".encode())
            opening = "\n"
        out.write(f" ({','.join(row)})".encode())


def _many(
    out: IO[bytes],
    log: EventLog,
    kinds: Sequence[Kind],
    columns: Sequence[Any],
    stamps: Any,
    numbers: Any,
    fresh: Any,
    begins: bool,
) -> None:
    """As a table without quotes: what opens a row, the values, and “)” as the end of line."""
    import polars as pl

    opening = np.flatnonzero(fresh)
    heads = pl.select(
        pl.format(
            "\n@{} (time point {}): (", pl.Series(stamps[opening]), pl.Series(numbers[opening])
        )
    ).to_series()
    if begins:
        heads = pl.concat([heads[:1].str.slice(1), heads[1:]])
    first = pl.repeat(" (", len(fresh), eager=True).scatter(opening, heads)
    shown = [_shown(log, k, c) for k, c in zip(kinds, columns, strict=True)]
    frame = pl.DataFrame({str(i): s for i, s in enumerate(shown)}).with_columns(
        pl.concat_str([first, shown[0].cast(pl.String)]).alias("0")
    )
    frame.write_csv(out, include_header=False, quote_style="never", line_terminator=")")


def _shown(log: EventLog, kind: Kind, column: Any) -> Any:
    import polars as pl

    if kind == "int":
        return pl.Series(column)
    distinct, where = np.unique(column, return_inverse=True)
    texts = [written(log.strings[v] if kind == "string" else v, kind) for v in distinct.tolist()]
    return pl.Series(texts, dtype=pl.String).gather(where)
