"""The steps of docs/manual that no other test goes: as they are written there."""

from servanda.web.people.roles import Role
from tests.web.filing.conftest import AT
from tests.web.filing.test_file import ATTACK, FILE, alert, file_one, mark, status
from tests.web.people.house import House


def test_a_complaint_that_came_on_paper(house: House) -> None:
    secretariat = house.as_role(Role.SECRETARIAT)
    assert file_one(house.as_role(Role.PARTY, "Lower"), id="a1").status_code == 303
    page = secretariat.get(f"{FILE}?type=complaint").text
    for label in ("Body", "By", "Norm", "Against", "About", "Source"):
        assert f">{label}" in page
    fields = {
        "type": "complaint", "at": "2026-09-02", "handling": "parties", "use": "assessment",
        "consent": "not_recorded", "source": "Lower", "args.body": "Commission",
        "args.by": "Lower", "args.norm": "p1.peace", "args.against": "Upper", "args.about": "a1",
    }  # fmt: skip
    tried = secretariat.send(FILE, FILE, **fields, do="try")
    done = secretariat.send(FILE, None, **fields, do="enter", tried=mark(tried))
    assert done.status_code == 303, alert(done)
    assert "Lower about Upper" in house.as_role(Role.PARTY, "Upper").get(f"{AT}/cases").text


def test_where_a_monitor_watched(house: House) -> None:
    monitor = house.as_role(Role.MONITOR)
    fields = {
        "type": "coverage", "at": "2026-09-01", "handling": "body", "use": "assessment",
        "consent": "not_recorded", "source": "Observers", "args.source": "Observers",
        "args.types": "attack, enters", "args.area": "all", "args.until": "2026-09-30",
    }  # fmt: skip
    tried = monitor.send(FILE, FILE, **fields, do="try")
    assert "not entered yet" in status(tried), alert(tried)
    done = monitor.send(FILE, None, **fields, do="enter", tried=mark(tried))
    assert done.status_code == 303
    bad = monitor.send(FILE, None, **{**fields, "args.until": "never"}, do="try")
    assert 'id="f-args-until-wrong"' in bad.text


def test_nobody_knows_who_it_was(house: House) -> None:
    monitor = house.as_role(Role.MONITOR)
    sent = {**ATTACK, "args.by": "unattributed", "source": "Observers", "precision": "hour"}
    tried = monitor.send(FILE, FILE, **sent, do="try")
    done = monitor.send(FILE, None, **sent, do="enter", tried=mark(tried))
    assert done.status_code == 303, alert(done)


def test_a_paper_that_was_wrong_is_corrected_from_its_page(house: House) -> None:
    chair = house.as_role(Role.CHAIR, "Commission")
    fields = {
        "type": "minutes", "at": "2026-09-01", "handling": "parties", "use": "assessment",
        "consent": "not_recorded", "args.body": "Commission", "id": "m1",
    }  # fmt: skip
    tried = chair.send(FILE, FILE, **fields, do="try")
    assert chair.send(FILE, None, **fields, do="enter", tried=mark(tried)).status_code == 303
    assert f"{FILE}?corrects=m1" in chair.get(f"{AT}/records/m1").text
    assert 'name="replaces" value="m1"' in chair.get(f"{FILE}?corrects=m1").text
