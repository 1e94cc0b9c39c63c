"""What an administrator does with accounts, and what everybody does with the own one."""

import re

import pytest

from servanda.web.people import accounts, links, sessions, totp, trail
from servanda.web.people.person import Person
from servanda.web.people.roles import Role
from tests.web.people.house import PASSWORD, Browser, House


@pytest.fixture
def ada(house: House) -> Browser:
    return house.as_role(Role.ADMINISTRATOR)


def _row(house: House, name: str) -> Person:
    with house.office.store.reading() as connection:
        (found,) = [p for p in accounts.everybody(connection) if p.name == name]
    return found


def _invited(ada: Browser, **fields: str) -> str:
    """The address of the link that is shown."""
    answer = ada.send("/people", "/people", **{"name": "Zoë", "role": "monitor", **fields})
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="(http[^"]*/enter\?token=[^"]*)"', answer.text)
    assert found is not None
    return found[1].partition("testserver")[2]


def test_an_invitation_is_shown_once_and_opens_one_account(house: House, ada: Browser) -> None:
    page = _invited(ada, role="party", acts_for="Upper")
    secret = page.partition("token=")[2]
    person = _row(house, "Zoë")
    assert (person.role, person.acts_for, person.has_password) == (Role.PARTY, "Upper", False)
    for address in ("/people", f"/people/{person.account}", "/trail", "/trail.json"):
        assert secret not in ada.get(address).text
    one = house.browser()
    assert "party representative" in one.get(page).text
    fields = {"token": secret, "password": PASSWORD, "again": PASSWORD}
    assert one.send("/enter", page, **fields).status_code == 303
    assert one.get("/account").status_code == 200
    assert house.browser().get(page).status_code == 403
    assert house.browser().sign_in("Zoë").status_code == 303


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "administrator X"}, "already"),
        ({"name": "Z"}, "2 to 60"),
        ({"name": "Z" * 61}, "2 to 60"),
        ({"name": "--"}, "letters"),
        ({"name": "The  Terminal"}, "choose another"),
        ({"name": "Zo\u202eë"}, "cannot be seen"),
        ({"role": ""}, "one of the roles"),
        ({"role": "visitor"}, "one of the roles"),
        ({"role": "public"}, "one of the roles"),
        ({"role": "root"}, "one of the roles"),
        ({"role": "party"}, "For whom"),
        ({"role": "chair", "acts_for": ""}, "For whom"),
        ({"role": "party", "acts_for": "Commission"}, "Nobody by this name"),
        ({"role": "member", "acts_for": "Upper"}, "Nobody by this name"),
    ],
)
def test_what_cannot_be_is_told(ada: Browser, fields: dict[str, str], told: str) -> None:
    answer = ada.send("/people", "/people", **{"name": "Zoë", "role": "monitor", **fields})
    assert answer.status_code == 400
    assert told in answer.text
    assert 'role="alert"' in answer.text


def test_somebody_who_acts_for_nobody_has_no_party(house: House, ada: Browser) -> None:
    _invited(ada, role="auditor", acts_for="Upper")
    assert _row(house, "Zoë").acts_for is None


def test_changing_the_role_ends_all_sessions(house: House, ada: Browser) -> None:
    person = house.of(Role.MONITOR)
    one = house.begin(person)
    assert one.get("/").status_code == 200
    address = f"/people/{person.account}"
    done = ada.send(f"{address}/role", address, role="party", acts_for="Lower")
    assert done.status_code == 303
    assert one.get("/").status_code == 401
    assert "party representative" in ada.get(address).text
    with house.office.store.reading() as connection:
        detail = trail.lines(connection)[0].detail
    assert detail == {"role": "party", "acts_for": "Lower", "seat": None, "before": "monitor"}


def test_a_locked_account_is_out_at_once_and_can_come_back(house: House, ada: Browser) -> None:
    person = house.account("Zoë", Role.MONITOR)
    one = house.begin(person)
    address = f"/people/{person.account}"
    assert ada.send(f"{address}/lock", address, locked="yes").status_code == 303
    assert one.get("/").status_code == 401
    assert house.browser().sign_in("Zoë").status_code == 400
    ada.send(f"{address}/lock", address, locked="no")
    assert house.browser().sign_in("Zoë").status_code == 303


def test_ending_the_sessions_of_somebody(house: House, ada: Browser) -> None:
    person = house.of(Role.MONITOR)
    several = [house.begin(person) for _ in range(3)]
    address = f"/people/{person.account}"
    ada.send(f"{address}/sessions", address)
    assert [one.get("/").status_code for one in several] == [401] * 3
    assert ada.get("/").status_code == 200


def test_nobody_locks_or_lowers_the_own_account(house: House, ada: Browser) -> None:
    address = f"/people/{house.of(Role.ADMINISTRATOR).account}"
    assert "your own account" in ada.get(address).text
    assert ada.send(f"{address}/lock", locked="yes").status_code == 400
    assert ada.send(f"{address}/role", role="monitor").status_code == 400
    assert ada.get("/people").status_code == 200


def test_an_administrator_remains(house: House) -> None:
    """Two who lower each other at once: the second finds that nobody would remain."""
    one, two = house.account("One", Role.ADMINISTRATOR), house.account("Two", Role.ADMINISTRATOR)
    first, second = house.begin(one), house.begin(two)
    assert first.send(f"/people/{two.account}/role", role="monitor").status_code == 303
    assert second.send(f"/people/{one.account}/role", role="monitor").status_code == 401
    assert _row(house, "One").role is Role.ADMINISTRATOR
    from servanda.web.people import administration
    from servanda.web.people.errors import Refusal

    with pytest.raises(Refusal, match="No administrator"):
        administration.change_role(house.office, two, one, "monitor", "")
    with pytest.raises(Refusal, match="No administrator"):
        administration.lock(house.office, two, one, True)
    assert _row(house, "One").role is Role.ADMINISTRATOR


def test_a_lost_password_and_a_lost_second_factor(house: House, ada: Browser) -> None:
    person = house.account("Zoë", Role.MONITOR)
    with house.office.store.writing() as connection:
        sealed = house.office.keys.seal(totp.new_secret(), person.account)
        accounts.change(connection, person.account, factor=sealed)
    old = house.begin(person)
    address = f"/people/{person.account}"
    shown = ada.send(f"{address}/link", address).text
    found = re.search(r"/enter\?token=([^\"]*)", shown)
    assert found is not None
    one = house.browser()
    again = {"password": "quite other words now", "again": "quite other words now"}
    done = one.send("/enter", f"/enter?token={found[1]}", token=found[1], **again)
    assert done.headers["location"].startswith("/sign-in/code")  # the link is not both factors
    assert one.get("/").status_code == 401
    assert old.get("/").status_code == 401
    ada.send(f"{address}/second-factor", address)
    new = house.browser()
    assert new.sign_in("Zoë").status_code == 400
    assert new.sign_in("Zoë", "quite other words now").headers["location"] == "/"


def test_a_link_of_a_locked_account_opens_nothing(house: House, ada: Browser) -> None:
    page = _invited(ada)
    person = _row(house, "Zoë")
    ada.send(f"/people/{person.account}/lock", locked="yes")
    assert house.browser().get(page).status_code == 403


def test_a_second_link_makes_the_first_useless(house: House, ada: Browser) -> None:
    page = _invited(ada)
    ada.send(f"/people/{_row(house, 'Zoë').account}/link")
    assert links.look(house.office, page.partition("token=")[2]) is None


def test_changing_the_own_password(house: House) -> None:
    person = house.account("Zoë", Role.CHAIR)
    one, other = house.begin(person), house.begin(person)
    before = one.session
    new = {"password": "quite other words now", "again": "quite other words now"}
    refused = one.send("/account/password", "/account", old="not the old one", **new)
    assert refused.status_code == 400
    assert one.send("/account/password", "/account", old=PASSWORD, **new).status_code == 303
    assert one.session != before
    assert one.get("/account").status_code == 200
    assert other.get("/account").status_code == 401
    assert house.browser().sign_in("Zoë").status_code == 400
    assert house.browser().sign_in("Zoë", "quite other words now").status_code == 303


def test_a_stolen_session_cannot_guess_the_password(house: House) -> None:
    one = house.begin(house.account("Zoë", Role.CHAIR))
    codes = [
        one.send("/account/second-factor/begin", proof=f"guess number {n}").status_code
        for n in range(6)
    ]
    assert codes == [400] * 5 + [429]


def test_turning_the_second_factor_on_and_off(house: House) -> None:
    person = house.account("Zoë", Role.CHAIR)
    one, other = house.begin(person), house.begin(person)
    assert one.send("/account/second-factor/begin", proof=PASSWORD).status_code == 303
    page = one.get("/account/second-factor").text
    assert "<svg" in page
    spelled = re.search(r'spelled">([A-Z2-7 ]+)<', page)
    assert spelled is not None
    import base64

    secret = base64.b32decode(spelled[1].replace(" ", ""))
    assert len(secret) == totp.SECRET
    assert one.send("/account/second-factor", code="000000").status_code == 400
    assert not _row(house, "Zoë").has_factor
    code = totp.code(secret, house.office.now // totp.STEP)
    before = one.session
    assert one.send("/account/second-factor", code=code).status_code == 303
    assert one.session != before
    assert other.get("/account").status_code == 401
    assert _row(house, "Zoë").has_factor
    assert one.send("/account/second-factor/begin", proof=PASSWORD).status_code == 400
    # It is not shown again, and off by password and a fresh code only.
    assert one.get("/account/second-factor").url.path == "/account"
    off = "/account/second-factor/off"
    assert one.send(off, proof=PASSWORD, code=code).status_code == 400
    house.clock.now += totp.STEP
    code = totp.code(secret, house.office.now // totp.STEP)
    assert one.send(off, proof="not the password", code=code).status_code == 400
    assert one.send(off, proof=PASSWORD, code=code).status_code == 303
    assert not _row(house, "Zoë").has_factor


def test_the_own_sessions_and_nobody_elses(house: House) -> None:
    person, another = house.account("Zoë", Role.CHAIR), house.account("Bo", Role.CHAIR)
    one, two, three, strange = (house.begin(p) for p in (person, person, person, another))
    with house.office.store.reading() as connection:
        theirs = sessions.of_account(house.office, connection, another.account)[0].handle
    handles = re.findall(r'name="handle" value="([0-9a-f]+)"', one.get("/account").text)
    assert len(handles) == 2
    one.send("/account/sessions/end", handle=theirs)
    assert strange.get("/").status_code == 200
    one.send("/account/sessions/end", handle=handles[0])
    assert sorted(b.get("/").status_code for b in (two, three)) == [200, 401]
    one.send("/account/sessions/end", handle="")
    assert [b.get("/").status_code for b in (one, two, three)] == [200, 401, 401]


def test_the_oldest_session_makes_room(house: House) -> None:
    person = house.account("Zoë", Role.CHAIR)
    first = house.begin(person)
    for _ in range(sessions.MAX_SESSIONS):
        house.clock.now += 1
        house.begin(person)
    assert first.get("/").status_code == 401
    with house.office.store.reading() as connection:
        opened = sessions.of_account(house.office, connection, person.account)
    assert len(opened) == sessions.MAX_SESSIONS
