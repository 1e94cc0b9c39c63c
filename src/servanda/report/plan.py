"""How a commitment is worked out: each condition, how much it looks at, how long it took.

In: a question and a commitment.  Out: plain data, one entry for each clause of its first instance,
with the parts of the condition from the outermost inwards.
"""

import time
from collections.abc import Iterator
from typing import Any

from servanda.engine.columns.evaluator import ColumnEvaluator
from servanda.engine.phrase import condition
from servanda.engine.question import Question
from servanda.engine.reason import Env
from servanda.engine.run import Run
from servanda.engine.strata import conditions
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.norm import Norm

DEPTH = 40  # parts within each other
_CLAUSES = {
    "begun": "from",
    "expired": "until",
    "terminated": "terminated when",
    "released": "released when",
    "suspended": "suspended while",
    "fulfilled": "achieve",
    "invoked": "trigger",
    "lapsed": "lapses when",
    "breached": "maintain, or a clock",
    "": "not, or may",
}


def planned(question: Question, norm: Norm) -> dict[str, Any]:
    """The plan under the readings that are fixed, and the first reading of every other term."""
    readings = {
        term: question.fixed.get(term, question.readings_of(term)[0])
        for term in question.closures[norm.id]
    }
    run = question.run(question.inputs.standard, readings)
    opened = time.perf_counter()
    len(run.facts.world.by_type)
    started = time.perf_counter()
    found = run.instances(norm.id)
    first = found[0]
    clauses = [
        {
            "clause": _CLAUSES[flag],
            "steps": list(_steps(run, cond, first.env, flag, 0)),
        }
        for flag, cond in conditions(norm)
    ]
    began = time.perf_counter()
    histories = run.histories(norm.id)
    return {
        "norm": norm.id,
        "instance": first.id,
        "instances": len(found),
        "standard": question.inputs.standard,
        "readings": readings,
        "records": len(question.view.records),
        "columns": run.columnar,
        "needs": sorted(question.strata.needs[norm.id]),
        "worked_out_with": [n for n in question.strata.component[norm.id] if n != norm.id],
        "clauses": clauses,
        "changes": sum(len(h.times) for h in histories),
        "entries": sum(len(h.breaches) for h in histories),
        "milliseconds": {
            "occurrences": _milliseconds(started - opened),
            "conditions": _milliseconds(began - started),
            "lifecycle": _milliseconds(time.perf_counter() - began),
        },
    }


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _steps(
    run: Run, cond: c.Condition, env: Env, flag: str, depth: int
) -> Iterator[dict[str, Any]]:
    """A condition and its parts; the parts are worked out first, so that times are its own."""
    inner = [
        step
        for part, part_env in (_parts(run, cond, env) if depth < DEPTH else ())
        for step in _steps(run, part, part_env, flag, depth + 1)
    ]
    yield {"depth": depth, "what": condition(cond, env), **_measured(run, cond, env, flag)}
    yield from inner


def _measured(run: Run, cond: c.Condition, env: Env, flag: str) -> dict[str, Any]:
    evaluator = run.evaluator
    role = Role.FULFILLING if flag else Role.OFFENDING
    found: dict[str, Any] = {}
    started = time.perf_counter()
    if isinstance(cond, c.Pattern):
        found["facts"] = len(run.facts.find(evaluator.ground(cond, env), role))
    if evaluator.asks_states(cond):
        found["asks"] = "states"
    elif isinstance(evaluator, ColumnEvaluator):
        known = len(run.facts.world.steps)
        course = evaluator.course_of(cond, env, role)
        found["flips"] = len(course.flips)
        if course.constant:
            found["always"] = course.before
        found["shared"] = len(run.facts.world.steps) == known and not course.constant
    found["milliseconds"] = _milliseconds(time.perf_counter() - started)
    return found


def _parts(run: Run, cond: c.Condition, env: Env) -> list[tuple[c.Condition, Env]]:
    """What a condition is worked out from, each with what its variables stand for."""
    evaluator, agreement = run.evaluator, run.agreement
    match cond:
        case c.And(parts) | c.Or(parts):
            return [(part, env) for part in parts]
        case c.Dyadic(left=left, right=right):
            return [(left, env), (right, env)]
        case c.TermHolds(term):
            return [(evaluator.term_condition(term), env)]
        case c.Call(name) if name in agreement.definitions:
            defined = agreement.definitions[name]
            return [(defined.condition, evaluator.arguments(defined.parameters, cond, env))]
        case c.Call(name):
            state = agreement.states[name]
            given = evaluator.arguments(state.parameters, cond, env)
            return [(p, given) for p in (state.begins, state.ends) if p is not None]
        case c.InForce():
            when = agreement.header.in_force_when
            return [] if when is None else [(when, {})]
        case (
            c.Not(body)
            | c.Temporal(body=body)
            | c.Lasting(body=body)
            | c.After(body=body)
            | c.Some(body=body)
            | c.Aggregate(body=body)
        ):
            return [(body, env)]
        case _:
            return []
