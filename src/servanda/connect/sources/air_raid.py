"""Air-raid alerts by oblast, raion or hromada: warnings, not strikes.

An alert says that a warning was given, nothing about what came.  It is therefore no attack and no
coverage; an agreement that wants alerts declares a record type `alert`, and without it every row is
kept apart with that reason.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from servanda.connect.cells import Cells, needed, text
from servanda.connect.connector import Connector, Settings
from servanda.connect.provenance import Licence
from servanda.connect.row import Problem, Raw

TYPE = "alert"
LEVELS = ("oblast", "raion", "hromada")


def records(raw: Raw, settings: Settings) -> Iterator[dict[str, Any]]:
    declared = settings.types.get(TYPE)
    if declared is None:
        raise Problem("an alert is no strike, and the agreement declares no record type `alert`")
    cells = raw.cells
    start = _instant(cells, "started_at")
    said = {"level": text(cells, "level")}
    if text(cells, "finished_at") is not None:
        end = _instant(cells, "finished_at")
        if end < start:
            raise Problem("ends before it starts", "finished_at")
        said["until"] = _iso(end)
    names = [n for n in (text(cells, level) for level in LEVELS) if n is not None]
    if not names:
        raise Problem("names no place", LEVELS[0])
    yield {
        "id": f"alert-{_iso(start)}-{'/'.join(names)}",
        "type": TYPE,
        "at": _iso(start),
        "args": {n: v for n, v in said.items() if v is not None and declared.arg(n) is not None},
        "place": {"name": _place(names, settings)},
        "source": settings.word("source", "air_raid_alerts"),
        "channel": text(cells, "source") or "",
    }


def _place(names: list[str], settings: Settings) -> str:
    """A whole oblast by its id; a part of one as the source names it, smallest part first."""
    if len(names) == 1:
        return settings.atlas.canonical(names[0]) or names[0]
    return ", ".join(reversed(names))


def _instant(cells: Cells, column: str) -> datetime:
    written = needed(cells, column)
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Problem(f"“{written[:40]}” is not an instant", column) from None
    if found.tzinfo is None:
        raise Problem(f"“{written}” names no time zone", column)
    return found.astimezone(UTC)


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


CONNECTOR = Connector(
    "air-raid",
    "air-raid alerts: warnings, not strikes",
    Licence("MIT", "Air-raid alert data set, as stated by its maintainer"),
    ("oblast", "started_at", "finished_at"),
    records,
    note="Needs a record type `alert` in the agreement: an alert is no strike and no coverage.",
)
