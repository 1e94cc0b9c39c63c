"""Verifies a ledger in its database: every entry, every link, every signature, every attachment.

Says which entry fails and how.  An export is verified by `outsider`, which needs no database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import LargeBinary, cast, select

from servanda.ledger import attachments, canon
from servanda.ledger.entry import Entry, decode, instant_of, written
from servanda.ledger.keys import Registered
from servanda.ledger.ledger import Ledger, Reader
from servanda.ledger.outsider import BEFORE, SIGNATURE, link, root_of
from servanda.ledger.schema import entries
from servanda.ledger.sealing import commitments, member_of, unseal
from servanda.ledger.signing import holds
from servanda.ledger.standing import Standing
from servanda.ledger.store import parts
from servanda.ledger.witness import witnessed

FETCH = 10_000
MOVED = "its root or its place after the entry before was altered"
HASH_ALTERED = "its hash was altered; its content fits the next entry"
_SIGNED = SIGNATURE.encode()
_ID = b'"id":"'
_OWN = b'"entry.'


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong, and where: the place in the chain, or a name."""

    where: int | str
    how: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who a key was registered for, in what role, and how many entries it signed."""

    key: str
    holder: str
    role: str
    entries: int = 0


@dataclass
class Report:
    """What a verification found."""

    failures: list[Failure] = field(default_factory=list)
    entries: int = 0
    open: int = 0
    shredded: int = 0
    signatures: int = 0
    signers: dict[str, Signer] = field(default_factory=dict)  # by key, whose signatures hold
    attachments: int = 0
    head: bytes = BEFORE

    @property
    def whole(self) -> bool:
        return not self.failures

    def signed_by(self, key: str, known: Registered | None) -> None:
        """Count a signature that holds, by a key of somebody or the ledger's own."""
        holder, role = ("the ledger itself", "ledger")
        if known is not None:
            holder, role = known.holder, known.role
        before = self.signers.get(key, Signer(key, holder, role))
        self.signers[key] = replace(before, entries=before.entries + 1)

    def fail(self, where: int | str, how: str) -> None:
        self.failures.append(Failure(where, how))


def verify(
    ledger: Ledger,
    advanced: Callable[[int], None] = lambda _: None,
    files: bool = True,
) -> Report:
    """Check everything; `advanced` hears how many entries are done."""
    with ledger.reading() as reader:
        checking = _Checking(ledger, reader)
        for said in ledger.store.backend.damage(reader.connection):
            checking.report.fail("database", said)
        # As bytes whatever somebody put there: SQLite keeps what it is given.
        sealed = (cast(entries.c[name], LargeBinary) for name in ("root", "hash", "token"))
        body = cast(entries.c.body, LargeBinary)
        columns = (entries.c.kind, entries.c.handling, entries.c.recorded)
        query = select(entries.c.seq, *sealed, *columns, body).order_by(entries.c.seq)
        with parts(reader.connection, query, FETCH) as found:
            for part in found:
                checking.part(part)
                advanced(checking.report.entries)
        checking.end()
        if files:
            checking.files()
        return checking.report


@dataclass
class _Checking:
    ledger: Ledger
    reader: Reader
    report: Report = field(default_factory=Report)
    stand: Standing = field(default_factory=Standing)
    previous: bytes = BEFORE
    computed: bytes | None = None
    expected: int = 0
    gone: list[int] = field(default_factory=list)
    attached: list[Entry] = field(default_factory=list)
    _heads: dict[bytes, str | int] = field(default_factory=dict)

    def part(self, rows: Sequence[Any]) -> None:
        """Check some entries in the order of the chain."""
        report, secrets = self.report, self.reader.secrets
        for seq, root, hash_, token, kind, handling, recorded, body in rows:
            if seq != self.expected:
                missing = (
                    f"{self.expected}"
                    if seq == self.expected + 1
                    else (f"{self.expected} to {seq - 1}")
                )
                report.fail(seq, f"it follows a gap: entries {missing} are missing")
                self.previous = b""
            self.expected = seq + 1
            report.entries += 1
            lines: list[bytes] = []
            made = b""
            secret = None if body is None else secrets[seq]
            if secret is None:
                self.gone.append(seq)
            else:
                try:
                    made, lines = unseal(secret, body)
                except ValueError as error:
                    report.fail(seq, str(error))
                else:
                    report.open += 1
                    if root_of(commitments(made, lines)) != root:
                        report.fail(seq, "its content does not fit its root: one was altered")
                    elif not self._columns(lines, token, kind, handling, recorded):
                        report.fail(seq, "its columns do not say what its content says")
            self._link(seq, root, hash_)
            if lines and (kind not in _PLAIN or lines[-1].startswith(_SIGNED)):
                try:
                    self._about(decode(seq, hash_, root, lines), made, lines)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    report.fail(seq, f"its fields are not those of such an entry: {error!r}")
            elif lines and b'"entry.attachments"' in lines[-1]:
                self.attached.append(decode(seq, hash_, root, lines))
        report.head = self.previous

    def _link(self, seq: int, root: bytes, hash_: bytes) -> None:
        right = link(self.previous, seq, root)
        if right != hash_ and self.computed is not None:
            if link(self.computed, seq, root) == hash_:
                right = hash_
                before = self.report.failures.index(Failure(seq - 1, MOVED))
                self.report.failures[before] = Failure(seq - 1, HASH_ALTERED)
        self.computed = None
        if right != hash_ and self.previous:
            self.report.fail(seq, MOVED)
            self.computed = right
        self.previous = hash_

    def _columns(
        self,
        lines: Sequence[bytes],
        token: bytes | None,
        kind: str | None,
        handling: str | None,
        recorded: int | None,
    ) -> bool:
        if len(lines) < 3:
            return False
        said = [self._head(line) for line in lines[:3]]
        if said != [kind, recorded, handling]:
            return False
        identity = _identity(lines)
        return token == (None if identity is None else self.reader.keys.token(identity))

    def _head(self, line: bytes) -> str | int | None:
        if line not in self._heads:
            member = member_of(line)
            if member is None:
                return None
            ((name, value),) = canon.plain(canon.read([member])).items()
            match name:
                case "entry.recorded":
                    value = instant_of(value)
                case "entry.handling":
                    value = value["class"]
            if len(self._heads) > FETCH:
                self._heads.clear()
            self._heads[line] = value
        return self._heads[line]

    def _about(self, entry: Entry, made: bytes, lines: Sequence[bytes]) -> None:
        if entry.seq == 0:
            if entry.kind != "genesis" or entry.hash != self.ledger.id:
                self.report.fail(0, "it does not found this ledger")
        if "signature" in entry.own:
            self._signature(entry, made, lines)
        self.stand.take(entry)
        if entry.own.get("attachments"):
            self.attached.append(entry)
        last = entry.body.get("last")
        if isinstance(last, dict):
            self._last(entry.seq, last["seq"], last["hash"])

    def _signature(self, entry: Entry, made: bytes, lines: Sequence[bytes]) -> None:
        self.report.signatures += 1
        if not holds(self.ledger.id, made, lines):
            self.report.fail(entry.seq, "its signature does not fit its content")
            return
        key = entry.own["signature"]["key"]
        own = self._own_key
        if entry.kind == "key" and key != own:
            self.report.fail(entry.seq, "it registers a key and is not signed by the ledger")
        known = self.stand.keys.get(key)
        if key != own and (known is None or not known.served(entry.seq)):
            self.report.fail(entry.seq, "it is signed with a key that is not registered or revoked")
        else:
            self.report.signed_by(key, known)

    @cached_property
    def _own_key(self) -> str | None:
        """The ledger's own key, by its first entry."""
        first = self.reader.at(0)
        return None if first is None else first.body.get("key")

    def _last(self, seq: int, at: int, said: str) -> None:
        query = select(entries.c.hash).where(entries.c.seq == at)
        found = self.reader.connection.execute(query).scalar()
        if found is None or found.hex() != said or at >= seq:
            self.report.fail(seq, f"what it signs is not the hash of entry {at}")

    def end(self) -> None:
        """What can be told only after the last entry."""
        if not self.report.entries:
            self.report.fail("chain", "it has no entry")
        for seq in self.gone:
            if seq in self.stand.shredded:
                self.report.shredded += 1
            elif not self.ledger.copy:
                self.report.fail(seq, "its content is gone and no entry says that it was shredded")
        for seq, by in self.stand.shredded.items():
            if seq not in self.gone:
                self.report.fail(seq, f"entry {by} says that it was shredded, and it is there")
        if (seen := witnessed(self.reader.keys.path)) is None:
            return
        seq, hash_ = seen
        if seq >= self.expected:
            self.report.fail(
                "chain", f"it was cut off: it ends at {self.expected - 1} and came as far as {seq}"
            )
            return
        query = select(entries.c.hash).where(entries.c.seq == seq)
        if self.reader.connection.execute(query).scalar() != hash_:
            self.report.fail("chain", f"it was rewritten: entry {seq} had another hash")

    def files(self) -> None:
        """Whether every attachment is there and unaltered."""
        for entry in self.attached:
            secret = self.reader.secrets[entry.seq]
            if secret is None:
                continue
            for number, one in enumerate(entry.own["attachments"]):
                self.report.attachments += 1
                if how := attachments.wrong(self.ledger, secret, entry.seq, number, one):
                    self.report.fail(entry.seq, f"attachment {one['sha256'][:16]}…: {how}")


_PLAIN = frozenset(("record", "correction", "withdrawal", "finding", "decision"))


def _identity(lines: Sequence[bytes]) -> str | None:
    """The record's id, from its line."""
    for line in lines:
        if line.startswith(_ID) and b"\\" not in line:
            return written(line[len(_ID) : -1].decode())
    for line in lines:
        member = member_of(line)
        if member is not None and member.startswith('"id":'):
            value = canon.read([member])["id"]
            return written(str(value))
    return None
