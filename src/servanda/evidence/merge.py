"""Merges: the decision of a person that records tell of one occurrence, with author and reason.

Nothing is merged without one.  An entry takes effect as `same_as` of the records that it names; a
later entry of the same records with `undone` takes it back.  The entries themselves are kept.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from servanda.evidence.read import Refused
from servanda.evidence.record import Record


@dataclass(frozen=True, slots=True)
class Merge:
    """One decision: which records, who decided, why, and when (as the author writes it)."""

    records: tuple[str, ...]
    author: str
    reason: str
    at: str
    undone: bool = False

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "records": list(self.records)}


def merge_of(row: Any) -> Merge:
    """An entry from its JSON form; raises ValueError with what is missing."""
    if not isinstance(row, dict):
        raise ValueError("a merge is a JSON object { … }")
    records = row.get("records")
    if not isinstance(records, list) or len({str(r) for r in records}) < 2:
        raise ValueError('a merge names two or more records: "records": ["a", "b"]')
    missing = [n for n in ("author", "reason", "at") if not str(row.get(n) or "").strip()]
    if missing:
        raise ValueError(f"a merge without {' and '.join(missing)}")
    return Merge(
        tuple(sorted({str(r) for r in records})),
        str(row["author"]),
        str(row["reason"]),
        str(row["at"]),
        row.get("undone") is True,
    )


def read_merges(text: str, name: str) -> tuple[tuple[Merge, ...], tuple[Refused, ...]]:
    """Entries from JSON Lines; what is none is kept apart with its line."""
    found, refused = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(merge_of(json.loads(line)))
            except (ValueError, RecursionError) as error:
                refused.append(Refused(name, number, str(error)))
    return tuple(found), tuple(refused)


def standing(merges: Iterable[Merge]) -> tuple[Merge, ...]:
    """The merges that were not taken back, each set of records once, by its latest entry."""
    latest = {merge.records: merge for merge in merges}
    return tuple(m for m in latest.values() if not m.undone)


def with_merges(records: Sequence[Record], merges: Iterable[Merge]) -> tuple[Record, ...]:
    """The records, each knowing with which others somebody merged it."""
    others: dict[str, set[str]] = defaultdict(set)
    for merge in standing(merges):
        for record in merge.records:
            others[record] |= set(merge.records) - {record}
    return tuple(_with(records, others))


def _with(records: Sequence[Record], others: dict[str, set[str]]) -> Iterator[Record]:
    for record in records:
        added = others.get(record.id, set()) - set(record.same_as)
        yield replace(record, same_as=(*record.same_as, *sorted(added))) if added else record
