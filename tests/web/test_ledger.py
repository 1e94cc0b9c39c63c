"""Pages on a ledger: custody is told, and each audience sees what handling gives to it."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from servanda.cli import main
from servanda.web.app import create_app
from servanda.web.people.roles import Role
from servanda.web.settings import Settings
from tests.web.conftest import PAUSE
from tests.web.people.house import build

HOSTS = ("testserver",)
ROW = (
    '{{"id":"{0}","type":"attack","at":"2025-03-2{1}T10:00:00Z","source":"Press",'
    '"args":{{"by":"Russia","on":"Ukraine","target":"energy"}},"place":{{"name":"Kherson"}}}}\n'
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A public record, one that is not for reporting, and one for the body alone."""
    folder = tmp_path_factory.mktemp("ledger")
    place = folder / "pause.ledger"
    assert main(["ledger", "init", "--ledger", str(place), "--title", "Pause"]) == 0
    reporting = ["--use", "assessment", "--use", "reporting"]
    for name, number, handling, uses in (
        ("open1", 1, "public", reporting),
        ("unused1", 3, "public", ["--use", "assessment"]),
        ("closed1", 2, "body", reporting),
    ):
        file = folder / f"{name}.jsonl"
        file.write_text(ROW.format(name, number), encoding="utf-8")
        command = ["ledger", "import", str(file), "--ledger", str(place), "--handling", handling]
        assert main([*command, "--agreement", PAUSE, *uses]) == 0
    return place


def test_the_public_sees_what_is_public(ledger: Path) -> None:
    client = TestClient(create_app(Settings((PAUSE,), demo=True, ledger=str(ledger), hosts=HOSTS)))
    told = client.get(f"/agreements/{PAUSE}/records.json").json()
    assert [r["id"] for r in told["records"]] == ["open1"]
    assert client.get(f"/agreements/{PAUSE}/records/closed1.json").status_code == 404
    for page in ("", "/records", "/claims?standard=any_claim", "/map?standard=any_claim"):
        shown = client.get(f"/agreements/{PAUSE}{page}").text
        assert "closed1" not in shown and "unused1" not in shown
    assert "1 act by Russia" in client.get(f"/agreements/{PAUSE}?standard=any_claim").text


def test_the_secretariat_sees_all_and_the_hands_that_it_went_through(
    ledger: Path, tmp_path: Path
) -> None:
    house = build(tmp_path, agreements=(PAUSE,), ledger=str(ledger))
    client = house.as_role(Role.SECRETARIAT).client
    told = client.get(f"/agreements/{PAUSE}/records.json").json()
    assert {r["id"] for r in told["records"]} == {"open1", "unused1", "closed1"}
    page = client.get(f"/agreements/{PAUSE}/records/closed1").text
    assert "Custody" in page and "#" in page.partition("Custody")[2]
    assert "nothing proves that it was not altered" not in page
