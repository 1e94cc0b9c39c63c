"""What if: invented records beside what is known, HYPOTHETICAL everywhere, kept by nobody."""

import json
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from starlette.testclient import TestClient

from servanda.report.what_if import MAX_RECORDS
from servanda.web.people import schema
from servanda.web.people.roles import Role
from tests.web.addresses import PAGES, SUPPOSED, json_of
from tests.web.conftest import COURSE, FLAGSHIP, PAUSE
from tests.web.people.house import House, build

AT = f"/agreements/{PAUSE}/what-if"
ATTACK = {"type": "attack", "day": "2026-02-01", "told_by": "", "place": "", "do": "add"}
VALLEYS = "/agreements/valleys/what-if"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"), public=True)


def test_the_data_have_both_assessments_and_what_differs(demo: TestClient) -> None:
    told = demo.get(json_of(PAGES["what_if"])).json()
    assert (told["schema"], told["hypothetical"]) == ("servanda.what-if/1", True)
    assert told["supposed"] == {"records": ["w1", "w2"], "assumptions": [], "refused": []}
    assert [one["id"] for one in told["states"]] == [
        "pause.no_strikes[Russia]",
        "pause.no_strikes[Ukraine]",
    ]
    assert "hypothetical" not in told["without"] and told["with"]["hypothetical"] is True
    alone = demo.get(f"/agreements/{PAUSE}.json?as_of={told['as_of']}").json()
    assert told["without"] == alone
    differing = {
        one["id"]
        for one, other in zip(told["without"]["norms"], told["with"]["norms"], strict=True)
        if one["state"] != other["state"]
    }
    assert differing == {one["id"] for one in told["states"] if one["before"] != one["after"]}


def test_every_part_of_the_page_says_that_it_is_hypothetical(demo: TestClient) -> None:
    page = demo.get(PAGES["what_if"]).text
    assert '<aside class="hyp"' in page and "kept by nobody" in page
    pictures = re.findall(r"<svg viewBox.*?</svg>", page, re.DOTALL)
    assert len(pictures) >= 2
    assert all("HYPOTHETICAL" in picture for picture in pictures)
    footer = page[page.index("<footer") :]
    assert "HYPOTHETICAL: nothing on this page has happened" in footer
    empty = demo.get(AT).text
    assert '<aside class="hyp"' in empty and "<svg viewBox" not in empty


def test_it_says_which_states_change_and_why(demo: TestClient) -> None:
    page = demo.get(PAGES["what_if"]).text
    assert 'What it would change <span class="m">2</span>' in page
    assert "Why, with what is supposed" in page
    why = page[page.index('<ul class="why">') :]
    assert "w1" in why and "w2" in why


def test_nothing_of_it_stays(demo: TestClient) -> None:
    addresses = (f"/agreements/{PAUSE}.json", f"/agreements/{PAUSE}/records.json")
    before = [demo.get(address).content for address in addresses]
    assert demo.get(PAGES["what_if"]).status_code == 200
    assert [demo.get(address).content for address in addresses] == before
    assert demo.get(f"/agreements/{PAUSE}/records/w1").status_code == 404


def test_what_could_not_be_used_is_told_with_line_and_reason(demo: TestClient) -> None:
    bad = SUPPOSED.splitlines()[0] + '\n{"id": "w2"}\nno json'
    told = demo.get(f"{AT}.json?records={quote(bad)}").json()
    assert [row["line"] for row in told["supposed"]["refused"]] == [2, 3]
    assert told["supposed"]["records"] == ["w1"]
    page = demo.get(f"{AT}?records={quote(bad)}").text
    assert "line 2: " in page and "could not be used" in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"records": "{}\n" * (MAX_RECORDS + 1)}, f"up to {MAX_RECORDS} records"),
        ({"suppose": "p6.nothing"}, "p6.nothing"),
        ({"type": "nothing", "do": "add"}, "no record type"),
        ({"supose": "x"}, "supose"),
    ],
)
def test_more_or_other_than_is_taken_is_refused(
    demo: TestClient, query: dict[str, str], told: str
) -> None:
    data = demo.get(f"{AT}.json?{urlencode(query)}")
    assert data.status_code == 400 and told in data.json()["detail"]
    page = demo.get(f"{AT}?{urlencode(query)}")
    assert page.status_code == 400 and told in page.text


def test_too_long_an_address_is_refused(demo: TestClient) -> None:
    assert demo.get(f"{AT}?records={'x' * 9_000}").status_code == 414


def test_a_demo_takes_it_in_the_address_alone(demo: TestClient) -> None:
    page = demo.get(AT).text
    assert '<form method="get"' in page and 'method="post"' not in page
    assert demo.post(AT, data={}, headers={"origin": "http://testserver"}).status_code == 405


def test_fields_are_those_of_the_type(demo: TestClient) -> None:
    page = demo.get(f"{AT}?type=attack&do=fields").text
    labels = re.findall(r'<label for="value-\d+">(\w+)', page)
    assert labels == ["By", "On", "Weapon", "Target"]
    assert "Add it and show what changes" in page
    assert "Add it and show" not in demo.get(AT).text


def test_a_record_is_added_field_by_field(demo: TestClient) -> None:
    fields = [("value", v) for v in ("Ukraine", "Russia", "", "energy")]
    query = urlencode([*{**ATTACK, "day": "2025-03-20"}.items(), *fields])
    page = demo.get(f"{AT}?{query}").text
    assert page.count("&#34;id&#34;: &#34;what-if-1") == 2  # both lines stand in the text
    assert 'What it would change <span class="m">2</span>' in page
    data = demo.get(f"{AT}.json?{query}").json()
    assert data["supposed"]["records"] == ["what-if-1a", "what-if-1b"]


def test_the_course_stays_beside_it(demo: TestClient) -> None:
    """A view on invented records stays one, also in the half without."""
    query = urlencode({"course": COURSE, "suppose": "p6.force_cap.deadline=2026-03-01"})
    told = demo.get(f"/agreements/{FLAGSHIP}/what-if.json?{query}").json()
    assert told["without"]["hypothetical"] is told["with"]["hypothetical"] is True
    assert told["with"]["assumptions"] == ["p6.force_cap.deadline=2026-03-01"]
    assert told["without"]["assumptions"] == []
    assert [one["id"] for one in told["states"]] == ["p6.force_cap"]


# --- where people sign in -------------------------------------------------------------------------


def test_a_form_takes_what_is_too_long_for_an_address(house: House) -> None:
    drafter = house.as_role(Role.DRAFTER)
    row = '{"id": "w%d", "type": "attack", "at": "2026-02-01", "source": "S%d", ' \
        '"args": {"by": "Upper", "on": "Lower"}}'  # fmt: skip
    text = "\n".join(row % (n, n) for n in range(100))
    assert len(text) > 8_000
    answer = drafter.send(VALLEYS, VALLEYS, records=text, do="show")
    assert answer.status_code == 200
    assert 'What it would change <span class="m">1</span>' in answer.text
    assert "HYPOTHETICAL" in answer.text
    with house.office.store.reading() as connection:
        assert not list(connection.execute(schema.trail.select()))  # nothing was changed
    assert "w1" not in drafter.get("/agreements/valleys/records.json").text


def test_data_can_be_had_by_the_form_as_well(house: House) -> None:
    drafter = house.as_role(Role.DRAFTER)
    data = {"form_token": _token(drafter.get(VALLEYS).text), "suppose": "", **ATTACK}
    answer = drafter.client.post(
        VALLEYS,
        data={**data, "value": ["Upper", "Lower"]},
        headers={"origin": "http://testserver", "accept": "application/json"},
    )
    assert answer.status_code == 200
    assert answer.json()["states"][0]["after"] == "breached"


def _token(page: str) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("token", [None, "0" * 64])
def test_without_the_token_nothing_is_worked_out(house: House, token: str | None) -> None:
    drafter = house.as_role(Role.DRAFTER)
    data = {"records": "{}"} if token is None else {"records": "{}", "form_token": token}
    answer = drafter.client.post(VALLEYS, data=data, headers={"origin": "http://testserver"})
    assert answer.status_code == 403 and "out of date" in answer.text


def test_it_is_never_public(house: House) -> None:
    visitor = house.browser()
    assert visitor.get("/agreements/valleys").status_code == 200
    for address in (VALLEYS, f"{VALLEYS}.json", f"{VALLEYS}?records=x"):
        assert visitor.get(address).status_code == 401
    visitor.get("/sign-in")
    assert visitor.send(VALLEYS, records="x").status_code == 401


def test_each_supposes_on_what_the_own_role_sees(tmp_path: Path) -> None:
    rows = [
        {"id": f"r{n}", "type": "attack", "at": "2026-01-05", "source": f"S{n}",
         "handling": "body", "args": {"by": "Upper", "on": "Lower"}}
        for n in (1, 2)
    ]  # fmt: skip
    path = tmp_path / "r.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    house = build(tmp_path, records=(path,))
    query = "records=" + quote('{"id": "x", "type": "meets", "at": "2026-02-01", "source": "S", '
                               '"args": {"institution": "Commission"}}')  # fmt: skip
    seen = {}
    for role in (Role.SECRETARIAT, Role.DRAFTER):
        told = house.as_role(role).get(f"{VALLEYS}.json?{query}").json()
        seen[role] = {n["id"]: n["state"] for n in told["with"]["norms"]}["p1.peace[Upper]"]
    assert seen == {Role.SECRETARIAT: "breached", Role.DRAFTER: "active"}
