"""Courses of events: the shortest is found, “never” is meant, and what is found replays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda.reason.budget import Budget
from servanda.reason.courses import Verdict, reachable, shortest
from servanda.reason.ground import Ground
from servanda.reason.replay import Claim, prove, replays
from tests.reason.small import ground

CHAIN = """
obligation d.one
  bearer A
  achieve enacts by A act one
  from in_force
  within 10 days of in_force

obligation d.two
  bearer B
  achieve enacts by B act two
  from d.one is fulfilled
  within 10 days of d.one is fulfilled

prohibition d.peace
  bearer each of {A, B}
  toward the other
  not attack by bearer on other
  from d.two is fulfilled
  until 30 days after d.two is fulfilled
"""


def _proved(made: Ground, *claims: Claim) -> tuple[Verdict, int]:
    proof = prove(made, claims, Budget(30))
    return proof.verdict, 0 if proof.story is None else len(proof.story.told)


@pytest.mark.parametrize(
    ("claim", "steps"),
    [
        (Claim("d.one", "begun"), 1),  # the day comes
        (Claim("d.one", "done"), 2),
        (Claim("d.two", "done"), 3),
        (Claim("d.one", "breached"), 2),  # the day comes, the time passes
        (Claim("d.two", "breached"), 3),
        (Claim("d.peace[A]", "breached"), 4),
        (Claim("d.peace[A]", "expired"), 4),
    ],
)
def test_the_shortest_course_is_found_and_replays(claim: Claim, steps: int) -> None:
    assert _proved(ground(CHAIN), claim) == (Verdict.FOUND, steps)


def test_two_things_at_once() -> None:
    found = _proved(ground(CHAIN), Claim("d.one", "cured"), Claim("d.two", "breached"))
    assert found[0] is Verdict.FOUND


def test_a_circle_is_never_left() -> None:
    made = ground(
        "obligation d.one\n  bearer A\n  achieve enacts by A act one\n  from d.two is active\n"
        "  deadline unspecified\n"
        "obligation d.two\n  bearer B\n  achieve enacts by B act two\n  from d.one is active\n"
        "  deadline unspecified\n"
    )
    assert _proved(made, Claim("d.one", "begun")) == (Verdict.NEVER, 0)
    assert _proved(made, Claim("d.one", "begun", False))[0] is Verdict.FOUND


def test_a_list_that_is_open_is_never_done_and_an_open_decider_never_decides() -> None:
    made = ground(
        "obligation d.areas\n  bearer A\n  list areas unspecified\n"
        "  achieve every area in areas (forces_withdrawn of A from area)\n  from in_force\n"
        "  deadline unspecified\n"
        "guarantee d.guarantee\n  bearer B\n  from in_force\n  trigger attack by A on B\n"
        "  decided by unspecified\n"
    )
    assert _proved(made, Claim("d.areas", "done"))[0] is Verdict.NEVER
    assert _proved(made, Claim("d.guarantee", "invoked"))[0] is Verdict.NEVER
    assert _proved(made, Claim("d.guarantee", "triggered"))[0] is Verdict.FOUND


def test_acts_of_some_are_left_out() -> None:
    made = ground(CHAIN)
    one = made.setting.instances("d.two")[0]
    node = made.flag(one, "done")
    assert reachable(made, [node]) == [True]
    assert reachable(made, [node], frozenset({"B"})) == [False]
    assert reachable(made, [node], frozenset({"A"})) == [False]
    begun = made.flag(one, "begun")
    assert reachable(made, [begun], frozenset({"B"})) == [True]


def test_without_time_nothing_is_decided() -> None:
    made = ground(CHAIN)
    node = made.flag(made.setting.instances("d.two")[0], "done")
    found = shortest(made, node, Budget(0))
    assert found.verdict is Verdict.UNDECIDED
    assert found.tried


def test_a_measure_counts_for_every_limit_that_it_touches() -> None:
    made = ground(
        "measure guards in people\n"
        "obligation d.few\n  bearer A\n  from in_force\n  maintain guards of A at most 200 people\n"
        "obligation d.many\n  bearer A\n  from in_force\n"
        "  maintain guards of A at least 300 people\n"
    )
    assert _proved(made, Claim("d.few", "breached"), Claim("d.many", "clean"))[0] is Verdict.FOUND
    both = _proved(made, Claim("d.few", "breached"), Claim("d.many", "breached"))
    assert both[0] is Verdict.FOUND


WORDS = st.sampled_from(
    ["begun", "done", "breached", "cured", "expired", "terminated", "suspended"]
)
NORMS = st.sampled_from(["d.one", "d.two", "d.peace[A]", "d.peace[B]"])


@given(st.lists(st.tuples(NORMS, WORDS, st.booleans()), min_size=1, max_size=3))
@settings(max_examples=40)
def test_whatever_is_said_to_be_found_replays(wanted: list[tuple[str, str, bool]]) -> None:
    made = ground(CHAIN)
    claims = [Claim(*one) for one in wanted]
    proof = prove(made, claims, Budget(10))
    if proof.story is not None:
        assert proof.verdict is Verdict.FOUND
        assert replays(made.setting, proof.story)
    else:
        assert proof.verdict is not Verdict.FOUND
