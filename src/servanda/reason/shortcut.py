"""A short cut: where a few steps that may do are as few as there can be, nothing is searched.

In: a problem.  Out: courses for one minimal group, as short as any can be; the judge says whether
one of them is a course, and whether it kept to the rules of the ordinary course.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations

from servanda.reason.courses import Step
from servanda.reason.landmarks import Steps
from servanda.reason.problem import Problem

MAX_ACTS = 4  # acts of which every order is tried


def candidates(
    problem: Problem, among: frozenset[str]
) -> Iterator[tuple[frozenset[str], tuple[Step, ...], int]]:
    """Groups with steps, and the number of steps after which they set in."""
    if problem.aim.prefix:
        return
    group = among
    for one in sorted(among):
        if problem.needed(group - {one}) is not None:
            group -= {one}
    steps = problem.enough(group)
    if not steps or len(steps) > problem.least(group):
        return
    orders = [(_since(problem, order, group), order) for order in _orders(problem, steps)]
    late_first = sorted((n for n in orders if n[0] is not None), key=lambda pair: -(pair[0] or 0))
    yield from ((group, order, since) for since, order in late_first if since is not None)


def _orders(problem: Problem, steps: Steps) -> Iterator[tuple[Step, ...]]:
    """Consents first; then all orders of a few acts, or days and acts in the order of the text."""
    nodes, consents = problem.ground.nodes, problem.ground.consents
    acts = sorted(number for kind, number in steps if kind == "act")
    first = tuple(Step(act=act) for act in acts if act in consents)
    rest = tuple(Step(act=act) for act in acts if act not in consents)
    waits = [number for kind, number in steps if kind == "wait"]
    dates = sorted((nodes[n].of[0], n) for n in waits if nodes[n].kind == "date")
    days = tuple(Step(wait=number) for _, number in dates)
    spans = tuple(Step(wait=n) for n in sorted(waits) if nodes[n].kind != "date")
    if not waits and len(rest) <= MAX_ACTS:
        yield from ((*first, *order) for order in permutations(rest))
        return
    yield (*first, *days, *rest, *spans)
    if days:
        yield (*first, *rest, *days, *spans)


def _since(problem: Problem, steps: Sequence[Step], group: frozenset[str]) -> int | None:
    """After how many steps the group sets in: as late as it can; None where others act later."""
    if problem.aim.counted:
        return 0
    ordinary = problem.doers.ordinary
    others = (n for n, s in enumerate(steps) if s.act is not None and s.act not in ordinary)
    since = min(next(others, len(steps)), len(steps) - 1)
    later = (step.act for step in steps[since:] if step.act is not None)
    return since if all(problem.by(act) <= group for act in later) else None
