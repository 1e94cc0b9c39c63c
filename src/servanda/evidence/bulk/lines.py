"""Lines of JSON as rows alike in their fields, for `bulk.rows`.

A line that is not plainly one flat record is left to the careful reader, which says what is wrong
with it.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any

import numpy as np
import polars as pl

from servanda.evidence.bulk import frames, rows
from servanda.evidence.bulk.written_alike import written_alike
from servanda.evidence.checked import FIELDS
from servanda.evidence.rows import LIST_FIELDS, MAX_DEPTH, MAX_LINE, Bad, json_rows
from servanda.model.record_type import RecordType

# A number of so many digits may be more than the reader takes; a key is what stands before a colon.
_LONG_NUMBER = r"[0-9][0-9.]{15}"
_KEY = r'"\s*:'
MANY_KINDS = 500  # of rows alike in their fields; the rest are looked at one by one


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


_DECODE = json.JSONDecoder(parse_constant=_no_constant, parse_float=Decimal).decode
_UNREADABLE = "\0"  # in place of a cell that is no text
_NOTHING: Mapping[str, Any] = {}
_TEXTS = ("id", "precision", *rows.INSTANTS)
_OWN = frozenset((*_TEXTS, "count"))
_ASIDE = frozenset((*_OWN, "args", "place", *LIST_FIELDS))

Cells = tuple[Any, ...]
Getter = Callable[[Mapping[str, Any]], Cells]


def of_json(lines: Sequence[str], types: Mapping[str, RecordType]) -> Iterator[rows.Rows]:
    """Rows of JSON Lines, those alike in how they are written, or in their fields, together."""
    text = pl.Series(lines, dtype=pl.String)
    written = np.array([bool(line.strip()) for line in lines], bool)
    careful = text.str.contains(_LONG_NUMBER) | (text.str.len_chars() > MAX_LINE)
    careful |= text.str.count_matches(r"[\[{]") > MAX_DEPTH
    used = np.zeros(len(lines), bool)

    def raw(index: int) -> rows.Row | Bad:
        return next(json_rows([lines[index]]))[1]

    for part in written_alike(text, np.flatnonzero(written & ~careful.to_numpy())):
        used[part.places] = True
        yield from frames.by_type(part.cells, part.places, part.places + 1, types, raw)
    keys = text.str.count_matches(_KEY).to_list()
    kinds: dict[Any, _Kind] = {}
    for index in np.flatnonzero(written & ~used & ~careful.to_numpy()).tolist():
        try:
            row = _DECODE(lines[index])
        except (ValueError, RecursionError):
            continue
        kind = _kind_of(row, kinds, types) if isinstance(row, dict) else None
        if kind is not None and kind.keys == keys[index]:
            kind.add(index, row)
    for kind in kinds.values():
        if kind.places:
            used[kind.places] = True
            yield kind.rows(raw)
    rest = np.flatnonzero(written & ~used)
    if len(rest):
        yield rows.alone(rest, rest + 1, raw)


@dataclass
class _Kind:
    """Rows with the same fields, and what they hold."""

    own: Getter
    numbers: Getter
    point: Getter
    shared: Getter
    words: Getter
    lists: Getter
    names: Sequence[str]  # of what is each row's own
    keys: int
    places: list[int] = field(default_factory=list)
    held: list[Cells] = field(default_factory=list)
    shape: list[int] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)
    listing: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, index: int, row: Mapping[str, Any]) -> None:
        args, place = row.get("args", _NOTHING), row.get("place", _NOTHING)
        if type(place) is dict:
            point, named = self.point(place), None if self.point is not _none else place.get("name")
        else:
            point, named = (), place if place is not _NOTHING else None
        number = self._shape((*self.shared(row), *self.words(args), named))
        if any(self.lists(row)):
            self.listing[len(self.places)] = row
        self.places.append(index)
        self.held.append((*self.own(row), *self.numbers(args), *point))
        self.shape.append(number)

    def _shape(self, held: Cells) -> int:
        """The number of what a row shares; of numbers, 1, 1.0 and true are not the same."""
        try:
            number = self.known.get(held)
        except TypeError:  # there is a list among them
            number = None
        if number is None:
            plain = all(cell is None or type(cell) is str for cell in held)
            number = self.known.setdefault(held if plain else repr(held), len(self.known))
        return number

    def rows(self, raw: Callable[[int], rows.Row | Bad]) -> rows.Rows:
        places = np.array(self.places, np.int64)
        shape = np.array(self.shape, np.int64)
        columns = zip(self.names, zip(*self.held, strict=True), strict=True)
        return rows.Rows(
            places + 1,
            {name: _column(name, cells) for name, cells in columns},
            shape,
            np.unique(shape, return_index=True)[1],
            self.listing,
            lambda row: raw(int(places[row])),
        )


def _kind_of(
    row: Mapping[str, Any], kinds: dict[Any, _Kind], types: Mapping[str, RecordType]
) -> _Kind | None:
    """The kind of a row; None where it is unusual."""
    name, args, place = row.get("type"), row.get("args", _NOTHING), row.get("place")
    if type(name) is not str or (type(args) is not dict and args is not _NOTHING):
        return None
    inner = tuple(place) if type(place) is dict else None
    key = (name, tuple(row), tuple(args), inner)
    kind = kinds.get(key)
    if kind is None and name in types and "id" in row and len(kinds) < MANY_KINDS:
        known = rows.numbers_of(types[name])
        own = [n for n in row if n in _OWN]
        numbers = [n for n in args if n in known]
        point = [n for n in inner or () if n in rows.POINT]
        kind = kinds[key] = _Kind(
            _getter(own),
            _getter(numbers),
            _getter(point),
            _getter([n for n in row if n in FIELDS and n not in _ASIDE]),
            _getter([n for n in args if n not in known]),
            _getter([n for n in row if n in LIST_FIELDS]),
            (*own, *(f"args.{n}" for n in numbers), *point),
            len(row) + len(args) + len(inner or ()),
        )
    return kind


def _getter(names: Sequence[str]) -> Getter:
    if not names:
        return _none
    if len(names) == 1:
        name = names[0]
        return lambda row: (row[name],)
    return itemgetter(*names)


def _none(_: Mapping[str, Any]) -> Cells:
    return ()


def _column(name: str, cells: Cells) -> pl.Series:
    """Texts as texts, coordinates as such, numbers as they were read."""
    if name in rows.POINT:
        numbers = [float(c) if type(c) in (int, Decimal) else math.nan for c in cells]
        return pl.Series(numbers, dtype=pl.Float64)
    if name not in _TEXTS:
        return pl.Series(cells, dtype=pl.Object)
    texts = [c if c is None or type(c) is str else _UNREADABLE for c in cells]
    return pl.Series(texts, dtype=pl.String)
