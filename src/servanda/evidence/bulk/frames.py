"""Tables of cells as rows by type, for `bulk.rows`."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl

from servanda.evidence.bulk import rows
from servanda.evidence.bulk.cells import codes
from servanda.evidence.checked import FIELDS
from servanda.evidence.rows import LIST_FIELDS, Bad, Parquet, from_columns, plain
from servanda.evidence.table import Ints, Mask
from servanda.model.record_type import RecordType

Types = Mapping[str, RecordType]
STRETCH = 250_000  # rows
MANY_TYPES = 500  # so many kinds of records no file has: its rows are looked at one by one
_JSON = r"^\s*[{\[]"
_POINT = {"lat": "lat", "place.lat": "lat", "lon": "lon", "place.lon": "lon"}


def by_type(
    frame: pl.DataFrame,
    places: Ints,
    lines: Ints,
    types: Types,
    raw: Callable[[int], rows.Row | Bad],
) -> Iterator[rows.Rows]:
    """The rows of a table; `raw` gives the row at a place as its reader does."""
    usual = _unnested(frame)
    if usual is None:
        yield rows.alone(places, lines, raw)
        return
    kinds, examples = codes(usual.select("type"))
    names = usual["type"].gather(examples).to_list()
    there = _there(usual, kinds, len(names))
    alone = [i for i, name in enumerate(names) if name not in types or i >= MANY_TYPES]
    for number, name in enumerate(names):
        if number not in alone:
            mine = kinds == number
            some = np.flatnonzero(mine)
            part = usual[[n for n in usual.columns if n == "id" or there[n][number]]]
            if len(some) < len(lines):
                part = part.filter(pl.Series(mine))
            yield _of_type(part, types[name], places[some], lines[some], raw)
    some = np.flatnonzero(np.isin(kinds, alone))
    if len(some):
        yield rows.alone(places[some], lines[some], raw)


def _there(frame: pl.DataFrame, kinds: Ints, count: int) -> Mapping[str, Mask]:
    """For each column in which of the kinds of rows a cell is not empty."""
    found = {}
    for column in frame:
        held = np.ones(count, bool)
        if column.null_count():
            held = np.bincount(kinds[column.is_not_null().to_numpy()], minlength=count) > 0
        found[column.name] = held
    return found


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
    texts = [column for column in frame if column.dtype == pl.String]
    empty = [column.name for column in texts if (column == "").any()]
    return frame.with_columns(
        pl.when(pl.col(name) == "").then(None).otherwise(pl.col(name)).alias(name) for name in empty
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
    told = frame.select(lists)[listing]
    # A text that holds no JSON is as a reader of rows gives it.
    texts = all(c.dtype == pl.String and not c.str.contains(_JSON).any() for c in told)
    return rows.Rows(
        lines,
        {n: _written(frame[n]) for n in frame.columns if n in own},
        which,
        examples,
        {
            row: one if texts else from_columns({name: plain(v) for name, v in one.items()})
            for row, one in zip(listing.tolist(), told.iter_rows(named=True), strict=True)
        },
        lambda row: raw(int(places[row])),
    )


def _written(column: pl.Series) -> pl.Series:
    """A column of texts as texts, though it holds numbers."""
    if column.name not in _TEXTS or column.dtype == pl.String:
        return column
    return pl.Series([None if v is None else str(plain(v)) for v in column], dtype=pl.String)


_TEXTS = ("id", "precision", *rows.INSTANTS)


def of_parquet(file: Parquet, types: Types) -> list[Iterator[rows.Rows]]:
    """The rows of a Parquet file, in stretches of which each can be read by itself; raise Bad."""

    def stretch(start: int) -> Iterator[rows.Rows]:
        frame = file.read(start, STRETCH)

        def raw(row: int) -> rows.Row | Bad:
            named = zip(frame.columns, frame.row(row), strict=True)
            return from_columns({name: plain(value) for name, value in named if value is not None})

        places = np.arange(frame.height)
        yield from by_type(frame, places, start + places + 1, types, raw)

    return [stretch(start) for start in range(0, file.rows, STRETCH)]
