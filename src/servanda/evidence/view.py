"""What is known: the records known at one time and dated up to another, without what was withdrawn.

Rule 0 and rule 6 of the vocabulary: `withdraws` and `replaces` count only from the same speaker, or
from the source that transmitted the record, or from a ledger officer; withdrawing a withdrawal
revives.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from servanda.evidence.excerpt import Excerpt
from servanda.evidence.record import Record
from servanda.evidence.table import NO_INSTANT

PART = 8  # so small a part of a table is put in order by itself


@dataclass(frozen=True)
class View:
    """Effective records in the order of their dates, and the acknowledgements and disputes."""

    records: Sequence[Record]
    as_of: int
    known_at: int | None
    _made: dict[str, tuple[Record, ...]] = field(default_factory=dict, repr=False, compare=False)

    def of_type(self, record_type: str) -> Sequence[Record]:
        if not isinstance(self.records, Excerpt):
            return self._by_type.get(record_type, ())
        if record_type not in self._made:
            self._made[record_type] = tuple(self.records.of_type(record_type))
        return self._made[record_type]

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Record, ...]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self.records:
            found[record.type].append(record)
        return {name: tuple(records) for name, records in found.items()}


def known(
    records: Sequence[Record], known_at: int | None, by_officer: frozenset[str] = frozenset()
) -> Sequence[Record]:
    """Records reported by `known_at` (None: no limit) that nothing known withdraws or replaces.

    `by_officer` are ids of records that an officer of the ledger entered: they may take back any.
    """
    heard = heard_by(records, known_at)
    if isinstance(records, Excerpt) and isinstance(heard, Excerpt):
        # Of all that was ever asked for one is kept, and what is known now.
        slot, key = ("now" if known_at is None else "then"), (known_at, by_officer)
        kept = records.kept.get(slot)
        if kept is None or kept[0] != key:
            kept = records.kept[slot] = key, _standing(heard, by_officer)
        found: Excerpt = kept[1]
        return found
    taking = [Taking.of(r) for r in heard if r.withdraws or r.replaces]
    speakers = {r.id: (r.speaker, r.source) for r in heard}
    fallen = _fallen(_against(taking, speakers, by_officer))
    return tuple(r for r in heard if r.id not in fallen)


def _standing(heard: Excerpt, by_officer: frozenset[str]) -> Excerpt:
    """Those of the excerpt that nothing in it takes back."""
    table = heard.table
    speakers = [(s.speaker, s.source) for s in table.shapes]
    names = {row: (*n.withdraws, *n.replaces) for row, n in table.named.items()}
    rows = [row for row, targets in names.items() if targets and heard.place[row] >= 0]
    ids = table.ids[rows].to_list()
    shapes = table.shape[rows].tolist()
    taking = [
        Taking(identity, speakers[shape][0], names[row])
        for row, identity, shape in zip(rows, ids, shapes, strict=True)
    ]
    found = table.rows_of(target for one in taking for target in one.targets)
    about = {i: speakers[table.shape[row]] for i, row in found.items() if heard.place[row] >= 0}
    fallen = _fallen(_against(taking, about, by_officer))
    return heard.without(found[i] for i in fallen)


class Taking(NamedTuple):
    """A record that withdraws or replaces others."""

    id: str
    speaker: str
    targets: tuple[str, ...]

    @staticmethod
    def of(record: Record) -> "Taking":
        return Taking(record.id, record.speaker, (*record.withdraws, *record.replaces))


def heard_by(records: Sequence[Record], known_at: int | None) -> Sequence[Record]:
    """Those that were reported by then (None: no limit)."""
    if known_at is None:
        return records
    if isinstance(records, Excerpt):
        return records.where(records.table.reported[records.rows] <= known_at)
    return tuple(r for r in records if r.reported <= known_at)


def _against(
    taking: Iterable[Taking], speakers: Mapping[str, tuple[str, str]], by_officer: frozenset[str]
) -> Mapping[str, list[str]]:
    """The records that withdraw or replace each record, and may; all by their ids.

    `speakers` are the speaker and the source of the records that can be taken back.
    """
    against: dict[str, list[str]] = defaultdict(list)
    for record in taking:
        for target in record.targets:
            if target not in speakers or target == record.id:
                continue
            if record.id in by_officer or record.speaker in speakers[target]:
                against[target].append(record.id)
    return against


def _fallen(against: Mapping[str, list[str]]) -> frozenset[str]:
    """Ids that something standing is against; a circle of mutual withdrawals stands as it is."""
    # Whatever a record is against that nothing is against falls; only the others are a question.
    plain = (t for t, takers in against.items() if against.keys().isdisjoint(takers))
    stands: dict[str, bool] = dict.fromkeys(plain, False)
    for start in [t for t in against if t not in stands]:
        path = [start]
        on_path = {start}
        while path:
            current = path[-1]
            waiting = [i for i in against.get(current, ()) if i not in stands and i not in on_path]
            if current not in stands and waiting:
                path.append(waiting[0])
                on_path.add(waiting[0])
                continue
            stands.setdefault(
                current, not any(stands.get(i, False) for i in against.get(current, ()))
            )
            on_path.discard(path.pop())
    return frozenset(i for i, standing in stands.items() if not standing)


def latest(records: Iterable[Record]) -> int | None:
    """The latest `at` among records; None where there is none."""
    if isinstance(records, Excerpt):
        last = int(records.table.last[records.rows].max(initial=NO_INSTANT))
        return None if last == NO_INSTANT else last
    return max((r.at.last for r in records if r.at is not None), default=None)


def view(records: Sequence[Record], as_of: int, known_at: int | None) -> View:
    """The records that may be used for an assessment as of an instant."""
    if isinstance(records, Excerpt):
        table = records.table
        if len(records) * PART < len(table):
            last = table.last[records.rows]
            rows = records.rows[(last != NO_INSTANT) & (last <= as_of)]
            rows = rows[np.lexsort((table.rank[rows], table.last[rows]))]
        else:
            until = np.searchsorted(table.last[table.by_date], as_of, "right")
            rows = table.by_date[:until]
            rows = rows[records.place[rows] >= 0]
        return View(Excerpt(table, rows), as_of, known_at)
    dated = [r for r in records if r.at is not None and r.at.last <= as_of]
    dated.sort(key=lambda r: (r.at.last if r.at else 0, r.id))
    return View(tuple(dated), as_of, known_at)
