"""The text format in its plain form, read as a table: one line per time-point, no quotes.

`@7 P(1) Q(2,3);` has the table's rows `+7,P,1` and `,Q,2,3`: the signs are exchanged byte by byte,
which is fast, and the table is then read in columns.  Anything unusual is left to the careful
reader.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from servanda.language.mfotl import series
from servanda.language.mfotl.log import LARGEST, RawLog
from servanda.language.mfotl.signature import Signature

# “@” becomes the sign of a number, so that nothing but a separator can stand before it.
_EXCHANGED = bytes.maketrans(b"() @", b",\n,+")
_DROPPED = b";\n"
_UNUSUAL = b"\"'#\t\r"
_OPEN, _STAMP, _LINE, _END, _BLANK = b"(@\n; "
_PIECE = 1 << 18


def read_plain(data: bytes, name: str, signature: Signature) -> RawLog | None:
    """The log, or None where the text is not in the plain form or an event does not fit."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    signs = _Signs.of(data)
    if signs.spaced == signs.opened:
        data, signs = data.replace(b" (", b"("), replace(signs, blanks=signs.blanks - signs.spaced)
    if not signs.plain:
        return None
    arguments = [f"a{i}" for i in range(max((len(k) for k in signature.values()), default=0))]
    types = {column: series.common_type(signature, i) for i, column in enumerate(arguments)}
    header = ",".join(("ts", "rel", *types)).encode() + b"\n"
    frame = _table(header + data.translate(_EXCHANGED, _DROPPED), list(signature), types)
    if frame is None:
        return None
    # Every comma separates two arguments that are there.
    if sum(len(frame) - frame[a].null_count() for a in arguments[1:]) != signs.commas:
        return None
    fresh = frame["ts"].is_not_null().to_numpy()
    ts = frame["ts"].drop_nulls().to_numpy()
    # Two time-points of which the first has no event would have run together.
    if len(frame) != signs.opened or len(ts) != signs.stamps or frame["rel"].null_count():
        return None
    if len(ts) and not (fresh[0] and ts[0] >= 0 and ts[-1] <= LARGEST and (np.diff(ts) >= 0).all()):
        return None
    at = np.cumsum(fresh) - 1
    log = RawLog(stamps=ts)

    def place(row: int) -> str:
        return f"{name}:{at[row] + 1}"

    if frame["rel"].dtype == pl.String and not _are_names(frame["rel"].unique()):
        return None
    codes = series.codes_of(frame["rel"], signature, log, place)
    unknown = len(log.problems)
    for number, (predicate, kinds) in enumerate(signature.items()):
        rows = np.flatnonzero(codes == number)
        log.relations[predicate] = series.relation(
            frame, arguments, predicate, kinds, rows, at, log, place
        )
    return log if len(log.problems) == unknown else None


def _table(text: bytes, predicates: list[str], types: dict[str, Any]) -> pl.DataFrame | None:
    """The rows; predicates are read as numbers, or as text where one is not in the signature."""
    for names in (pl.Enum(predicates), pl.String):
        with suppress(pl.exceptions.PolarsError):
            return pl.read_csv(text, schema={"ts": pl.Int64, "rel": names, **types})
    return None


def _are_names(words: pl.Series) -> bool:
    return bool(words.str.contains(r"^[A-Za-z_]\w*$").all())


@dataclass(frozen=True, slots=True)
class _Signs:
    """How often the signs of the format occur, which is how the plain form is recognised."""

    opened: int
    closed: int
    spaced: int  # “(” after a blank
    blanks: int
    commas: int
    stamps: int
    lines: int
    ends: int
    proper: int  # “@” at the beginning of a line and “;” at the end of one
    unusual: int

    @classmethod
    def of(cls, data: bytes) -> "_Signs":
        """Counted in pieces that fit into the processor's cache, each with the byte before it."""
        found = np.zeros(10, np.int64)
        text = np.frombuffer(b"\n" + data + b"\n", np.uint8)
        for i in range(1, len(text), _PIECE):
            piece, before = text[i : i + _PIECE], text[i - 1 : i + _PIECE - 1][: len(text) - i]
            opened, stamps, lines = piece == _OPEN, piece == _STAMP, piece == _LINE
            proper = np.count_nonzero(stamps & (before == _LINE))
            proper += np.count_nonzero(lines & (before == _END))
            each = (
                np.count_nonzero(opened),
                np.count_nonzero(piece == ord(")")),
                np.count_nonzero(opened & (before == _BLANK)),
                np.count_nonzero(piece == _BLANK),
                np.count_nonzero(piece == ord(",")),
                np.count_nonzero(stamps),
                np.count_nonzero(lines),
                np.count_nonzero(piece == _END),
                proper,
                sum(np.count_nonzero(piece == sign) for sign in _UNUSUAL),
            )
            found += np.array(each, np.int64)
        return cls(*found.tolist())

    @property
    def plain(self) -> bool:
        """One line per time-point and one blank before each event; nothing else anywhere."""
        lines = self.lines - 1  # without the one that was put at the end
        return (
            self.unusual == 0
            and self.closed == self.opened
            and self.blanks == self.opened
            and self.proper == self.stamps + self.ends
            and lines in (self.stamps, self.stamps - 1)
        )
