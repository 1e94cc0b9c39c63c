"""Names in three languages, earlier ones too; what is ambiguous is asked; odd coordinates."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda import library
from servanda.geo import Ambiguous, Atlas, Point
from servanda.geo.coordinates import Box, problem
from servanda.geo.gazetteer import folded

ATLAS = Atlas.standard()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Київ", "Kyiv"),
        ("Киев", "Kyiv"),
        ("KIEV", "Kyiv"),
        ("Львів", "Lviv_city"),
        ("Донецька область", "Donetsk"),
        ("Donets’k oblast", "Donetsk"),
        ("Слов’янськ", "Sloviansk"),
        ("Слов'янськ", "Sloviansk"),
        ("Krasnyi Lyman", "Lyman"),
        ("Дніпропетровськ", "Dnipro_city"),
        ("Ленинград", "St_Petersburg"),
        ("Семферополь", None),
        ("Donetsk", "Donetsk"),
        ("Rostov-on-Don", "Rostov_on_Don"),
    ],
)
def test_spellings(name: str, place: str | None) -> None:
    assert ATLAS.find(name) == place


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("Донецьк", ("Donetsk_city", "Donetsk_in_Rostov")),
        ("Николаев", ("Mykolaiv_city", "Mykolaiv_in_Lviv")),
        ("Артемовск", ("Bakhmut", "Kypuche")),
        ("Kharkov", ("Kharkiv", "Kharkiv_city")),
    ],
)
def test_ambiguous_names_are_asked_about(name: str, candidates: tuple[str, ...]) -> None:
    assert ATLAS.find(name) == Ambiguous(name, candidates)
    assert ATLAS.canonical(name) is None


def test_every_spelling_leads_to_a_place_that_exists() -> None:
    for ids in ATLAS.base.spellings.values():
        assert all(i in ATLAS.base.units or i in ATLAS.base.towns for i in ids)
    for identity in (*ATLAS.base.units, *ATLAS.base.towns):
        assert ATLAS.find(identity) == identity, "an id is never ambiguous"
        cyrillic = [s for s, ids in ATLAS.base.spellings.items() if identity in ids and s[0] > "z"]
        assert cyrillic, identity


@given(st.text(max_size=30))
def test_folding_is_settled_at_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)


AGREEMENT = """\
agreement a "A"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-01

party North
party South
"""


def test_records_with_ambiguous_names_are_kept_apart_with_the_candidates(tmp_path: Path) -> None:
    file = tmp_path / "a.servanda"
    file.write_text(AGREEMENT)
    rows = tmp_path / "r.jsonl"
    start = '{"type":"attack","at":"2026-01-02","args":{"by":"North"},"source":"P"'
    rows.write_text(
        f'{start},"id":"1","place":"Київ"}}\n'
        f'{start},"id":"2","place":{{"name":"Донецьк"}}}}\n'
        f'{start},"id":"3","place":{{"lat":0,"lon":0}}}}\n'
        f'{start},"id":"4","place":"Somewhere"}}\n'
        '{"id":"5","type":"control_change","at":"2026-01-02","args":{"place":"Артемовск",'
        '"to":"North"},"source":"P"}\n'
    )
    read = library.load(file).read([rows])
    assert [(r.id, r.place) for r in read.records] == [("1", "Kyiv"), ("4", "Somewhere")]
    assert [(r.line, r.reason) for r in read.refused] == [
        (2, "“Донецьк” may be any of Donetsk_city, Donetsk_in_Rostov: write the one that is meant"),
        (3, "“place”: latitude 0, longitude 0 stand for a place that is not known"),
        (5, "“Артемовск” may be any of Bakhmut, Kypuche: write the one that is meant"),
    ]


def test_names_of_the_agreement_come_first() -> None:
    atlas = ATLAS.with_places({"Донецьк": Point(48.0, 37.8)})
    assert atlas.find("Донецьк") == "Донецьк"


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        (48.0, 37.8, None),
        (37.8, 48.0, "look swapped"),
        (0.0, 0.0, "not known"),
        (0.0, 37.8, None),
        (137.8, 48.0, "outside the earth; they look swapped"),
        (48.0, 237.8, "outside the earth"),
        (math.nan, 37.8, "no coordinates"),
        (math.inf, 37.8, "no coordinates"),
        (-33.0, 151.0, None),
    ],
)
def test_what_is_wrong_with_coordinates(lat: float, lon: float, reason: str | None) -> None:
    found = problem(lat, lon, Box(22, 44, 42, 53))
    assert found is None if reason is None else found is not None and reason in found
