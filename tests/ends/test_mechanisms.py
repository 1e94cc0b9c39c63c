"""Each mechanism in an agreement of a few lines: who can, who cannot, and how it is settled."""

import pytest

from servanda.ends.power import Power
from servanda.ends.result import Block
from servanda.ends.run import who_ends
from servanda.ends.told import lines
from servanda.library import InputError
from servanda.reason.acts import OUTSIDE
from servanda.reason.groups import Settled, least_settled
from tests.ends.small import answers, found, groups, loaded

SIGNED = "consent of {A, B} by {signs} withdrawn by {withdraws_consent}"
PEACE = """prohibition d.peace
  bearer each of {A, B}
  toward the other
  not attack by bearer on other
  from in_force
"""
LAW = """obligation d.law
  bearer A
  toward B
  achieve enacts by A act one
  from in_force
"""
OPEN = "  deadline unspecified\n"
GUARD = """guarantee d.guard
  bearer B
  beneficiary A
  from in_force
  trigger attack by B on A
  lapses when attack by A on B
"""


def block(text: str, instance: str, power: Power, in_force: str = "2026-02-01") -> Block:
    (one,) = [c for c in found(text, in_force=in_force).commitments if c.id == instance]
    (it,) = [b for b in one.blocks if b.power is power]
    return it


# --- ending and suspending ------------------------------------------------------------------------


def test_time_alone_ends_it_for_good() -> None:
    ends = found(PEACE + "  until 30 days after in_force\n")
    (answer,) = answers(ends, "d.peace[A]", "end")
    (way,) = answer.ways
    assert way.group == ()
    assert way.back is not None and way.back.for_good
    assert [e.what for e in way.events] == [
        "the day comes",
        "30 days pass, and nothing else happens",
    ]


def test_an_act_of_a_third_ends_it_early() -> None:
    ends = found(PEACE + "  until 30 days after in_force or accedes party B to Council\n")
    assert groups(ends, "d.peace[A]", "end") == [(), ("B",)]


def test_withdrawal_with_notice() -> None:
    text = PEACE + "  terminated when 30 days after withdraws_consent party bearer\n"
    ends = found(text, in_force=SIGNED)
    assert groups(ends, "d.peace[A]", "end") == [("A",)]
    assert groups(ends, "d.peace[B]", "end") == [("B",)]
    assert block(text, "d.peace[A]", Power.BLOCK_START, SIGNED).groups == (("A",), ("B",))


def test_without_an_exit_nobody_ends_it_and_that_is_proved() -> None:
    ends = found(PEACE)
    assert answers(ends, "d.peace[A]", "end") == []
    assert lines(ends) == {}


def test_the_breach_of_the_other_releases() -> None:
    ends = found(PEACE + "  released when d.peace[other] is breached\n")
    (answer,) = answers(ends, "d.peace[A]", "end")
    assert answer.groups == (("B",),)
    assert answer.settled is Settled.PROVED
    assert answer.ways[0].back is not None and answer.ways[0].back.for_good


def test_reciprocal_suspension_and_who_lifts_it() -> None:
    text = (
        PEACE
        + "  suspended while d.peace[other] is breached\n"
        + "  on breach cure within 10 days by forces_withdrawn of bearer from other\n"
    )
    (answer,) = answers(found(text), "d.peace[A]", "suspend")
    assert answer.groups == (("B",),)
    back = answer.ways[0].back
    assert back is not None and not back.for_good
    assert back.groups == (("B",),)  # whose cure it takes
    assert len(back.stories) == 1


def test_an_omission_is_the_doing_of_him_who_owes() -> None:
    text = PEACE + "  suspended while d.law is breached\n" + LAW + "  within 10 days of in_force\n"
    (answer,) = answers(found(text), "d.peace[B]", "suspend")
    assert answer.groups == (("A",),)
    assert answer.ways[0].acts == ()
    back = answer.ways[0].back
    assert back is not None and back.groups == (("A",),)  # by doing it late


def test_snapback_ends_what_was_given() -> None:
    text = (
        "obligation d.relief\n  bearer B\n  toward A\n  from in_force\n"
        "  achieve lifts_sanctions by B on A class goods\n  deadline unspecified\n"
        + PEACE
        + "effect d.snap\n  bearer B\n  from in_force\n"
        "  terminates fulfilled d.relief when d.peace[A] is breached\n"
    )
    ends = found(text)
    assert groups(ends, "d.relief", "end") == [("A",)]
    assert groups(ends, "d.relief", "undo") == [("B",)]  # it imposes them again


def test_what_is_suspended_by_a_decision() -> None:
    text = (
        "institution Council\n  members {A, B}\n  vote 2 of 2\n  competent for everything else\n"
        + LAW
        + OPEN
        + PEACE
        + "  suspends d.law when d.peace[bearer] is breached decided by Council\n"
    )
    ends = found(text)
    assert groups(ends, "d.law", "suspend") == [("A", "Council"), ("B", "Council")]
    (council,) = ends.seats
    assert council.carriers == (("A", "B"),)
    assert council.blockers == (("A",), ("B",))
    left = found(text.replace("decided by Council", "decided by unspecified"))
    assert groups(left, "d.law", "suspend") == []
    assert {n for a in answers(left, "d.law", "suspend") for n in a.open} == {"d.peace.decided_by"}


def test_a_law_that_is_repealed_is_undone() -> None:
    ends = found(LAW + "  deadline unspecified\n  reopens when repeals by A act one\n")
    (answer,) = answers(ends, "d.law", "undo")
    assert answer.groups == (("A",),)
    assert [e.ordinary for e in answer.ways[0].events] == [True, True, False]


# --- beginning, blocking --------------------------------------------------------------------------


def test_a_condition_precedent_is_blocked_by_not_performing() -> None:
    text = (
        LAW
        + OPEN
        + "obligation d.next\n  bearer B\n  achieve enacts by B act two\n"
        + "  from d.law is fulfilled\n"
        + OPEN
    )
    assert block(text, "d.next", Power.BLOCK_START).groups == (("A",),)
    assert block(text, "d.next", Power.BLOCK_FULFILMENT).groups == (("A",), ("B",))
    assert groups(found(text), "d.next", "start") == [("A",)]


def test_where_anybody_can_do_it_all_together_block_it() -> None:
    text = (
        "obligation d.body\n  bearer A\n  achieve establishes institution Council\n"
        "  from in_force\n  deadline unspecified\n"
    )
    assert groups(found(text), "d.body", "fulfil") == [("A",), ("B",), (OUTSIDE,)]
    assert block(text, "d.body", Power.BLOCK_FULFILMENT).groups == (("A", "B", OUTSIDE),)


def test_who_pays_into_a_sum_is_anybody_if_the_clause_does_not_say() -> None:
    text = (
        "obligation d.sum\n  bearer A\n  achieve sum of amount in (pays into B) at least 10 EUR\n"
        "  from in_force\n  deadline unspecified\n"
    )
    assert groups(found(text), "d.sum", "fulfil") == [("A",), ("B",), (OUTSIDE,)]
    named = found(text.replace("(pays into B)", "(pays from A into B)"))
    assert groups(named, "d.sum", "fulfil") == [("A",)]


def test_all_of_many_that_a_clause_names_are_tried() -> None:
    names = [f"N{n:02}" for n in range(12)]  # more than there are variants of a pattern
    text = "".join(f"party {name}\n" for name in names) + (
        f"{PEACE}  released when accedes party {{{', '.join(names)}}} to Council\n"
    )
    assert groups(found(text, "d.peace[A]"), "d.peace[A]", "end") == [(name,) for name in names]


def test_what_is_kept_is_undone_by_who_keeps_it_and_restored() -> None:
    text = (
        "obligation d.access\n  bearer B\n  toward A\n  from in_force\n"
        "  maintain grants_market_access by B to A\n  deadline unspecified\n"
    )
    (answer,) = answers(found(text), "d.access", "undo")
    assert answer.groups == (("B",),)
    back = answer.ways[0].back
    assert back is not None and back.groups == (("B",),)


def test_a_remedy_is_ended_once_it_has_begun() -> None:
    text = (
        PEACE
        + "obligation d.help\n  bearer B\n  achieve enacts by B act aid\n"
        + "  from d.peace[A] is breached\n  deadline unspecified\n"
        + "  released when forces_withdrawn of A from B\n"
    )
    (answer,) = answers(found(text), "d.help", "end")
    assert answer.begun  # no ordinary course breaches the peace
    assert answer.groups == (("A",),)
    assert [(e.type, e.ordinary) for e in answer.ways[0].events if e.type] == [
        ("attack", True),
        ("forces_withdrawn", False),
    ]


def test_what_was_called_for_is_called_for_no_more_by_who_leaves() -> None:
    text = (
        "state inside(X, Y)\n  begins when enters forces_of X territory_of Y\n"
        "  ends when forces_withdrawn of X from Y\n"
        "guarantee d.guard\n  bearer B\n  beneficiary A\n  from in_force\n"
        "  trigger inside(B, A)\n  decided by unspecified\n"
    )
    automatic = found(text, assume=["d.guard.decided_by=automatic"])
    for power in ("trigger", "invoke"):
        (answer,) = answers(automatic, "d.guard", power)
        assert answer.groups == (("B",),)
        back = answer.ways[0].back
        assert back is not None and back.groups == (("B",),), power


def test_a_circle_never_begins() -> None:
    text = (
        "obligation d.one\n  bearer A\n  achieve enacts by A act one\n  from d.two is active\n"
        "  deadline unspecified\n"
        "obligation d.two\n  bearer B\n  achieve enacts by B act two\n  from d.one is active\n"
        "  deadline unspecified\n"
    )
    (answer,) = answers(found(text), "d.one", "start")
    assert (answer.ways, answer.settled) == ((), Settled.PROVED)


# --- guarantees, bodies ---------------------------------------------------------------------------


def _council(rule: str) -> str:
    return f"institution Council\n{rule}  competent for everything else\n"


def test_nobody_decides_as_long_as_it_is_left_open() -> None:
    ends = found(GUARD + "  decided by unspecified\n")
    assert groups(ends, "d.guard", "trigger") == [("B",)]
    assert groups(ends, "d.guard", "forfeit") == [("A",)]
    assert groups(ends, "d.guard", "end") == groups(ends, "d.guard", "invoke") == []
    assert all(a.open == ("d.guard.decided_by",) for a in answers(ends, "d.guard", "end"))
    automatic = found(GUARD + "  decided by unspecified\n", assume=["d.guard.decided_by=automatic"])
    assert groups(automatic, "d.guard", "end") == [("A",)]


def test_a_vote_that_is_left_open_is_never_guessed() -> None:
    ends = found(
        _council("  vote unspecified\n  members {A, B}\n") + GUARD + "  decided by Council\n"
    )
    assert groups(ends, "d.guard", "end") == []
    assert {a.open for a in answers(ends, "d.guard", "end")} == {("Council.vote",)}
    (council,) = ends.seats
    assert (council.carriers, council.why) == (None, "Council.vote is left open")


VOTES = {
    "  members {A, B, C}\n  vote majority\n": (("A", "B"), ("A", "C"), ("B", "C")),
    "  members {A, B, C}\n  vote majority veto C\n": (("A", "C"), ("B", "C")),
    "  members {A, B, C}\n  vote two_thirds of members\n": (("A", "B"), ("A", "C"), ("B", "C")),
    "  members {A, B, C}\n  vote consensus\n": (("A", "B", "C"),),
    "  members {A, B, C}\n  vote 1 of 3\n  quorum 2\n": (("A", "B"), ("A", "C"), ("B", "C")),
    "  members {A, B, C}\n  vote silence 72 hours\n": (("A", "B", "C"),),
    "  members {A, B, C}\n  chair A\n  vote chair\n": (("A",),),
    "  members {A, B, C}\n  chair {A, B}\n  vote co_chairs\n": (("A", "B"),),
    "  members {A, B}\n  vote majority\n  casting vote A\n": (("A",),),
}


@pytest.mark.parametrize("rule", VOTES)
def test_seats_that_suffice_and_findings_that_stand(rule: str) -> None:
    text = "party C\n" + _council(rule) + GUARD + "  decided by Council\n"
    ends = found(text)
    (council,) = ends.seats
    assert council.carriers == VOTES[rule]
    assert groups(ends, "d.guard", "end") == [("A", "Council"), ("Council",)]
    assert groups(ends, "d.guard", "invoke") == [("B", "Council"), ("Council",)]
    assert ends.undecided == ()
    assert len(ends.commitments) == 1
    alone = {actor: {a.power for a in listed if a.through} for actor, listed in ends.alone.items()}
    mighty = {group[0] for group in VOTES[rule] if len(group) == 1}
    assert {a for a, powers in alone.items() if Power.END in powers} == mighty


def test_a_body_that_is_not_set_up_finds_nothing() -> None:
    text = (
        _council("  members {A, B}\n  vote 2 of 2\n  established by d.body\n")
        + "obligation d.body\n  bearer A\n  achieve establishes by A institution Council\n"
        + "  from in_force\n  deadline unspecified\n"
        + GUARD
        + "  decided by Council\n"
    )
    blocked = block(text, "d.guard", Power.BLOCK_INVOCATION)
    assert blocked.groups == (("A",), ("Council",))
    (way, *_) = answers(found(text), "d.guard", "end")[0].ways
    assert way.group == ("A", "Council")
    assert sum(e.ordinary for e in way.events) == 2  # the day comes, and the body is set up


def test_a_finding_with_its_whole_procedure() -> None:
    rule = (
        "  members {A, B}\n  vote 2 of 2\n  complaints by {A}\n  acknowledges within 2 days\n"
        "  notice within 3 days\n  reply within 10 days\n"
    )
    ends = found(_council(rule) + GUARD + "  decided by Council\n")
    assert ends.undecided == ()
    assert groups(ends, "d.guard", "invoke") == [("A", "B", "Council"), ("A", "Council")]


# --- readings, names ------------------------------------------------------------------------------

RELEASE = """term release "whether the other is free"
  reading for_good
  reading never
  decided by unspecified
"""


def test_an_answer_for_each_reading_that_differs() -> None:
    text = RELEASE + PEACE + "  released when release is for_good and d.peace[other] is breached\n"
    listed = answers(found(text), "d.peace[A]", "end")
    assert {(a.groups, a.readings) for a in listed} == {
        ((("B",),), ((("release", "for_good"),),)),
        ((), ((("release", "never"),),)),
    }
    fixed = found(text, readings={"release": "never"})
    assert groups(fixed, "d.peace[A]", "end") == []


def test_an_act_without_a_name_and_one_with_a_false_name() -> None:
    ends = found(PEACE)
    (one,) = [a for a in ends.attribution if a.instance == "d.peace[A]"]
    assert (one.power, one.to, one.actor) == ("breach", ("A",), "A")
    nobody, accused, two = ({n for n, holds in t.under if holds} for t in one.told)
    assert nobody == set()
    assert accused == {"any_claim", "party:B"}
    assert two == {"any_claim", "corroborated", "third_party"}
    own = found(PEACE, standard="third_party")
    assert {n for a in own.attribution for t in a.told for n, _ in t.under} == {"third_party"}


def test_one_side_that_says_so_is_no_body() -> None:
    """Nobody but the victim could say so: a body takes no side."""
    ends = found(PEACE + "  suspended while d.peace[other] is breached\n")
    told = {(a.power, a.instance): a.told[1] for a in ends.attribution}
    assert {key: one.by for key, one in told.items()} == {
        ("breach", "d.peace[A]"): "B",
        ("breach", "d.peace[B]"): "A",
        ("suspend", "d.peace[A]"): "A",
        ("suspend", "d.peace[B]"): "B",
    }
    for (_, _), one in told.items():
        assert {n for n, holds in one.under if holds} == {"any_claim", f"party:{one.by}"}


def test_a_clause_without_a_doer_is_met_by_an_act_of_nobody() -> None:
    text = "prohibition d.quiet\n  bearer A\n  not attack on B\n  from in_force\n"
    told = [a.told[0].under for a in found(text).attribution]
    assert all(dict(under)["corroborated"] for under in told)


# --- mirrored, undecided, bad input ---------------------------------------------------------------


def test_mirrored_parties_have_mirrored_powers() -> None:
    text = (
        PEACE
        + "  released when d.peace[other] is breached\n"
        + LAW
        + "  within 9 days of in_force\n"
        + GUARD
        + "  decided by unspecified\n"
    )
    swap = {"A": "B", "B": "A"}
    mirrored = text
    for old, new in (("by A ", "by @ "), ("by B ", "by A "), ("by @ ", "by B "), ("on A", "on @"),
                     ("on B", "on A"), ("on @", "on B"), ("bearer A", "bearer @"),
                     ("bearer B", "bearer A"), ("bearer @", "bearer B"), ("toward B", "toward A"),
                     ("beneficiary A", "beneficiary B")):  # fmt: skip
        mirrored = mirrored.replace(old, new)

    def said(text: str, names: dict[str, str]) -> set[tuple[object, ...]]:
        return {
            (
                one.norm,
                tuple(names.get(b, b) for b in one.bearers),
                a.power,
                frozenset(frozenset(names.get(p, p) for p in g) for g in a.groups),
                tuple(len(way.events) for way in a.ways),
            )
            for one in found(text).commitments
            for a in one.answers
        }

    assert said(text, swap) == said(mirrored, {})


def test_without_time_nothing_is_claimed() -> None:
    ends = who_ends(loaded(PEACE + "  suspended while d.peace[other] is breached\n"), seconds=0)
    open_ = [a for c in ends.commitments for a in c.answers if a.settled is not Settled.PROVED]
    assert open_
    assert all(a.settled is Settled.UNDECIDED and a.doubt for a in open_)
    assert ends.undecided
    assert lines(ends) == {"d.peace": ["not decided: suspend"]}  # no way that a comparison misses


def test_several_are_settled_as_little_as_the_least_of_them() -> None:
    proved, searched, undecided = Settled.PROVED, Settled.SEARCHED, Settled.UNDECIDED
    assert least_settled([proved, undecided, searched]) is undecided
    assert least_settled([searched, proved]) is searched
    assert least_settled([proved]) is proved


def test_a_block_is_as_certain_as_the_list_of_the_ways_past_it() -> None:
    """What the search does not know the meaning of is searched in vain, and never proved absent."""
    text = (
        "obligation d.both\n  bearer A\n  from in_force\n  deadline unspecified\n"
        "  achieve enacts by A act one or eventually (enacts by B act two)\n"
    )
    (one,) = found(text).commitments
    (answer,) = [a for a in one.answers if a.power is Power.FULFIL]
    (block,) = [b for b in one.blocks if b.power is Power.BLOCK_FULFILMENT]
    assert (answer.groups, block.groups) == ((("A",),), (("A",),))
    assert block.settled is answer.settled is Settled.SEARCHED
    told = [a for a in found(text).alone["A"] if a.power is Power.BLOCK_FULFILMENT]
    assert [a.settled for a in told] == [answer.settled]


def test_a_misspelt_norm_gets_a_hint() -> None:
    with pytest.raises(InputError, match=r"Did you mean d\.peace\?"):
        found(PEACE, "d.peece")
    with pytest.raises(InputError, match=r"Did you mean d\.peace\[A\]\?"):
        found(PEACE, "d.peace[AA]")
    with pytest.raises(InputError, match="as a whole"):
        found(LAW + OPEN, assume=["d.law[A].deadline=2026-05-01"])
    assert [c.id for c in found(PEACE, "d.peace[B]").commitments] == ["d.peace[B]"]
