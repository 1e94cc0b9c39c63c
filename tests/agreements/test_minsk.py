"""Minsk II: thirteen points with commitments, a neutral frame, and a circle that one clause closes.

The text that links the vote and the border is taken out here, and the circle opens.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import servanda
from servanda import library
from servanda.evidence.read import Records, read_text
from servanda.library import Library
from servanda.model.norm import Norm
from servanda.model.unspecified import Unspecified
from tests.conftest import ROOT
from tests.support import story

ID = "minsk-2-2015"
FOLDER = ROOT / "src" / "servanda" / "agreements" / ID
LIB = library.load(ID)
AGREEMENT = LIB.agreement
POINTS = [f"p{number}" for number in range(1, 14)]

# The clause that makes the border wait for the vote, as the file has it.
LINK = """  achieve border_passes to Ukraine
  from p12.elections is fulfilled
  within 1 day of p12.elections is fulfilled
"""
UNLINKED = """  achieve border_passes to Ukraine
  from in_force
  deadline unspecified
"""
# HYPOTHETICAL: everything happens that waits for nothing, and the border begins to return.
COURSE = """\
{"id":"q1","type":"concludes","at":"2015-04-01","args":{"instrument":"election_questions","parties":["Ukraine","Certain_Areas"]},"source":"Ukraine"}
{"id":"q2","type":"concludes","at":"2015-04-01","args":{"instrument":"election_questions","parties":["Ukraine","Certain_Areas"]},"source":"Certain_Areas"}
{"id":"f1","type":"forces_withdrawn","at":"2015-05-01","args":{"of":"Foreign_Fighters","from":"Ukraine"},"source":"OSCE_SMM"}
{"id":"f2","type":"forces_withdrawn","at":"2015-05-01","args":{"of":"Foreign_Fighters","from":"Ukraine"},"source":"Hypothetical_Agency"}
{"id":"f3","type":"forces_withdrawn","at":"2015-05-01","args":{"of":"Russia","from":"Ukraine"},"source":"OSCE_SMM"}
{"id":"f4","type":"forces_withdrawn","at":"2015-05-01","args":{"of":"Russia","from":"Ukraine"},"source":"Hypothetical_Agency"}
{"id":"b1","type":"border_passes","at":"2015-08-01","args":{"to":"Ukraine","extent":"part"},"source":"OSCE_SMM"}
{"id":"b2","type":"border_passes","at":"2015-08-01","args":{"to":"Ukraine","extent":"part"},"source":"Hypothetical_Agency"}
"""


def states(lib: Library, **choices: Any) -> dict[str, str]:
    read: Records = read_text(COURSE, "course", lib.agreement.record_types, lib.zone)
    assert not read.refused
    result = servanda.assess(lib, read, as_of="2015-12-01", only=["p9", "p12"], **choices)
    return {norm["id"]: norm["state"] for norm in result["norms"]}


def test_check_has_nothing_to_say() -> None:
    assert not library.check(ID).diagnostics


def test_thirteen_points_and_the_decision_beside_them() -> None:
    assert list(AGREEMENT.provisions) == [*POINTS, "eu"]
    for provision in AGREEMENT.provisions.values():
        assert provision.text
        assert not provision.left_for_later
        assert [n for n in AGREEMENT.norms.values() if n.provision == provision.id]
    assert all(re.fullmatch(r"(p\d+|eu)\.[a-z_]+", norm) for norm in AGREEMENT.norms)


@pytest.mark.parametrize("point", POINTS)
def test_each_point_says_where_it_stands(point: str) -> None:
    (citation,) = AGREEMENT.provisions[point].citations
    assert citation.witness in LIB.sources
    assert citation.paragraph == int(point[1:])


def test_the_sanctions_are_no_part_of_the_package() -> None:
    assert [c.witness for c in AGREEMENT.provisions["eu"].citations] == [
        "european_council_2015_03_19"
    ]
    ours = [n for n in AGREEMENT.norms.values() if n.provision == "eu"]
    assert {n.kind.value for n in ours} == {"power", "staged"}
    assert all(n.non_signatory for n in ours)


def test_no_records_come_with_it() -> None:
    assert not LIB.records.records
    assert sorted(p.name for p in FOLDER.iterdir()) == [
        "agreement.md",
        "negotiation.yaml",
        "sources.yaml",
    ]
    result = servanda.assess(LIB)
    assert result["as_of"].startswith("2015-02-12")
    assert not any(norm["breaches"] for norm in result["norms"])


def test_every_term_has_readings_and_none_is_the_default() -> None:
    assert list(AGREEMENT.terms) == [
        "order",
        "status_start",
        "proviso",
        "end_of_2015",
        "fourteen_days",
        "talks_day",
        "foreign",
        "russia_role",
        "amnesty_scope",
        "complete",
    ]
    for term in AGREEMENT.terms.values():
        assert len(term.readings) >= 2
        assert term.until_decided is None
        decider = term.decided_by
        assert isinstance(decider, Unspecified) or decider in ("Contact_Group", "European_Union")
    order = AGREEMENT.terms["order"]
    assert {r.name: r.owners for r in order.readings} == {
        "politics_first": ("Russia", "Certain_Areas"),
        "security_first": ("Ukraine",),
    }


def test_russia_is_bound_under_one_reading_only_and_never_by_name_elsewhere() -> None:
    bearing = [n.id for n in AGREEMENT.norms.values() if "Russia" in _bearers(n)]
    assert bearing == ["p1.ceasefire"]
    assert AGREEMENT.norms["p1.ceasefire"].exists_when is not None


def _bearers(norm: Norm) -> Sequence[str]:
    found: list[str] = []
    for value in norm.bearers.values if norm.bearers is not None else ():
        items = getattr(value, "items", (value,))
        found += [str(getattr(item, "name", item)) for item in items]
    return found


@pytest.mark.parametrize(
    "norm", ["p9.border_begins", "p9.border_complete", "p10.foreign_formations"]
)
def test_who_hands_over_and_who_withdraws_is_not_said(norm: str) -> None:
    (one,) = [
        n for n in servanda.assess(LIB, only=[norm])["norms"] if n["id"].split("[")[0] == norm
    ]
    assert one["bearer"] == []
    assert "bearer" in one["open"]


def test_no_body_is_competent_to_find() -> None:
    assert all(not i.competent_for for i in AGREEMENT.institutions.values())


def test_vote_and_border_wait_for_each_other() -> None:
    found = states(LIB, readings={"order": "security_first"})
    assert found["p12.questions"] == "fulfilled"
    assert found["p9.border_begins"] == "inactive"
    assert found["p12.elections"] == "inactive"


def test_without_the_clause_that_links_them_the_circle_is_open(tmp_path: Path) -> None:
    text = (FOLDER / "agreement.md").read_text(encoding="utf-8")
    assert text.count(LINK) == 1
    (tmp_path / "agreement.md").write_text(text.replace(LINK, UNLINKED), encoding="utf-8")
    shutil.copy(FOLDER / "sources.yaml", tmp_path)
    unlinked = library.load(tmp_path)
    for foreign in ("russian_forces", "fighters_alone"):
        found = states(unlinked, readings={"order": "security_first", "foreign": foreign})
        assert found["p9.border_begins"] == "fulfilled"
        assert found["p12.elections"] == "active"


def test_the_formula_of_2019_opens_one_circle_and_not_the_other() -> None:
    formula = {"status_start": "on_the_day"}
    assert states(LIB, readings={"order": "politics_first", **formula})["p12.elections"] == "active"
    assert (
        states(LIB, readings={"order": "security_first", **formula})["p12.elections"] == "inactive"
    )


def _told() -> dict[str, set[str]]:
    """The states that the stories expect of each commitment."""
    found: dict[str, set[str]] = {norm: set() for norm in AGREEMENT.norms}
    for path in story.stories():
        told = story.parse(path)
        if told.agreement != ID:
            continue
        assert "HYPOTHETICAL" in path.read_text(encoding="utf-8"), path.name
        for section in told.sections:
            for what, state in section.expected:
                norm = what.split()[0].split("[")[0]
                if norm in found and (" if " in what or " " not in what):
                    found[norm].add(state)
    return found


TOLD = _told()


@pytest.mark.parametrize("norm", AGREEMENT.norms)
def test_each_commitment_is_seen_in_a_story(norm: str) -> None:
    if AGREEMENT.norms[norm].kind.value in ("power", "right"):
        return  # what may be done is neither kept nor broken
    assert TOLD[norm]


def test_each_reading_parts_something_in_a_story() -> None:
    asked = {
        f"{term}={reading}"
        for path in story.stories()
        if (told := story.parse(path)).agreement == ID
        for section in told.sections
        for what, _ in section.expected
        if " if " in what
        for pair in what.split(" if ")[1].split(",")
        for term, _, reading in [pair.replace(" ", "").partition("=")]
    }
    for term in AGREEMENT.terms.values():
        for reading in term.readings:
            assert any(a.startswith(f"{term.id}={reading.name}") for a in asked), reading.name
