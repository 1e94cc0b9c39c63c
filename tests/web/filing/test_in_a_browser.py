"""Filing and the docket in Chromium: from a new record to a finding without scripts, every page
wide and narrow, and the docket by keyboard alone, by Tab, letters, Space and Enter.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servanda.web.people.roles import Role
from tests.support.browser import arrived, served
from tests.support.seen import Desk, looked_at
from tests.web.conftest import browser as browser  # noqa: PLC0414
from tests.web.filing.conftest import AT, founded
from tests.web.people.house import House


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("SERVANDA_LEDGER_KEYS", str(tmp_path / "the.keys"))
    return founded(str(tmp_path / "valleys.ledger"), tmp_path, ("127.0.0.1",))


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house.app) as found:
        yield found


def paper(house: House, page: Any, kind: str, **fields: str) -> None:
    """Fill in and send the form of a paper on the page of a case."""
    house.clock.now += 60
    page.reload()
    form = page.locator(f"details#{kind}").first
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for label, value in fields.items():
        field = form.get_by_label(re.compile(label.replace("_", " "), re.IGNORECASE)).first
        if field.evaluate("(e) => e.type") == "checkbox":
            field.check()
        elif field.evaluate("(e) => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    arrived(page, form.get_by_role("button").click)
    alert = page.get_by_role("alert")
    assert alert.count() == 0, alert.inner_text()


def test_from_a_record_to_a_finding_without_scripts(
    browser: Any, house: House, address: str
) -> None:
    desk = Desk(browser, house, address, java_script_enabled=False)
    lower, upper = (desk.of(house.of(Role.PARTY, name)) for name in ("Lower", "Upper"))
    chair = desk.of(house.account("Chair", Role.CHAIR, "Commission", "League"))
    member = desk.of(house.account("Member", Role.MEMBER, "Commission", "Lower"))

    lower.goto(f"{address}{AT}/records")
    arrived(lower, lower.get_by_role("link", name="File records").click)
    lower.get_by_label("Type").select_option("attack")
    arrived(lower, lower.get_by_role("button", name="Show its fields").click)
    lower.get_by_label("By", exact=True).fill("Upper")
    lower.get_by_label("On", exact=True).fill("Lower")
    lower.get_by_label("When it happened").fill("2026-09-01T10:00:00Z")
    lower.get_by_label("Who may see it").select_option("parties")
    arrived(lower, lower.get_by_role("button", name="Try it").click)
    assert "not entered yet" in lower.get_by_role("status").inner_text()
    arrived(lower, lower.get_by_role("button", name="Enter it").click)
    assert "stands in the ledger" in lower.get_by_role("status").inner_text()

    lower.goto(f"{address}{AT}?standard=any_claim")
    assert "violation alleged" in lower.inner_text("main")
    assert "violation found" not in lower.inner_text("main table.acf")
    house.clock.now += 60
    lower.goto(f"{address}{AT}/records")
    arrived(lower, lower.locator("th a.id").first.click)
    arrived(lower, lower.get_by_role("link", name="Complain about it").click)
    lower.get_by_label("Body").select_option("Commission")
    lower.get_by_label("Commitment").select_option("p1.peace")
    lower.get_by_label("Against").fill("Upper")
    arrived(lower, lower.get_by_role("button", name="Lodge the complaint").click)
    assert "/cases/" in lower.url
    case = lower.url
    assert "Waiting for Commission to acknowledge" in lower.inner_text("main")

    for page in (upper, chair, member):
        page.goto(case)
    paper(house, chair, "registers", Number="1 of 2026")
    paper(house, chair, "notifies")
    paper(house, upper, "replies", Note="it was not us")
    paper(house, lower, "verifies_jointly", Result="confirmed")
    paper(house, upper, "verifies_jointly", Result="confirmed")
    paper(house, chair, "establishes_facts", Occurrence="established", Severity="minor")
    paper(house, chair, "finding", Result="breach")
    assert "Nothing is found or decided" in chair.inner_text("main")
    paper(house, member, "casts_vote", Vote="in_favour")
    paper(house, chair, "casts_vote", Vote="in_favour")
    assert "Found: a breach by Upper" in chair.inner_text("main")
    assert "it was not us" in chair.inner_text("main")

    lower.goto(f"{address}{AT}")
    assert "1 violation found" in lower.inner_text("main table.acf")
    assert (desk.faults, desk.outside) == ([], [])


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_pages_of_filing_fit_and_keep_nobody_out(
    browser: Any, house: House, address: str, width: int, scheme: str
) -> None:
    viewport = {"width": width, "height": 900}
    desk = Desk(browser, house, address, viewport=viewport, color_scheme=scheme, bypass_csp=True)
    lower, chair = desk.of(house.of(Role.PARTY, "Lower")), desk.of(house.of(Role.CHAIR))
    lower.goto(f"{address}{AT}/file")
    looked_at(lower, "file")
    lower.get_by_label("File", exact=True).set_input_files(
        {
            "name": "rows.jsonl",
            "mimeType": "application/jsonl",
            "buffer": b'{"id":"a1","type":"attack","at":"2026-09-01","source":"Lower",'
            b'"args":{"by":"Upper","on":"Lower"}}\n{"id":"a2","type":"atack"}\n',
        }
    )
    lower.get_by_label("Who may see it").select_option("parties")
    arrived(lower, lower.get_by_role("button", name="Try the file").click)
    looked_at(lower, "file tried")
    arrived(lower, lower.get_by_role("button", name="Enter 1 record").click)
    looked_at(lower, "file entered")
    lower.goto(f"{address}{AT}/file?type=attack")
    looked_at(lower, "type")
    lower.get_by_label("When it happened").fill("2026-02-30")
    arrived(lower, lower.get_by_role("button", name="Try it").click)
    assert lower.get_by_role("alert").count() == 1
    looked_at(lower, "type refused")
    lower.get_by_label("When it happened").fill("2026-09-02")
    arrived(lower, lower.get_by_role("button", name="Try it").click)
    looked_at(lower, "type tried")
    lower.goto(f"{address}{AT}/complaint?about=a1")
    looked_at(lower, "complaint")
    lower.get_by_label("Body").select_option("Commission")
    lower.get_by_label("Commitment").select_option("p1.peace")
    lower.get_by_label("Against").fill("Upper")
    arrived(lower, lower.get_by_role("button", name="Lodge the complaint").click)
    assert "/cases/" in lower.url
    looked_at(lower, "case of a party")
    chair.goto(lower.url)
    looked_at(chair, "case of the chair")
    paper(house, chair, "notifies")
    looked_at(chair, "reply clock")
    chair.goto(f"{address}{AT}/cases")
    looked_at(chair, "cases")
    chair.goto(f"{address}{AT}/records/a1")
    looked_at(chair, "record")
    assert (desk.faults, desk.outside) == ([], [])


class Keys:
    """Somebody with a keyboard alone."""

    def __init__(self, page: Any) -> None:
        self.page, self.press = page, page.keyboard.press

    def to(self, wanted: str, most: int = 120) -> None:
        """Tab until the focus is on an element whose name or label begins with the words."""
        for _ in range(most):
            self.press("Tab")
            told = self.page.evaluate(
                """() => { const e = document.activeElement;
                   const label = e.labels && e.labels.length ? e.labels[0].innerText : "";
                   return (label || e.innerText || e.name || "").trim(); }"""
            )
            if told.startswith(wanted):
                return
        raise AssertionError(f"the keyboard does not reach “{wanted}” at {self.page.url}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def go(self, key: str = "Enter") -> None:
        """Send what has the focus, and wait for the page that comes."""
        arrived(self.page, lambda: self.press(key))


def test_the_docket_by_keyboard_alone(browser: Any, house: House, address: str) -> None:
    desk = Desk(browser, house, address)
    lower = Keys(desk.of(house.of(Role.PARTY, "Lower")))
    chair = Keys(desk.of(house.account("Chair", Role.CHAIR, "Commission", "League")))
    lower.page.goto(f"{address}{AT}")
    lower.to("Cases")
    lower.go()
    lower.to("Lodge a complaint")
    lower.go()
    lower.to("Body")
    lower.type("Comm")
    lower.to("Commitment")
    lower.type("1")
    lower.to("Against")
    lower.type("Upper")
    lower.to("Lodge the complaint")
    lower.go()
    assert "Waiting for Commission to acknowledge" in lower.page.inner_text("main")

    chair.page.goto(f"{address}{AT}/cases")
    chair.to("Commission 1")
    chair.go()
    chair.to("Number")
    chair.type("1 of 2026")
    house.clock.now += 60
    chair.go()  # Enter in the field sends its form
    assert "1 of 2026" in chair.page.inner_text("h1")
    house.clock.now += 60
    chair.to("Notify the respondent")  # the step that is open: the button comes after its fields
    chair.to("Notify the respondent")
    chair.go()
    assert "Waiting for Upper to reply" in chair.page.inner_text("main")
    chair.to("Establish the facts")
    chair.press("Enter")  # opens the form
    chair.to("Occurrence")
    chair.type("est")
    chair.to("Severity")
    chair.type("min")
    house.clock.now += 60
    chair.to("Establish the facts")
    chair.go()
    assert "Established" in chair.page.inner_text("main")
    chair.to("Record a finding of the body")
    chair.press("Space")
    chair.to("Result")
    chair.type("no b")
    house.clock.now += 60
    chair.to("Record a finding of the body")
    chair.go()
    chair.to("Vote")
    chair.press("Enter")
    chair.to("Vote")
    chair.type("in f")
    house.clock.now += 60
    chair.to("Vote")
    chair.go()
    main = chair.page.inner_text("main")
    assert "in favour" in main
    assert "does not stand" in main.lower()  # nobody verified together, and Upper has time to reply
    assert (desk.faults, desk.outside) == ([], [])
