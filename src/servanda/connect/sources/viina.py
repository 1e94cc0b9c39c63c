"""VIINA 2.0 (Zhukov and Ayers): events read out of news reports, geocoded and labelled by machine.

Read: files of one event a row with a day, a point and flags of who is reported to have acted (the
releases `event_1pd`, or what was derived from them).  The day is that of the report, so no time of
day is taken.  A row that flags nobody, or several, stays unattributed.
"""

from collections.abc import Iterator
from typing import Any

from servanda.connect.cells import Cells, day, flag, needed, number, point, text
from servanda.connect.connector import UNATTRIBUTED, Connector, Settings
from servanda.connect.provenance import Licence
from servanda.connect.row import Problem, Raw

# Flags of who acted; the mapping says which actor of the agreement each of them means.
ACTORS = ("a_rus", "a_ukr", "a_civ", "a_other")
# Labels that say what kind of attack it was, and the word for its weapon where they say one.
ATTACKS = {
    "t_airstrike": "air",
    "t_uav": "drone",
    "t_artillery": "artillery",
    "t_firefight": "ground",
    "t_armor": "ground",
    "t_raid": "ground",
    "t_ied": None,
    "t_hospital": None,
    "t_hospitals": None,
}
BINARY = "_b"  # the ending of labels that are 0 or 1, as against probabilities
# How finely an event was geocoded: of these it is the place itself.
EXACT_PLACES = ("STREET", "ADM3", "ADM4", "PPL")


def records(raw: Raw, settings: Settings) -> Iterator[dict[str, Any]]:
    cells = raw.cells
    when = day(cells, "date", "%Y%m%d")
    args = _who(cells, settings)
    if (weapon := _weapon(cells)) is not None:
        args["weapon"] = weapon
    if (target := _target(cells, settings)) is not None:
        args["target"] = target
    record: dict[str, Any] = {
        "id": _identity(cells, when.year),
        "type": "attack",
        "at": when.isoformat(),
        "args": args,
        "source": settings.word("source", "VIINA"),
    }
    if (place := _place(cells, settings)) is not None:
        record["place"] = place
    outlets = _outlets(cells)
    if outlets:
        record["outlets"] = outlets
    # One report by one outlet is that outlet's word; where there are several, it is the data set's.
    told = settings.table("outlets").get(outlets[0]) if len(outlets) == 1 else None
    if told is not None and number(cells, "n_reports") in (None, 1):
        record["claimed_by"] = told
    for column, name in (("source_urls", "url"), ("url", "url"), ("n_reports", "reports")):
        if (found := text(cells, column)) is not None:
            record[name] = found
    yield record


def _identity(cells: Cells, year: int) -> str:
    if (report := text(cells, "report_id")) is not None:
        return f"viina-report-{report}-{needed(cells, 'event_id')}"
    return f"viina-{text(cells, 'src_year') or year}-{needed(cells, 'event_id_1pd')}"


def _column(cells: Cells, name: str) -> str:
    return name + BINARY if name + BINARY in cells else name


def _who(cells: Cells, settings: Settings) -> dict[str, str]:
    """Who acted, if one alone is flagged and the mapping names it."""
    flagged = [a for a in ACTORS if flag(cells, _column(cells, a))]
    names = settings.table("flags")
    by = names.get(flagged[0], UNATTRIBUTED) if len(flagged) == 1 else UNATTRIBUTED
    against = settings.table("opposite").get(by)
    return {"by": by} if against is None else {"by": by, "on": against}


def _weapon(cells: Cells) -> str | None:
    known = [t for t in ATTACKS if _column(cells, t) in cells]
    if not known:
        return None
    found = [t for t in known if flag(cells, _column(cells, t))]
    if not found:
        raise Problem("no label of an attack is set", _column(cells, known[0]))
    weapons = {ATTACKS[t] for t in found}
    return weapons.pop() if len(weapons) == 1 else None


def _target(cells: Cells, settings: Settings) -> str | None:
    """The word for the target, if all classes of the row mean the same one."""
    classes = [c for c in cells.get("target_classes", "").split("|") if c]
    words = settings.table("targets")
    found = {words.get(c) for c in classes}
    return found.pop() if len(found) == 1 else None


def _place(cells: Cells, settings: Settings) -> dict[str, Any] | None:
    where = point(cells, "latitude", "longitude", settings.atlas.extent)
    fineness = text(cells, "GEO_PRECISION")
    if where is None or fineness is None or fineness in EXACT_PLACES:
        return where
    return settings.unit(text(cells, "ADM1_NAME"))


def _outlets(cells: Cells) -> list[str]:
    written = text(cells, "sources_matching") or text(cells, "source") or ""
    return [o.strip() for o in written.split("|") if o.strip()]


CONNECTOR = Connector(
    "viina",
    "VIINA 2.0, events read out of news reports",
    Licence(
        "ODbL-1.0",
        "Zhukov and Ayers, VIINA 2.0: Violent Incident Information from News Articles",
        "https://github.com/zhukovyuri/VIINA",
    ),
    (
        "date",
        ("event_id_1pd", "event_id"),
        "longitude",
        "latitude",
        ("a_rus", "a_rus_b"),
        ("a_ukr", "a_ukr_b"),
    ),
    records,
    note="Day of the report; several rows can be one event; actors are reported flags.",
)
