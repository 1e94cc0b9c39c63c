"""The way back: who can bring a commitment back once a course has ended or suspended it.

What is ended is ended for good, unless the text lets it begin anew; a suspension lasts as long as
its reason does.
"""

from dataclasses import replace

from servanda.ends.asked import Question
from servanda.ends.power import Power
from servanda.ends.result import Back
from servanda.ends.world import World
from servanda.engine.strata import start_of
from servanda.reason.budget import Budget
from servanda.reason.ground import TRUE
from servanda.reason.groups import Course, Settled
from servanda.reason.replay import Claim

ROOM = 3  # steps after the course in which it is to come back


def back(world: World, question: Question, course: Course, budget: Budget) -> Back | None:
    """Who can bring it back after a course; None for what is only alleged."""
    one = question.instance
    if question.power is Power.FORFEIT:
        return None
    if question.power is Power.END and not start_of(one.norm).each:
        return Back((), True, Settled.PROVED, 0)
    running = world.ground.flag(one, "running")
    goal = world.ground.both([running, world.ground.opposite(world.ground.flag(one, "suspended"))])
    shown = (Claim(one.id, "running"), Claim(one.id, "suspended", False))
    aim = replace(question.aim, goal=goal, stands=TRUE, counted=False, prefix=course.steps)
    asked = replace(question, aim=aim, after=shown, before=(), because=None)
    found = world.groups(asked, budget, longest=ROOM)
    return Back(
        tuple(tuple(sorted(c.group)) for c in found.courses),
        False,
        found.settled,
        ROOM,
        tuple(world.story(c.steps, shown) for c in found.courses),
    )
