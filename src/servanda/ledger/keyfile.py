"""The key file of a ledger: what opens, signs and looks up its entries; never kept beside a backup.

It holds the wrapping keys (of which one is current), the key of the lookup tokens and the ledger's
own signing key.  Shredding makes a new wrapping key and destroys the old one, so that a backup of
the database alone opens nothing.  Mode 0600; written whole to a new file that takes its place.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from servanda.ledger.errors import LedgerError

FORMAT = "servanda.ledger-keys/1"
TOKEN = 16  # bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Keys by purpose; `signing` is None in a copy, which can be read and not continued."""

    path: Path
    ledger: str
    tokens: bytes
    signing: bytes | None
    wrapping: Mapping[str, bytes]

    def token(self, identity: str) -> bytes:
        """What stands for a record's id in the database."""
        return hashlib.blake2b(identity.encode(), key=self.tokens, digest_size=TOKEN).digest()

    def with_new_wrapping(self) -> tuple["KeyFile", str]:
        key = os.urandom(32)
        name = hashlib.sha256(b"servanda.ledger/1 wrapping\n" + key).hexdigest()[:16]
        return replace(self, wrapping={**self.wrapping, name: key}), name

    def only(self, name: str) -> "KeyFile":
        return replace(self, wrapping={name: self.wrapping[name]})

    def save(self) -> None:
        data = {
            "format": FORMAT,
            "ledger": self.ledger,
            "tokens": self.tokens.hex(),
            "signing": self.signing.hex() if self.signing else None,
            "wrapping": {name: key.hex() for name, key in self.wrapping.items()},
        }
        write_secret(self.path, json.dumps(data, indent=1).encode() + b"\n")


def write_secret(path: Path, data: bytes) -> None:
    """Put a file of mode 0600 in place of the one before, at once or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def new(path: Path, signing: bytes | None) -> tuple[KeyFile, str]:
    """Fresh keys, not saved yet, and the name of the wrapping key."""
    return KeyFile(path, "", os.urandom(32), signing, {}).with_new_wrapping()


def load(path: Path) -> KeyFile:
    """Read a key file; raises LedgerError when it cannot serve."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError("another format")
        return KeyFile(
            path,
            data["ledger"],
            bytes.fromhex(data["tokens"]),
            bytes.fromhex(data["signing"]) if data["signing"] else None,
            {name: bytes.fromhex(key) for name, key in data["wrapping"].items()},
        )
    except FileNotFoundError as error:
        raise LedgerError(
            f"There is no key file {path}: without it nothing in the ledger can be opened. "
            "Name the right one with --keys."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(f"{path} is no key file of a ledger: {error}.") from error
