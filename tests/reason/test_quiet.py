"""Of the bans that a course is not to break, only those are asked about that it could break."""

import pytest

from servanda.reason.quiet import at_risk
from tests.reason.small import ground

BANS = """
prohibition q.fire
  bearer A
  not attack by A on B
  from in_force

prohibition q.law
  bearer A
  not enacts by A act law
  from in_force

prohibition q.idle
  bearer A
  not not attack by A on B
  from in_force

prohibition q.after
  bearer B
  not attack by A on B and q.law is breached
  from in_force

obligation q.bill
  bearer A
  achieve enacts by A act law
  from in_force
  deadline unspecified
"""


@pytest.mark.parametrize(("goal", "word"), [("q.fire", "breached"), ("q.bill", "done")])
def test_only_what_an_act_of_the_course_could_break_is_at_risk(goal: str, word: str) -> None:
    made = ground(BANS)
    node = made.flag(made.setting.instances(goal)[0], word)
    bans = [made.setting.instances(n)[0] for n in ("q.fire", "q.law", "q.after")]
    found = {i.id for i in at_risk(made, [node], bans)}
    assert found == {"q.fire" if goal == "q.fire" else "q.law"}


def test_what_no_act_is_needed_for_is_at_risk_with_all_that_could_help() -> None:
    made = ground(BANS)
    node = made.flag(made.setting.instances("q.bill")[0], "done")
    bans = [made.setting.instances(n)[0] for n in ("q.idle", "q.fire")]
    assert {i.id for i in at_risk(made, [node], bans)} == {"q.idle", "q.fire"}


def test_what_another_ban_drags_in_is_at_risk_too() -> None:
    """Both acts are among those of the goals, and the ban that needs both is at risk."""
    made = ground(BANS)
    instances = {n: made.setting.instances(n)[0] for n in ("q.fire", "q.law", "q.after")}
    goals = [made.flag(instances["q.fire"], "breached"), made.flag(instances["q.law"], "breached")]
    assert {i.id for i in at_risk(made, goals, list(instances.values()))} == set(instances)
