"""Which records count under a standard, asked once for each choir of voices.

Whether records that vouch for the same thing count depends on who speaks, not on what the records
are, as long as none rests on another, is acknowledged, verified or found.  Each combination of
voices is put to the standard once; records of which there is more to know are put to it themselves.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from servanda.engine.columns.rows import Rows
from servanda.engine.facts import Facts
from servanda.evidence.record import Record
from servanda.evidence.standard import Evidence, Role
from servanda.evidence.table import Ints, Mask
from servanda.evidence.weighing import counting
from servanda.model.record_type import RecordType

VOICES = "voices"
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
        found[places] = _each_choir(facts, rows, voice[places], known, role, accused)
    for group in np.flatnonzero(alone):
        span = slice(groups.starts[group], groups.starts[group + 1])
        records = [rows.table.records[rows.rows[place]] for place in groups.rows[span]]
        found[span] = _ask(facts, records, role, accused)
    return found


def _each_choir(
    facts: Facts,
    rows: Rows,
    voice: Ints,
    known: Sequence[Hashable],
    role: Role,
    accused: bool,
) -> Mask:
    """For each row of the groups of one size what the standard says to their voices."""
    size, count = voice.shape[1], len(known)
    if size <= MANY_VOICES and size * max(count, 2).bit_length() < 62:
        packed = voice[:, 0].copy()
        for column in range(1, size):
            packed = packed * count + voice[:, column]
        examples, which = _distinct(packed, count**size)
    else:
        _, examples, which = np.unique(voice, axis=0, return_index=True, return_inverse=True)
        which = which.reshape(-1)
    answers = np.empty((len(examples), size), bool)
    for number, voices in enumerate(voice[examples].tolist()):
        choir = (role, accused, *(known[v] for v in voices))
        if choir not in facts.choirs:
            facts.choirs[choir] = _ask(facts, _speaking(rows, voices), role, accused)
        answers[number] = facts.choirs[choir]
    told: Mask = answers[which]
    return told


def _distinct(codes: Ints, most: int) -> tuple[Ints, Ints]:
    """One place of each code that occurs, and which of these each has; codes are below `most`."""
    if most > max(len(codes), 1 << 12):
        _, examples, which = np.unique(codes, return_index=True, return_inverse=True)
        return examples, which
    place = np.full(most, -1, np.int64)
    place[codes] = np.arange(len(codes))
    occurring = np.flatnonzero(place >= 0)
    examples = place[occurring]
    place[occurring] = np.arange(len(occurring))
    return examples, place[codes]


def remembered(kept: dict[Any, Any], standard: str, evidence: Evidence) -> dict[object, Any]:
    """What the standard said to choirs of voices in an earlier question of the same records.

    It does not depend on the view; choirs that say more than who they are do not come here.
    """
    key = "choirs", standard, evidence.trust_status
    same = evidence.types, evidence.speakers, evidence.own
    if key not in kept or kept[key][0] != same:
        kept[key] = same, {}
    choirs: dict[object, Any] = kept[key][1]
    return choirs


def _speaking(rows: Rows, voices: Sequence[int]) -> list[Record]:
    """Records with some voices, each under an id of its own; the same for the next choir."""
    found, seen = [], Counter[int]()
    for voice in voices:
        seen[voice] += 1
        found.append(rows.spoken(VOICES, voice, seen[voice]))
    return found


def _ask(facts: Facts, records: Sequence[Record], role: Role, accused: bool) -> Mask:
    """The standard itself."""
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
    return rows.kept(VOICES, lambda r: _voice(r, types[r.type]))


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
