"""The two-sided air war, day by day: what each side claims about the other's long-range weapons.

A row makes one statement per column that the mapping names; each becomes a claimed total, which is
never added to located occurrences.  An empty cell is “no report”, not zero, and makes no record.
"""

from collections.abc import Iterator
from typing import Any

from servanda.connect.cells import day, number, text
from servanda.connect.connector import Connector, Settings, Statement
from servanda.connect.provenance import Licence
from servanda.connect.row import Problem, Raw, Unusable

SAYS = ("by", "against", "about")


def check(settings: Settings) -> None:
    """The mapping must say, for every column, who claims, about what and against whom."""
    columns = settings.mapping.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise Unusable(
            "The connector air-war needs a mapping: columns: "
            "{COLUMN: {by: WHO, against: WHOM, about: WORD}}, since no column says who claims it."
        )
    for name, said in columns.items():
        missing = [w for w in SAYS if not isinstance(said, dict) or not said.get(w)]
        if missing:
            raise Unusable(f"The mapping of column “{name}” lacks {', '.join(missing)}.")


def records(raw: Raw, settings: Settings) -> Iterator[Statement]:
    when = day(raw.cells, "d").isoformat()
    columns: dict[str, dict[str, Any]] = settings.mapping["columns"]
    for column, said in columns.items():
        if text(raw.cells, column) is None:
            continue
        try:
            count = number(raw.cells, column)
        except Problem as problem:
            yield problem
            continue
        yield {
            "id": f"air-war-{said['about']}-{when}",
            "type": "claim_total",
            "at": when,
            "args": {**{w: str(said[w]) for w in SAYS}, "count": count, "period": when},
            "source": str(said.get("source") or said["by"]),
            **({"claimed_by": str(said["by"])} if said.get("source") else {}),
        }


CONNECTOR = Connector(
    "air-war",
    "the two-sided air war: daily claims about long-range weapons",
    Licence("none stated", "Facts reported by the air force and the ministry that claim them"),
    ("d",),
    records,
    check,
    note="An empty cell is no report, not zero; claims are never added to occurrences.",
)
