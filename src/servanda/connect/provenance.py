"""Provenance: which bytes were read, when they were retrieved, and under which licence."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Licence:
    """Under what terms a source gives its data.  `pass_on` False: raw rows stay with the user."""

    name: str
    attribution: str
    url: str | None = None
    pass_on: bool = True


@dataclass(frozen=True, slots=True)
class Provenance:
    """`retrieved_by` says how the time is known: stated by the user, or the file's own time."""

    connector: str
    file: str
    sha256: str
    bytes: int
    retrieved: str
    retrieved_by: str
    licence: Licence

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def of_file(connector: str, licence: Licence, path: Path, retrieved: str | None) -> Provenance:
    """The provenance of a file: retrieved when it is stated, else when it was fetched, else by its
    own time, which is named so."""
    sha256 = digest(path)
    fetched = _fetched(path, sha256)
    if retrieved is None and fetched is not None:
        when, how = fetched, "fetched"
    elif retrieved is None:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        when, how = changed.strftime("%Y-%m-%dT%H:%M:%SZ"), "time of the file"
    else:
        when, how = retrieved, "stated"
    return Provenance(connector, path.name, sha256, path.stat().st_size, when, how, licence)


def _fetched(path: Path, sha256: str) -> str | None:
    """When `servanda fetch` got these very bytes."""
    beside = path.with_name(f"{path.name}.provenance.json")
    try:
        data = json.loads(beside.read_text(encoding="utf-8"))
        return str(data["retrieved"]) if data["sha256"] == sha256 else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
