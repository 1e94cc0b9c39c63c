"""Explanations: why an instance has its state, down to the records, and what would change it.

Every proposed change is applied to the question and re-assessed before it is shown; only what does
change the state is proposed.  Of very many breaches and records the first and the last are told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from servanda.engine import phrase, variants
from servanda.engine.assumptions import BadAssumption
from servanda.engine.coverage import areas_of, coverage, watches
from servanda.engine.history import Breach, History
from servanda.engine.quantities import SINCE
from servanda.engine.question import Question
from servanda.engine.readings import Case, Spread, spreads
from servanda.engine.reason import Env, Reason
from servanda.engine.silence import types_missed
from servanda.engine.slot import AUTOMATIC
from servanda.engine.standing import findings
from servanda.engine.strata import conditions, start_of
from servanda.evidence.instant import day_of, iso
from servanda.evidence.record import Record
from servanda.evidence.standard import Role
from servanda.model.norm import By, Norm, NormKind
from servanda.model.unspecified import Unspecified

SCHEMA = "servanda.explanation/1"
_RESTING_ON = {
    "act": "records meet the standard",
    "failing": "records meet the standard",
    "missed": "no record that counts tells of it in time",
}
FIRST_TOLD, LAST_TOLD = 5, 15  # of more breaches than both
MOST_RECORDS = (
    50  # told in one place; and tried, whether without one of them all would be otherwise
)
_DEADLINED = (NormKind.ACHIEVE, NormKind.MAINTAIN, NormKind.STAGED)


@dataclass(frozen=True)
class Change:
    """Something that, if different, would give another state: how to say it and how to do it."""

    text: str
    ask: Callable[[], Question]
    kind: str


def explain(question: Question, wanted: str, tried: bool = True) -> list[dict[str, Any]]:
    """Explain a norm (all its instances) or one instance; raises KeyError for an unknown id.

    Not `tried`: without what would change it, which asks under all other standards.
    """
    norm = question.agreement.norms[wanted.split("[", maxsplit=1)[0]]
    found = spreads(question, norm.id, question.inputs.standard)
    chosen = found if wanted == norm.id else {wanted: found[wanted]}
    return [
        {**_explain(question, norm, spread), **(_tried(question, norm, spread) if tried else {})}
        for spread in chosen.values()
    ]


def _tried(question: Question, norm: Norm, spread: Spread) -> dict[str, Any]:
    """What would change the state; each was tried, alone."""
    found = [
        {"change": change.text, "kind": change.kind, "state": state}
        for change, state in changes(question, norm, spread)
    ]
    count = _untried(question, spread)
    return {"would_change": found, **({"untried_records": count} if count else {})}


def _explain(question: Question, norm: Norm, spread: Spread) -> dict[str, Any]:
    provision = question.agreement.provisions.get(norm.provision or "")
    parting = spread.parting(question.fixed)
    groups = spread.by_reading(parting)
    return {
        "id": spread.instance,
        "provision": norm.provision,
        "clause": norm.text or (provision.text if provision else ""),
        "text": provision.text if provision else "",
        "where": str(norm.span) if norm.span.line else None,
        "kind": norm.kind.value,
        "as_of": iso(question.as_of),
        "standard": question.inputs.standard,
        "state": spread.state,
        "cases": [_case(question, norm, readings, cases[0]) for readings, cases in groups],
        **({"findings": told} if (told := _findings(question, norm, spread)) else {}),
    }


def _findings(question: Question, norm: Norm, spread: Spread) -> list[dict[str, Any]]:
    """The findings on a commitment, with why one does not stand."""
    return [row for row in findings(question) if row["norm"] in (norm.id, spread.instance)]


def _case(
    question: Question, norm: Norm, readings: Mapping[str, str], case: Case
) -> dict[str, Any]:
    history = case.history
    sentences: list[str] = []
    records: dict[str, Record] = {}
    if history is None:
        sentences.append("Under this reading there is no such commitment.")
        return {
            "readings": dict(readings),
            "state": case.state,
            "sentences": sentences,
            "reasons": [],
            "records": [],
        }
    sentences += _course(question, norm, case)
    for breach in (b for part in _told(history.breaches) for b in part):
        records.update((r.id, r) for r in breach.records)
    records.update((r.id, r) for r in history.fulfilled_by[:MOST_RECORDS])
    tree = _tree(question, norm, case)
    for _, reason in tree:
        records.update((r.id, r) for r in _some(reason.records()))
    return {
        "readings": dict(readings),
        "state": case.state,
        "since": iso(case.since) if case.since is not None and case.since > -(1 << 60) else None,
        "due": iso(case.due) if case.due is not None else None,
        "sentences": sentences,
        "reasons": [
            {"clause": clause, **reason_tree(reason, history.instance.env)}
            for clause, reason in tree
        ],
        "records": [phrase.record(records[i], question.zone) for i in sorted(records)],
    }


def _told(breaches: Sequence[Breach]) -> tuple[Sequence[Breach], Sequence[Breach]]:
    """The first and the last breaches; all of them, where they are few."""
    if len(breaches) <= FIRST_TOLD + LAST_TOLD:
        return breaches, ()
    return breaches[:FIRST_TOLD], breaches[len(breaches) - LAST_TOLD :]


def _some(records: Iterable[Record]) -> list[Record]:
    """The last of them by id, where they are many."""
    return sorted(records, key=lambda r: r.id)[-MOST_RECORDS:]


def _course(question: Question, norm: Norm, case: Case) -> Iterator[str]:
    """What happened to the commitment, in order."""
    history = case.history
    assert history is not None
    earlier = "inactive"
    for at, state, due in history.shown():
        if at < -(1 << 60):
            yield f"It {phrase.STATE_SENTENCES[state]} from the beginning."
        elif state != earlier:
            yield f"From {iso(at)} it {phrase.STATE_SENTENCES[state]}."
        if due is not None and state == "active":
            yield f"It falls due: {iso(due)} is the first instant that is too late."
        earlier = state
    if not history.shown():
        yield "It has not begun: " + _waiting(norm)
    first, last = _told(history.breaches)
    yield from map(_entry, first)
    if last:
        count = len(history.breaches) - len(first) - len(last)
        yield f"Then {count:,} more of the kind, and:"
        yield from map(_entry, last)
    if history.missed and _unwatched(question, norm, case):
        yield "Nobody is known to have watched for it: that nothing is told may mean no more."
    if history.fulfilled_by:
        told = ", ".join(sorted(r.id for r in history.fulfilled_by)[:MOST_RECORDS])
        more = len(history.fulfilled_by) - MOST_RECORDS
        yield f"What was owed is done by {told}{f' and {more:,} more' if more > 0 else ''}."


def _entry(breach: Breach) -> str:
    what = {"act": "an act against it", "missed": "the deadline passed", "failing": "it failed"}
    basis = {
        "alleged": f"alleged: {_RESTING_ON[breach.kind]}, no body has found it",
        "found": "found by a competent body",
        "decided": "found, and acted on",
    }[breach.basis]
    told = f" (records {', '.join(breach.ids)})" if breach.ids else ""
    cleared = "; no longer open" if breach.cleared else ""
    return f"{iso(breach.at)}: {what[breach.kind]}{told}; {basis}{cleared}."


def _unwatched(question: Question, norm: Norm, case: Case) -> bool:
    """Whether silence matters, and nobody watched whose word counts."""
    assert case.history is not None
    if not types_missed(norm, question.agreement):
        return False
    facts = question.run(question.inputs.standard, case.assignment).facts
    seen = watches(facts, question.zone)
    return coverage(case.history, seen, facts, areas_of(norm.condition, facts)).none


def _waiting(norm: Norm) -> str:
    return f"it waits until {phrase.condition(start_of(norm).condition)}."


def _tree(question: Question, norm: Norm, case: Case) -> list[tuple[str, Reason]]:
    """The conditions of the norm as they stand, with their reasons."""
    assert case.history is not None
    run = question.run(question.inputs.standard, case.assignment)
    labels = {
        "begun": "from",
        "fulfilled": "achieve",
        "breached": "maintain",
        "expired": "until",
        "terminated": "terminated when",
        "released": "released when",
        "suspended": "suspended while",
        "invoked": "trigger",
        "lapsed": "lapses when",
        "": "not",
    }
    found = []
    for flag, cond in conditions(norm):
        role = Role.FULFILLING if flag not in ("", "invoked", "lapsed") else Role.OFFENDING
        label = labels[flag]
        if flag == "breached" and norm.kind is not NormKind.MAINTAIN:
            label = "deadline runs from"
        env = case.history.instance.env
        if flag == "fulfilled" and case.history.activated is not None:
            env = {**env, SINCE: str(case.history.activated)}
        reason = run.evaluator.evaluate(cond, env, question.as_of, role)
        found.append((label, reason))
    return found


def reason_tree(reason: Reason, env: Env) -> dict[str, Any]:
    """A reason as plain data: the condition in words, whether it holds, parts, records."""
    env = {**env, **reason.env}
    found: dict[str, Any] = {
        "condition": phrase.condition(reason.condition, env),
        "holds": reason.holds,
    }
    if reason.note:
        found["note"] = reason.note
    if reason.at is not None and reason.at > -(1 << 60):
        found["at"] = iso(reason.at)
    if reason.facts:
        ids = sorted({i for f in reason.facts for i in f.ids})
        found["records"] = ids[-MOST_RECORDS:]
        if len(ids) > MOST_RECORDS:
            found["more_records"] = len(ids) - MOST_RECORDS
    if reason.parts:
        found["parts"] = [reason_tree(p, env) for p in reason.parts]
    return found


# --- what would have to be different ------------------------------------------------------------


def changes(question: Question, norm: Norm, spread: Spread) -> Iterator[tuple[Change, str]]:
    """Single changes that give another state, each applied and assessed anew."""
    for change in _candidates(question, norm, spread):
        try:
            other = change.ask()
        except BadAssumption:
            continue
        after = spreads(other, norm.id, other.inputs.standard).get(spread.instance)
        state = "inactive" if after is None else after.state
        if state != spread.state:
            yield change, state


def _candidates(question: Question, norm: Norm, spread: Spread) -> Iterator[Change]:
    inputs = question.inputs
    for term in spread.terms:
        for reading in question.readings_of(term):
            if question.fixed.get(term) != reading:
                yield Change(
                    f"“{phrase.words(term)}” is read as {phrase.words(reading)}",
                    partial(
                        variants.choosing, question, readings={**inputs.readings, term: reading}
                    ),
                    "reading",
                )
    for standard in question.standards:
        if standard != inputs.standard:
            yield Change(
                f"the evidence standard is {standard}",
                partial(variants.choosing, question, standard=standard),
                "standard",
            )
    if not _untried(question, spread):
        for record in _resting_on(question, spread):
            yield Change(
                f"record {record} were withdrawn",
                partial(variants.without, question, record),
                "record",
            )
    yield from _filled_in(question, norm)


def _untried(question: Question, spread: Spread) -> int:
    """How many records the state rests on, where they are too many to be taken away one by one."""
    count = len(_resting_on(question, spread))
    return count if count > MOST_RECORDS else 0


def _resting_on(question: Question, spread: Spread) -> list[str]:
    """The records that the state rests on under any reading; of very many only some."""
    found: set[str] = set()
    for case in spread.allowed:
        if case.history is None:
            continue
        norm = case.history.instance.norm
        for ids in _ids(case.history, [reason for _, reason in _tree(question, norm, case)]):
            found.update(ids)
            if len(found) > MOST_RECORDS:
                break
    return sorted(found)


def _ids(history: History, reasons: Iterable[Reason]) -> Iterator[Iterable[str]]:
    for breach in history.breaches:
        yield breach.ids
    yield (r.id for r in history.fulfilled_by)
    for reason in reasons:
        yield (r.id for r in reason.records())


def _filled_in(question: Question, norm: Norm) -> Iterator[Change]:
    """What the text leaves open, filled in; and a deadline put before or after now."""
    day = day_of(question.as_of, question.zone)
    assume: list[tuple[str, str]] = []
    if isinstance(norm.decided_by, Unspecified):
        assume.append((f"{norm.id}.decided_by={AUTOMATIC}", "the conditions act by themselves"))
    if norm.kind in _DEADLINED and isinstance(norm.deadline, Unspecified | By):
        earlier = day.replace(day=1)
        assume.append((f"{norm.id}.deadline={earlier}", f"the deadline were {earlier}"))
    for text, sentence in assume:
        if text not in question.inputs.assume:
            yield Change(
                f"{sentence} (--assume {text})", partial(question.assuming, text), "assumption"
            )
