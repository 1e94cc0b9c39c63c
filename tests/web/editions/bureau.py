"""A server on two valleys and a pause of strikes, and the steps of an officer on it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from servanda.web.people.person import Person
from servanda.web.people.roles import Role
from tests.web.conftest import PAUSE
from tests.web.people.house import VALLEYS, Browser, House, build

HOURS = 24
SIDES = ("Russia", "Ukraine", "United_States")
OF_VALLEYS = ("Upper", "Lower")


def bureau(folder: Path, **settings: Any) -> House:
    """The office waits a day after the parties were told."""
    valleys = folder / "valleys.md"
    valleys.write_text(VALLEYS)
    told = {"public": True, "notice_hours": HOURS, "agreements": (str(valleys), PAUSE)}
    return build(folder, **{**told, **settings})


def officer(house: House, role: Role = Role.SECRETARIAT) -> Browser:
    return house.as_role(role)


def minute(house: House, later: int = 0) -> str:
    """The time of the house as a form gives it."""
    return datetime.fromtimestamp(house.clock.now + later, UTC).strftime("%Y-%m-%dT%H:%M")


def prepared(one: Browser, agreement: str = PAUSE, **fields: str) -> str:
    """The address of an edition in preparation."""
    told = {"agreement": agreement, "standard": "any_claim", **fields}
    answer = one.send("/editions", "/editions", **told)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def tell(one: Browser, address: str, parties: tuple[str, ...] = SIDES) -> None:
    for party in parties:
        answer = one.send(f"{address}/notices", address, party=party, at=minute(one.house))
        assert answer.status_code == 303, answer.text


def released(house: House, agreement: str = PAUSE, by: Person | None = None, **fields: str) -> int:
    """The number of an edition that is prepared, told, waited for and released."""
    person = by or house.of(Role.SECRETARIAT)
    address = prepared(house.begin(person), agreement, **fields)
    tell(house.begin(person), address, SIDES if agreement == PAUSE else OF_VALLEYS)
    house.clock.now += HOURS * 3600 + 60
    one = house.begin(person)  # the session of before has run out meanwhile
    answer = one.send(f"{address}/release", address, sure="yes")
    assert answer.status_code == 303, answer.text
    listed = one.get("/public.json").json()["editions"]
    return int(listed[0]["number"])
