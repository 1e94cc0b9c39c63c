"""Mirrored records: the same facts with the roles of two parties swapped (rule 17).

Only words are swapped: arguments, speakers and sources.  Places stay where they are, so a mirrored
course of events has a mirrored result where the clauses and the places mirror too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from servanda.evidence.record import Record


def swap(one: str, other: str) -> Mapping[str, str]:
    """The mapping that puts each of two names in the other's place."""
    return {one: other, other: one}


def mirrored(records: Iterable[Record], names: Mapping[str, str]) -> tuple[Record, ...]:
    """The records with every name replaced by its counterpart."""

    def word(value: Any) -> Any:
        if isinstance(value, str):
            return names.get(value, value)
        if isinstance(value, tuple):
            return tuple(word(v) for v in value)
        return value

    return tuple(
        replace(
            record,
            source=word(record.source),
            claimed_by=word(record.claimed_by),
            args={name: word(value) for name, value in record.args.items()},
        )
        for record in records
    )
