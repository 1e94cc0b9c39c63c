"""What looks back over time at states: each of these texts once hung, failed or came too late."""

from typing import Any

import pytest

from servanda import asking, library
from servanda.engine.question import REFERENCE
from servanda.evidence.instant import iso
from tests.engine.columns.strata_texts import TOWNS
from tests.support.engines import in_columns

ATTACK = {"type": "attack", "args": {"by": "B", "on": "A"}}
ENACTS = {"type": "enacts", "args": {"by": "A", "act": "answer"}}
ANSWER = (
    'obligation one "answers"\n  bearer A\n  achieve enacts by A act answer\n  from {}\n  {}\n\n'
)
RIGHT = 'right two "defends itself"\n  bearer A\n  may attack by A on B\n  from in_force\n  {}\n'


def history(
    text: str,
    norm: str,
    engine: str,
    *acts: tuple[str, dict[str, Any]],
    standard: str = "any_claim",
) -> list[tuple[str, str]]:
    """The instants at which the shown state of a norm changes, and what it is then."""
    rows = [{"id": f"r{n}", "at": at, "source": "B", **act} for n, (at, act) in enumerate(acts)]
    asked, refused = asking.question(
        library.from_text(TOWNS + text),
        rows,
        as_of="2000-03-01",
        standard=standard,
        engine=engine,
    )
    assert not refused
    with in_columns():
        (one,) = asked.run(standard, {}).histories(norm)
    return [(iso(at), state) for at, state, _ in one.shown()]


both = pytest.mark.parametrize("engine", ["columnar", REFERENCE])


@both
def test_what_always_held_begins_no_time(engine: str) -> None:
    text = ANSWER.format("in_force", "within 3 days of not attack by B on A")
    assert history(text, "one", engine) == [("1999-12-31T22:00:00Z", "active")]


@both
def test_a_window_within_a_window_looks_as_far_back_as_both(engine: str) -> None:
    text = ANSWER.format("attack by B on A", "deadline unspecified") + RIGHT.format(
        "suspended while historically [1 hours, 30 hours] "
        "(historically [1 hours, 30 hours] (one is active))\n"
        "  until one is fulfilled or two is breached"
    ).replace("deadline unspecified", "deadline unspecified\n  until two is terminated")
    assert history(text, "two", engine, ("2000-01-02T00:00:00Z", ATTACK)) == [
        ("1999-12-31T22:00:00Z", "active"),
        ("2000-01-04T12:00:00Z", "suspended"),
    ]


@both
def test_a_window_that_holds_now_sees_what_begins_now(engine: str) -> None:
    text = ANSWER.format("attack by B on A", "deadline unspecified").replace(
        "deadline unspecified",
        "deadline unspecified\n  until once [1 days, *] (two is suspended)",
    ) + RIGHT.format("suspended while once [0 hours, 48 hours] (one is active)")
    assert history(text, "two", engine, ("2000-01-02T00:00:00Z", ATTACK)) == [
        ("1999-12-31T22:00:00Z", "active"),
        ("2000-01-02T00:00:00Z", "suspended"),
        ("2000-01-05T00:00:00Z", "active"),
    ]


@both
def test_a_state_that_cannot_come_about_may_be_asked_for_in_a_circle(engine: str) -> None:
    text = ANSWER.format("in_force", "deadline unspecified").replace(
        "deadline unspecified", "deadline unspecified\n  suspended while two is expired"
    ) + RIGHT.format("suspended while one is fulfilled")
    assert history(text, "two", engine, ("2000-01-02T00:00:00Z", ENACTS)) == [
        ("1999-12-31T22:00:00Z", "active"),
        ("2000-01-02T00:00:00Z", "suspended"),
    ]


@both
def test_what_is_done_is_not_undone_by_what_only_lasts(engine: str) -> None:
    text = ANSWER.format("in_force", "deadline unspecified\n  reopens when in_force")
    assert history(
        text, "one", engine, ("2000-01-02T00:00:00Z", ENACTS), ("2000-01-03T00:00:00Z", ATTACK)
    ) == [("1999-12-31T22:00:00Z", "active"), ("2000-01-02T00:00:00Z", "fulfilled")]


@both
def test_an_act_that_is_admitted_brings_its_consequence_when_it_is_done(engine: str) -> None:
    text = ANSWER.format("in_force", "deadline unspecified") + RIGHT.format(
        "terminates one when attack by B on A"
    )
    attack = ("2000-01-02T00:00:00Z", ATTACK)
    assert history(text, "one", engine, attack, standard="corroborated") == [
        ("1999-12-31T22:00:00Z", "active"),
        ("2000-01-02T00:00:00Z", "terminated"),
    ]


@both
def test_what_is_to_be_kept_fails_by_an_act_that_is_admitted_when_it_is_done(engine: str) -> None:
    text = (
        'obligation one "keeps"\n  bearer B\n  maintain not attack by B on A\n  from in_force\n'
        "  suspended while two is suspended\n\n"
    ) + RIGHT.format("suspended while once [1 hours, 2 hours] (one is breached)")
    attack = ("2000-01-02T00:00:00Z", ATTACK)
    assert history(text, "one", engine, attack, standard="corroborated")[:3] == [
        ("1999-12-31T22:00:00Z", "active"),
        ("2000-01-02T00:00:00Z", "breached"),
        ("2000-01-02T00:00:00.000001Z", "cured"),
    ]


@both
def test_an_act_is_judged_by_states_that_are_worked_out_with_it(engine: str) -> None:
    text = (
        ANSWER.format("in_force", "deadline unspecified\n  suspended while two is breached")
        + 'prohibition two "no attack"\n  bearer B\n  not attack by B on A and one is active\n'
        "  from in_force\n"
    )
    acts = ("2000-01-10T00:00:00Z", ATTACK), ("2000-01-12T00:00:00Z", ENACTS)
    assert history(text, "two", engine, *acts) == [
        ("1999-12-31T22:00:00Z", "active"),
        ("2000-01-10T00:00:00Z", "breached"),
    ]


@both
def test_what_was_so_from_the_first_was_always_so(engine: str) -> None:
    text = ANSWER.format("not attack by B on A", "deadline unspecified") + RIGHT.format(
        "suspended while historically (one is active)"
    )
    assert history(text, "two", engine, ("2000-01-02T00:00:00Z", ENACTS)) == [
        ("1999-12-31T22:00:00Z", "suspended")
    ]


def test_what_failed_from_the_first_is_dated_by_the_first_day_that_can_be_written() -> None:
    text = (
        'obligation one "keeps"\n  bearer A\n  maintain enacts by A act answer\n'
        "  from not attack by B on A\n"
    )
    (norm,) = asking.assess(library.from_text(TOWNS + text), [], as_of="2000-03-01")["norms"]
    assert norm["state"] == "breached"
    assert norm["breaches"][0]["at"] == "0001-01-02T00:00:00Z"
