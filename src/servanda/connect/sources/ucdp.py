"""UCDP GED and Candidate: events with at least one death, coded by the Uppsala programme.

Read: the CSV releases, and the pages of the programming interface as JSON Lines.  Of fights between
two sides the data do not say who attacked, so they stay unattributed; one-sided violence has a
perpetrator.  `date_prec` and `where_prec` are kept: a span of days stays one, a district no point.
"""

from collections.abc import Iterator
from typing import Any

from servanda.connect.cells import Cells, day, needed, number, point, text, whole
from servanda.connect.connector import UNATTRIBUTED, Connector, Settings
from servanda.connect.provenance import Licence
from servanda.connect.row import Problem, Raw

STATE_BASED, NON_STATE, ONE_SIDED = 1, 2, 3
EXACT_DAY = 1  # date_prec
EXACT_PLACE = 1  # where_prec
COUNTRY_ONLY = 6  # where_prec from here on names no place inside a country


def records(raw: Raw, settings: Settings) -> Iterator[dict[str, Any]]:
    cells = raw.cells
    kind = whole(cells, "type_of_violence", range(1, 4))
    record: dict[str, Any] = {
        "id": f"ucdp-{needed(cells, 'id')}",
        "type": "attack",
        "at": _when(cells),
        "args": _who(cells, kind, settings),
        "source": settings.word("source", "UCDP"),
        "sides": [s for s in (text(cells, "side_a"), text(cells, "side_b")) if s],
        "type_of_violence": kind,
    }
    if (place := _where(cells, settings)) is not None:
        record["place"] = place
    deaths = {n: number(cells, n) for n in ("best", "low", "high")}
    if any(v is not None for v in deaths.values()):
        record["deaths"] = {n: v for n, v in deaths.items() if v is not None}
    for column, name in (("source_article", "sources"), ("code_status", "code_status")):
        if (found := text(cells, column)) is not None:
            record[name] = found
    yield record


def _when(cells: Cells) -> str:
    """A day, or the span of days that the event is known to lie in."""
    forms = ("%Y-%m-%d", "%m/%d/%Y")
    first, last = day(cells, "date_start", *forms), day(cells, "date_end", *forms)
    if last < first:
        raise Problem(f"ends on {last}, before it starts on {first}", "date_end")
    precision = whole(cells, "date_prec", range(1, 6))
    if first == last and precision not in (None, EXACT_DAY):
        raise Problem(f"says date_prec {precision} but gives one day only", "date_prec")
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def _who(cells: Cells, kind: int | None, settings: Settings) -> dict[str, str]:
    actors = settings.table("actors")
    if kind != ONE_SIDED:
        return {"by": UNATTRIBUTED}
    found = {"by": actors.get(text(cells, "side_a") or "", UNATTRIBUTED), "target": "civilian"}
    if (victim := actors.get(text(cells, "side_b") or "")) is not None:
        found["on"] = victim
    return found


def _where(cells: Cells, settings: Settings) -> dict[str, Any] | None:
    """The point if it is the place itself; else the unit that the row names, if it is known."""
    where = point(cells, "latitude", "longitude", settings.expected)
    precision = whole(cells, "where_prec", range(1, 8))
    if precision in (None, EXACT_PLACE):
        return where
    return settings.unit(text(cells, "adm_1")) if precision < COUNTRY_ONLY else None


CONNECTOR = Connector(
    "ucdp",
    "UCDP Georeferenced Event Dataset and Candidate Events",
    Licence(
        "CC-BY-4.0",
        "Uppsala Conflict Data Program (Sundberg and Melander 2013; Hegre et al. 2020)",
        "https://ucdp.uu.se/downloads/",
    ),
    (
        "id",
        "type_of_violence",
        "side_a",
        "side_b",
        "date_start",
        "date_end",
        "latitude",
        "longitude",
    ),
    records,
    note="Who attacked is said of one-sided violence only; deaths are kept beside, not counted.",
)
