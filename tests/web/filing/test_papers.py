"""The papers of a case through its page: who may write which, by the step, and what comes of it."""

import html
import re
from typing import Any

import pytest

from servanda.evidence.instant import iso
from servanda.ledger import chain
from servanda.ledger.ledger import open_ledger
from servanda.web.people import trail
from servanda.web.people.roles import Role
from tests.web.filing.conftest import AT
from tests.web.filing.test_file import alert, file_one, ids, plain, status
from tests.web.people.house import Browser, House

DAY, STEP = 86_400, 60  # seconds
CASE = re.compile(r"/agreements/valleys/cases/([^?]+)")


def once(text: str) -> str:
    found = re.search(r'name="once" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def kinds(who: Browser, case: str) -> list[str]:
    return re.findall(r'name="kind" value="(\w+)"', who.get(f"{AT}/cases/{case}").text)


def headline(who: Browser, case: str) -> str:
    found = re.search(r'<p class="h">.*?<span>(.*?)</span>', who.get(f"{AT}/cases/{case}").text)
    assert found is not None
    return plain(found[1])


def write(who: Browser, case: str, kind: str, about: str = "", /, **fields: str) -> Any:
    """Send a paper with the once of its page, as the form would."""
    page = who.get(f"{AT}/cases/{case}")
    form = re.search(
        rf'<input type="hidden" name="kind" value="{kind}">'
        rf'<input type="hidden" name="about" value="({re.escape(about)}[^"]*)">'
        r'<input type="hidden" name="author" value="([^"]*)">',
        page.text,
    )
    found = {"about": html.unescape(form[1]), "author": html.unescape(form[2])} if form else {}
    sent = {"kind": kind, "once": once(page.text) if form else "x", "handling": "parties"}
    return who.send(f"{AT}/cases/{case}", None, **{**sent, **found, **fields})


class People:
    """Everybody before the commission."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.lower = house.as_role(Role.PARTY, "Lower")
        self.upper = house.as_role(Role.PARTY, "Upper")
        self.chair = house.as_role(Role.CHAIR, "Commission")
        self.arbiter = house.as_role(Role.CHAIR, "Arbiter")
        self.monitor = house.as_role(Role.MONITOR)
        self.secretariat = house.as_role(Role.SECRETARIAT)

    def member(self, seat: str) -> Browser:
        person = self.house.account(f"Member for {seat}", Role.MEMBER, "Commission", seat)
        return self.house.begin(person)

    def complaint(self) -> str:
        """The case that Lower opens on an attack by Upper."""
        assert file_one(self.lower, id="a1").status_code == 303
        page = self.lower.get(f"{AT}/complaint?about=a1")
        assert page.status_code == 200
        self.house.clock.now += STEP
        done = self.lower.send(
            f"{AT}/complaint", None, once=once(page.text), handling="parties",
            **{"args.body": "Commission", "args.norm": "p1.peace", "args.against": "Upper",
               "args.about": "a1"},
        )  # fmt: skip
        assert done.status_code == 303, alert(done)
        found = CASE.match(done.headers["location"])
        assert found is not None
        return found[1]

    def do(self, who: Browser, case: str, kind: str, about: str = "", /, **fields: str) -> None:
        self.house.clock.now += STEP
        done = write(who, case, kind, about, **fields)
        assert done.status_code == 303, alert(done)


@pytest.fixture
def people(house: House) -> People:
    return People(house)


def to_the_facts(people: People) -> str:
    """A case up to established facts."""
    case = people.complaint()
    people.do(people.chair, case, "registers", **{"args.number": "1 of 2026"})
    people.do(people.secretariat, case, "notifies")
    people.do(people.upper, case, "replies", note="it was not us")
    people.do(people.lower, case, "submits", **{"args.evidence": "a1"})
    for who in (people.lower, people.upper):
        people.do(who, case, "verifies_jointly", **{"args.result": "confirmed"})
    facts = {
        "args.occurrence": "established",
        "args.severity": "minor",
        "args.responsible": "Upper",
    }
    people.do(people.chair, case, "establishes_facts", **facts)
    return case


def finding_of(people: People, case: str) -> str:
    told = people.chair.get(f"{AT}/cases/{case}.json").json()
    return str(told["cases"][0]["findings"][0]["id"])


def test_from_the_complaint_to_a_finding_that_stands(people: People) -> None:
    case = to_the_facts(people)
    assert "Waiting for Commission to make its finding" in headline(people.lower, case)
    members = {name: people.member(name) for name in ("Lower", "Upper", "League")}
    people.do(people.chair, case, "finding", **{"args.result": "breach"})
    finding = finding_of(people, case)
    assert "Nothing is found" in headline(people.upper, case)  # nobody has voted
    page = people.lower.get(f"{AT}/cases/{case}")
    assert "does not say how many voted for it" in plain(page.text)
    for name, vote in (("Lower", "in_favour"), ("League", "in_favour"), ("Upper", "against")):
        people.do(members[name], case, "casts_vote", finding, **{"args.vote": vote})
    people.do(members["Upper"], case, "dissents", finding)
    assert headline(people.upper, case).startswith("Found: a breach by Upper.")
    told = people.lower.get(f"{AT}/cases/{case}.json").json()["cases"][0]
    assert told["status"] == "found"
    assert told["findings"][0]["vote"]["votes"] == {
        "Lower": "in_favour",
        "League": "in_favour",
        "Upper": "against",
    }
    shown = plain(people.lower.get(f"{AT}/cases/{case}").text)
    assert "it was not us" in shown  # the reply is seen by who may see it
    assert "with it: 1 violation found" in shown and "alleged" not in shown.partition("rests")[2]
    assert "violation found" in plain(people.lower.get(AT).text)
    norms = people.lower.get(f"{AT}.json").json()["norms"]
    assert {b["basis"] for n in norms for b in n["breaches"]} == {"found"}
    people.do(people.upper, case, "appeals", finding)
    assert "Waiting for Arbiter to decide the appeal" in headline(people.lower, case)
    people.do(people.arbiter, case, "decides_appeal", **{"args.result": "overturns_finding"})
    assert "overturned on appeal" in headline(people.lower, case)
    place = people.house.app.state.settings.ledger
    assert chain.verify(open_ledger(place)).whole
    with people.house.office.store.reading() as connection:
        files = [one for one in trail.lines(connection) if one.what == "files"]
    assert len(files) == len(ids(people.house)) == 16
    assert {one.who for one in files} >= {"Member for Lower", "chair Commissionx"}


def test_a_case_goes_the_same_way_in_either_store(stored: House) -> None:
    people = People(stored)
    case = people.complaint()
    people.do(people.chair, case, "registers", **{"args.number": "1 of 2026"})
    assert "1 of 2026" in people.upper.get(f"{AT}/cases").text
    assert "notify the respondent" in headline(people.upper, case)


def test_each_sees_the_papers_that_are_its_own_to_write(people: People) -> None:
    case = people.complaint()
    assert kinds(people.lower, case) == ["submits", "verifies_jointly"]
    assert kinds(people.upper, case) == ["replies", "submits", "verifies_jointly"]
    body = ["registers", "notifies", "verifies_jointly", "establishes_facts", "finding", "refers"]
    assert kinds(people.chair, case) == [*body, "minutes", "action_point"]
    assert kinds(people.secretariat, case) == kinds(people.chair, case)
    for who in (people.arbiter, people.monitor, people.member("Lower")):
        assert kinds(who, case) == []
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.DRAFTER):
        assert kinds(people.house.as_role(role), case) == []
    other_day = people.chair.get(f"{AT}/cases/{case}?as_of=2026-09-22")
    assert 'name="kind"' not in other_day.text  # of another time nothing is written


@pytest.mark.parametrize(
    ("role", "whom", "kind"),
    [
        (Role.PARTY, "Upper", "registers"),
        (Role.PARTY, "Lower", "replies"),
        (Role.PARTY, "League", "submits"),
        (Role.PARTY, "Upper", "finding"),
        (Role.CHAIR, "Arbiter", "registers"),
        (Role.CHAIR, "Commission", "replies"),
        (Role.SECRETARIAT, None, "casts_vote"),
        (Role.MEMBER, "Commission", "casts_vote"),
        (Role.CHAIR, "Commission", "nonsense"),
    ],
)
def test_a_paper_of_somebody_else_is_not_taken(
    people: People, role: Role, whom: str | None, kind: str
) -> None:
    case = people.complaint()
    who = people.house.as_role(role, whom)
    before = ids(people.house)
    told = write(who, case, kind, about=case, author="Commission", **{"args.result": "breach"})
    assert told.status_code == 400
    assert "cannot be written now" in alert(told)
    assert ids(people.house) == before


@pytest.mark.parametrize("role", [Role.MONITOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.EDITOR])
def test_roles_without_papers_are_refused_at_the_door(people: People, role: Role) -> None:
    case = people.complaint()
    assert write(people.house.as_role(role), case, "registers").status_code == 403
    assert people.house.as_role(role).get(f"{AT}/complaint").status_code == 403


def test_the_same_form_sent_twice_is_one_paper(people: People) -> None:
    case = people.complaint()
    page = people.chair.get(f"{AT}/cases/{case}").text
    sent = {
        "kind": "registers", "about": case, "author": "Commission", "body": "Commission",
        "once": once(page), "handling": "parties", "args.number": "1 of 2026",
    }  # fmt: skip
    for _ in range(3):
        people.house.clock.now += 60
        done = people.chair.send(f"{AT}/cases/{case}", None, **sent)
        assert done.status_code == 303
    assert len(ids(people.house)) == 3  # the attack, the complaint, and one registration
    other = people.chair.send(f"{AT}/cases/{case}", None, **{**sent, "args.number": "2 of 2026"})
    assert other.status_code == 400
    assert "has gone on" in alert(other)


def test_a_complaint_sent_twice_opens_one_case(people: People) -> None:
    assert file_one(people.lower, id="a1").status_code == 303
    sent = {
        "once": once(people.lower.get(f"{AT}/complaint?about=a1").text), "handling": "parties",
        "args.body": "Commission", "args.norm": "p1.peace", "args.against": "Upper",
        "args.about": "a1",
    }  # fmt: skip
    places = set()
    for _ in range(2):
        people.house.clock.now += 5
        places.add(people.lower.send(f"{AT}/complaint", None, **sent).headers["location"])
    assert len(places) == 1
    assert len(people.chair.get(f"{AT}/cases.json").json()["cases"]) == 1


def test_what_a_form_lacks_is_told_at_its_field_and_nothing_is_lost(people: People) -> None:
    case = people.complaint()
    told = write(people.chair, case, "establishes_facts", **{"args.attributed_to": "Upper"})
    assert told.status_code == 400
    assert "“Occurrence” must be filled in" in alert(told)
    assert f'id="f-establishes_facts-{case}-args-occurrence-wrong"' in told.text
    assert 'value="Upper"' in told.text
    bad = write(people.chair, case, "registers", at="yesterday")
    assert bad.status_code == 400 and "“at”" in alert(bad)
    lodged = people.lower.send(f"{AT}/complaint", None, **{"args.body": "Commission"})
    assert lodged.status_code == 400 and "must be filled in" in alert(lodged)
    named = write(people.chair, case, "registers", note="Ivan Petrenko", handling="public")
    assert named.status_code == 400 and "seems to name a person" in alert(named)


def test_the_complaint_knows_what_the_record_is_taken_to_breach(people: People) -> None:
    assert (
        file_one(people.house.as_role(Role.MONITOR), id="m1", source="Observers").status_code == 303
    )
    page = people.lower.get(f"{AT}/complaint?about=m1&").text
    assert re.search(r'<option value="p1.peace"[^>]*>', page)
    assert file_one(people.lower, id="a1").status_code == 303
    page = people.lower.get(f"{AT}/complaint?about=a1").text
    assert '<option value="p1.peace" selected>' in page
    assert 'name="args.against" value="Upper"' in page
    assert 'name="args.about" value="a1"' in page


def test_evidence_that_somebody_may_not_see_is_withheld_from_that_one_alone(people: People) -> None:
    case = people.complaint()
    assert (
        file_one(people.lower, id="secret1", handling="body", note="site of a witness").status_code
        == 303
    )
    people.do(people.lower, case, "submits", **{"args.evidence": "secret1"})
    for who, seen in ((people.lower, True), (people.chair, True), (people.upper, False)):
        text = plain(who.get(f"{AT}/cases/{case}").text)
        assert ("withheld" in text) != seen
        assert ("secret1 Attack" in text.replace("\n", " ") or "secret1" in text) == seen
    public = people.house.as_role(Role.EDITOR)
    assert public.get(f"{AT}/cases/{case}").status_code == 404
    assert public.get(f"{AT}/cases.json").json()["cases"] == []


def test_a_time_that_has_passed_meanwhile_is_said(people: People) -> None:
    case = people.complaint()
    people.do(people.chair, case, "registers")
    people.do(people.chair, case, "notifies")
    assert "has passed meanwhile" not in people.upper.get(f"{AT}/cases/{case}").text
    people.house.clock.now += 20 * DAY
    signed_in = people.house.as_role(Role.PARTY, "Upper")
    page = signed_in.get(f"{AT}/cases/{case}").text
    assert "has passed meanwhile" in page
    link = re.search(r'href="([^"]*as_of=[^"]*)">See the case as of now', page)
    assert link is not None
    later = plain(signed_in.get(html.unescape(link[1])).text)
    assert "which has passed" in later


def test_a_case_that_is_referred_goes_on_before_the_other_body(people: People) -> None:
    case = people.complaint()
    people.do(people.chair, case, "refers", **{"args.to": "Local"})
    assert "Local" in headline(people.lower, case)
    before = people.lower.get(f"{AT}/cases/{case}?body=Commission")
    assert "Referred to Local" in plain(before.text)
    assert people.lower.get(f"{AT}/cases/{case}?body=Arbiter").status_code == 404
    local = people.house.as_role(Role.CHAIR, "Local")
    assert "registers" in kinds(local, case)


def test_minutes_and_action_points_are_shown(people: People) -> None:
    case = people.complaint()
    task = {
        "args.holder": "Upper",
        "args.task": "give access to the mill",
        "args.due": "2026-10-01",
    }
    people.do(people.chair, case, "action_point", **task)
    people.do(people.secretariat, case, "minutes", note="the commission met")
    text = plain(people.upper.get(f"{AT}/cases/{case}").text)
    assert "give access to the mill" in text and "1 October 2026" in text
    assert "the commission met" in text


def test_the_list_says_where_each_case_stands(people: People) -> None:
    case = people.complaint()
    text = people.chair.get(f"{AT}/cases").text
    assert f"/cases/{case}?body=Commission" in text
    told = plain(text)
    assert "Lower about Upper" in told and "Commission: acknowledge the complaint" in told
    at = people.house.clock.now
    data = people.chair.get(f"{AT}/cases.json").json()
    assert data["audience"] == "body"
    assert data["cases"][0]["opened"] == iso(int(at) * 1_000_000)
    assert "Lodge a complaint" in people.lower.get(f"{AT}/cases").text
    assert "Lodge a complaint" not in people.monitor.get(f"{AT}/cases").text
    assert status(people.chair.get(f"{AT}/cases")) == ""


def test_the_server_dates_what_a_party_writes(people: People) -> None:
    case = people.complaint()
    people.do(people.upper, case, "replies", at="2026-01-01", reported="2026-01-01")
    people.do(people.chair, case, "registers", at="2026-09-21")
    told = people.secretariat.get(f"{AT}/records.json").json()["records"]
    dated = {one["type"]: one["at"] for one in told}
    assert dated["replies"].startswith("2026-09-21T")
    assert "/" in dated["registers"]  # the body said a day
    page = people.lower.get(f"{AT}/complaint").text
    sent = {
        "once": once(page), "handling": "parties", "at": "2026-01-01", "claimed_by": "Upper",
        "source": "Upper", "replaces": case, "args.body": "Commission", "args.norm": "p1.peace",
        "args.against": "Upper",
    }  # fmt: skip
    done = people.lower.send(f"{AT}/complaint", None, **sent)
    found = CASE.match(done.headers["location"])
    assert found is not None
    record = people.lower.get(f"{AT}/records/{found[1]}.json").json()["record"]
    assert record["source"] == "Lower" and "claimed_by" not in record and "replaces" not in record
    assert record["at"].startswith("2026-09-21T")


def test_only_what_somebody_could_have_filed_is_offered_to_be_corrected(people: People) -> None:
    assert file_one(people.lower, id="a1").status_code == 303
    assert file_one(people.monitor, id="m1", source="Observers").status_code == 303

    def offered(who: Browser, record: str) -> bool:
        return f"corrects={record}" in who.get(f"{AT}/records/{record}").text

    assert offered(people.lower, "a1") and not offered(people.upper, "a1")
    assert not offered(people.monitor, "a1") and not offered(people.chair, "a1")
    assert offered(people.secretariat, "a1") and offered(people.secretariat, "m1")
    assert not offered(people.lower, "m1")
    shown = people.monitor.get(f"{AT}/records.json").json()["records"]
    assert offered(people.monitor, "m1") == ("m1" in {one["id"] for one in shown})
