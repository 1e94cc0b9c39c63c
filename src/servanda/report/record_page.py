"""One record and everything that bears on it: who else tells of it, contradicts or takes it back.

In: a question, all its records and one of them.  Out: plain data, schema `servanda.record/1`.  Near
records alone are compared, so that a million others cost nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from servanda.engine.phrase import record as told
from servanda.engine.question import Question
from servanda.evidence.contradiction import contradictions
from servanda.evidence.duplicates import candidates
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.instant import iso
from servanda.evidence.record import UNATTRIBUTED, Record
from servanda.evidence.table import NO_INSTANT
from servanda.geo import Point
from servanda.report.record_search import by_id

SCHEMA = "servanda.record/1"
NEAR = 2 * 86_400_000_000  # microseconds: records further apart in time are not compared
MOST = 2_000  # near records that are compared
LEAST = 0.5  # score of a likely duplicate


def plain(record: Record) -> dict[str, Any]:
    """A record in the form in which records are read; what it does not say is left out."""
    found: dict[str, Any] = {"id": record.id, "type": record.type}
    if record.at is not None:
        at = record.at
        found["at"] = iso(at.first) if at.exact else f"{iso(at.first)}/{iso(at.last)}"
    found["args"] = {name: _value(value) for name, value in record.args.items()}
    if record.place is not None:
        place = record.place
        if isinstance(place, Point):
            found["place"] = {"lat": place.lat, "lon": place.lon}
        else:
            found["place"] = {"name": place}
    found["source"] = record.source
    found["reported"] = iso(record.reported)
    if record.received is not None:
        found["received"] = iso(record.received)
    if record.count is not None:
        found["count"] = _value(record.count)
    for name in ("claimed_by", "status", "observed_how", "handling"):
        if (given := getattr(record, name)) is not None:
            found[name] = given
    for name in ("same_as", "replaces", "withdraws", "derived_from"):
        if given := getattr(record, name):
            found[name] = list(given)
    return found


def _value(value: object) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return list(value) if isinstance(value, tuple) else value


def page(question: Question, record: Record) -> dict[str, Any]:
    """Everything that the records say about one of them; `standing` is false where it was taken
    back."""
    every = question.inputs.records
    types, atlas = question.agreement.record_types, question.inputs.atlas
    near = _near(every, record)
    about = list(_about(question, record))
    return {
        "schema": SCHEMA,
        "record": plain(record),
        "told": told(record, question.zone),
        "standing": record.id in by_id(question.inputs.known(), [record.id]),
        "source": _source(question, record),
        "attributions": _attributions(question, record, near),
        "about": [{"kind": kind, "record": plain(one)} for kind, one in about],
        "contradictions": [
            {
                "about": c.about,
                "possible": c.possible,
                "positions": [
                    {"value": p.value, "speakers": list(p.speakers), "records": list(p.records)}
                    for p in c.positions
                ],
            }
            for c in contradictions([*near, *(one for _, one in about)], types, atlas)
            if record.id in c.records
        ],
        "duplicates": [
            {
                "record": c.other if c.one == record.id else c.one,
                "score": c.score,
                "reasons": list(c.reasons),
                "counted": c.counted,
            }
            for c in candidates(near, types, atlas, LEAST)
            if record.id in (c.one, c.other)
        ],
    }


def _near(every: Sequence[Record], record: Record) -> list[Record]:
    """Records of its type near in time, itself included."""
    if record.at is None:
        return [record]
    table = Excerpt.of(every)
    some = table.of_type(record.type)
    first, last = some.table.first[some.rows], some.table.last[some.rows]
    near = (last != NO_INSTANT) & (first <= record.at.last + NEAR)
    near &= last >= record.at.first - NEAR
    chosen = some.where(near)
    apart = np.abs(chosen.table.last[chosen.rows] - record.at.last)
    rows = chosen.rows[np.argsort(apart, kind="stable")[:MOST]]
    return list(Excerpt(table.table, rows))


def _about(question: Question, record: Record) -> Iterator[tuple[str, Record]]:
    """Records that take this one back, acknowledge or dispute it, or rest on it; or it on them."""
    table = Excerpt.of(question.inputs.records)
    others = [*table.naming(), *table.of_type("acknowledges"), *table.of_type("disputes")]
    others += list(table.of_type("finding"))
    seen: set[tuple[str, str]] = set()
    for other in others:
        for kind in _kinds(other, record, other.id in question.inputs.by_officer):
            if (kind, other.id) not in seen:
                seen.add((kind, other.id))
                yield kind, other
    named = by_id(table, (*record.same_as, *record.replaces, *record.withdraws))
    for kind in ("same_as", "replaces", "withdraws"):
        for identity in getattr(record, kind):
            if identity in named:
                yield f"this {kind}".replace("_", " "), named[identity]


def _kinds(other: Record, record: Record, by_officer: bool) -> Iterator[str]:
    may = by_officer or other.speaker in (record.speaker, record.source)
    if other.id == record.id:
        return
    if record.id in other.withdraws:
        yield "withdrawn by" if may else "withdrawal without right by"
    if record.id in other.replaces:
        yield "replaced by" if may else "replacement without right by"
    if record.id in other.same_as:
        yield "the same as"
    if record.id in other.derived_from:
        yield "source of"
    if record.id in other.words("record"):
        yield {"acknowledges": "acknowledged by", "disputes": "disputed by"}.get(other.type, "in")
    if record.id in other.words("about"):
        yield "before a body in"


def _source(question: Question, record: Record) -> dict[str, Any]:
    known = question.inputs.sources.get(record.source)
    return {
        "id": record.source,
        "name": known.name if known is not None else "",
        "kind": question.speakers.kind_of(record.source),
        "listed": question.speakers.known(record.source),
        "speaker": record.speaker,
        "side": question.speakers.side_of(record.speaker),
    }


def _attributions(
    question: Question, record: Record, near: Sequence[Record]
) -> list[dict[str, Any]]:
    """Who is said to have done it, by whom: this record and those that tell of one occurrence."""
    declared = question.agreement.record_types[record.type]
    if declared.actor is None:
        return []
    together = _together(question, record, near)
    told_by: dict[str, list[Record]] = {}
    for one in together:
        named = one.words(declared.actor) or (UNATTRIBUTED,)
        told_by.setdefault(" and ".join(named), []).append(one)
    return [
        {
            "actor": actor,
            "speakers": sorted({r.speaker for r in listed}),
            "records": [r.id for r in listed],
        }
        for actor, listed in sorted(told_by.items())
    ]


def _together(question: Question, record: Record, near: Sequence[Record]) -> list[Record]:
    from servanda.evidence.occurrence import occurrences

    types: Mapping[str, Any] = question.agreement.record_types
    for one in occurrences(near, types, question.inputs.atlas):
        if record.id in one.ids:
            return list(one.records)
    return [record]
