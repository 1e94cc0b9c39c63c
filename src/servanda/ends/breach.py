"""Acts that breach a prohibition, each as the shortest course: what may be laid at a door."""

from collections.abc import Iterator

from servanda.ends.answers import Search
from servanda.ends.asked import Question
from servanda.ends.power import Power
from servanda.ends.result import Commitment, Way
from servanda.reason.budget import Budget
from servanda.reason.groups import Settled
from servanda.reason.problem import Aim
from servanda.reason.replay import Claim

PER_BREACH = 2.0  # seconds, however many there are in all


def breaches(search: Search, one: Commitment) -> Iterator[Way]:
    """Ways in which one actor alone breaches a prohibition, under the first readings."""
    world = search.world({})
    instance = next((i for i in world.instances(one.norm) if i.id == one.id), None)
    if instance is None or instance.norm.duty != "not":
        return
    ground = world.ground
    stands = ground.both(
        [ground.flag(instance, "running"), ground.opposite(ground.flag(instance, "breached"))]
    )
    question = Question(
        Power.END,
        instance,
        "not",
        "",
        Aim(ground.flag(instance, "breached"), stands),
        (Claim(one.id, "breached"),),
        (Claim(one.id, "running"), Claim(one.id, "breached", False)),
    )
    ground.close()
    found = world.groups(question, Budget(min(PER_BREACH, max(0.0, search.budget.left))))
    if found.settled is Settled.UNDECIDED:
        search.undecided[f"{one.id}: breach: {found.doubt}"] = None
    for course in found.courses:
        if len(course.group) == 1:
            story = world.story(course.steps, question.after)
            yield Way(tuple(course.group), world.events(course), story)
