"""Why an instance has its state: the explanation of the library as a tree, down to the records.

In: an answer and an instance.  Out: cases by reading, each a tree; and what would change the state,
each of which was tried by the library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from servanda.engine import phrase
from servanda.engine.explain import explain
from servanda.report.record_search import by_id
from servanda.web import marks, words
from servanda.web.desk import Answer

DEPTH = 12  # parts within parts that are shown
MANY = 12  # sentences of one case, and records of one condition, that are shown


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition, whether it holds, on which records and parts."""

    told: str
    holds: bool
    records: tuple[str, ...]
    more: int
    parts: tuple["Reason", ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What holds under some readings."""

    readings: str
    mark: marks.Mark
    sentences: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Change:
    told: str
    mark: marks.Mark


@dataclass(frozen=True, slots=True)
class Why:
    instance: str
    title: str
    mark: marks.Mark
    cases: tuple[Case, ...]
    changes: tuple[Change, ...] | None  # None where they come after the page
    untried: int = 0


def explained(answer: Answer, instance: str, tried: bool = True) -> list[dict[str, Any]]:
    """The explanation as the library gives it; `tried` with what would change the state."""
    key = f"why {instance} {tried}"
    return answer.derived(key, lambda: explain(answer.question, instance, tried))


def why(answer: Answer, instance: str, tried: bool = True) -> Why:
    one = explained(answer, instance, tried)[0]
    records = {r.id: phrase.record(r, answer.question.zone) for r in _records(answer, one)}
    row = answer.row(instance)
    mark = marks.of_norm(row) if row else marks.of_state(one["state"])
    cases = _cases(answer, one, records)
    if not tried:
        return Why(instance, one["clause"], mark, cases, None)
    changes = tuple(
        Change(_change(answer, c), marks.of_state(c["state"])) for c in one["would_change"]
    )
    untried = one.get("untried_records", 0)
    return Why(instance, one["clause"], mark, cases, changes, untried)


def _records(answer: Answer, one: Mapping[str, Any]) -> list[Any]:
    """The records that the conditions name, as many of each as are shown."""
    wanted: set[str] = set()
    pending = [reason for case in one["cases"] for reason in case["reasons"]]
    while pending:
        reason = pending.pop()
        wanted |= set(reason.get("records", ())[:MANY])
        pending += reason.get("parts", ())
    return list(by_id(answer.question.view.records, wanted).values())


def _cases(answer: Answer, one: Mapping[str, Any], records: Mapping[str, str]) -> tuple[Case, ...]:
    """Cases that are told alike share a place."""
    alike: dict[tuple[Any, ...], list[dict[str, str]]] = {}
    for case in one["cases"]:
        reasons = tuple(_reason(r, records, 0, r["clause"]) for r in case["reasons"])
        told = [_sentence(answer, s) for s in case["sentences"][:MANY]]
        if len(case["sentences"]) > MANY:
            told.append(f"And {len(case['sentences']) - MANY:,} more; the records have them all.")
        key = (case["state"], tuple(told), reasons)
        alike.setdefault(key, []).append(case["readings"])
    return tuple(
        Case(
            words.under(answer.library, [r for r in readings if r]),
            marks.of_state(state),
            sentences,
            reasons,
        )
        for (state, sentences, reasons), readings in alike.items()
    )


def _sentence(answer: Answer, text: str) -> str:
    """A sentence with its instants as days of the agreement."""
    zone = answer.question.zone
    told = []
    for word in text.split(" "):
        bare = word.rstrip(".,:;")
        if len(bare) >= 20 and bare[4:5] == "-" and bare.endswith("Z") and "T" in bare:
            day = words.moment(words.instant(bare), zone).replace(", 24:00", "")
            told.append(day + word[len(bare) :])
        else:
            told.append(word)
    return " ".join(told)


def _reason(
    given: Mapping[str, Any], records: Mapping[str, str], depth: int, clause: str = ""
) -> Reason:
    told = given["condition"]
    if clause:
        told = f"{clause}: {told}"
    if given.get("note"):
        told += f" ({given['note']})"
    parts = given.get("parts", ()) if depth < DEPTH else ()
    listed = given.get("records", ())
    return Reason(
        told,
        given["holds"],
        tuple(records.get(i, i) for i in listed[:MANY]),
        max(0, len(listed) - MANY),
        tuple(_reason(p, records, depth + 1) for p in parts),
    )


def _change(answer: Answer, change: Mapping[str, Any]) -> str:
    text: str = change["change"]
    if change["kind"] == "standard":
        name = text.removeprefix("the evidence standard is ")
        return f"If the evidence standard is {words.standard(name, answer.library.agreement)}"
    return f"If {text}"
