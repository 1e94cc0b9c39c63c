"""What became known between two instants, corrections included, and which states it changed.

In: a question and an earlier instant.  Out: entries, one for each record that became known since,
with what it does to earlier ones; and instances whose state is another than it was then, as of then
and known by then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from servanda.engine.question import Question
from servanda.engine.readings import spreads
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.record import Record
from servanda.evidence.view import heard_by

NEW, CORRECTION, WITHDRAWN, FINDING, COVERAGE = (
    "new record",
    "correction",
    "withdrawal",
    "finding",
    "coverage",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record that became known at `at`; `earlier` are those that it replaces or withdraws."""

    at: int
    kind: str
    record: Record
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """The state of an instance then and now; `entries` more breaches than then, or fewer."""

    instance: str
    before: str
    after: str
    entries: int


@dataclass(frozen=True, slots=True)
class Changes:
    since: int
    entries: tuple[Entry, ...]
    states: tuple[Changed, ...]


def changes(question: Question, since: int) -> Changes:
    """Everything since an instant, newest first."""
    entries = sorted(_entries(question, since), key=lambda e: (-e.at, e.record.id))
    earlier = replace(question.inputs, as_of=since, known_at=since)
    states = tuple(moved(question, Question.of(earlier)))
    return Changes(since, tuple(entries), states)


def _entries(question: Question, since: int) -> Iterator[Entry]:
    heard = heard_by(question.inputs.records, question.inputs.known_at)
    if isinstance(heard, Excerpt):
        heard = heard.where(heard.table.reported[heard.rows] > since)
    for record in heard:
        if record.reported <= since:
            continue
        if record.at is not None and record.at.last > question.as_of:
            continue
        yield Entry(record.reported, _kind(record), record, (*record.replaces, *record.withdraws))


def _kind(record: Record) -> str:
    if record.withdraws:
        return WITHDRAWN
    if record.replaces:
        return CORRECTION
    return {"finding": FINDING, "coverage": COVERAGE}.get(record.type, NEW)


def resting_on(question: Question, ids: Iterable[str]) -> tuple[Changed, ...]:
    """Instances whose state would be another if some records had never been made."""
    inputs, gone = question.inputs, frozenset(ids)
    records = inputs.records
    rest: Sequence[Record]
    if isinstance(records, Excerpt):
        rest = records.without(records.table.rows_of(gone).values())
    else:
        rest = tuple(one for one in records if one.id not in gone)
    without = replace(inputs, records=rest, as_of=question.as_of)
    return tuple(moved(question, Question.of(without)))


def moved(now: Question, then: Question) -> Iterator[Changed]:
    """Instances whose state, or number of entries, differs between two questions."""
    standard = now.inputs.standard
    for norm in now.agreement.norms.values():
        if not now.inputs.asks_for(norm):
            continue
        before, after = (spreads(q, norm.id, standard) for q in (then, now))
        for name in dict.fromkeys((*after, *before)):
            old, new = before.get(name), after.get(name)
            state = "inactive" if old is None else old.state
            other = "inactive" if new is None else new.state
            count = len(new.breaches if new else ()) - len(old.breaches if old else ())
            if state != other or count:
                yield Changed(name, state, other, count)
