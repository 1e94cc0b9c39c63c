"""Exact: on small agreements the search finds the groups that trying every course finds."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.ends.asked import Question, start_question
from servanda.ends.back import ROOM, back, restored
from servanda.ends.begun import ROOM as BEGUN_ROOM
from servanda.ends.begun import once_begun
from servanda.ends.world import World
from servanda.reason.budget import Budget
from servanda.reason.groups import Course, Settled
from servanda.reason.problem import Problem
from tests.ends.brute import Brute
from tests.ends.small import loaded, searched

Test = TypeVar("Test", bound=Callable[..., None])

STEPS = 3

PEACE = [
    "  until 2026-03-01\n",
    "  until 30 days after in_force\n",
    "  released when d.peace[other] is breached\n",
    "  suspended while d.peace[other] is breached\n",
    "  terminated when withdraws_consent party bearer\n",
    "  suspends d.law when d.peace[bearer] is breached\n",
    "  suspended while d.law is breached\n",
    "  terminated when 5 days after withdraws_consent party bearer\n",
    "  terminated when new enacts by A act one and not attack by B on A\n",
    "  released when d.law is fulfilled\n",
    "  on breach cure within 9 days by enacts by A act one\n  suspended while d.law is active\n",
    "  terminates fulfilled d.law when d.peace[bearer] is breached\n",
    "  until d.law has been kept for 5 days\n",
    "  suspends d.law when d.peace[bearer] is breached decided by Council\n",
    "  terminates d.law when d.peace[bearer] is breached decided by Council\n",
    "  suspends d.law when d.peace[bearer] is breached for at most 5 days\n",
    "  lapses d.guard when d.peace[bearer] is breached\n",
    "  released when repeals by A act one or withdraws_consent party other\n",
    "",
]
LAW = [
    "  from each d.peace[B] is breached\n  within 5 days of d.peace[B] is breached\n",
    "  from in_force\n  deadline unspecified\n  released when attack by B on A\n",
    "  from in_force\n  within 10 days of in_force\n",
    "  from in_force\n  deadline unspecified\n",
    "  from d.peace[A] is breached\n  within 5 days of d.peace[A] is breached\n",
    "  from in_force\n  by 2026-02-20\n  reopens when repeals by A act one\n",
    "  from attack by B on A\n  deadline unspecified\n  released when attack by A on B\n",
]
DECIDED = ["automatic", "Council", "unspecified"]
FORCE = ["2026-02-01", "consent of {A, B} by {signs} withdrawn by {withdraws_consent}"]


COUNCIL = (
    "institution Council\n  members {A, B}\n  vote consensus\n  competent for everything else\n"
)


def agreement(peace: str, law: str, decided: str | None) -> str:
    """A ban that both bear, a law, and a guarantee where somebody is to decide on one."""
    text = (
        f"{COUNCIL}prohibition d.peace\n  bearer each of {{A, B}}\n  toward the other\n"
        f"  not attack by bearer on other\n  from in_force\n{peace}"
        f"obligation d.law\n  bearer A\n  achieve enacts by A act one\n{law}"
    )
    guard = (
        "guarantee d.guard\n  bearer B\n  beneficiary A\n  from in_force\n"
        "  trigger attack by B on A\n  lapses when attack by A on B\n"
    )
    return text if decided is None else f"{text}{guard}  decided by {decided}\n"


@st.composite
def agreements(draw: st.DrawFn) -> tuple[str, str]:
    peace = draw(st.sampled_from(PEACE))
    law = draw(st.sampled_from(LAW))
    if "d.peace" in law and "d.law" in peace:
        law = LAW[0]  # another would wait for itself within one instant
    decided = draw(st.sampled_from(DECIDED)) if "d.guard" in peace or draw(st.booleans()) else None
    return agreement(peace, law, decided), draw(st.sampled_from(FORCE))


BENEFITS = [  # what is given, kept, paid or set up, and by whom is not always said
    "obligation d.access\n  bearer B\n  toward A\n  maintain grants_market_access by B to A\n"
    "  from in_force\n  deadline unspecified\n  until accedes party A to Council\n",
    "obligation d.sum\n  bearer A\n  achieve sum of amount in (pays into B) at least 10 EUR\n"
    "  from in_force\n  deadline unspecified\n",
    "obligation d.body\n  bearer A\n  achieve establishes institution Council\n"
    "  from in_force\n  deadline unspecified\n",
    "prohibition d.quiet\n  bearer B\n  not attack on A\n  from in_force\n"
    "  released when attack on B\n",
    "obligation d.relief\n  bearer B\n  achieve lifts_sanctions by B on A class goods\n"
    "  from in_force\n  deadline unspecified\n",
    "obligation d.return\n  bearer B\n  achieve not lifts_sanctions by B on A\n"
    "  from lifts_sanctions by B on A\n  deadline unspecified\n",
    "obligation d.cap\n  bearer A\n  maintain force of A at most 5 people\n  from in_force\n",
    "prohibition d.still\n  bearer A\n  not attack by A on B\n  from in_force\n"
    "  suspended while force of A at most 5 people\n",
]


@st.composite
def benefits(draw: st.DrawFn) -> tuple[str, str]:
    chosen = draw(st.lists(st.sampled_from(BENEFITS), min_size=1, max_size=2, unique=True))
    return f"{COUNCIL}measure force in people\n{''.join(chosen)}", draw(st.sampled_from(FORCE))


def some(examples: int) -> Callable[[Test], Test]:
    quiet = [HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=quiet)


@given(agreements())
@some(8)
def test_the_groups_are_those_that_trying_everything_finds(made: tuple[str, str]) -> None:
    compare(*made)


@given(benefits())
@some(8)
def test_of_benefits_too(made: tuple[str, str]) -> None:
    compare(*made)


@pytest.mark.long
@given(benefits())
@some(200)
def test_of_many_benefits_too(made: tuple[str, str]) -> None:
    compare(*made)


@pytest.mark.long
@given(agreements())
@some(300)
def test_of_many_agreements_the_groups_are_those_that_trying_everything_finds(
    made: tuple[str, str],
) -> None:
    compare(*made)


def compare(text: str, in_force: str, steps: int = STEPS) -> None:
    """Every group found has a course; every group that trying finds holds one that was found."""
    assume = ("d.guard.decided_by=automatic",) if "automatic" in text else ()
    search = searched(loaded(text.replace("automatic", "unspecified"), in_force), assume)
    world = search.world({})
    questions = [
        q for norm in search.agreement.norms for one in world.instances(norm)
        for q in world.questions(one)
    ]  # fmt: skip
    brute = Brute(world, steps)
    for question in questions:
        found = world.groups(question, Budget(30))
        assert found.settled is not Settled.UNDECIDED, (question.key, found.doubt)
        mine = {c.group: c for c in found.courses}
        tried = brute.groups(question)
        told = (question.instance.id, question.key, mine, tried)
        for group in tried:
            assert any(one <= group for one in mine), told
        problem = Problem.of(world.ground, world.doers, question.aim)
        for group, course in mine.items():
            assert problem.least(group) <= len(course.steps), told
            if len(course.steps) <= steps:
                assert any(one <= group for one in tried), told
            assert not any(one < group for one in tried), told
            if restored(question) and len(course.steps) <= steps:
                _compared_back(world, brute, question, course)
        if not mine:
            _compared_begun(world, brute, question)


def _compared_begun(world: World, brute: Brute, question: Question) -> None:
    """What the ordinary course does not bring about: who can once it has begun."""
    starts = world.groups(start_question(world.ground, question.instance), Budget(30))
    later = once_begun(world, question, starts, Budget(30))
    if later is None:
        return
    asked, found = later
    tried = brute.begun(asked, asked.aim.prefix, BEGUN_ROOM)
    mine = {course.group for course in found.courses}
    assert mine == set(tried), (question.instance.id, question.key, mine, tried)


def _compared_back(world: World, brute: Brute, question: Question, course: Course) -> None:
    """Who can bring it back is whom trying every continuation finds."""
    found = back(world, question, course, Budget(30))
    assert found is not None
    tried = brute.back(question, course.steps, ROOM)
    told = (question.key, course, found.said, tried)
    assert {frozenset(group) for group in found.groups} == set(tried), told


@pytest.mark.parametrize("peace", PEACE)
def test_each_way_of_ending_a_ban(peace: str) -> None:
    decided = "Council" if "d.guard" in peace else None
    compare(agreement(peace, LAW[2], decided), FORCE[0])
