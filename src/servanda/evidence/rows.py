"""Rows of JSON Lines, CSV and Parquet as plain data, each with its line.

In: a text, or the path of a Parquet file.  Out: rows as mappings, or the reason why one is none.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars

LIST_FIELDS = ("same_as", "replaces", "withdraws", "derived_from")
MAX_LINE = 1_000_000  # characters of one record
MAX_CELL = 131_072  # characters of one cell of CSV
MAX_COLUMNS = 1_000  # of CSV and Parquet
MAX_ROWS = 50_000_000  # of Parquet, which can hold many rows in few bytes
MAX_DIGITS = 40  # of a number, its exponent included; and the largest exponent
MAX_DEPTH = 20  # objects and lists within each other


class Bad(ValueError):
    """A row cannot be used; the message says why."""


Row = tuple[int, dict[str, Any] | Bad]


def _no_constant(text: str) -> Any:
    raise Bad(f"{text} is not a number")


def number(text: str) -> Decimal:
    """The number that a text writes, exactly; raises Bad."""
    if len(text) > MAX_DIGITS:
        raise Bad(f"a number with more than {MAX_DIGITS} digits")
    if not text.isascii():
        raise Bad(f"not written with the digits 0 to 9: {text}")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Bad(f"not a number: {text}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Bad(f"field “{next(n for n in names if names.count(n) > 1)}” is given twice")
    return found


_DECODER = json.JSONDecoder(
    parse_constant=_no_constant, parse_float=number, parse_int=number, object_pairs_hook=_once
)


def json_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Rows of JSON Lines, line by line: a file of any size can be read so."""
    for row_number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            yield row_number, Bad(f"a record longer than {MAX_LINE:,} characters")
            continue
        try:
            row = _DECODER.decode(line)
        except Bad as error:
            yield row_number, error
        except json.JSONDecodeError as error:
            yield row_number, Bad(f"not JSON at column {error.colno}: {error.msg}")
        except RecursionError:
            yield row_number, Bad("JSON nested too deeply")
        else:
            if line.count("[") + line.count("{") > MAX_DEPTH and _deep(row):
                yield row_number, Bad("JSON nested too deeply")
            elif isinstance(row, dict):
                yield row_number, row
            else:
                yield row_number, Bad("a record is a JSON object { … }")


def _deep(row: Any) -> bool:
    """Whether objects and lists stand within each other deeper than is read."""
    level = [row]
    for _ in range(MAX_DEPTH):
        inner = (x.values() if isinstance(x, dict) else x for x in level)
        level = [v for values in inner for v in values if isinstance(v, dict | list)]
    return bool(level)


def csv_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Rows of CSV under its header; lines keep their ends, as `open(newline="")` gives them."""
    header, found = csv_cells(lines)
    for line, cells in found:
        yield (
            line,
            cells
            if isinstance(cells, Bad)
            else from_columns(dict(zip(header, cells, strict=False))),
        )


def csv_cells(lines: Iterable[str]) -> tuple[list[str], Iterator[tuple[int, list[str] | Bad]]]:
    """The header of CSV, and its rows as cells; a row may be shorter than the header."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(lines, strict=True)
    header: list[str] = []
    rows = _cells(reader, header)
    first = next(rows, None)
    return header, rows if first is None else chain((first,), rows)


def _cells(reader: Any, header: list[str]) -> Iterator[tuple[int, list[str] | Bad]]:
    while True:
        begun = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last = reader.line_num
            to = f", which goes on to line {last}" if last > begun else ""
            yield begun, Bad(f"not CSV: {error}{to}")
            if not header:
                return
            continue
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not header:
            header += cells
            if problem := _bad_header(header):
                yield reader.line_num, Bad(f"no row of this file is used: {problem}")
                return
            continue
        if len(cells) > len(header):
            yield reader.line_num, Bad(f"{len(cells)} cells under {len(header)} column names")
            continue
        yield reader.line_num, cells


def _bad_header(header: list[str]) -> str:
    if len(header) > MAX_COLUMNS:
        return f"it has more than {MAX_COLUMNS:,} columns"
    named = [name for name in header if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    return "" if twice is None else f"the column “{twice}” is there twice"


def from_columns(cells: Mapping[str, Any]) -> dict[str, Any] | Bad:
    """A row of a table: what a JSON record nests is JSON in a cell, or has columns of its own.

    `args` and `place` may be JSON; `args.by`, `place.lat`, `lat` and the like are columns.
    """
    row: dict[str, Any] = {}
    args: dict[str, Any] = {}
    place: dict[str, Any] = {}
    try:
        for column, written in cells.items():
            if written is None or written == "":
                continue
            cell = _nested(written, column)
            if column == "args":
                if not isinstance(cell, Mapping):
                    return Bad("column args is not a JSON object")
                args.update(cell)
            elif column.startswith("args."):
                args[column[5:]] = cell
            elif column in ("place.lat", "lat"):
                place["lat"] = cell
            elif column in ("place.lon", "lon"):
                place["lon"] = cell
            elif column in ("place", "place.name"):
                place.update(cell if isinstance(cell, Mapping) else {"name": cell})
            else:
                row[column] = cell
    except Bad as error:
        return error
    if args:
        row["args"] = args
    if place:
        row["place"] = place
    return row


def _nested(cell: Any, column: str) -> Any:
    """A cell that holds JSON, read; every other as it is."""
    if not isinstance(cell, str) or cell.lstrip()[:1] not in ("{", "["):
        return cell
    if column not in ("args", "place", *LIST_FIELDS) and not column.startswith("args."):
        return cell
    try:
        read = json.loads(
            cell,
            parse_constant=_no_constant,
            parse_float=number,
            parse_int=number,
            object_pairs_hook=_once,
        )
    except Bad as error:
        raise Bad(f"column {column}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise Bad(f"column {column} is not JSON, though it begins like it") from error
    if _deep(read):
        raise Bad(f"column {column}: JSON nested too deeply")
    return read


@dataclass(frozen=True)
class Parquet:
    """A Parquet file that is not read yet; made by `parquet`."""

    scan: "polars.LazyFrame"
    rows: int

    def read(self, start: int = 0, rows: int | None = None) -> "polars.DataFrame":
        """The rows from one on, so many or all; raises Bad."""
        with _unreadable():
            return self.scan.slice(start, rows).collect()


def parquet(path: Path) -> Parquet:
    """A Parquet file; raises Bad."""
    import polars

    with _unreadable():
        scan = polars.scan_parquet(path, glob=False)
        columns, rows = len(scan.collect_schema()), scan.select(polars.len()).collect().item()
    if columns > MAX_COLUMNS or rows > MAX_ROWS:
        raise Bad(f"{columns:,} columns and {rows:,} rows are more than can be read")
    return Parquet(scan, rows)


@contextmanager
def _unreadable() -> Iterator[None]:
    import polars

    try:
        yield
    except (OSError, polars.exceptions.PolarsError, polars.exceptions.PanicException) as error:
        raise Bad(f"not a Parquet file: {error}") from error


def parquet_rows(path: Path) -> Iterator[Row]:
    """Rows of a Parquet file."""
    try:
        frame = parquet(path).read()
    except Bad as error:
        yield 0, error
        return
    for row_number, row in enumerate(frame.iter_rows(named=True), start=1):
        yield row_number, from_columns({n: plain(v) for n, v in row.items() if v is not None})


def plain(value: Any) -> Any:
    """Parquet values as the JSON reader would give them."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if hasattr(value, "isoformat"):
        text: str = value.isoformat()
        return text
    return value
