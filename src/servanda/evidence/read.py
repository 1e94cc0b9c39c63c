"""Reading records from JSON Lines, CSV and Parquet.

What cannot be read is kept apart with its line, column and reason; the rest goes on; nothing is
dropped in silence.  Few rows are read one by one, many at once, with the same result.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from servanda.evidence.checked import FIELDS, to_record
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.meanwhile import at_once
from servanda.evidence.note import Note
from servanda.evidence.order import stable
from servanda.evidence.record import Record
from servanda.evidence.refused import MAX_REASON, Refused, short
from servanda.evidence.rows import Bad, Row, csv_rows, json_rows, parquet, plain
from servanda.evidence.table import joined
from servanda.evidence.unknown_fields import Noting, UnknownField
from servanda.model.record_type import RecordType

if TYPE_CHECKING:
    from servanda.evidence.bulk.rows import Read, Rows

MAX_BYTES = 2_000_000_000  # one file
MANY_BYTES = 500_000  # a larger text is read in columns; so is all of Parquet


@dataclass(frozen=True, slots=True)
class Records:
    """What was read: records by order of the file, and what was refused.

    A ledger adds its notes, and which records its officers entered: those may take back others.
    `unknown` are fields that no record has: left alone, and told once.
    """

    records: Sequence[Record] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()
    by_officer: frozenset[str] = frozenset()
    unknown: tuple[UnknownField, ...] = ()

    @property
    def ids(self) -> Sequence[str]:
        records = self.records
        return records.ids if isinstance(records, Excerpt) else [r.id for r in records]


def read_files(paths: Iterable[Path], types: Mapping[str, RecordType], zone: ZoneInfo) -> Records:
    """Read several files as one; the format follows the ending (.jsonl, .csv, .parquet)."""
    return together([read_file(path, types, zone) for path in paths])


def together(parts: Sequence[Records]) -> Records:
    """What was read in several parts, as one."""
    if len(parts) == 1:
        return Records(parts[0].records, parts[0].refused, unknown=parts[0].unknown)
    refused = [row for one in parts for row in one.refused]
    unknown = [name for one in parts for name in one.unknown]
    some = [one.records for one in parts if len(one.records)]
    if any(isinstance(one, Excerpt) for one in some):
        tables = [Excerpt.of(one) for one in some]
        whole = joined([one.table.take(one.rows) for one in tables]) if len(some) > 1 else None
        return unique(tables[0] if whole is None else Excerpt.whole(whole), refused, unknown)
    return unique([record for one in some for record in one], refused, unknown)


def read_file(path: Path, types: Mapping[str, RecordType], zone: ZoneInfo) -> Records:
    name = path.name
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        reason = f"larger than {MAX_BYTES:,} bytes" if path.is_file() else "no file"
        return Records((), (Refused(name, 0, reason),))
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path, types, zone)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _read_broken(raw, name, line, path.suffix, types, zone)
    return read_text(text, name, types, zone, csv_form=path.suffix.lower() in (".csv", ".tsv"))


def _read_parquet(path: Path, types: Mapping[str, RecordType], zone: ZoneInfo) -> Records:
    from servanda.evidence.bulk import frames

    try:
        return _in_columns(frames.of_parquet(parquet(path), types), path.name, types, zone)
    except Bad as error:
        return Records((), (Refused(path.name, 0, short(str(error))),))


def read_text(
    text: str, name: str, types: Mapping[str, RecordType], zone: ZoneInfo, csv_form: bool = False
) -> Records:
    """Read records from text in memory (also standard input)."""
    if len(text) > MAX_BYTES:
        return Records((), (Refused(name, 0, f"larger than {MAX_BYTES:,} bytes"),))
    if len(text) > MANY_BYTES:
        return _read_many(text, name, types, zone, csv_form)
    rows = csv_rows(io.StringIO(text, newline="")) if csv_form else json_rows(text.split("\n"))
    return _collect(rows, name, types, zone)


def _read_many(
    text: str, name: str, types: Mapping[str, RecordType], zone: ZoneInfo, csv_form: bool
) -> Records:
    from servanda.evidence.bulk import csv_text, lines

    if not csv_form:
        return _in_columns([lines.of_json(text.split("\n"), types)], name, types, zone)
    found, bad = csv_text.of_csv(text, types)
    return _in_columns([found], name, types, zone, bad)


def read_rows(
    rows: Iterable[Mapping[str, Any]], types: Mapping[str, RecordType], zone: ZoneInfo
) -> Records:
    """Records that are plain data already, as `json.loads` gives them; numbered from 1."""
    given = (plain(dict(row)) for row in rows)
    return _collect(enumerate(given, start=1), "", types, zone)


def _read_broken(
    raw: bytes, name: str, line: int, suffix: str, types: Mapping[str, RecordType], zone: ZoneInfo
) -> Records:
    """A file with bytes that are not UTF-8: the lines that hold them are refused, the rest read."""
    kept = raw.decode("utf-8-sig", errors="replace").split("\n")
    bad = [i for i, part in enumerate(raw.split(b"\n")) if not _is_utf8(part)]
    for index in bad:
        kept[index] = ""
    rest = read_text("\n".join(kept), name, types, zone, csv_form=suffix.lower() == ".csv")
    refusals = tuple(Refused(name, i + 1, "not UTF-8 text") for i in bad)
    refused = tuple(sorted((*refusals, *rest.refused), key=lambda r: r.line))
    return replace(rest, refused=refused)


def _is_utf8(part: bytes) -> bool:
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _collect(
    rows: Iterable[Row], name: str, types: Mapping[str, RecordType], zone: ZoneInfo
) -> Records:
    """Rows one by one."""
    records: list[Record] = []
    refused: list[Refused] = []
    noting = Noting(name, FIELDS)
    for line, row in rows:
        try:
            if isinstance(row, Bad):
                raise row
            records.append(to_record(row, types, zone, line))
            noting.note(line, row)
        except Bad as error:
            refused.append(Refused(name, line, short(str(error))))
        except RecursionError:
            refused.append(Refused(name, line, "nested too deeply"))
    return unique(records, refused, noting.found())


def _in_columns(
    parts: Sequence[Iterator["Rows"]],
    name: str,
    types: Mapping[str, RecordType],
    zone: ZoneInfo,
    bad: Sequence[tuple[int, str]] = (),
) -> Records:
    """Rows that were read together, in the order of their lines; `bad` are lines that are none.

    Each of `parts`, of which the lines of one stand before those of the next, is read by itself.
    """
    part = partial(_part, types=types, zone=zone, known={})
    found = at_once(part, parts, aside=len(parts) > 1)
    noting = Noting(name, FIELDS)
    for line, row, rows in sorted((s for one in found for s in one.seen), key=lambda s: s[0]):
        noting.note(line, row, rows)
    whole = Excerpt.whole(joined([one.table for one in found]))
    refused = sorted((*bad, *(row for one in found for row in one.refused)))
    return unique(whole, [Refused(name, ln, short(why)) for ln, why in refused], noting.found())


def _part(
    part: Iterator["Rows"],
    types: Mapping[str, RecordType],
    zone: ZoneInfo,
    known: dict[str, Record | None],
) -> "Read":
    """A part of which every row of the table counts, in the order of the lines."""
    from servanda.evidence.bulk.rows import Read, read

    found = [read(rows, types, zone, known) for rows in part]
    table = joined([one.table for one in found])
    before = np.cumsum([0, *(len(one.table) for one in found)])
    none = np.empty(0, np.int64)
    held = np.concatenate([none, *(one.rows + n for one, n in zip(found, before, strict=False))])
    held = held[stable(table.line[held])]
    if len(held) < len(table) or (np.diff(held) != 1).any():
        table = table.take(held)
    return Read(
        table,
        np.arange(len(held)),
        [row for one in found for row in one.refused],
        [row for one in found for row in one.seen],
    )


def unique(
    records: Sequence[Record], refused: Iterable[Refused], unknown: Iterable[UnknownField] = ()
) -> Records:
    """Same id and content: one record.  Same id, other content: the later is refused."""
    kept: dict[str, Record] = {}
    gone: list[int] = []
    bad = list(refused)
    for place, record in _of_common_ids(records):
        earlier = kept.setdefault(record.id, record)
        if earlier is record:
            continue
        gone.append(place)
        if replace(earlier, line=0) != replace(record, line=0):
            reason = (
                f"id “{record.id[:MAX_REASON]}” stands on line {earlier.line} with other content"
            )
            bad.append(Refused("", record.line, reason))
    return Records(_without(records, gone), tuple(bad), unknown=tuple(unknown))


def _of_common_ids(records: Sequence[Record]) -> Iterator[tuple[int, Record]]:
    """Records whose id another may have, with their places."""
    if not isinstance(records, Excerpt):
        return iter(enumerate(records))
    twice = records.table.twice[records.rows]
    return ((place, records[place]) for place in np.flatnonzero(twice).tolist())


def _without(records: Sequence[Record], places: Sequence[int]) -> Sequence[Record]:
    if isinstance(records, Excerpt):
        keep = np.ones(len(records), bool)
        keep[places] = False
        return records if not places else records.where(keep)
    gone = frozenset(places)
    return tuple(record for place, record in enumerate(records) if place not in gone)
