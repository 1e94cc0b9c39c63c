"""An editor releases a draft in Chromium, and a monitor who did not find it reads it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servanda.web.people.roles import Role
from tests.support.browser import arrived, served
from tests.support.seen import Desk, looked_at
from tests.web.conftest import browser as browser  # noqa: PLC0414
from tests.web.drafting.test_release import DRAFT, PAGE, SECRET, WHY
from tests.web.people.house import VALLEYS, House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    texts = tmp_path / "valleys.md", tmp_path / "glens.md"
    for path, text in zip(texts, (VALLEYS, DRAFT), strict=True):
        path.write_text(text)
    return build(tmp_path, agreements=tuple(map(str, texts)), hosts=("127.0.0.1", "testserver"))


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house.app) as found:
        yield found


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_an_editor_releases_a_draft_and_takes_it_back(
    browser: Any, address: str, house: House, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900}
    desk = Desk(browser, house, address, viewport=size, color_scheme=scheme, bypass_csp=True)
    editor, monitor = desk.of(house.of(Role.EDITOR)), desk.of(house.of(Role.MONITOR))
    monitor.goto(f"{address}/drafts")
    assert SECRET not in monitor.inner_text("main")
    editor.goto(f"{address}/drafts")
    looked_at(editor, "the list")
    arrived(editor, editor.get_by_role("link", name=f"release {SECRET}").click)
    looked_at(editor, "the draft")
    editor.get_by_label("Who agreed").fill("Olena Shevchenko")
    editor.get_by_label("I may release").check()
    arrived(editor, editor.get_by_role("button", name="Release it").click)
    assert "name a person" in editor.get_by_role("alert").inner_text()
    looked_at(editor, "refused")
    editor.get_by_label("Who agreed").fill(WHY)
    editor.get_by_label("I may release").check()
    arrived(editor, editor.get_by_role("button", name="Release it").click)
    looked_at(editor, "released")
    monitor.reload()
    assert SECRET in monitor.inner_text("main")
    looked_at(monitor, "the list of a monitor")
    editor.goto(address + PAGE)
    editor.get_by_label("Reason").fill("It was shown too early.")
    arrived(editor, editor.get_by_role("button", name="Take it back").click)
    looked_at(editor, "taken back")
    monitor.goto(f"{address}/agreements/glens")
    assert "Not found" in monitor.inner_text("main")
    assert (desk.outside, desk.faults) == ([], [])
