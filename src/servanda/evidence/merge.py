"""Merges: the decision of a person that records tell of one occurrence, with author and reason.

Nothing is merged without one.  An entry takes effect as `same_as` of the records that it names,
from the time that it gives; a later entry of the same records with `undone` takes it back.  The
entries themselves are kept.
"""

import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from servanda.evidence.instant import parse_period
from servanda.evidence.note import Note, merged
from servanda.evidence.occurrence import told_of_one
from servanda.evidence.record import Record
from servanda.evidence.refused import Refused
from servanda.evidence.view import known

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Merge:
    """One decision: which records, who decided, why, and when (as its author wrote it)."""

    records: tuple[str, ...]
    author: str
    reason: str
    at: str
    undone: bool = False

    @property
    def reported(self) -> int:
        """From when it counts; of a bare day the last instant, UTC."""
        return parse_period(self.at, _UTC).last

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
    parse_period(str(row["at"]), _UTC)
    return Merge(
        tuple(sorted({str(r) for r in records})),
        str(row["author"]),
        str(row["reason"]),
        str(row["at"]),
        row.get("undone") is True,
    )


def read_merges(
    text: str, name: str, ids: Container[str] | None = None
) -> tuple[tuple[Merge, ...], tuple[Refused, ...]]:
    """Entries from JSON Lines; what is none is kept apart with its line.

    With `ids` an entry about a record that is not among them is kept apart as well.
    """
    found, refused = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                merge = merge_of(json.loads(line))
                if missing := [i for i in merge.records if ids is not None and i not in ids]:
                    raise ValueError(f"there is no record {', '.join(missing)} to be merged")
                found.append(merge)
            except (ValueError, RecursionError) as error:
                refused.append(Refused(name, number, str(error)))
    return tuple(found), tuple(refused)


def standing(merges: Iterable[Merge], known_at: int | None = None) -> tuple[Merge, ...]:
    """The merges made by `known_at` and not taken back, each set of records by its latest entry."""
    heard = (m for m in merges if known_at is None or m.reported <= known_at)
    latest = {merge.records: merge for merge in heard}
    return tuple(m for m in latest.values() if not m.undone)


def with_merges(
    records: Sequence[Record], merges: Iterable[Merge], known_at: int | None = None
) -> Sequence[Record]:
    """The records, each knowing with which others somebody merged it."""
    return told_of_one(records, [m.records for m in standing(merges, known_at)])


def effective(
    records: Sequence[Record],
    known_at: int | None,
    merges: Iterable[Merge] = (),
    notes: Iterable[Note] = (),
    by_officer: frozenset[str] = frozenset(),
) -> Sequence[Record]:
    """What is known and not taken back, with all merges: what every use of records begins with."""
    heard = known(records, known_at, by_officer)
    groups = [m.records for m in standing(merges, known_at)]
    return told_of_one(heard, [*merged(notes, known_at), *groups])
