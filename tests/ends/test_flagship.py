"""The flagship, norm by norm: what its list of norms says by hand is what comes out.

Each row quotes the words of the list (column and text) from which the answer is derived, and says
how.  A second test holds that the words stand there.
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from servanda import library
from servanda.ends.power import Power
from servanda.ends.result import Answer, Ends
from servanda.ends.run import who_ends
from servanda.reason.acts import OUTSIDE
from servanda.reason.doers import EVENTS

AUTOMATIC = ("p10.guarantee.decided_by=automatic",)
BOTH, US, EUROPE = ("Russia", "Ukraine"), "United_States", "Europe"
ANYBODY = {(EUROPE,), ("Russia",), ("Ukraine",), (US,), (OUTSIDE,)}
ENDING = (Power.END, Power.SUSPEND, Power.UNDO)


@dataclass(frozen=True)
class Derived:
    """`quoted`: column and words of the row of the norm; `why` derives the groups from them."""

    instance: str
    power: Power
    groups: Collection[tuple[str, ...]]
    quoted: tuple[str, str]
    why: str
    readings: Mapping[str, str] = field(default_factory=dict)
    assumed: bool = False  # with the guarantee's decider assumed to be automatic


P = Power
DERIVED = [
    # --- guarantee ---
    Derived(
        "p10.guarantee", P.TRIGGER, {("Russia",)}, ("ends on, notes", "rule 8"),
        "rule 8: “an invasion of Ukraine by Russia”: an act of Russia, of nobody else",
    ),
    Derived(
        "p10.guarantee", P.FORFEIT, {("Ukraine",)}, ("ends on, notes", "p22_exception"),
        "rule 8: by Ukraine's invasion or missile; p22 breacher_only: by Ukraine's breach",
        {"p22_exception": "breacher_only"},
    ),
    Derived(
        "p10.guarantee", P.FORFEIT, {("Ukraine",), ("Russia",)},
        ("ends on, notes", "p22_exception"),
        "either: a breach of p22 by Russia forfeits it as well",
        {"p22_exception": "either"},
    ),
    Derived(
        "p10.guarantee", P.END, set(), ("ends on, notes", "rule 8"),
        "rule 8: lapsed needs a finding by the decider; it is unspecified: nobody",
    ),
    Derived(
        "p10.guarantee", P.END, {("Ukraine",)}, ("ends on, notes", "rule 8"),
        "rule 8: with automatic the forfeiture acts at once",
        {"p22_exception": "breacher_only"}, True,
    ),
    Derived(
        "p10.guarantee", P.INVOKE, {("Russia",)}, ("ends on, notes", "rule 8"),
        "rule 8: with automatic the trigger acts at once", {}, True,
    ),
    # --- snapback ---
    Derived(
        "p10.response", P.END, {("Russia",), ("Ukraine",)}, ("from", "p10.guarantee invoked"),
        "rule 8: an unfulfilled response ends when the invasion ends (Russia leaves), and with a "
        "lapse during it (Ukraine forfeits)",
        {"p22_exception": "breacher_only"}, True,
    ),
    Derived(
        "p10.sanctions_return[United_States]", P.START, {(*BOTH, US)},
        ("from", "p10.guarantee invoked"),
        "both consent, the holder lifts, Russia invades",
        {"consent_of": "both"}, True,
    ),
    Derived(
        "p10.sanctions_return[United_States]", P.FULFIL, {("Russia", US)},
        ("fulfilled by", "reinstates_sanctions by the holder"),
        "Russia invades, the holder has lifted and reinstates; consents are given", {}, True,
    ),
    Derived(
        "p21.recognition[United_States,Crimea]", P.END, {(US,)},
        ("ends on, notes", "revokes_recognition"),
        "its holder revokes it; p10.recognition_ends waits for a decider",
    ),
    Derived(
        "p21.recognition[United_States,Crimea]", P.END, {(US,), ("Russia",)},
        ("ends on, notes", "terminated by p10.recognition_ends or revokes_recognition"),
        "as before, and by the invasion that invokes the guarantee", {}, True,
    ),
    Derived(
        "p21.recognition[United_States,Crimea]", P.SUSPEND, {("Russia",)},
        ("fulfilled by", "recognises territory as de_facto"),
        "settlement: while invoked, recognitions not yet given are suspended", {}, True,
    ),
    # --- funds ---
    Derived(
        "p14.us_led_investment", P.FULFIL, {("Frozen_Assets",)},
        ("fulfilled by", "pays into us_led_investment"),
        "the payer is the holding; who holds it is not said",
    ),
    Derived(
        "p14.european_contribution", P.FULFIL, {(EUROPE,)},
        ("fulfilled by", "pays into us_led_investment by Europe"), "its own payment",
    ),
    Derived(
        "p14.unfreezing[Europe]", P.FULFIL, {(EUROPE,)},
        ("fulfilled by", "unfreezes by the holder"), "the holder's own act",
    ),
    Derived(
        "p14.joint_vehicle", P.FULFIL, ANYBODY,
        ("fulfilled by", "establishes joint_vehicle and pays"),
        "neither clause names who establishes or pays: one can do both",
    ),
    Derived(
        "p14.profit_share", P.START, {(EVENTS,)}, ("from", "profit realised"),
        "a profit is measured; a fund does nothing: no actor is named",
    ),
    # --- council ---
    Derived(
        "p27.council", P.FULFIL, ANYBODY, ("fulfilled by", "establishes Peace_Council"),
        "the clause names no doer: not the bearer alone",
    ),
    Derived(
        "p27.sanctions_for_breach", P.START, {BOTH}, ("from", "p27.council fulfilled"),
        "both consent, and one of them can set the Council up",
        {"consent_of": "both"},
    ),
    # --- elections ---
    Derived(
        "p25.elections", P.START, {BOTH}, ("from", "clock_start"), "in force by both consents",
        {"consent_of": "both", "clock_start": "on_agreement"},
    ),
    Derived(
        "p25.elections", P.START, {BOTH}, ("from", "clock_start"),
        "the ceasefire, after both have pulled back",
        {
            "consent_of": "both",
            "clock_start": "on_ceasefire",
            "ceasefire_start": "after_withdrawal",
        },
    ),
    Derived(
        "p25.elections", P.START, {("Europe", "Russia", "Ukraine", US)}, ("from", "clock_start"),
        "all four sign", {"consent_of": "all", "clock_start": "on_signature"},
    ),
    Derived(
        "p25.elections", P.FULFIL, {("Ukraine",)}, ("fulfilled by", "holds_elections by Ukraine"),
        "its own act",
    ),
    # --- detainees ---
    *(
        Derived(
            f"p24.detainees[{holder},{category}]", power, {(holder,)},
            ("fulfilled by", "tally: nothing outstanding"),
            "the tally of the holder: what it holds is its doing; it reopens when somebody is held",
        )
        for holder in BOTH
        for category in ("civilian_internee", "transferred_child")
        for power in (P.FULFIL, P.UNDO)
    ),
    # --- a benefit that is kept ---
    Derived(
        "p11.market_access", P.END, {("Ukraine",)}, ("ends on, notes", "until accedes Ukraine"),
        "its accession ends the access",
    ),
    Derived(
        "p11.market_access", P.UNDO, {("European_Union",)},
        ("ends on, notes", "access granted and not ended"), "the giver ends what it granted",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def as_it_stands() -> Ends:
    return who_ends(library.load("ukraine-28-point"), attribution=False)


def answers(ends: Ends, instance: str, power: Power) -> list[Answer]:
    return [a for c in ends.commitments if c.id == instance for a in c.of(power)]


def groups(
    ends: Ends, instance: str, power: Power, readings: Mapping[str, str]
) -> set[tuple[str, ...]]:
    """The groups under some readings, whatever the clause; none that is no answer at all."""
    found = [
        answer
        for answer in answers(ends, instance, power)
        if not answer.readings or any(_agrees(dict(one), readings) for one in answer.readings)
    ]
    assert found, (instance, power, readings)
    return {group for answer in found for group in answer.groups}


def _agrees(one: Mapping[str, str], readings: Mapping[str, str]) -> bool:
    return all(readings.get(term, name) == name for term, name in one.items())


@pytest.mark.parametrize(
    "case", DERIVED, ids=lambda c: f"{c.instance} {c.power}{' automatic' * c.assumed} {len(c.why)}"
)
def test_it_is_as_the_list_of_norms_says(case: Derived, as_it_stands: Ends) -> None:
    ends = as_it_stands
    if case.assumed:
        lib = library.load("ukraine-28-point")
        ends = who_ends(lib, case.instance, assume=AUTOMATIC, attribution=False)
    assert groups(ends, case.instance, case.power, case.readings) == set(case.groups), case.why


def test_the_words_that_are_quoted_stand_in_the_list(shared: Path) -> None:
    with (shared / "plan" / "norms.tsv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file, delimiter="\t")}
    for case in DERIVED:
        column, words = case.quoted
        assert words in rows[case.instance.split("[")[0]][column], case.instance


@pytest.mark.parametrize(
    "norm",
    [
        *("p14.us_led_investment", "p14.european_contribution", "p14.profit_share"),
        *("p14.unfreezing", "p14.joint_vehicle", "p25.elections", "p27.council"),
        "p27.sanctions_for_breach",
    ],
)
def test_no_clause_ends_or_suspends_them(norm: str, as_it_stands: Ends) -> None:
    """Their rows have nothing under “ends on”, and payments, meetings and votes are not undone."""
    mine = [one for one in as_it_stands.commitments if one.norm == norm]
    assert mine
    assert [answer for one in mine for answer in one.of(*ENDING)] == []


def test_who_holds_up_what_the_funds_and_the_council_wait_for(as_it_stands: Ends) -> None:
    """Whoever has a hand in every way: the payer; where anybody may, only all together."""
    blocks = {
        one.id: block.groups
        for one in as_it_stands.commitments
        for block in one.blocks
        if block.power is Power.BLOCK_FULFILMENT
    }
    assert blocks["p14.european_contribution"] == ((EUROPE,),)
    assert blocks["p14.us_led_investment"] == (("Frozen_Assets",),)
    assert blocks["p25.elections"] == (("Ukraine",),)
    everybody = tuple(sorted(group for (group,) in ANYBODY))
    assert blocks["p27.council"] == blocks["p14.joint_vehicle"] == (everybody,)
