"""Statements about a plan beside what the map, the calendar and the dated baseline show.

A statement in negotiation.yaml may carry a `check`:
    {kind: place, place: NAME, within: [UNIT, …]}    where it puts a place
    {kind: years, years: N, since: [BASELINE, …]}    how long it says that something lasted
A mismatch belongs to whoever made the statement; nothing is settled or corrected here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from servanda.library import InputError, Library
from servanda.report.negotiation import negotiation

AGREES, DIFFERS, UNKNOWN = "agrees", "differs", "cannot be checked"
# How far a number of whole years may be from the count of days.
ROUNDING_YEARS = 0.5
DAYS_PER_YEAR = 365.2425


def statement_checks(library: Library) -> list[dict[str, Any]]:
    """One row for each statement that can be checked, in the file's order."""
    record = negotiation(library)
    baseline = {str(row["id"]): row for row in record["baseline"] if row.get("id")}
    found = []
    for statement in record["statements"]:
        check = statement.get("check")
        if not isinstance(check, Mapping):
            continue
        match check.get("kind"):
            case "place":
                result, shown = _place(library, check)
            case "years":
                result, shown = _years(check, baseline, str(statement.get("date")))
            case kind:
                raise InputError(
                    f"negotiation.yaml: “{statement.get('id')}” has a check of kind “{kind}”; "
                    "there are place and years"
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
    check: Mapping[str, Any], baseline: Mapping[str, Mapping[str, Any]], said_on: str
) -> tuple[str, list[str]]:
    claimed = float(check.get("years") or 0)
    result, shown = DIFFERS, []
    for name in check.get("since") or []:
        row = baseline.get(str(name))
        if row is None:
            raise InputError(f"negotiation.yaml: no baseline entry is called “{name}”")
        begun = str(row.get("date"))
        years = (_day(said_on) - _day(begun)).days / DAYS_PER_YEAR
        shown.append(f"from {begun} ({row.get('says')}) it is {years:.1f} years to {said_on}")
        if abs(years - claimed) <= ROUNDING_YEARS:
            result = AGREES
    return (result if shown else UNKNOWN), shown


def _day(text: str) -> date:
    """A day; of a month or year its first day."""
    parts = [int(part) for part in text.split("-")]
    return date(*(*parts, 1, 1)[:3])
