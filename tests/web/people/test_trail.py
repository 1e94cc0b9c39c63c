"""The trail: every change is a line, no line can be altered unseen, and signing in is not there."""

import json

import pytest
from sqlalchemy.exc import DBAPIError

from servanda.web.people import administration, keyfile, trail
from servanda.web.people.roles import Role
from tests.web.people.house import PASSWORD, House


def _lines(house: House) -> list[trail.Line]:
    with house.office.store.reading() as connection:
        return trail.lines(connection)


def _some(house: House) -> None:
    ada = house.of(Role.ADMINISTRATOR)
    for name in ("Zoë", "Bo", "Cy"):
        administration.invite(house.office, ada, name, "monitor", "")


def _broken(house: House) -> int | None:
    with house.office.store.reading() as connection:
        return trail.broken(connection, house.office.keys)


def test_every_change_is_told_with_who_when_and_on_what(house: House) -> None:
    ada = house.as_role(Role.ADMINISTRATOR)
    ada.send("/people", name="Zoë", role="party", acts_for="Upper")
    (line,) = _lines(house)
    assert (line.seq, line.who, line.what, line.on) == (
        1, "administrator x", "invited", "account:Zoë"
    )  # fmt: skip
    assert line.at == house.office.now
    assert line.detail == {"role": "party", "acts_for": "Upper", "seat": None}
    text = ada.get("/trail").text
    assert "invited" in text and "acts for: Upper" in text and "Every line holds" in text


def test_signing_in_is_no_change_and_in_no_export(house: House) -> None:
    house.account("Zoë", Role.AUDITOR)
    one = house.browser()
    one.sign_in("Zoë", "a wrong one")
    one.sign_in("Zoë")
    assert _lines(house) == []
    assert "signed in" in one.get("/sign-ins").text
    assert one.get("/sign-ins.json").status_code == 404
    assert one.get("/trail.json").json() == {
        "schema": "servanda.trail/1", "broken": None, "lines": []
    }  # fmt: skip


def test_the_database_refuses_to_alter_a_line(house: House) -> None:
    _some(house)
    for statement in (
        "UPDATE people_trail SET line = '{}' WHERE seq = 2",
        "DELETE FROM people_trail WHERE seq = 2",
        "INSERT OR REPLACE INTO people_trail VALUES (2, '{}', x'00')",
    ):
        with pytest.raises(DBAPIError, match="append-only"), house.office.store.writing() as c:
            c.exec_driver_sql(statement)
    assert _broken(house) is None


@pytest.mark.parametrize(
    ("harm", "first"),
    [
        ("UPDATE people_trail SET line = replace(line, 'Bo', 'Bob') WHERE seq = 2", 2),
        ("UPDATE people_trail SET hash = x'00' WHERE seq = 3", 3),
        ("DELETE FROM people_trail WHERE seq = 1", 1),
        ("DELETE FROM people_trail WHERE seq = 2", 2),
        ("INSERT INTO people_trail SELECT 4, line, hash FROM people_trail WHERE seq = 3", 4),
    ],
)
def test_who_gets_around_the_database_breaks_the_chain(house: House, harm: str, first: int) -> None:
    _some(house)
    with house.office.store.writing() as connection:
        for name in ("keeps", "stays"):
            connection.exec_driver_sql(f"DROP TRIGGER people_trail_{name}")
        connection.exec_driver_sql(harm)
    assert _broken(house) == first
    text = house.as_role(Role.AUDITOR).get("/trail").text
    assert f"does not hold from line {first}" in text


def test_a_chain_made_anew_without_the_key_does_not_hold(house: House) -> None:
    _some(house)
    strange = keyfile.fresh()
    with house.office.store.writing() as connection:
        for name in ("keeps", "stays"):
            connection.exec_driver_sql(f"DROP TRIGGER people_trail_{name}")
        connection.exec_driver_sql("DELETE FROM people_trail")
        trail.note(connection, strange, 1, "Ada", "invited", "account:Mallory")
    assert _broken(house) == 1


def test_a_change_that_fails_leaves_no_line(house: House) -> None:
    ada = house.as_role(Role.ADMINISTRATOR)
    answer = ada.send(f"/people/{house.of(Role.ADMINISTRATOR).account}/lock", locked="yes")
    assert answer.status_code == 400
    assert _lines(house) == []


def test_it_is_read_page_by_page(house: House) -> None:
    with house.office.store.writing() as connection:
        for n in range(trail.PAGE + 5):
            house.office.note(connection, "Ada", "changed", f"thing:{n}")
    one = house.as_role(Role.AUDITOR)
    first = one.get("/trail.json").json()["lines"]
    assert [line["seq"] for line in first] == list(range(trail.PAGE + 5, 5, -1))
    assert f"/trail?before={first[-1]['seq']}" in one.get("/trail").text
    rest = one.get("/trail.json?before=6").json()["lines"]
    assert [line["seq"] for line in rest] == [5, 4, 3, 2, 1]


def test_no_secret_stands_in_a_line(house: House) -> None:
    ada = house.as_role(Role.ADMINISTRATOR)
    page = ada.send("/people", name="Zoë", role="monitor").text
    secret = page.partition("/enter?token=")[2].partition('"')[0]
    assert len(secret) >= 40
    one = house.browser()
    fields = {"password": PASSWORD, "again": PASSWORD, "token": secret}
    assert one.send("/enter", f"/enter?token={secret}", **fields).status_code == 303
    told = json.dumps([dict(line.detail) for line in _lines(house)]) + str(_lines(house))
    assert secret not in told and PASSWORD not in told
    assert [line.what for line in _lines(house)] == ["set the password by a link", "invited"]
