"""What a what-if shows: what is supposed, which states it changes, and why.

In: two answers, one of them with what is supposed.  Out: rows for a page, fields of a form, and
`servanda.what-if/1`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from servanda.engine import phrase
from servanda.evidence.record import UNATTRIBUTED
from servanda.library import Library
from servanda.model.record_type import ArgKind, ArgType
from servanda.report.changes import Changed
from servanda.report.what_if import Supposed, WhatIf, effects
from servanda.web import marks, words
from servanda.web.desk import Answer
from servanda.web.marks import Mark
from servanda.web.pages import lanes
from servanda.web.pages.agreement import plain as assessment
from servanda.web.pages.changes import Move, moved
from servanda.web.pages.why import Why, why

EXPLAINED = 12  # changed instances whose reasons are shown
DRAWN = 4  # commitments whose lanes are drawn
ROWS = 300  # changed instances that are listed; the data have all


@dataclass(frozen=True, slots=True)
class Field:
    """One argument of a record; `options` where there is a choice."""

    name: str
    label: str
    hint: str
    required: bool
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """An instance without and with what is supposed; `why` as it is with it."""

    move: Move
    why: Why | None


@dataclass(frozen=True, slots=True)
class Shown:
    as_of: str
    records: tuple[tuple[str, str], ...]
    refused: tuple[tuple[int, str], ...]
    assume: tuple[str, ...]
    moves: tuple[Explained, ...]
    more: int
    effects: tuple[tuple[str, str, str], ...]
    counts: tuple[tuple[Mark, int, int], ...]
    pictures: tuple[tuple[str, lanes.Lanes], ...]


def types(lib: Library) -> list[tuple[str, str]]:
    """The record types by what they are called."""
    found = lib.agreement.record_types.values()
    return sorted((t.id, words.sentence(t.title or words.words(t.id))) for t in found)


def speakers(lib: Library) -> list[tuple[str, str]]:
    """Who can say so alone: sides and bodies of the agreement."""
    agreement = lib.agreement
    sides = [a.id for a in agreement.actors.values() if a.is_side]
    names = dict.fromkeys((*sides, *agreement.institutions))
    return [(n, words.who(agreement, n)) for n in names]


def fields(lib: Library, type_name: str) -> list[Field]:
    """The arguments of a record type; none for a type that is not known."""
    found = lib.agreement.record_types.get(type_name)
    return [] if found is None else [_field(lib, arg) for arg in found.args]


def _field(lib: Library, arg: ArgType) -> Field:
    agreement = lib.agreement
    options: tuple[tuple[str, str], ...] = ()
    if arg.one_of:
        options = tuple((w, words.words(w)) for w in arg.one_of)
    elif arg.kind is ArgKind.ACTOR and not arg.many:
        names = (
            *agreement.actors,
            *(n for n in agreement.institutions if n not in agreement.actors),
        )
        options = tuple((n, words.who(agreement, n)) for n in names)
        if not arg.required or arg.name in ("by", "of"):
            options = (*options, (UNATTRIBUTED, "nobody named"))
    hints = {
        ArgKind.NUMBER: "a number",
        ArgKind.MONEY: "an amount",
        ArgKind.PLACE: "a place that the map knows",
        ArgKind.TERRITORY: "a party, or a place that the map knows",
        ArgKind.RECORD: "the id of a record",
    }
    many = "; several with commas between" if arg.many else ""
    hint = hints.get(arg.kind, "") + many
    return Field(arg.name, words.sentence(words.words(arg.name)), hint.lstrip("; "),
                 arg.required, options)  # fmt: skip


def shown(without: Answer, supposing: Answer, found: WhatIf) -> Shown:
    zone = supposing.question.zone
    changed = found.states(without.question)
    listed = [
        _move(without, supposing, one, number < EXPLAINED)
        for number, one in enumerate(changed[:ROWS])
    ]
    told = effects(without.result, supposing.result)
    return Shown(
        words.moment(supposing.question.as_of, zone),
        tuple(_record(r, zone) for r in found.records.records),
        tuple((row.line, row.reason) for row in found.refused),
        supposing.question.assumptions.texts[len(without.question.assumptions.texts) :],
        tuple(listed),
        max(0, len(changed) - ROWS),
        tuple((n, words.words(b or "none"), words.words(a)) for n, b, a in told),
        tuple(_counts(without.result, supposing.result)),
        _pictures(supposing, changed),
    )


def _record(one: Any, zone: Any) -> tuple[str, str]:
    identity, _, said = phrase.record(one, zone).partition(": ")
    return identity, words.sentence(said)


def _move(without: Answer, supposing: Answer, one: Changed, explained: bool) -> Explained:
    rows = [{n["id"]: n for n in a.result["norms"]} for a in (without, supposing)]
    before, after = (
        marks.of_norm(listed[one.instance]) if one.instance in listed else marks.of_state(state)
        for listed, state in zip(rows, (one.before, one.after), strict=True)
    )
    told = explained and one.instance in rows[1]
    reasons = why(supposing, one.instance) if told else None
    return Explained(moved(without, one, before, after), reasons)


def _counts(
    without: Mapping[str, Any], supposing: Mapping[str, Any]
) -> list[tuple[Mark, int, int]]:
    """How many commitments have which state, without and with."""
    before, after = (Counter(n["state"] for n in one["norms"]) for one in (without, supposing))
    states = dict.fromkeys((*before, *after))
    return [(marks.of_state(s), before[s], after[s]) for s in states if before[s] != after[s]]


def _pictures(
    supposing: Answer, changed: tuple[Changed, ...]
) -> tuple[tuple[str, lanes.Lanes], ...]:
    """States over time with what is supposed, of the first commitments that change."""
    agreement = supposing.library.agreement
    names = list(dict.fromkeys(one.instance.partition("[")[0] for one in changed))[:DRAWN]
    found = []
    for name in names:
        norm = agreement.norms[name]
        drawn = lanes.of_provision(supposing, [norm])
        if drawn is not None:
            number = words.number(norm.provision or "")
            found.append((f"{number} · {words.sentence(norm.text or name)}", drawn))
    return tuple(found)


def plain(without: Answer, supposing: Answer, found: WhatIf, given: Supposed) -> dict[str, Any]:
    """Schema `servanda.what-if/1`: HYPOTHETICAL, also the assessment with what is supposed."""
    return {
        "schema": "servanda.what-if/1",
        "hypothetical": True,
        "agreement": supposing.head["agreement"],
        "as_of": supposing.head["as_of"],
        "supposed": {
            "records": list(found.records.ids),
            "assumptions": list(given.assume),
            "refused": [{"line": row.line, "reason": row.reason} for row in found.refused],
        },
        "states": [
            {"id": s.instance, "before": s.before, "after": s.after, "entries": s.entries}
            for s in found.states(without.question)
        ],
        "effects": [
            {"id": name, "before": before, "after": after}
            for name, before, after in effects(without.result, supposing.result)
        ],
        "without": assessment(without),
        "with": assessment(supposing),
    }
