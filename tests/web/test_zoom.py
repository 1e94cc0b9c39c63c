"""The map that can be zoomed and played draws what the page says, from this server alone."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from servanda.web.app import create_app
from servanda.web.pages.mapped import NEAREST
from servanda.web.settings import Settings
from tests.support.browser import served
from tests.web.conftest import COURSE, FLAGSHIP, PAUSE
from tests.web.test_browser import AXE, NARROW, WIDE, Watched

MAP = f"/agreements/{PAUSE}/map?standard=any_claim"
READY_MS = 30_000
SAYING = """(status) => { const said = []; new MutationObserver(() => {
  said.push(status.textContent); status.dataset.said = said.join("|"); }
  ).observe(status, {childList: true}); }"""
SMALL = {"width": 720, "height": 520}  # a machine without a GPU draws each step slowly
SLOW = "GPU stall"  # said of machines without a GPU, as those of tests are


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_app(Settings(demo=True))) as found:
        yield found


def opened(looked: Watched, where: str) -> Any:
    page = looked.open(where)
    page.get_by_role("button", name="Zoom and play").press("Enter")
    page.wait_for_selector(".zoom[data-ready]", timeout=READY_MS)
    assert page.evaluate("document.querySelector('.zoom').dataset.fault") is None
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_drawn_and_played_by_keyboard(browser: Any, address: str, scheme: str) -> None:
    looked = Watched(browser, address, viewport=SMALL, color_scheme=scheme)
    page = opened(looked, MAP)
    assert not page.locator(".still").is_visible()
    status = page.locator(".zoom [role=status]")
    assert status.inner_text() == "All weeks · occurrences: 35"
    week = page.locator("#week")
    for _ in range(int(week.get_attribute("max"))):
        week.press("ArrowLeft")
    counts = [status.inner_text()]
    for _ in range(int(week.get_attribute("max"))):
        week.press("ArrowRight")
        counts.append(status.inner_text())
    assert counts[0].startswith("Week of ") and len(set(counts)) == len(counts)
    assert sum(int(told.rpartition(" ")[2]) for told in counts) == 35
    status.evaluate(SAYING)
    page.get_by_role("button", name="Play").press("Enter")
    page.wait_for_selector("[data-said*='|']", timeout=READY_MS)
    page.get_by_role("button", name="Pause").press("Enter")
    assert status.get_attribute("data-said").split("|")[:2] == counts[:2]
    page.get_by_role("button", name="Back to the still picture").press("Enter")
    assert page.locator(".still").is_visible() and not page.locator(".zoomed").is_visible()
    looked.faults = [told for told in looked.faults if SLOW not in told]
    looked.close()


def test_it_keeps_nobody_out_and_says_what_is_hypothetical(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=NARROW, bypass_csp=True)
    page = opened(looked, f"/agreements/{FLAGSHIP}/map?course={COURSE}")
    assert page.locator(".zoom .stamp").inner_text() == "HYPOTHETICAL"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document.querySelector('main')).then((r) => r.violations)")
    assert found == []
    looked.faults = [told for told in looked.faults if SLOW not in told]
    looked.close()


def test_nothing_is_larger_than_one_to_a_million(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE)
    page = opened(looked, MAP)
    nearest = float(page.get_attribute(".zoom", "data-nearest"))
    metres = 40_075_016.7 * math.cos(math.radians(48.4)) / 512 / 2**nearest
    assert metres == pytest.approx(NEAREST, rel=0.02)
    for _ in range(8):
        page.get_by_role("button", name="Nearer").press("Enter")
        page.wait_for_timeout(350)
    shown = page.locator(".zoom .scale")
    kilometres = float(shown.inner_text().removesuffix(" km"))
    width = shown.evaluate("(line) => line.getBoundingClientRect().width")
    assert kilometres * 1000 / width == pytest.approx(NEAREST, rel=0.05)
    looked.faults = [told for told in looked.faults if SLOW not in told]
    looked.close()


def test_where_it_cannot_be_drawn_the_still_picture_stays(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE)
    looked.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page = looked.open(MAP)
    page.get_by_role("button", name="Zoom and play").press("Enter")
    page.wait_for_selector(".zoom[data-fault]", state="attached", timeout=READY_MS)
    assert "still picture" in page.locator(".zoom [role=status]").inner_text()
    assert page.locator(".still").is_visible()
    looked.context.close()


def test_the_base_map_is_the_one_of_the_still_picture(demo: TestClient) -> None:
    answer = demo.get("/map/base.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    kinds = {one["properties"]["kind"] for one in features}
    assert kinds == {"abroad", "home", "unit", "border", "country", "sea", "town", "city"}
    units = {one["properties"]["unit"] for one in features if one["properties"]["kind"] == "unit"}
    observed = demo.get(MAP.replace("/map?", "/map.json?")).json()["observed"]
    assert observed and set(observed) <= units
    assert len(answer.content) < 1_500_000
