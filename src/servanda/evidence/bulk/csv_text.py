"""CSV as rows by type, for `bulk.rows`: columns are cut out together where no cell is quoted."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from servanda.evidence.bulk import rows
from servanda.evidence.bulk.frames import by_type
from servanda.evidence.rows import MAX_CELL, MAX_COLUMNS, Bad, csv_cells, from_columns
from servanda.model.record_type import RecordType

Types = Mapping[str, RecordType]
Found = tuple[Iterator[rows.Rows], list[tuple[int, str]]]
# What Python takes for space at the ends of a cell, and the table does not.
_ODD_SPACE = r"[\x1c-\x1f]"


def of_csv(text: str, types: Types) -> Found:
    """The rows of CSV, and the lines that are none."""
    return _unquoted(text, types) or _of_cells(text, types)


def _of_cells(text: str, types: Types) -> Found:
    """Cell by cell, as the reader of CSV gives them."""
    header, found = csv_cells(io.StringIO(text, newline=""))
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

    def raw(row: int) -> rows.Row | Bad:
        return from_columns(dict(zip(header, held[row], strict=True)))

    numbers, places = np.array(lines, np.int64), np.arange(len(lines))
    if len(set(header)) < width or "" in header:
        return iter([rows.alone(places, numbers, raw)]), bad
    columns = zip(*held, strict=True) if held else [()] * width
    frame = pl.DataFrame(
        {n: pl.Series(c, dtype=pl.String) for n, c in zip(header, columns, strict=True)}
    )
    return by_type(frame, places, numbers, types, raw), bad


def _unquoted(text: str, types: Types) -> Found | None:
    """Lines cut at their commas; None where a cell may be quoted, or the header is unusual."""
    if '"' in text or "\0" in text or text.count("\r") != text.count("\r\n"):
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    first = next((i for i, line in enumerate(lines) if any(_cells(line))), None)
    if first is None:
        return None
    header = _cells(lines[first])
    if len(set(header)) < len(header) or "" in header or len(header) > MAX_COLUMNS:
        return None
    told = pl.Series("line", lines[first + 1 :], dtype=pl.String)
    usual = told.str.count_matches(",", literal=True) == len(header) - 1
    usual &= (told.str.len_chars() <= MAX_CELL) & ~told.str.contains(_ODD_SPACE)
    cut = told.filter(usual).str.split_exact(",", len(header) - 1).struct.unnest()
    cut.columns = header
    cut = cut.with_columns(pl.all().str.strip_chars())
    written = cut.select(pl.any_horizontal(pl.all() != "")).to_series()
    frame = cut.filter(written)
    numbers = np.flatnonzero(usual.to_numpy())[written.to_numpy()] + first + 2

    def raw(row: int) -> rows.Row | Bad:
        return from_columns(frame.row(row, named=True))

    parts = by_type(frame, np.arange(frame.height), numbers, types, raw)
    rest = np.flatnonzero(~usual.to_numpy()) + first + 1
    others, bad = _one_by_one(lines, rest.tolist(), header)

    def found() -> Iterator[rows.Rows]:
        yield from parts
        if others:
            places = np.array(sorted(others), np.int64)
            yield rows.alone(places, places + 1, others.__getitem__)

    return found(), bad


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split(",")]


def _one_by_one(
    lines: Sequence[str], places: Sequence[int], header: Sequence[str]
) -> tuple[dict[int, rows.Row | Bad], list[tuple[int, str]]]:
    """Lines with more or fewer cells than columns, or such as have to be looked at."""
    found: dict[int, rows.Row | Bad] = {}
    bad: list[tuple[int, str]] = []
    for place in places:
        try:
            _, told = csv_cells([",".join(header) + "\n", lines[place]])
            row = next(told, None)
        except csv.Error as error:
            row = (place, Bad(str(error)))
        if row is None:
            continue
        if isinstance(row[1], Bad):
            bad.append((place + 1, str(row[1])))
        else:
            found[place] = from_columns(dict(zip(header, row[1], strict=False)))
    return found, bad
