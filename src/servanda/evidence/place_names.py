"""Names of places in records, as the map knows them: one id whatever the spelling.

A name that may mean several places is asked about: its record is kept apart with the candidates.
A name that the map does not know stays as it is written.  A point that stands for “unknown” is
refused.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from servanda.evidence.excerpt import Excerpt
from servanda.evidence.read import Records
from servanda.evidence.record import ArgValue, Record
from servanda.evidence.refused import Refused
from servanda.evidence.rows import Bad
from servanda.geo import Ambiguous, Atlas, Point
from servanda.geo.coordinates import NULL_ISLAND_DEGREES, problem
from servanda.model.record_type import ArgKind, RecordType

PLACES = (ArgKind.PLACE, ArgKind.TERRITORY)


def with_known_places(
    read: Records, types: Mapping[str, RecordType], atlas: Atlas, file: str = ""
) -> Records:
    """The records of a file with the ids of their places; what must be asked about is refused."""
    if isinstance(read.records, Excerpt):
        return _in_columns(read, read.records, types, atlas, file)
    kept, refused = [], list(read.refused)
    for record in read.records:
        try:
            kept.append(placed(record, types, atlas))
        except Bad as error:
            refused.append(Refused(file, record.line, str(error)))
    return replace(read, records=tuple(kept), refused=tuple(refused))


def _in_columns(
    read: Records, records: Excerpt, types: Mapping[str, RecordType], atlas: Atlas, file: str
) -> Records:
    """The same for records in columns: names are looked up once for all that share them."""
    table = records.table
    shapes, bad = [], np.zeros(len(table.shapes), bool)
    for number, shape in enumerate(table.shapes):
        try:
            shapes.append(placed(shape, types, atlas))
        except Bad:
            shapes.append(shape)
            bad[number] = True
    unknown = (np.abs(table.lat) < NULL_ISLAND_DEGREES) & (np.abs(table.lon) < NULL_ISLAND_DEGREES)
    refused = list(read.refused)
    out = (bad[table.shape] | unknown)[records.rows]
    for record in records.where(out):
        try:
            placed(record, types, atlas)
        except Bad as error:
            refused.append(Refused(file, record.line, str(error)))
    kept = Excerpt(table.but(shapes=tuple(shapes)), records.rows[~out])
    return replace(read, records=kept, refused=tuple(refused))


def placed(record: Record, types: Mapping[str, RecordType], atlas: Atlas) -> Record:
    """The record with the ids of its places; raises Bad for what must be asked about."""
    place = record.place
    if isinstance(place, str):
        place = known_place(place, atlas)
    elif isinstance(place, Point) and (reason := problem(place.lat, place.lon)):
        raise Bad(f"“place”: {reason}")
    args = {
        name: _argument(record, name, value, types, atlas) for name, value in record.args.items()
    }
    changed = place != record.place or args != record.args
    return replace(record, place=place, args=args) if changed else record


def _argument(
    record: Record, name: str, value: ArgValue, types: Mapping[str, RecordType], atlas: Atlas
) -> ArgValue:
    declared = types[record.type].arg(name) if record.type in types else None
    if declared is None or declared.kind not in PLACES:
        return value
    if isinstance(value, tuple):
        return tuple(known_place(item, atlas) for item in value)
    return known_place(value, atlas) if isinstance(value, str) else value


def known_place(name: str, atlas: Atlas) -> str:
    """The id of a place, or the name where the map has none; raises Bad if there are several."""
    found = atlas.find(name)
    if isinstance(found, Ambiguous):
        choices = ", ".join(found.candidates)
        raise Bad(f"“{name}” may be any of {choices}: write the one that is meant")
    return found or name
