"""Reading records from JSON Lines, CSV and Parquet.

What cannot be read is kept apart with its line, column and reason; the rest goes on; nothing is
dropped in silence.  Only the types and words of the agreement's record vocabulary are accepted.
"""

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from servanda.characters import FORBIDDEN, crowded, normal
from servanda.evidence.instant import Period, parse_period
from servanda.evidence.note import Note
from servanda.evidence.record import ArgValue, Record
from servanda.evidence.rows import (
    LIST_FIELDS,
    MAX_DIGITS,
    Bad,
    Row,
    csv_rows,
    json_rows,
    number,
    parquet_rows,
    plain,
)
from servanda.evidence.unknown_fields import Noting, UnknownField
from servanda.geo import Point
from servanda.model.record_type import ArgKind, ArgType, RecordType

UTC = ZoneInfo("UTC")
MAX_BYTES = 2_000_000_000  # one file
MAX_LIST = 10_000  # items of one list
MAX_REASON = 300  # characters of a reason: it may quote what was given
FIELDS = (
    *("id", "type", "at", "args", "place", "source", "claimed_by", "reported", "received"),
    *("status", "observed_how", "precision", "count", "handling", *LIST_FIELDS),
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that could not be used: where and why."""

    file: str
    line: int
    reason: str
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What was read: records by order of the file, and what was refused.

    A ledger adds its notes, and which records its officers entered: those may take back others.
    `unknown` are fields that no record has: left alone, and told once.
    """

    records: tuple[Record, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[Note, ...] = ()
    by_officer: frozenset[str] = frozenset()
    unknown: tuple[UnknownField, ...] = ()


def read_files(paths: Iterable[Path], types: Mapping[str, RecordType], zone: ZoneInfo) -> Records:
    """Read several files as one; the format follows the ending (.jsonl, .csv, .parquet)."""
    rows: list[Record] = []
    refused: list[Refused] = []
    unknown: list[UnknownField] = []
    for path in paths:
        one = read_file(path, types, zone)
        rows.extend(one.records)
        refused.extend(one.refused)
        unknown.extend(one.unknown)
    return unique(rows, refused, unknown)


def read_file(path: Path, types: Mapping[str, RecordType], zone: ZoneInfo) -> Records:
    name = path.name
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        reason = f"larger than {MAX_BYTES:,} bytes" if path.is_file() else "no file"
        return Records((), (Refused(name, 0, reason),))
    if path.suffix.lower() == ".parquet":
        return _collect(parquet_rows(path), name, types, zone)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _read_broken(raw, name, line, path.suffix, types, zone)
    return read_text(text, name, types, zone, csv_form=path.suffix.lower() in (".csv", ".tsv"))


def read_text(
    text: str, name: str, types: Mapping[str, RecordType], zone: ZoneInfo, csv_form: bool = False
) -> Records:
    """Read records from text in memory (also standard input)."""
    if len(text) > MAX_BYTES:
        return Records((), (Refused(name, 0, f"larger than {MAX_BYTES:,} bytes"),))
    rows = csv_rows(io.StringIO(text, newline="")) if csv_form else json_rows(text.split("\n"))
    return _collect(rows, name, types, zone)


def read_rows(
    rows: Iterable[Mapping[str, Any]], types: Mapping[str, RecordType], zone: ZoneInfo
) -> Records:
    """Records that are plain data already, as `json.loads` gives them; numbered from 1."""
    given = (plain(dict(row)) for row in rows)
    return _collect(enumerate(given, start=1), "", types, zone)


def _read_broken(
    raw: bytes, name: str, line: int, suffix: str, types: Mapping[str, RecordType], zone: ZoneInfo
) -> Records:
    """A file with bytes that are not UTF-8: the lines that hold them are refused, the rest read."""
    kept = raw.decode("utf-8-sig", errors="replace").split("\n")
    bad = [i for i, part in enumerate(raw.split(b"\n")) if not _is_utf8(part)]
    for index in bad:
        kept[index] = ""
    rest = read_text("\n".join(kept), name, types, zone, csv_form=suffix.lower() == ".csv")
    refusals = tuple(Refused(name, i + 1, "not UTF-8 text") for i in bad)
    refused = tuple(sorted((*refusals, *rest.refused), key=lambda r: r.line))
    return replace(rest, refused=refused)


def _is_utf8(part: bytes) -> bool:
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _collect(
    rows: Iterable[Row], name: str, types: Mapping[str, RecordType], zone: ZoneInfo
) -> Records:
    records: list[Record] = []
    refused: list[Refused] = []
    noting = Noting(name, FIELDS)
    for line, row in rows:
        try:
            if isinstance(row, Bad):
                raise row
            records.append(to_record(row, types, zone, line))
            noting.note(line, row)
        except Bad as error:
            refused.append(Refused(name, line, short(str(error))))
        except RecursionError:
            refused.append(Refused(name, line, "nested too deeply"))
    return unique(records, refused, noting.found())


def short(reason: str) -> str:
    """A reason that quotes no more than a person reads."""
    return reason if len(reason) <= MAX_REASON else f"{reason[: MAX_REASON - 1]}…"


def unique(
    records: Iterable[Record], refused: Iterable[Refused], unknown: Iterable[UnknownField] = ()
) -> Records:
    """Same id and content: one record.  Same id, other content: the later is refused."""
    kept: dict[str, Record] = {}
    bad = list(refused)
    for record in records:
        earlier = kept.get(record.id)
        if earlier is None:
            kept[record.id] = record
        elif replace(earlier, line=0) != replace(record, line=0):
            reason = (
                f"id “{record.id[:MAX_REASON]}” stands on line {earlier.line} with other content"
            )
            bad.append(Refused("", record.line, reason))
    return Records(tuple(kept.values()), tuple(bad), unknown=tuple(unknown))


def identified(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """Id, type and source, which every record has; raises Bad for one that lacks them."""
    identity = _text(row, "id")
    type_name = _text(row, "type")
    source = _text(row, "source")
    if identity is None or type_name is None or source is None:
        missing = [f for f in ("id", "type", "source") if _text(row, f) is None]
        raise Bad(f"without {' and '.join(missing)}")
    return identity, type_name, source


def check_dates(row: Mapping[str, Any]) -> None:
    """Raise Bad for a date that cannot be, in a row of any type: 2026-02-30, an hour 25."""
    for name in ("at", "reported", "received"):
        _period(row, name, UTC)
    args = row.get("args")
    if row.get("type") == "coverage" and isinstance(args, Mapping):
        _check_until(args, UTC)


def _check_until(args: Mapping[str, Any], zone: ZoneInfo) -> None:
    """Until when somebody watched is a date like others: an impossible one would count nothing."""
    try:
        _period(args, "until", zone)
    except Bad as error:
        raise Bad(str(error).replace("“until”", "“args.until”", 1)) from error


def to_record(
    row: Mapping[str, Any], types: Mapping[str, RecordType], zone: ZoneInfo, line: int = 0
) -> Record:
    """One row as a record; raises Bad with the reason."""
    identity, type_name, source = identified(row)
    lists = {name: _list(row, name) for name in LIST_FIELDS}
    at = _period(row, "at", zone)
    reported = _period(row, "reported", zone)
    record_type = types.get(type_name)
    if record_type is None and (at is not None or not lists["withdraws"]):
        raise Bad(f"unknown record type “{type_name}”{_near(type_name, types)}")
    if at is None and not (lists["withdraws"] and reported):
        raise Bad("without “at” (only a withdrawal may leave it out, and needs “reported”)")
    if record_type is not None:
        _misplaced(row, record_type)
        if type_name == "coverage" and isinstance(row.get("args"), Mapping):
            _check_until(row["args"], zone)
    received = _period(row, "received", zone)
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
        claimed_by=_text(row, "claimed_by"),
        received=received.last if received else None,
        status=_text(row, "status"),
        observed_how=_text(row, "observed_how"),
        count=_decimal(row["count"], "count") if row.get("count") is not None else None,
        handling=_text(row, "handling"),
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


def _text(row: Mapping[str, Any], name: str) -> str | None:
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


def _list(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    if isinstance(value, list):
        if len(value) > MAX_LIST:
            raise Bad(f"“{name}” lists more than {MAX_LIST:,}")
        items = [_text({name: item}, name) for item in value]
        return tuple(item for item in items if item)
    one = _text(row, name)
    return tuple(part.strip() for part in one.split(";") if part.strip()) if one else ()


def _period(row: Mapping[str, Any], name: str, zone: ZoneInfo) -> Period | None:
    text = _text(row, name)
    if text is None:
        return None
    try:
        return parse_period(text, zone, _text(row, "precision") if name == "at" else None)
    except ValueError as error:
        raise Bad(f"“{name}”: {error}") from error


def _decimal(value: Any, name: str) -> Decimal:
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
        return _text({"place": value}, "place")
    if not isinstance(value, Mapping):
        raise Bad("“place” is a name or {lat, lon}")
    if value.get("lat") is not None or value.get("lon") is not None:
        if value.get("lat") is None or value.get("lon") is None:
            raise Bad("“place” needs both lat and lon")
        try:
            return Point(float(_decimal(value["lat"], "lat")), float(_decimal(value["lon"], "lon")))
        except Bad:
            raise
        except ValueError as error:
            raise Bad(f"“place”: {error}") from error
    return _text(value, "name")


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
    if declared.kind in (ArgKind.NUMBER, ArgKind.MONEY):
        return _decimal(given, name)
    if declared.kind is ArgKind.TEXT and not isinstance(given, str):
        return json.dumps(given, default=str, sort_keys=True)
    if isinstance(given, Mapping):
        place = _place(given)
        if isinstance(place, str):
            return place
        raise Bad(f"“{name}” is a name")
    if declared.many or declared.kind is ArgKind.RECORD:
        items = _list({name: given}, name)
        for item in items:
            _allowed(item, declared, name)
        return items
    text = _text({name: given}, name)
    if text is None:
        raise Bad(f"“{name}” is empty")
    return _allowed(text, declared, name)


def _allowed(word: str, declared: ArgType, name: str) -> str:
    if declared.one_of and word not in declared.one_of:
        near = _near(word, declared.one_of)
        raise Bad(f"“{name}” is “{word}”, not one of {', '.join(declared.one_of)}{near}")
    return word
