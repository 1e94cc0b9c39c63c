"""What a set of records holds, what in it may be double, and what it says in contradiction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from servanda.evidence.contradiction import contradictions
from servanda.evidence.duplicates import candidates
from servanda.evidence.instant import iso
from servanda.evidence.record import Record
from servanda.library import Library
from servanda.model.record_type import RecordType


def overview(library: Library, records: Sequence[Record]) -> dict[str, Any]:
    """Counts by type, who speaks, from when to when; claimed totals apart from occurrences."""
    types = library.agreement.record_types
    dated = [r for r in records if r.at is not None]
    return {
        "records": len(records),
        "types": dict(Counter(r.type for r in dated).most_common()),
        "speakers": dict(Counter(r.speaker for r in records).most_common()),
        "first": iso(min(r.at.first for r in dated if r.at)) if dated else None,
        "last": iso(max(r.at.last for r in dated if r.at)) if dated else None,
        "unattributed": sum(_unattributed(r, types[r.type]) for r in dated),
        "day_precision": sum(not r.at.exact for r in dated if r.at),
        "without_place": sum(r.place is None for r in dated),
        "claimed_totals": sum(r.type == "claim_total" for r in dated),
    }


def _unattributed(record: Record, record_type: RecordType) -> bool:
    """Whether a record of an act names nobody who did it."""
    actor = record_type.arg(record_type.actor) if record_type.actor else None
    return actor is not None and actor.required and not record.words(actor.name)


def duplicates(library: Library, records: Sequence[Record], least: float) -> list[dict[str, Any]]:
    """Candidate duplicates, best first; a proposal that merges nothing."""
    found = candidates(records, library.agreement.record_types, library.atlas, least)
    return [{**asdict(c), "reasons": list(c.reasons)} for c in found]


def contradicting(library: Library, records: Sequence[Record]) -> list[dict[str, Any]]:
    """Contradictions, each with who says what."""
    found = contradictions(records, library.agreement.record_types, library.atlas)
    by_id = {r.id: r for r in records}
    return [
        {
            **asdict(c),
            "positions": [
                {"value": p.value, "speakers": list(p.speakers), "records": list(p.records)}
                for p in c.positions
            ],
            "at": _first(c.records, by_id),
        }
        for c in found
    ]


def _first(ids: Sequence[str], by_id: dict[str, Record]) -> str | None:
    """The first instant of the records of a contradiction."""
    told = [r.at.first for i in ids if (r := by_id.get(i)) is not None and r.at is not None]
    return iso(min(told)) if told else None


def watched(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Who says to have watched what, where, from when to when, and by what means."""
    return [
        {
            "record": r.id,
            "speaker": r.speaker,
            "source": r.word("source"),
            "types": list(r.words("types")),
            "area": r.word("area"),
            "from": iso(r.at.first),
            "until": r.word("until"),
            "via": r.word("via"),
        }
        for r in records
        if r.type == "coverage" and r.at is not None
    ]
