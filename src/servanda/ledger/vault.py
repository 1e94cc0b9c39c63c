"""Who a source is: kept outside the chain, under a key of its own; the chain knows a pseudonym.

The vault is one sealed file beside another with its key.  Without the key nobody learns more than
its size; forgetting a source writes the file anew, and under a new key.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servanda.ledger.errors import LedgerError
from servanda.ledger.keyfile import write_secret
from servanda.ledger.sealing import decrypt, encrypt

FORMAT = "servanda.vault/1"
PSEUDONYM = "source-"


@dataclass(frozen=True, slots=True)
class Vault:
    """Two paths: the sealed file and its key.  Keep them apart."""

    path: Path
    key: Path

    def create(self) -> None:
        for path in (self.path, self.key):
            if path.exists():
                raise LedgerError(f"{path} exists; a vault is never written over another.")
        self._write({})

    def enter(self, identity: Mapping[str, Any]) -> str:
        """Keep an identity; returns the pseudonym to use as the source of records."""
        held = self._read()
        pseudonym = PSEUDONYM + os.urandom(6).hex()
        self._write({**held, pseudonym: dict(identity)})
        return pseudonym

    def reveal(self, pseudonym: str) -> dict[str, Any]:
        held = self._read()
        if pseudonym not in held:
            raise LedgerError(f"The vault knows no {pseudonym}.")
        return held[pseudonym]

    def forget(self, pseudonym: str) -> None:
        """Destroy an identity; the records keep their pseudonym."""
        held = self._read()
        if held.pop(pseudonym, None) is None:
            raise LedgerError(f"The vault knows no {pseudonym}.")
        self._write(held)

    def pseudonyms(self) -> tuple[str, ...]:
        return tuple(sorted(self._read()))

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            key = bytes.fromhex(self.key.read_text(encoding="ascii"))
            sealed = self.path.read_bytes()
        except FileNotFoundError as error:
            raise LedgerError(
                f"There is no vault at {self.path} with its key {self.key}."
            ) from error
        except ValueError as error:
            raise LedgerError(f"{self.key} is no key of a vault.") from error
        try:
            data = json.loads(decrypt(key, sealed))
        except ValueError as error:
            raise LedgerError(f"{self.key} does not open {self.path}: {error}.") from error
        if data["format"] != FORMAT:
            raise LedgerError(f"{self.path} has another format than {FORMAT}.")
        held: dict[str, dict[str, Any]] = data["sources"]
        return held

    def _write(self, held: Mapping[str, Any]) -> None:
        """Under a fresh key each time, so that no older copy of the key opens the new file."""
        key = os.urandom(32)
        data = json.dumps({"format": FORMAT, "sources": held}, ensure_ascii=False).encode()
        spare = self.key.with_name(self.key.name + ".new")
        write_secret(spare, key.hex().encode())
        write_secret(self.path, encrypt(key, data))
        os.replace(spare, self.key)
