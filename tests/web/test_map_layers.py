"""Layers of control and of claims: dated, sourced, of an actor; refused where they are not."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from servanda import library
from servanda.beside.dated_layers import FILE, LayerKind, standing
from servanda.library import InputError
from servanda.web.app import create_app
from servanda.web.drafting.snapshot import taken
from servanda.web.settings import Settings
from tests.web.conftest import FLAGSHIP

FIELDS = [[36.0, 48.0], [37.0, 48.0], [37.0, 49.0], [36.0, 49.0], [36.0, 48.0]]


def layer(name: str, kind: str, by: str, as_of: str, source: str = "A map maker") -> dict[str, Any]:
    """An invented area."""
    told = {"kind": kind, "by": by, "as_of": as_of, "source": source}
    geometry = {"type": "Polygon", "coordinates": [FIELDS]}
    return {"type": "Feature", "id": name, "properties": told, "geometry": geometry}


LAYERS = [
    layer("january", "control", "Russia", "2026-01-10"),
    layer("march", "control", "Russia", "2026-03-01"),
    layer("other", "control", "Ukraine", "2026-02-01", "Another map maker"),
    layer("claim", "claim", "Russia", "2026-01-10", "Its own statement"),
    layer("counter", "claim", "Ukraine", "2026-01-10", "Its own statement"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "plan"
    shutil.copytree(library.find(FLAGSHIP), found)
    _write(found, LAYERS)
    return found


def _write(folder: Path, layers: list[Any]) -> None:
    told = {"type": "FeatureCollection", "features": layers}
    (folder / FILE).write_text(json.dumps(told))


def test_of_each_source_the_last_one_up_to_a_day_stands(folder: Path) -> None:
    found = library.load(folder).layers
    assert [one.shape.name for one in standing(found, date(2026, 1, 9))] == []
    names = {one.shape.name for one in standing(found, date(2026, 2, 10))}
    assert names == {"january", "other", "claim", "counter"}
    names = {one.shape.name for one in standing(found, date(2026, 3, 1))}
    assert names == {"march", "other", "claim", "counter"}
    assert {one.kind for one in found} == set(LayerKind)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "owned"}, "kind is neither of control and claim"),
        ({"by": "Ukrain"}, "did you mean Ukraine?"),
        ({"by": None}, "by names no actor"),
        ({"as_of": "soon"}, "as_of is no day"),
        ({"as_of": None}, "as_of is no day"),
        ({"source": " "}, "source is no text"),
        ({"source": "x" * 121}, "source is no text"),
        ({"source": "a\ud800b"}, "source is no text"),
        ({"source": "\u200b"}, "source is no text"),
        ({"source": "a\u202eb"}, "source is no text"),
        ({"as_of": "2026-W01-1"}, "as_of is no day"),
        ({"as_of": 20260105}, "as_of is no day"),
        ({"kind": ["control"]}, "kind is neither"),
    ],
)
def test_what_is_not_dated_or_sourced_is_refused(
    folder: Path, change: dict[str, Any], told: str
) -> None:
    one = layer("a", "control", "Russia", "2026-01-10")
    _write(folder, [{**one, "properties": {**one["properties"], **change}}])
    with pytest.raises(InputError, match="SV0807") as error:
        library.load(folder)
    assert told in " ".join(str(error.value).split())
    assert any("SV0807" in d.code for d in library.check(folder).diagnostics)


def test_a_line_controls_nothing(folder: Path) -> None:
    one = layer("a", "control", "Russia", "2026-01-10")
    _write(folder, [{**one, "geometry": {"type": "LineString", "coordinates": FIELDS[:2]}}])
    with pytest.raises(InputError, match="is a line, and no area"):
        library.load(folder)


def test_a_draft_does_without_a_layer_that_cannot_be_used(folder: Path) -> None:
    (folder / FILE).write_text("{")
    found = library.load_draft(folder)
    assert found.layers == () and FILE in found.unusable


def test_the_map_shows_them_with_source_and_day_and_claims_start_off(folder: Path) -> None:
    settings = Settings(demo=True, agreements=(str(folder),), hosts=("testserver",))
    client = TestClient(create_app(settings))
    address = f"/agreements/{FLAGSHIP}/map"
    page = client.get(f"{address}?as_of=2026-02-10").text
    for told in ("Controlled by Russia", "10 January 2026, A map maker", "Claimed by Ukraine"):
        assert told in page, told
    assert "1 March 2026" not in page
    assert 'id="l-control" checked' in page and 'id="l-claims">' in page
    assert "no dated layer" not in page
    for letter in "ABCD":
        assert f'<b class="letter">{letter}</b>' in page
        assert page.count(f">{letter}</text>") == 2  # on the wide picture and on the narrow one
    data = client.get(f"{address}.json?as_of=2026-02-10").json()
    assert [one["as_of"] for one in data["layers"] if one["kind"] == "control"] == [
        "2026-01-10", "2026-02-01"
    ]  # fmt: skip
    early = client.get(f"{address}?as_of=2026-01-01").text
    assert early.count("no dated layer from a named source") == 2


def test_mirrored_layers_give_the_mirrored_picture(folder: Path) -> None:
    """One party's control and claim look as the other's would."""
    settings = Settings(demo=True, agreements=(str(folder),), hosts=("testserver",))
    address = f"/agreements/{FLAGSHIP}/map?as_of=2026-01-20"
    swapped = {"Russia": "Ukraine", "Ukraine": "Russia"}
    one = TestClient(create_app(settings)).get(address).text
    told = [
        {**a, "properties": {**a["properties"], "by": swapped[a["properties"]["by"]]}}
        for a in LAYERS
    ]
    _write(folder, told)
    other = TestClient(create_app(settings)).get(address).text
    paths = [text.split('class="l-control"')[1].split("</g>")[0] for text in (one, other)]
    assert paths[0] == paths[1] and "fill-opacity" in paths[0]


def test_a_release_of_a_draft_is_of_its_layers_as_well(folder: Path, tmp_path: Path) -> None:
    before = taken(folder, tmp_path / "before").digest
    _write(folder, LAYERS[:1])
    assert taken(folder, tmp_path / "after").digest != before


def test_more_layers_than_have_letters_are_refused(folder: Path) -> None:
    _write(folder, [layer(f"l{n}", "control", "Russia", "2026-01-10") for n in range(501)])
    with pytest.raises(InputError, match="more than 500 layers"):
        library.load(folder)
    _write(folder, [None])
    with pytest.raises(InputError, match="feature 1 is no object"):
        library.load(folder)
