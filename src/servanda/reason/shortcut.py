"""A short cut: where the steps that every course needs are a course, nothing has to be searched.

In: a problem.  Out: courses for one minimal group, as short as any can be; the judge says whether
one of them is a course, and whether it kept to the rules of the ordinary course.
"""

from collections.abc import Iterable, Iterator
from itertools import permutations
from typing import TYPE_CHECKING

from servanda.reason.courses import Step

if TYPE_CHECKING:
    from servanda.reason.groups import Problem

MOST_STEPS = 3


def candidates(
    problem: "Problem", among: frozenset[str]
) -> Iterator[tuple[frozenset[str], tuple[Step, ...], int]]:
    """Groups with steps and the step after which they set in; none where waits are needed."""
    if problem.aim.prefix:
        return
    group = among
    for one in sorted(among):
        if problem.needed(group - {one}) is not None:
            group -= {one}
    steps = problem.needed(group)
    if steps is None or len(steps) > MOST_STEPS or any(kind != "act" for kind, _ in steps):
        return
    acts = [number for _, number in sorted(steps)]
    ordinary = problem.doers.ordinary
    for order in permutations(_consents_first(problem, acts)):
        since = 0
        if not problem.aim.counted:
            own = [at for at, act in enumerate(order) if not _anybody(problem, act, group)]
            since = next(iter(own), len(order) - 1)
            if any(act not in ordinary for act in order[:since]):
                continue
        if any(not problem.by(act) <= group for act in order[since:]):
            continue
        yield group, tuple(Step(act=act) for act in order), since


def _anybody(problem: "Problem", act: int, group: frozenset[str]) -> bool:
    return act in problem.doers.ordinary and not (
        problem.by(act) <= group and act not in problem.ground.consents
    )


def _consents_first(problem: "Problem", acts: Iterable[int]) -> list[int]:
    return sorted(acts, key=lambda act: (act not in problem.ground.consents, act))
