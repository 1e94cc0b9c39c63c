"""Groups: the smallest ones whose acts bring something about, each with a shortest course.

In: a ground problem with its doers, and an aim.  Out: all minimal groups, how far that is settled,
and for each a course that a judge (the replay) has borne out.  Up to some step the agreement takes
its ordinary course, in which anybody performs what is owed; from there on only the group acts, time
passes, and the others omit nothing that they owe.  clingo searches; landmarks tell when no other
group is left.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from servanda.reason.budget import Budget
from servanda.reason.courses import LONGEST, RULES, Step, facts_of, solve, steps_of
from servanda.reason.ground import FALSE, TRUE
from servanda.reason.problem import Problem, acts_of
from servanda.reason.shortcut import candidates

MOST_TRIES = 4  # courses of one length that the judge does not bear out
TIDY = 6  # steps of courses of which the first acts of the text are taken, where others would do
ROOM = 2  # steps that are tried beyond those that every course needs

# A body may find what no record shows: its finding alone then invokes a guarantee, or ends it.
GROUPS = """
called(I,F) :- rule(I,triggered,F).
called(I,G) :- called(I,F), disj(F), part(F,G).
over(I,S,T) :- called(I,F), state(F,_,E), holds(E,U), time(S), time(T), S <= U, U <= T.
has(I,invoked,T) :- has(I,begun,T), not has(I,triggered,T), decided(I,trigger,A,F), do(A,S),
    S <= T, holds(F,T), not over(I,S,T), not has(I,lapsed,T).
has(I,lapsed,T) :- has(I,begun,T-1), decided(I,forfeiture,A,F), do(A,S), S <= T, holds(F,T),
    time(T).
{ in(P) : who(P) }.
1 { from(S) : time(S) } 1.
:- from(k), k > 0, not whole.
:- from(S), prefix(N), S != N.
later(T) :- from(S), step(T), T > S.
:- from(S), stands(F), not holds(F,S), not whole.
:- stands(F), not holds(F,k-1).
:- do(A,T), later(T), by(A,P), not in(P).
:- do(A,T), step(T), not later(T), not ordinary(A), not owing(A,T), not whole.
owing(A,T) :- owed_if(A,F), step(T), holds(F,T-1).
:- entry(I,T), step(T), not later(T), not whole.
:- entry(I,T), tick(_,T), later(T), owed(I), not in(P) : owes(I,P).
1 { slack(0..M-1) } 1 :- room(M).
idle(T) :- slack(N), prefix(P), step(T), T > P, T <= P+N.
#minimize { 1@2,P : in(P) }.
#minimize { 1@1,T : step(T), not idle(T) }.
#minimize { 1@1,own,T : later(T), not whole }.
#minimize { A@-1,A,T : do(A,T), tidy }.
#show in/1. #show from/1.
"""


@dataclass(frozen=True, slots=True)
class Course:
    """Steps of which those from `since` on are the group's, or waits."""

    group: frozenset[str]
    steps: tuple[Step, ...]
    since: int
    kept: bool = False  # whether nothing that bears on it may be breached all the while


class Settled(StrEnum):
    """How far it is settled that there is no other group."""

    PROVED = "proved"  # no course, however long
    SEARCHED = "searched"  # no course of up to so many steps
    UNDECIDED = "not decided"  # time did not suffice, or an example was not borne out


def least_settled(several: Iterable[Settled]) -> Settled:
    """What may be said of several answers together: as much as of the one that is settled least."""
    return max(several, key=list(Settled).index)


@dataclass(frozen=True, slots=True)
class Groups:
    """`steps`: courses of up to so many steps were searched; `doubt` says why it is undecided."""

    courses: tuple[Course, ...]
    settled: Settled
    steps: int = 0
    doubt: str = ""


def search(
    problem: Problem,
    judge: Callable[[Course], bool],
    budget: Budget,
    known: Iterable[Course] = (),
    longest: int | None = None,
) -> Groups:
    """All minimal groups; `known` are courses that the judge has borne out already."""
    found = list(known)
    everybody = problem.who()
    if FALSE in (problem.aim.goal, problem.aim.stands):
        return Groups((), Settled.PROVED)
    if _closed(problem, found, everybody):
        return Groups(_minimal(found), Settled.PROVED)
    for group, steps, since in candidates(problem, everybody) if not found else ():
        course = Course(group, steps, since, any(step.act is None for step in steps))
        if judge(course):
            found += [course, *filter(judge, _by_others(problem, course))]
            if _closed(problem, found, everybody):
                return Groups(_minimal(found), Settled.PROVED, len(steps))
            break
    lower = problem.least(everybody)
    least = max(lower, len(problem.aim.prefix))
    most = max(LONGEST, lower + ROOM) if longest is None else least + longest
    facts = _facts(problem, everybody) + _necessary(problem, everybody)
    if problem.aim.prefix:  # all lengths at once: after the prefix some steps may be left out
        facts += f"room({most - len(problem.aim.prefix)}).\n"
        least = most
    doubts: list[str] = []
    for length in range(least, most + 1):
        if budget.spent:
            return Groups(_minimal(found), Settled.UNDECIDED, length - 1, "the time was spent")
        for course in _of_length(facts, length, found, judge, budget, doubts):
            found += [course, *filter(judge, _by_others(problem, course))]
            if _closed(problem, found, everybody):
                settled = Settled.UNDECIDED if doubts else Settled.PROVED
                return Groups(_minimal(found), settled, length, "; ".join(doubts))
            if length == most and _nobody_else(found, everybody):
                break
    settled = Settled.UNDECIDED if doubts or budget.spent else Settled.SEARCHED
    doubt = "; ".join(doubts) or ("the time was spent" if budget.spent else "")
    return Groups(_minimal(found), settled, most, doubt)


def _of_length(
    facts: str,
    length: int,
    found: list[Course],
    judge: Callable[[Course], bool],
    budget: Budget,
    doubts: list[str],
) -> Iterator[Course]:
    """Courses of one length for the smallest groups that hold none of those found.

    `found` grows meanwhile: whoever takes a course from here adds it there.
    """
    out: list[str] = []
    tries = 0
    while not budget.spent:
        known = [_not_group(one.group) for one in found]
        known += ["tidy."] if length <= TIDY else []
        model = solve(RULES + GROUPS, facts + "\n".join([*known, *out]) + "\n", length, budget)
        if model is None:
            return
        course = _course(model)
        if judge(course):
            yield course
            continue
        tries += 1
        out.append(_not_course(course, length))
        if tries == MOST_TRIES:
            doubts.append(f"an example of {length} steps that the evaluator did not bear out")
            return


def _by_others(problem: Problem, course: Course) -> Iterator[Course]:
    """The same course by another alone, where what one does another may do as well."""
    like = problem.doers.like
    own = [step.act for step in course.steps[course.since :] if step.act is not None]
    doing = [act for act in own if problem.by(act)]
    if len(course.group) != 1 or not doing:
        return
    alike: dict[frozenset[str], dict[int, int]] = {}
    for act in sorted(problem.cone.acts):
        for mine in doing:
            if like.get(act, act) == like.get(mine, mine) and problem.by(act) != course.group:
                alike.setdefault(problem.by(act), {})[mine] = act
    for group, instead in alike.items():
        if len(group) == 1 and set(instead) == set(doing):
            first, rest = course.steps[: course.since], course.steps[course.since :]
            swapped = (Step(act=instead.get(s.act, s.act), wait=s.wait) if s.act is not None else s
                       for s in rest)  # fmt: skip
            yield Course(group, (*first, *swapped), course.since)


def _course(model: list[Any]) -> Course:
    """A course, with the waits left out that come before the group sets in for nothing."""
    group = frozenset(s.arguments[0].string for s in model if s.name == "in")
    since = next(s.arguments[0].number for s in model if s.name == "from")
    return Course(group, steps_of([s for s in model if s.name in ("do", "tick")]), since)


def _not_group(group: frozenset[str]) -> str:
    return f":- {', '.join(f'in({_quoted(p)})' for p in sorted(group))}." if group else ":- true."


def _not_course(course: Course, length: int) -> str:
    idle = length - len(course.steps)  # left out after the prefix
    parts = [
        f"do({step.act},{t})" if step.act is not None else f"tick({step.wait},{t})"
        for at, step in enumerate(course.steps, 1)
        for t in (at if at <= course.since else at + idle,)
    ]
    return f":- {', '.join(parts)}." if parts else ":- true."


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _facts(problem: Problem, everybody: frozenset[str]) -> str:
    ground, made, aim = problem.ground, problem.doers, problem.aim
    lines = ["true."]
    asked = [aim.goal, aim.stands, *acts_of(ground, aim)]
    for line in facts_of(ground, asked).splitlines():
        if not line.startswith("goal("):
            lines.append(line)
    lines.append(f"goal({aim.goal}).")
    if aim.stands != TRUE:
        lines.append(f"stands({aim.stands}).")
    lines += [f"who({_quoted(p)})." for p in sorted(everybody)]
    for act in sorted(problem.cone.acts):
        lines += [f"by({act},{_quoted(p)})." for p in sorted(problem.by(act))]
        if act in made.ordinary:
            lines.append(f"ordinary({act}).")
        elif act in ground.owed:
            lines.append(f"owed_if({act},{ground.owed[act]}).")
    for one in sorted(problem.cone.instances):
        lines += [f'owes("{one}",{_quoted(p)}).' for p in sorted(made.owes[one])]
        lines += [f'owed("{one}").'] if made.owes[one] else []
    if aim.counted or aim.prefix:
        lines += [f"prefix({len(aim.prefix)}).", "whole."]
        for at, step in enumerate(aim.prefix, 1):
            if step.act is None:
                lines.append(f":- not tick({step.wait},{at}).")
            else:  # also where nothing that is asked rests on it
                lines += [f"act({step.act}).", f":- not do({step.act},{at})."]
    return "\n".join(lines) + "\n"


def _necessary(problem: Problem, everybody: frozenset[str]) -> str:
    """Whoever every group has: nothing is left to be minimised there."""
    lines = [
        f":- not in({_quoted(p)})."
        for p in sorted(everybody)
        if problem.needed(everybody - {p}) is None
    ]
    return "\n".join(lines) + "\n"


# --- whether all are found ------------------------------------------------------------------------


def _closed(problem: Problem, found: Iterable[Course], everybody: frozenset[str]) -> bool:
    """Whether no group is left: none that holds no group found could do it, whatever it does."""
    groups = [one.group for one in found]
    return all(
        problem.needed(everybody - left_out) is None for left_out in transversals(groups, everybody)
    )


def _nobody_else(found: Iterable[Course], everybody: frozenset[str]) -> bool:
    """Whether each of them can alone: then there is no other group to be looked for."""
    return everybody <= {p for one in found if len(one.group) == 1 for p in one.group}


def transversals(
    groups: Iterable[frozenset[str]], everybody: frozenset[str]
) -> list[frozenset[str]]:
    """The minimal sets that share a member with every group (none, if a group is empty)."""
    found: list[frozenset[str]] = [frozenset()]
    for group in groups:
        wider = {one | ({p} if not one & group else set()) for one in found for p in group}
        found = smallest(wider)
    return sorted(found, key=lambda one: (len(one), sorted(one)))


def smallest(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    kept: list[frozenset[str]] = []
    for one in sorted(set(sets), key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
    return kept


def _minimal(found: Iterable[Course]) -> tuple[Course, ...]:
    kept: list[Course] = []
    for one in sorted(found, key=lambda c: (len(c.group), sorted(c.group), len(c.steps))):
        if not any(other.group <= one.group for other in kept):
            kept.append(one)
    return tuple(kept)
