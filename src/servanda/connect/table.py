"""Rows of a CSV or JSON Lines file, plain, gzipped or zipped, one at a time.

A row that is broken is kept apart with its line and the reason; the next line is read as if nothing
had been.  A quotation that is never closed costs its own line, not the rest of the file.
"""

import csv
import gzip
import io
import json
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from servanda.connect.row import Raw, Rejected, Unusable

MAX_LINE = 1_000_000  # characters
MAX_SPAN = 100  # lines of one row whose cells hold line breaks
DELIMITERS = ",;\t|"

Lines = Iterator[tuple[int, str]]


@contextmanager
def opened(path: Path) -> Iterator[tuple[TextIO, BinaryIO]]:
    """The text of a file, and the raw stream under it, whose position tells how far one is."""
    with path.open("rb") as raw:
        if zipfile.is_zipfile(raw):
            with zipfile.ZipFile(raw) as archive, archive.open(_member(archive, path)) as inner:
                yield _text(inner), raw
            return
        raw.seek(0)
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if zipped:
            with gzip.open(raw) as inner:
                yield _text(inner), raw
        else:
            yield _text(raw), raw


def _text(raw: Any) -> TextIO:
    # What is not UTF-8 is kept as lone surrogates, by which its row is found and refused.
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    tables = [
        m
        for m in archive.infolist()
        if m.filename.lower().endswith((".csv", ".tsv", ".jsonl"))
        and not m.filename.startswith("__MACOSX")
    ]
    if len(tables) != 1:
        names = ", ".join(m.filename for m in tables) or "none"
        raise Unusable(f"{path.name} must hold one CSV file; it holds {names}. Unpack it first.")
    if tables[0].flag_bits & 1:
        raise Unusable(f"{path.name} is encrypted. Unpack it first.")
    return tables[0]


def numbered(stream: TextIO | Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; of a line that is too long only the beginning is kept."""
    if not hasattr(stream, "readline"):
        yield from enumerate(stream, 1)
        return
    number = 0
    while text := stream.readline(MAX_LINE + 1):
        number += 1
        rest = text
        while len(rest) > MAX_LINE and not rest.endswith(("\n", "\r")):
            rest = stream.readline(MAX_LINE + 1)
        yield number, text


def rows(
    stream: TextIO | Iterable[str], name: str, delimiter: str | None = None
) -> Iterator[Raw | Rejected]:
    """The rows of a table whose first line names the columns, or of JSON objects, one a line."""
    lines = numbered(stream)
    first = next(((n, t) for n, t in lines if t.strip()), None)
    if first is None:
        raise Unusable(f"{name} is empty.")
    if first[1].lstrip().startswith("{"):
        yield from _objects(first, lines)
        return
    mark = delimiter or max(DELIMITERS, key=first[1].count)
    try:
        header = [cell.strip() for cell in next(csv.reader([first[1]], delimiter=mark))]
    except (csv.Error, StopIteration) as error:
        raise Unusable(f"{name}: its first line names no columns: {error}") from error
    twice = {c for c in header if c and header.count(c) > 1}
    if twice:
        raise Unusable(f"{name}: column {', '.join(sorted(twice))} is named twice.")
    yield Raw(first[0], dict.fromkeys(header, ""))
    yield from _table(lines, header, mark)


def _table(lines: Lines, header: list[str], mark: str) -> Iterator[Raw | Rejected]:
    again: deque[tuple[int, str]] = deque()

    def following() -> tuple[int, str] | None:
        return again.popleft() if again else next(lines, None)

    while (start := following()) is not None:
        if not start[1].strip():
            continue
        taken = [start]
        quotes = start[1].count('"')
        while quotes % 2 and len(taken) < MAX_SPAN and (more := following()) is not None:
            taken.append(more)
            quotes += more[1].count('"')
        found = _row(taken, header, mark, open_quote=bool(quotes % 2))
        if isinstance(found, Rejected):
            again.extendleft(reversed(taken[1:]))
        yield found


def _row(
    taken: list[tuple[int, str]], header: list[str], mark: str, open_quote: bool
) -> Raw | Rejected:
    number, first = taken[0]
    if any(len(text) > MAX_LINE for _, text in taken):
        return Rejected(number, f"a line longer than {MAX_LINE:,} characters")
    if open_quote:
        return Rejected(number, "a quotation that is never closed", None, _as_it_is(first))
    try:
        cells = next(csv.reader([text for _, text in taken], delimiter=mark, strict=True))
    except (csv.Error, StopIteration) as error:
        return Rejected(number, f"not CSV: {error}", None, _as_it_is(first))
    if len(cells) != len(header):
        reason = f"{len(cells)} cells under {len(header)} column names"
        return Rejected(number, reason, None, _as_it_is(first))
    row = dict(zip(header, cells, strict=True))
    return _checked(number, row)


def _as_it_is(line: str) -> dict[str, str]:
    return {"line": line.rstrip("\r\n").encode("utf-8", "replace").decode("utf-8")}


def _checked(number: int, row: dict[str, str]) -> Raw | Rejected:
    for column, cell in row.items():
        if any(0xDC80 <= ord(c) <= 0xDCFF for c in cell) if not cell.isascii() else False:
            kept = {k: v.encode("utf-8", "replace").decode() for k, v in row.items()}
            return Rejected(number, "not UTF-8 text", column, kept)
    return Raw(number, row)


def _objects(first: tuple[int, str], lines: Lines) -> Iterator[Raw | Rejected]:
    """JSON Lines: numbers stay as they are written, what is null or absent is an empty cell."""
    for number, text in _chained(first, lines):
        if not text.strip():
            continue
        try:
            row = json.loads(text, parse_float=str, parse_int=str)
        except (ValueError, RecursionError) as error:
            yield Rejected(number, f"not JSON: {error}", None, _as_it_is(text[:MAX_LINE]))
            continue
        if not isinstance(row, dict):
            yield Rejected(number, "not a JSON object", None, _as_it_is(text))
            continue
        yield _checked(number, {str(k): _cell(v) for k, v in row.items()})


def _chained(first: tuple[int, str], lines: Lines) -> Lines:
    yield first
    yield from lines


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
