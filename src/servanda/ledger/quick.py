"""Records from the lines of entries, fast: what many rows share is worked out once.

A row that holds the usual fields in their usual form becomes a record from parts that
`evidence.read.to_record` gave for rows before it; every other row goes through `to_record` itself.
Tests hold both to be equal.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from servanda.evidence.checked import to_record
from servanda.evidence.instant import Period, parse_period
from servanda.evidence.record import Record
from servanda.geo import Point
from servanda.ledger import canon
from servanda.model.record_type import RecordType

KEPT = 100_000  # parts of a kind that are kept; then they are worked out anew
# Fields of a record that are worked out together with others: rows with them take the long way.
_LONG = ("precision", "received", "same_as", "replaces", "withdraws", "derived_from", "count")
_LONG_WAY = frozenset((*_LONG, "status", "observed_how", "handling"))
_ID = re.compile(rb'"id":"([!#-\[\]-~](?:[ !#-\[\]-~]*[!#-\[\]-~])?)"')
_INSTANT = re.compile(rb'"at":"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?Z"')
_POINT = re.compile(
    rb'"place":\{"lat":(-?\d{1,2}(?:\.\d{1,12})?),"lon":(-?\d{1,3}(?:\.\d{1,12})?)\}'
)
_OWN = b'"entry.'
_MINUTE = 60_000_000


@dataclass
class Quick:
    """Makes records; keeps the parts that came up."""

    types: Mapping[str, RecordType]
    zone: ZoneInfo
    _names: dict[bytes, str] = field(default_factory=dict)
    _texts: dict[bytes, str | None] = field(default_factory=dict)
    _instants: dict[bytes, tuple[int, Period]] = field(default_factory=dict)
    _days: dict[bytes, int] = field(default_factory=dict)
    _args: dict[tuple[bytes, bytes], Mapping[str, Any]] = field(default_factory=dict)
    _places: dict[bytes, Any] = field(default_factory=dict)

    def record(self, lines: Sequence[bytes], line: int) -> Record:
        """The record of the open lines of an entry; raises Bad with the reason why it is none."""
        usual = self._usual(lines)
        if usual is not None:
            found = self._together(usual, line)
            if found is not None:
                return found
        text = b",".join(one for one in lines if not one.startswith(_OWN))
        made = to_record(canon.read([text.decode()]), self.types, self.zone, line)
        if usual is not None:
            self._keep(usual, made)
        return made

    def _usual(self, lines: Sequence[bytes]) -> dict[str, bytes] | None:
        """The lines by the names of their fields; None when one of them takes the long way."""
        found: dict[str, bytes] = {}
        names = self._names
        for one in lines:
            start = one[: one.find(b'":', 1)]
            name = names.get(start)
            if name is None:
                name = names[start] = "" if start.startswith(_OWN) else start[1:].decode()
            if name:
                found[name] = one
        return found if _LONG_WAY.isdisjoint(found) else None

    def _together(self, usual: Mapping[str, bytes], line: int) -> Record | None:
        """A record from parts that are there; None when one is missing."""
        try:
            identity = _ID.fullmatch(usual["id"])
            type_line, args_line = usual["type"], usual.get("args", b"")
            record_type = self._texts[type_line]
            args = self._args[type_line, args_line]
            source = self._texts[usual["source"]]
            speaker = usual.get("claimed_by")
            claimed_by = None if speaker is None else self._texts[speaker]
            at = self._at(usual["at"])
            place_line = usual.get("place")
            place = None if place_line is None else self._place(place_line)
            told = usual.get("reported")
            reported = at.last if told is None else self._instants[told][0]
        except KeyError:
            return None
        if identity is None or record_type is None or source is None:
            return None
        return Record(
            identity[1].decode(), record_type, source, reported, at, args, place, claimed_by,
            line=line,
        )  # fmt: skip

    def _at(self, line: bytes) -> Period:
        found = _INSTANT.fullmatch(line)
        if found is None:
            return self._instants[line][1]
        day, hour, minute, second = found.groups()
        midnight = self._days.get(day)
        if midnight is None:
            try:
                midnight = parse_period(day.decode() + "T00:00:00Z", self.zone).first
            except ValueError as error:
                raise KeyError(day) from error
            self._days[day] = midnight
        at = midnight + (int(hour) * 60 + int(minute)) * _MINUTE
        if second is not None:
            at += int(second) * 1_000_000
        return Period(at, at)

    def _place(self, line: bytes) -> Any:
        found = _POINT.fullmatch(line)
        if found is None:
            return self._places[line]
        try:
            return Point(float(found[1]), float(found[2]))
        except ValueError as error:
            raise KeyError(line) from error

    def _keep(self, usual: Mapping[str, bytes], made: Record) -> None:
        """Keep the parts of a record that came the long way."""
        for parts in (self._texts, self._instants, self._args, self._places):
            if len(parts) > KEPT:
                parts.clear()
        if made.at is None:
            return
        self._texts[usual["type"]] = made.type
        self._texts[usual["source"]] = made.source
        self._args[usual["type"], usual.get("args", b"")] = made.args
        self._instants[usual["at"]] = (made.at.last, made.at)
        if "reported" in usual:
            self._instants[usual["reported"]] = (made.reported, made.at)
        if "claimed_by" in usual:
            self._texts[usual["claimed_by"]] = made.claimed_by
        if "place" in usual:
            self._places[usual["place"]] = made.place
