"""The key file of people: seals the second factors, and keys the chain of the trail.

It lies beside the store with mode 0600, and is kept apart from backups of the store: a stolen copy
of the database gives nobody's second factor, and who can write to the database but has not the key
cannot make a trail that verifies.
"""

import hmac
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from servanda.ledger.keyfile import write_secret
from servanda.library import InputError

FORMAT = "servanda.people-keys/1"
NONCE = 12  # bytes, random: far fewer secrets are sealed than make a collision likely


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Two keys of 256 bits."""

    seal_key: bytes
    trail_key: bytes

    def seal(self, secret: bytes, owner: str) -> bytes:
        """A sealed copy that opens for this owner only."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.seal_key).encrypt(nonce, secret, owner.encode())

    def unseal(self, sealed: bytes, owner: str) -> bytes | None:
        """None where another key sealed it, or for somebody else."""
        try:
            return AESGCM(self.seal_key).decrypt(sealed[:NONCE], sealed[NONCE:], owner.encode())
        except (InvalidTag, ValueError):
            return None

    def chained(self, before: bytes, line: str) -> bytes:
        """The hash of a line of the trail, after that of the line before."""
        return hmac.digest(self.trail_key, before + line.encode(), sha256)


def fresh() -> Keys:
    return Keys(os.urandom(32), os.urandom(32))


def load(path: Path) -> Keys:
    """The keys of a file; made where there is none.  Raises InputError."""
    try:
        if not path.exists():
            keys = fresh()
            data = {"format": FORMAT, "seal": keys.seal_key.hex(), "trail": keys.trail_key.hex()}
            write_secret(path, json.dumps(data, indent=1).encode() + b"\n")
            return keys
        mode = path.stat().st_mode
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError("another format")
        keys = Keys(bytes.fromhex(data["seal"]), bytes.fromhex(data["trail"]))
        if len(keys.seal_key) != 32 or len(keys.trail_key) != 32:
            raise ValueError("a key of another length")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. The key file is made there.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no key file of people. Restore it from its copy.") from error
    if mode & 0o077:
        raise InputError(
            f"{path}: others than its owner can read this key file. Put that right with "
            f"`chmod 600 {path}`."
        )
    return keys
