"""What a ledger says about records: that a verifier checked them, that they are one occurrence.

A note counts from when the ledger took it in, as a record does from when it was reported.
"""

from collections.abc import Iterable
from dataclasses import dataclass

VERIFICATION = "verification"
MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a kind about records, by a registered verifier or officer of the ledger."""

    kind: str
    about: tuple[str, ...]
    by: str
    reported: int


def heard(notes: Iterable[Note], kind: str, known_at: int | None) -> tuple[Note, ...]:
    """Notes of a kind that were there by `known_at` (None: no limit)."""
    return tuple(
        n for n in notes if n.kind == kind and (known_at is None or n.reported <= known_at)
    )


def verified(notes: Iterable[Note], known_at: int | None) -> frozenset[str]:
    """Ids of the records that a registered verifier has verified."""
    return frozenset(i for note in heard(notes, VERIFICATION, known_at) for i in note.about)


def merged(notes: Iterable[Note], known_at: int | None) -> tuple[tuple[str, ...], ...]:
    """The groups of records that officers or verifiers have merged."""
    return tuple(note.about for note in heard(notes, MERGE, known_at))
