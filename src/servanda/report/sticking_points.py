"""Where the talks stick: what parties last said of each point, and what outsiders have declared.

In: the rows of positions.yaml, and statements of negotiation.yaml with `against: [COMMITMENT, …]`.
Out: rows for people.  The latest position counts, earlier ones stay on record; nobody's silence is
read as consent, and a position on another draft is no position on this one.
"""

from collections.abc import Iterable
from typing import Any

from servanda.library import Library
from servanda.model.norm import Norm
from servanda.report.names import names
from servanda.report.negotiation import Row

WHOLE = "whole"
AGREEABLE = ("accept", "proposes")


def sticking_points(positions: Iterable[Row]) -> list[dict[str, Any]]:
    """One row for each point to which somebody's latest position is not simply yes.

    `opposed` where another accepts or proposes what somebody does not.
    """
    latest: dict[tuple[str, str], dict[str, Row]] = {}
    for row in sorted(positions, key=lambda row: str(row.get("date"))):
        if not row.get("draft") and row.get("point") != WHOLE:
            part = (str(row.get("point")), str(row.get("sub") or ""))
            latest.setdefault(part, {})[str(row.get("party"))] = row
    found = []
    for (point, sub), by_party in sorted(latest.items(), key=lambda item: _order(item[0])):
        agreed = [row.get("position") in AGREEABLE for row in by_party.values()]
        if not all(agreed):
            said = {party: _said(row) for party, row in sorted(by_party.items())}
            found.append({"point": point, "sub": sub, "said": said, "opposed": any(agreed)})
    return found


def _said(row: Row) -> str:
    """The position in words; its detail may narrow it down."""
    word = str(row.get("position")).replace("_", " ")
    return f"{word} ({row['detail']})" if row.get("detail") else word


def outsiders(library: Library, positions: Iterable[Row], statements: Iterable[Row]) -> list[Any]:
    """Commitments of those who do not sign, each beside what its bearer has said of it."""
    given, told = list(positions), list(statements)
    return [
        {
            "norm": norm.id,
            "positions": [
                dict(row)
                for row in given
                if row.get("point") == norm.provision and row.get("party") in _named(norm)
            ],
            "declared": [dict(row) for row in told if norm.id in (row.get("against") or [])],
        }
        for norm in library.agreement.norms.values()
        if norm.non_signatory
    ]


def _named(norm: Norm) -> set[str]:
    values = norm.bearers.values if norm.bearers is not None else ()
    return {name for value in values for name in names(value)}


def _order(part: tuple[str, str]) -> tuple[int, str]:
    digits = "".join(c for c in part[0] if c.isdigit())
    return int(digits or 0), part[1]
