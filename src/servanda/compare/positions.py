"""What parties have said of the drafts compared: by draft, where each sticks, what was said before.

In: positions.yaml beside each draft, and rows about one draft in the file of another.  Out: plain
rows.  A later position does not undo an earlier one: both are shown, and nobody is taken at a word
that was said of another draft or of another thing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from servanda.compare.align import answers
from servanda.compare.change import Change
from servanda.compare.draft import Draft
from servanda.compare.table import Compared
from servanda.report.negotiation import negotiation, sources
from servanda.report.negotiation import positions as recorded
from servanda.report.sticking_points import WHOLE, sticking_points

Row = Mapping[str, Any]
_WHOLE = "the whole text"  # here a position on the whole text counts like one on a point of it
_FIELDS = ("party", "point", "sub", "position", "detail", "paraphrase", "date", "class")


def positions(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """Every position on one of the drafts, with the letter of the draft, by date."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    letters = {draft.id: draft.mark for draft in drafts}
    for draft in drafts:
        known = {
            str(row.get("id")): str(row["agreement"])
            for row in negotiation(draft.library)["drafts"]
            if row.get("agreement")
        }
        for row in recorded(draft.library):
            about = row.get("draft")
            letter = draft.mark if not about else letters.get(known.get(str(about), ""))
            if letter is None:
                continue
            told = {name: row.get(name) for name in _FIELDS}
            told = {name: value and str(value) for name, value in told.items()}
            where = sources(row)
            key = (letter, told["party"], told["point"], told["date"], tuple(where))
            found.setdefault(key, {"draft": letter, **told, "sources": where})
    return sorted(found.values(), key=lambda row: str(row["date"]))


def sticking(drafts: Sequence[Draft], rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    """Where each draft sticks, by the latest position of each party on it."""
    found = {}
    for draft in drafts:
        own = [
            {**row, "draft": None, "point": _WHOLE if row["point"] == WHOLE else row["point"]}
            for row in rows
            if row["draft"] == draft.mark
        ]
        found[draft.mark] = [
            {**row, "point": WHOLE if row["point"] == _WHOLE else row["point"]}
            for row in sticking_points(own)
        ]
    return found


def said_before(
    drafts: Sequence[Draft], rows: Sequence[Row], compared: Compared
) -> Iterator[dict[str, Any]]:
    """A party's position beside its own latest earlier one on the same thing, where they differ.

    The same thing is the same point of one draft, or points of two drafts that answer each other;
    a position on a part of a point is compared only with positions on a part of it.
    """
    for index, later in enumerate(rows):
        earlier = [
            row
            for row in rows[:index]
            if row["party"] == later["party"]
            and str(row["date"]) < str(later["date"])
            and _same_thing(drafts, row, later, compared)
        ]
        if earlier and earlier[-1]["position"] != later["position"]:
            yield {"party": later["party"], "earlier": earlier[-1], "later": later}


def _same_thing(drafts: Sequence[Draft], one: Row, other: Row, compared: Compared) -> bool:
    if one["draft"] == other["draft"]:
        return (one["point"], one["sub"]) == (other["point"], other["sub"])
    if WHOLE in (one["point"], other["point"]):
        return False
    if bool(one["sub"] or one["detail"]) != bool(other["sub"] or other["detail"]):
        return False
    a, b = sorted((one, other), key=lambda row: str(row["draft"]))
    by_letter = {draft.mark: draft.agreement for draft in drafts}
    ours, theirs = by_letter[a["draft"]], by_letter[b["draft"]]
    return answers(ours, a["point"], theirs, b["point"]) or any(
        _links(change, a["point"], b["point"]) for change in compared[a["draft"], b["draft"]]
    )


def _links(change: Change, p: str, q: str) -> bool:
    if change.before is None or change.after is None:
        return False
    return (change.before.provision, change.after.provision) == (p, q)
