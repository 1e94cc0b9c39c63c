"""Any table, by a mapping file that says which column is what.

    csv:
      id: "press-{number}"                  # columns in braces
      type: attack                          # a word, or {column: …, words: {…}}
      source: {column: outlet}
      at: {column: date, form: "%d.%m.%Y", precision: day}
      place: {lat: latitude, lon: longitude}      # or {name: town}
      args:
        by: {column: who, words: {R: North}, otherwise: unattributed}
        weapon: {column: weapon, words: {d: drone}}

A word that stands in no table is a reason to keep the row apart, unless `otherwise` says what then.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from servanda.connect.cells import Cells, day, needed, point, text
from servanda.connect.connector import UNATTRIBUTED, Connector, Settings
from servanda.connect.provenance import Licence
from servanda.connect.row import Problem, Raw, Unusable

NEEDED = ("id", "type", "source", "at")
# Fields of a record that a mapping may fill like any other.
WORDS = ("source", "type", "claimed_by", "reported", "received", "status", "observed_how", "count")
KNOWN = (*WORDS, "id", "at", "place", "args", "delimiter", "handling", "same_as", "derived_from")
_COLUMN = re.compile(r"\{([^{}]+)\}")


def check(settings: Settings) -> None:
    missing = [name for name in NEEDED if not settings.mapping.get(name)]
    if missing:
        raise Unusable(
            f"The connector csv needs a mapping file that says {', '.join(missing)} "
            "(--mapping FILE; docs/connectors.md has one)."
        )
    unknown = [name for name in settings.mapping if name not in KNOWN]
    if unknown:
        raise Unusable(
            f"The mapping says {', '.join(map(str, unknown))}, which no record has; "
            f"it can say {', '.join(KNOWN)}."
        )


def records(raw: Raw, settings: Settings) -> Iterator[dict[str, Any]]:
    mapping, cells = settings.mapping, raw.cells
    record: dict[str, Any] = {"id": _filled(str(mapping["id"]), cells)}
    for name in (*WORDS, "handling", "same_as", "derived_from"):
        if name in mapping and (value := _word(mapping[name], cells, name)) is not None:
            record[name] = value
    record["at"] = _when(mapping["at"], cells)
    if isinstance(precision := _part(mapping["at"], "precision"), str):
        record["precision"] = precision
    if "place" in mapping and (place := _where(mapping["place"], cells, settings)) is not None:
        record["place"] = place
    args = mapping.get("args") or {}
    if not isinstance(args, Mapping):
        raise Unusable("The mapping's “args” is no table: write args: {by: …}.")
    said = {str(name): _word(value, cells, f"args.{name}") for name, value in args.items()}
    record["args"] = {name: value for name, value in said.items() if value is not None}
    yield record


def _filled(pattern: str, cells: Cells) -> str:
    def cell(found: re.Match[str]) -> str:
        if found[1] not in cells:
            raise Unusable(f"The mapping names the column “{found[1]}”, which the table lacks.")
        return needed(cells, found[1])

    return _COLUMN.sub(cell, pattern)


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _word(value: Any, cells: Cells, name: str) -> str | None:
    """A fixed word, a pattern of columns, or a column with a table of words."""
    if not isinstance(value, Mapping):
        return _filled(str(value), cells)
    column = _named(value, cells, name)
    written = text(cells, column)
    words, otherwise = value.get("words"), value.get("otherwise")
    if written is None:
        # An empty cell says nothing; of an actor, that is what “unattributed” says.
        return UNATTRIBUTED if otherwise == UNATTRIBUTED else None
    if words is None:
        return written
    if written in words:
        return None if words[written] is None else str(words[written])
    if otherwise is None:
        raise Problem(f"“{written}” stands in no table of the mapping", column)
    return str(otherwise)


def _named(value: Mapping[str, Any], cells: Cells, name: str) -> str:
    column = str(value.get("column") or "")
    if column not in cells:
        raise Unusable(f"The mapping of “{name}” names the column “{column}”, which is not there.")
    return column


def _when(value: Any, cells: Cells) -> str:
    if not isinstance(value, Mapping):
        return _filled(str(value), cells)
    column = _named(value, cells, "at")
    form = value.get("form")
    return needed(cells, column) if form is None else day(cells, column, str(form)).isoformat()


def _where(value: Any, cells: Cells, settings: Settings) -> dict[str, Any] | None:
    if not isinstance(value, Mapping):
        return {"name": _filled(str(value), cells)}
    if "name" in value:
        name = _word(
            {"column": value["name"], **{k: v for k, v in value.items() if k != "name"}},
            cells,
            "place",
        )
        return None if name is None else {"name": name}
    lat, lon = str(value.get("lat")), str(value.get("lon"))
    return point(cells, lat, lon, settings.expected)


CONNECTOR = Connector(
    "csv",
    "any table, by a mapping file",
    Licence("as the user knows it", "as the user knows it"),
    (),
    records,
    check,
    note="Nothing is guessed: what the mapping does not say is not read.",
)
