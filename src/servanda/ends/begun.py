"""Commitments that the ordinary course does not bring about: remedies, above all.

In: a question that nobody answers from the ordinary course.  Out: the same question after the
shortest course by which the commitment begins, whoever takes its steps; the group acts after them.
"""

from dataclasses import replace

from servanda.ends.asked import Question
from servanda.ends.world import World
from servanda.reason.budget import Budget
from servanda.reason.groups import Course, Groups
from servanda.reason.problem import Aim
from servanda.reason.replay import Claim

ROOM = 3  # steps of the group after the course by which it begins


def once_begun(
    world: World, question: Question, starts: Groups, budget: Budget
) -> tuple[Question, Groups] | None:
    """The question and its groups after it has begun; None where the ordinary course begins it,
    nothing begins it, or it need not stand before."""
    ordinary = world.doers.ordinary
    course = next(iter(starts.courses), None)
    if course is None or not question.before or question.aim.counted:
        return None
    if all(step.act is None or step.act in ordinary for step in course.steps):
        return None
    if not _stands(world, question, course):
        return None
    aim = Aim(question.aim.goal, question.aim.stands, prefix=course.steps)
    asked = replace(question, aim=aim)
    found = world.groups(asked, budget, longest=ROOM)
    return asked, replace(found, steps=ROOM)


def _stands(world: World, question: Question, course: Course) -> bool:
    """Whether it is active at the end of the course, as the question asks."""
    running = Claim(question.instance.id, "running")
    return running not in question.before or world.holds(course.steps, (running,))
