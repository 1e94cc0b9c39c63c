"""A self-contained folder from which an outsider checks the ledger without its database.

Every entry is there; what an audience may not see is closed, down to the root of an entry or the
commitment of a field.  What takes back, corrects or re-classifies a record that is shown is shown
to that extent as well.  The ledger signs the manifest, which names every file by its SHA-256.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from servanda.evidence.instant import iso
from servanda.ledger import attachments, outsider
from servanda.ledger.entry import Entry, decode
from servanda.ledger.errors import LedgerError
from servanda.ledger.ledger import Ledger, Reader
from servanda.ledger.outsider import EXPORT_FORMAT, OWN, row_text
from servanda.ledger.schema import entries, refs
from servanda.ledger.sealing import commitments, member_of, salt_of, unseal
from servanda.ledger.standing import Standing, standing
from servanda.ledger.store import parts
from servanda.ledger.strip import stripped
from servanda.ledger.words import CLASSES, USES

FETCH = 5_000
# What is shown of an entry about a record that is shown, whatever its own class.
TIES = ("entry.kind", "entry.recorded", "entry.about", "withdraws", "replaces")
TYING = ("withdrawal", "correction", "handling", "redaction", "merge", "verification")
README = """\
This folder was exported from a Servanda ledger. To check it:

    python verify.py --ledger {ledger}

It needs Python 3.9 or newer and nothing else. Compare the ledger's id with one
that you know from elsewhere: what stands in this folder cannot prove it.

manifest.json   what is here, for whom it was made; signed by the ledger
entries.jsonl   every entry: its hash, its fields with their salts, or what
                stands for fields and entries that are not shown
records.jsonl   the records that are shown, in the words of their sources
attachments/    files that belong to records, without their metadata unless
                this export is confidential

A record is what somebody reported. It is a claim until a competent body finds.
"""


@dataclass(frozen=True, slots=True)
class Release:
    """Who an export is for; `close` are fields of records to close in addition."""

    audience: str
    use: str | None = None
    close: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.audience not in CLASSES:
            raise LedgerError(f"“{self.audience}” is no audience; there are {', '.join(CLASSES)}.")
        if self.use is not None and self.use not in USES:
            raise LedgerError(f"“{self.use}” is no use; there are {', '.join(USES)}.")


@dataclass
class Exported:
    """What went into an export."""

    entries: int = 0
    shown: int = 0
    records: int = 0
    attachments: int = 0
    withheld: int = 0
    head: str = ""


def export(
    ledger: Ledger,
    folder: Path,
    release: Release,
    now: int,
    advanced: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write an export into a folder that is not there yet, or is empty."""
    signer = ledger.signer
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LedgerError(f"{folder} exists; an export goes into a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    spare = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        with ledger.reading() as reader:
            writing = _Writing(ledger, reader, release, spare, standing(reader))
            writing.entries(advanced)
        shutil.copyfile(outsider.__file__, spare / "verify.py")
        text = README.format(ledger=ledger.id.hex())
        (spare / "README.txt").write_text(text, encoding="utf-8")
        manifest = writing.manifest(now)
        manifest["signature"] = signer.sign(outsider.export_message(manifest))
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
        (spare / "manifest.json").write_text(text + "\n", encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        spare.chmod(0o755)
        os.replace(spare, folder)
    except BaseException:
        shutil.rmtree(spare, ignore_errors=True)
        raise
    return writing.made


@dataclass
class _Writing:
    ledger: Ledger
    reader: Reader
    release: Release
    folder: Path
    stand: Standing
    made: Exported = field(default_factory=Exported)
    attached: list[dict[str, Any]] = field(default_factory=list)
    _pointed: frozenset[bytes] = frozenset()
    _shown: set[bytes] = field(default_factory=set)
    _pointing: dict[int, list[bytes]] = field(default_factory=dict)

    def entries(self, advanced: Callable[[int], None]) -> None:
        connection = self.reader.connection
        for row in connection.execute(select(refs)):
            self._pointing.setdefault(row.seq, []).append(bytes(row.token))
        self._pointed = frozenset(t for tokens in self._pointing.values() for t in tokens)
        query = select(entries).order_by(entries.c.seq)
        with (
            parts(connection, query, FETCH) as found,
            (self.folder / "entries.jsonl").open("w", encoding="utf-8", newline="\n") as chain,
            (self.folder / "records.jsonl").open("w", encoding="utf-8", newline="\n") as rows,
        ):
            for part in found:
                for row in part:
                    line, record = self._entry(row)
                    chain.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                    if record is not None:
                        rows.write(record + "\n")
                        self.made.records += 1
                    self.made.entries += 1
                    self.made.head = row.hash.hex()
                advanced(self.made.entries)

    def _entry(self, row: Any) -> tuple[dict[str, Any], str | None]:
        """An entry as it goes into the export, and the record that it shows."""
        line: dict[str, Any] = {"seq": row.seq, "hash": row.hash.hex()}
        closed = {**line, "root": row.root.hex()}
        secret = None if row.body is None else self.reader.secrets[row.seq]
        if secret is None:
            return closed, None
        made, lines = unseal(secret, row.body)
        entry = decode(row.seq, row.hash, row.root, lines)
        names = self._names(entry, row.token)
        if not names:
            return closed, None
        fields: list[Any] = []
        shown: list[str] = []
        for at, (text, committed) in enumerate(zip(lines, commitments(made, lines), strict=True)):
            member = member_of(text)
            if member is None or _name(member) not in names:
                fields.append(committed.hex())
                continue
            fields.append([salt_of(made, at, text).hex(), member])
            shown.append(member)
        self.made.shown += 1
        if "entry.attachments" in names:
            self._attachments(entry, secret)
        has_id = any(m.startswith('"id":') for m in shown)
        return {**line, "fields": fields}, row_text(shown) if has_id else None

    def _names(self, entry: Entry, token: bytes | None) -> frozenset[str]:
        """The names of the fields that this audience sees."""
        everything = frozenset((*entry.row, *(f"entry.{name}" for name in entry.own)))
        if self.stand.handling_of(entry).shown_to(self.release.audience, self.release.use):
            if token in self._pointed:
                assert token is not None
                self._shown.add(token)
            if self.release.audience == "confidential":
                return everything - self.release.close
            return everything - self.stand.hidden(entry) - self.release.close
        about = self._pointing.get(entry.seq, ())
        if entry.kind in TYING and any(token in self._shown for token in about):
            return everything & frozenset(TIES)
        return frozenset()

    def _attachments(self, entry: Entry, secret: bytes) -> None:
        for number, said in enumerate(entry.own.get("attachments", ())):
            try:
                data = attachments.content(self.ledger, secret, entry.seq, number)
            except (OSError, ValueError) as error:
                raise LedgerError(
                    f"Entry {entry.seq}: an attachment is missing or was altered ({error}); "
                    "nothing was exported. See `servanda ledger verify`."
                ) from error
            released: bytes | None = data
            if self.release.audience != "confidential":
                released = stripped(data, said["media_type"])
            one = {**said, "seq": entry.seq, "file": None}
            if released is None:
                self.made.withheld += 1
            else:
                digest = hashlib.sha256(released).hexdigest()
                one["file"] = f"attachments/{digest}"
                one["stripped"] = released != data
                path = self.folder / one["file"]
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(released)
                self.made.attachments += 1
            self.attached.append(one)

    def manifest(self, now: int) -> dict[str, Any]:
        names = sorted(p.relative_to(self.folder).as_posix() for p in _files(self.folder))
        return {
            "format": EXPORT_FORMAT,
            "ledger": self.ledger.id.hex(),
            "title": self.ledger.title,
            "entries": self.made.entries,
            "head": self.made.head,
            "audience": self.release.audience,
            "use": self.release.use,
            "closed_fields": sorted(self.release.close),
            "made": iso(now),
            "files": {name: outsider.hash_file(str(self.folder / name)) for name in names},
            "attachments": self.attached,
        }


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in folder.rglob("*") if p.is_file())


def _name(member: str) -> str:
    end = member.index('":')
    return str(json.loads(member[: end + 1]))


def checked_fields(names: Iterable[str]) -> frozenset[str]:
    """Fields of a record that may be closed; raises LedgerError for those that hold it together."""
    found = frozenset(names)
    for name in found:
        if name.startswith(OWN[1:]) or name in ("id", "type"):
            raise LedgerError(f"“{name}” is not closed: it tells which entry this is.")
    return found


def describe(manifest: Mapping[str, Any]) -> Sequence[str]:
    """What an export says about itself."""
    return (str(manifest.get("audience")), str(manifest.get("made")))
