"""The flagship has exactly the commitments of the plan's table, and a story for each."""

import csv
from pathlib import Path

import pytest

import servanda
from servanda.library import load
from servanda.model.norm import Norm
from servanda.model.unspecified import Unspecified
from tests.support import story

AGREEMENT = load("ukraine-28-point").agreement
GOOD = ("active", "fulfilled", "expired")
BAD = ("breached", "cured", "terminated", "lapsed", "suspended")
# What can never be in breach: aims, rights, powers, effects, and what nobody is bound to by a date.
NEVER = ("principle", "right", "power", "effect")


@pytest.fixture(scope="module")
def table(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "plan" / "norms.tsv").open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t")}


def test_the_ids_are_those_of_the_table_in_its_order(table: dict[str, dict[str, str]]) -> None:
    assert list(AGREEMENT.norms) == list(table)
    assert len(table) == 68


@pytest.mark.parametrize("norm", AGREEMENT.norms.values(), ids=lambda n: n.id)
def test_kind_deadline_and_bearers_are_those_of_the_table(
    norm: Norm, table: dict[str, dict[str, str]]
) -> None:
    row = table[norm.id]
    kind = row["kind"].split(",")[0].strip()
    if kind.startswith(("point3_wording", "as p3")):
        assert norm.kind == "prohibition"
        assert norm.strength is not None
    else:
        assert norm.kind == kind
    if row["due"] == "unspecified":
        assert isinstance(norm.deadline, Unspecified)
    if row["due"] == "every unspecified":
        assert isinstance(norm.every, Unspecified)
    who = row["bearers and instances"]
    named = [a for a in AGREEMENT.actors if a in who.split(" toward ")[0]]
    for value in norm.bearers.values if norm.bearers is not None else ():
        text = str(getattr(value, "name", getattr(value, "group", "")))
        known = ("holder", "signatories", "G7", "NATO", "Frozen_Assets", "us_led_investment")
        assert text in named or text in known, f"{norm.id}: {text} is not among {who}"
    assert norm.non_signatory or "non-signatory" not in row["ends on, notes"]


def test_an_assessment_names_every_commitment() -> None:
    result = servanda.assess(AGREEMENT.id)
    assert [p["id"] for p in result["provisions"]] == [f"p{n}" for n in range(1, 29)]
    named = {norm["id"].split("[")[0] for norm in result["norms"]}
    assert named == set(AGREEMENT.norms)


def _expected() -> dict[str, set[str]]:
    """The states that the stories of the points, and of the rules, expect of each norm."""
    found: dict[str, set[str]] = {norm: set() for norm in AGREEMENT.norms}
    for path in story.stories():
        told = story.parse(path)
        if told.agreement != AGREEMENT.id:
            continue
        for section in told.sections:
            for what, state in section.expected:
                norm = what.split()[0].split("[")[0]
                if norm in found and (" if " in what or " " not in what):
                    found[norm].add(state)
                if what == "effect p10.guarantee state":
                    found["p10.guarantee"].add(state)
                    if state in ("in_force", "invoked"):
                        found["p10.guarantee"].add("active")
    return found


STATES = _expected()


@pytest.mark.parametrize("norm", AGREEMENT.norms.values(), ids=lambda n: n.id)
def test_each_commitment_has_a_story_of_keeping_and_of_breaking(norm: Norm) -> None:
    states = STATES[norm.id]
    assert states & {*GOOD}, f"no story shows {norm.id} kept, fulfilled or active"
    if norm.kind not in NEVER:
        assert states & {*BAD}, f"no story shows {norm.id} breached, late or ended"
