"""What one enters into the ledger, open pages hear of: soon, all of them, and nobody else."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.open_pages import Heard, enter, listen
from servanda.cli import main
from servanda.web import live
from servanda.web.app import create_app
from servanda.web.people.roles import Role
from servanda.web.people.sessions import IDLE_SECONDS
from servanda.web.settings import Settings
from tests.support.browser import served
from tests.web.conftest import PAUSE
from tests.web.people.house import Browser, House, build

SOON = 6.0  # seconds, with other tests beside; at rest two: benchmarks.open_pages
QUIET = 2.0  # seconds without anything; looks are half a second apart
PAGES = 300
STREAM = f"/agreements/{PAUSE}/live"


class Kept:
    """A ledger to which records can be added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = folder / "pause.ledger"
        self.numbers = itertools.count(1)
        assert main(["ledger", "init", "--ledger", str(self.place), "--title", "Pause"]) == 0

    def add(self, handling: str = "public") -> str:
        name = f"r{next(self.numbers)}"
        enter(self.place, name, handling)
        return name


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    made = Kept(tmp_path_factory.mktemp("live"))
    made.add()
    return made


@pytest.fixture(scope="module")
def address(kept: Kept) -> Iterator[str]:
    with served(create_app(Settings((PAUSE,), demo=True, ledger=str(kept.place)))) as found:
        yield found


async def _until(there: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not there() and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert there()


def test_three_hundred_open_pages_hear_soon(kept: Kept, address: str) -> None:
    from urllib.request import urlopen

    async def run() -> None:
        many: list[list[Heard]] = [[] for _ in range(PAGES)]
        tasks = [asyncio.create_task(listen(address + STREAM, one)) for one in many]
        await _until(lambda: all(many), 30)
        assert len({one[0][1] for one in many}) == 1
        page = f"{address}/agreements/{PAUSE}/records"
        name = await asyncio.to_thread(kept.add)
        entered = time.monotonic()
        await _until(lambda: all(len(one) == 2 for one in many), 10)
        assert max(one[1][0] for one in many) - entered < SOON
        assert len({one[1][1] for one in many}) == 1
        begun = time.monotonic()
        text = await asyncio.to_thread(lambda: urlopen(page).read().decode())
        assert name in text and time.monotonic() - begun < SOON
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())


def test_a_page_made_of_what_came_just_now_is_not_told_that_it_changed(
    kept: Kept, address: str
) -> None:
    from urllib.request import urlopen

    async def run() -> None:
        one: list[Heard] = []  # keeps the server looking
        tasks = [asyncio.create_task(listen(address + STREAM, one))]
        await _until(lambda: bool(one), 10)
        page = f"{address}/agreements/{PAUSE}"
        for _ in range(4):
            await asyncio.to_thread(kept.add)
            text = await asyncio.to_thread(lambda: urlopen(page).read().decode())
            made = text.partition('data-mark="')[2].partition('"')[0]
            fresh: list[Heard] = []
            tasks.append(asyncio.create_task(listen(address + STREAM, fresh)))
            await _until(fresh.__len__, 10)
            assert fresh[0][1] == made
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())


def test_what_one_may_not_see_nobody_hears_of(kept: Kept, address: str) -> None:
    async def run() -> None:
        one: list[Heard] = []
        task = asyncio.create_task(listen(address + STREAM, one))
        await _until(lambda: bool(one), 10)
        await asyncio.to_thread(kept.add, "body")
        await asyncio.sleep(QUIET)
        assert len(one) == 1
        await asyncio.to_thread(kept.add)
        await _until(lambda: len(one) == 2, 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_two_browsers(browser: Any, kept: Kept, address: str) -> None:
    """One follows, the other is told and asks; neither loses where it was."""
    where = f"{address}/agreements/{PAUSE}/records"
    pages = [browser.new_context().new_page() for _ in range(2)]
    for page in pages:
        page.goto(where)
        page.wait_for_selector(".live:not([hidden])")
    follows, asks = pages
    follows.get_by_label("Show changes at once").check()
    name = kept.add()
    follows.wait_for_selector(f"main >> text={name}", timeout=SOON * 1000)
    asks.wait_for_selector("text=What is shown here has changed.", timeout=SOON * 1000)
    assert asks.locator(f"main >> text={name}").count() == 0
    asks.get_by_role("button", name="Show them").press("Enter")
    asks.wait_for_selector(f"main >> text={name}", timeout=SOON * 1000)
    assert asks.evaluate("document.activeElement.id") == "main"
    assert not asks.get_by_role("button", name="Show them").is_visible()
    for page in pages:
        page.context.close()


@pytest.fixture
def quick(tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> tuple[House, Browser]:
    """A server that looks often, and a monitor who has signed in."""
    monkeypatch.setattr(live, "HEARTBEAT", 0.0)
    monkeypatch.setattr(live, "EVERY", 0.01)
    house = build(tmp_path, agreements=(PAUSE,), ledger=str(kept.place))
    return house, house.as_role(Role.MONITOR)


def test_a_stream_ends_when_somebody_may_look_no_longer(
    quick: tuple[House, Browser],
) -> None:
    _, monitor = quick
    threading.Timer(0.3, lambda: monitor.send("/leave")).start()
    told = monitor.get(STREAM)  # comes back: it ended
    assert told.status_code == 200 and told.headers["content-type"].startswith("text/event-stream")
    assert "event: mark" in told.text


def test_an_open_page_does_not_keep_a_session(
    quick: tuple[House, Browser],
) -> None:
    house, monitor = quick

    ended = threading.Event()

    def idle() -> None:
        while not ended.wait(0.3):
            house.clock.now += IDLE_SECONDS / 3

    threading.Thread(target=idle).start()
    try:
        assert ": still here" in monitor.get(STREAM).text  # and it ended
    finally:
        ended.set()


def test_where_nothing_can_change_nothing_is_heard(demo: Any) -> None:
    assert demo.get(STREAM).status_code == 204
    assert demo.get("/agreements/nobody/live").status_code == 404
    assert "data-stream" not in demo.get(f"/agreements/{PAUSE}").text


def test_only_so_many(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.testclient import TestClient

    monkeypatch.setattr(live, "MOST", 0)
    settings = Settings((PAUSE,), demo=True, ledger=str(kept.place), hosts=("testserver",))
    answer = TestClient(create_app(settings)).get(STREAM, headers={"accept": "application/json"})
    assert answer.status_code == 503 and "load the page anew" in answer.json()["detail"]


def test_a_page_of_the_past_is_not_renewed(kept: Kept, address: str) -> None:
    from urllib.request import urlopen

    page = f"{address}/agreements/{PAUSE}/records"
    assert "data-stream" in urlopen(page).read().decode()
    assert "data-stream" not in urlopen(f"{page}?known_at=2027-01-01").read().decode()
