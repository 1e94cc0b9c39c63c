"""The record of a negotiation and the parties' positions, from the files beside an agreement.

In: `negotiation.yaml` and `positions.yaml`.  Out: lists of plain rows under fixed names.
Statements stand side by side and nothing is settled here; a file that cannot be used is refused
with the reason.
"""

from collections.abc import Mapping
from typing import Any

from servanda.beside import NUMBER, TEXT, Document
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

_SOURCES = {"sources": [None], "source": TEXT}
_SAID = {**dict.fromkeys(("speaker", "according_to", "class", "date", "says"), TEXT), **_SOURCES}
_NOTED = {"status": TEXT, "from": TEXT, "date": TEXT, "note": TEXT, **_SOURCES}
_DIFFERENCE = {
    "point": TEXT,
    "about": TEXT,
    "reading_term": TEXT,
    "note": TEXT,
    "wordings": [{"witness": TEXT, "says": TEXT, "reading": TEXT}],
}
_MEETING = {
    **dict.fromkeys(("date", "place", "length", "handed_over", "note"), TEXT),
    "participants": [TEXT],
    "outcomes": [_SAID],
}
_CHECK = {"kind": TEXT, "place": TEXT, "within": [TEXT], "years": NUMBER, "since": [TEXT]}
SHAPE = {
    "status": {"history": [_NOTED], "claims": [_SAID], "note": TEXT},
    "witnesses": [{"id": TEXT, **_SOURCES}],
    "differences": [_DIFFERENCE],
    "involvement": [{"party": TEXT, "contested_by": [TEXT]}],
    "meetings": [_MEETING],
    "statements": [{"id": TEXT, "contradicts": [TEXT], "check": _CHECK, **_SAID}],
    "commentary": [{"point": TEXT, "says": TEXT}],
    "aims": [_SAID],
    "baseline": [{"id": TEXT, "date": TEXT, "place": TEXT, "says": TEXT}],
    "drafts": [{"differences": [{"points": [TEXT], "says": TEXT}], "title": TEXT}],
    "map": [{"id": TEXT, "line": TEXT, "seen_from": TEXT, "units": [TEXT], "connects": [TEXT]}],
}
POSITIONS = [dict.fromkeys(("party", "point", "position", "date", "paraphrase"), TEXT)]


def document(library: Library) -> tuple[Document, Mapping[str, Any]]:
    """The file as it stands, to say where something is wrong in it, and what it says."""
    found = library.document("negotiation.yaml")
    return found, found.checked(SHAPE) or {}


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
    return library.document("positions.yaml").checked(POSITIONS) or []


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
