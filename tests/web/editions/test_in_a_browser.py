"""From preparing to the public page in Chromium: nothing asked of other hosts, nobody kept out."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from servanda.web.people.person import Person
from servanda.web.people.roles import Role
from tests.support.browser import arrived, served
from tests.support.seen import Blocked, looked_at
from tests.web.conftest import PAUSE
from tests.web.editions.bureau import HOURS, SIDES, bureau, prepared, released
from tests.web.people.house import PASSWORD, House

NAME = "Ada Lindqvist"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return bureau(tmp_path_factory.mktemp("browser"), hosts=("127.0.0.1", "testserver"))


@pytest.fixture(scope="module")
def ada(house: House) -> Person:
    return house.account(NAME, Role.SECRETARIAT)


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    with served(house.app) as found:
        yield found


class Looked(Blocked):
    """Pages of one browser, each looked at when it is opened."""

    def __init__(self, browser: Any, base: str, width: int, scheme: str) -> None:
        super().__init__(base)
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
        )
        self.page = self.page_of(self.context)

    def open(self, where: str) -> Any:
        self.page.goto(self.address + where)
        self.check(where)
        return self.page

    def check(self, where: str) -> None:
        self.page.wait_for_load_state("networkidle")
        looked_at(self.page, where)

    def close(self) -> None:
        self.context.close()
        assert (self.outside, self.faults) == ([], [])


def test_an_officer_releases_an_edition_and_everybody_reads_it(
    browser: Any, address: str, house: House, ada: Person
) -> None:
    looked = Looked(browser, address, 1440, "light")
    page = looked.open("/sign-in?to=/editions")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    arrived(page, lambda: page.keyboard.press("Enter"))
    assert page.url == f"{address}/editions"
    looked.check("editions")
    page.get_by_label("Agreement").select_option(PAUSE)
    page.get_by_label("Evidence standard").select_option("any_claim")
    arrived(page, page.get_by_role("button", name="Prepare it").click)
    assert page.url == f"{address}/editions/1"
    looked.check("in preparation")
    assert page.get_by_role("button", name="Release it").count() == 0
    for _ in SIDES:
        arrived(page, page.get_by_role("button", name="Record it").first.click)
    assert page.get_by_role("button", name="Record it").count() == 0
    house.clock.now += HOURS * 3600 + 60
    page = looked.open("/sign-in?to=/editions/1")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    arrived(page, lambda: page.keyboard.press("Enter"))
    assert page.url == f"{address}/editions/1"
    page.get_by_role("checkbox").check()
    looked.check("ready")
    arrived(page, page.get_by_role("button", name="Release it").click)
    arrived(page, page.get_by_role("link", name="edition 1").click)
    assert page.url == f"{address}/public/editions/1"
    assert "Released by Ada Lindqvist, secretariat" in page.inner_text("main")
    looked.close()
    everybody = Looked(browser, address, 1440, "light")
    everybody.open("/public").get_by_role("link", name="Edition 1").click()
    everybody.check("edition")
    everybody.page.get_by_role("link", name="Українська").click()
    everybody.page.wait_for_url(f"{address}/public/editions/1?lang=uk")
    assert everybody.page.get_attribute("html", "lang") == "uk"
    assert "стверджуване порушення" in everybody.page.inner_text("main")
    everybody.close()


@pytest.mark.parametrize(
    ("width", "scheme", "languages"),
    [(1440, "dark", ("en", "uk")), (390, "light", ("uk", "ru")), (320, "dark", ("ru",))],
)
def test_pages_fit_and_keep_nobody_out(
    browser: Any, address: str, house: House, ada: Person, width: int, scheme: str,
    languages: tuple[str, ...],
) -> None:  # fmt: skip
    number = released(house, by=ada)
    looked = Looked(browser, address, width, scheme)
    for language in languages:
        for where in ("/public", f"/public/editions/{number}", f"/public/editions/{number}/embed"):
            looked.open(f"{where}?lang={language}")
    looked.open("/public/editions/99?lang=ru")
    one = house.begin(ada)
    preparing = prepared(one, "valleys")
    looked.context.add_cookies(
        [{"name": house.office.cookie, "value": one.session or "", "url": address}]
    )
    for where in ("/editions", preparing, f"/editions/{number}"):
        looked.open(where)
    looked.close()


def test_another_site_may_frame_the_embedded_page_and_no_other(
    browser: Any, address: str, house: House, ada: Person
) -> None:
    page = f"{address}/public/editions/{released(house, by=ada)}"

    def site(request: Request) -> HTMLResponse:
        where = page + request.url.path.rstrip("/")
        return HTMLResponse(f'<!doctype html><title>News</title><iframe src="{where}"></iframe>')

    with served(Starlette(routes=[Route("/", site), Route("/embed", site)])) as elsewhere:
        other = browser.new_page()
        for where, framed in (("/embed", True), ("/", False)):
            other.goto(elsewhere + where)
            other.wait_for_load_state("networkidle")
            said = other.frames[-1].evaluate("document.body ? document.body.innerText : ''")
            assert ("Pause of strikes" in said) == framed
        other.close()


def test_on_paper_it_is_light_and_has_no_controls(
    browser: Any, address: str, house: House, ada: Person
) -> None:
    number = released(house, by=ada)
    page = browser.new_page(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{address}/public/editions/{number}?lang=uk")
    assert page.locator(".tongues").is_hidden()
    assert page.locator("#frame").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".foot .id").is_visible()  # the digest
    page.close()
