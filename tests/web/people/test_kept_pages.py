"""Pages are kept as they are sent for who has no account, and for nobody else."""

from pathlib import Path

from servanda.web import desk
from servanda.web.people.roles import Role
from tests.web.people.house import build

PAGES = ("", "/provisions", "/provisions/p1", "/records", "/claims", "/map", "/cases")


def test_nobody_is_sent_the_page_of_somebody_else(tmp_path: Path) -> None:
    house = build(tmp_path, public=True)
    monitor = house.as_role(Role.MONITOR)
    name = house.of(Role.MONITOR).name
    for page in PAGES:
        address = f"/agreements/valleys{page}"
        mine = monitor.get(address).text
        theirs = [house.browser().get(address).text for _ in range(2)]
        assert name in mine and name not in theirs[0]
        assert theirs[0] == theirs[1] and "form_token" not in theirs[0]
        assert name in monitor.get(address).text


def test_only_the_latest_are_kept(tmp_path: Path) -> None:
    house = build(tmp_path, public=True)
    asked = house.browser()
    for number in range(desk.PAGES + 20):
        assert asked.get(f"/agreements/valleys/records?q=w{number}").status_code == 200
    (answer,) = house.app.state.desk._answers._found.values()
    assert len(answer._pages) == desk.PAGES
