"""The raster that comes with the package is that of the base map, and answers as one laid anew."""

import json

import numpy as np
import pytest
import shapely

from servanda.geo import Atlas, kept_raster
from servanda.geo.grid import CELLS, grid
from servanda.geo.placing import Units

REGIONS = Units(Atlas.standard()).regions


def test_that_of_the_package_is_of_the_base_map() -> None:
    """After a change of the borders: `python scripts/build_raster.py`."""
    assert kept_raster.read(kept_raster.kept(), REGIONS) is not None


def test_it_answers_as_one_laid_anew() -> None:
    kept, anew = kept_raster.over(REGIONS), grid(REGIONS)
    assert kept.raster == anew.raster
    random = np.random.default_rng(0)
    corners = shapely.get_coordinates(REGIONS)
    near = corners[random.integers(0, len(corners), 20_000)]
    near += random.normal(0, kept.raster.width / 2, near.shape)
    box = kept.raster
    wide = random.uniform((box.west - 1, box.south - 1), (box.east + 1, box.north + 1), (20_000, 2))
    for points in (near, wide, corners):
        answers = kept.place(*points.T)
        assert (answers == anew.place(*points.T)).all()
        assert len(np.unique(answers)) > 20


def test_a_raster_over_other_regions_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept_raster.read(kept_raster.kept(), REGIONS[1:]) is None
    moved = [shapely.transform(REGIONS[0], lambda xy: xy + 1e-9), *REGIONS[1:]]
    assert kept_raster.read(kept_raster.kept(), moved) is None
    monkeypatch.setattr(kept_raster, "CELLS", CELLS * 2)
    assert kept_raster.read(kept_raster.kept(), REGIONS) is None


def test_what_is_written_is_read() -> None:
    some = REGIONS[:3]
    text = kept_raster.written(some)
    found = kept_raster.read(text, some)
    assert found is not None
    assert (found.kinds == grid(some).kinds).all()
    assert json.loads(text)["made_of"] != json.loads(kept_raster.kept())["made_of"]
