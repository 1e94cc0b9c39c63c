"""From the ledger to the records of an assessment: the same as reading the original files.

Rows come back in the order of the chain, with the line and file where they stood and with what was
refused; the vocabulary of the agreement is applied to them as to the rows of a file.  A registered
verifier's verifications and merges come as notes, and what officers entered is named.  What was
read is kept under seal for the next time (`kept`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from servanda.evidence.excerpt import Excerpt
from servanda.evidence.note import Note
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import Records, read_text
from servanda.evidence.refused import Refused
from servanda.geo import Atlas
from servanda.ledger import canon, kept
from servanda.ledger.handling import Handling, from_plain
from servanda.ledger.kept import Asked, Taken
from servanda.ledger.ledger import Ledger, Reader, tail
from servanda.ledger.opened import Opened, opened
from servanda.ledger.signing import holds
from servanda.ledger.standing import Standing, standing
from servanda.ledger.words import ROW_KINDS
from servanda.model.record_type import RecordType

AT_ONCE = 200_000  # rows that are read together: more would be held twice in memory
_OWN = b'"entry.'


def records(
    ledger: Ledger,
    types: Mapping[str, RecordType],
    zone: ZoneInfo,
    audience: str = "confidential",
    use: str | None = "assessment",
    atlas: Atlas | None = None,
    own: str | None = None,
) -> Records:
    """The records that an audience may see for a use, as the readers of files would give them.

    With an atlas, places are resolved as those of files are.  `own` is a source that sees its own
    entries, whatever their class.
    """
    asked = Asked(types, zone, audience, use, own)
    with ledger.reading() as reader:
        stand = standing(reader)
        taken = kept.load(ledger, reader, asked)
        more = _taken(ledger, reader, stand, asked, taken.last[0])
        taken = kept.both(taken, more)
        if kept.worth_keeping(taken, more):
            kept.save(ledger, reader, asked, taken)
        found, unplaced = _placed(taken, types, atlas)
        return Records(
            found,
            tuple(_in_order(reader, list(taken.refused), unplaced)),
            tuple(_notes(ledger, reader, stand)),
            frozenset(taken.officers),
        )


def _taken(ledger: Ledger, reader: Reader, stand: Standing, asked: Asked, after: int) -> Taken:
    """What the entries behind a place in the chain hold."""
    found: list[Taken] = []
    rows: list[bytes] = []
    origins: list[tuple[str, int]] = []
    officers: list[str] = []
    everything = asked.audience == "confidential" and not stand.handling
    for one in opened(reader, *ROW_KINDS, after=after):
        lines = one.lines if one.whole else one.plain_lines()
        if not everything or not one.whole:
            lines = _shown(one, lines, stand, asked)
        elif asked.use is not None and not _permits(lines[2], asked.audience, asked.use):
            continue
        if not lines:
            continue
        rows.append(b"{" + b",".join(_of_the_row(lines)) + b"}")
        origins.append(one.origin())
        if one.signed and (officer := _by_officer(ledger, one, stand)) is not None:
            officers.append(officer)
        if len(rows) == AT_ONCE:
            found.append(rows_read(rows, origins, asked))
            rows, origins = [], []
    found.append(rows_read(rows, origins, asked))
    whole = found[0]
    for part in found[1:]:
        whole = kept.both(whole, part)
    return replace(whole, last=tail(reader.connection), officers=tuple(officers))


def _of_the_row(lines: list[bytes]) -> list[bytes]:
    """The members that are the record's: the ledger's own stand before and behind them."""
    first, last = 0, len(lines)
    while first < last and lines[first].startswith(_OWN):
        first += 1
    while last > first and lines[last - 1].startswith(_OWN):
        last -= 1
    return lines[first:last]


def rows_read(rows: list[bytes], origins: list[tuple[str, int]], asked: Asked) -> Taken:
    """Rows of JSON as records in columns; what cannot be used is told by its file and line."""
    read = read_text(b"\n".join(rows).decode(), "", asked.types, asked.zone)
    excerpt = Excerpt.of(read.records)
    table = excerpt.table.take(excerpt.rows)
    names = tuple(dict.fromkeys(file for file, _ in origins))
    number = {name: i for i, name in enumerate(names)}
    files = np.array([number[file] for file, _ in origins], np.int64)
    lines = np.array([line for _, line in origins], np.int64)
    refused = [Refused(*origins[r.line - 1], r.reason) for r in read.refused]
    at = table.line - 1
    return Taken(replace(table, line=lines[at]), files[at], names, tuple(refused))


def _placed(
    taken: Taken, types: Mapping[str, RecordType], atlas: Atlas | None
) -> tuple[Excerpt, list[Refused]]:
    """The records with the ids of their places, and those whose place must be asked about."""
    table = taken.table
    whole = Excerpt.whole(table)
    if atlas is None:
        return whole, []
    numbered = Excerpt(replace(table, line=np.arange(len(table))), whole.rows)
    read = with_known_places(Records(numbered), types, atlas)
    assert isinstance(read.records, Excerpt)
    refused = [
        Refused(taken.names[taken.file[r.line]], int(table.line[r.line]), r.reason)
        for r in read.refused
    ]
    return Excerpt(replace(read.records.table, line=table.line), read.records.rows), refused


def _shown(one: Opened, lines: list[bytes], stand: Standing, asked: Asked) -> list[bytes]:
    """The lines that an audience may see for a use; none of an entry that it may not see."""
    audience, use = asked.audience, asked.use
    if not any(line.startswith(b'"id":') for line in lines):
        return []  # what ties a closed entry to a record that is shown, no more
    if audience == "confidential" and not stand.handling:
        return lines if use is None or _permits(lines[2], audience, use) else []
    entry = one.entry()
    is_own = asked.own is not None and entry.row.get("source") == asked.own
    if not stand.handling_of(entry).shown_to(audience, use, is_own):
        return []
    hidden = stand.hidden(entry) if audience != "confidential" else frozenset()
    starts = tuple(canon.quoted(name).encode() + b":" for name in hidden)
    return [line for line in lines if not line.startswith(starts)] if starts else lines


@cache
def _permits(line: bytes, audience: str, use: str) -> bool:
    """Whether a line with handling permits a use; there are few different ones."""
    member = line.decode()
    if not member.startswith('"entry.handling":'):
        return Handling("confidential").shown_to(audience, use)
    return from_plain(canon.plain(canon.read([member]))["entry.handling"]).shown_to(audience, use)


def _by_officer(ledger: Ledger, one: Opened, stand: Standing) -> str | None:
    """The id of a record that an officer entered."""
    entry = one.entry()
    if stand.signer(entry, "officer") is None or not holds(ledger.id, one.made, one.lines):
        return None
    return entry.id


def _notes(ledger: Ledger, reader: Reader, stand: Standing) -> Iterator[Note]:
    """Verifications by registered verifiers, merges by officers or verifiers, with a signature."""
    for one in opened(reader, "verification", "merge"):
        entry = one.entry()
        roles = ("verifier",) if entry.kind == "verification" else ("officer", "verifier")
        who = stand.signer(entry, *roles)
        if who is None or not holds(ledger.id, one.made, one.lines):
            continue
        if entry.kind == "verification" and entry.body.get("result") != "verified":
            continue
        assert entry.recorded is not None
        yield Note(entry.kind, entry.about, who.holder, entry.recorded)


def _in_order(reader: Reader, refused: list[Refused], unplaced: list[Refused]) -> Iterator[Refused]:
    """Refusals file by file and line by line; after those of a file its clashing ids and places."""
    rest = list(refused)
    for done in reader.of_kinds("import"):
        name = done.body.get("file")
        told = [r for r in done.body.get("refused", ()) if not r["late"]]
        here = [Refused(r["file"], r["line"], r["reason"]) for r in told]
        here += [r for r in rest if r.file == name]
        rest = [r for r in rest if r.file != name]
        yield from sorted(here, key=lambda r: r.line)
        for r in done.body.get("refused", ()):
            if r["late"]:
                yield Refused(r["file"], r["line"], r["reason"])
        yield from (r for r in unplaced if r.file == name)
        unplaced = [r for r in unplaced if r.file != name]
    yield from (*rest, *unplaced)
