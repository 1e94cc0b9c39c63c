"""From the ledger to the records of an assessment: the same as reading the original files.

Rows come back in the order of the chain, with the line and file where they stood and with what was
refused; the vocabulary of the agreement is applied to them as to the rows of a file.  A registered
verifier's verifications and merges come as notes, and what officers entered is named.
"""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import select

from servanda.evidence.note import Note
from servanda.evidence.place_names import placed
from servanda.evidence.read import Records
from servanda.evidence.record import Record
from servanda.evidence.refused import Refused, short
from servanda.evidence.rows import Bad
from servanda.geo import Atlas
from servanda.ledger import canon
from servanda.ledger.entry import Entry, decode
from servanda.ledger.errors import LedgerError
from servanda.ledger.handling import Handling, from_plain
from servanda.ledger.ledger import Ledger, Reader
from servanda.ledger.outsider import SIGNATURE
from servanda.ledger.quick import Quick
from servanda.ledger.schema import entries
from servanda.ledger.sealing import member_of, unseal
from servanda.ledger.signing import holds
from servanda.ledger.standing import Standing, standing
from servanda.ledger.store import parts
from servanda.ledger.words import ROW_KINDS
from servanda.model.record_type import RecordType

FETCH = 5_000
_QUOTE = 34  # how a line begins that is open as it was entered
_ORIGIN = re.compile(rb'"entry\.origin":\{"file":("(?:[^"\\]|\\.)*"),"line":(\d+)\}')
_SIGNED = SIGNATURE.encode()


@dataclass(slots=True)
class Opened:
    """A row entry as it lies in the ledger: its place, and its lines with what opens them."""

    seq: int
    made: bytes
    lines: list[bytes]

    @property
    def signed(self) -> bool:
        return _SIGNED in self.lines[-1][:60]

    @property
    def whole(self) -> bool:
        """Whether all fields are open, as they were entered here: those of a copy are not."""
        return self.lines[0][0] == _QUOTE

    def entry(self) -> Entry:
        return decode(self.seq, b"", b"", self.lines)

    def origin(self) -> tuple[str, int]:
        """File and line where the row stood; "" and 0 where it was entered by hand."""
        member = self.lines[3] if self.lines[3][0] == _QUOTE else self.lines[3][33:]
        found = _ORIGIN.fullmatch(member)
        return ("", 0) if found is None else (_file(found[1]), int(found[2]))

    def plain_lines(self) -> list[bytes]:
        """The members that are held here, without what opens them."""
        held = (member_of(line) for line in self.lines)
        return [member.encode() for member in held if member is not None]


@cache
def _file(quoted: bytes) -> str:
    return str(canon.read([f'"f":{quoted.decode()}'])["f"])


@contextmanager
def unhurried() -> Iterator[None]:
    """Without looking for garbage while very many records are made: there is none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def opened(reader: Reader, *kinds: str) -> Iterator[Opened]:
    """Entries of some kinds in the order of the chain; those whose key is gone are passed over."""
    query = select(entries.c.seq, entries.c.body)
    query = query.where(entries.c.kind.in_(kinds)).order_by(entries.c.seq)
    with parts(reader.connection, query, FETCH) as found:
        for seq, body in chain.from_iterable(found):
            secret = None if body is None else reader.secrets[seq]
            if secret is None:
                continue
            try:
                made, lines = unseal(secret, body)
            except ValueError as error:
                raise LedgerError(
                    f"Entry {seq}: {error}. `servanda ledger verify` tells what else is wrong."
                ) from error
            yield Opened(seq, made, lines)


def records(
    ledger: Ledger,
    types: Mapping[str, RecordType],
    zone: ZoneInfo,
    audience: str = "confidential",
    use: str | None = "assessment",
    atlas: Atlas | None = None,
) -> Records:
    """The records that an audience may see for a use, as the readers of files would give them.

    With an atlas, places are resolved as those of files are.
    """
    with ledger.reading() as reader:
        stand = standing(reader)
        found: list[Record] = []
        refused: list[Refused] = []
        unplaced: list[Refused] = []
        officers: set[str] = set()
        everything = audience == "confidential" and not stand.handling
        quick = Quick(types, zone)
        with unhurried():
            for one in opened(reader, *ROW_KINDS):
                lines = one.lines if one.whole else one.plain_lines()
                if not everything or not one.whole:
                    lines = _shown(one, lines, stand, audience, use)
                elif use is not None and not _permits(lines[2], audience, use):
                    continue
                if not lines:
                    continue
                file, line = one.origin()
                try:
                    record = quick.record(lines, line)
                except Bad as error:
                    refused.append(Refused(file, line, short(str(error))))
                    continue
                if atlas is not None:
                    try:
                        record = placed(record, types, atlas)
                    except Bad as error:
                        unplaced.append(Refused(file, line, str(error)))
                        continue
                found.append(record)
                if one.signed and _by_officer(ledger, one, stand):
                    officers.add(record.id)
        return Records(
            tuple(found),
            tuple(_in_order(reader, refused, unplaced)),
            tuple(_notes(ledger, reader, stand)),
            frozenset(officers),
        )


def _shown(
    one: Opened, lines: list[bytes], stand: Standing, audience: str, use: str | None
) -> list[bytes]:
    """The lines that an audience may see for a use; none of an entry that it may not see."""
    if not any(line.startswith(b'"id":') for line in lines):
        return []  # what ties a closed entry to a record that is shown, no more
    if audience == "confidential" and not stand.handling:
        return lines if use is None or _permits(lines[2], audience, use) else []
    entry = one.entry()
    if not stand.handling_of(entry).shown_to(audience, use):
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


def _by_officer(ledger: Ledger, one: Opened, stand: Standing) -> bool:
    entry = one.entry()
    return stand.signer(entry, "officer") is not None and holds(ledger.id, one.made, one.lines)


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
