"""What was read of a ledger, kept under seal beside its key file for the next reading.

The key of a kept copy comes from the current wrapping key: when entries are shredded that key is
destroyed, and with it the copy, wherever a second one of it lies.  A copy serves a question (which
record types, whose eyes, which use) and holds the chain up to an entry; what came after is added.
Handling or redaction entered later makes it worthless, and so does any other reader of records.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select

from servanda.evidence.packed import about, pack, unpack
from servanda.evidence.refused import Refused
from servanda.evidence.table import Ints, RecordTable, joined
from servanda.ledger.keyfile import write_secret
from servanda.ledger.ledger import NOTHING, Ledger, Reader, setting
from servanda.ledger.outsider import BEFORE
from servanda.ledger.schema import entries
from servanda.ledger.sealing import decrypt, encrypt
from servanda.model.record_type import RecordType

KEPT_FROM = 20_000  # records; fewer are read at once anyway
MORE = 0.02  # such a share of records that came since is worth writing the copy anew
MAX_COPIES = 4  # beside one key file; the oldest goes
MAX_BYTES = 1 << 30
FORMAT = "servanda.ledger-copy/1"
_CHANGE_ALL = ("handling", "redaction", "shredding")  # kinds of entries that change what is shown


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a ledger."""

    types: Mapping[str, RecordType]
    zone: ZoneInfo
    audience: str
    use: str | None
    own: str | None = None

    @property
    def name(self) -> str:
        """A name for the question; another reader of records has another."""
        types = sorted(self.types.items())
        told = repr((FORMAT, _reader(), types, self.zone.key, self.audience, self.use, self.own))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@cache
def _reader() -> str:
    """A digest of the code that makes records of rows."""
    digest = hashlib.sha256()
    code = files("servanda")
    for folder in (code / "evidence", code / "evidence" / "bulk", code / "geo"):
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".py"):
                digest.update(file.read_bytes())
    digest.update((code / "characters.py").read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Taken:
    """The records of entries up to `last` (place and hash), with where each stood: in which of the
    files `names`, on which line.  `officers` are the ids of records that officers entered.
    """

    table: RecordTable
    file: Ints
    names: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    officers: tuple[str, ...] = ()
    last: tuple[int, bytes] = (NOTHING, BEFORE)


def nothing() -> Taken:
    return Taken(joined([]), np.empty(0, np.int64))


def both(first: Taken, more: Taken) -> Taken:
    """What was taken first, and then more."""
    names = tuple(dict.fromkeys((*first.names, *more.names)))
    own = np.array([names.index(name) for name in more.names], np.int64)
    file = np.concatenate([first.file, own[more.file]]) if len(own) else first.file
    tables = [table for table in (first.table, more.table) if len(table)]
    return Taken(
        joined(tables),
        file,
        names,
        (*first.refused, *more.refused),
        (*first.officers, *more.officers),
        more.last,
    )


def worth_keeping(whole: Taken, more: Taken) -> bool:
    return len(whole.table) >= KEPT_FROM and len(more.table) >= MORE * len(whole.table)


def load(ledger: Ledger, reader: Reader, asked: Asked) -> Taken:
    """What is kept for a question, as far as it still holds; nothing where there is none."""
    try:
        sealed = _path(ledger, asked).read_bytes()
        data = decrypt(_key(reader), sealed)
    except (OSError, ValueError):
        return nothing()
    said = about(data)
    seq, hash_ = said["last"][0], bytes.fromhex(said["last"][1])
    if said["ledger"] != ledger.id.hex() or said["asked"] != asked.name:
        return nothing()
    if not _still_holds(reader, seq, hash_):
        return nothing()
    table, extra = unpack(data)
    refused = tuple(Refused(*row) for row in said["refused"])
    return Taken(
        table, extra["file"], tuple(said["names"]), refused, tuple(said["officers"]), (seq, hash_)
    )


def _still_holds(reader: Reader, seq: int, hash_: bytes) -> bool:
    """Whether the chain goes through an entry, and nothing came after it that changes the rest."""
    query = select(entries.c.hash).where(entries.c.seq == seq)
    if reader.connection.execute(query).scalar() != hash_:
        return False
    later = select(func.count()).select_from(entries).where(entries.c.seq > seq)
    later = later.where(entries.c.kind.in_(_CHANGE_ALL))
    return not reader.connection.execute(later).scalar()


def save(ledger: Ledger, reader: Reader, asked: Asked, taken: Taken) -> None:
    """Keep what was taken; where it cannot be written, nothing is kept."""
    said = {
        "ledger": ledger.id.hex(),
        "asked": asked.name,
        "last": [taken.last[0], taken.last[1].hex()],
        "names": taken.names,
        "refused": [[r.file, r.line, r.reason] for r in taken.refused],
        "officers": taken.officers,
    }
    data = pack(taken.table, {"file": taken.file}, said)
    if len(data) > MAX_BYTES:
        return
    with suppress(OSError):
        write_secret(_path(ledger, asked), encrypt(_key(reader), data))
        for old in sorted(copies(ledger), key=lambda path: path.stat().st_mtime)[:-MAX_COPIES]:
            old.unlink(missing_ok=True)


def forget(ledger: Ledger) -> None:
    """Remove the kept copies, which nothing opens any more."""
    for path in copies(ledger):
        path.unlink(missing_ok=True)


def copies(ledger: Ledger) -> list[Path]:
    beside = ledger.keys.path.parent.iterdir()
    return [path for path in beside if path.name.startswith(_stem(ledger) + ".copy-")]


def _path(ledger: Ledger, asked: Asked) -> Path:
    return ledger.keys.path.with_name(f"{_stem(ledger)}.copy-{asked.name[:12]}")


def _stem(ledger: Ledger) -> str:
    return ledger.keys.path.name.removesuffix(".keys")


def _key(reader: Reader) -> bytes:
    """The key of copies: it comes from the wrapping key that is current in the database."""
    wrapping = reader.keys.wrapping[setting(reader.connection, "wrapping")]
    return hashlib.shake_256(b"servanda.ledger/1 kept copy\n" + wrapping).digest(32)
