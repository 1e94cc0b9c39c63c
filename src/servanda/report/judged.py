"""How firmly each occurrence rests that bears on a commitment.

In: a question and the types of records that commitments are about.  Out: occurrences, the latest
first, each with the firmest that is said of it.  Of very many each is made when it is asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from servanda.engine.assess import unattributed
from servanda.engine.columns.entered import ManyEntered
from servanda.engine.columns.facts import ColumnWorld
from servanda.engine.entered import Entered
from servanda.engine.question import Question
from servanda.engine.readings import spreads
from servanda.evidence.occurrence import Occurrence, by_precision
from servanda.evidence.record import Record
from servanda.evidence.table import Ints, Mask
from servanda.model.record_type import RecordType

CLAIMED, ALLEGED, FOUND, DECIDED, NOBODY = "claimed", "alleged", "found", "decided", "nobody"
STATUSES = (CLAIMED, ALLEGED, FOUND, DECIDED, NOBODY)
FIRM = (ALLEGED, FOUND, DECIDED)  # the firmest last
NO_STATUS = -1
NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Judged:
    """`undetermined`: it lies in the band of a zone or line, so that its side is not known."""

    at: int
    status: str
    occurrence: Occurrence
    undetermined: bool


@dataclass(frozen=True)
class Judgements(Sequence[Judged]):
    """Occurrences, the latest first; `status` are places in STATUSES.

    `which` are numbers in the list that `of` holds.
    """

    at: Ints
    status: Ints
    undetermined: Mask
    which: Ints
    of: Sequence[Occurrence]

    def __len__(self) -> int:
        return len(self.at)

    @overload
    def __getitem__(self, index: int) -> Judged: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Judged]: ...
    def __getitem__(self, index: int | slice) -> Judged | Sequence[Judged]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        one = self.of[int(self.which[index])]
        status = STATUSES[int(self.status[index])]
        return Judged(int(self.at[index]), status, one, bool(self.undetermined[index]))


def judge(question: Question, types: Iterable[str]) -> Judgements:
    """Every occurrence that bears on a commitment, with how firmly it rests."""
    world = question.world
    said = _Said.of(question)
    of: list[Occurrence] | _Several
    if isinstance(world, ColumnWorld):
        names = [n for n in sorted(types) if n in world.groups.of_type]
        of = _Several([world.by_type[name] for name in names])
        marks = _marked(world, said)
        parts = [_in_columns(question, world, marks, name) for name in names]
    else:
        of = [one for name in sorted(types) for one in world.by_type.get(name, ())]
        parts = [_one_by_one(question, said, of)]
    parts.append((NONE, NONE, NONE.astype(bool), NONE))
    at, status, unsure, first = (np.concatenate(column) for column in zip(*parts, strict=True))
    there = np.flatnonzero(status != NO_STATUS)
    order = there[np.lexsort((first[there], -at[there]))]
    return Judgements(at[order], status[order], unsure[order], order, of)


@dataclass(frozen=True)
class _Said:
    """What is said of records, by their ids, or all at once by their rows."""

    entries: tuple[Entered, ...]  # of violations under the standard
    claimed: tuple[Entered, ...]
    nobody: Sequence[str]
    unsure: frozenset[str]

    @staticmethod
    def of(question: Question) -> "_Said":
        standard = question.inputs.standard
        asked = [n for n in question.agreement.norms.values() if question.inputs.asks_for(n)]
        return _Said(
            tuple(s.breaches for n in asked for s in spreads(question, n.id, standard).values()),
            tuple(
                spread.breaches
                for norm in question.agreement.norms
                for spread in spreads(question, norm, "any_claim").values()
            ),
            unattributed(question),
            frozenset(question.facts(standard).undetermined),
        )


Column = tuple[Ints, Ints, Mask, Ints]  # when, status, undetermined, order of ids


def _in_columns(question: Question, world: ColumnWorld, marks: "_Marks", name: str) -> Column:
    rows = world.rows(name)
    starts = np.flatnonzero(np.diff(rows.occurrence, prepend=-1))
    firm = np.maximum.reduceat(marks.firm[rows.rows], starts)
    nobody, claimed, unsure = (
        np.logical_or.reduceat(mask[rows.rows], starts)
        for mask in (marks.nobody, marks.claimed, marks.unsure)
    )
    declared = question.agreement.record_types[name]
    unnamed = np.zeros(len(starts), bool)
    if (actor := _required(declared)) is not None:
        silent = rows.per_shape(lambda r: not r.words(actor)).astype(bool)
        unnamed = np.logical_and.reduceat(silent, starts)
    status = np.full(len(starts), NO_STATUS)
    status[claimed | unnamed] = STATUSES.index(CLAIMED)
    status[nobody] = STATUSES.index(NOBODY)
    for number, basis in enumerate(FIRM, 1):
        status[firm == number] = STATUSES.index(basis)
    first = np.minimum.reduceat(rows.table.rank[rows.rows], starts)
    return rows.table.last[rows.rows[starts]], status, unsure, first


@dataclass(frozen=True)
class _Marks:
    """For each row of the table: how firm what rests on it is, from 1 on, and what else is said."""

    firm: Ints
    nobody: Mask
    claimed: Mask
    unsure: Mask


def _marked(world: ColumnWorld, said: _Said) -> _Marks:
    table = world.table.table

    def rows(ids: Iterable[str]) -> Ints:
        return np.fromiter(table.rows_of(ids).values(), np.int64)

    firm = np.zeros(len(table), np.int64)
    masks = np.zeros((3, len(table)), bool)
    for entered in said.entries:
        if isinstance(entered, ManyEntered):
            firm[entered.rows] = np.maximum(firm[entered.rows], 1)
            continue
        for number, basis in enumerate(FIRM, 1):
            resting = rows(i for b, _ in entered if b.basis == basis for i in b.ids)
            firm[resting] = np.maximum(firm[resting], number)
    masks[0, rows(said.nobody)] = True
    for entered in said.claimed:
        if isinstance(entered, ManyEntered):
            masks[1, entered.rows] = True
        else:
            masks[1, rows(i for b, _ in entered for i in b.ids)] = True
    masks[2, rows(said.unsure)] = True
    return _Marks(firm, *masks)


def _one_by_one(question: Question, said: _Said, of: Sequence[Occurrence]) -> Column:
    firm: dict[str, int] = {}
    for breach, _ in (entry for entered in said.entries for entry in entered):
        for identity in breach.ids:
            firm[identity] = max(firm.get(identity, 0), FIRM.index(breach.basis) + 1)
    nobody = frozenset(said.nobody)
    claimed = {i for entered in said.claimed for breach, _ in entered for i in breach.ids}
    order = {i: n for n, i in enumerate(sorted({min(one.ids) for one in of}))}
    status = np.full(len(of), NO_STATUS)
    for place, one in enumerate(of):
        ids = one.ids
        if firmest := max((firm.get(i, 0) for i in ids), default=0):
            status[place] = STATUSES.index(FIRM[firmest - 1])
        elif ids & nobody:
            status[place] = STATUSES.index(NOBODY)
        elif ids & claimed or _unnamed(question, one.type, one.records):
            status[place] = STATUSES.index(CLAIMED)
    return (
        np.array([_at(one) for one in of], np.int64),
        status,
        np.array([bool(one.ids & said.unsure) for one in of], bool),
        np.array([order[min(one.ids)] for one in of], np.int64),
    )


def _unnamed(question: Question, kind: str, records: Sequence[Record]) -> bool:
    """Whether it is an act of which no record names who did it."""
    actor = _required(question.agreement.record_types[kind])
    return actor is not None and not any(r.words(actor) for r in records)


def _required(declared: RecordType) -> str | None:
    """The argument that names whose act it is, where a record must have it."""
    actor = declared.arg(declared.actor) if declared.actor else None
    return actor.name if actor is not None and actor.required else None


def _at(one: Occurrence) -> int:
    dated = min(one.records, key=by_precision)
    assert dated.at is not None
    return dated.at.last


class _Several(Sequence[Occurrence]):
    """Several lists, one after another."""

    def __init__(self, parts: Sequence[Sequence[Occurrence]]) -> None:
        self._parts = parts
        self._ends = np.cumsum([len(part) for part in parts])

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, index: int) -> Occurrence: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Occurrence]: ...
    def __getitem__(self, index: int | slice) -> Occurrence | Sequence[Occurrence]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        part = int(np.searchsorted(self._ends, index, "right"))
        return self._parts[part][index - (int(self._ends[part - 1]) if part else 0)]
