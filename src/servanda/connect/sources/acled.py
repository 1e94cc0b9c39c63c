"""ACLED: political violence and protest, coded weekly.

Read: the CSV export, and the pages of the programming interface as JSON Lines.  The user needs an
account and may not pass raw rows on: every record is marked, and exports leave it out.  In battles
the order of the actors says nothing about who attacked: they stay unattributed.  What is neither an
attack nor a change of control (protests, riots) is kept apart.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from servanda.connect.cells import Cells, day, needed, number, point, text, whole
from servanda.connect.connector import UNATTRIBUTED, Connector, Settings
from servanda.connect.provenance import Licence
from servanda.connect.row import Problem, Raw

BATTLES = "Battles"
# Event types whose first actor is who acted (ACLED codebook).
PERPETRATED = ("Explosions/Remote violence", "Violence against civilians")
# Sub-event types by which control of a place passes to the first actor.
TAKES_CONTROL = (
    "Government regains territory",
    "Non-state actor overtakes territory",
    "Non-violent transfer of territory",
)
# A week is given by a day in its middle.
HALF_WEEK = timedelta(days=3)
EXACT_PLACE = 1  # geo_precision


def records(raw: Raw, settings: Settings) -> Iterator[dict[str, Any]]:
    cells = raw.cells
    kind, sub = needed(cells, "event_type"), text(cells, "sub_event_type") or ""
    place = _where(cells, settings)
    record: dict[str, Any] = {
        "id": f"acled-{needed(cells, 'event_id_cnty')}",
        "type": "attack",
        "at": _when(cells),
        "source": settings.word("source", "ACLED"),
        "handling": "confidential",
        "pass_on": False,
        "event_type": kind,
        "sub_event_type": sub,
        "sides": [a for a in (text(cells, "actor1"), text(cells, "actor2")) if a],
    }
    if place is not None:
        record["place"] = place
    if sub in TAKES_CONTROL:
        record |= _control(cells, settings)
    elif kind == BATTLES:
        record["args"] = {"by": UNATTRIBUTED}
    elif kind in PERPETRATED:
        record["args"] = _act(cells, kind, settings)
    else:
        raise Problem(f"“{kind}” ({sub}) is no attack and no change of control", "event_type")
    for column, name in (("source", "sources"), ("notes", "note")):
        if (found := text(cells, column)) is not None:
            record[name] = found
    if (deaths := number(cells, "fatalities")) is not None:
        record["deaths"] = {"best": deaths}
    yield record


def _act(cells: Cells, kind: str, settings: Settings) -> dict[str, str]:
    actors = settings.table("actors")
    found = {"by": actors.get(text(cells, "actor1") or "", UNATTRIBUTED)}
    if (suffers := actors.get(text(cells, "actor2") or "")) is not None:
        found["on"] = suffers
    if kind == PERPETRATED[1] or text(cells, "civilian_targeting") is not None:
        found["target"] = "civilian"
    return found


def _control(cells: Cells, settings: Settings) -> dict[str, Any]:
    actors = settings.table("actors")
    to = actors.get(text(cells, "actor1") or "")
    if to is None:
        raise Problem("the mapping names no actor for who took control", "actor1")
    where = needed(cells, "location")
    args = {"place": settings.atlas.canonical(where) or where, "to": to}
    if (lost := actors.get(text(cells, "actor2") or "")) is not None:
        args["from"] = lost
    return {"type": "control_change", "args": args}


def _when(cells: Cells) -> str:
    """The day; for time_precision 2 the week around it; for 3 its month."""
    found = day(cells, "event_date", "%Y-%m-%d", "%d %B %Y", "%d/%m/%Y")
    match whole(cells, "time_precision", range(1, 4)):
        case 2:
            return _span(found - HALF_WEEK, found + HALF_WEEK)
        case 3:
            return found.isoformat()[:7]
        case _:
            return found.isoformat()


def _span(first: date, last: date) -> str:
    return f"{first.isoformat()}/{last.isoformat()}"


def _where(cells: Cells, settings: Settings) -> dict[str, Any] | None:
    where = point(cells, "latitude", "longitude", settings.expected)
    if whole(cells, "geo_precision", range(1, 4)) in (None, EXACT_PLACE):
        return where
    return settings.unit(text(cells, "admin1"))


CONNECTOR = Connector(
    "acled",
    "ACLED, Armed Conflict Location & Event Data",
    Licence(
        "ACLED terms of use (account needed)",
        "Armed Conflict Location & Event Data (ACLED), acleddata.com",
        "https://acleddata.com/eula",
        pass_on=False,
    ),
    ("event_id_cnty", "event_date", "event_type", "actor1", "latitude", "longitude"),
    records,
    note="Raw rows may not be passed on: they are marked so, and exports leave them out.",
)
