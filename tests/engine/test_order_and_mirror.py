"""An assessment depends on what is known, not on the order in which it is told; and mirrored facts
give a mirrored result wherever the clauses mirror (vocabulary, rule 17)."""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import servanda
from servanda import library
from servanda.evidence.mirror import mirrored, swap
from servanda.evidence.read import Records, read_text

LIB = library.load("ukraine-28-point")
SIDES = ("Russia", "Ukraine")
SPEAKERS = (*SIDES, "TASS", "Ukrinform", "United_States", "Germany", "Reuters", "AFP")
NAMES = {**swap("Russia", "Ukraine"), **swap("TASS", "Ukrinform")}
TIMES = (
    "2026-01-20",
    "2026-02-01T10:00:00Z",
    "2026-02-01T10Z",
    "2026-02-01",
    "2026-02",
    "2026-03-05",
)
ASSUMED = (
    "Peace_Council.vote=5 of 7",
    "p28.pull_back.deadline=2026-02-15",
    "p20.education.deadline=30 days after in_force",
)
# Made anew each time and not shrunk: a course of events takes a while to assess.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SYMMETRIC = ("p28", "p22.no_change_by_force", "p21.frozen_lines", "p24", "p20.education", "p26")


def other(side: str) -> str:
    return "Ukraine" if side == "Russia" else "Russia"


@st.composite
def acts(draw: st.DrawFn) -> dict[str, Any]:
    side = draw(st.sampled_from(SIDES))
    by = draw(st.sampled_from((side, side, side, "unattributed")))
    kind, args = draw(
        st.sampled_from(
            (
                ("attack", {"by": by, "on": other(side), "weapon": "drone"}),
                ("attack", {"by": by, "on": other(side)}),
                ("enters", {"forces_of": side, "territory_of": other(side), "people": 2000}),
                ("forces_withdrawn", {"of": side, "from": other(side)}),
                ("forces_withdrawn", {"of": side, "from": "agreed_points"}),
                ("control_change", {"place": "Kherson", "from": other(side), "to": side}),
                ("enacts", {"by": side, "act": "amnesty"}),
                ("enacts", {"by": side, "act": "education_programme"}),
                ("repeals", {"by": side, "act": "education_programme"}),
                ("prosecutes", {"by": side, "conduct_of": other(side), "for": "act_of_war"}),
                ("tally", {"holder": side, "category": "remains", "listed": 4, "returned": 4}),
                ("tally", {"holder": side, "category": "remains", "listed": 5, "returned": 4}),
            )
        )
    )
    return {"type": kind, "args": args}


@st.composite
def courses(draw: st.DrawFn) -> list[dict[str, Any]]:
    """In force on 10 January, the Council set up, then a dozen records of a few acts."""
    rows: list[dict[str, Any]] = [
        {"id": f"c{n}", "type": "agrees", "at": "2026-01-10", "args": {"party": p}, "source": p}
        for n, p in enumerate(SIDES)
    ]
    council = {"by": "United_States", "institution": "Peace_Council"}
    rows.append(
        {
            "id": "s",
            "type": "establishes",
            "at": "2026-01-12",
            "args": council,
            "source": "United_States",
        }
    )
    told = draw(st.lists(acts(), min_size=1, max_size=4))
    for number in range(draw(st.integers(1, 12))):
        row = {"id": f"r{number:02d}", **draw(st.sampled_from(told))}
        row["at"] = draw(st.sampled_from(TIMES))
        row["source"] = draw(st.sampled_from(SPEAKERS))
        earlier = [r["id"] for r in rows if r["id"].startswith("r")]
        if earlier and draw(st.integers(0, 4)) == 0:
            link = draw(st.sampled_from(("derived_from", "same_as", "withdraws", "replaces")))
            row[link] = [draw(st.sampled_from(earlier))]
        if earlier and draw(st.integers(0, 7)) == 0:
            party = draw(st.sampled_from(SIDES))
            about = {"party": party, "record": draw(st.sampled_from(earlier))}
            row.update(type=draw(st.sampled_from(("acknowledges", "disputes"))), args=about)
            row["source"] = party
        rows.append(row)
    told_of = [r["id"] for r in rows if r["id"].startswith("r")]
    for number in range(draw(st.integers(0, 2))):
        finding = {
            "body": "Peace_Council",
            "norm": draw(st.sampled_from(("p28.ceasefire", "p24.prisoners", "p20.education"))),
            "result": draw(st.sampled_from(("breach", "no_breach"))),
            "against": draw(st.sampled_from(SIDES)),
            "about": draw(st.lists(st.sampled_from(told_of), max_size=2, unique=True)),
            "votes_for": 5,
        }
        at = draw(st.sampled_from(TIMES))
        rows.append(
            {
                "id": f"f{number}",
                "type": "finding",
                "at": at,
                "args": finding,
                "source": "Peace_Council",
            }
        )
    return rows


def read(rows: Sequence[Mapping[str, Any]]) -> Records:
    found = read_text(
        "\n".join(map(json.dumps, rows)), "made", LIB.agreement.record_types, LIB.zone
    )
    assert found.refused == ()
    return found


def assess(records: Records, standard: str, only: Sequence[str]) -> dict[str, Any]:
    return servanda.assess(
        LIB, records, as_of="2026-04-01", standard=standard, assume=ASSUMED, only=only
    )


STANDARDS = st.sampled_from(("corroborated", "third_party", "findings", "party:Russia"))


@settings(max_examples=25, deadline=None, phases=PHASES)
@given(courses(), STANDARDS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(
    rows: list[dict[str, Any]], standard: str, random: Random
) -> None:
    only = ("p10", "p20", "p21", "p22", "p24", "p28")
    expected = json.dumps(assess(read(rows), standard, only))
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert json.dumps(assess(read(shuffled), standard, only)) == expected
    assert json.dumps(assess(read(rows), standard, only)) == expected


def swapped(text: str) -> str:
    for one, two in (("Russia", "Ukraine"), ("TASS", "Ukrinform")):
        text = text.replace(one, "\0").replace(two, one).replace("\0", two)
    return text


@settings(max_examples=40, deadline=None, phases=PHASES)
@given(courses(), STANDARDS)
def test_mirrored_facts_give_a_mirrored_result(rows: list[dict[str, Any]], standard: str) -> None:
    records = read(rows)
    mirror = Records(tuple(mirrored(records.records, NAMES)))
    one = assess(records, standard, SYMMETRIC)
    other_way = assess(mirror, swapped(standard), SYMMETRIC)
    expected = json.loads(swapped(json.dumps(one["norms"])))
    found = {norm["id"]: norm for norm in other_way["norms"]}
    for norm in (*expected, *found.values()):
        norm["bearer"].sort()
    for norm in expected:
        assert found[norm["id"]] == norm
    assert swapped(json.dumps(one["unattributed"])) == json.dumps(other_way["unattributed"])
