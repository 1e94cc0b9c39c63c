"""The parts of a comparison that come later: who can end what, and the audits of the drafts.

In: what was worked out for each draft.  Out: rows by draft.  Fewer warnings are not better in
themselves, and a way that was not decided is none that was lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servanda.compare.reading import texts
from servanda.ends.result import Ends
from servanda.web import words
from servanda.web.draw import bars
from servanda.web.pages import audit
from servanda.web.pages.enders import in_few_words
from servanda.web.pages.matrix import Column

Found = Mapping[str, Any]
ENDS = "who can end it"


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment, and for each draft its ways: power, group and kinds of act; None: not in it."""

    title: str
    cells: tuple[list[tuple[str, tuple[str, ...], str]] | None, ...]


def table(columns: Sequence[Column], found: Found, ends: Mapping[str, Ends]) -> list[Row]:
    """Commitments over which somebody has a power under one of the drafts."""
    names = texts(found)
    told = []
    for row in found["table"]:
        cells = tuple(
            in_few_words(ends[c.letter], row[c.letter]["clauses"])
            if row[c.letter]["clauses"]
            else None
            for c in columns
        )
        if not any(cells):
            continue
        first = next(c for c in columns if row[c.letter]["clauses"])
        clause = row[first.letter]["clauses"][0]
        point = first.library.agreement.norms[clause].provision or ""
        title = words.sentence(names.get((first.letter, clause)) or clause)
        told.append(Row(f"{words.number(point)} · {title}", cells))
    return told


def enders(columns: Sequence[Column], found: Found, ends: Mapping[str, Ends]) -> dict[str, Any]:
    titles = {c.letter: c.title for c in columns}
    came = [
        (f"{titles[one['before']]} → {titles[one['after']]}", _moved(one))
        for one in found["comparisons"]
        if _moved(one)
    ]
    open_ = {c.title: len(ends[c.letter].undecided) for c in columns}
    return {
        "columns": columns,
        "rows": table(columns, found, ends),
        "came": came,
        "open": [(title, count) for title, count in open_.items() if count],
    }


def _moved(one: Found) -> list[tuple[str, str]]:
    """Which ways came and went, by commitment, in the library's words."""
    return [
        (
            " → ".join(dict.fromkeys(s["id"] for s in (c["before"], c["after"]) if s)),
            words.words(part["words"]),
        )
        for c in one["clauses"]
        for part in c["parts"]
        if part["aspect"] == ENDS
    ]


def audits(columns: Sequence[Column], found: Mapping[str, Found]) -> dict[str, Any]:
    """Warnings by check and draft; and what defeats itself in each, with its stories."""
    checks = {c["name"]: c["title"] for one in found.values() for c in one["checks"]}
    counts = {
        name: [
            next(c["warnings"] for c in found[col.letter]["checks"] if c["name"] == name)
            for col in columns
        ]
        for name in checks
    }
    rows = [(words.sentence(checks[n]), listed) for n, listed in counts.items() if any(listed)]
    titles = [c.title for c in columns]
    return {
        "columns": columns,
        "rows": rows,
        "wide": bars.draw(rows, titles, narrow=False),
        "narrow": bars.draw(rows, titles, narrow=True),
        "names": audit.NAMES,
        "breaks": [
            (
                c,
                [
                    w
                    for w in audit.about(c.library, found[c.letter], None)
                    if w.severity == "breaks"
                ],
            )
            for c in columns
        ],
        "undecided": [(c.title, len(found[c.letter]["undecided"])) for c in columns],
    }


def _breaks(column: Column, found: Found) -> list[audit.Warned]:
    listed = audit.about(column.library, found, None)
    return [one for one in listed if one.severity == "breaks"]
