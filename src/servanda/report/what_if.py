"""What if: the assessment with records and assumptions that are supposed, beside that without.

In: an agreement with its records, and what is supposed.  Out: a question with it, to be asked at
one instant with the one without, and what differs between the two.  All of it is HYPOTHETICAL: what
is supposed is never evidence, and nobody keeps it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from servanda.asking import question
from servanda.engine.question import Question
from servanda.evidence.place_names import with_known_places
from servanda.evidence.read import Records, read_text, together
from servanda.evidence.refused import Refused
from servanda.library import InputError, Library
from servanda.model.record_type import ArgKind, RecordType
from servanda.reason.acts import WITNESSES
from servanda.report.changes import Changed, moved

MAX_RECORDS = 200
MAX_CHARACTERS = 40_000  # of the records as JSON Lines
MAX_ASSUMPTIONS = 20
OWN = ("finding", "term_decided")  # what a body says itself
NAME = "what-if"


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed: records as JSON Lines, and assumptions `NORM.FIELD=VALUE`."""

    text: str = ""
    assume: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.assume)


@dataclass(frozen=True)
class WhatIf:
    """`records` are those supposed, `refused` those of them that could not be used."""

    supposing: Question
    records: Records
    refused: tuple[Refused, ...]

    def states(self, without: Question) -> tuple[Changed, ...]:
        """Instances whose state or entries differ: before is without, after is with."""
        return tuple(moved(self.supposing, without))


def read(library: Library, supposed: Supposed) -> Records:
    """What is supposed, read as any record is; raises InputError for more than is taken."""
    if len(supposed.text) > MAX_CHARACTERS:
        raise InputError(
            f"The records have {len(supposed.text):,} characters; a what-if takes up to "
            f"{MAX_CHARACTERS:,}."
        )
    if len(supposed.assume) > MAX_ASSUMPTIONS:
        raise InputError(f"A what-if takes up to {MAX_ASSUMPTIONS} assumptions.")
    types = library.agreement.record_types
    found = read_text(supposed.text, NAME, types, library.zone)
    if len(found.records) + len(found.refused) > MAX_RECORDS:
        raise InputError(f"A what-if takes up to {MAX_RECORDS} records.")
    return with_known_places(found, types, library.atlas, NAME)


def what_if(
    library: Library,
    known: Records,
    told: Records,
    suppose: Sequence[str] = (),
    *,
    assume: Sequence[str] = (),
    **choices: Any,
) -> WhatIf:
    """The question with what is supposed; `assume` and `choices` are those of the one without."""
    both = together([known, told])
    bad = tuple(row for row in both.refused if row not in known.refused)
    both = replace(both, notes=known.notes, by_officer=known.by_officer)
    every = (*assume, *(text for text in suppose if text not in assume))
    supposing, _ = question(library, both, assume=every, **choices)
    return WhatIf(supposing, told, bad)


def effects(
    without: Mapping[str, Any], supposing: Mapping[str, Any]
) -> list[tuple[str, str | None, str]]:
    """Guarantees and consequences that stand otherwise: id, without, with."""
    before = {one["id"]: one["state"] for one in without["effects"]}
    return [
        (one["id"], before.get(one["id"]), one["state"])
        for one in supposing["effects"]
        if before.get(one["id"]) != one["state"]
    ]


# --- records that are filled in, field by field ---------------------------------------------------


def lines(
    library: Library,
    type_name: str,
    values: Sequence[str],
    day: str,
    *,
    place: str = "",
    told_by: str = "",
    text: str = "",
) -> str:
    """`text` with one more occurrence: `values` in the order of the type's arguments.

    `told_by` names a source that says so alone.  Where nobody is named it is told so that every
    standard but findings lets it count: by whom it takes to declare it, else by two of no side.
    """
    record_type = library.agreement.record_types.get(type_name)
    if record_type is None:
        raise InputError(f"“{type_name}” is no record type of this agreement.")
    if not day.strip():
        raise InputError("A record needs the day or instant at which it happens.")
    args = {
        arg.name: _value(arg.kind, arg.many, given.strip())
        for arg, given in zip(record_type.args, values, strict=False)
        if given.strip()
    }
    row: dict[str, Any] = {"type": type_name, "at": day.strip(), "args": args}
    if place.strip():
        row["place"] = {"name": place.strip()}
    sources = (told_by,) if told_by else _sources(record_type, args)
    taken = {line.strip() for line in text.splitlines()}
    serial = len(taken - {""}) + 1
    made = []
    for number, source in enumerate(sources):
        identity = f"what-if-{serial}{'abcdefgh'[number] if len(sources) > 1 else ''}"
        made.append(json.dumps({"id": identity, **row, "source": source}, ensure_ascii=False))
    return "\n".join([*(line for line in text.splitlines() if line.strip()), *made])


_READ: Mapping[ArgKind, Callable[[str], Any]] = {ArgKind.NUMBER: json.loads}


def _value(kind: ArgKind, many: bool, given: str) -> Any:
    """As JSON has it; what is no number stays a text, and reading it says why it cannot be."""
    if many:
        return [part.strip() for part in given.split(",") if part.strip()]
    try:
        found = _READ.get(kind, str)(given)
    except ValueError:
        return given
    return found if isinstance(found, int | float | str) else given


def _sources(record_type: RecordType, args: Mapping[str, Any]) -> tuple[str, ...]:
    if record_type.id in OWN and isinstance(args.get("body"), str):
        return (args["body"],)
    given = args.get(record_type.declared_by or "")
    if record_type.declared_by_each and isinstance(given, list):
        return tuple(given[:8])
    return (given,) if isinstance(given, str) else WITNESSES
