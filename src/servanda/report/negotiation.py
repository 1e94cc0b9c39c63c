"""The record of a negotiation and the parties' positions, from the files beside an agreement.

In: `negotiation.yaml` and `positions.yaml`.  Out: lists of plain rows under fixed names.
Statements stand side by side and nothing is settled here; a file that cannot be used is refused
with the reason.
"""

from collections.abc import Mapping
from typing import Any

from servanda.library import InputError, Library

LISTS = (
    "witnesses",
    "differences",
    "involvement",
    "meetings",
    "statements",
    "commentary",
    "aims",
    "baseline",
    "drafts",
)
Row = Mapping[str, Any]


def negotiation(library: Library) -> dict[str, Any]:
    """The negotiation record: `status` and the LISTS, each a list of rows, in the file's order."""
    found = library.document("negotiation.yaml") or {}
    if not isinstance(found, Mapping):
        raise InputError("negotiation.yaml: the file is no mapping of names to lists")
    status = found.get("status") or {}
    if not isinstance(status, Mapping):
        raise InputError("negotiation.yaml: “status” is no mapping")
    return {
        "status": {
            "history": rows("negotiation.yaml", status, "history"),
            "claims": rows("negotiation.yaml", status, "claims"),
            "note": str(status.get("note") or ""),
        },
        **{name: rows("negotiation.yaml", found, name) for name in LISTS},
    }


def positions(library: Library) -> list[Row]:
    """What each party has said about each point, earlier positions included."""
    found = library.document("positions.yaml")
    return rows("positions.yaml", {"positions": found or []}, "positions")


def rows(file: str, found: Mapping[str, Any], name: str) -> list[Row]:
    """A list of mappings; an absent one is empty."""
    listed = found.get(name) or []
    if not isinstance(listed, list):
        raise InputError(f"{file}: “{name}” is no list")
    for number, row in enumerate(listed, 1):
        if not isinstance(row, Mapping):
            raise InputError(f"{file}: entry {number} of “{name}” is no mapping")
    return listed


def sources(row: Row) -> list[str]:
    """The sources of a row: addresses, or paragraphs of a report."""
    given = row.get("sources") or ([{"url": row["source"]}] if row.get("source") else [])
    told = []
    for one in given:
        if not isinstance(one, Mapping):
            told.append(str(one))
        elif one.get("report"):
            paragraph = f", paragraph {one['paragraph']}" if one.get("paragraph") else ""
            told.append(f"{one['report']}{paragraph}")
        elif one.get("url"):
            told.append(str(one["url"]))
    return told


def contested(statements: list[Row]) -> list[tuple[Row, list[Row]]]:
    """Statements that others contradict, each with those, once per pair."""
    by_id = {str(s.get("id")): s for s in statements}
    seen: set[frozenset[str]] = set()
    found = []
    for one in statements:
        against = []
        for other in one.get("contradicts") or []:
            pair = frozenset((str(one.get("id")), str(other)))
            if str(other) in by_id and pair not in seen:
                seen.add(pair)
                against.append(by_id[str(other)])
        if against:
            found.append((one, against))
    return found
