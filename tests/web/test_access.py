"""Who may see what: the table holds every route, and each role is tried on each of them."""

import pytest
from starlette.testclient import TestClient

from servanda.web.access import ACCESS, EVERYBODY, Role, allowed
from servanda.web.app import create_app, routes
from servanda.web.doors import LINK_SECONDS, PAUSE_SECONDS, SESSION_SECONDS, TRIES, Doors
from servanda.web.settings import Settings
from tests.web.addresses import PAGES, json_of

HOSTS = ("testserver",)
SAME = {"origin": "http://testserver"}


def test_every_route_stands_in_the_table_and_nothing_else() -> None:
    assert {route.name for route in routes()} == set(ACCESS)


def test_every_page_is_among_those_that_are_looked_at() -> None:
    pages = {r.name for r in routes() if f"{r.name}.json" in ACCESS}
    assert pages <= set(PAGES)


def test_what_is_not_in_the_table_is_closed_to_all() -> None:
    assert not any(allowed("a new page", role) for role in Role)


@pytest.fixture
def closed() -> TestClient:
    return TestClient(create_app(Settings(hosts=HOSTS)))


@pytest.mark.parametrize("name", sorted(n for n in PAGES if n not in ("api",)))
def test_a_visitor_sees_no_page(closed: TestClient, name: str) -> None:
    for address in (PAGES[name], json_of(PAGES[name])):
        assert closed.get(address).status_code == 401
    assert closed.get(json_of(PAGES[name])).json()["title"] == "Not signed in"


def test_a_visitor_sees_what_everybody_may(closed: TestClient) -> None:
    assert {n for n, roles in ACCESS.items() if roles == EVERYBODY} == {"static", "health", "enter"}
    assert closed.get("/health").text == "ok\n"
    assert closed.get("/enter").status_code == 200
    assert closed.get("/static/page.css").status_code == 200
    assert closed.get("/openapi.json").status_code == 401


def test_the_link_lets_one_person_in_once() -> None:
    doors = Doors()
    app = create_app(Settings(hosts=HOSTS), doors)
    token = doors.new_link()
    first, second = TestClient(app), TestClient(app)
    assert token in first.get(f"/enter?token={token}").text
    assert first.get("/").status_code == 401  # looking at the link does not sign in
    done = first.post("/enter", data={"token": token}, headers=SAME, follow_redirects=False)
    assert done.status_code == 303
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert first.get("/index.json").status_code == 200
    assert second.post("/enter", data={"token": token}, headers=SAME).status_code == 403
    assert second.get("/").status_code == 401
    first.post("/leave", headers=SAME)
    assert first.get("/").status_code == 401


def test_an_administrator_sees_all_pages() -> None:
    doors = Doors()
    client = TestClient(create_app(Settings(hosts=HOSTS), doors))
    client.post("/enter", data={"token": doors.new_link()}, headers=SAME)
    for name in ("index", "agreement", "records"):
        assert client.get(PAGES[name]).status_code == 200
    assert "Sign out" in client.get("/").text


def test_in_a_demo_nobody_signs_in(demo: TestClient) -> None:
    assert "Sign out" not in demo.get("/").text
    assert demo.post("/enter", data={"token": "x"}, headers=SAME).status_code == 403
    assert demo.post("/leave", headers=SAME).status_code == 403


def test_links_and_sessions_end() -> None:
    now = [0.0]
    doors = Doors(clock=lambda: now[0])
    late = doors.new_link()
    now[0] += LINK_SECONDS + 1
    assert doors.enter(late) is None
    session = doors.enter(doors.new_link())
    assert doors.knows(session)
    now[0] += SESSION_SECONDS
    assert not doors.knows(session)
    assert not doors.knows(None)
    assert not doors.knows("")


def test_after_many_wrong_links_the_door_stays_shut_for_a_while() -> None:
    now = [0.0]
    doors = Doors(clock=lambda: now[0])
    token = doors.new_link()
    for _ in range(TRIES):
        assert doors.enter("wrong") is None
    assert doors.enter(token) is None
    now[0] += PAUSE_SECONDS
    assert doors.enter(token) is not None
