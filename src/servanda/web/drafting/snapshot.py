"""A draft as it was when the server started: a copy that nothing changes any more, and its digest.

In: where a draft lies.  Out: the agreement, read from a copy of its text and of all that is shown
beside it, and one SHA-256 of these files.  What is released is what is read: a file that changes
later is neither shown nor covered by a release until the server is started again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from servanda.beside import inside
from servanda.beside.dated_layers import FILE as LAYERS
from servanda.beside.shapes import SHAPES
from servanda.library import RECORD_SUFFIXES, Library, find, load

FOLDERS = ("courses", "records")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`digest` is in hexadecimal."""

    library: Library
    digest: str


def taken(name: str | Path, into: Path) -> Snapshot:
    """Copy a draft into an empty folder and read it there; raises InputError."""
    path = find(name)
    contents = list(_contents(path, load(path)))
    for file, data in contents:
        copy = into / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(data)
    copied = load(into if path.is_dir() else into / path.name)
    return Snapshot(copied, _digest(contents))


def digest_of(name: str | Path, library: Library) -> str:
    """That of an agreement's text and of all that is shown beside it, as they lie there now."""
    return _digest(_contents(find(name), library))


def _digest(contents: Iterable[tuple[str, bytes]]) -> str:
    digest = sha256()
    for file, data in contents:
        for part in (file.encode(), data):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


def _contents(path: Path, library: Library) -> Iterator[tuple[str, bytes]]:
    home = path if path.is_dir() else path.parent
    for file in sorted(set(_files(library, home))):
        found = inside(home, file)
        if found is not None:
            yield file, found.read_bytes()


def _files(library: Library, home: Path) -> Iterator[str]:
    """The text with what it includes, and all that is shown beside it."""
    yield from library.loaded.files
    yield from (*SHAPES, LAYERS)
    for zone in library.agreement.zones.values():
        if zone.source is not None:
            yield zone.source.partition("#")[0]
    for folder in FOLDERS:
        for path in (home / folder).glob("*"):
            if path.suffix in RECORD_SUFFIXES:
                yield f"{folder}/{path.name}"
