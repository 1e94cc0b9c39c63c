"""Reading a source through its connector: one row in, one answer out, in the order of the file."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, TextIO

from servanda.connect.connector import Connector, Settings, Statement
from servanda.connect.row import Accepted, Merged, Problem, Raw, Rejected, Row, Unusable
from servanda.connect.table import opened, rows
from servanda.evidence.checked import to_record
from servanda.evidence.rows import Bad

# What was accepted so far: the digest of each record by its id.
Seen = MutableMapping[str, bytes]


def read(
    connector: Connector,
    source: Path | TextIO | Iterable[str],
    settings: Settings,
    *,
    name: str = "",
    after: int = 0,
    seen: Seen | None = None,
) -> Iterator[Row]:
    """The rows of a file, an opened stream or lines.

    `after` is the line up to which everything was dealt with before (resuming); `seen` is what was
    accepted then or from other files.  Raises Unusable for what is no file of this source.
    """
    if isinstance(source, Path):
        with opened(source) as (stream, _):
            yield from read(
                connector, stream, settings, name=name or source.name, after=after, seen=seen
            )
        return
    if connector.check is not None:
        connector.check(settings)
    known: Seen = {} if seen is None else seen
    mark = settings.mapping.get("delimiter")
    first = True
    for raw in _unbroken(rows(source, name or "the table", str(mark) if mark else None)):
        if first and isinstance(raw, Raw):
            first = False
            _has_columns(connector, raw, name or "the table")
            if not any(raw.cells.values()):
                continue
        if raw.line <= after:
            continue
        if isinstance(raw, Rejected):
            yield raw
            continue
        yield from _answers(connector, raw, settings, known)


def _unbroken(rows: Iterator[Raw | Rejected]) -> Iterator[Raw | Rejected]:
    """The rows up to where a compressed file breaks off; what was read until then is kept."""
    line = 0
    try:
        for raw in rows:
            line = raw.line
            yield raw
    except (EOFError, zlib.error, zipfile.BadZipFile) as error:
        yield Rejected(line + 1, f"the file breaks off after line {line}: {error}")


def _has_columns(connector: Connector, raw: Raw, name: str) -> None:
    missing = [
        choice if isinstance(choice, str) else " or ".join(choice)
        for choice in connector.columns
        if not any(c in raw.cells for c in ((choice,) if isinstance(choice, str) else choice))
    ]
    if missing:
        raise Unusable(
            f"{name} is no file for the connector {connector.name}: it lacks the column"
            f"{'s' if len(missing) > 1 else ''} {', '.join(missing)}. "
            f"It has {', '.join(raw.cells) or 'none'}."
        )


def _answers(
    connector: Connector, raw: Raw, settings: Settings, seen: Seen
) -> Iterator[Accepted | Rejected | Merged]:
    """One answer per statement of a row; a row that says nothing is kept apart as such."""
    silent = True
    for said in _said(connector, raw, settings):
        silent = False
        if isinstance(said, Problem):
            yield Rejected(raw.line, said.reason, said.column, raw.cells)
            continue
        try:
            to_record(said, settings.types, settings.zone, raw.line)
        except Bad as error:
            yield Rejected(raw.line, str(error), None, raw.cells)
            continue
        yield _new(raw, said, seen)
    if silent:
        yield Rejected(raw.line, "the row says nothing: every cell is empty", None, raw.cells)


def _said(connector: Connector, raw: Raw, settings: Settings) -> Iterator[Statement]:
    try:
        yield from connector.records(raw, settings)
    except Problem as problem:
        yield problem


def _new(raw: Raw, record: Any, seen: Seen) -> Accepted | Rejected | Merged:
    """Merged only with what says the same to the letter; anything else under its id is no equal."""
    identity = str(record["id"])
    content = content_digest(record)
    if identity not in seen:
        seen[identity] = content
        return Accepted(raw.line, record)
    if seen[identity] == content:
        return Merged(raw.line, identity)
    reason = f"id “{identity}” was read before with other content"
    return Rejected(raw.line, reason, None, raw.cells)


def content_digest(record: Any) -> bytes:
    """What a record says, in eight bytes; equal records have equal ones."""
    written = json.dumps(record, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(written.encode("utf-8", "replace"), digest_size=8).digest()
