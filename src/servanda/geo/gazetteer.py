"""The base map's data: units by internationally recognised borders, and well-known towns."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from servanda.geo.point import Point
from servanda.geo.shape import Shape


@dataclass(frozen=True, slots=True)
class Town:
    """A named point; `unit` is None outside the base map's units."""

    id: str
    name: str
    point: Point
    country: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Units and towns by id, and other spellings of them."""

    units: Mapping[str, Shape]
    towns: Mapping[str, Town]
    aliases: Mapping[str, str]


@cache
def standard() -> Gazetteer:
    """The data that ships with the package; read once."""
    data = files("servanda.geo") / "data"
    units = json.loads((data / "units.geojson").read_text(encoding="utf-8"))
    towns = json.loads((data / "gazetteer.json").read_text(encoding="utf-8"))
    return Gazetteer(
        {
            f["id"]: Shape(f["id"], f["geometry"], properties=f["properties"])
            for f in units["features"]
        },
        {
            t["id"]: Town(
                t["id"], t["name"], Point(t["lat"], t["lon"]), t["country"], t.get("unit")
            )
            for t in towns["places"]
        },
        towns["aliases"],
    )
