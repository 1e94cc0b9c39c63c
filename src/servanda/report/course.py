"""Hypothetical courses of events, and the same with the roles of two parties swapped.

A course is a file of records in the folder `courses` of an agreement.  It is never evidence: what
is said of it is HYPOTHETICAL, and it is kept apart from the records that come with an agreement.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from servanda.asking import assess
from servanda.evidence.mirror import mirrored, swap
from servanda.evidence.read import Records
from servanda.library import InputError, Library

FOLDER = "courses"


def courses(library: Library) -> tuple[Path, ...]:
    """The courses that come with an agreement."""
    folder = library.folder
    return () if folder is None else tuple(sorted((folder / FOLDER).glob("*.jsonl")))


def sides(library: Library) -> tuple[str, str]:
    """The first two parties of an agreement that are sides: those whose roles are swapped."""
    found = [a.id for a in library.agreement.actors.values() if a.is_side]
    if len(found) < 2:
        raise InputError(f"{library.agreement.id} has no two sides whose roles could be swapped")
    return found[0], found[1]


def both_ways(library: Library, path: Path, as_of: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The assessment of a course as told, and with the roles of the two sides swapped."""
    read = library.read([path])
    if read.refused:
        first = read.refused[0]
        raise InputError(f"{path.name}:{first.line}: {first.reason}")
    other = Records(mirrored(read.records, swap(*sides(library))), ())
    return assess(library, read, as_of=as_of), assess(library, other, as_of=as_of)


def states(result: Mapping[str, Any], provision: Mapping[str, Any]) -> dict[str, list[str]]:
    """The instances of a provision's commitments by state, in the order of the text."""
    norms = {n["id"]: n for n in result["norms"]}
    found: dict[str, list[str]] = {}
    for identity in provision["norms"]:
        found.setdefault(norms[identity]["state"], []).append(identity)
    return found
