"""The banner of a provision: how its commitments stand, under each reading that makes a difference.

In: an answer and the rows of its assessment.  Out: a headline, and a box for each reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servanda.report.entries import bases
from servanda.web import marks, words
from servanda.web.desk import Answer

MANY = 6  # instances in one state that are named one by one


@dataclass(frozen=True, slots=True)
class Said:
    """Whose commitment and its mark, under some readings; `readings` empty: under all."""

    readings: str
    states: tuple[tuple[str, marks.Mark], ...]


@dataclass(frozen=True, slots=True)
class Banner:
    kicker: str
    mark: marks.Mark
    headline: str
    boxes: tuple[Said, ...]


def banner(answer: Answer, rows: Sequence[Mapping[str, Any]]) -> Banner:
    day = words.day_at(answer.question.as_of, answer.question.zone)
    kicker = f"State on {day}"
    if not rows:
        return Banner(kicker, marks.PRINCIPLE, "No commitment is written for this text yet", ())
    names = _names(answer, rows)
    every = [(names[row["id"]], marks.of_instance(answer, row)) for row in rows]
    shapes = {mark.shape for _, mark in every}
    parting = _parting(rows)
    if parting:
        titles = [words.term(answer.library.agreement, t) for t in parting]
        terms = words.listed([f"“{t}”" if "," in t else t for t in titles])
        some = "" if len(shapes) == 1 else "in part "
        headline = f"{words.sentence(f'{some}depends on {terms}')}"
        return Banner(kicker, marks.ON_READING, headline, _by_reading(answer, rows, parting))
    if len({mark for _, mark in every}) == 1:
        return Banner(kicker, every[0][1], words.sentence(every[0][1].word), ())
    rank = {s: i for i, s in enumerate(("decided", "found", "alleged", "overdue", "suspended"))}
    first = min((m for _, m in every), key=lambda m: rank.get(m.shape, len(rank)))
    told = _headline(every)
    return Banner(kicker, first, told, (Said("", _joined(every)),))


def _headline(every: list[tuple[str, marks.Mark]]) -> str:
    """The different states in a few words, the gravest first."""
    order = ("decided", "found", "alleged", "overdue", "suspended", "cured", "nomon")
    found = {mark.shape: mark for _, mark in every}
    shapes = sorted(found, key=lambda s: order.index(s) if s in order else len(order))
    counts = [found[s].word for s in shapes]
    return words.sentence("; ".join(counts[:3]) + ("; and more" if len(counts) > 3 else ""))


def _names(answer: Answer, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Instances by whose they are; by the commitment too where there are several."""
    agreement = answer.library.agreement
    alone = len({row["id"].partition("[")[0] for row in rows}) == 1
    found = {}
    for row in rows:
        who = words.instance(agreement, row["id"])
        norm = agreement.norms[row["id"].partition("[")[0]]
        text = words.sentence(norm.text or norm.id)
        found[row["id"]] = who if who and alone else f"{text}, {who}" if who else text
    return found


def _joined(every: list[tuple[str, marks.Mark]]) -> tuple[tuple[str, marks.Mark], ...]:
    """Those in one state share a line where they are many."""
    alike: dict[marks.Mark, list[str]] = {}
    for who, mark in every:
        alike.setdefault(mark, []).append(who)
    found: list[tuple[str, marks.Mark]] = []
    for mark, names in alike.items():
        if len(names) > MANY:
            found.append((f"{names[0]} and {len(names) - 1} more", mark))
        else:
            found += [(name, mark) for name in names]
    return tuple(found)


def _parting(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        for one in row.get("by_reading", ()):
            found.update(dict.fromkeys(one["readings"]))
    return list(found)


def _by_reading(
    answer: Answer, rows: Sequence[Mapping[str, Any]], parting: list[str]
) -> tuple[Said, ...]:
    """A box for each combination that says something else; what is alike shares one."""
    said: dict[tuple[tuple[str, marks.Mark], ...], list[dict[str, str]]] = {}
    names = _names(answer, rows)
    for assignment in answer.question.assignments(parting):
        if not answer.question.allowed(assignment):
            continue
        states = [(names[row["id"]], _mark_under(answer, row, assignment)) for row in rows]
        said.setdefault(_joined(states), []).append(assignment)
    return tuple(
        Said(words.under(answer.library, readings), states) for states, readings in said.items()
    )


def _mark_under(
    answer: Answer, row: Mapping[str, Any], assignment: Mapping[str, str]
) -> marks.Mark:
    for one in row.get("by_reading", ()):
        if all(assignment.get(t) == r for t, r in one["readings"].items()):
            if one["state"] == "breached":
                return marks.violations(bases(row, assignment))
            mark = marks.of_state(one["state"])
            if one["due"] is None or one["state"] not in ("active", "suspended"):
                return mark
            day = words.day_at(words.instant(one["due"]) - 1, answer.question.zone)
            return marks.Mark(mark.shape, f"{mark.word}, last day {day}", mark.tone)
    return marks.of_instance(answer, row)
