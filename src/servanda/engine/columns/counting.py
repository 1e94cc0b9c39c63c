"""Which records count under a standard, asked once for each choir of voices.

Whether records that vouch for the same thing count depends on who speaks, not on what the records
are, as long as none rests on another, is acknowledged, verified or found.  Each combination of
voices is put to the standard once; records of which there is more to know are put to it themselves.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from servanda.engine.columns.rows import Rows
from servanda.engine.facts import Facts
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints, Mask
from servanda.evidence.weighing import counting
from servanda.model.record_type import RecordType

MANY_VOICES = 6  # more of them than this are looked at one choir at a time


@dataclass(frozen=True, slots=True)
class Groups:
    """Records that vouch for the same thing: `rows[starts[i]:starts[i + 1]]`, places in `Rows`."""

    rows: Ints
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> Ints:
        return np.diff(self.starts)


def counted(facts: Facts, rows: Rows, groups: Groups, role: Role, accused: bool = True) -> Mask:
    """For each of the rows in the groups whether it counts; `accused`: the first names whose act
    it is.
    """
    found = np.zeros(len(groups.rows), bool)
    if not len(groups):
        return found
    special = _special(facts, rows, groups.rows)
    alone = np.logical_or.reduceat(special, groups.starts[:-1])
    voices, known = _voices(facts, rows)
    voice = voices[groups.rows]
    sizes = groups.sizes
    for size in np.unique(sizes):
        mine = np.flatnonzero((sizes == size) & ~alone)
        if not len(mine):
            continue
        places = groups.starts[mine][:, None] + np.arange(size)
        for some, answer in _once_each(
            facts, rows, groups, places, voice[places], known, role, accused
        ):
            found[places[some]] = answer
    for group in np.flatnonzero(alone):
        span = slice(groups.starts[group], groups.starts[group + 1])
        found[span] = _ask(facts, rows, groups.rows[span], role, accused)
    return found


def _once_each(
    facts: Facts,
    rows: Rows,
    groups: Groups,
    places: Ints,
    voice: Ints,
    known: Sequence[Hashable],
    role: Role,
    accused: bool,
) -> Iterator[tuple[Ints, Mask]]:
    """The groups of one size by the combination of voices, and what the standard says to one."""
    size, count = voice.shape[1], len(known)
    if size <= MANY_VOICES and size * max(count, 2).bit_length() < 62:
        packed = voice[:, 0].copy()
        for column in range(1, size):
            packed = packed * count + voice[:, column]
        _, examples, which = np.unique(packed, return_index=True, return_inverse=True)
    else:
        _, examples, which = np.unique(voice, axis=0, return_index=True, return_inverse=True)
        which = which.reshape(-1)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which))
    for number, example in enumerate(examples):
        begin = 0 if number == 0 else ends[number - 1]
        choir = (role, accused, *(known[v] for v in voice[example].tolist()))
        if choir not in facts.choirs:
            some = groups.rows[places[example]]
            facts.choirs[choir] = _ask(facts, rows, some, role, accused)
        yield order[begin : ends[number]], facts.choirs[choir]


def _ask(facts: Facts, rows: Rows, some: Ints, role: Role, accused: bool) -> Mask:
    """The standard itself."""
    records = [rows.table.records[rows.rows[place]] for place in some]
    record_type = facts.world.agreement.record_types[records[0].type]
    whose = records[0].word(record_type.actor) if record_type.actor and accused else None
    told = counting(records, facts.standard, role, whose, facts.evidence)
    ids = {r.id for r in told}
    return np.array([r.id in ids for r in records], bool)


def _special(facts: Facts, rows: Rows, places: Ints) -> Mask:
    """Records of which more is known than who speaks."""
    evidence = facts.evidence
    asked = rows.rows[places]
    found = ~rows.table.unnamed[asked]
    known = {*evidence.acknowledged, *evidence.vouching, *evidence.verified}
    if known:
        marked = np.fromiter(rows.table.table.rows_of(known).values(), np.int64)
        found = found | np.isin(asked, marked)
    return found


def _voices(facts: Facts, rows: Rows) -> tuple[Ints, Sequence[Hashable]]:
    """The number of the voice of each row, and the voices: who speaks, of which status, on whose
    act.
    """
    types = facts.world.agreement.record_types
    return rows.kept("voices", lambda r: _voice(r, types[r.type]))


def _voice(record: Record, record_type: RecordType) -> tuple[object, ...]:
    on_act = [record.words(a) for a in (record_type.actor, record_type.declared_by) if a]
    accused = record.word(record_type.actor) if record_type.actor else None
    return (
        record.type,
        record.source,
        record.claimed_by,
        record.status,
        record.observed_how,
        accused,
        *on_act,
    )
