"""The text format in its plain form, read as a table: one line per time-point, no quotes.

`@7 P(1) Q(2,3);` has the table's rows `+7,P,1` and `,Q,2,3`: the signs are exchanged byte by byte,
which is fast, and the table is then read in columns.  Anything unusual is left to the careful
reader.
"""

import io
from typing import Any

import numpy as np
import polars as pl

from servanda.language.mfotl import series
from servanda.language.mfotl.log import LARGEST, RawLog
from servanda.language.mfotl.signature import Signature

# “@” becomes the sign of a number, so that nothing but a separator can stand before it.
_EXCHANGED = bytes.maketrans(b"() @", b",\n,+")
_DROPPED = b";\n"
_UNUSUAL = (b'"', b"'", b"#", b"\t", b"\r")


def read_plain(data: bytes, name: str, signature: Signature) -> RawLog | None:
    """The log, or None where the text is not in the plain form or an event does not fit."""
    data = data.replace(b"\r\n", b"\n")
    opened, stamps, lines = data.count(b"("), data.count(b"@"), data.count(b"\n")
    if data.count(b" (") == opened:
        data = data.replace(b" (", b"(")
    if (
        any(mark in data for mark in _UNUSUAL)
        or data.count(b")") != opened
        or data.count(b" ") != opened
        or data.count(b"\n@") + data.startswith(b"@") != stamps
        or data.count(b";") != data.count(b";\n") + data.endswith(b";")
        or lines not in (stamps, stamps - 1)
    ):
        return None
    arguments = [f"a{i}" for i in range(max((len(k) for k in signature.values()), default=0))]
    types: dict[str, Any] = {"ts": pl.Int64, "rel": pl.String}
    types |= {column: series.common_type(signature, i) for i, column in enumerate(arguments)}
    header = ",".join(types).encode() + b"\n"
    try:
        frame = pl.read_csv(io.BytesIO(header + data.translate(_EXCHANGED, _DROPPED)), schema=types)
    except pl.exceptions.PolarsError:
        return None
    # Every comma separates two arguments that are there.
    if sum(len(frame) - frame[a].null_count() for a in arguments[1:]) != data.count(b","):
        return None
    fresh = frame["ts"].is_not_null().to_numpy()
    ts = frame["ts"].drop_nulls().to_numpy()
    # Two time-points of which the first has no event would have run together.
    if len(frame) != opened or len(ts) != stamps or frame["rel"].null_count():
        return None
    if len(ts) and not (fresh[0] and ts[0] >= 0 and ts[-1] <= LARGEST and (np.diff(ts) >= 0).all()):
        return None
    at = np.cumsum(fresh) - 1
    log = RawLog(stamps=ts)

    def place(row: int) -> str:
        return f"{name}:{at[row] + 1}"

    if not frame["rel"].str.contains(r"^[A-Za-z_]\w*$").all():
        return None
    codes = series.codes_of(frame["rel"], signature, log, place)
    unknown = len(log.problems)
    for number, (predicate, kinds) in enumerate(signature.items()):
        rows = np.flatnonzero(codes == number)
        log.relations[predicate] = series.relation(
            frame, arguments, predicate, kinds, rows, at, log, place
        )
    return log if len(log.problems) == unknown else None
