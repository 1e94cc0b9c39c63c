"""The record of a negotiation and the parties' positions, from the files beside an agreement.

In: `negotiation.yaml` and `positions.yaml`.  Out: lists of plain rows under fixed names.
Statements stand side by side and nothing is settled here; a file that cannot be used is refused
with the reason.
"""

from collections.abc import Mapping
from typing import Any

from servanda.beside import Document
from servanda.library import Library

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


def document(library: Library) -> tuple[Document, Mapping[str, Any]]:
    """The file as it stands, to say where something is wrong in it, and what it says."""
    found = library.document("negotiation.yaml")
    return found, found.data or {}


def negotiation(library: Library) -> dict[str, Any]:
    """The negotiation record: `status` and the LISTS, each a list of rows, in the file's order."""
    _, found = document(library)
    status = found.get("status") or {}
    return {
        "status": {
            "history": status.get("history") or [],
            "claims": status.get("claims") or [],
            "note": str(status.get("note") or ""),
        },
        **{name: found.get(name) or [] for name in LISTS},
    }


def positions(library: Library) -> list[Row]:
    """What each party has said about each point, earlier positions included."""
    return library.document("positions.yaml").data or []


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
