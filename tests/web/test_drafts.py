"""Drafts side by side, who can end what, and stories: what is shown, and how it is drawn."""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from servanda import library
from servanda.compare.result import compare
from servanda.ends.run import who_ends
from servanda.ends.told import enders as enders_of
from servanda.web.app import create_app
from servanda.web.draw import bars, groups, story
from servanda.web.pages import drafts, enders, matrix, sides
from servanda.web.pages import ends as ends_page
from servanda.web.pages import story as stories
from servanda.web.settings import Settings
from servanda.web.view import View
from tests.conftest import ROOT
from tests.web.addresses import PAGES, json_of
from tests.web.conftest import DEMO, FLAGSHIP, PAUSE

BOTH = (FLAGSHIP, "e3-counter-draft")


@pytest.fixture(scope="module")
def columns() -> list[matrix.Column]:
    return matrix.columns([library.load(name) for name in BOTH])


@pytest.fixture(scope="module")
def found(columns: list[matrix.Column]) -> dict[str, Any]:
    return compare(*(column.library for column in columns))


def schema(name: str) -> Any:
    return json.loads((files("servanda") / "schemas" / name).read_text(encoding="utf-8"))


# --- the matrix -----------------------------------------------------------------------------------


def test_a_row_tells_what_changed_and_for_whom(
    columns: list[matrix.Column], found: dict[str, Any]
) -> None:
    rows = {row.clauses[0]: row for row in matrix.rows(columns, found)}
    first, second = rows["p6.force_cap"].cells
    assert (first.kind, first.op) == ("plain", "")
    assert second.kind == "changed" and second.op == "Condition, suspended while"
    assert second.told == ("cap from 600,000 to 800,000 and only in peacetime: weaker for Ukraine",)
    assert ("after", "800,000 people in peacetime.") in second.text
    gone = rows["p3.no_invasion"].cells[1]
    assert (gone.kind, gone.op) == ("gone", "Left out")
    assert gone.told == ("prohibition removed (“deleted”): weaker for Russia",)
    new = rows["p15.victims" if "p15.victims" in rows else "p28.monitoring_terms"].cells
    assert [cell.kind for cell in new] == ["gone", "new"] and not new[0].op


def test_turned_round_it_reads_the_other_way(
    columns: list[matrix.Column], found: dict[str, Any]
) -> None:
    turned = [matrix.Column(a, b.library) for a, b in zip("AB", reversed(columns), strict=True)]
    other = compare(*(column.library for column in turned))
    (pair,), (back,) = matrix.pairs(columns, found), matrix.pairs(turned, other)
    counts, turned_counts = dict(_named(pair)), dict(_named(back))
    assert counts["left out"] == turned_counts["added"] == 21
    assert counts["added"] == turned_counts["left out"] == 6
    assert counts["changed"] == turned_counts["changed"] == 13
    assert "stronger in 10" in dict(pair.whom)["United States"]
    assert "weaker in 10" in dict(back.whom)["United States"]
    assert pair.silent[0].startswith("Of 25 commitments it is not told what “Counter-draft")


def _named(pair: matrix.Pair) -> list[tuple[str, int]]:
    names = ("changed", "left out", "added", "moved", "same", "words")
    return list(zip(names, (n for n, _ in pair.counts), strict=True))


def test_every_row_that_differs_is_in_the_matrix_and_no_other(
    columns: list[matrix.Column], found: dict[str, Any]
) -> None:
    rows, rest = matrix.rows(columns, found), matrix.rest(columns, found)
    assert len(rows) + len(rest) == len(found["table"])
    assert len(rows) == 40
    assert not {c for row in rows for c in row.clauses} & {clause for clause, _ in rest}


def test_of_three_each_is_told_beside_the_nearest_before_it() -> None:
    three = matrix.columns(
        [library.load(n) for n in ("europe-24-point", "e3-counter-draft", "framework-20-point")]
    )
    told = matrix.rows(three, compare(*(c.library for c in three)))
    same = [cell.op for row in told for cell in row.cells if cell.kind == "same"]
    assert same and set(same) <= {f"as {column.title}" for column in three[:2]}
    assert all(row.cells[0].kind in ("plain", "gone", "untold") for row in told)


# --- words, brackets, balance, positions ----------------------------------------------------------


def test_brackets_are_shown_with_their_owners() -> None:
    (column,) = matrix.columns([library.load("framework-20-point")])
    listed = sides.brackets([column])
    assert [[owner for owner, _, _ in one.owned] for one in listed] == [
        ["United States", "Ukraine"],
        ["Ukraine", "United States"],
    ]
    assert listed[1].owned[0][1:] == ("the forces stay where they stand", "where they stand")


def test_balance_and_positions_name_the_drafts(
    columns: list[matrix.Column], found: dict[str, Any]
) -> None:
    by_party = {one.party: dict(one.lists) for one in sides.balance(found)}
    assert "p13.economic_agreement" in dict(by_party["Russia"]["gives"])["A"]
    first, second = sides.positions(columns, found)
    assert (first.title, second.title) == tuple(column.title for column in columns)
    assert any(opposed and point == "6" for point, _, opposed in first.sticks)
    assert all(said.sources for said in first.said)
    pairs = [pair for pair, _ in sides.others(found)]
    assert pairs == [f"{columns[0].title} → {columns[1].title}"]
    assert {one.points for one in sides.worded(columns, found)} >= {"1"}


# --- the pages ------------------------------------------------------------------------------------


def test_the_comparison_is_the_comparison(demo: TestClient) -> None:
    told = demo.get(json_of(PAGES["compare"])).json()
    jsonschema.validate(told, schema("comparison-1.json"))
    assert told == json.loads(json.dumps(compare("europe-24-point", "e3-counter-draft")))


def test_which_ways_came_and_went_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "compare.md").read_text(encoding="utf-8")
    for name, body in re.findall(r"```servanda (\w+\.md)\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(body, encoding="utf-8")
    paths = tuple(str(tmp_path / name) for name in ("first.md", "second.md"))
    client = TestClient(create_app(Settings(paths, demo=True, hosts=("testserver",))))
    both = "draft=valleys-1&draft=valleys-2"
    more = client.get(f"/drafts/compare.json?{both}&ends=yes").json()
    jsonschema.validate(more, schema("comparison-1.json"))
    assert more == json.loads(json.dumps(compare(*paths, who_ends=enders_of)))
    part = client.get(f"/drafts/compare?{both}&part=ends").text
    assert "Which ways came and went" in part
    assert "Lower alone: suspend (attack), if peacetime = while peace holds" in part
    assert '<span class="tok"><bdi>Lower</bdi></span>' in part
    assert "<html" not in part


def test_who_can_end_what_is_that_of_the_library(demo: TestClient) -> None:
    told = demo.get(json_of(PAGES["ends"])).json()
    jsonschema.validate(told, schema("ends-1.json"))
    ways = [w for c in told["commitments"] for a in c["answers"] for w in a["ways"]]
    assert ways and all(way["story"]["hypothetical"] for way in ways)
    fixed = demo.get(f"{json_of(PAGES['ends'])}?reading=release%3Dfor_good").json()
    assert fixed["readings"] == {"release": "for_good"}
    page = demo.get(PAGES["ends"]).text
    assert page.count("HYPOTHETICAL") > 3 and "time alone" in page


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("", 400, "2 to 6 drafts, not 0"),
        (f"draft={FLAGSHIP}", 400, "not 1"),
        (f"draft={FLAGSHIP}&draft={FLAGSHIP}", 400, "named twice"),
        ("&".join(f"draft=d{n}" for n in range(7)), 400, "not 7"),
        (f"draft={FLAGSHIP}&draft=nothing", 404, "No agreement “nothing”"),
        ("draft=a&draft=b&shwo=words", 400, "shwo"),
    ],
)
def test_a_bad_choice_is_refused(demo: TestClient, query: str, status: int, told: str) -> None:
    answer = demo.get(f"/drafts/compare.json?{query}")
    assert answer.status_code == status and told in answer.json()["detail"]


def test_the_list_says_what_descends_from_what(demo: TestClient) -> None:
    told = {one["id"]: one for one in demo.get("/drafts.json").json()["drafts"]}
    assert told["framework-20-point"]["descends_from"] == [FLAGSHIP]
    assert told["framework-20-point"]["brackets"] == 4
    page = demo.get(f"/drafts?draft={FLAGSHIP}").text
    assert page.count(" checked") == 1
    assert f'href="/drafts/compare?draft={FLAGSHIP}&amp;draft=framework-20-point"' in page


def test_slow_parts_come_later_and_the_page_at_once() -> None:
    client = TestClient(create_app(DEMO))
    for name, begin in (("audit", "What is not said"), ("ends", "What each can alone")):
        at_once = client.get(PAGES[name]).text
        assert "hx-get" in at_once and begin not in at_once
        part = client.get(f"{PAGES[name]}?part=all").text
        assert begin in part and "<html" not in part
        whole = client.get(PAGES[name]).text  # it is kept
        assert begin in whole and "hx-get" not in whole
        assert client.get(f"{PAGES[name]}?part=now").text == whole


def test_what_went_wrong_in_a_part_is_told_in_its_place(demo: TestClient) -> None:
    bad = "/drafts/compare?draft=nothing&draft=none&part=ends"
    part = demo.get(bad, headers={"HX-Request": "true"})
    assert part.status_code == 404 and "<html" not in part.text
    assert "No agreement “nothing” is served here." in part.text
    assert "<html" in demo.get(bad).text


def test_what_is_not_decided_is_said_and_never_told_as_absent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ends_page, "who_ends", partial(who_ends, seconds=0))
    client = TestClient(create_app(DEMO))
    page = client.get(f"/agreements/{PAUSE}/ends?part=all").text
    assert "Not decided" in page and "was not decided" in page
    assert "nobody: no clause" not in page
    both = client.get(f"/drafts/compare?draft={PAUSE}&draft=easter-truce-2025&part=ends").text
    assert "not decided" in both and "were not decided" in both


def test_who_has_not_signed_in_compares_published_texts_where_all_may_read() -> None:
    for public in (True, False):
        client = TestClient(create_app(Settings(hosts=("testserver",), public=public)))
        for name, status in (("drafts", 200), ("compare", 200), ("ends", 401), ("what_if", 401)):
            told = status if public else 401
            assert client.get(PAGES[name]).status_code == told, name
            assert client.get(json_of(PAGES[name])).status_code == told, name
        if public:
            index = client.get(f"/agreements/{PAUSE}").text
            assert ">Drafts<" in index and ">What if<" not in index


# --- who can end what -----------------------------------------------------------------------------


def test_rows_name_groups_readings_and_the_way_back() -> None:
    lib = library.load(PAUSE)
    ended = who_ends(lib)
    (row,) = enders.rows(View(PAUSE), lib, ended)
    assert (row.power, row.norm, row.decided) == ("end", "pause.no_strikes", True)
    told = {(way.group, way.only) for way in row.ways}
    assert told == {
        (("time alone",), ""),
        (("Ukraine",), "release = for_good"),
        (("Russia",), "release = for_good"),
    }
    (alone,) = [way for way in row.ways if way.group == ("Ukraine",)]
    assert alone.back == "for good" and alone.who == "Ukraine alone (Russia)"
    assert alone.story is not None and "HYPOTHETICAL" in alone.story.picture
    assert [who for who, _ in enders.each_alone(lib, ended)] == ["Russia", "Ukraine"]
    assert enders.beginnings(ended) == [("no act of anybody", "pause.no_strikes (all 2)")]


def test_a_picture_of_groups_tells_together_from_alone() -> None:
    row = groups.Row("6 · A cap", "end", (("Lower",), ("Council", "Upper")), "")
    assert groups.actors([row]) == ["Council", "Lower", "Upper"]
    assert groups.spoken(row) == "6 · A cap: end: Lower alone; Council and Upper together"
    for narrow in (False, True):
        drawn = str(groups.draw([row], narrow))
        assert drawn.count('fill="var(--ink)" stroke="var(--ink)"') == 1  # alone: a full dot
        assert drawn.count('fill="var(--paper)" stroke="var(--ink)"') == 2  # together: rings
        assert drawn.count('stroke-width="3"') == 1  # and the line that joins them
        assert drawn.count('tabindex="0"') == 1
    open_ = groups.Row("7 · A guarantee", "call for", (), "nobody, as long as it is left open")
    assert "as long as it is left open" in groups.draw([open_], False)


def test_counts_of_nothing_are_drawn_as_nothing() -> None:
    drawn = str(bars.draw([("Gaps", (0, 4))], ("A", "B"), narrow=False))
    assert drawn.count("<rect") == 1 and ">0</text>" in drawn and ">4</text>" in drawn


# --- stories --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (date(2025, 1, 1), "same day"),
        (date(2025, 1, 2), "1 day"),
        (date(2026, 1, 1), "365 days"),
        (date(2035, 1, 1), "10 years"),
    ],
)
def test_the_time_between_steps(after: date, told: str) -> None:
    assert story.between(date(2025, 1, 1), after) == told


def test_a_story_has_its_steps_its_end_and_a_what_if(demo: TestClient) -> None:
    data = demo.get(json_of(PAGES["audit"])).json()
    (told,) = [w["story"] for w in data["warnings"] if w["id"] == "SA0701:start"]
    one = stories.of_audit(PAUSE, told)
    assert [step.day for step in one.steps] == ["18 March 2025", "18 March 2025"]
    assert one.at_end and one.finds and "HYPOTHETICAL" in one.picture
    assert one.picture.count("data-step") == len(one.steps) + 1
    again = demo.get(one.what_if)
    assert again.status_code == 200 and "could not be used" not in again.text


def test_a_picture_of_many_steps_goes_on_in_a_further_row() -> None:
    days = [date(2025, 1, n) for n in (1, 2, 3, 4, 5)]
    assert 'viewBox="0 0 358 148"' in story.draw(days, date(2025, 1, 5))
    assert 'viewBox="0 0 358 86"' in story.draw(days[:2], date(2025, 1, 2))


def test_the_audit_page_plays_each_story_and_says_why_there_is_none(demo: TestClient) -> None:
    page = demo.get(f"{PAGES['audit']}?part=now").text
    data = demo.get(json_of(PAGES["audit"])).json()
    with_story = sum(one["story"] is not None for one in data["warnings"])
    assert page.count("data-story") == with_story > 0
    assert page.count('data-do="play"') == with_story
    assert page.count("No story:") == len(data["warnings"]) - with_story


def test_comparisons_are_kept_by_choice(answer: Callable[..., Any]) -> None:
    kept = drafts.Comparisons()
    libs = [answer(name).library for name in (PAUSE, "easter-truce-2025")]
    assert kept.of(libs) is kept.of(libs)
    assert kept.of(libs) is not kept.of(libs[::-1])
