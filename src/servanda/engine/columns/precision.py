"""Which coarsely dated records could change a state, out of very many (see `day_precision`).

Placing a record early changes what a clause says within the record's own period alone, unless the
clause looks over time or opens a state.  So a record is tried only where its period meets a time at
which the clause could still bring something about.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from servanda.engine.axis import EARLIEST, LATEST
from servanda.engine.columns.evaluator import ColumnEvaluator
from servanda.engine.day_precision import Clause, bounds, inside_windows
from servanda.engine.history import Flags, History
from servanda.engine.run import Run
from servanda.engine.strata import start_of
from servanda.engine.walk import children, walk
from servanda.evidence.columns import Columns
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.evidence.table import Ints, Mask
from servanda.model import condition as c
from servanda.model.norm import Norm

Span = tuple[int, int]  # from the first to the last instant
ALWAYS: tuple[Span, ...] = ((EARLIEST, LATEST),)


def candidates(run: Run, clauses: Iterable[Clause]) -> list[Record]:
    """The coarse records that could change something, in the order of their dates."""
    evaluator = run.evaluator
    assert isinstance(evaluator, ColumnEvaluator)
    table = evaluator.column_facts.column_world.table
    found = np.zeros(len(table), bool)
    for norm, flag, cond in clauses:
        for rows in _of_clause(run, evaluator, run.agreement.norms[norm], flag, cond):
            found[rows] = True
    rows = np.flatnonzero(found & (table.first != table.last))
    order = np.lexsort((table.rank[rows], table.last[rows]))
    return [table.records[row] for row in rows[order].tolist()]


def _of_clause(
    run: Run, evaluator: ColumnEvaluator, norm: Norm, flag: str, cond: c.Condition
) -> Iterator[Ints]:
    role = Role.FULFILLING if flag else Role.OFFENDING
    facts = evaluator.column_facts
    table = facts.column_world.table
    windowed = inside_windows(cond, run)
    opening = _in_states(cond, run)
    nodes = list(walk(cond, run.agreement, run.assignment))
    matched: dict[int, tuple[Ints, Ints]] = {}
    for node in nodes:
        if isinstance(node, c.Pattern):
            ground = evaluator.ground(node, {})
            both = [facts.column(ground, r) for r in {role, Role.OFFENDING}]
            rows = np.unique(np.concatenate([f.rows.rows[f.counted] for f in both]))
            matched[id(node)] = rows, np.unique(np.concatenate([f.at for f in both]))
        elif isinstance(node, c.Consent):
            yield _of_types(evaluator, (*node.types, *node.withdrawn_by))
        elif isinstance(node, c.Measured | c.Outstanding):
            yield _of_types(evaluator, ("measure" if isinstance(node, c.Measured) else "tally",))
    shifts = (0, *sorted({w for n in nodes for w in bounds(n)}))
    for key, (rows, _) in matched.items():
        if key in windowed:
            others = [times for k, (_, times) in matched.items() if k != key]
            times = np.unique(np.concatenate([np.empty(0, np.int64), *others]))
            yield rows[_near(table, rows, times, shifts)]
        elif not flag:
            histories = run.histories(norm.id)
            yield rows[_near(table, rows, _changes(histories), (0,))]
        elif key in opening:
            yield rows
        else:
            yield rows[_meets(table, rows, _open_times(run, norm, flag, cond))]


def _of_types(evaluator: ColumnEvaluator, names: Iterable[str]) -> Ints:
    rows = [evaluator.column_facts.column_world.rows(name).rows for name in names]
    return np.concatenate([np.empty(0, np.int64), *rows])


def _near(table: Columns, rows: Ints, times: Ints, shifts: Iterable[int]) -> Mask:
    """Rows whose period, shifted, holds one of some instants."""
    found = np.zeros(len(rows), bool)
    for shift in shifts:
        low = np.searchsorted(times, table.first[rows] + shift, "left")
        found |= low < np.searchsorted(times, table.last[rows] + shift, "right")
    return found


def _meets(table: Columns, rows: Ints, spans: Iterable[Span]) -> Mask:
    found = np.zeros(len(rows), bool)
    for first, last in spans:
        found |= (table.first[rows] <= last) & (table.last[rows] >= first)
    return found


def _changes(histories: Iterable[History]) -> Ints:
    """When instances began, ended, were suspended or went on."""
    found = []
    for history in histories:
        earlier = (False, False, False)
        for at, flags in zip(history.times, history.flags, strict=True):
            now = (flags.begun, flags.suspended, flags.running)
            if now != earlier:
                found.append(at)
            earlier = now
    return np.unique(np.array(found, np.int64))


def _in_states(cond: c.Condition, run: Run) -> set[int]:
    """Patterns of acts that open or end a state, which changes when it ends."""
    found: set[int] = set()
    for node in walk(cond, run.agreement, run.assignment):
        if isinstance(node, c.Call) and node.name in run.agreement.states:
            below = walk(node, run.agreement, run.assignment)
            found |= {id(n) for n in below if isinstance(n, c.Pattern)}
        elif isinstance(node, c.InForce):
            for child in (*children(node), *_entry(run)):
                below = walk(child, run.agreement, run.assignment)
                found |= {id(n) for n in below if isinstance(n, c.Pattern)}
    return found


def _entry(run: Run) -> tuple[c.Condition, ...]:
    when = run.agreement.header.in_force_when
    return () if when is None else (when,)


def _open_times(run: Run, norm: Norm, flag: str, cond: c.Condition) -> tuple[Span, ...]:
    """When a clause could still bring about what it decides; always, where that is not known."""
    histories = run.histories(norm.id)
    if flag == "begun" and cond is start_of(norm).condition and not start_of(norm).each:
        return tuple((EARLIEST, _first(h, lambda f: f.begun)) for h in histories)
    once_for_all = {
        "expired": lambda f: f.expired,
        "terminated": lambda f: f.terminated,
        "released": lambda f: f.terminated,
        "fulfilled": lambda f: f.fulfilled or f.cured,
    }
    if flag not in once_for_all or start_of(norm).each:
        return ALWAYS
    if flag == "fulfilled" and (cond is not norm.condition or norm.every or norm.reopens_when):
        return ALWAYS
    ended = once_for_all[flag]
    return tuple((_first(h, lambda f: f.begun), _first(h, ended)) for h in histories)


def _first(history: History, holds: Callable[[Flags], bool]) -> int:
    """The first instant at which a state holds; LATEST where it never does."""
    pairs = zip(history.times, history.flags, strict=True)
    return next((at for at, flags in pairs if holds(flags)), LATEST)
