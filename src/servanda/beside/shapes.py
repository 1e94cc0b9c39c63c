"""The forms of the YAML files beside an agreement: what its readers rely on."""

from typing import Any

from servanda.beside.document import NUMBER, TEXT, Needed

SOURCES = {
    "sources": Needed(
        [
            {
                "id": Needed(TEXT),
                **dict.fromkeys(("name", "kind", "side", "url"), TEXT),
                "mandate": [TEXT],
            }
        ]
    )
}

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
NEGOTIATION = {
    "status": {"history": [_NOTED], "claims": [_SAID], "note": TEXT},
    "witnesses": [{"id": TEXT, "confirmed_by": TEXT, **_SOURCES}],
    "differences": [_DIFFERENCE],
    "involvement": [{"party": TEXT, "contested_by": [TEXT], **_NOTED}],
    "meetings": [_MEETING],
    "statements": [
        {
            **dict.fromkeys(("id", "about", "capacity"), TEXT),
            "contradicts": [TEXT],
            "against": [TEXT],
            "check": _CHECK,
            **_SAID,
        }
    ],
    "commentary": [{"point": TEXT, "says": TEXT}],
    "aims": [_SAID],
    "baseline": [{"id": TEXT, "date": TEXT, "place": TEXT, "says": TEXT}],
    "drafts": [{"differences": [{"points": [TEXT], "says": TEXT}], "title": TEXT}],
    "map": [{"id": TEXT, "line": TEXT, "seen_from": TEXT, "units": [TEXT], "connects": [TEXT]}],
}
_POSITION = ("party", "point", "sub", "position", "detail", "draft", "date", "paraphrase")
POSITIONS = [{**dict.fromkeys(_POSITION, TEXT), **_SOURCES}]
SHAPES: dict[str, Any] = {
    "sources.yaml": SOURCES,
    "negotiation.yaml": NEGOTIATION,
    "positions.yaml": POSITIONS,
}
