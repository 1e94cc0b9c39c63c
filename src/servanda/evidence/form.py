"""A record as a form: the arguments that its type asks for, and what was filled in as a row.

In: a record type, and texts by the name of a field.  Out: a row as a reader of files would give it;
its id follows from what it says where none is given, so that the same, sent twice, is one record.
"""

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from servanda.model.record_type import ArgKind, RecordType

OBSERVED = (
    *("seen", "heard", "camera", "uav", "satellite", "site_visit", "crater_analysis"),
    *("document", "told"),
)
PRECISIONS = ("exact", "second", "minute", "hour", "day", "month")
PLAIN = (
    *("at", "precision", "reported", "received", "count", "observed_how", "claimed_by"),
    *("source", "handling", "note"),
)
LISTS = ("derived_from", "same_as", "replaces", "withdraws")
_PARTS = re.compile(r"[;,\n]")
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghkmnpqrst")
Given = Mapping[str, Sequence[str]]


def row_of(record_type: RecordType, given: Given) -> dict[str, Any]:
    """What was filled in, as a row; what was left empty is left out."""
    row: dict[str, Any] = {"type": record_type.id}
    for name in PLAIN:
        if told := one(given, name):
            row[name] = told
    for name in LISTS:
        if listed := many(given, name):
            row[name] = listed
    args: dict[str, Any] = {}
    for declared in record_type.args:
        name = f"args.{declared.name}"
        if declared.many:
            if listed := many(given, name):
                args[declared.name] = listed
        elif told := one(given, name):
            args[declared.name] = told
    if args:
        row["args"] = args
    if place := place_of(given):
        row["place"] = place
    identity = one(given, "id")
    return {"id": identity or derived_id(row), **row}


def withdrawal(given: Given, record_type: RecordType, target: str, reported: str) -> dict[str, Any]:
    """A row that takes a record back."""
    row: dict[str, Any] = {"type": record_type.id, "reported": reported, "withdraws": [target]}
    for name in ("source", "claimed_by", "handling", "note"):
        if told := one(given, name):
            row[name] = told
    named = {name: value for name, value in row.items() if name != "reported"}
    return {"id": derived_id(named), **row}


def one(given: Given, name: str) -> str:
    """The text of a field; empty where nothing was filled in."""
    return next((" ".join(text.split()) for text in given.get(name, ()) if text.strip()), "")


def many(given: Given, name: str) -> list[str]:
    """The texts of a field that lists: several, or one with commas, semicolons or lines."""
    parts = (part.strip() for text in given.get(name, ()) for part in _PARTS.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def place_of(given: Given) -> dict[str, str]:
    """The place: a point where there is one, else a name."""
    lat, lon, name = (one(given, f"place.{part}") for part in ("lat", "lon", "name"))
    if lat or lon:
        return {key: value for key, value in (("lat", lat), ("lon", lon)) if value}
    return {"name": name} if name else {}


def derived_id(row: Mapping[str, Any]) -> str:
    """An id that follows from what a row says; in letters alone, so that it looks like no number
    by which somebody can be reached."""
    text = json.dumps(row, ensure_ascii=False, sort_keys=True)
    digest = sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{row['type']}-{digest.translate(_LETTERS)}"


def arguments(record_type: RecordType) -> dict[str, ArgKind]:
    """The names of the fields of the arguments, with their kinds."""
    return {f"args.{declared.name}": declared.kind for declared in record_type.args}
