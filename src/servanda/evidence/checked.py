"""A row of plain data, checked and made into a record.

In: a row as a reader of JSON Lines, CSV or Parquet gives it, and the agreement's record types.
Out: a record, or the reason why there is none.  Only the types and words of the agreement's record
vocabulary are accepted.
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from servanda.characters import FORBIDDEN, crowded, normal
from servanda.evidence.instant import Period, parse_period
from servanda.evidence.record import ArgValue, Record
from servanda.evidence.rows import LIST_FIELDS, MAX_DIGITS, Bad, number
from servanda.geo import Point
from servanda.model.record_type import ArgKind, ArgType, RecordType

UTC = ZoneInfo("UTC")
MAX_LIST = 10_000  # items of one list
NUMBERS = (ArgKind.NUMBER, ArgKind.MONEY)
FIELDS = (
    *("id", "type", "at", "args", "place", "source", "claimed_by", "reported", "received"),
    *("status", "observed_how", "precision", "count", "handling", *LIST_FIELDS),
)


def identified(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Id, type and source, which every record has; raises Bad for one that lacks them."""
    identity = text(row, "id")
    type_name = text(row, "type")
    source = text(row, "source")
    if identity is None or type_name is None or source is None:
        missing = [f for f in ("id", "type", "source") if text(row, f) is None]
        raise Bad(f"without {' and '.join(missing)}")
    return identity, type_name, source


def check_dates(row: Mapping[str, Any]) -> None:
    """Raise Bad for a date that cannot be, in a row of any type: 2026-02-30, an hour 25."""
    for name in ("at", "reported", "received"):
        period(row, name, UTC)
    args = row.get("args")
    if row.get("type") == "coverage" and isinstance(args, Mapping):
        _check_until(args, UTC)


def _check_until(args: Mapping[str, Any], zone: ZoneInfo) -> None:
    """Until when somebody watched is a date like others: an impossible one would count nothing."""
    try:
        period(args, "until", zone)
    except Bad as error:
        raise Bad(str(error).replace("“until”", "“args.until”", 1)) from error


def to_record(
    row: Mapping[str, Any], types: Mapping[str, RecordType], zone: ZoneInfo, line: int = 0
) -> Record:
    """One row as a record; raises Bad with the reason."""
    identity, type_name, source = identified(row)
    lists = {name: listed(row, name) for name in LIST_FIELDS}
    at = period(row, "at", zone)
    reported = period(row, "reported", zone)
    record_type = types.get(type_name)
    if record_type is None and (at is not None or not lists["withdraws"]):
        raise Bad(f"unknown record type “{type_name}”{_near(type_name, types)}")
    if at is None and not (lists["withdraws"] and reported):
        raise Bad("without “at” (only a withdrawal may leave it out, and needs “reported”)")
    if record_type is not None:
        _misplaced(row, record_type)
        if type_name == "coverage" and isinstance(row.get("args"), Mapping):
            _check_until(row["args"], zone)
    received = period(row, "received", zone)
    dated = reported or at
    assert dated is not None
    return Record(
        id=identity,
        type=type_name,
        source=source,
        reported=dated.last,
        at=at,
        args=_args(row.get("args"), record_type) if record_type and at is not None else {},
        place=_place(row.get("place")),
        claimed_by=text(row, "claimed_by"),
        received=received.last if received else None,
        status=text(row, "status"),
        observed_how=text(row, "observed_how"),
        count=decimal(row["count"], "count") if row.get("count") is not None else None,
        handling=text(row, "handling"),
        line=line,
        **lists,
    )


def _misplaced(row: Mapping[str, Any], record_type: RecordType) -> None:
    """Refuse a row with an argument among its fields: what it says would be lost."""
    given = row.get("args")
    inside = given if isinstance(given, Mapping) else {}
    for name in row:
        if name not in FIELDS and name not in inside and record_type.arg(name) is not None:
            raise Bad(f"“{name}” is an argument of {record_type.id}: it stands in “args”")


def _near(name: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean “{close[0]}”?" if close else ""


def text(row: Mapping[str, Any], name: str) -> str | None:
    """A text in its normal form; None where there is none; raises Bad."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, Decimal):
        value = str(value)
    if not isinstance(value, str):
        raise Bad(f"“{name}” is not text")
    found, problem = _read_text(value)
    if problem:
        raise Bad(f"“{name}” {problem}")
    return found


@lru_cache(maxsize=1 << 16)
def _read_text(value: str) -> tuple[str | None, str]:
    """A text in its normal form, or what is wrong with it; the same texts come again and again."""
    value = value.strip()
    if _ODD.search(value):
        return None, "holds control characters or such as nobody sees"
    if crowded(value) >= 0:
        return None, "has more marks on one letter than can be read"
    return normal(value) or None, ""


_ODD = re.compile(rf"[\t\n]|{FORBIDDEN.pattern}")


def listed(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A field that lists records, written as a list or with semicolons; raises Bad."""
    value = row.get(name)
    if isinstance(value, list):
        if len(value) > MAX_LIST:
            raise Bad(f"“{name}” lists more than {MAX_LIST:,}")
        items = [text({name: item}, name) for item in value]
        return tuple(item for item in items if item)
    one = text(row, name)
    return tuple(part.strip() for part in one.split(";") if part.strip()) if one else ()


def period(row: Mapping[str, Any], name: str, zone: ZoneInfo) -> Period | None:
    """When a field says it was; None where it says nothing; raises Bad."""
    written = text(row, name)
    if written is None:
        return None
    try:
        return parse_period(written, zone, text(row, "precision") if name == "at" else None)
    except ValueError as error:
        raise Bad(f"“{name}”: {error}") from error


def decimal(value: Any, name: str) -> Decimal:
    """The exact number that a cell holds; raises Bad."""
    if isinstance(value, bool):
        raise Bad(f"“{name}” is not a number")
    try:
        found = number(str(value).replace("_", "").strip())
    except Bad as error:
        raise Bad(f"“{name}” is {error}") from error
    if not found.is_finite():
        raise Bad(f"“{name}” is not a finite number")
    if abs(found.adjusted()) > MAX_DIGITS:
        raise Bad(f"“{name}” is out of range")
    return found


def _place(value: Any) -> str | Point | None:
    if value is None:
        return None
    if isinstance(value, str):
        return text({"place": value}, "place")
    if not isinstance(value, Mapping):
        raise Bad("“place” is a name or {lat, lon}")
    if value.get("lat") is not None or value.get("lon") is not None:
        if value.get("lat") is None or value.get("lon") is None:
            raise Bad("“place” needs both lat and lon")
        try:
            return Point(float(decimal(value["lat"], "lat")), float(decimal(value["lon"], "lon")))
        except Bad:
            raise
        except ValueError as error:
            raise Bad(f"“place”: {error}") from error
    return text(value, "name")


def _args(value: Any, record_type: RecordType) -> dict[str, ArgValue]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Bad("“args” is not an object")
    found: dict[str, ArgValue] = {}
    for name, given in value.items():
        if given is None:
            continue
        declared = record_type.arg(name)
        if declared is None:
            names = ", ".join(a.name for a in record_type.args)
            raise Bad(f"{record_type.id} has no argument “{name}” (it has {names})")
        found[name] = _arg(given, declared)
    return found


def _arg(given: Any, declared: ArgType) -> ArgValue:
    name = f"args.{declared.name}"
    if declared.kind in NUMBERS:
        return decimal(given, name)
    if declared.kind is ArgKind.TEXT and not isinstance(given, str):
        return json.dumps(given, default=str, sort_keys=True)
    if isinstance(given, Mapping):
        place = _place(given)
        if isinstance(place, str):
            return place
        raise Bad(f"“{name}” is a name")
    if declared.many or declared.kind is ArgKind.RECORD:
        items = listed({name: given}, name)
        for item in items:
            _allowed(item, declared, name)
        return items
    word = text({name: given}, name)
    if word is None:
        raise Bad(f"“{name}” is empty")
    return _allowed(word, declared, name)


def _allowed(word: str, declared: ArgType, name: str) -> str:
    if declared.one_of and word not in declared.one_of:
        near = _near(word, declared.one_of)
        raise Bad(f"“{name}” is “{word}”, not one of {', '.join(declared.one_of)}{near}")
    return word
