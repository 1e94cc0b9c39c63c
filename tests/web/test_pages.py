"""Every page and its data: at one address, in both forms, by the schemas that there are."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from servanda import asking, library
from servanda.cli import main
from servanda.engine.question import Question
from servanda.web.app import routes
from servanda.web.desk import Answer
from servanda.web.openapi import schema_of
from servanda.web.respond import wants_json
from tests.web.addresses import MORE, PAGES, json_of
from tests.web.conftest import COURSE, FLAGSHIP, PAUSE

WITH_DATA = sorted(name for name in PAGES if name != "api")


@pytest.mark.parametrize("name", WITH_DATA)
def test_a_page_and_its_data_stand_at_one_address(demo: TestClient, name: str) -> None:
    page = demo.get(PAGES[name], headers={"accept": "text/html"})
    by_ending = demo.get(json_of(PAGES[name]))
    by_accept = demo.get(PAGES[name], headers={"accept": "application/json"})
    assert page.status_code == by_ending.status_code == by_accept.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert by_ending.content == by_accept.content
    assert by_ending.headers["content-type"] == "application/json"
    assert page.headers["Vary"] == "Accept, Accept-Language"
    assert by_accept.headers["Vary"] == "Accept"


@pytest.mark.parametrize("name", WITH_DATA)
def test_data_name_their_schema(demo: TestClient, name: str) -> None:
    data = demo.get(json_of(PAGES[name])).json()
    assert data["schema"] == schema_of(f"{name}.json")["properties"]["schema"]["const"]


@pytest.mark.parametrize("name", ["case", "cases"])
def test_the_data_of_cases_are_those_of_the_docket(demo: TestClient, name: str) -> None:
    text = (files("servanda") / "schemas" / "cases-1.json").read_text(encoding="utf-8")
    shown = demo.get(json_of(PAGES[name])).json()
    jsonschema.validate(shown, json.loads(text))
    assert shown["hypothetical"] is True and shown["audience"] == "public"
    assert [one["complaint"] for one in shown["cases"]] == ["k1a", "k1b"][: len(shown["cases"])]
    assert len(shown["cases"]) == (1 if name == "case" else 2)


def test_the_data_of_an_agreement_are_the_assessment(demo: TestClient) -> None:
    text = (files("servanda") / "schemas" / "assessment-1.json").read_text(encoding="utf-8")
    shown = demo.get(json_of(PAGES["agreement"])).json()
    jsonschema.validate(shown, json.loads(text))
    lib = library.load(FLAGSHIP)
    path = library.BUNDLED / FLAGSHIP / "courses" / f"{COURSE}.jsonl"
    assert shown.pop("hypothetical") is True
    assert shown == json.loads(json.dumps(asking.assess(lib, [path])))


def test_the_audit_is_the_audit(demo: TestClient) -> None:
    text = (files("servanda") / "schemas" / "audit-1.json").read_text(encoding="utf-8")
    jsonschema.validate(demo.get(json_of(PAGES["audit"])).json(), json.loads(text))


@pytest.mark.parametrize(
    ("accept", "json_wanted"),
    [
        ("", False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("application/json", True),
        ("application/json, text/html;q=0.5", True),
        ("application/json;q=0.4, text/html;q=0.5", False),
        ("application/json;q=nonsense, text/html", False),
        ("application/*", True),
    ],
)
def test_what_a_request_prefers(accept: str, json_wanted: bool) -> None:
    headers = [(b"accept", accept.encode()), (b"host", b"testserver")]
    request = Request({"type": "http", "path": "/", "headers": headers, "query_string": b""})
    assert wants_json(request) is json_wanted


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=yesterday", "as_of"),
        ("as_of=2026-02-30", "as_of"),
        ("known_at=2026-01-01T00:00", "known_at"),
        ("standard=gossip", "gossip"),
        ("reading=clock_start", "TERM=NAME"),
        ("reading=clock_start%3Dnever", "clock_start"),
        ("reading=clock_strt%3Don_agreement", "Did you mean clock_start"),
        ("reading=clock_start%3Don_agreement&reading=clock_start%3Don_signature", "twice"),
        ("assume=p6.force_cap", "p6.force_cap"),
        ("assume=p6.nothing.deadline%3D2026-07-01", "p6.nothing"),
        ("course=nothing", "first-months"),
        ("as_off=2026-01-01", "as_of"),
    ],
)
def test_bad_input_is_told_with_place_and_reason(demo: TestClient, query: str, field: str) -> None:
    told = demo.get(f"/agreements/{FLAGSHIP}.json?{query}")
    assert told.status_code == 400
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["status"] == 400 and problem["title"]
    assert field in problem["detail"]
    page = demo.get(f"/agreements/{FLAGSHIP}?{query}")
    assert page.status_code == 400 and "<h1>" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/agreements/nothing.json",
        f"/agreements/{FLAGSHIP}/provisions/p99.json",
        f"/agreements/{PAUSE}/records/nothing.json",
        f"/agreements/{PAUSE}/nothing.json",
        f"/agreements/{FLAGSHIP}/audit.json?provision=p99",
    ],
)
def test_what_is_not_there_is_not_found(demo: TestClient, address: str) -> None:
    assert demo.get(address).status_code == 404


def test_the_link_to_exactly_this_view_gives_the_same_bytes(demo: TestClient) -> None:
    page = demo.get(PAGES["agreement"]).text
    exact = re.search(r'href="([^"]+)">link to exactly this view', page)
    digest = re.search(r'digest <span class="id">([^<]+)<', page)
    assert exact and digest and "as_of=2026-04-01T20%3A59%3A59.999999Z" in exact[1]
    again = demo.get(exact[1].replace("&amp;", "&")).text
    assert digest[1] in again


def test_every_link_of_the_pages_leads_somewhere(demo: TestClient) -> None:
    seen: set[str] = set()
    for address in (*PAGES.values(), MORE["proposal"], MORE["pause"]):
        links = re.findall(r'(?:href|hx-get)="(/[^"]*)"', demo.get(address).text)
        seen |= {link.replace("&amp;", "&").partition("#")[0] for link in links}
    seen = {link for link in seen if "why=" not in link}
    by_kind: dict[str, list[str]] = {}
    for link in sorted(seen):
        by_kind.setdefault(re.sub(r"[^/?=&]*\d[^/?&]*", "N", link), []).append(link)
    for some in by_kind.values():
        for link in (some[0], some[-1]):
            assert demo.get(link).status_code == 200, link


def test_the_description_names_what_there_is(demo: TestClient) -> None:
    described = demo.get("/openapi.json").json()
    paths = {r.path_format for r in routes() if r.path.endswith(".json") and r.include_in_schema}
    assert set(described["paths"]) == paths
    told = [p for one in described["paths"].values() for p in one["get"].get("parameters", ())]
    assert told and all(parameter["description"] for parameter in told)
    page = demo.get("/api").text
    assert all(path in page for path in paths)


def test_deadlines_as_a_calendar(demo: TestClient) -> None:
    answer = demo.get(f"/agreements/{FLAGSHIP}/calendar.ics?course={COURSE}")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content
    assert answer.content.count(b"SUMMARY:HYPOTHETICAL: ") == answer.content.count(b"BEGIN:VEVENT")


@pytest.mark.parametrize("name", sorted(n for n in WITH_DATA if f"course={COURSE}" in PAGES[n]))
def test_data_on_invented_records_say_so(demo: TestClient, name: str) -> None:
    assert demo.get(json_of(PAGES[name])).json()["hypothetical"] is True


def test_the_data_are_the_bytes_of_the_command_line(
    demo: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", PAUSE, "--standard", "any_claim", "--format", "json"]) == 0
    told = capsys.readouterr().out
    assert demo.get(f"/agreements/{PAUSE}.json?standard=any_claim").text == told


def test_the_digest_is_that_of_all_that_a_page_is_made_of(course: Answer) -> None:
    """Other records, another text, another standard: another digest; the same again: the same."""
    asked, held = course.question, course.holding
    more = replace(held, records=replace(held.records, records=held.records.records[1:]))
    noted = replace(held, files="other bytes")
    strict = Question.of(replace(asked.inputs, standard="findings"))
    earlier = Question.of(replace(asked.inputs, as_of=asked.as_of - 1))
    fixed = Question.of(replace(asked.inputs, readings={"invasion": "any_crossing"}))
    told = [
        Answer(course.view, course.library, holding, question, text=text).digest
        for holding, question, text in (
            (held, asked, "a text"),
            (more, asked, "a text"),
            (noted, asked, "a text"),
            (held, asked, "another text"),
            (held, strict, "a text"),
            (held, earlier, "a text"),
            (held, fixed, "a text"),
        )
    ]
    assert len(set(told)) == len(told)
    again = replace(held)
    assert Answer(course.view, course.library, again, asked, text="a text").digest == told[0]


@pytest.mark.parametrize("standard", ["reported_facts", "any_claim"])
def test_a_part_is_worked_out_by_itself_as_in_the_whole(course: Answer, standard: str) -> None:
    """A provision's page asks for its own commitments alone, in whatever order pages are opened."""
    inputs = replace(course.question.inputs, standard=standard)

    def anew() -> Answer:
        return Answer(course.view, course.library, course.holding, Question.of(inputs))

    whole, together = anew().result, anew()
    names = list(course.library.agreement.norms)
    told = {n: [r for r in whole["norms"] if r["id"].partition("[")[0] == n] for n in names}
    assert anew().effects == whole["effects"]
    for name in reversed(names):
        assert _in_full(anew().rows(name)) == _in_full(together.rows(name)) == _in_full(told[name])
    assert together.effects == whole["effects"]
    after = together.result
    assert {**after, "norms": _in_full(after["norms"])} == {
        **whole,
        "norms": _in_full(whole["norms"]),
    }


def _in_full(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "breaches": list(row["breaches"])} for row in rows]


def test_pages_show_what_the_whole_assessment_says(course: Answer) -> None:
    """They are made of a shorter one, without what other evidence standards say."""
    whole = course.whole
    short = [
        {
            **{k: v for k, v in norm.items() if k not in ("contested", "day_precision")},
            "depends_on": {"readings": norm["depends_on"]["readings"]},
        }
        for norm in whole["norms"]
    ]
    effects = [
        {**one, "depends_on": {"readings": one["depends_on"]["readings"]}}
        for one in whole["effects"]
    ]
    rest = {k: v for k, v in whole.items() if k not in ("claims", "unattributed")}
    result = course.result
    listed = _in_full(result["norms"])
    assert {**result, "norms": listed} == {**rest, "norms": short, "effects": effects}
    assert effects
    assert any(norm["depends_on"]["standards"] for norm in whole["norms"])
