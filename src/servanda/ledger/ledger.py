"""A ledger that is open: its store, its key file, who it is; and appending to its chain."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, Row, insert, select

from servanda.ledger import canon, keyfile
from servanda.ledger.entry import Entry, decode, head_lines
from servanda.ledger.errors import LedgerError, ReadOnly
from servanda.ledger.handling import Handling
from servanda.ledger.keyfile import KeyFile
from servanda.ledger.keys import Signer, make
from servanda.ledger.outsider import BEFORE, FORMAT, entry_message, link
from servanda.ledger.schema import entries, settings
from servanda.ledger.sealing import SECRET, commitments, derive, seal, secrets, unseal
from servanda.ledger.store import WAIT, Store, is_url, open_store, shown
from servanda.ledger.witness import witness
from servanda.ledger.words import USES
from servanda.ledger.wrapping import Unwrapped, wrap

COLUMNS = ("seq", "root", "hash", "token", "kind", "handling", "recorded", "body")
SECRETS = ("first", "count", "wrapping", "sealed")
NOTHING = -1  # the place before the first entry
OPEN_TO_ALL = Handling("public", "public_source", USES)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place: its lines, and what the columns say."""

    kind: str
    handling: str
    recorded: int
    lines: list[bytes]
    token: bytes | None = None
    refs: tuple[bytes, ...] = ()
    signer: Signer | None = None


@dataclass
class Writer:
    """Appends within one transaction; `tail` is the place and hash of the last entry."""

    ledger: "Ledger"
    connection: Connection
    keys: KeyFile
    wrapping: str
    tail: tuple[int, bytes]
    fresh: list[bytes] = field(default_factory=list)

    def append(self, drafts: Sequence[Draft]) -> list[int]:
        """Give drafts their places; returns those."""
        first = self.tail[0] + 1
        fresh = secrets(len(drafts))
        rows = []
        seq, previous = self.tail
        for at, draft in enumerate(drafts):
            seq += 1
            secret = fresh[at * SECRET : (at + 1) * SECRET]
            lines = draft.lines
            if draft.signer is not None:
                lines = [*lines, self._signature(secret, lines, draft.signer)]
            root, body = seal(secret, lines)
            previous = link(previous, seq, root)
            rows.append(
                (seq, root, previous, draft.token, draft.kind, draft.handling, draft.recorded, body)
            )
        insert_rows = self.ledger.store.backend.insert
        insert_rows(self.connection, "entries", COLUMNS, rows)
        if drafts:
            row = wrap(first, fresh, self.wrapping, self.keys.wrapping[self.wrapping])
            insert_rows(self.connection, "secrets", SECRETS, [row])
        refs = [
            (token, first + at)
            for at, draft in enumerate(drafts)
            for token in dict.fromkeys(draft.refs)
        ]
        insert_rows(self.connection, "refs", ("token", "seq"), refs)
        self.tail = (seq, previous)
        return list(range(first, seq + 1))

    def _signature(self, secret: bytes, lines: Sequence[bytes], signer: Signer) -> bytes:
        made = derive(secret, len(lines))
        message = entry_message(self.ledger.id, commitments(made, lines))
        given = {"key": signer.public, "signature": signer.sign(message)}
        return canon.member("entry.signature", given).encode()

    def secret(self, seq: int) -> bytes | None:
        return Unwrapped(self.connection, self.keys.wrapping)[seq]


@dataclass
class Ledger:
    """An open ledger; `id` is the hash of its first entry."""

    store: Store
    keys: KeyFile
    id: bytes
    title: str
    copy: bool = False

    @property
    def place(self) -> str:
        return self.store.place

    @property
    def signer(self) -> Signer:
        """The ledger's own key."""
        if self.keys.signing is None:
            raise ReadOnly(
                f"{shown(self.place)} is a copy of a ledger: it can be read and checked, not "
                "continued. Enter into the ledger that it is a copy of, or make one of your own."
            )
        return Signer(self.keys.signing)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Append alone; what was appended stands when this ends, or nothing of it."""
        _ = self.signer  # a copy is not continued
        with self._writing() as writer:
            yield writer

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        with self.store.writing() as connection:
            wrapping = setting(connection, "wrapping")
            if wrapping not in self.keys.wrapping:  # another writer has shredded meanwhile
                self.keys = keyfile.load(self.keys.path)
            if wrapping not in self.keys.wrapping:
                raise LedgerError(
                    f"{self.keys.path} is not the key file of {shown(self.place)} as it is now: it "
                    "lacks the wrapping key made by the last shredding."
                )
            writer = Writer(self, connection, self.keys, wrapping, tail(connection))
            yield writer
        witness(self.keys.path, writer.tail)

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        with self.store.reading() as connection:
            wrapping = setting(connection, "wrapping")
            if wrapping not in self.keys.wrapping:
                self.keys = keyfile.load(self.keys.path)
            yield Reader(connection, Unwrapped(connection, self.keys.wrapping), self.keys)


@dataclass
class Reader:
    """Reads entries of one state of the ledger."""

    connection: Connection
    secrets: Unwrapped
    keys: KeyFile

    def entry(self, row: Row[tuple[object, ...]]) -> Entry:
        """An entry from its row; one whose key is destroyed has no fields."""
        body = row.body
        secret = None if body is None else self.secrets[row.seq]
        if secret is None:
            return Entry(row.seq, row.hash, row.root, {}, {})
        try:
            return decode(row.seq, row.hash, row.root, unseal(secret, body)[1])
        except ValueError as error:
            raise LedgerError(f"Entry {row.seq}: {error}. See `servanda ledger verify`.") from error

    def at(self, seq: int) -> Entry | None:
        row = self.connection.execute(select(entries).where(entries.c.seq == seq)).first()
        return None if row is None else self.entry(row)

    def seq_of(self, identity: str) -> int | None:
        """Where a record stands, by its id."""
        token = self.keys.token(identity)
        return self.connection.execute(
            select(entries.c.seq).where(entries.c.token == token)
        ).scalar()

    def of_kinds(self, *kinds: str) -> Iterator[Entry]:
        """Entries of some kinds in the order of the chain."""
        query = select(entries).where(entries.c.kind.in_(kinds)).order_by(entries.c.seq)
        for row in self.connection.execute(query).fetchall():
            yield self.entry(row)


def setting(connection: Connection, name: str) -> str:
    value = connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar()
    return str(value or "")


def tail(connection: Connection) -> tuple[int, bytes]:
    """The place and hash of the last entry."""
    row = connection.execute(
        select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)
    ).first()
    return (NOTHING, BEFORE) if row is None else (row.seq, row.hash)


# --- making and opening ---------------------------------------------------------------------------


def keys_beside(place: str) -> Path:
    """Where the key file of a ledger lies unless it is named."""
    if named := os.environ.get("SERVANDA_LEDGER_KEYS"):
        return Path(named)
    if not is_url(place):
        return Path(place + ".keys")
    from sqlalchemy import make_url

    return Path(f"{make_url(place).database or 'ledger'}.keys")


def init(place: str, title: str, now: int, keys: Path | None = None, wait: float = WAIT) -> Ledger:
    """Found a ledger: its tables, its key file, its first entry."""
    signer = make()
    lines = head_lines("genesis", now, OPEN_TO_ALL)
    body = {"format": FORMAT, "title": title, "key": signer.public}
    lines.append(canon.member("entry.body", body).encode())
    draft = Draft("genesis", "public", now, lines)
    ledger = _found(place, title, keys, wait, signer.private, False)
    with ledger._writing() as writer:
        writer.append([draft])
        ledger.id = writer.tail[1]
        _settle(writer.connection, ledger)
    return ledger


def _found(
    place: str, title: str, keys: Path | None, wait: float, signing: bytes | None, copy: bool
) -> Ledger:
    """Tables and keys of a ledger that has no entry yet."""
    path = keys or keys_beside(place)
    store = open_store(place, wait, create=True)
    if store.revision() is not None:
        with store.reading() as connection:
            if tail(connection)[0] != NOTHING:
                raise LedgerError(f"{shown(place)} holds a ledger already; nothing was changed.")
    elif path.exists():
        raise LedgerError(f"{path} exists: a key file is never written over another.")
    store.migrate()
    made, name = keyfile.new(path, signing)
    made.save()
    with store.writing() as connection:
        for old in ("wrapping", "id", "title", "copy"):
            connection.execute(settings.delete().where(settings.c.name == old))
        connection.execute(insert(settings).values(name="wrapping", value=name))
    return Ledger(store, made, BEFORE, title, copy)


def _settle(connection: Connection, ledger: Ledger) -> None:
    """Write down who the ledger is, in the database and in its key file."""
    rows = {"id": ledger.id.hex(), "title": ledger.title, "copy": "yes" if ledger.copy else ""}
    connection.execute(insert(settings), [{"name": n, "value": v} for n, v in rows.items()])
    ledger.keys = replace(ledger.keys, ledger=ledger.id.hex())
    ledger.keys.save()


def open_ledger(place: str, keys: Path | None = None, wait: float = WAIT) -> Ledger:
    """Open a ledger; raises LedgerError when there is none, or the key file is not its own."""
    store = open_store(place, wait)
    with store.reading() as connection:
        known = {row.name: row.value for row in connection.execute(select(settings))}
    if "id" not in known:
        raise LedgerError(
            f"{shown(place)} was not founded to the end; run `servanda ledger init` again."
        )
    found = keyfile.load(keys or keys_beside(place))
    if found.ledger != known["id"]:
        raise LedgerError(f"{found.path} is the key file of another ledger than {shown(place)}.")
    return Ledger(store, found, bytes.fromhex(known["id"]), known["title"], bool(known["copy"]))


def own_draft(
    kind: str,
    now: int,
    body: Mapping[str, object],
    about: Sequence[str] = (),
    handling: Handling = OPEN_TO_ALL,
    signer: Signer | None = None,
    refs: tuple[bytes, ...] = (),
) -> Draft:
    """An entry of the ledger's own: about entries before, or about the ledger itself."""
    lines = head_lines(kind, now, handling)
    if about:
        lines.append(canon.member("entry.about", list(about)).encode())
    lines.append(canon.member("entry.body", body).encode())
    return Draft(kind, handling.handling, now, lines, None, refs, signer)
