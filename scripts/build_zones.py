"""Draw the flagship's schematic line, buffer and river anew.

The line joins points beside well-known places as press maps of 20 November 2025 show the sides of
the front; it is drawn for illustration, not surveyed.  The buffer is the part of the unit Donetsk
on the line's side of Kramatorsk.  Writes zones.geojson beside the agreement; `make zones`.
"""

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, Point, mapping
from shapely.ops import split

from servanda.geo import Atlas
from servanda.geo.shape import area_km2

TARGET = Path(__file__).parent.parent / "src/servanda/agreements/ukraine-28-point/zones.geojson"
AS_OF = "2025-11-20"
LINE_BAND_KM = 10
BUFFER_BAND_KM = 5
SOURCE = "drawn for Servanda from the positions of well-known places; schematic"
# Longitude, latitude, and what the point stands beside.
LINE = (
    (37.95, 50.06, "border east of Dvorichna"),
    (37.72, 49.86, "Dvorichna"),
    (37.70, 49.70, "east of Kupiansk"),
    (37.86, 49.38, "east of Borova"),
    (37.93, 49.10, "north-east of Lyman"),
    (37.97, 48.96, "Serebrianka forest"),
    (38.16, 48.86, "east of Siversk"),
    (37.97, 48.70, "south of Siversk"),
    (37.80, 48.60, "west of Chasiv Yar"),
    (37.74, 48.49, "south-east of Kostiantynivka"),
    (37.62, 48.39, "west of Toretsk"),
    (37.38, 48.33, "east of Myrnohrad"),
    (37.22, 48.27, "Pokrovsk"),
    (37.03, 48.20, "south-west of Pokrovsk"),
    (36.85, 48.07, "towards the border with Dnipropetrovsk"),
    (36.62, 47.95, "border with Dnipropetrovsk"),
    (36.38, 47.72, "north-east of Huliaipole"),
    (36.20, 47.58, "south of Huliaipole"),
    (35.80, 47.48, "south of Orikhiv"),
    (35.37, 47.56, "Kamianske"),
    (35.10, 47.60, "former reservoir"),
    (34.60, 47.53, "between Enerhodar and Nikopol"),
    (34.00, 47.30, "former reservoir"),
    (33.37, 46.78, "Nova Kakhovka"),
    (32.65, 46.60, "south of Kherson"),
    (32.20, 46.52, "estuary"),
    (31.50, 46.57, "Kinburn spit"),
)
RIVER = (
    (30.60, 51.35, "border with Belarus"),
    (30.52, 50.93, "mouth of the Pripyat reservoir"),
    (30.56, 50.45, "Kyiv"),
    (31.45, 49.76, "Kaniv"),
    (32.10, 49.46, "Cherkasy"),
    (33.40, 49.06, "Kremenchuk"),
    (34.60, 48.50, "Kamianske"),
    (35.07, 48.47, "Dnipro (city)"),
    (35.10, 47.86, "Zaporizhzhia (city)"),
    (34.45, 47.53, "former reservoir at Nikopol"),
    (33.37, 46.77, "Nova Kakhovka"),
    (32.61, 46.62, "Kherson (city)"),
    (31.95, 46.55, "estuary"),
)
RIVER_BAND_KM = 10


def features() -> list[dict[str, Any]]:
    """The line and the buffer as GeoJSON features."""
    line, river = (LineString([(x, y) for x, y, _ in points]) for points in (LINE, RIVER))
    atlas = Atlas.standard()
    unit = atlas.base.units["Donetsk"].geometry
    inside = atlas.point_of("Kramatorsk")
    assert inside is not None
    spot = Point(inside.lon, inside.lat)
    buffer = next(part for part in split(unit, line).geoms if part.contains(spot))
    buffer = shapely.set_precision(buffer, 0.001)
    print(f"buffer {area_km2(buffer):,.0f} km²")
    return [
        _feature("contact-line", "Contact line", line, LINE_BAND_KM),
        _feature("donetsk-buffer", "Buffer in Donetsk", buffer, BUFFER_BAND_KM),
        _feature("dnipro", "Dnipro (river)", river, RIVER_BAND_KM),
    ]


def _feature(name: str, title: str, geometry: Any, band: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": name,
        "properties": {
            "name": title,
            "as_of": AS_OF,
            "band_km": band,
            "schematic": True,
            "source": SOURCE,
        },
        "geometry": mapping(geometry),
    }


def main() -> None:
    """Write the file."""
    rows = ",\n".join(json.dumps(f, separators=(",", ":")) for f in features())
    TARGET.write_text(
        '{"type":"FeatureCollection","features":[\n' + rows + "\n]}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
