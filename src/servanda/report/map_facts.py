"""What a line means on the map: shares of area beyond it, and land connections (approximate).

In: the entries `map` of negotiation.yaml, `{id, line, seen_from, units, connects: [A, B]}`.
Out: rows with shares in percent, square kilometres on this side (to the hundred) and whether the
land beyond the line connects two units.
"""

from collections.abc import Mapping
from typing import Any

from servanda.beside import Document
from servanda.geo import Atlas
from servanda.geo.beyond import beyond, connects, shares
from servanda.library import Library
from servanda.report.negotiation import document


def map_facts(library: Library) -> list[dict[str, Any]]:
    """One row for each question to the map, in the file's order."""
    file, record = document(library)
    asked = record.get("map") or ()
    return [_fact(library, file, ("map", index), row) for index, row in enumerate(asked)]


def _fact(
    library: Library, file: Document, path: tuple[str | int, ...], row: Mapping[str, Any]
) -> dict[str, Any]:
    atlas = library.atlas
    line, units = str(row.get("line")), [str(u) for u in row.get("units") or []]
    part = _beyond(atlas, line, str(row.get("seen_from")), units)
    if part is None:
        raise file.refuse(
            "SV0806",
            f"the entry `{row.get('id')}` names what is not on the map",
            path,
            why="It needs a `line` of the agreement, a place it is `seen_from`, and `units`.",
            fix="Use names of the agreement and of the base map.",
        )
    zone, found_shares = library.agreement.zones.get(line), shares(atlas, part, units)
    found: dict[str, Any] = {
        "id": row.get("id"),
        "line": line,
        "seen_from": row.get("seen_from"),
        "approximate": True,
        "schematic": zone.schematic if zone is not None else False,
        "beyond_percent": {unit: round(100 * share) for unit, share in found_shares.items()},
        "this_side_km2": {
            unit: _hundreds((1 - share) * (atlas.area_km2(unit) or 0))
            for unit, share in found_shares.items()
        },
    }
    if pair := row.get("connects"):
        if len(pair) != 2 or any(atlas.shape_of(str(name)) is None for name in pair):
            raise file.refuse(
                "SV0806",
                "`connects` names what is not on the map",
                (*path, "connects"),
                why="It asks whether the land beyond the line joins two units.",
                fix="Write two units of the base map: `connects: [UNIT, UNIT]`.",
            )
        one, other = (str(name) for name in pair)
        found["connects"] = {
            "from": one,
            "to": other,
            "by_land": connects(atlas, part, one, other),
        }
    return found


def _beyond(atlas: Atlas, line: str, seen_from: str, units: list[str]) -> Any:
    """The land beyond a line; None where a name is not known or the line divides nothing."""
    from shapely.errors import ShapelyError

    drawn = atlas.shape_of(line)
    if drawn is None or not drawn.is_line or not units:
        return None
    try:
        return beyond(atlas, line, seen_from, units)
    except (ShapelyError, ValueError):  # a line that cannot divide an area
        return None


def _hundreds(km2: float) -> int:
    return 100 * round(km2 / 100)
