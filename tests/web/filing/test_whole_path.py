"""The whole path in Chromium at once: a record, an alleged violation, a complaint, the reply, the
finding by vote, the consequence that the agreement names, how it shows on the agreement's page, the
map and the calendar, and the edition that everybody may read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from servanda.web.people.roles import Role
from tests.support.browser import arrived, served
from tests.support.seen import Desk
from tests.web.conftest import browser as browser  # noqa: PLC0414
from tests.web.filing.conftest import AT, founded
from tests.web.filing.test_in_a_browser import paper
from tests.web.people.house import House

HOURS = 24
OPEN = {"Who may see it": "public"}
MORE = """
provision p2 "Repair"
  text "The Commission may impose sanctions on whom it found to have attacked, who then pays."

power p2.sanctions "the Commission may impose sanctions"
  bearer Commission
  may imposes_sanctions by Commission on offender
  from in_force
  upon finding of breach

obligation p2.repair "who is under sanctions pays for the damage"
  bearer each of {Upper, Lower}
  achieve pays from bearer
  from imposes_sanctions by Commission on bearer
  within 60 days of imposes_sanctions by Commission on bearer
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("SERVANDA_LEDGER_KEYS", str(tmp_path / "the.keys"))
    place = str(tmp_path / "valleys.ledger")
    return founded(place, tmp_path, ("127.0.0.1",), MORE, notice_hours=HOURS)


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house.app) as found:
        yield found


def filed(page: Any, kind: str, fields: Mapping[str, str], place: Sequence[str] = ()) -> None:
    """A record by form: its type, its fields, tried and entered."""
    page.get_by_label("Type").select_option(kind)
    arrived(page, page.get_by_role("button", name="Show its fields").click)
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    if place:
        page.evaluate("document.querySelectorAll('main details').forEach((d) => (d.open = true))")
        for name, value in zip(("Latitude", "Longitude"), place, strict=True):
            page.get_by_label(name).fill(value)
    page.get_by_label("Who may see it").select_option("public")
    page.get_by_label("What its source agreed to").select_option("informed")
    page.get_by_label("reporting").check()
    arrived(page, page.get_by_role("button", name="Try it").click)
    arrived(page, page.get_by_role("button", name="Enter it").click)
    assert "stands in the ledger" in page.get_by_role("status").inner_text()


def units(page: Any) -> list[str]:
    """The row of the map's table: where, and how many are claimed only, alleged, found, decided."""
    told = page.locator("main table").last.locator("tbody tr").inner_text().split("\t")
    return [cell.strip() for cell in told[:5]]


def test_from_a_record_to_the_edition_that_everybody_reads(
    browser: Any, house: House, address: str
) -> None:
    desk = Desk(browser, house, address)
    lower, upper = (desk.of(house.of(Role.PARTY, name)) for name in ("Lower", "Upper"))
    chair = desk.of(house.account("Chair", Role.CHAIR, "Commission", "League"))
    member = desk.of(house.account("Member", Role.MEMBER, "Commission", "Lower"))

    # A record, and the violation that it alleges.
    lower.goto(f"{address}{AT}/file")
    told = {"By": "Upper", "On": "Lower", "When it happened": "2026-09-01T10:00:00Z"}
    filed(lower, "attack", told, place=("48.5", "37.5"))
    lower.goto(f"{address}{AT}?standard=any_claim")
    assert "violation alleged" in lower.inner_text("main")
    lower.goto(f"{address}{AT}/map?standard=any_claim")
    assert units(lower) == ["Donetsk oblast", "0", "1", "0", "0"]

    # The complaint and its proceeding.
    house.clock.now += 60
    lower.goto(f"{address}{AT}/records")
    arrived(lower, lower.locator("th a.id").first.click)
    arrived(lower, lower.get_by_role("link", name="Complain about it").click)
    lower.get_by_label("Body").select_option("Commission")
    lower.get_by_label("Commitment").select_option("p1.peace")
    lower.get_by_label("Against").fill("Upper")
    lower.get_by_label("Who may see it").select_option("public")
    arrived(lower, lower.get_by_role("button", name="Lodge the complaint").click)
    for page in (upper, chair, member):
        page.goto(lower.url)
    paper(house, chair, "registers", Number="1 of 2026", **OPEN)
    paper(house, chair, "notifies", **OPEN)
    paper(house, upper, "replies", Note="it was not us", **OPEN)
    paper(house, lower, "verifies_jointly", Result="confirmed", **OPEN)
    paper(house, upper, "verifies_jointly", Result="confirmed", **OPEN)
    established = {"Occurrence": "established", "Severity": "minor", **OPEN}
    paper(house, chair, "establishes_facts", **established)
    paper(house, chair, "finding", Result="breach", **OPEN)
    paper(house, member, "casts_vote", Vote="in_favour", **OPEN)
    paper(house, chair, "casts_vote", Vote="in_favour", **OPEN)
    assert "Found: a breach by Upper" in chair.inner_text("main")
    lower.goto(f"{address}{AT}")
    assert "1 violation found" in lower.inner_text("main table.acf")

    # The consequence that the agreement names, and what it does.
    house.clock.now += 60
    chair.goto(f"{address}{AT}/file")
    told = {"By": "Commission", "On": "Upper", "When it happened": "2026-09-21"}
    filed(chair, "imposes_sanctions", told)
    lower.goto(f"{address}{AT}")
    assert "1 violation decided" in lower.inner_text("main table.acf")
    assert "pays for the damage" in lower.inner_text("main")
    lower.goto(f"{address}{AT}/map")
    assert units(lower) == ["Donetsk oblast", "0", "0", "0", "1"]
    calendar = lower.request.get(f"{address}{AT}/calendar.ics").text()
    assert re.search(r"DTSTART;VALUE=DATE:202611(19|20|21)", calendar), calendar

    # The edition: prepared, told, waited for, released, read without an account.
    officer = house.account("Ada Lindqvist", Role.SECRETARIAT)
    secretariat = desk.of(officer)
    secretariat.goto(f"{address}/editions")
    secretariat.get_by_label("Agreement").select_option("valleys")
    arrived(secretariat, secretariat.get_by_role("button", name="Prepare it").click)
    prepared = secretariat.url
    while (told_it := secretariat.get_by_role("button", name="Record it")).count():
        arrived(secretariat, told_it.first.click)
    house.clock.now += HOURS * 3600 + 60
    secretariat = desk.of(officer)
    secretariat.goto(prepared)
    secretariat.get_by_role("checkbox").check()
    arrived(secretariat, secretariat.get_by_role("button", name="Release it").click)
    reader = browser.new_context().new_page()
    reader.goto(f"{address}/public")
    arrived(reader, reader.get_by_role("link", name="Edition 1").click)
    said = reader.inner_text("main")
    assert "Released by Ada Lindqvist, secretariat" in said
    assert "decided" in said and "it was not us" not in said
    # Who has no account reads what was released, and no more.
    assert reader.goto(f"{address}{AT}").status == 401
    reader.context.close()
    assert (desk.faults, desk.outside) == ([], [])
