"""Whether the day, hour or month that a record names is too coarse to settle a state (rule 1).

Every record of a period is evaluated at the period's last microsecond.  Here each is placed at its
first instant instead, alone and all together; a norm is marked when a state, a due instant or a
breach would change.  Only records that could change something are tried: an act that offends
matters only where the norm's own course changes within its period.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from servanda.engine.facts import Fact
from servanda.engine.history import Flags, History
from servanda.engine.question import Question
from servanda.engine.readings import Case, Spread
from servanda.engine.run import Run
from servanda.engine.strata import conditions, start_of
from servanda.engine.walk import children, walk
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.norm import Norm, NormKind

# States of a guarantee that wait for its decider.
_DECIDED = ("lapsed", "invoked")
EXISTS = "exists"
_WINDOWED = (c.Temporal, c.Dyadic, c.Lasting, c.Aggregate, c.After, c.KeptFor)


def matters(question: Question, norm: str, spread: Spread) -> bool:
    """Whether the precision of a record changes what is shown of an instance."""
    if not question.coarse:
        return False
    seen: set[int] = set()
    for case in spread.allowed:
        if case.history is None or id(case.history) in seen:
            continue
        seen.add(id(case.history))
        run = question.run(question.inputs.standard, case.assignment)
        tried = _candidates(question, run, norm)
        if not tried:
            continue
        as_it_stands = _essence(case)
        for moved in _placements(tried):
            early = question.placed_early(moved)
            histories = early.histories(norm, question.inputs.standard, case.assignment)
            placed = Case(case.assignment, histories.get(spread.instance), case.allowed)
            if _essence(placed) != as_it_stands:
                return True
    return False


def _placements(tried: list[Record]) -> Iterator[frozenset[str]]:
    if len(tried) > 1:
        yield frozenset(r.id for r in tried)
    for record in tried:
        yield frozenset({record.id})


def _essence(case: Case) -> tuple[object, ...]:
    """State, due and breaches; a breach that only moves is no change."""
    entries = case.history.which_entered() if case.history is not None else ()
    return (case.state, case.due, entries)


def _candidates(question: Question, run: Run, norm: str) -> list[Record]:
    """Coarse records that could change something for this norm."""
    reached = needed(run, norm)
    if run.columnar:
        from servanda.engine.columns.precision import candidates

        return candidates(run, clauses(question, run, reached))
    uses = list(_uses(question, run, reached))
    return [r for r in question.coarse if any(_may_change(r, use, run) for use in uses)]


def needed(run: Run, norm: str) -> tuple[str, ...]:
    reached = {norm: None}
    pending = [norm]
    while pending:
        current = pending.pop()
        declared = run.agreement.norms[current]
        if _idle(declared, run) and not run.evaluator.asks_states(start_of(declared).condition):
            continue
        for needed in run.strata.needs[current]:
            if needed not in reached:
                reached[needed] = None
                pending.append(needed)
    return tuple(reached)


@dataclass(frozen=True)
class Use:
    """One pattern in one norm: what for, the records that match, and what to compare them with."""

    norm: str
    offence: bool
    matching: frozenset[str]
    others: tuple[int, ...] | None
    windows: tuple[int, ...]


Clause = tuple[str, str, c.Condition]  # norm, the flag that it decides, condition


def clauses(question: Question, run: Run, norms: Iterable[str]) -> Iterator[Clause]:
    """The clauses of norms that could be met earlier or later."""
    agreement = question.agreement
    for name in norms:
        norm = agreement.norms[name]
        idle = _idle(norm, run)
        found = [(f, cond) for f, cond in conditions(norm) if not (idle and f in _DECIDED)]
        found += [(EXISTS, f.where) for f in norm.for_each if f.where is not None]
        for source in agreement.norms.values():
            found += [
                ("released" if q.verb == "terminates" else q.verb, q.condition)
                for q in source.effects
                if q.target.norm == name
                and q.condition is not None
                and not (idle and q.verb == "lapses")
            ]
        for flag, cond in found:
            yield name, flag, cond


def _uses(question: Question, run: Run, norms: Iterable[str]) -> Iterator[Use]:
    for name, flag, cond in clauses(question, run, norms):
        yield from _uses_in(question.agreement.norms[name], flag, cond, run)


def _idle(norm: Norm, run: Run) -> bool:
    """A guarantee that nobody decides on: no trigger changes its state (rule 8)."""
    undecided = norm.id not in run.settings.deciders and not isinstance(norm.decided_by, str)
    return norm.kind is NormKind.GUARANTEE and undecided


def _uses_in(norm: Norm, flag: str, cond: c.Condition, run: Run) -> Iterator[Use]:
    agreement = run.agreement
    role = Role.FULFILLING if flag else Role.OFFENDING
    windowed = inside_windows(cond, run)
    nodes = list(walk(cond, agreement, run.assignment))
    matched: dict[int, tuple[Fact, ...]] = {}
    for node in nodes:
        if isinstance(node, c.Pattern):
            ground = run.evaluator.ground(node, {})
            both = (*run.facts.find(ground, role), *run.facts.find(ground, Role.OFFENDING))
            matched[id(node)] = both
        elif isinstance(node, c.Consent):
            types = {*node.types, *node.withdrawn_by}
            view = run.facts.world.view
            ids = frozenset(r.id for name in types for r in view.of_type(name))
            yield Use(norm.id, False, ids, None, ())
        elif isinstance(node, c.Measured | c.Outstanding):
            kind = "measure" if isinstance(node, c.Measured) else "tally"
            ids = frozenset(r.id for r in run.facts.world.view.of_type(kind))
            yield Use(norm.id, False, ids, None, ())
    windows = tuple(sorted({w for n in nodes for w in bounds(n)}))
    for key, facts in matched.items():
        ids = frozenset(i for f in facts for i in f.ids)
        if key in windowed:
            others = tuple(f.at for k, group in matched.items() if k != key for f in group)
            yield Use(norm.id, not flag, ids, others, windows)
        else:
            yield Use(norm.id, not flag, ids, None, ())


def inside_windows(cond: c.Condition, run: Run) -> set[int]:
    """Patterns below an operator that looks over time."""
    found: set[int] = set()
    for node in walk(cond, run.agreement, run.assignment):
        if isinstance(node, _WINDOWED):
            for child in children(node):
                found |= {
                    id(n)
                    for n in walk(child, run.agreement, run.assignment)
                    if isinstance(n, c.Pattern)
                }
    return found


def bounds(node: c.Condition) -> tuple[int, ...]:
    match node:
        case c.Temporal(_, window, _) | c.Dyadic(_, window, _, _) if window is not None:
            return tuple(b for b in window.ticks if b is not None)
        case c.Lasting(duration, _) | c.KeptFor(_, _, duration):
            return (duration.ticks,)
        case c.Aggregate(window=duration) if duration is not None:
            return (duration.ticks,)
        case _:
            return ()


def _may_change(record: Record, use: Use, run: Run) -> bool:
    if record.id not in use.matching:
        return False
    assert record.at is not None
    first, last = record.at.first, record.at.last
    if use.others is not None:
        shifts = (0, *use.windows)
        return any(first + s <= t <= last + s for t in use.others for s in shifts)
    if use.offence:
        return any(
            (earlier.begun, earlier.suspended, earlier.running)
            != (flags.begun, flags.suspended, flags.running)
            for history in run.histories(use.norm)
            for at, earlier, flags in _steps(history)
            if first <= at <= last
        )
    return True


def _steps(history: History) -> Iterator[tuple[int, Flags, Flags]]:
    earlier = Flags()
    for at, flags in zip(history.times, history.flags, strict=True):
        yield at, earlier, flags
        earlier = flags
