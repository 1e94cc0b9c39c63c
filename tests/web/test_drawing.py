"""The pieces that pictures are made of: escaped, inside their frame, with days that can be read."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence.instant import start_of_day
from servanda.geo import Atlas, Point
from servanda.geo.gazetteer import standard
from servanda.report.map_layers import Bucket, home
from servanda.web import marks
from servanda.web.draw import dates, lanes, svg, weeks
from servanda.web.draw import mapped as drawn
from servanda.web.draw.mapped import Labels
from servanda.web.draw.projection import flat, frame
from servanda.web.language import KNOWN, LANGUAGES, preferred, translations

UTC = ZoneInfo("UTC")
EVIL = "<script>\"'&"


def test_everything_in_a_picture_is_escaped() -> None:
    drawn = str(svg.el("text", EVIL, aria_label=EVIL, class_="a"))
    assert "<script>" not in drawn
    assert drawn.startswith('<text aria-label="&lt;script&gt;&#34;&#39;&amp;" class="a">')
    row = dates.Row(EVIL, EVIL, ((date(2026, 1, 5), EVIL),), EVIL)
    assert "<script>" not in dates.draw([row], date(2026, 1, 1), True, narrow=False)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 5000), st.integers(3, 8))
def test_ticks_are_few_in_order_and_hold_both_ends(first: date, days: int, most: int) -> None:
    last = first + timedelta(days)
    ticks = svg.ticks(first, last, most)
    assert ticks[0] == first and ticks[-1] == last
    assert ticks == sorted(ticks)
    assert len(ticks) <= 2 * most + 2


def test_a_day_names_its_year_where_there_are_several() -> None:
    assert svg.tick(date(2026, 3, 1), date(2026, 1, 1), date(2026, 9, 1)) == "1 Mar"
    assert svg.tick(date(2026, 3, 1), date(2025, 1, 1), date(2026, 9, 1)) == "1 Mar 2026"


@given(st.text(max_size=200), st.floats(30, 900), st.integers(1, 3))
def test_wrapped_text_has_so_many_lines(said: str, width: float, most: int) -> None:
    assert 1 <= len(svg.wrapped(said, width, 12, most)) <= most


@pytest.mark.parametrize("narrow", [False, True])
def test_a_lane_has_a_pattern_for_every_state(narrow: bool) -> None:
    day = 86_400_000_000
    start = start_of_day(date(2026, 1, 1), UTC)
    shapes = [*marks.STATES.values(), *marks.BASES.values()]
    bars = tuple(
        lanes.Bar(start + i * 20 * day, start + (i + 1) * 20 * day, m) for i, m in enumerate(shapes)
    )
    lane = lanes.Lane("a reading", bars, (), "now", "said in words")
    group = lanes.Group("Upper", "does it", (lane,), ((start, start + day),), "half")
    last = start + 20 * len(shapes) * day
    drawn = lanes.draw([group], start, last, UTC, False, narrow)
    for pattern in ("url(#pA)", "url(#pD)", "url(#pS)", "url(#pN)", "var(--kept)", "#terminated"):
        assert pattern in drawn
    assert 'aria-label="said in words"' in drawn and "HYPOTHETICAL" not in drawn


def test_acts_that_would_cover_each_other_are_one_with_their_number() -> None:
    start = start_of_day(date(2026, 1, 1), UTC)
    acts = tuple(lanes.Act(start + i, "found" if i == 3 else "alleged", "x") for i in range(7))
    lane = lanes.Lane("", (), acts, "now", "told")
    last = start + 10**13
    drawn = lanes.draw([lanes.Group("A", "", (lane,))], start, last, UTC, False, narrow=False)
    assert drawn.count('href="#found"') == 1 and 'href="#alleged"' not in drawn
    assert ">7</text>" in drawn


def test_bars_begin_at_nothing_and_have_their_strip() -> None:
    one = Bucket(date(2026, 1, 5), date(2026, 1, 11), {"alleged": 3, "nobody": 1}, 0.5)
    two = Bucket(date(2026, 1, 12), date(2026, 1, 18), {}, 0.0)
    drawn = weeks.draw([one, two], True, narrow=False)
    assert ">4</text>" in drawn and ">0</text>" in drawn and "HYPOTHETICAL" in drawn
    assert drawn.count("url(#pN)") == 2


def test_the_frame_holds_the_country_and_places_lie_where_they_are() -> None:
    atlas = Atlas.standard()
    units = [s for s in atlas.base.units.values() if s.properties["country"] == home(atlas)]
    whole = shapely.union_all([flat(s.geometry) for s in units])
    shown = frame(whole, 880, 0.03)
    for shape in units:
        middle = shape.geometry.representative_point()
        assert shown.shows(Point(middle.y, middle.x))
    north, south = Point(52.0, 31.0), Point(45.0, 34.0)
    assert shown.at(north)[1] < shown.at(south)[1]
    assert shown.at(north)[0] < shown.at(south)[0]
    across = shown.width * shown.metres / 1000
    assert 1200 < across < 1600  # kilometres


def test_land_around_is_land_and_no_unit_of_the_country_is_in_it() -> None:
    from shapely.geometry import shape

    from servanda.geo.surroundings import surroundings

    around = surroundings()
    atlas = Atlas.standard()
    assert around.names.keys() == {home(atlas), *around.states.keys()} and around.seas
    for unit in atlas.base.units.values():
        if unit.properties["country"] == home(atlas):
            inner = unit.geometry.buffer(-0.05)
            assert not any(shape(g).intersects(inner) for g in around.states.values())


@pytest.mark.parametrize(("width", "there"), [(880, True), (358, False)])
def test_the_name_of_a_sea_stands_on_water(width: int, there: bool) -> None:
    """On a telephone the seas beside the map are too small for their names."""
    units = standard().units.values()
    country = home(Atlas.standard())
    land = [flat(s.geometry) for s in units if s.properties["country"] == country]
    made = frame(shapely.union_all(land).envelope, width, 0.03, 0.8)
    told = "".join(drawn._names(made, country, {}, Labels(made)))
    for name in ("Sea of Azov", "Black Sea"):
        assert (name in told) is there


def test_a_language_is_offered_when_its_catalogue_is_there() -> None:
    assert LANGUAGES[0].code == "en"
    assert set(LANGUAGES) <= set(KNOWN)
    assert translations("en").gettext("Map") == "Map"


@pytest.mark.parametrize(
    ("accept", "code"),
    [
        ("", "en"),
        ("uk-UA,uk;q=0.9,en;q=0.5", "uk"),
        ("fr, ru;q=0.3, en;q=0.2", "ru"),
        ("en-GB", "en"),
        ("uk;q=x, ru", "ru"),
        (", ;q=, *", "en"),
    ],
)
def test_the_language_is_the_one_that_is_liked_best(accept: str, code: str) -> None:
    assert preferred(accept, KNOWN) == code
