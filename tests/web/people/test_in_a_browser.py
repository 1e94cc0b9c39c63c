"""The pages of people in Chromium: signed in by keyboard alone, wide and narrow, light and dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servanda.web.people.roles import Role
from tests.support.browser import served
from tests.support.seen import looked_at
from tests.web.people.house import PASSWORD, House, build

NAME = "Ada Lindqvist of the mission"
PAGES = ("/", "/account", "/people", "/trail", "/sign-ins")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = build(tmp_path_factory.mktemp("browser"), hosts=("127.0.0.1",))
    made.account(NAME, Role.ADMINISTRATOR)
    made.account("Zoë", Role.PARTY)
    return made


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with served(house.app) as found:
        yield found


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_pages_fit_and_keep_nobody_out(
    browser: Any, address: str, house: House, width: int, scheme: str, tmp_path: Path
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/people")
    looked_at(page, "closed")
    page.goto(f"{address}/sign-in?to=/people")
    looked_at(page, "sign-in")
    page.get_by_label("Name").focus()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    page.keyboard.type("a wrong password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    looked_at(page, "wrong")
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people")
    for where in PAGES:
        page.goto(address + where)
        looked_at(page, where)
    page.goto(f"{address}/people")
    page.get_by_label("Name").fill(f"Guest {width}")
    page.get_by_label("Role").select_option("party")
    page.get_by_role("button", name="Make the link").click()
    page.get_by_role("alert").wait_for()
    looked_at(page, "no party")
    page.get_by_label("Acts for").select_option("Upper")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link").input_value()
    looked_at(page, "link")
    page.get_by_role("link", name=f"Guest {width}").click()
    page.wait_for_load_state()
    looked_at(page, "person")
    page.goto(f"{address}/account")
    page.locator("section", has_text="It is off").get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("textbox", name="Code").wait_for()
    looked_at(page, "second factor")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto(link)
    looked_at(page, "link opened")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("once more").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
    assert "party representative" in page.inner_text("header")
    assert faults == []
    context.close()
