"""What other drafts of a negotiation say on the point of a commitment, as it is on record."""

from collections.abc import Iterator, Mapping
from typing import Any

from servanda.checks.frame.context import Context
from servanda.report.negotiation import negotiation


def elsewhere(context: Context, point: str | None) -> tuple[str, ...]:
    """A line for each difference on a point, with its draft, day, status and class of source.

    The record is negotiation.yaml beside the agreement; where there is none nothing is said.
    """
    drafts = context.kept("negotiation", lambda: negotiation(context.library))["drafts"]
    return tuple(f"elsewhere: {line}" for draft in drafts for line in _lines(draft, point))


def _lines(draft: Mapping[str, Any], point: str | None) -> Iterator[str]:
    told = [draft.get("title") or draft.get("id"), draft.get("date"), draft.get("status")]
    told.append(str(draft.get("class") or "").replace("_", " "))
    named = ", ".join(str(part) for part in told if part)
    for row in draft.get("differences") or ():
        if point in (row.get("points") or ()) and row.get("says"):
            yield f"{named}: {row['says']}"
