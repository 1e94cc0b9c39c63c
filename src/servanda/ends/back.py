"""The way back: who can restore what a course has ended, suspended, undone or called for.

What is ended is ended for good, unless the text lets it begin anew; a suspension lasts as long as
its reason does; what was taken back can be given again.
"""

from dataclasses import replace

from servanda.ends.asked import Question, owed
from servanda.ends.power import Power
from servanda.ends.result import Back
from servanda.ends.world import World
from servanda.engine.strata import start_of
from servanda.reason.budget import Budget
from servanda.reason.ground import TRUE
from servanda.reason.groups import Course, Settled
from servanda.reason.replay import Claim, replays

ROOM = 3  # steps after the course in which it is to come back


def restored(question: Question) -> tuple[Claim, ...]:
    """What has to hold for it to be as before; nothing where that is not asked."""
    one = question.instance.id
    match question.power:
        case Power.END | Power.SUSPEND:
            return Claim(one, "running"), Claim(one, "suspended", False)
        case Power.UNDO:
            return (Claim(one, "given"),)
        case Power.TRIGGER:
            return Claim(one, "running"), Claim(one, "triggered", False)
        case Power.INVOKE:
            return Claim(one, "running"), Claim(one, "invoked", False)
        case _:
            return ()


def for_good(question: Question) -> bool:
    """Whether what is done stays done: an end, unless the commitment begins anew each time."""
    return question.power is Power.END and not start_of(question.instance.norm).each


def back(world: World, question: Question, course: Course, budget: Budget) -> Back | None:
    """Who can restore it after a course; None where that is not asked."""
    shown = restored(question)
    if not shown:
        return None
    if for_good(question):
        return Back((), True, Settled.PROVED, 0)
    over = world.story(course.steps, shown, later=1)
    if replays(world.setting, over):  # it held for an instant only
        return Back(((),), False, Settled.PROVED, 0, (over,))
    goal = world.ground.both(_node(world, question, claim) for claim in shown)
    world.ground.close()
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


def _node(world: World, question: Question, claim: Claim) -> int:
    if claim.word == "given":
        return owed(world.ground, question.instance)
    flag = world.ground.flag(question.instance, claim.word)
    return flag if claim.holds else world.ground.opposite(flag)
