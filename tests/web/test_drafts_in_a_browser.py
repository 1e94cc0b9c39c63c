"""Stories stepped through by keyboard, drafts chosen, a what-if there and back, in Chromium."""

from collections.abc import Iterator
from typing import Any

import pytest

from servanda.web.app import create_app
from servanda.web.settings import Settings
from tests.support.browser import arrived, served
from tests.web.conftest import PAUSE
from tests.web.test_browser import NARROW, WIDE, Watched

TRUCE = "/agreements/easter-truce-2025/audit?part=now"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_app(Settings(demo=True))) as found:
        yield found


def _story(page: Any) -> Any:
    """The story with three events, opened."""
    told = page.locator("details.story").first
    told.locator("summary").focus()
    page.keyboard.press("Enter")
    told.locator(".player").wait_for(state="visible")
    return told


def _here(story: Any) -> list[str]:
    return [
        *story.locator("li.here .n").all_inner_texts(),
        *story.locator("svg .here text:first-of-type").all_text_contents(),
    ]


def test_a_story_is_stepped_through_by_keyboard(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE)
    page = looked.open(TRUCE)
    story = _story(page)
    steps = story.locator("li[data-step]").count()
    assert steps == 4 and _here(story) == []
    for _ in range(2):  # back, step
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.do") == "next"
    page.keyboard.press("Enter")
    assert _here(story) == ["1", "1"]
    assert story.locator("li.later").count() == 3
    assert story.locator("li[aria-current=step]").count() == 1
    page.keyboard.press("ArrowRight")
    assert _here(story) == ["2", "2"]
    said = story.locator("[role=status]").inner_text()
    assert said.startswith("2 / 4: ") and len(said) > 20
    page.keyboard.press("End")
    assert _here(story) == ["=", "="]
    assert story.locator("[data-do=next]").get_attribute("aria-disabled") == "true"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    assert _here(story) == [] and story.locator("li.later").count() == 0
    looked.close()


def test_a_story_plays_and_pauses_when_it_is_asked_to(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=NARROW)
    page = looked.open(TRUCE)
    page.clock.install()
    page.reload()
    story = _story(page)
    page.clock.run_for(20_000)
    assert _here(story) == []  # nothing moves by itself
    play = story.locator("[data-do=play]")
    play.click()
    assert _here(story) == ["1", "1"] and play.inner_text() == "Pause"
    page.clock.run_for(2_600)
    assert _here(story) == ["2", "2"]
    play.click()
    page.clock.run_for(20_000)
    assert _here(story) == ["2", "2"] and play.inner_text() == "Play"
    play.click()
    page.clock.run_for(20_000)
    assert _here(story) == ["=", "="] and play.inner_text() == "Play"
    looked.close()


def test_a_story_that_arrives_later_is_stepped_through_too(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE)
    page = looked.open("/agreements/europe-24-point/audit")
    page.wait_for_selector("details.story", timeout=90_000)
    assert "part=" not in page.url
    story = _story(page)
    story.locator("[data-do=next]").click()
    assert _here(story) == ["1", "1"]
    looked.close()


def test_a_part_that_does_not_come_says_why(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE)
    looked.page.route("**part=all*", lambda route: route.continue_(url=f"{address}/nothing"))
    page = looked.open("/agreements/geneva-19-point/audit")
    page.wait_for_selector("main .loading b")
    assert page.locator("main .loading").inner_text().startswith("Not Found.")
    assert page.locator("header").count() == 1  # no page within the page
    looked.close()


def test_where_less_motion_is_preferred_there_are_steps_and_no_playing(
    browser: Any, address: str
) -> None:
    looked = Watched(browser, address, viewport=WIDE, reduced_motion="reduce")
    page = looked.open(TRUCE)
    story = _story(page)
    assert not story.locator("[data-do=play]").is_visible()
    story.locator("[data-do=next]").click()
    assert _here(story) == ["1", "1"]
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0
    looked.close()


def test_without_scripts_a_story_is_its_list(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE, java_script_enabled=False)
    page = looked.open(TRUCE)
    told = page.locator("details.story").first
    told.locator("summary").click()
    assert not told.locator(".player").is_visible()
    days = told.locator("li b").all_inner_texts()
    assert len(days) == 4 and all(day.endswith("April 2025") for day in days)
    page = looked.open(f"/agreements/{PAUSE}/ends")
    arrived(page, page.get_by_role("link", name="Wait for the whole page").click)
    page.get_by_role("heading", name="What each can alone").wait_for()
    looked.close()


def test_drafts_are_chosen_and_compared_by_keyboard(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE)
    page = looked.open("/drafts")
    for name in ("European text of 24 points", "Framework of Geneva, said to have 19 points"):
        page.get_by_label(name).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Compare").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/compare?draft=europe-24-point&draft=geneva-19-point")
    assert page.get_by_role("heading", level=1).inner_text() == "Two drafts compared"
    page.wait_for_selector("section[aria-labelledby=aw] figure", timeout=90_000)
    page.get_by_role("link", name="In brackets, 1").click()
    page.wait_for_url("**show=brackets*")
    assert "territory is settled between them" in page.locator("main").inner_text()
    looked.close()


def test_a_what_if_there_and_back(browser: Any, address: str) -> None:
    looked = Watched(browser, address, viewport=WIDE)
    page = looked.open(f"/agreements/{PAUSE}")
    arrived(page, page.get_by_role("link", name="What if").first.click)
    page.get_by_label("What happens").select_option("attack")
    arrived(page, page.get_by_role("button", name="Show its fields").click)
    page.get_by_label("When (day or instant)").fill("2025-03-20")
    page.get_by_label("By", exact=True).select_option("Ukraine")
    page.get_by_label("On", exact=True).select_option("Russia")
    page.get_by_label("Target (may be left open)").select_option("energy")
    arrived(page, page.get_by_role("button", name="Add it and show what changes").click)
    page.wait_for_selector("#ch")
    assert page.locator("#ch").inner_text() == "What it would change 2"
    assert page.get_by_label("One record a line (JSON Lines)").input_value().count("\n") == 1
    assert page.locator(".hyp").is_visible()
    arrived(page, page.get_by_role("link", name="link to exactly this").click)
    page.wait_for_selector("#ch")
    assert page.locator("#ch").inner_text() == "What it would change 2"
    page.get_by_role("link", name="Clear").click()
    page.wait_for_url(f"**/agreements/{PAUSE}/what-if")
    assert page.locator("#ch").count() == 0
    looked.close()
