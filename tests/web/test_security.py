"""What every answer carries, and what is refused before anything looks at it."""

from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from servanda.web import problems, security
from servanda.web.app import create_app
from servanda.web.render import STATIC, asset
from servanda.web.settings import Settings
from tests.web.addresses import MORE, PAGES
from tests.web.conftest import DEMO

EVERY = {**PAGES, **MORE}


class Inline(HTMLParser):
    """Collects what a strict policy forbids, addresses elsewhere, and ids that stand twice."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.outside: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or "style" in given or (tag == "script" and "src" not in given):
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on")]
        for name in ("href", "src", "action", "hx-get"):
            address = given.get(name) or ""
            if address and not address.startswith(("/", "#")):
                self.outside.append(address)
        if "id" in given:
            self.ids.append(given["id"] or "")


@pytest.mark.parametrize("name", EVERY)
def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(demo: TestClient, name: str) -> None:
    page = Inline()
    page.feed(demo.get(EVERY[name]).text)
    assert page.found == []
    assert page.outside == []
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("name", EVERY)
def test_every_answer_carries_the_headers(demo: TestClient, name: str) -> None:
    headers = demo.get(EVERY[name]).headers
    for header, value in security.HEADERS.items():
        assert headers[header] == value
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"]


def test_a_name_by_which_it_is_not_called_is_refused(demo: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[::1].evil"):
        assert demo.get("/", headers={"host": host}).status_code == 400
    app = create_app(Settings(demo=True))
    for host in ("127.0.0.1:8321", "localhost:9", "[::1]:8321"):
        assert TestClient(app).get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {},
    ],
)
def test_a_form_from_another_site_is_refused(headers: dict[str, str]) -> None:
    client = TestClient(create_app(Settings(hosts=("testserver",))))
    answer = client.post("/enter", data={"token": "x"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["title"] == "From another site"


def test_what_is_too_large_is_refused(demo: TestClient) -> None:
    same = {"origin": "http://testserver"}
    large = demo.post("/enter", content=b"x" * (security.MAX_BODY + 1), headers=same)
    assert large.status_code == 413
    assert demo.get("/?" + "x" * security.MAX_ADDRESS).status_code == 414


def test_a_fault_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from servanda.web.desk import Desk

    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(Desk, "answer", broken)
    client = TestClient(create_app(DEMO))
    for ending, kind in (("", "text/html"), (".json", problems.MEDIA_TYPE)):
        answer = client.get(f"/agreements/ukraine-28-point{ending}")
        assert answer.status_code == 500
        assert answer.headers["content-type"].startswith(kind)
        assert "a secret" not in answer.text and "Traceback" not in answer.text
        assert answer.headers["Content-Security-Policy"] == security.POLICY
    assert "a secret of the inside" in caplog.text


@pytest.mark.parametrize(
    "name", ["../settings.py", "..%2fsettings.py", "nothing.css", "htmx.min.js.map", "page", "."]
)
def test_only_files_of_the_package_are_given(demo: TestClient, name: str) -> None:
    assert demo.get(f"/static/{name}").status_code == 404


def test_files_are_kept_by_browsers_under_the_address_that_names_them(demo: TestClient) -> None:
    found = asset("page.css")
    assert found is not None
    kept = demo.get(f"/static/page.css?v={found[1]}").headers["Cache-Control"]
    assert "immutable" in kept
    assert demo.get("/static/page.css?v=old").headers["Cache-Control"] == "no-cache"


def test_what_was_written_elsewhere_has_its_licence_beside_it() -> None:
    own = {p.name for p in STATIC.iterdir() if p.name.endswith(".css")} | {"icon.svg"}
    own |= {"view.js", "live.js", "zoom.mjs", "story.js"}
    others = {p.name for p in STATIC.iterdir()} - own
    assert others == {
        "htmx.min.js", "htmx.LICENSE.txt",
        "maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.LICENSE.txt",
    }  # fmt: skip
