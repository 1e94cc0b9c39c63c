"""Ed25519 keys of people and bodies that sign: made, kept in a PEM file, used and recognised.

A public key is written as 64 hexadecimal digits.  Who holds it, and in what role, is an entry of
the ledger; the private key never is.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from servanda.ledger.errors import LedgerError
from servanda.ledger.keyfile import write_secret


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that is ready to sign."""

    private: bytes

    @property
    def public(self) -> str:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(self.private)
        return key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message).hex()


@dataclass(frozen=True, slots=True)
class Registered:
    """A key that the ledger knows, since the entry `seq`."""

    key: str
    holder: str
    role: str
    seq: int
    revoked: int | None = None

    def served(self, seq: int) -> bool:
        """Whether it was registered and not revoked when an entry was made."""
        return self.seq < seq and (self.revoked is None or seq < self.revoked)


def make() -> Signer:
    return Signer(os.urandom(32))


def save(signer: Signer, path: Path, passphrase: bytes | None = None) -> None:
    """Write the private key as PEM (PKCS 8), encrypted when there is a passphrase."""
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if path.exists():
        raise LedgerError(f"{path} exists; a key is never written over another.")
    hidden: s.KeySerializationEncryption = (
        s.BestAvailableEncryption(passphrase) if passphrase else s.NoEncryption()
    )
    key = Ed25519PrivateKey.from_private_bytes(signer.private)
    write_secret(path, key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, hidden))


def load(path: Path, passphrase: bytes | None = None) -> Signer:
    """Read a private key; raises LedgerError when it cannot serve."""
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = s.load_pem_private_key(path.read_bytes(), passphrase)
    except (ValueError, TypeError) as error:
        raise LedgerError(
            f"{path} is no private key, or its passphrase (SERVANDA_PASSPHRASE) is missing or "
            "wrong."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise LedgerError(f"{path} is no Ed25519 key; make one with `servanda ledger keys`.")
    return Signer(key.private_bytes_raw())
