"""Files that belong to an entry: named by SHA-256, kept sealed beside the key file.

The entry says digest, size and media type.  The file lies sealed under a key that comes from the
entry's secret, so that shredding the entry takes its attachments with it.
"""

import hashlib
import mimetypes
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servanda.ledger.errors import LedgerError
from servanda.ledger.ledger import Ledger
from servanda.ledger.sealing import attachment_key, decrypt, encrypt

MAX_BYTES = 536_870_912  # of one file, which is sealed in one piece in memory
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is about to be entered."""

    data: bytes
    sha256: str
    size: int
    media_type: str

    def plain(self) -> dict[str, Any]:
        return {"sha256": self.sha256, "size": self.size, "media_type": self.media_type}


def read(path: Path) -> Attachment:
    """Read a file; its name is left out, since names tell of people and places."""
    if path.stat().st_size > MAX_BYTES:
        raise LedgerError(f"{path}: larger than {MAX_BYTES >> 20} MiB; attach it in parts.")
    data = path.read_bytes()
    return Attachment(
        data, hashlib.sha256(data).hexdigest(), len(data), media_type(data, path.name)
    )


def media_type(data: bytes, name: str) -> str:
    """By what the file begins with, else by the ending of its name."""
    for magic, found in _MAGIC:
        if data.startswith(magic):
            return found
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def folder(ledger: Ledger) -> Path:
    """Where attachments lie: beside the key file."""
    path = ledger.keys.path
    return path.with_name(path.name.removesuffix(".keys") + ".files")


def _path(ledger: Ledger, seq: int, number: int) -> Path:
    return folder(ledger) / f"{seq}-{number}.sealed"


def keep(ledger: Ledger, secret: bytes, seq: int, number: int, data: bytes) -> None:
    """Seal a file into its place; it is on the disk when this returns."""
    path = _path(ledger, seq, number)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    spare = path.with_suffix(".new")
    with spare.open("wb") as stream:
        stream.write(encrypt(attachment_key(secret, number), data))
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(spare, path)


def content(ledger: Ledger, secret: bytes, seq: int, number: int) -> bytes:
    """The file as it was entered; raises ValueError or OSError when it is not there unaltered."""
    return decrypt(attachment_key(secret, number), _path(ledger, seq, number).read_bytes())


def wrong(
    ledger: Ledger, secret: bytes, seq: int, number: int, said: Mapping[str, Any]
) -> str | None:
    """What is wrong with an attachment; None when it is there as it was entered."""
    try:
        data = content(ledger, secret, seq, number)
    except FileNotFoundError:
        return "the file is missing"
    except (OSError, ValueError) as error:
        return f"the file was altered or cannot be read ({error})"
    if hashlib.sha256(data).hexdigest() != said["sha256"] or len(data) != said["size"]:
        return "the file is another than was entered"
    return None


def forget(ledger: Ledger, seq: int) -> None:
    """Remove the files of a shredded entry, which nothing can open any more."""
    for path in folder(ledger).glob(f"{seq}-*.sealed"):
        path.unlink(missing_ok=True)
