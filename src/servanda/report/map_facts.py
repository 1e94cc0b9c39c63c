"""What a line means on the map: shares of area beyond it, and land connections (approximate).

In: the entries `map` of negotiation.yaml, `{id, line, seen_from, units, connects: [A, B]}`.
Out: rows with shares in percent and whether the land beyond the line connects two units.
"""

from typing import Any

from servanda.geo.beyond import beyond, connects, shares
from servanda.library import InputError, Library
from servanda.report.negotiation import rows


def map_facts(library: Library) -> list[dict[str, Any]]:
    """One row for each question to the map, in the file's order."""
    asked = rows("negotiation.yaml", library.document("negotiation.yaml") or {}, "map")
    return [_fact(library, dict(row)) for row in asked]


def _fact(library: Library, row: dict[str, Any]) -> dict[str, Any]:
    atlas = library.atlas
    line, units = str(row.get("line")), [str(u) for u in row.get("units") or []]
    part = beyond(atlas, line, str(row.get("seen_from")), units)
    if part is None:
        raise InputError(f"negotiation.yaml: map “{row.get('id')}” names what is not on the map")
    zone = library.agreement.zones.get(line)
    found: dict[str, Any] = {
        "id": row.get("id"),
        "line": line,
        "seen_from": row.get("seen_from"),
        "approximate": True,
        "schematic": zone.schematic if zone is not None else False,
        "beyond_percent": {
            unit: round(100 * share) for unit, share in shares(atlas, part, units).items()
        },
    }
    if pair := row.get("connects"):
        one, other = (str(name) for name in pair)
        found["connects"] = {
            "from": one,
            "to": other,
            "by_land": connects(atlas, part, one, other),
        }
    return found
