"""What holds of every comparison: empty with itself, opposite when turned, mirrored if swapped."""

import json
import re
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from servanda import library
from servanda.compare.result import compare
from tests.compare.turned import in_order, turned
from tests.language.models import agreements
from tests.language.test_round_trip import Drawn
from tests.support import copies, judges, mutants

FLAGSHIP = "ukraine-28-point"
VARIANTS = ("e3-counter-draft", "europe-24-point", "geneva-19-point", "framework-20-point")
DRAFTS = (FLAGSHIP, *VARIANTS)
PAIRS = list(combinations(DRAFTS, 2))


def _of(found: Any) -> Any:
    return found["comparisons"][0]


def opposite(there: Any, back: Any) -> None:
    """The comparison of B with A is that of A with B, turned: clause by clause, in any order."""
    for name in ("clauses", "others"):
        once = in_order(turned(turned(change)) for change in _of(there)[name])
        assert in_order(turned(change) for change in _of(back)[name]) == once


@pytest.mark.parametrize("name", library.bundled())
def test_a_draft_does_not_differ_from_itself(name: str) -> None:
    one = _of(compare(name, name))
    assert {change["fate"] for change in one["clauses"]} <= {"same"}
    assert len(one["clauses"]) == len(library.load(name).agreement.norms)
    assert not one["others"]
    assert not one["wording"]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_turned_round_a_comparison_of_real_drafts_is_its_opposite(a: str, b: str) -> None:
    opposite(compare(a, b), compare(b, a))


def _library(drawn: Drawn) -> library.Library:
    """The drawn agreement, if its commitments wait for each other in no circle."""
    try:
        return library.from_text(repr(drawn))
    except library.InputError:
        reject()


@settings(max_examples=12)
@given(st.builds(Drawn, agreements()))
def test_a_drawn_agreement_does_not_differ_from_itself(drawn: Drawn) -> None:
    one = _of(compare(_library(drawn), _library(drawn)))
    assert {change["fate"] for change in one["clauses"]} == {"same"}
    assert not one["others"]


@settings(max_examples=12)
@given(st.builds(Drawn, agreements()), st.builds(Drawn, agreements()))
def test_turned_round_a_comparison_of_drawn_agreements_is_its_opposite(
    one: Drawn, other: Drawn
) -> None:
    a, b = _library(one), _library(other)
    opposite(compare(a, b), compare(b, a))


# --- altered copies ---------------------------------------------------------------------------


ORIGINAL = library.load(FLAGSHIP)
TEXT = copies.text_of(FLAGSHIP)
SAMPLE = 20


def _altered() -> list[mutants.Mutant]:
    others = {a: "Russia" if a == "Ukraine" else "Ukraine" for a in ORIGINAL.agreement.actors}
    return [
        *mutants.removals(TEXT),
        *mutants.alterations(TEXT, others, judges.words(ORIGINAL)),
    ]


def _told(mutant: mutants.Mutant) -> None:
    """Whatever the reader accepts: the altered clause is told, and no other one changes."""
    try:
        copy = replace(copies.with_text(ORIGINAL, mutant.text), folder=None)
    except library.InputError:
        return
    original = replace(ORIGINAL, folder=None)
    there = compare(original, copy)
    told = [c for c in _of(there)["clauses"] if c["fate"] != "same"]
    named = {side["id"] for c in told for side in (c["before"], c["after"]) if side}
    assert named <= {mutant.norm, *_using(mutant.norm)}, mutant.what
    assert mutant.norm in named, mutant.what
    opposite(there, compare(copy, original))


def test_altered_clauses_are_told_and_turned_round_their_opposite() -> None:
    altered = _altered()
    assert len(altered) > 900
    for mutant in altered[:: len(altered) // SAMPLE]:
        _told(mutant)


@pytest.mark.long
def test_every_altered_clause_is_told() -> None:
    for mutant in _altered():
        _told(mutant)


def _using(norm: str) -> set[str]:
    """Clauses that speak of another one, and change where that is gone."""
    return {
        name
        for name in ORIGINAL.agreement.norms
        if re.search(rf"\b{re.escape(norm)}\b", repr(ORIGINAL.agreement.norms[name]))
    }


# --- mirrored ---------------------------------------------------------------------------------


_SWAPPED = {"Russia": "Ukraine", "Ukraine": "Russia", "RU": "UA", "UA": "RU"}


def swapped(text: str) -> str:
    """The parties in each other's place, in names and words alike."""
    return re.sub(r"Russia|Ukraine|\bRU\b|\bUA\b", lambda m: _SWAPPED[m[0]], text)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_mirrored_drafts_give_a_mirrored_comparison(a: str, b: str) -> None:
    given = compare(_copy(a), _copy(b))
    mirrored = compare(_copy(a, swap=True), _copy(b, swap=True))
    assert json.dumps(mirrored) == swapped(json.dumps(given))


def _copy(name: str, *, swap: bool = False) -> library.Library:
    """The text of a draft with nothing beside it, as it is or with the parties swapped."""
    text = copies.text_of(name)
    return replace(
        copies.with_text(library.load(name), swapped(text) if swap else text), folder=None
    )


def _who_says_what(names: tuple[str, ...]) -> set[Any]:
    """For each row which drafts say the same, and which say nothing; by names, not by letters."""
    found = compare(*names)
    letters = {draft["id"]: draft["letter"] for draft in found["drafts"]}
    rows = set()
    for row in found["table"]:
        cells = {name: row[letters[name]] for name in sorted(names)}
        alike = frozenset(
            frozenset(n for n, other in cells.items() if other["number"] == cell["number"])
            for cell in cells.values()
            if cell["number"] is not None
        )
        clauses = tuple(tuple(sorted(cell["clauses"])) for cell in cells.values())
        rows.add((clauses, alike, tuple(cell["lacks"] for cell in cells.values())))
    return rows


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2)])
def test_no_draft_is_the_one_that_others_are_measured_by(order: tuple[int, ...]) -> None:
    names = (FLAGSHIP, "e3-counter-draft", "framework-20-point")
    rows = _who_says_what(names)
    assert len(rows) > 60
    assert _who_says_what(tuple(names[i] for i in order)) == rows
