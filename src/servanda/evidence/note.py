"""What a ledger says about records: that a verifier checked them, that they are one occurrence.

A note counts from when the ledger took it in, as a record does from when it was reported.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from servanda.evidence.record import Record

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


def merged(
    records: tuple[Record, ...], notes: Iterable[Note], known_at: int | None
) -> tuple[Record, ...]:
    """The records with those that were merged named as the same occurrence."""
    others: dict[str, tuple[str, ...]] = {}
    for note in heard(notes, MERGE, known_at):
        for one in note.about:
            named = (*others.get(one, ()), *(i for i in note.about if i != one))
            others[one] = tuple(dict.fromkeys(named))
    if not others:
        return records
    return tuple(
        replace(r, same_as=tuple(dict.fromkeys((*r.same_as, *others[r.id]))))
        if r.id in others
        else r
        for r in records
    )
