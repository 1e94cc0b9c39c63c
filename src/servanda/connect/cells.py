"""Reading cells: text, numbers, days and points, or a problem that names the column."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from servanda.connect.row import Problem
from servanda.geo.coordinates import Box, problem

MAX_DIGITS = 40

Cells = Mapping[str, str]


def text(cells: Cells, column: str) -> str | None:
    """What stands in a cell; None where it is empty or there is no such column."""
    return cells.get(column, "").strip() or None


def needed(cells: Cells, column: str) -> str:
    found = text(cells, column)
    if found is None:
        raise Problem("is empty", column)
    return found


def number(cells: Cells, column: str) -> int | str | None:
    """A number as JSON can hold it exactly: whole, or as text.  An empty cell is no zero."""
    written = text(cells, column)
    if written is None:
        return None
    try:
        found = Decimal(written) if len(written) <= MAX_DIGITS else Decimal("NaN")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) > MAX_DIGITS:
        raise Problem(f"“{written[:MAX_DIGITS]}” is not a number", column)
    return int(found) if found == found.to_integral_value() else str(found)


def flag(cells: Cells, column: str) -> bool:
    """Whether a cell says 1; 0 or an empty cell says no, anything else is a problem."""
    written = text(cells, column)
    if written in (None, "0", "0.0", "1", "1.0"):
        return written in ("1", "1.0")
    raise Problem(f"“{written}” is neither 0 nor 1", column)


def whole(cells: Cells, column: str, known: range) -> int | None:
    """A code out of a range; None where the cell is empty."""
    found = number(cells, column)
    if found is None or (isinstance(found, int) and found in known):
        return found
    raise Problem(f"“{found}” is not one of {known.start} to {known.stop - 1}", column)


def day(cells: Cells, column: str, *forms: str) -> date:
    """A day written in one of several forms (ISO 8601, with or without a time, is always read)."""
    written = needed(cells, column)
    for form in forms:
        try:
            return datetime.strptime(written, form).date()
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(written).date()
    except ValueError:
        raise Problem(f"“{written[:MAX_DIGITS]}” is not a day", column) from None


def point(
    cells: Cells, latitude: str, longitude: str, expected: Box | None = None
) -> dict[str, float] | None:
    """A point; None where both cells are empty.  What cannot be right is a problem."""
    north, east = text(cells, latitude), text(cells, longitude)
    if north is None and east is None:
        return None
    if north is None or east is None:
        raise Problem("one coordinate without the other", latitude if north is None else longitude)
    values = []
    for column, written in ((latitude, north), (longitude, east)):
        try:
            values.append(float(written))
        except ValueError:
            raise Problem(f"“{written[:MAX_DIGITS]}” is not a coordinate", column) from None
    if reason := problem(values[0], values[1], expected):
        raise Problem(reason, latitude)
    return {"lat": values[0], "lon": values[1]}
