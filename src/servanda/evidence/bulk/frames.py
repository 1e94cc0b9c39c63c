"""Tables of cells (Parquet, CSV) as rows by type, for `bulk.rows`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from servanda.evidence.bulk import rows
from servanda.evidence.bulk.cells import codes
from servanda.evidence.checked import FIELDS
from servanda.evidence.rows import LIST_FIELDS, Bad, from_columns, plain
from servanda.evidence.table import Ints
from servanda.model.record_type import RecordType

Types = Mapping[str, RecordType]
MANY_TYPES = 500  # so many kinds of records no file has: its rows are looked at one by one
_POINT = {"lat": "lat", "place.lat": "lat", "lon": "lon", "place.lon": "lon"}


def by_type(
    frame: pl.DataFrame,
    lines: Ints,
    types: Types,
    cells: Callable[[int], Mapping[str, Any]],
) -> Iterator[rows.Rows]:
    """The rows of a table; `cells` gives those of one row as they were read."""

    def raw(row: int) -> rows.Row | Bad:
        return from_columns(cells(row))

    usual = _unnested(frame)
    if usual is None:
        yield rows.alone(np.arange(len(lines)), lines, raw)
        return
    kinds, examples = codes(usual.select("type"))
    names = usual["type"].gather(examples).to_list()
    alone = [i for i, name in enumerate(names) if name not in types or i >= MANY_TYPES]
    for number, name in enumerate(names):
        if number not in alone:
            some = np.flatnonzero(kinds == number)
            part = usual[some] if len(some) < len(lines) else usual
            yield _of_type(part, types[name], some, lines[some], raw)
    some = np.flatnonzero(np.isin(kinds, alone))
    if len(some):
        yield rows.alone(some, lines[some], raw)


def _unnested(frame: pl.DataFrame) -> pl.DataFrame | None:
    """The columns by the names of their fields, without empty cells; None for an unusual table."""
    for name in ("args", "place"):
        if name in frame.columns and isinstance(frame.schema[name], pl.Struct):
            frame = frame.unnest(name, separator=".")
    names = [_POINT.get(name, name) for name in frame.columns]
    if len(set(names)) < len(names) or "type" not in names or frame.schema["type"] != pl.String:
        return None
    frame.columns = names
    if "id" not in names:
        return None
    known = (*FIELDS, "lat", "lon", "place.name")
    for name, kind in frame.schema.items():
        if name in known or name.startswith("args."):
            if not _simple(kind) and name not in LIST_FIELDS:
                return None
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name)).alias(name) for name in texts
    )


def _simple(kind: pl.DataType) -> bool:
    return kind in (pl.String, pl.Null) or kind.is_integer() or kind.is_float()


def _of_type(
    frame: pl.DataFrame,
    record_type: RecordType,
    places: Ints,
    lines: Ints,
    raw: Callable[[int], rows.Row | Bad],
) -> rows.Rows:
    frame = frame[[c.name for c in frame if c.name == "id" or c.null_count() < len(c)]]
    numbers = {f"args.{name}" for name in rows.numbers_of(record_type)}
    own = {"id", *rows.INSTANTS, *rows.POINT, "count", "precision", *numbers}
    lists = [name for name in LIST_FIELDS if name in frame.columns]
    present = {n: frame[n].is_not_null() for n in frame.columns}
    shared: list[pl.Series] = []
    there: list[pl.Series] = []
    for name in frame.columns:
        if name in numbers or name in rows.POINT or name in rows.INSTANTS or name == "count":
            there.append(present[name].alias(f"there {name}"))
        elif name not in own and name not in lists:
            known = name in FIELDS or name.startswith("args.") or name == "place.name"
            (shared if known else there).append(frame[name] if known else present[name])
    which, examples = codes(pl.DataFrame([*shared, *there]))
    some = np.zeros(len(lines), bool)
    for name in lists:
        some |= present[name].to_numpy()
    listing = np.flatnonzero(some)
    told = frame.select(lists)[listing].iter_rows(named=True)
    return rows.Rows(
        lines,
        {n: _written(frame[n]) for n in frame.columns if n in own},
        which,
        examples,
        {
            row: from_columns({name: plain(v) for name, v in one.items()})
            for row, one in zip(listing.tolist(), told, strict=True)
        },
        lambda row: raw(int(places[row])),
    )


def _written(column: pl.Series) -> pl.Series:
    """A column of texts as texts, though it holds numbers."""
    if column.name not in _TEXTS or column.dtype == pl.String:
        return column
    return pl.Series([None if v is None else str(plain(v)) for v in column], dtype=pl.String)


_TEXTS = ("id", "precision", *rows.INSTANTS)


def cells_of(frame: pl.DataFrame) -> Callable[[int], Mapping[str, Any]]:
    """The cells of a row of a Parquet file, as plain data."""

    def cells(row: int) -> Mapping[str, Any]:
        named = zip(frame.columns, frame.row(row), strict=True)
        return {name: plain(value) for name, value in named if value is not None}

    return cells


def of_csv(
    header: Sequence[str], found: Iterable[tuple[int, list[str] | Bad]], types: Types
) -> tuple[Iterator[rows.Rows], list[tuple[int, str]]]:
    """The rows of CSV, and the lines that are none."""
    lines: list[int] = []
    held: list[list[str]] = []
    bad: list[tuple[int, str]] = []
    width = len(header)
    for line, cells in found:
        if isinstance(cells, Bad):
            bad.append((line, str(cells)))
            continue
        lines.append(line)
        held.append(cells if len(cells) == width else cells + [""] * (width - len(cells)))

    def cells_of_row(row: int) -> Mapping[str, Any]:
        return dict(zip(header, held[row], strict=True))

    places = np.array(lines, np.int64)
    if len(set(header)) < width or "" in header:
        count = np.arange(len(lines))
        return iter([rows.alone(count, places, lambda row: from_columns(cells_of_row(row)))]), bad
    columns = zip(*held, strict=True) if held else [()] * width
    frame = pl.DataFrame(
        {n: pl.Series(c, dtype=pl.String) for n, c in zip(header, columns, strict=True)}
    )
    return by_type(frame, places, types, cells_of_row), bad
