"""Rows for an import, one by one, whatever the size of the file: JSON Lines, CSV, Parquet, stdin.

A connector plugs in here: any iterator of `(line, row)` will do, where a row is a mapping with the
fields of a record or `Bad` with the reason why there is none.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from servanda.evidence.rows import Bad, csv_rows, json_rows, parquet_rows

RowOrBad = tuple[int, Mapping[str, Any] | Bad]
BLOCK = 1 << 20


@dataclass
class Text:
    """Lines of a binary stream as text; remembers which are not UTF-8, the digest and the size."""

    stream: IO[bytes]
    ends: bool = False  # whether lines keep their ends, as CSV needs them
    broken: list[int] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self.stream, start=1):
            self.digest.update(line)
            self.size += len(line)
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                self.broken.append(number)
                text = "\n"
            yield text if self.ends else text.removesuffix("\n")


def rows(text: Text, csv_form: bool) -> Iterator[RowOrBad]:
    """Rows of JSON Lines or CSV; lines that are not UTF-8 are named in their place."""
    told = 0
    for line, row in csv_rows(text) if csv_form else json_rows(text):
        for number in text.broken[told:]:
            if number < line:
                yield number, Bad("not UTF-8 text")
                told += 1
        yield line, row
    for number in text.broken[told:]:
        yield number, Bad("not UTF-8 text")


def rows_of_file(path: Path, form: str | None = None) -> Iterator[RowOrBad]:
    """Rows of a file; the format (jsonl, csv, parquet) follows the ending unless it is given."""
    form = form or path.suffix.lower().removeprefix(".").replace("tsv", "csv")
    if form == "parquet":
        yield from parquet_rows(path)
        return
    with path.open("rb") as stream:
        yield from rows(Text(stream, ends=form == "csv"), form == "csv")


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a file."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size
