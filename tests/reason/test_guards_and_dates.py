"""Guards and dates (z3): what one act can meet, and which days there are."""

from datetime import date

import pytest

from servanda.engine.calendar import Calendar
from servanda.model import condition as c
from servanda.model.norm import Norm
from servanda.model.quantity import Duration
from servanda.reason.dates import Chains, both_rules, zone_names
from servanda.reason.ground import Ground
from servanda.reason.guards import Guarded, Guards
from tests.reason.small import ground

BANS = """
group Friends
  members {A, Third}

prohibition d.any
  bearer A
  not attack by Friends
  from in_force

prohibition d.missile
  bearer A
  not attack by A weapon missile
  from in_force

prohibition d.large
  bearer A
  not enters forces_of A people at least 1_000
  from in_force

prohibition d.larger
  bearer A
  not enters forces_of A people more than 2_000
  from in_force

prohibition d.guarded
  bearer A
  not attack by A and not d.any is breached
  from in_force
"""


def _condition(made: Ground, name: str) -> c.Condition:
    norm: Norm = made.setting.agreement.norms[name]
    assert norm.condition is not None
    return norm.condition


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        ("d.any", "d.missile", True),  # by a member of the group, with any weapon
        ("d.missile", "d.any", False),
        ("d.large", "d.larger", True),
        ("d.larger", "d.large", False),
        ("d.any", "d.large", False),
        ("d.any", "d.guarded", True),  # whatever else the narrow one asks
        ("d.guarded", "d.missile", False),  # what it asks of states is left open
    ],
)
def test_whatever_meets_the_one_meets_the_other(wide: str, narrow: str, covers: bool) -> None:
    made = ground(BANS)
    guards = Guards(made.setting)
    one: Guarded = (_condition(made, wide), {})
    other: Guarded = (_condition(made, narrow), {})
    assert guards.covers(one, other) is covers
    same_type = ("large" in wide) == ("large" in narrow)
    assert guards.together(one, other) is same_type


def _dated(*norms: tuple[str, str, str]) -> Chains:
    text = "".join(
        f"obligation d.{name}\n  bearer A\n  achieve enacts by A act {name}\n"
        f"  from {begin}\n  {due}\n"
        for name, begin, due in norms
    )
    return Chains(ground(text).setting)


def test_days_that_do_not_exist() -> None:
    late = ("two", "d.one is fulfilled and 60 days after in_force", "by 2026-03-01")
    assert _dated(("one", "in_force", "by 2026-02-10"), late).impossible() == [("d.two",)]
    fine = ("two", "d.one is fulfilled", "by 2026-03-01")
    assert _dated(("one", "in_force", "by 2026-02-10"), fine).impossible() == []
    crossed = _dated(
        ("one", "2026-05-01", "deadline unspecified"),
        ("two", "d.one is fulfilled", "by 2026-04-01"),
    )
    assert crossed.impossible() == [("d.two",)]


def test_a_deadline_that_another_can_use_up() -> None:
    chains = _dated(
        ("one", "in_force", "by 2026-04-01"), ("two", "d.one is fulfilled", "by 2026-03-01")
    )
    assert list(chains.fragile()) == [("d.one", "d.two")]
    story = chains.at_the_last(chains.setting, "d.one", "d.two")
    assert story is not None
    relative = ("two", "d.one is fulfilled", "within 5 days of d.one is fulfilled")
    assert not list(_dated(("one", "in_force", "by 2026-04-01"), relative).fragile())


def test_month_ends_by_both_rules() -> None:
    calendar = Calendar.of(ground("").setting.agreement.header)
    months = Duration(1, "months")
    assert both_rules(calendar, date(2027, 1, 31), months) == (date(2027, 2, 28), date(2027, 3, 3))
    assert both_rules(calendar, date(2027, 1, 28), months) == (date(2027, 2, 28),) * 2


def test_time_zones_of_countries() -> None:
    assert zone_names("AT") == ("Europe/Vienna",)
    assert len(zone_names("US")) > 4
    assert zone_names(None) == ()


ENDS = """
obligation e.law
  bearer A
  achieve enacts by A act law
  from in_force
  deadline unspecified

prohibition e.same
  bearer A
  not attack by A
  from e.law is fulfilled and e.law is active
  until e.law is fulfilled

prohibition e.before
  bearer A
  not attack by A
  from 30 days after in_force
  until 2026-02-20

prohibition e.lasting
  bearer A
  not attack by A
  from in_force
  until e.law is fulfilled
"""


@pytest.mark.parametrize(
    ("norm", "symbols", "days"),
    [("e.same", True, False), ("e.before", False, True), ("e.lasting", False, False)],
)
def test_what_ends_when_it_begins(norm: str, symbols: bool, days: bool) -> None:
    """The same condition is one, wherever it stands; and days are counted."""
    made = ground(ENDS)
    one = made.setting.agreement.norms[norm]
    assert one.until is not None
    assert one.start is not None
    ended: Guarded = (one.until, {})
    begun: Guarded = (one.start.condition, {})
    assert Guards(made.setting).covers(ended, begun) is symbols
    assert Chains(made.setting).over_at_once(one) is days
