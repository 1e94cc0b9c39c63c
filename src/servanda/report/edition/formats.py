"""An edition as a table (CSV), as a map (GeoJSON) and as a calendar (iCalendar).

In: the document of an edition.  Out: the same in another form; nothing is told that it has not.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from servanda.geo import Atlas
from servanda.report.edition.document import under

NOTE = "Servanda makes assessments; only a body makes findings."
Document = Mapping[str, Any]
Rows = Iterable[tuple[Any, ...]]


def occurrences_csv(document: Document) -> str:
    """One row for each unit and week, then the totals; without small counts."""
    head = ("unit", "name", "from", "until", "occurrences", "kept_back", "observed_share")
    return _csv(head, _occurrences(document))


def _occurrences(document: Document) -> Rows:
    told = document["occurrences"]
    if told is None:
        return
    for unit in told["units"]:
        name = unit["name"] or "in no unit of the map"
        for week, count in zip(told["weeks"], unit["by_week"], strict=True):
            yield unit["unit"], name, week["first"], week["last"], *_count(count), None
    for unit in told["units"]:
        name = unit["name"] or "in no unit of the map"
        yield (
            unit["unit"], name, told["from"], told["until"],
            *_count(unit["occurrences"]), unit["observed"],
        )  # fmt: skip
    for week in told["weeks"]:
        yield (
            None, "all units", week["first"], week["last"],
            *_count(week["occurrences"]), week["observed"],
        )  # fmt: skip
    yield None, "all units", told["from"], told["until"], *_count(told["total"]), None


def _count(count: int | None) -> tuple[int | None, str]:
    return count, "yes" if count is None else "no"


def commitments_csv(document: Document) -> str:
    """One row for each commitment and reading that makes a difference."""
    head = ("commitment", "provision", "text", "bearers", "readings", "state", "violations",
            "time_observed", "area_observed")  # fmt: skip
    return _csv(head, _commitments(document))


def _commitments(document: Document) -> Rows:
    for one in document["commitments"]:
        seen = one["observed"] or {}
        text = next(iter(one["text"].values()), "")
        bearers = "; ".join(b["name"] for b in one["bearers"])
        for told in [{"if": [], **one}, *one["by_reading"]]:
            yield (
                one["id"], one["provision"], text, bearers, readings(told["if"]),
                told["state"], "; ".join(told["violations"]), seen.get("time"), seen.get("area"),
            )  # fmt: skip


def readings(combinations: Iterable[Mapping[str, str]]) -> str:
    """Readings as a program reads them again: `term=name, term=name; or …`."""
    return "; or ".join(", ".join(f"{t}={r}" for t, r in one.items()) for one in combinations)


def _csv(head: tuple[str, ...], rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(one) for one in row])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def geojson(document: Document, atlas: Atlas) -> dict[str, Any]:
    """The units of the base map with their counts; None and `kept_back` where one is kept back."""
    told = document["occurrences"] or {"units": [], "from": None, "until": None}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": unit["unit"],
                "geometry": None if shape is None else dict(shape.geojson),
                "properties": {
                    "name": unit["name"],
                    "from": told["from"],
                    "until": told["until"],
                    "occurrences": unit["occurrences"],
                    "kept_back": unit["occurrences"] is None,
                    "observed_share": unit["observed"],
                },
            }
            for unit in told["units"]
            for shape in [atlas.base.units.get(unit["unit"] or "")]
        ],
    }


def calendar(document: Document, address: str, say: Callable[[str], str] = str) -> bytes:
    """The deadlines, an entry for every day that a reading gives; `say` translates."""
    from icalendar import Calendar, Event

    agreement = document["agreement"]
    texts = {one["id"]: next(iter(one["text"].values()), "") for one in document["commitments"]}
    whole = Calendar()
    whole.add("prodid", "-//Servanda//edition//EN")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", f"{agreement['title']}: {say('deadlines')}")
    stamp = datetime.fromisoformat(document["as_of"]).astimezone(UTC).replace(microsecond=0)
    for one in document["deadlines"]:
        for number, told in enumerate(one["days"]):
            day = date.fromisoformat(told["last_day"])
            event = Event()
            event.add("uid", f"{address}#{one['commitment']}-{told['last_day']}-{number}")
            event.add("dtstamp", stamp)
            event.add("dtstart", day)
            event.add("dtend", day + timedelta(days=1))
            event.add("summary", f"{say('last day')}: {texts[one['commitment']]}")
            lines = [under(document, told["if"])] if told["if"] else []
            event.add("description", "\n".join([*lines, say(NOTE), address]))
            event.add("url", address)
            event.add("transp", "TRANSPARENT")
            whole.add_component(event)
    return bytes(whole.to_ical())
