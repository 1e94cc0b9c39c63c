"""The bundled agreements: what their norms say by hand is what comes out.

For the flagship the expectations are read off its list of norms: rule 8 (the guarantee: trigger by
an invasion, forfeiture by three acts, no decider), rule 9 (snapback), point 21 (recognition ends by
its holder), point 11 (access until accession), and which acts take back what was given.
"""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from servanda import library
from servanda.ends.plain import plain
from servanda.ends.power import Power
from servanda.ends.result import Answer, Ends
from servanda.ends.run import who_ends
from servanda.reason.groups import Settled
from servanda.reason.setting import Setting

DECIDED = ("p10.guarantee.decided_by=Peace_Council", "Peace_Council.vote=5 of 7")
RECOGNISED = [f"p21.recognition[United_States,{t}]" for t in ("Crimea", "Luhansk", "Donetsk")]


@pytest.fixture(scope="module")
def flagship() -> Ends:
    return who_ends(library.load("ukraine-28-point"))


@pytest.fixture(scope="module")
def decided() -> Ends:
    return who_ends(library.load("ukraine-28-point"), assume=DECIDED, attribution=False)


def groups(ends: Ends, instance: str, power: Power) -> set[tuple[str, ...]]:
    return {g for a in answers(ends, instance, power) for g in a.groups}


def answers(ends: Ends, instance: str, power: Power) -> list[Answer]:
    return [a for c in ends.commitments if c.id == instance for a in c.of(power)]


def test_only_russia_calls_for_the_guarantee_and_nobody_invokes_it(flagship: Ends) -> None:
    assert groups(flagship, "p10.guarantee", Power.TRIGGER) == {("Russia",)}
    for power in (Power.INVOKE, Power.END):
        found = answers(flagship, "p10.guarantee", power)
        assert found
        assert all(a.groups == () and a.open == ("p10.guarantee.decided_by",) for a in found)


def test_ukraine_alone_forfeits_it_in_three_ways_and_russia_under_one_reading(
    flagship: Ends,
) -> None:
    found = answers(flagship, "p10.guarantee", Power.FORFEIT)
    by_ukraine = [a for a in found if a.groups == (("Ukraine",),)]
    assert [[e.type for e in a.ways[0].acts] for a in by_ukraine] == [
        ["enters"],
        ["attack"],
        ["attack", "control_change"],  # or it enters there: one is as short as the other
    ]
    assert all(a.readings == () for a in by_ukraine)
    (by_russia,) = [a for a in found if a.groups == (("Russia",),)]
    assert by_russia.readings == ((("p22_exception", "either"),),)
    assert "p22" in by_russia.cause


def test_snapback_waits_for_somebody_who_decides(flagship: Ends, decided: Ends) -> None:
    returns = "p10.sanctions_return[United_States]"
    for instance in (returns, "p10.response"):
        (start,) = answers(flagship, instance, Power.START)
        assert (start.groups, start.open) == ((), ("p10.guarantee.decided_by",))
        assert answers(decided, instance, Power.START)[0].groups != ()
    for name in RECOGNISED:
        ended = {(a.clause, a.groups, a.open) for a in answers(flagship, name, Power.END)}
        assert ended == {
            ("terminated when", (("United_States",),), ()),
            ("p10.recognition_ends[United_States] terminates", (), ("p10.guarantee.decided_by",)),
        }
        (suspended,) = answers(flagship, name, Power.SUSPEND)
        assert suspended.open == ("p10.guarantee.decided_by",)
        assert groups(decided, name, Power.END) == {("United_States",), ("Peace_Council",)}


def test_a_decided_guarantee_needs_the_council_for_whatever_ends_it(decided: Ends) -> None:
    ends = groups(decided, "p10.guarantee", Power.END)
    assert ends == {
        ("Peace_Council",),
        ("Peace_Council", "Ukraine"),
        ("Peace_Council", "Russia"),
    }
    assert all(w.back and w.back.for_good for a in answers(decided, "p10.guarantee", Power.END)
               for w in a.ways)  # fmt: skip
    assert groups(decided, "p10.guarantee", Power.INVOKE) == {
        ("Peace_Council",),
        ("Peace_Council", "Russia"),
    }
    (council,) = [s for s in decided.seats if s.body == "Peace_Council"]
    assert (council.rule, council.carriers) == ("5 of 7", None)
    assert council.why == "who sits in Peace_Council is not said"


def test_what_each_can_end_or_take_back_alone(flagship: Ends) -> None:
    def can(actor: str, power: Power) -> list[str]:
        return list(dict.fromkeys(a.instance for a in flagship.alone[actor] if a.power is power))

    assert can("Ukraine", Power.END) == ["p11.market_access"]
    assert can("United_States", Power.END) == RECOGNISED
    assert can("Russia", Power.END) == can("Europe", Power.END) == []
    assert all(can(actor, Power.SUSPEND) == [] for actor in flagship.alone)
    assert "p7.constitution" in can("Ukraine", Power.UNDO)
    assert "p16.non_aggression_law" in can("Russia", Power.UNDO)
    assert "p13.sanctions_relief[United_States,first_class]" in can("United_States", Power.UNDO)
    for party in ("Russia", "Ukraine"):
        blocked = can(party, Power.BLOCK_START)
        assert {"p1.sovereignty", "p28.ceasefire[Russia]", "p28.ceasefire[Ukraine]"} <= set(blocked)
    assert can("NATO", Power.BLOCK_FULFILMENT) == ["p7.nato_decision"]
    assert can("Japan", Power.BLOCK_FULFILMENT) == ["p13.g8[Japan]"]


def test_nobody_ends_the_ceasefire(flagship: Ends) -> None:
    for bearer in ("Russia", "Ukraine"):
        for power in (Power.END, Power.SUSPEND):
            assert answers(flagship, f"p28.ceasefire[{bearer}]", power) == []


def test_the_ceasefire_begins_later_where_both_have_to_pull_back_first() -> None:
    lib, norm = library.load("ukraine-28-point"), "p28.ceasefire[Russia]"
    acts = {}
    for reading in ("on_agreement", "after_withdrawal"):
        fixed = {"ceasefire_start": reading, "consent_of": "both"}
        ends = who_ends(lib, norm, fixed, attribution=False)
        (start,) = answers(ends, norm, Power.START)
        assert start.groups == (("Russia", "Ukraine"),)
        acts[reading] = sorted(str(e.type) for e in start.ways[0].events)
    assert acts["on_agreement"] == ["agrees"]
    assert acts["after_withdrawal"] == ["agrees", "forces_withdrawn", "forces_withdrawn"]


def test_an_act_of_nobody_does_nothing_here_but_to_the_ban_on_troops(flagship: Ends) -> None:
    nobody = {
        a.instance: {n for n, holds in a.told[0].under if holds} for a in flagship.attribution
    }
    assert {i for i, under in nobody.items() if under} == {"p8.no_troops[NATO]"}
    false = [a for a in flagship.attribution if (a.power, a.actor) == ("forfeit", "Ukraine")]
    assert all(a.to == ("Ukraine",) for a in false)
    one_side = [dict(a.told[1].under) for a in false]
    assert all(u["any_claim"] and not u["corroborated"] and not u["findings"] for u in one_side)


def test_every_can_is_borne_out_by_the_evaluator_and_nothing_is_left_undecided(
    flagship: Ends,
) -> None:
    """Each story is replayed once more, from its records alone."""
    from servanda.engine.question import REFERENCE, Inputs, Question
    from servanda.reason.replay import standing

    lib = library.load("ukraine-28-point")
    base = Question.of(Inputs(lib.agreement, lib.atlas, sources=lib.sources, engine=REFERENCE))
    told = [w.story for c in flagship.commitments for a in c.answers for w in a.ways]
    assert len(told) > 200
    seen: dict[str, Any] = {}
    for story in told:
        key = repr((story.rows, story.as_of, story.readings))
        if key not in seen:
            setting = Setting(base, dict(story.readings))
            seen[key] = standing(setting, story.rows, story.as_of)
        assert all(map(seen[key].holds, story.shows)), story.told
    assert flagship.undecided == flagship.readings_cut == ()
    loose = [
        (c.id, a.power) for c in flagship.commitments for a in c.answers
        if a.settled is not Settled.PROVED
    ]  # fmt: skip
    assert loose == [("p21.relinquish", Power.FULFIL)]  # a list that is left open


@pytest.mark.parametrize(
    ("name", "norm", "reading"),
    [
        ("energy-moratorium-2025", "pause.no_strikes", ("release", "for_good")),
        ("easter-truce-2025", "truce.no_combat", ("answer", "released")),
    ],
)
def test_the_truces_end_by_time_and_under_one_reading_by_the_other(
    name: str, norm: str, reading: tuple[str, str]
) -> None:
    ends = who_ends(library.load(name))
    assert ends.undecided == ()
    for bearer, other in (("Russia", "Ukraine"), ("Ukraine", "Russia")):
        found = answers(ends, f"{norm}[{bearer}]", Power.END)
        assert ((), ()) in {(a.groups[0] if a.groups else None, a.readings) for a in found}
        (early,) = [a for a in found if a.groups == ((other,),)]
        assert early.readings == ((reading,),)


def test_minsk_2_is_held_up_by_each_of_the_three() -> None:
    ends = who_ends(library.load("minsk-2-2015"), "p9", seconds=30)
    (group,) = [s for s in ends.seats if s.body == "Contact_Group"]
    assert group.blockers == (("OSCE",), ("Russia",), ("Ukraine",))
    assert ends.undecided == ()


def test_the_schema_holds(flagship: Ends, decided: Ends) -> None:
    schema = json.loads((files("servanda") / "schemas" / "ends-1.json").read_text())
    lib = library.load("ukraine-28-point")
    for found, assume in ((flagship, ()), (decided, DECIDED)):
        jsonschema.validate(plain(lib, found, {}, assume), schema)


def test_the_same_input_gives_the_same_data(flagship: Ends) -> None:
    lib = library.load("ukraine-28-point")
    again = who_ends(lib)
    assert json.dumps(plain(lib, again, {}, ())) == json.dumps(plain(lib, flagship, {}, ()))
