"""Nothing publishes itself: every step that leads to a release, and everything that stops one."""

from pathlib import Path

import pytest

from servanda.library import InputError
from servanda.web.app import create_app
from servanda.web.editions import rules
from servanda.web.people import trail
from servanda.web.people.roles import Role
from servanda.web.settings import Settings
from tests.web.conftest import PAUSE
from tests.web.editions.bureau import (
    HOURS,
    SIDES,
    bureau,
    minute,
    officer,
    prepared,
    released,
    tell,
)
from tests.web.people.house import House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    return bureau(tmp_path)


def _lines(house: House) -> list[trail.Line]:
    with house.office.store.reading() as connection:
        assert trail.broken(connection, house.office.keys) is None
        return trail.lines(connection)


def test_what_is_prepared_is_not_public(house: House) -> None:
    address = prepared(officer(house))
    assert house.browser().get("/public.json").json()["editions"] == []
    assert house.browser().get("/public/editions/1").status_code == 404
    assert house.browser().get(address).status_code == 401


def test_it_is_released_when_all_were_told_and_time_has_passed(house: House) -> None:
    one = officer(house)
    address = prepared(one)
    for missing in SIDES:
        assert one.send(f"{address}/release", address, sure="yes").status_code == 400
        assert "not yet" in one.get(address).text
        tell(one, address, (missing,))
    house.clock.now += HOURS * 3600 - 3600
    one = officer(house)
    refused = one.send(f"{address}/release", address, sure="yes")
    assert refused.status_code == 400 and "Not everything" in refused.text
    house.clock.now += 3700
    one = officer(house)
    assert one.send(f"{address}/release", address).status_code == 400  # not said to be sure
    assert one.send(f"{address}/release", address, sure="yes").status_code == 303
    assert one.send(f"{address}/release", address, sure="yes").status_code == 400  # once
    (told,) = house.browser().get("/public.json").json()["editions"]
    assert (told["number"], told["agreement"]) == (1, PAUSE)
    assert told["released_by"] == {"name": "secretariat x", "office": "secretariat"}


def test_when_a_party_was_told_is_a_time_that_can_be(house: House) -> None:
    one = officer(house)
    address = prepared(one)
    for at, said in (
        (minute(house, 3600), "still to come"),
        (minute(house, -3600), "did not exist yet"),
        ("yesterday", "day and time"),
        ("", "day and time"),
        ("9999-99-99T99:99", "day and time"),
    ):
        answer = one.send(f"{address}/notices", address, party="Russia", at=at)
        assert answer.status_code == 400 and said in answer.text
    nobody = one.send(f"{address}/notices", address, party="Atlantis", at=minute(house))
    assert nobody.status_code == 400 and "no party" in nobody.text
    tell(one, address, ("Russia",))
    twice = one.send(f"{address}/notices", address, party="Russia", at=minute(house))
    assert twice.status_code == 400 and "already" in twice.text


def test_every_step_is_a_line_of_the_trail(house: House) -> None:
    released(house)
    address = prepared(officer(house), corrects="1")
    officer(house).send(f"{address}/drop", address)
    officer(house).send("/editions/1/withdraw", "/editions/1", reason="A mistake.")
    told = [(one.what, one.on) for one in reversed(_lines(house))]
    assert told == [
        ("prepared an edition", "edition:1"),
        *[("recorded that a party was told", "edition:1")] * 3,
        ("released an edition", "edition:1"),
        ("prepared an edition", "edition:2"),
        ("gave an edition up", "edition:2"),
        ("withdrew an edition", "edition:1"),
    ]
    assert {one.who for one in _lines(house)} == {"secretariat x"}


def test_a_correction_is_linked_from_and_to(house: House) -> None:
    released(house, as_of="2025-04-10")
    assert released(house, corrects="1") == 2
    both = {one["number"]: one for one in house.browser().get("/public.json").json()["editions"]}
    assert (both[1]["corrected_by"], both[2]["corrects"]) == (2, 1)
    assert 'href="/public/editions/2?lang=en"' in house.browser().get("/public/editions/1").text
    assert 'href="/public/editions/1?lang=en"' in house.browser().get("/public/editions/2").text
    for wrong, said in (("1", "correct that one"), ("7", "released edition of the same")):
        answer = officer(house).send(
            "/editions", "/editions", agreement=PAUSE, standard="any_claim", corrects=wrong
        )
        assert answer.status_code == 400 and said in answer.text
    other = officer(house).send("/editions", "/editions", agreement="valleys", corrects="2")
    assert other.status_code == 400 and "same agreement" in other.text


def test_two_corrections_of_one_edition_are_not_both_released(house: House) -> None:
    released(house, as_of="2025-04-10")
    first, second = (prepared(officer(house), corrects="1") for _ in range(2))
    for address in (first, second):
        tell(officer(house), address)
    house.clock.now += HOURS * 3600 + 60
    one = officer(house)
    assert one.send(f"{first}/release", first, sure="yes").status_code == 303
    late = one.send(f"{second}/release", second, sure="yes")
    assert late.status_code == 400 and "correct that one" in late.text


def test_what_is_withdrawn_stays_listed_without_its_content(house: House) -> None:
    number = released(house)
    one = officer(house)
    page = f"/editions/{number}"
    for reason, said in ((" ", "Say why"), ("Told by Ivan Petrenko.", "person")):
        answer = one.send(f"{page}/withdraw", page, reason=reason)
        assert answer.status_code == 400 and said in answer.text
    assert one.send(f"{page}/withdraw", page, reason="A  mistake <b>in</b> it.").status_code == 303
    assert one.send(f"{page}/withdraw", page, reason="Again.").status_code == 400
    public = house.browser()
    (told,) = public.get("/public.json").json()["editions"]
    assert told["withdrawn"]["reason"] == "A mistake <b>in</b> it."
    data = public.get(f"/public/editions/{number}.json").json()
    assert data["edition"] is None and data["digest"] == told["digest"]
    for address in (f"/public/editions/{number}", f"/public/editions/{number}/embed"):
        text = public.get(address).text
        assert "withdrawn" in text and "A mistake &lt;b&gt;in&lt;/b&gt; it." in text
        assert "Kherson" not in text and "How the commitments stand" not in text
    for ending in (".csv", ".geojson", ".ics"):
        assert public.get(f"/public/editions/{number}{ending}").status_code == 410
    assert public.get(f"/public/{PAUSE}").status_code == 404
    assert "A mistake" in public.get("/public").text


def test_a_chair_acts_only_where_its_body_is_named(house: House) -> None:
    own = officer(house, Role.CHAIR)
    address = prepared(own, "valleys")
    tell(own, address, ("Upper", "Lower"))
    assert PAUSE not in own.get("/editions").text
    assert own.send("/editions", "/editions", agreement=PAUSE).status_code == 403
    other = house.as_role(Role.CHAIR, "Arbiter")
    assert "No agreement that is served here names" in other.get("/editions").text
    assert other.get(address).status_code == 200
    for step in ("notices", "release", "withdraw", "drop"):
        assert other.send(f"{address}/{step}", "/account").status_code == 403
    house.clock.now += HOURS * 3600 + 60
    assert (
        officer(house, Role.CHAIR).send(f"{address}/release", address, sure="yes").status_code
        == 303
    )
    (told,) = house.browser().get("/public.json").json()["editions"]
    assert told["released_by"]["office"] == "chair, Commission"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARIAT, Role.CHAIR}))
def test_nobody_else_takes_any_step(house: House, role: Role) -> None:
    address = prepared(officer(house))
    before = len(_lines(house))
    one = house.as_role(role)
    one.get("/sign-in")
    for step in ("", "/notices", "/release", "/withdraw", "/drop"):
        target = "/editions" if not step else address + step
        assert one.send(target, sure="yes").status_code in (401, 403)
    assert len(_lines(house)) == before


def test_what_cannot_be_an_edition_is_refused_with_its_reason(house: House) -> None:
    one = officer(house)
    for fields, said in (
        ({"agreement": "none"}, "Choose an agreement"),
        ({"agreement": PAUSE, "as_of": "soon"}, "as_of"),
        ({"agreement": PAUSE, "standard": "party:Russia"}, "no side’s own account"),
        ({"agreement": PAUSE, "standard": "2 sources"}, "standard"),
    ):
        answer = one.send("/editions", "/editions", **fields)
        assert answer.status_code == 400 and said in answer.text
    for address in ("/editions/99", "/editions/x", "/editions/²"):
        assert one.get(address).status_code == 404
        assert one.send(f"{address}/drop", "/editions").status_code == 404


def test_what_is_given_up_stays_that_way(house: House) -> None:
    one = officer(house)
    address = prepared(one)
    assert one.send(f"{address}/drop", address).status_code == 303
    assert one.send(f"{address}/drop", "/editions").status_code == 400
    assert (
        one.send(f"{address}/notices", "/editions", party="Russia", at=minute(house)).status_code
        == 400
    )
    assert "given up" in one.get("/editions").text


def test_what_is_served_no_more_can_still_be_withdrawn(house: House, tmp_path: Path) -> None:
    released(house, "valleys")
    later = build(tmp_path, public=True, agreements=(PAUSE,))
    later.clock.now = house.clock.now
    assert later.browser().get("/public/editions/1").status_code == 200
    chair = later.begin(later.account("Chair", Role.CHAIR))
    assert chair.send("/editions/1/withdraw", "/editions", reason="Wrong.").status_code == 403
    one = later.begin(later.account("Office", Role.SECRETARIAT))
    assert one.send("/editions/1/withdraw", "/editions/1", reason="Wrong.").status_code == 303
    assert one.send("/editions/1/release", "/editions/1", sure="yes").status_code == 404
    assert "Wrong." in later.browser().get("/public/editions/1").text


def test_an_agreement_without_sides_has_nobody_to_tell() -> None:
    from servanda.web.editions.store import Edition

    one = Edition(1, "x", "{}", "", None, "Ada", 100, ())
    assert rules.released_at(one, (), 3600) == 3600
    assert rules.released_at(one, ("A",), 3600) is None


@pytest.mark.parametrize("hours", [-1, 24 * 60 + 1])
def test_a_time_to_wait_that_cannot_be_meant(hours: int) -> None:
    with pytest.raises(InputError, match="notice-hours"):
        create_app(Settings(notice_hours=hours))
