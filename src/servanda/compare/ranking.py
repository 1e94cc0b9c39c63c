"""A user's own ranking beside the balance: the same lists in the order that somebody has set.

Nothing is weighed or added up.  The table says whose order it is; what is not ranked is counted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from servanda.compare.choices import Ranking
from servanda.compare.table import Row

NOTE = "the order is the user's own; it is no finding, and nothing is weighed or added up"


def ranked(
    ranking: Ranking,
    rows: Sequence[Row],
    balances: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """For each clause that is ranked, who gives, gets or keeps it under which draft."""
    listed = []
    done: set[int] = set()
    for place, name in enumerate(ranking.order, 1):
        for index, row in enumerate(rows):
            if index not in done and any(name in cell.clauses for cell in row.cells.values()):
                done.add(index)
                listed.append({"rank": place, "ranked": name, **_of(row, balances)})
    return {"by": ranking.by, "note": NOTE, "rows": listed, "not_ranked": len(rows) - len(done)}


def _of(row: Row, balances: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    parties: dict[str, dict[str, list[str]]] = {}
    for balance in balances:
        found = {
            letter: [word for word in ("gives", "gets", "keeps") if _in(cell.clauses, told[word])]
            for letter, cell in row.cells.items()
            if (told := balance["drafts"].get(letter)) is not None
        }
        if any(found.values()):
            parties[str(balance["party"])] = found
    return {
        "clauses": {letter: list(cell.clauses) for letter, cell in row.cells.items()},
        "parties": parties,
    }


def _in(clauses: Sequence[str], names: Sequence[str]) -> bool:
    return any(name in names for name in clauses)


__all__ = ["NOTE", "ranked"]
