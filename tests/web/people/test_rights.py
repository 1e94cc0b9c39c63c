"""Every route for every role: the table here is written by hand, by kind of page, from the plan."""

from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from servanda.web import access
from servanda.web.access import ACCESS, allowed, decide
from servanda.web.app import create_app, routes
from servanda.web.people.forms import same_form
from servanda.web.people.roles import OF_ACCOUNTS, TITLES, Role
from servanda.web.settings import Settings
from tests.web.people.house import ORIGIN, House, build

EVERYBODY = {
    *("visitor", "public", "party", "monitor", "secretariat", "member", "chair"),
    *("drafter", "editor", "administrator", "auditor"),
}
ACCOUNTS = EVERYBODY - {"visitor", "public"}
DRAFTERS = {"drafter", "editor", "secretariat", "administrator", "auditor"}
# The address of a page, or what it begins with; who may use it.  The first that fits counts.
EXPECTED = [
    ("/static/", EVERYBODY),
    ("/health", EVERYBODY),
    ("/enter", EVERYBODY),
    ("/sign-ins", {"administrator", "auditor"}),
    ("/sign-in/code", {"visitor", "public"}),
    ("/sign-in/provider", EVERYBODY),
    ("/sign-in", EVERYBODY),
    ("/leave", ACCOUNTS),
    ("/account", ACCOUNTS),
    ("/people", {"administrator"}),
    ("/trail", {"administrator", "auditor"}),
    ("/agreements/{agreement}/file", {"party", "monitor", "secretariat", "chair"}),
    ("/agreements/{agreement}/complaint", {"party"}),
    ("POST /agreements/{agreement}/cases/", {"party", "secretariat", "member", "chair"}),
    ("/map/", EVERYBODY - {"visitor"}),
    ("/public", EVERYBODY),
    ("/editions", {"secretariat", "chair"}),
    ("/agreements/{agreement}/ends", ACCOUNTS),
    ("/agreements/{agreement}/what-if", ACCOUNTS),
    ("POST /drafts/{agreement}/", {"editor", "secretariat"}),
    ("/drafts/{agreement}/release", DRAFTERS),
    ("/drafts", EVERYBODY - {"visitor"}),
    ("/agreements/", EVERYBODY - {"visitor"}),
    ("/index.json", EVERYBODY - {"visitor"}),
    ("/openapi.json", EVERYBODY - {"visitor"}),
    ("/api", EVERYBODY - {"visitor"}),
    ("/", EVERYBODY - {"visitor"}),
]
# Without an address in the table a route is a mistake, not a page for readers.
EXACT = {"/"}


def expected(path: str, method: str = "GET") -> set[str]:
    for begin, who in EXPECTED:
        told = f"{method} {path}" if begin.startswith("POST ") else path
        if told == begin or (begin not in EXACT and told.startswith(begin)):
            return who
    raise AssertionError(f"{path} is of no kind that stands in this table")


def _asked() -> list[tuple[str, str]]:
    found = {(method, r.path) for r in routes() for method in r.methods or ()}
    return sorted(found)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("closed"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("opened"), public=True)


@pytest.mark.parametrize("role", list(Role))
def test_every_route_for_every_role(closed: House, opened: House, role: Role) -> None:
    house = opened if role is Role.PUBLIC else closed
    seen = 0
    for method, path in _asked():
        address = path.replace("{agreement}", "none").replace("{name}", "page.css")
        one = house.as_role(role)  # anew each time: some of the addresses end a session
        if method == "GET":
            status = one.get(address).status_code
        else:
            one.get("/sign-in")
            status = one.send(address).status_code
        refused = status in (401, 403) and not _link(path)
        if role.value in expected(path, method):
            assert not refused, f"{method} {path} is closed to {role}: {status}"
        else:
            assert status == (401 if role in (Role.VISITOR, Role.PUBLIC) else 403), f"{path} {role}"
        seen += 1
    assert seen == len(_asked()) > 40


def _link(path: str) -> bool:
    """A one-time link that opens nothing answers 403 to everybody."""
    return path == "/enter"


def test_the_table_holds_every_route_and_nothing_else() -> None:
    assert {route.name for route in routes()} == set(ACCESS)
    for route in routes():
        for method in route.methods or ():
            who = expected(route.path, method)
            assert {role.value for role in ACCESS[route.name]} == who, route.path


def test_there_are_the_roles_of_the_plan() -> None:
    assert {role.value for role in Role} == EVERYBODY
    assert len(OF_ACCOUNTS) == 9
    assert set(TITLES) == set(Role)


def test_what_is_not_in_the_table_is_closed_to_all() -> None:
    assert not any(allowed("a new page", role) for role in Role)


def test_a_route_that_is_missing_in_the_table_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = build(tmp_path)
    administrator = house.as_role(Role.ADMINISTRATOR)
    assert administrator.get("/").status_code == 200
    monkeypatch.setattr(access, "ACCESS", {n: r for n, r in ACCESS.items() if n != "index"})
    assert administrator.get("/").status_code == 403
    assert house.browser().get("/").status_code == 401


def test_access_and_forms_are_looked_at_before_every_route() -> None:
    """Also before one that does not mention them: the application depends on both."""
    app = create_app(Settings(demo=True))
    assert [one.dependency for one in app.router.dependencies] == [decide, same_form]
    plain = [r for r in app.routes if not isinstance(r, APIRoute) and hasattr(r, "methods")]
    assert plain == []  # a bare route would depend on nothing


def test_a_demo_has_no_sign_in_and_takes_nothing() -> None:
    app = create_app(Settings(demo=True, hosts=("testserver",)))
    from starlette.testclient import TestClient

    client = TestClient(app, headers={"origin": ORIGIN})
    assert client.get("/").status_code == 200
    assert "Sign" not in client.get("/").text
    for method, path in _asked():
        if method != "GET":
            status = client.post(path.replace("{account}", "x"), data={}).status_code
            assert status in (404, 405), path
    for path in ("/sign-in", "/enter", "/account", "/people", "/trail", "/sign-ins",
                 "/editions"):  # fmt: skip
        assert client.get(path).status_code == 404


def test_where_all_may_read_one_can_sign_in_to_see_more(opened: House) -> None:
    one = opened.browser()
    assert 'href="/sign-in"' in one.get("/").text
    opened.account("Zoë", Role.MONITOR)
    assert one.sign_in("Zoë").status_code == 303
    assert "Zoë" in one.get("/").text


def test_the_page_shows_what_the_role_may_use(closed: House) -> None:
    for role, people, trail in (
        (Role.ADMINISTRATOR, True, True),
        (Role.AUDITOR, False, True),
        (Role.CHAIR, False, False),
    ):
        text = closed.as_role(role).get("/").text
        assert ('href="/people"' in text) == people
        assert ('href="/trail"' in text) == trail
        assert 'action="/leave"' in text
