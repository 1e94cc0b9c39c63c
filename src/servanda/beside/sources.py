"""The list of sources beside an agreement: who speaks, for which side, with what mandate.

In: the folder of an agreement, and the agreement, which declares the sides and the record types.
Out: the sources by id, or `InputError` with place, reason and cure.
"""

from collections.abc import Iterable
from pathlib import Path

from servanda.beside import Document, read_yaml
from servanda.beside.shapes import SOURCES
from servanda.evidence.source import Source
from servanda.language.diagnostics import nearest
from servanda.model.agreement import Agreement

FILE = "sources.yaml"


def read_sources(folder: Path, agreement: Agreement) -> dict[str, Source]:
    """The list of sources beside an agreement; raises InputError."""
    document = read_yaml(folder, FILE)
    if document is None or document.data is None:
        return {}
    found: dict[str, Source] = {}
    rows = document.checked(SOURCES)["sources"]
    voices = {*agreement.actors, *(str(row["id"]) for row in rows)}
    for index, row in enumerate(rows):
        path = ("sources", index)
        source = Source(
            str(row["id"]),
            str(row.get("name") or ""),
            str(row.get("kind") or ""),
            str(row["side"]) if row.get("side") else None,
            tuple(str(word) for word in row.get("mandate") or ()),
            str(row["url"]) if row.get("url") else None,
        )
        if source.id in found:
            raise document.refuse(
                "SV0803",
                f"the source `{source.id[:40]}` is listed twice",
                (*path, "id"),
                why="Its word would count by whichever of the two comes last.",
                fix="Join the two, or give one of them another id.",
            )
        if source.side is not None:
            _must_be_known(document, (*path, "side"), source.side, voices, "actor")
        for place, word in enumerate(source.mandate):
            where = (*path, "mandate", place)
            _must_be_known(document, where, word, agreement.record_types, "record type")
        found[source.id] = source
    return found


def _must_be_known(
    document: Document, path: tuple[str | int, ...], word: str, known: Iterable[str], what: str
) -> None:
    if word in known:
        return
    close = nearest(word, known, most=1)
    raise document.refuse(
        "SV0806",
        f"the agreement declares no {what} `{word[:40]}`",
        path,
        why="A word that nothing declares would be taken for somebody or something else.",
        fix=f"Write `{close[0]}`, or declare it." if close else "Correct it, or declare it.",
    )
