"""Statements about a plan beside what the map, the calendar and the dated baseline show.

A statement in negotiation.yaml may carry a `check`:
    {kind: place, place: NAME, within: [UNIT, …]}    where it puts a place
    {kind: years, years: N, since: [BASELINE, …]}    how long it says that something lasted
A mismatch belongs to whoever made the statement; nothing is settled or corrected here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from servanda.beside import Document
from servanda.language.diagnostics import nearest
from servanda.library import Library
from servanda.report.negotiation import document

AGREES, DIFFERS, UNKNOWN = "agrees", "differs", "cannot be checked"
# How far a number of whole years may be from the count of days.
ROUNDING_YEARS = 0.5
DAYS_PER_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where a check stands in its file."""

    file: Document
    path: tuple[str | int, ...]


def statement_checks(library: Library) -> list[dict[str, Any]]:
    """One row for each statement that can be checked, in the file's order."""
    file, record = document(library)
    baseline = {str(row["id"]): row for row in record.get("baseline") or () if row.get("id")}
    found = []
    for index, statement in enumerate(record.get("statements") or ()):
        check = statement.get("check")
        if not check:
            continue
        asked = _Asked(file, ("statements", index))
        match check.get("kind"):
            case "place":
                result, shown = _place(library, check)
            case "years":
                result, shown = _years(asked, check, baseline, str(statement.get("date")))
            case kind:
                raise file.refuse(
                    "SV0806",
                    f"no check is called `{kind}`",
                    (*asked.path, "check", "kind"),
                    why="A statement is checked against the map (place) or the calendar (years).",
                    fix="Write `kind: place` or `kind: years`, or remove the check.",
                )
        found.append(
            {
                "id": statement.get("id"),
                "speaker": statement.get("speaker"),
                "date": str(statement.get("date")),
                "says": statement.get("says"),
                "result": result,
                "shown": shown,
            }
        )
    return found


def _place(library: Library, check: Mapping[str, Any]) -> tuple[str, list[str]]:
    place, within = str(check.get("place")), [str(u) for u in check.get("within") or []]
    unit = library.atlas.unit_of(place)
    if unit is None:
        return UNKNOWN, [f"{place} is not on the base map"]
    shown = [f"the base map (internationally recognised borders) puts {place} in {unit}"]
    return (AGREES if unit in within else DIFFERS), shown


def _years(
    asked: _Asked, check: Mapping[str, Any], baseline: Mapping[str, Mapping[str, Any]], said_on: str
) -> tuple[str, list[str]]:
    claimed = check.get("years") or 0
    result, shown = DIFFERS, []
    for place, name in enumerate(check.get("since") or ()):
        row = baseline.get(str(name))
        if row is None:
            close = nearest(str(name), baseline, most=1)
            raise asked.file.refuse(
                "SV0806",
                f"no entry of the baseline is called `{name}`",
                (*asked.path, "check", "since", place),
                why="The years are counted from the day of a dated entry.",
                fix=f"Write `{close[0]}`." if close else "Add the entry, with its date and source.",
            )
        begun = str(row.get("date"))
        years = (_day(asked, said_on) - _day(asked, begun)).days / DAYS_PER_YEAR
        what = f"{row.get('place')}: {row.get('says')}".rstrip(".")
        shown.append(f"from {begun} ({what}) it is {years:.1f} years to {said_on}")
        if abs(years - claimed) <= ROUNDING_YEARS:
            result = AGREES
    return (result if shown else UNKNOWN), shown


def _day(asked: _Asked, text: str) -> date:
    """A day; of a month or year its first day."""
    try:
        parts = [int(part) for part in text.split("-")]
        return date(*(*parts, 1, 1)[:3])
    except ValueError:
        raise asked.file.refuse(
            "SV0805",
            f"`{text[:40]}` is no day that years can be counted from",
            (*asked.path, "check"),
            why="The check compares the day of the statement with days of the baseline.",
            fix="Write days as 2025-11-20, months as 2025-11.",
        ) from None
