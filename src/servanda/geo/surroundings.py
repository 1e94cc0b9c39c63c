"""The land and seas around the base map, for drawing alone: no record is placed by them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from servanda.geo.point import Point


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Neighbouring states by country code; names of these and of the country of the map; seas by
    name, at a point.
    """

    states: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, str]
    seas: Mapping[str, Point]


@cache
def surroundings() -> Surroundings:
    """The data that ships with the package; read once."""
    text = (files("servanda.geo") / "data" / "neighbours.geojson").read_text(encoding="utf-8")
    data = json.loads(text)
    features = data["features"]
    states = [f for f in features if "country" in f["properties"]]
    seas = {
        f["properties"]["sea"]: Point(*reversed(f["geometry"]["coordinates"]))
        for f in features
        if "sea" in f["properties"]
    }
    return Surroundings(
        {f["id"]: f["geometry"] for f in states},
        {**data["about"]["home"], **{f["id"]: f["properties"]["name"] for f in states}},
        seas,
    )
