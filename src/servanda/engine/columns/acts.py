"""Acts in columns: which records make a condition true, and its guards (see `engine.acts`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from servanda.engine.acts import is_act
from servanda.engine.bindings import handed_on
from servanda.engine.columns import course as k
from servanda.engine.columns.fact_column import FactColumn
from servanda.engine.facts import Fact
from servanda.engine.reason import Env
from servanda.evidence.order import ordered
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints, Mask
from servanda.model import condition as c

if TYPE_CHECKING:
    from servanda.engine.columns.evaluator import ColumnEvaluator


@dataclass(frozen=True)
class Acting:
    """Acts of several types, each with what it binds."""

    parts: Sequence[FactColumn]

    @cached_property
    def at(self) -> Ints:
        """When the acts are, part after part."""
        return np.concatenate([k.NONE, *(p.at for p in self.parts)])

    @cached_property
    def merged(self) -> "Acts":
        """The acts in the order of their time, those of one occurrence with equal records once."""
        part = np.repeat(np.arange(len(self.parts)), [len(p) for p in self.parts])
        place = np.concatenate([k.NONE, *(np.arange(len(p)) for p in self.parts)])
        rank = np.concatenate([k.NONE, *(p.rank for p in self.parts)])
        order = ordered(rank, self.at)
        found = Acts(self.parts, self.at[order], part[order], place[order])
        return found.once() if len(self.parts) > 1 else found


@dataclass(frozen=True)
class Acts:
    """Acts in the order of their time, and of the ids of their records."""

    columns: Sequence[FactColumn]
    at: Ints
    column: Ints
    place: Ints

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, index: int) -> Fact:
        column: FactColumn = self.columns[int(self.column[index])]
        return column[int(self.place[index])]

    def __iter__(self) -> Iterator[Fact]:
        return (self[i] for i in range(len(self)))

    def take(self, places: Ints | Mask) -> "Acts":
        return Acts(self.columns, self.at[places], self.column[places], self.place[places])

    @cached_property
    def rank(self) -> Ints:
        """For each act the place of the first of its ids among all ids."""
        ranks = [column.rank for column in self.columns]
        found = np.empty(len(self), np.int64)
        for number, rank in enumerate(ranks):
            mine = self.column == number
            found[mine] = rank[self.place[mine]]
        return found

    def common(self, other: "Acts") -> Ints:
        """The places of acts that are among some others, with equal time and records."""
        places = np.flatnonzero(np.isin(self.at, other.at))
        theirs = np.flatnonzero(np.isin(other.at, self.at))
        both = Acts(
            (*self.columns, *other.columns),
            np.concatenate((self.at[places], other.at[theirs])),
            np.concatenate((self.column[places], other.column[theirs] + len(self.columns))),
            np.concatenate((self.place[places], other.place[theirs])),
        )
        number = both.identity
        return places[np.isin(number[: len(places)], number[len(places) :])]

    def once(self) -> "Acts":
        """The first of those with equal time and records."""
        same = np.flatnonzero(np.diff(self.at) == 0)
        if not len(same):
            return self
        kept = np.ones(len(self), bool)
        doubtful = np.unique(np.concatenate((same, same + 1)))
        _, first = np.unique(self.take(doubtful).identity, return_index=True)
        kept[doubtful] = False
        kept[doubtful[first]] = True
        return self if kept.all() else self.take(kept)

    @cached_property
    def identity(self) -> Ints:
        """A number for each act, equal for those with equal time and records."""
        sizes = np.zeros(len(self), np.int64)
        for number, column in enumerate(self.columns):
            mine = self.column == number
            sizes[mine] = np.diff(column.starts)[self.place[mine]]
        found = np.zeros(len(self), np.int64)
        total = 0
        for size in np.unique(sizes).tolist():
            some = np.flatnonzero(sizes == size)
            keys = [*self._records(some, size).T, self.at[some]]
            order = np.lexsort(keys)
            edge = np.zeros(len(some), bool)
            for key in keys:
                edge[1:] |= np.diff(key[order]) != 0
            found[some[order]] = np.cumsum(edge) + total
            total += len(some)
        return found

    @cached_property
    def rows_of_records(self) -> tuple[Ints, Ints]:
        """The rows of the table that acts rest on, and which act each belongs to, in order."""
        rows, acts = [k.NONE], [k.NONE]
        for number, column in enumerate(self.columns):
            mine = np.flatnonzero(self.column == number)
            begins = column.starts[self.place[mine]]
            sizes = column.starts[self.place[mine] + 1] - begins
            ends = np.cumsum(sizes)
            within = np.arange(int(sizes.sum())) - np.repeat(ends - sizes, sizes)
            rows.append(column.rows.rows[column.counted[np.repeat(begins, sizes) + within]])
            acts.append(np.repeat(mine, sizes))
        act = np.concatenate(acts)
        order = np.argsort(act, kind="stable")
        return np.concatenate(rows)[order], act[order]

    def _records(self, some: Ints, size: int) -> Ints:
        """The rows of the records of acts that rest on so many each."""
        found = np.empty((len(some), size), np.int64)
        for number, column in enumerate(self.columns):
            mine = np.flatnonzero(self.column[some] == number)
            begins = column.starts[self.place[some[mine]]]
            found[mine] = column.rows.rows[column.counted[begins[:, None] + np.arange(size)]]
        return found

    def digest(self) -> bytes:
        """Equal for acts of equal records in the same order."""
        found = blake2b(digest_size=16)
        for number, column in enumerate(self.columns):
            mine = np.flatnonzero(self.column == number)
            found.update(mine.tobytes())
            found.update(column.take(self.place[mine]).records_digest())
        return found.digest()


def acting(ev: "ColumnEvaluator", cond: c.Condition, env: Env, role: Role) -> Acting:
    match cond:
        case c.Pattern():
            return Acting([ev.column_facts.column(ev.ground(cond, env), role)])
        case c.Or(parts):
            return Acting([p for part in parts for p in ev.acting(part, env, role).parts])
        case c.And(parts):
            anchor = next((p for p in parts if is_act(ev, p)), None)
            if anchor is None:
                return Acting([])
            guards = [p for p in parts if p is not anchor]
            found = ev.acting(anchor, env, role).parts
            return Acting([_guarded(ev, part, guards, env, role) for part in found])
        case c.Some(_, body):
            return ev.acting(body, env, role)
        case c.Call(name) if name in ev.facts.world.agreement.definitions:
            defined = ev.facts.world.agreement.definitions[name]
            handed = handed_on(defined.parameters, cond, env)
            given = ev.arguments(defined.parameters, cond, env)
            inside = ev.acting(defined.condition, given, role).parts
            return Acting([part.renamed(handed) for part in inside])
        case c.TermHolds(term):
            return ev.acting(ev.term_condition(term), env, role)
        case _:
            return Acting([])


def _guarded(
    ev: "ColumnEvaluator", facts: FactColumn, guards: Sequence[c.Condition], env: Env, role: Role
) -> FactColumn:
    kept = np.ones(len(facts), bool)
    for number in np.unique(facts.binding):
        mine = np.flatnonzero(facts.binding == number)
        bound = {**env, **dict(facts.bindings[number])}
        for guard in guards:
            mine = mine if not len(mine) else mine[_guards(ev, guard, bound, facts.at[mine], role)]
        kept[facts.binding == number] = False
        kept[mine] = True
    return facts if kept.all() else facts.take(np.flatnonzero(kept))


def _guards(ev: "ColumnEvaluator", cond: c.Condition, env: Env, at: Ints, role: Role) -> Mask:
    """`acts.guard` at many instants."""
    match cond:
        case c.StateOf():
            return _state(ev, cond, env, at - 1, role)
        case c.KeptFor() | c.InForce() | c.Consent():
            return _at_each(ev, cond, env, at - 1, role)
        case c.TermHolds(term):
            return _guards(ev, ev.term_condition(term), env, at, role)
        case c.Not(body):
            return ~_guards(ev, body, env, at, role)
        case c.And(parts):
            every: Mask = np.logical_and.reduce([_guards(ev, p, env, at, role) for p in parts])
            return every
        case c.Or(parts):
            some: Mask = np.logical_or.reduce([_guards(ev, p, env, at, role) for p in parts])
            return some
        case _:
            return _at_each(ev, cond, env, at, role)


def _at_each(ev: "ColumnEvaluator", cond: c.Condition, env: Env, at: Ints, role: Role) -> Mask:
    if not ev.asks_states(cond):
        return ev.course_of(cond, env, role).at_each(at)
    return np.array([ev.holds(cond, env, int(t), role) for t in at], bool)


def _state(ev: "ColumnEvaluator", cond: c.StateOf, env: Env, at: Ints, role: Role) -> Mask:
    """The state of a norm that is worked out already, at many instants."""
    if not ev.states.settled(cond.norm):
        return _at_each(ev, cond, env, at, role)
    return state_course(ev, cond, env).at_each(at)


def state_course(ev: "ColumnEvaluator", cond: c.StateOf, env: Env) -> k.Course:
    keys = tuple(ev.key_of(key, env) for key in cond.keys)
    times = ev.states.changes(cond.norm, keys)
    truth = [ev.states.holds(cond, keys, t) for t in times]
    before = ev.states.holds(cond, keys, times[0] - 1 if times else 0)
    return k.steps(np.array(times, np.int64), np.array(truth, bool), before)
