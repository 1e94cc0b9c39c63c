"""Entering many rows: in steps that are whole or not there, resumed where it stopped.

What cannot be entered is kept apart with line and reason, in the ledger as well.  A row that stands
in the ledger already is passed over; one with a known id and other content is refused with both.
At the end an entry says what was imported and signs the hash of the last entry of the batch.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from servanda.evidence.refused import short
from servanda.evidence.rows import Bad
from servanda.ledger import attachments, canon
from servanda.ledger.attachments import Attachment
from servanda.ledger.drafting import Check, Drafting
from servanda.ledger.entry import Entry, decode
from servanda.ledger.errors import LedgerError
from servanda.ledger.handling import Handling
from servanda.ledger.keys import Signer
from servanda.ledger.ledger import Draft, Ledger, Writer, own_draft
from servanda.ledger.rows import RowOrBad
from servanda.ledger.schema import entries, imports, refusals
from servanda.ledger.sealing import unseal

STEP = 10_000  # rows of one transaction


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not entered.  `late`: found only against other rows, and told after them."""

    line: int
    reason: str
    file: str = ""
    late: bool = False
    shown: tuple[str, str] | None = None  # what stands in the ledger, and what was given


@dataclass(frozen=True, slots=True)
class Source:
    """What is imported: its name, digest and size; `digest` None where it is known at the end."""

    name: str
    digest: str | None = None
    size: int | None = None
    connector: str = ""
    measured: Callable[[], tuple[str, int]] | None = None  # digest and size of a stream, at its end


@dataclass
class Progress:
    """How far an import has come; `done` is the last line that is dealt with."""

    done: int = -1
    entered: int = 0
    already: int = 0
    refused: list[Refusal] = field(default_factory=list)
    finished: bool = False
    resumed: int = 0
    seq: int | None = None  # of the entry that closes the import


@dataclass(frozen=True)
class Import:
    """An import as it was asked for."""

    ledger: Ledger
    source: Source
    handling: Handling
    clock: Callable[[], int]
    signer: Signer | None = None
    check: Check | None = None
    step: int = STEP

    def run(
        self, rows: Iterable[RowOrBad], acknowledged: Callable[[Progress], None] = lambda _: None
    ) -> Progress:
        """Enter the rows; `acknowledged` is called after every step that stands."""
        progress, number = self._resume()
        if progress.finished:
            return progress
        given = (row for row in rows if row[0] > progress.done)
        for step in steps(given, self.step):
            with self.ledger.writing() as writer:
                self._step(writer, step, progress, number)
            acknowledged(progress)
        with self.ledger.writing() as writer:
            self._close(writer, progress, number)
        acknowledged(progress)
        return progress

    # --- where it stopped ---

    def _key(self) -> str | None:
        """What an import is recognised by: the same file, taken in the same way."""
        if self.source.digest is None:
            return None
        return (
            f"{self.source.digest} {self.source.connector} {canon.text_of(self.handling.plain())}"
        )

    def _resume(self) -> tuple[Progress, int]:
        with self.ledger.writing() as writer:
            connection = writer.connection
            key = self._key()
            found = None
            if key is not None:
                found = connection.execute(select(imports).where(imports.c.digest == key)).first()
            if found is not None:
                progress = Progress(found.done, found.entered, found.already)
                progress.resumed, progress.finished = found.done, found.finished
                progress.refused = [
                    Refusal(r.line, r.reason, r.file, r.late)
                    for r in connection.execute(
                        select(refusals)
                        .where(refusals.c["import"] == found.id)
                        .order_by(refusals.c.number)
                    )
                ]
                return progress, found.id
            number = (connection.execute(select(func.max(imports.c.id))).scalar() or 0) + 1
            connection.execute(
                insert(imports).values(
                    id=number,
                    digest=key or f"stream {number}",
                    name=self.source.name,
                    done=-1,
                    entered=0,
                    already=0,
                    finished=False,
                )
            )
            return Progress(), number

    # --- one step ---

    def _step(
        self, writer: Writer, step: Sequence[RowOrBad], progress: Progress, number: int
    ) -> None:
        now = self.clock()
        source = self.source.name
        make = Drafting(source, self.handling, self.check, writer.keys, now)
        refused: list[Refusal] = []
        tokens: dict[bytes, int] = {}  # of this step, to the index of the draft
        drafts: list[Draft] = []
        made: list[tuple[int, Mapping[str, Any], Draft]] = []
        for line, row in step:
            try:
                if isinstance(row, Bad):
                    raise row
                made.append((line, row, make.draft(line, row)))
            except Bad as error:
                refused.append(Refusal(line, short(str(error)), self.source.name))
        wanted = [draft.token for _, _, draft in made if draft.token]
        known = self.ledger.store.backend.seqs(writer.connection, wanted)
        already = 0
        for line, row, draft in made:
            assert draft.token is not None
            if draft.token in known:
                other = self._standing(writer, known[draft.token])
            elif draft.token in tokens:
                other = decode(0, b"", b"", drafts[tokens[draft.token]].lines)
            else:
                tokens[draft.token] = len(drafts)
                drafts.append(draft)
                continue
            clash = self.clash(line, row, other)
            if clash is None:
                already += 1
            else:
                refused.append(clash)
        writer.append(drafts)
        done = step[-1][0]
        self._note(writer.connection, number, progress, refused, done, len(drafts), already)
        progress.done = done
        progress.entered += len(drafts)
        progress.already += already
        progress.refused += refused

    def _note(
        self,
        connection: Connection,
        number: int,
        progress: Progress,
        refused: list[Refusal],
        done: int,
        entered: int,
        already: int,
    ) -> None:
        connection.execute(
            update(imports)
            .where(imports.c.id == number)
            .values(
                done=done,
                entered=progress.entered + entered,
                already=progress.already + already,
            )
        )
        first = len(progress.refused)
        rows = [
            (number, first + at, r.line, r.file, r.reason, r.late) for at, r in enumerate(refused)
        ]
        names = ("import", "number", "line", "file", "reason", "late")
        self.ledger.store.backend.insert(connection, "refusals", names, rows)

    def _standing(self, writer: Writer, seq: int) -> Entry | None:
        """The entry that has the id already; None when it was shredded."""
        row = writer.connection.execute(select(entries).where(entries.c.seq == seq)).one()
        secret = None if row.body is None else writer.secret(seq)
        if secret is None:
            return None
        return decode(seq, row.hash, row.root, unseal(secret, row.body)[1])

    def clash(self, line: int, row: Mapping[str, Any], other: Entry | None) -> Refusal | None:
        """Why a row with a known id is refused; None when it is the same record."""
        identity = str(row["id"]).strip()
        if other is None:
            reason = f"id “{identity}” stands in the ledger, and its content was shredded"
            return Refusal(line, reason, self.source.name)
        if other.row == row:
            return None
        names = [n for n in dict.fromkeys((*other.row, *row)) if other.row.get(n) != row.get(n)]
        shown = tuple(
            canon.text_of({n: one[n] for n in ("id", *names) if n in one})
            for one in (other.row, row)
        )
        origin = other.own.get("origin", {})
        if origin.get("file") == self.source.name:
            reason = f"id “{identity}” stands on line {origin['line']} with other content"
            return Refusal(line, reason, "", True, (shown[0], shown[1]))
        reason = f"id “{identity}” stands in entry {other.seq} with other content"
        return Refusal(line, reason, self.source.name, True, (shown[0], shown[1]))

    # --- the end ---

    def _close(self, writer: Writer, progress: Progress, number: int) -> None:
        """Say what was imported, and sign the last hash of the batch."""
        if progress.entered or progress.refused or not progress.already:
            seq, last = writer.tail
            digest, size = self.source.digest, self.source.size
            if self.source.measured is not None:
                digest, size = self.source.measured()
            body = {
                "file": self.source.name,
                "sha256": digest,
                "size": size,
                "connector": self.source.connector or None,
                "entered": progress.entered,
                "already": progress.already,
                "refused": [
                    {"line": r.line, "reason": r.reason, "file": r.file, "late": r.late}
                    for r in progress.refused
                ],
                "last": {"seq": seq, "hash": last.hex()},
            }
            signer = self.signer or self.ledger.signer
            draft = own_draft("import", self.clock(), body, (), self.handling, signer)
            (progress.seq,) = writer.append([draft])
        writer.connection.execute(
            update(imports).where(imports.c.id == number).values(finished=True)
        )
        progress.finished = True


def steps(rows: Iterable[RowOrBad], size: int) -> Iterator[list[RowOrBad]]:
    """Rows in steps of about a size; a line that says several things is not parted."""
    step: list[RowOrBad] = []
    for row in rows:
        if len(step) >= size and row[0] != step[-1][0]:
            yield step
            step = []
        step.append(row)
    if step:
        yield step


def enter(
    ledger: Ledger,
    row: Mapping[str, Any],
    handling: Handling,
    now: int,
    signer: Signer | None = None,
    files: Sequence[Attachment] = (),
) -> int:
    """Enter one row, signed by its source or an officer; raises LedgerError when it cannot be."""
    asked = Import(ledger, Source("by hand"), handling, lambda: now)
    with ledger.writing() as writer:
        make = Drafting("by hand", handling, None, writer.keys, now)
        try:
            draft = make.draft(0, row)
        except Bad as error:
            raise LedgerError(f"Not entered: {error}.") from error
        assert draft.token is not None
        known = ledger.store.backend.seqs(writer.connection, [draft.token])
        if known:
            seq = known[draft.token]
            clash = asked.clash(0, row, asked._standing(writer, seq))
            if clash is None:
                return seq
            both = f"\n  there: {clash.shown[0]}\n  here:  {clash.shown[1]}" if clash.shown else ""
            raise LedgerError(f"Not entered: {clash.reason}.{both}")
        if files:
            plain = [one.plain() for one in files]
            draft.lines.append(canon.member("entry.attachments", plain).encode())
        signed = Draft(
            draft.kind, draft.handling, now, draft.lines, draft.token, draft.refs, signer
        )
        (seq,) = writer.append([signed])
        secret = writer.secret(seq)
        assert secret is not None
        for number, one in enumerate(files):  # before the entry stands: it never lacks its files
            attachments.keep(ledger, secret, seq, number, one.data)
    return seq
