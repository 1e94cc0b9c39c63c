"""The pages in Chromium: nothing asked of any other host, nothing that keeps people out.

Every page is looked at light and dark, wide and narrow; axe-core looks for what keeps people out;
the keyboard alone reaches what the mouse reaches.
"""

import gzip
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from servanda.web.app import create_app
from servanda.web.render import asset
from servanda.web.settings import Settings
from tests.support.browser import arrived, served
from tests.web.addresses import MORE, PAGES
from tests.web.conftest import COURSE, FLAGSHIP, PAUSE

EVERY = {**PAGES, **MORE}
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 800}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PARTS = 2  # of the pages, so that two processes can share them
A = f"/agreements/{FLAGSHIP}"
Q = f"?course={COURSE}"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_app(Settings(demo=True))) as found:
        yield found


class Watched:
    """A page whose requests to other hosts are blocked and counted, and whose faults are kept."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.base = address
        self.outside: list[str] = []
        self.faults: list[str] = []
        self.context = browser.new_context(**options)
        self.context.route("**/*", self._let)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)

    def _let(self, route: Any) -> None:
        host = urlsplit(self.base).netloc
        if urlsplit(route.request.url).netloc == host:
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def open(self, where: str) -> Any:
        self.page.goto(self.base + where)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def close(self) -> None:
        self.context.close()
        assert self.outside == []
        assert self.faults == []


@pytest.fixture
def wide(browser: Any, address: str) -> Iterator[Watched]:
    found = Watched(browser, address, viewport=WIDE)
    yield found
    found.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_pages_fit_and_keep_nobody_out(browser: Any, address: str, part: int) -> None:
    """Each page is loaded once; the scheme and the width change while it is open.

    All rules of axe-core are tried in light; in dark those of colours, since the rest is the same.
    """
    looked = Watched(browser, address, bypass_csp=True)
    for name, where in list(EVERY.items())[part::PARTS]:
        looked.page.set_viewport_size(WIDE)
        looked.page.emulate_media(color_scheme="light")
        page = looked.open(where)
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        page.evaluate(AXE)
        for scheme, rules in (
            ("light", "{}"),
            ("dark", "{runOnly: ['color-contrast', 'link-in-text-block']}"),
        ):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(TOO_WIDE) <= 0, f"{name} is too wide"
            found = page.evaluate(f"axe.run(document, {{...{rules}, resultTypes: ['violations']}})")
            told = [
                f"{name}, {scheme}: {v['id']} {node['target']} {node['failureSummary']}"
                for v in found["violations"]
                for node in v["nodes"][:3]
            ]
            assert not told, "\n".join(told)
            tried = len(found["passes"])
            assert tried, f"no rule of axe-core had anything to look at on {name}, {scheme}"
        page.set_viewport_size(NARROW)
        assert page.evaluate(TOO_WIDE) <= 0, f"{name} is too wide on a narrow screen"
    looked.close()


def test_text_does_not_stand_on_text(browser: Any, address: str) -> None:
    """Words in the pictures do not cover each other, wide and narrow."""
    overlaps = """() => {
      const found = [];
      for (const svg of document.querySelectorAll("main svg[viewBox]")) {
        if (!svg.getBoundingClientRect().width) continue;
        const texts = [...svg.querySelectorAll("text")];
        const boxes = texts.map((t) => [t.textContent, t.getBoundingClientRect()]);
        for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
          const [a, b] = [boxes[i][1], boxes[j][1]];
          const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (x > 3 && y > 5) found.push(boxes[i][0] + " / " + boxes[j][0]);
        }
      }
      return found;
    }"""
    for size in (WIDE, NARROW):
        looked = Watched(browser, address, viewport=size)
        for name in ("agreement", "provision", "map", "pause", "many readings", "many instances"):
            assert looked.open(EVERY[name]).evaluate(overlaps) == [], f"{name} {size}"
        looked.close()


def test_lazy_parts_arrive(wide: Watched) -> None:
    page = wide.open(f"/agreements/{PAUSE}/provisions/pause")
    page.wait_for_selector("section[aria-labelledby=aw] li", timeout=60_000)
    page = wide.open(f"{A}{Q}")
    page.wait_for_selector("section[aria-labelledby=wc] .sub")
    assert page.locator(".loading").count() == 0


def test_without_scripts_everything_is_reached(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE, java_script_enabled=False)
    page = looked.open(f"{A}{Q}")
    arrived(page, page.get_by_role("link", name="What became known, and what it changed").click)
    assert page.get_by_role("heading", level=1).inner_text() == "What changed since 1 March 2026"
    page = looked.open(f"{A}{Q}")
    page.locator("details.change summary").click()
    page.get_by_label("Evidence standard: which records count").select_option("any_claim")
    arrived(page, page.get_by_role("button", name="Show this view").click)
    assert "standard=any_claim" in page.url and f"course={COURSE}" in page.url
    looked.close()


def test_the_view_is_changed_by_its_form_and_stands_in_the_address(wide: Watched) -> None:
    page = wide.open(f"{A}/provisions/p25{Q}")
    page.get_by_role("link", name="13 open").click()
    field = page.get_by_label("Which event starts the clock")
    field.wait_for(state="visible")
    field.select_option("clock_start=on_agreement")
    page.get_by_role("button", name="Show this view").click()
    page.wait_for_url("**reading=clock_start%3Don_agreement*")
    assert page.url.count("reading=") == 1 and "assume=" not in page.url
    assert page.locator(".ban .h").inner_text() == "Active"
    assert page.locator(".view p").inner_text().count("1 fixed, 12 open") == 1


def test_a_slider_moves_the_day(wide: Watched) -> None:
    page = wide.open(f"{A}{Q}")
    slider = page.get_by_label("Things as they stood on")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**as_of=2026-03-29*")
    assert page.get_by_role("link", name="29 March 2026, 24:00 Kyiv").count() == 1
    assert page.evaluate("document.activeElement.id") == "slide-as-of"


def test_the_keyboard_goes_from_the_first_page_to_a_record(wide: Watched) -> None:
    page = wide.open("/")

    def tab_to(name: str) -> None:
        for _ in range(400):
            page.keyboard.press("Tab")
            if page.evaluate("(document.activeElement.textContent || '').trim()") == name:
                return
        raise AssertionError(f"{name} is not reached by the keyboard")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    tab_to("with an invented course of events")
    page.keyboard.press("Enter")
    page.wait_for_url("**course=*")
    page.wait_for_load_state("networkidle")
    tab_to("28 · Ceasefire")
    page.keyboard.press("Enter")
    page.wait_for_url("**/provisions/p28*")
    page.wait_for_load_state("networkidle")
    tab_to("Table of these data")
    page.keyboard.press("Enter")
    tab_to("h14")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/h14*")
    assert page.get_by_role("heading", level=1).inner_text() == "h14"


def test_marks_on_the_map_are_reached_by_the_keyboard(wide: Watched) -> None:
    page = wide.open(PAGES["map"])
    marks = page.locator(".mapbox:visible a")
    assert marks.count() > 10
    marks.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*")


def test_layers_are_hidden_and_shown(wide: Watched) -> None:
    page = wide.open(f"{A}/map{Q}")
    zones = page.locator(".mapbox:visible .l-zones").first
    assert zones.is_visible()
    page.locator("#l-zones").uncheck()
    assert not zones.is_visible()


def test_on_paper_it_is_light_and_has_no_controls(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE, color_scheme="dark")
    page = looked.open(f"{A}{Q}")
    page.emulate_media(media="print", color_scheme="dark")
    shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shown == "rgb(255, 255, 255)"
    assert not page.locator(".change").is_visible()
    assert not page.locator(".sliders").is_visible()
    assert page.locator(".hyp").is_visible()
    looked.close()


def test_pages_are_small(address: str) -> None:
    """Compressed, with all that a page needs; the first page needs no more than the others."""
    names = ("tokens.css", "page.css", "parts.css", "htmx.min.js", "view.js", "icon.svg")
    found = [asset(name) for name in names]
    assets = sum(len(gzip.compress(one[0])) for one in found if one is not None)
    for name, where in EVERY.items():
        if name in ("no page", "bad day"):
            continue
        with urlopen(address + where) as answer:  # the server of this test
            size = len(gzip.compress(answer.read())) + assets
        assert size < 200_000, name
