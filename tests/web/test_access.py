"""Who may see what: a visitor and the public of a demo on real agreements.

Every route for every role: `people/test_rights.py`.
"""

import pytest
from starlette.testclient import TestClient

from servanda.web.access import ACCESS
from servanda.web.app import create_app, routes
from servanda.web.settings import Settings
from tests.web.addresses import PAGES, json_of

HOSTS = ("testserver",)
SAME = {"origin": "http://testserver"}


def test_every_page_is_among_those_that_are_looked_at() -> None:
    pages = {r.name for r in routes() if f"{r.name}.json" in ACCESS}
    # One is about people, and nothing is released in a demo: both are looked at elsewhere.
    assert pages - {"trail", "edition"} <= set(PAGES)


@pytest.fixture
def closed() -> TestClient:
    return TestClient(create_app(Settings(hosts=HOSTS)))


def test_a_visitor_reads_what_was_released(closed: TestClient) -> None:
    assert closed.get(PAGES["public"]).status_code == 200


@pytest.mark.parametrize("name", sorted(n for n in PAGES if n not in ("api", "public")))
def test_a_visitor_sees_no_other_page(closed: TestClient, name: str) -> None:
    for address in (PAGES[name], json_of(PAGES[name])):
        assert closed.get(address).status_code == 401
    assert closed.get(json_of(PAGES[name])).json()["title"] == "Not signed in"


def test_a_visitor_sees_what_everybody_may(closed: TestClient) -> None:
    assert closed.get("/health").text == "ok\n"
    assert closed.get("/sign-in").status_code == 200
    assert closed.get("/static/page.css").status_code == 200
    assert closed.get("/openapi.json").status_code == 401


def test_in_a_demo_nobody_signs_in(demo: TestClient) -> None:
    assert "Sign out" not in demo.get("/").text
    assert demo.post("/enter", data={"token": "x"}, headers=SAME).status_code == 404
    assert demo.post("/leave", headers=SAME).status_code == 404
