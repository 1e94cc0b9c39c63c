"""Lines of JSON written alike, as tables: the same fields in the same order, with other values.

A pattern is made of one line and asked of all; what matches is read without looking at JSON again.
Only the plainest lines have a pattern: text without escapes and brackets, numbers of few digits,
objects one within another at most.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from servanda.evidence.table import Ints

_TEXT = r'[^"\\\[{\x00-\x1f]+'
_NUMBER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?"
_VALUE = re.compile(rf'(: *)(?:"{_TEXT}(")|{_NUMBER}(?= *[,}}]))')
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NESTED = ("args", "place")
_OF_PLACES = ("lat", "lon")  # columns of a table that mean a place; a field of this name does not
MAX_LINE = 5_000  # characters of a line that a pattern is made of
PATTERNS = 60  # of one file; what they leave is read otherwise
FEW = 2_000  # lines that are not worth a pattern
VAIN = 5  # patterns that may match less than a hundredth of what is left


@dataclass(frozen=True)
class Written:
    """Lines written alike: their places in the file, and a column of text for each value."""

    places: Ints
    cells: pl.DataFrame


def written_alike(lines: pl.Series, places: Ints) -> Iterator[Written]:
    """The lines at some places that are written alike, kind by kind; it may leave some out."""
    vain = 0
    for _ in range(PATTERNS):
        if len(places) < FEW or vain > VAIN:
            return
        one = len(places) // 2  # in the middle: most likely of the kind of most
        found = pattern(lines[int(places[one])])
        if found is None:
            vain += 1
            places = np.delete(places, one)
            continue
        text, names = found
        asked = lines if len(places) == len(lines) else lines.gather(places)
        cells = asked.str.extract_groups(text).struct.unnest()
        cells.columns = names
        there = cells[names[0]].is_not_null()
        mine = there.to_numpy()
        if mine.sum() * 100 < len(places):
            vain += 1
        yield Written(places[mine], cells if mine.all() else cells.filter(there))
        places = places[~mine]


def pattern(line: str) -> tuple[str, list[str]] | None:
    """The pattern of a line, and the names of its values; None for one that is not so plain."""
    names = _names(line)
    if not names:
        return None
    parts: list[str] = []
    at = 0
    for value in _VALUE.finditer(line):
        group = f'"({_TEXT})"' if value[2] else f"({_NUMBER})"
        parts += (re.escape(line[at : value.start()] + value[1]), group)
        at = value.end()
    # One group for each value: then what stands between them is nothing but fields.
    if len(parts) != 2 * len(names):
        return None
    return "^" + "".join(parts) + re.escape(line[at:]) + "$", names


def _names(line: str) -> list[str]:
    """The names of the values of a line, in order; none for a line that is not so plain."""
    if len(line) > MAX_LINE:
        return []
    try:
        row = json.loads(line, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    if not isinstance(row, tuple):
        return []
    for name, value in row:
        if name in _NESTED and isinstance(value, tuple):
            if not value or not all(isinstance(v, str | int | float) for _, v in value):
                return []
            found += (f"{name}.{inner}" for inner, _ in value if _KEY.fullmatch(inner))
        elif isinstance(value, str | int | float) and name not in _OF_PLACES:
            found.append(name if _KEY.fullmatch(name) else "")
    whole = sum(len(v) if isinstance(v, tuple) else 1 for _, v in row)
    return found if len(set(found)) == whole and "" not in found else []
