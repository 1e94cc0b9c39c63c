"""`servanda tracks`: patrol tracks and camera uptime as coverage records, with the areas seen."""

import json
from pathlib import Path
from typing import Any

from servanda.cli import text
from servanda.cli.options import command, warn_refused


def add(commands: Any) -> None:
    parser = command(
        commands, "tracks", "coverage records from patrol tracks and camera uptime", run
    )
    parser.add_argument("file", metavar="JSONL", help="a track or a camera a line")
    parser.add_argument("--to", metavar="JSONL", required=True, help="where the records go")
    parser.add_argument(
        "--areas", metavar="GEOJSON", help="where the areas go; default: beside --to"
    )
    parser.add_argument(
        "--slice", type=_minutes, default=60, metavar="MIN", help="minutes in one record; 60"
    )
    parser.add_argument(
        "--gap", type=_minutes, default=15, metavar="MIN", help="longer gaps are not seen; 15"
    )


def _minutes(written: str) -> int:
    minutes = int(written)
    if not 0 < minutes <= 24 * 60:
        raise ValueError
    return minutes


def run(options: Any) -> int:
    from servanda.evidence.refused import Refused
    from servanda.evidence.track_file import seen_in
    from servanda.evidence.tracks import MINUTE
    from servanda.library import InputError

    file = Path(options.file)
    if not file.is_file():
        raise InputError(f"{options.file}: there is no such file.")
    to = Path(options.to)
    areas = Path(options.areas) if options.areas else to.with_name(f"{to.stem}.areas.geojson")
    refused, features, rows = [], [], 0
    with to.open("w", encoding="utf-8") as out:
        for one in seen_in(file, options.slice * MINUTE, options.gap * MINUTE):
            if isinstance(one, Refused):
                refused.append(one)
                continue
            out.write(json.dumps(one.record, ensure_ascii=False) + "\n")
            features.append(_feature(one.area))
            rows += 1
    collection = {"type": "FeatureCollection", "features": features}
    areas.write_text(json.dumps(collection, ensure_ascii=False) + "\n", encoding="utf-8")
    warn_refused(tuple(refused))
    text.say(
        [
            text.wrap(f"{text.number(rows, 'coverage record')} in {to}, the areas in {areas}."),
            text.wrap("Approximate: sight is a circle, the way between two positions is straight."),
            text.wrap(f"Use both: servanda assess … --records {to} --areas {areas}"),
        ]
    )
    return 0


def _feature(area: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": area.name, "properties": {}, "geometry": area.geojson}
