"""With very many records, what other evidence standards say comes after the page."""

import pytest
from starlette.testclient import TestClient

from servanda.web import desk
from servanda.web.app import create_app
from servanda.web.settings import Settings
from tests.web.conftest import COURSE, FLAGSHIP

AGREEMENT = f"/agreements/{FLAGSHIP}?course={COURSE}"
PROVISION = f"/agreements/{FLAGSHIP}/provisions/p28?course={COURSE}"


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    """The pages of few records."""
    client = TestClient(create_app(Settings(demo=True, hosts=("testserver",))))
    return {where: client.get(where).text for where in (AGREEMENT, PROVISION)}


@pytest.fixture
def heavy(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(desk, "HEAVY", 0)
    return TestClient(create_app(Settings(demo=True, hosts=("testserver",))))


def inside(text: str, start: str, end: str) -> str:
    return text[text.index(start) : text.index(end, text.index(start))]


def test_the_agreement_comes_first_and_what_is_claimed_after_it(
    whole: dict[str, str], heavy: TestClient
) -> None:
    page = heavy.get(AGREEMENT).text
    table = inside(whole[AGREEMENT], '<table class="acf', "</section>")
    assert '<table class="acf' not in page and "part=claims" in page and "part=now" in page
    assert heavy.get(f"{AGREEMENT}&part=claims").text.count(table[:-1].strip()) == 1
    assert table in heavy.get(f"{AGREEMENT}&part=now").text


def test_a_provision_comes_first_and_other_standards_after_it(
    whole: dict[str, str], heavy: TestClient
) -> None:
    page = heavy.get(PROVISION).text
    standards = inside(whole[PROVISION], '<table class="standards', "</table>")
    changes = inside(whole[PROVISION], "Each was tried, alone.", "</section>").strip()
    for part, told in (("standards", standards), ("changes", changes)):
        assert told not in page and f"part={part}" in page
        assert told in heavy.get(f"{PROVISION}&part={part}").text
        assert told in heavy.get(f"{PROVISION}&part=now").text


def test_the_data_are_whole_at_once(heavy: TestClient) -> None:
    told = heavy.get(f"{PROVISION}&part=changes", headers={"accept": "application/json"}).json()
    assert told["standards"]["rows"] and told["explanations"][0]["would_change"]
