"""Effects of guarantees: in force, invoked, lapsed; what is alleged and would follow (rules 8, 9).

`invoked` and `lapsed` need a decision by the decider that the text names.  Where it names none, the
conditions are shown with what would follow if they acted by themselves.
"""

from collections.abc import Mapping
from typing import Any

from servanda.engine.history import Condition, History
from servanda.engine.question import Question
from servanda.engine.readings import DEPENDS, Spread, agreed, spreads
from servanda.engine.slot import AUTOMATIC
from servanda.evidence.instant import iso
from servanda.model.norm import NormKind
from servanda.model.unspecified import Unspecified


def effects(
    question: Question, spread: Mapping[str, Mapping[str, Spread]], compared: bool
) -> list[dict[str, Any]]:
    """One entry for each guarantee of the agreement; `compared` with other evidence standards."""
    return [
        _effect(question, spread, one, compared)
        for norm in question.agreement.norms.values()
        if norm.kind is NormKind.GUARANTEE and question.inputs.asks_for(norm)
        for one in spread[norm.id].values()
    ]


def effect_state(history: History | None) -> str:
    """The state of a guarantee in one history, as it stands at the end of it."""
    flags = history.flags[-1] if history is not None and history.flags else None
    if flags is None or not flags.begun:
        return "not_in_force"
    if flags.lapsed:
        return "lapsed"
    return "invoked" if flags.invoked else "in_force"


def _effect(
    question: Question, spread: Mapping[str, Mapping[str, Spread]], one: Spread, compared: bool
) -> dict[str, Any]:
    fixed = question.fixed
    states = {effect_state(case.history) for case in one.allowed}
    found: dict[str, Any] = {"id": one.instance, "state": agreed(states) or DEPENDS}
    for name in ("trigger", "forfeiture"):
        found[name] = _condition([getattr(case.history, name, Condition()) for case in one.allowed])
        by_term = _by_term(one, name, fixed)
        if by_term:
            found[name]["by_reading"] = by_term
    found["would_follow"] = _would_follow(question, spread, one)
    found["depends_on"] = {
        "readings": {
            term: _states(one, term, fixed) for term in one.terms if _matters(one, term, fixed)
        }
    }
    if compared:
        found["depends_on"]["standards"] = {s: _under(question, one, s) for s in question.standards}
    return found


def _condition(conditions: list[Condition]) -> dict[str, Any]:
    """One condition over several readings: its state where they agree, records of all."""
    states = {one.state for one in conditions}
    since = {one.since for one in conditions if one.state != "none"}
    held = [one for one in conditions if one.state != "none"]
    found: dict[str, Any] = {
        "state": agreed(states) or DEPENDS,
        "since": iso(since.pop()) if len(since) == 1 and None not in since else None,  # type: ignore[arg-type]
        "records": sorted({r for one in held for r in one.records}),
    }
    via = {one.via for one in held}
    if len(via) == 1 and None not in via:
        found["via"] = via.pop()
    return found


def _sign(history: History | None) -> tuple[object, ...]:
    if history is None:
        return ()
    return (
        effect_state(history),
        history.shown(),
        tuple((t, f.invoked, f.lapsed) for t, f in zip(history.times, history.flags, strict=True)),
        history.trigger,
        history.forfeiture,
    )


def _matters(one: Spread, term: str, fixed: Mapping[str, str]) -> bool:
    seen: dict[tuple[tuple[str, str], ...], tuple[object, ...]] = {}
    for case in one.cases:
        others = tuple((t, r) for t, r in case.assignment.items() if t != term)
        if any(fixed.get(t, r) != r for t, r in others):
            continue
        if seen.setdefault(others, _sign(case.history)) != _sign(case.history):
            return True
    return False


def _states(one: Spread, term: str, fixed: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for case in one.cases:
        if all(fixed.get(t, r) == r for t, r in case.assignment.items() if t != term):
            found.setdefault(case.assignment[term], set()).add(effect_state(case.history))
    return {reading: agreed(states) or DEPENDS for reading, states in found.items()}


def _by_term(one: Spread, name: str, fixed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """For each term that changes a trigger or forfeiture alone: its state by reading."""
    found: dict[str, dict[str, str]] = {}
    for term in one.terms:
        seen: dict[tuple[tuple[str, str], ...], str] = {}
        matters = False
        states: dict[str, set[str]] = {}
        for case in one.cases:
            others = tuple((t, r) for t, r in case.assignment.items() if t != term)
            if any(fixed.get(t, r) != r for t, r in others):
                continue
            state = getattr(case.history, name, Condition()).state
            states.setdefault(case.assignment[term], set()).add(state)
            matters |= seen.setdefault(others, state) != state
        if matters:
            found[term] = {r: agreed(s) or DEPENDS for r, s in states.items()}
    return found


def _under(question: Question, one: Spread, standard: str) -> str:
    norm = one.instance.split("[")[0]
    other = spreads(question, norm, standard).get(one.instance)
    if other is None:
        return "not_in_force"
    return agreed({effect_state(case.history) for case in other.allowed}) or DEPENDS


def _would_follow(
    question: Question, spread: Mapping[str, Mapping[str, Spread]], one: Spread
) -> list[str]:
    """Instances whose state would change if the conditions acted at once, where nobody decides."""
    norm = question.agreement.norms[one.instance.split("[")[0]]
    undecided = isinstance(norm.decided_by, Unspecified) or norm.decided_by is None
    if not undecided or norm.id in question.assumptions.deciders:
        return []
    pending = any(
        condition.state != "none"
        for history in one.histories
        for condition in (history.trigger, history.forfeiture)
    )
    if not pending:
        return []
    acting = question.assuming(f"{norm.id}.decided_by={AUTOMATIC}")
    found: list[str] = []
    for other in question.agreement.norms:
        if other != norm.id and norm.id not in _reached(question, other):
            continue
        before = spread[other]
        for instance, after in spreads(acting, other, question.inputs.standard).items():
            if all(h.instance.vacant for h in after.histories):
                continue
            earlier = before.get(instance)
            if earlier is None or [c.state for c in earlier.cases] != [
                c.state for c in after.cases
            ]:
                found.append(instance)
    return found


def _reached(question: Question, norm: str) -> set[str]:
    """All norms that a norm needs, through others."""
    reached: set[str] = set()
    pending = [norm]
    while pending:
        for needed in question.strata.needs[pending.pop()]:
            if needed not in reached:
                reached.add(needed)
                pending.append(needed)
    return reached
