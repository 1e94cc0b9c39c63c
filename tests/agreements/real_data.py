"""Real data as records: one row of a file, one row of evidence, nothing filled in.

A row that names no actor, or both, stays unattributed; an empty cell makes no record.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Classes of targets as the data set names them, and words of the agreement for them.
TARGETS = {
    "REFINING_PETROCHEM_GAS": "refinery",
    "PIPELINE_PUMPING": "pipeline",
    "FUEL_STORAGE_TERMINAL": "storage",
    "ENERGY_GRID_SUPPORT": "grid",
    "PORT_EXPORT_LOGISTICS": "infrastructure",
    "RAIL_STRATEGIC_LOGISTICS": "infrastructure",
}


def strikes(file: Path) -> Iterator[dict[str, Any]]:
    """Reported strikes on infrastructure, dated by day."""
    with file.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            flags = (row["a_rus"], row["a_ukr"])
            by = {("1", "0"): "Russia", ("0", "1"): "Ukraine"}.get(flags, "unattributed")
            target = next(
                (TARGETS[c] for c in row["target_classes"].split("|") if c in TARGETS), None
            )
            args = {"by": by, "weapon": "other", "target": target or "military"}
            if by != "unattributed":
                args["on"] = "Ukraine" if by == "Russia" else "Russia"
            yield {
                "id": f"viina-{row['src_year']}-{row['event_id_1pd']}",
                "type": "attack",
                "at": f"{row['date'][:4]}-{row['date'][4:6]}-{row['date'][6:]}",
                "args": args,
                "place": {"lat": float(row["latitude"]), "lon": float(row["longitude"])},
                "source": "VIINA",
            }


def claimed_launches(file: Path) -> Iterator[dict[str, Any]]:
    """What each side claims about the other's long-range weapons, day by day."""
    columns = (("launched", "Ukraine", "Russia"), ("rumod_uav_claimed", "Russia", "Ukraine"))
    with file.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            for column, by, against in columns:
                if row[column] == "":
                    continue
                yield {
                    "id": f"{column}-{row['d']}",
                    "type": "claim_total",
                    "at": row["d"],
                    "args": {
                        "by": by,
                        "about": column,
                        "against": against,
                        "count": row[column],
                        "period": row["d"],
                    },
                    "source": by,
                }


def lines(rows: Iterator[dict[str, Any]]) -> str:
    """The rows as JSON Lines."""
    return "\n".join(json.dumps(row) for row in rows)
