"""What is released of a draft: its text and all that is shown beside it, as one digest.

In: an agreement with its folder.  Out: a SHA-256 that changes with anything that its pages show,
and not with how the text is laid out.
"""

from collections.abc import Iterator
from hashlib import sha256

from servanda.beside import inside
from servanda.beside.dated_layers import FILE as LAYERS
from servanda.beside.shapes import SHAPES
from servanda.language.print import print_agreement
from servanda.library import RECORD_SUFFIXES, Library

FOLDERS = ("courses", "records")


def digest_of(library: Library) -> str:
    """In hexadecimal; raises InputError for a file beside the text that leads out of its folder."""
    found = sha256()
    for name, data in _parts(library):
        for part in (name.encode(), data):
            found.update(len(part).to_bytes(8, "big"))
            found.update(part)
    return found.hexdigest()


def _parts(library: Library) -> Iterator[tuple[str, bytes]]:
    yield "", print_agreement(library.agreement).encode()
    if library.folder is None:
        return
    drawn = {str(z.source).partition("#")[0] for z in library.agreement.zones.values() if z.source}
    rows = {
        f"{folder}/{path.name}"
        for folder in FOLDERS
        for path in (library.folder / folder).glob("*")
        if path.suffix in RECORD_SUFFIXES
    }
    for name in sorted({*SHAPES, LAYERS, *drawn, *rows}):
        path = inside(library.folder, name)
        if path is not None:
            yield name, path.read_bytes()
