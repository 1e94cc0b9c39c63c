"""The data of every page have the form that its schema says, whatever the view."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from servanda.web.openapi import FILES
from tests.web.addresses import PAGES, json_of
from tests.web.conftest import COURSE, FLAGSHIP, PAUSE

A, P = f"/agreements/{FLAGSHIP}", f"/agreements/{PAUSE}"
Q = f"?course={COURSE}"
EASTER = "/agreements/easter-truce-2025"
MORE = {
    "changes.json": [f"{P}/changes?since=2025-03-01", f"{A}/changes", f"{EASTER}/changes"],
    "provisions.json": [f"{A}/provisions", f"{P}/provisions?standard=any_claim"],
    "provision.json": [
        *(f"{A}/provisions/p{number}{Q}" for number in (1, 2, 6, 8, 10, 14, 25)),
        f"{P}/provisions/pause?standard=any_claim",
        f"{P}/provisions/pause?reading=start%3Don_18_march&known_at=2025-03-30",
        "/agreements/minsk-2-2015/provisions/p4",
        "/agreements/e3-counter-draft/provisions/p1",
    ],
    "records.json": [f"{A}/records{Q}", f"{P}/records?count=500", f"{P}/records?q=nothing"],
    "claims.json": [f"{P}/claims?standard=any_claim", f"{A}/claims{Q}", f"{A}/claims"],
    "map.json": [f"{P}/map?standard=any_claim", f"{P}/map", f"{A}/map", f"{EASTER}/map"],
}


def _validator(name: str) -> Any:
    text = (files("servanda") / "schemas" / name).read_text(encoding="utf-8")
    found = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def _check(demo: TestClient, name: str, address: str) -> None:
    answer = demo.get(json_of(address))
    assert answer.status_code == 200, answer.text
    wrong = [
        f"{e.json_path}: {e.message[:200]}"
        for e in _validator(FILES[name]).iter_errors(answer.json())
    ]
    assert wrong == [], address


@pytest.mark.parametrize("name", sorted(n for n in PAGES if f"{n}.json" in FILES))
def test_every_page_has_the_form_that_its_schema_says(demo: TestClient, name: str) -> None:
    _check(demo, f"{name}.json", PAGES[name])


@pytest.mark.parametrize("name", sorted(MORE))
def test_so_it_has_in_other_views(demo: TestClient, name: str) -> None:
    for address in MORE[name]:
        _check(demo, name, address)


def test_what_if_holds_two_assessments(demo: TestClient) -> None:
    told = demo.get(json_of(PAGES["what_if"])).json()
    validator = _validator(FILES["agreement.json"])
    for side in ("without", "with"):
        assert not list(validator.iter_errors(told[side])), side
    assert told["states"] and told["with"]["hypothetical"] is True


@pytest.mark.parametrize(("agreement", "course"), [(PAUSE, ""), (FLAGSHIP, Q)])
def test_every_record_has_it(demo: TestClient, agreement: str, course: str) -> None:
    listed = demo.get(f"/agreements/{agreement}/records.json{course or '?'}&count=500").json()
    validator = _validator(FILES["record.json"])
    assert listed["total"] > 20
    for record in listed["records"][::3]:
        told = demo.get(f"/agreements/{agreement}/records/{record['id']}.json{course}").json()
        assert not list(validator.iter_errors(told)), record["id"]


def test_what_has_not_that_form_is_seen(demo: TestClient) -> None:
    """The schemas are closed: a member that they do not name, or one that lacks, is an error."""
    for name, address in PAGES.items():
        if f"{name}.json" not in FILES:
            continue
        told = demo.get(json_of(address)).json()
        validator = _validator(FILES[f"{name}.json"])
        assert list(validator.iter_errors({**told, "more": 1})), name
        assert list(validator.iter_errors({k: v for k, v in told.items() if k != "schema"})), name
