"""The raster over the units of the base map, as it comes with the package.

Laying it takes a third of a second of each assessment that has many points, reading it a hundredth.
`scripts/build_raster.py` writes it anew; a raster over other regions is not used.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any

import numpy as np

from servanda.geo.grid import CELLS, HALF_WITH_MARGIN, Grid, Raster, grid

FILE = "raster.json"
KIND = "<u2"  # two bytes a cell


def over(regions: Sequence[Any]) -> Grid:
    """The regions under a raster: that of the package where it is theirs, else one of their own."""
    return read(kept(), regions) or grid(regions)


def kept() -> str:
    return files("servanda.geo").joinpath("data", FILE).read_text(encoding="utf-8")


def read(text: str, regions: Sequence[Any]) -> Grid | None:
    """The regions under the raster that is written; None where it was laid over others."""
    import shapely

    held = json.loads(text)
    if held["made_of"] != _made_of(regions):
        return None
    shapely.prepare(list(regions))
    candidates = np.zeros((len(held["candidates"]), len(regions)), bool)
    for kind, some in enumerate(held["candidates"]):
        candidates[kind, some] = True
    return Grid(
        tuple(regions),
        Raster(**held["raster"]),
        np.frombuffer(zlib.decompress(b64decode(held["kinds"])), KIND).astype(np.int32),
        np.array(held["settled"], np.int32),
        candidates,
        np.array(held["behind"], np.int32),
    )


def written(regions: Sequence[Any]) -> str:
    """The raster over regions as it stands in the package."""
    laid = grid(regions)
    box = laid.raster
    held = {
        "made_of": _made_of(regions),
        "raster": {name: getattr(box, name) for name in Raster.__dataclass_fields__},
        "settled": laid.settled.tolist(),
        "behind": laid.behind.tolist(),
        "candidates": [np.flatnonzero(row).tolist() for row in laid.candidates],
        "kinds": b64encode(zlib.compress(laid.kinds.astype(KIND).tobytes(), 9)).decode(),
    }
    return json.dumps(held, separators=(",", ":"), sort_keys=True) + "\n"


def _made_of(regions: Sequence[Any]) -> list[Any]:
    import shapely

    shapes = sha256(b"".join(shapely.to_wkb(list(regions)))).hexdigest()
    return [shapes, CELLS, HALF_WITH_MARGIN]
