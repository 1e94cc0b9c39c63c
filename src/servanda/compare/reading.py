"""What is read out of a comparison by whoever shows it: for whom, by which drafts, what differs.

In: a comparison as plain data (`servanda.comparison/1`).  Out: the same, gathered; nothing new.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Found = Mapping[str, Any]
TOLD = ("changed", "added", "removed")


def provision_of(change: Found) -> str | None:
    """The provision under which a change is told: that of the first draft that has the clause."""
    found: str | None = (change["before"] or change["after"])["provision"]
    return found


def for_whom(found: Found, one: Found) -> dict[str, dict[str, list[str]]]:
    """By party in which points what it bears or holds became stronger or weaker."""
    told: dict[str, dict[str, list[str]]] = {}
    for row in found["balance"]:
        by_direction = {d: _points(one, d, row["party"]) for d in ("stronger", "weaker")}
        if any(by_direction.values()):
            told[row["party"]] = {d: points for d, points in by_direction.items() if points}
    return told


def _points(one: Found, direction: str, party: str) -> list[str]:
    points = [
        str(provision_of(change))
        for change in one["clauses"]
        if any(_goes(part, direction, party) for part in change["parts"])
    ]
    return list(dict.fromkeys(points))


def _goes(part: Found, direction: str, party: str) -> bool:
    own = part["role"] == "bears" and party in part["for"]
    return bool(own and part["direction"] == direction)


def differs(row: Found) -> bool:
    """Whether two drafts are known to say different things in a row of the table."""
    return len({c["number"] for c in row.values() if c["number"] or c["lacks"]}) > 1


def texts(found: Found) -> dict[tuple[str, str], str | None]:
    """By letter and clause what a clause is called in words."""
    told: dict[tuple[str, str], str | None] = {}
    for one in found["comparisons"]:
        for change in one["clauses"]:
            for side, letter in (("before", one["before"]), ("after", one["after"])):
                if change[side] is not None:
                    told[letter, change[side]["id"]] = change[side]["text"]
    return told


def by_drafts(found: Found, lists: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Clauses by the letters of the drafts in whose list they, or what answers them, stand."""
    grouped: dict[str, list[str]] = {}
    for row in found["table"]:
        named = {
            letter: [clause for clause in cell["clauses"] if clause in lists.get(letter, ())]
            for letter, cell in row.items()
        }
        letters = [letter for letter, clauses in named.items() if clauses]
        if letters:
            grouped.setdefault(" ".join(letters), []).append(named[letters[0]][0])
    return grouped
