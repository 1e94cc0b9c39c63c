"""The parts of filing and cases, one by one: rights, the tray, the clock of a case."""

from datetime import date

import pytest

from servanda.docket.turns import Hand
from servanda.web.draw import clock
from servanda.web.draw.clock import DAY, Clock
from servanda.web.filing import rights
from servanda.web.filing.tray import MAX_HELD, Tray
from servanda.web.people.person import Person
from servanda.web.people.roles import Role
from tests.docket.proceedings import valleys

LIB = valleys()


def person(role: Role, acts_for: str | None = None, seat: str | None = None) -> Person:
    return Person(role, "id", "Somebody", acts_for, seat)


@pytest.mark.parametrize(
    ("who", "hand"),
    [
        (person(Role.PARTY, "Upper"), Hand(party="Upper")),
        (person(Role.MEMBER, "Commission", "Upper"), Hand(seat=("Commission", "Upper"))),
        (person(Role.MEMBER, "Commission"), Hand()),
        (person(Role.CHAIR, "Commission"), Hand(bodies=frozenset({"Commission"}))),
        (
            person(Role.CHAIR, "Commission", "Lower"),
            Hand(seat=("Commission", "Lower"), bodies=frozenset({"Commission"})),
        ),
        (person(Role.SECRETARIAT), Hand(bodies=None)),
        (person(Role.MONITOR), Hand()),
        (person(Role.ADMINISTRATOR), Hand()),
        (person(Role.AUDITOR), Hand()),
    ],
)
def test_on_whose_behalf_somebody_writes(who: Person, hand: Hand) -> None:
    assert rights.hand_of(who) == hand


def test_whoever_has_no_right_to_file_has_no_source_and_no_reason() -> None:
    assert rights.source_of(person(Role.PARTY, "Upper")) == "Upper"
    assert rights.source_of(person(Role.SECRETARIAT)) is None
    assert rights.outside(person(Role.PARTY, "Upper"), LIB.agreement) == ""
    assert "Elsewhere" in rights.outside(person(Role.PARTY, "Elsewhere"), LIB.agreement)
    assert rights.outside(person(Role.MONITOR), LIB.agreement) == ""


def test_the_tray_holds_one_file_of_each_and_few_in_all() -> None:
    tray = Tray(lambda: 0.0)
    held = [tray.put(f"account {n}", "f.jsonl", bytes([n])) for n in range(MAX_HELD + 1)]
    assert tray.get("account 0", held[0].digest) is None
    assert tray.get("account 1", held[1].digest) == held[1]
    other = tray.put("account 1", "g.jsonl", b"other")
    assert tray.get("account 1", held[1].digest) is None
    assert tray.get("account 1", other.digest) == other
    assert tray.get("account 2", other.digest) is None


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("now", [0, 3 * DAY, 40 * DAY])
def test_the_clock_of_a_case_shows_what_has_passed_and_what_is_left(narrow: bool, now: int) -> None:
    one = Clock(date(2026, 3, 4), DAY // 2, now, 15 * DAY, "From the notice", "14 days left.")
    drawn = str(clock.draw(one, True, narrow))
    assert 'aria-label="From the notice. 14 days left."' in drawn
    assert "HYPOTHETICAL" in drawn and "this view" in drawn and "4 Mar" in drawn
    assert "NaN" not in drawn and 'width="-' not in drawn
    assert "HYPOTHETICAL" not in str(clock.draw(one, False, narrow))


def test_how_much_is_left_in_words() -> None:
    assert clock.counted(0) == clock.counted(-5) == "It has ended."
    assert clock.counted(1) == "1 hour left."
    assert clock.counted(2 * DAY) == "48 hours left."
    assert clock.counted(14 * DAY) == "14 days left."
