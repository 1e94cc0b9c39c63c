"""What everybody reads: every form of an edition, in every language, under strict headers."""

import io
import json
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Tree

import icalendar
import jsonschema
import polars as pl
import pytest

from servanda.report.edition.document import digest_of
from servanda.web import security
from servanda.web.editions.feed import ATOM
from servanda.web.language import LANGUAGES
from servanda.web.people.roles import Role
from tests.web.conftest import PAUSE
from tests.web.editions.bureau import bureau, released
from tests.web.people.house import House, build

PAGE = "/public/editions/2"
EVERY = ("/public", "/public.json", "/public/feed.atom", PAGE, f"{PAGE}.json", f"{PAGE}.csv",
         f"{PAGE}.geojson", f"{PAGE}.ics", f"{PAGE}/embed")  # fmt: skip


def _schema(name: str) -> Any:
    return json.loads((files("servanda") / "schemas" / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two editions of one agreement, the second a correction, and one of another, withdrawn."""
    made = bureau(tmp_path_factory.mktemp("public"))
    assert released(made, as_of="2025-04-10") == 1
    assert released(made, corrects="1") == 2
    assert released(made, "valleys") == 3
    one = made.as_role(Role.SECRETARIAT)
    assert one.send("/editions/3/withdraw", "/editions/3", reason="A mistake.").status_code == 303
    return made


class Page(HTMLParser):
    """Which language a page says it is in, and what a strict policy forbids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.languages: set[str] = set()
        self.inline: list[str] = []
        self.outside: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given["lang"] or ""
        elif "lang" in given:
            self.languages.add(given["lang"] or "")
        if tag in ("style", "script", "form") or "style" in given:
            self.inline.append(tag)
        for name in ("href", "src", "action"):
            address = given.get(name) or ""
            if address and not address.startswith(("/", "#", "http://testserver/")):
                self.outside.append(address)
        if "id" in given:
            self.ids.append(given["id"] or "")


def test_the_data_have_the_form_that_their_schemas_say(house: House) -> None:
    public = house.browser()
    listed = public.get("/public.json").json()
    jsonschema.validate(listed, _schema("editions-1.json"))
    assert [one["number"] for one in listed["editions"]] == [3, 2, 1]
    for number, withdrawn in ((1, False), (2, False), (3, True)):
        data = public.get(f"/public/editions/{number}.json").json()
        jsonschema.validate(data, _schema("release-1.json"))
        assert (data["edition"] is None) == withdrawn
        if not withdrawn:
            jsonschema.validate(data["edition"], _schema("edition-1.json"))
            assert digest_of(data["edition"]) == data["digest"]


def test_a_page_and_its_data_stand_at_one_address(house: House) -> None:
    public = house.browser()
    for page in ("/public", PAGE):
        by_accept = public.get(page, accept="application/json")
        assert by_accept.content == public.get(f"{page}.json").content
        assert public.get(page, accept="text/html").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("one", LANGUAGES, ids=lambda one: one.code)
@pytest.mark.parametrize("page", ["/public", PAGE, f"{PAGE}/embed", "/public/editions/3"])
def test_a_page_is_in_the_language_that_its_address_says(house: House, page: str, one: Any) -> None:
    answer = house.browser().get(f"{page}?lang={one.code}")
    assert answer.headers["Content-Language"] == one.code
    found = Page(answer.text)
    assert found.language == one.code
    assert found.inline == [] and found.outside == []
    assert len(found.ids) == len(set(found.ids))
    if page == PAGE and one.code != "en":
        assert "en" in found.languages  # the words of the agreement


def test_without_a_language_in_the_address_the_browser_is_asked(house: House) -> None:
    told = house.browser().get(PAGE, **{"accept-language": "ru-RU, uk;q=0.5"})
    assert told.headers["Content-Language"] == "ru"
    assert "Accept-Language" in told.headers["Vary"]
    assert house.browser().get(f"{PAGE}?lang=xx").status_code == 400
    assert house.browser().get(f"{PAGE}?tongue=uk").status_code == 400
    missing = house.browser().get("/public/editions/99?lang=uk")
    assert missing.status_code == 404 and "не оприлюднювали" in missing.text


def test_the_words_are_those_of_the_language(house: House) -> None:
    for code, words in (
        ("en", ("violation alleged", "27 April 2025", "Kherson oblast", "not monitored", "Russia")),
        ("uk", ("стверджуване порушення", "27 квітня 2025", "Херсонська область", "Росія")),
        ("ru", ("предполагаемое нарушение", "27 апреля 2025", "Херсонская область", "Россия")),
    ):
        text = house.browser().get(f"{PAGE}?lang={code}").text
        assert [word for word in words if word not in text] == []


def test_the_latest_edition_that_stands_is_found_by_its_agreement(house: House) -> None:
    one = house.browser()
    found = one.client.get(f"/public/{PAUSE}?lang=uk", follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (302, f"{PAGE}?lang=uk")
    assert one.get("/public/valleys").status_code == 404  # withdrawn
    assert one.get("/public/nothing").status_code == 404


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "²", "1" * 40, "1.5", "%00"])
def test_a_number_that_none_has(house: House, number: str) -> None:
    for ending in ("", ".json", ".csv", ".geojson", ".ics", "/embed"):
        assert house.browser().get(f"/public/editions/{number}{ending}").status_code == 404


def test_the_feed_is_atom(house: House) -> None:
    answer = house.browser().get("/public/feed.atom?lang=uk")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = Tree.fromstring(answer.content)
    assert root.tag == f"{{{ATOM}}}feed"
    names = {"a": ATOM}

    def said(entry: Any, tag: str) -> str:
        found = entry.find(f"a:{tag}", names)
        assert found is not None and found.text
        return str(found.text)

    for tag in ("id", "title", "updated"):
        assert said(root, tag)
    entries = root.findall("a:entry", names)
    assert [said(one, "id") for one in entries] == [
        f"http://testserver/public/editions/{number}" for number in (3, 2, 1)
    ]
    for one in entries:
        assert said(one, "published") <= said(one, "updated") <= said(root, "updated")
        assert said(one, "title").partition(": ")[2].startswith("випуск ")
        author = one.find("a:author/a:name", names)
        assert author is not None and author.text == "secretariat x, секретаріат"
    assert "відкликано" in said(entries[0], "summary")
    assert "виправляє випуск 1" in said(entries[1], "summary")


def test_tables_map_and_calendar_are_read_by_others(house: House) -> None:
    one = house.browser()
    csv = one.get(f"{PAGE}.csv")
    assert (
        'filename="energy-moratorium-2025-2-occurrences.csv"' in csv.headers["content-disposition"]
    )
    assert pl.read_csv(io.BytesIO(csv.content))["occurrences"].to_list()[-1] == 39
    rows = pl.read_csv(io.BytesIO(one.get(f"{PAGE}.csv?table=commitments").content))
    assert rows.height == 6
    assert one.get(f"{PAGE}.csv?table=people").status_code == 400
    drawn = one.get(f"{PAGE}.geojson")
    assert drawn.headers["content-type"] == "application/geo+json"
    assert json.loads(drawn.text)["type"] == "FeatureCollection"
    calendar = one.get(f"{PAGE}.ics?lang=uk")
    assert calendar.headers["content-type"].startswith("text/calendar")
    read = icalendar.Calendar.from_ical(calendar.content)
    assert str(read["X-WR-CALNAME"]).endswith("строки")


def test_only_the_embedded_page_may_stand_in_a_frame(house: House) -> None:
    one = house.browser()
    for address in EVERY:
        headers = one.get(address).headers
        if address.endswith("/embed"):
            assert headers["Content-Security-Policy"] == security.EMBEDDED
            assert "X-Frame-Options" not in headers
        else:
            assert headers["Content-Security-Policy"] == security.POLICY
            assert headers["X-Frame-Options"] == "DENY"
    both = {security.POLICY, security.EMBEDDED}
    assert {p.replace("frame-ancestors *", "frame-ancestors 'none'") for p in both} == {
        security.POLICY
    }
    assert "Sign" not in one.get(f"{PAGE}/embed").text


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_editions(tmp_path: Path, house: House, role: Role) -> None:
    """Everybody; without `--public` who has not signed in reads nothing else."""
    closed = build(tmp_path)
    outside = role in (Role.VISITOR, Role.PUBLIC)  # the one where all may read, the other not
    for address in ("/public", "/public.json", "/public/feed.atom"):
        assert house.as_role(role).get(address).status_code == 200
        assert closed.as_role(role).get(address).status_code == 200
    assert closed.as_role(role).get("/index.json").status_code == (401 if outside else 200)


def test_an_edition_is_the_same_for_everybody(house: House) -> None:
    public = house.browser().get(f"{PAGE}.json").content
    for role in (Role.PARTY, Role.AUDITOR, Role.SECRETARIAT):
        assert house.as_role(role).get(f"{PAGE}.json").content == public


def test_addresses_that_leave_the_server_are_those_by_which_it_is_called(tmp_path: Path) -> None:
    made = bureau(tmp_path, address="https://peace.example")
    released(made, "valleys")
    assert (
        "https://peace.example/public/editions/1/embed"
        in made.browser().get("/public/editions/1").text
    )
    assert (
        b"<id>https://peace.example/public/editions/1</id>"
        in made.browser().get("/public/feed.atom").content
    )


def test_words_of_others_are_shown_as_words(tmp_path: Path) -> None:
    valleys = tmp_path / "valleys.md"
    made = bureau(tmp_path)
    text = valleys.read_text().replace('"Two valleys"', '"<b>Two</b> & valleys"')
    valleys.write_text(text.replace("neither attacks", "<script>x</script> neither attacks"))
    made = build(tmp_path, public=True, notice_hours=24)
    number = released(made, "valleys")
    for address in (f"/public/editions/{number}", f"/public/editions/{number}/embed", "/public"):
        page = made.browser().get(address).text
        assert "<b>Two" not in page and "<script>x" not in page
    frame = made.browser().get(f"/public/editions/{number}").text
    assert "title=&#34;&amp;lt;b&amp;gt;Two" in frame or 'title="&amp;lt;b&amp;gt;Two' in frame
    Tree.fromstring(made.browser().get("/public/feed.atom").content)


def test_in_a_demo_nothing_is_released(demo: Any) -> None:
    assert "this is a demo" in demo.get("/public").text
    assert demo.get("/public.json").json()["editions"] == []
    assert demo.get("/public/editions/1").status_code == 404
    assert demo.get("/editions").status_code == 404
