"""Answers checked from outside: the records that a way names, given to `servanda assess`.

Each row says by hand, from the list of norms and the rules, what stands before the group acts and
what stands after: nothing of the search is believed.  The ordinary course alone gives the first.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servanda import library
from servanda.cli import main
from servanda.ends.result import Ends, Way
from servanda.ends.run import who_ends

FLAGSHIP, MINSK = "ukraine-28-point", "minsk-2-2015"
COUNCIL = ("p10.guarantee.decided_by=Peace_Council", "Peace_Council.vote=5 of 7")
AUTOMATIC = ("p10.guarantee.decided_by=automatic",)


@dataclass(frozen=True)
class Case:
    """`before` and `after` are states of the instance in the assessment; `clause` picks the way."""

    agreement: str
    instance: str
    power: str
    group: tuple[str, ...]
    before: str
    after: str
    assume: tuple[str, ...] = ()
    clause: str = ""


CASES = [
    # Point 11: access “until accedes Ukraine to European_Union”: it expires.
    Case(FLAGSHIP, "p11.market_access", "end", ("Ukraine",), "active", "expired"),
    # p21.recognition is terminated by revokes_recognition of its holder.
    Case(
        FLAGSHIP,
        "p21.recognition[United_States,Crimea]",
        "end",
        ("United_States",),
        "active",
        "terminated",
    ),
    # p7.constitution: “repeals reopens it”: fulfilled before, owed again after.
    Case(FLAGSHIP, "p7.constitution", "undo", ("Ukraine",), "fulfilled", "active"),
    # p24 norms reopen when something is outstanding again.
    Case(
        FLAGSHIP,
        "p24.detainees[Russia,civilian_internee]",
        "undo",
        ("Russia",),
        "fulfilled",
        "active",
    ),
    # Rule 8: lapsed is for good, and as a norm terminated; with the vote assumed, on a finding.
    Case(
        FLAGSHIP,
        "p10.guarantee",
        "end",
        ("Peace_Council", "Ukraine"),
        "active",
        "terminated",
        COUNCIL,
    ),
    # Under `automatic` the forfeiture acts at once: Ukraine alone.
    Case(FLAGSHIP, "p10.guarantee", "end", ("Ukraine",), "active", "terminated", AUTOMATIC),
    # Rule 9: invoked, the recognitions that the plan gave end.
    Case(
        FLAGSHIP,
        "p21.recognition[United_States,Crimea]",
        "end",
        ("Russia",),
        "fulfilled",
        "terminated",
        AUTOMATIC,
        "p10.recognition_ends",
    ),
    # Settlements: while invoked, recognitions not yet given are suspended.
    Case(
        FLAGSHIP,
        "p21.recognition[United_States,Donetsk]",
        "suspend",
        ("Russia",),
        "active",
        "suspended",
        AUTOMATIC,
    ),
    # Rule 9: the return of sanctions is owed once the guarantee is invoked, by whoever lifted.
    Case(
        FLAGSHIP,
        "p10.sanctions_return[Europe]",
        "start",
        ("Europe", "Russia", "Ukraine"),
        "inactive",
        "active",
        AUTOMATIC,
    ),
    # Minsk II: a law that is repealed reopens what it fulfilled.
    Case(MINSK, "p5.amnesty", "undo", ("Ukraine",), "fulfilled", "active"),
    # All for all: owed again when somebody is outstanding again.
    Case(MINSK, "p6.release[Ukraine,hostage]", "undo", ("Ukraine",), "fulfilled", "active"),
    # Point 9 with the politics first: the border waits for the vote, which takes both.
    Case(
        MINSK, "p9.border_begins", "start", ("Certain_Areas", "Ukraine"), "inactive", "active"
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def ends() -> Callable[[Case], Ends]:
    kept: dict[tuple[str, str, tuple[str, ...]], Ends] = {}

    def found(case: Case) -> Ends:
        key = (case.agreement, case.instance, case.assume)
        if key not in kept:
            lib = library.load(case.agreement)
            kept[key] = who_ends(lib, case.instance, assume=case.assume, attribution=False)
        return kept[key]

    return found


def way_of(ends: Ends, case: Case) -> Way:
    (one,) = ends.commitments
    found = [
        way
        for answer in one.answers
        if answer.power == case.power and case.clause in answer.clause
        for way in answer.ways
        if way.group == case.group
    ]
    assert found, f"no way for {case.group}"
    return found[0]


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{c.instance} {c.power} {' '.join(c.group)}" for c in CASES]
)
def test_the_records_of_a_way_are_assessed_as_it_says(
    case: Case,
    ends: Callable[[Case], Ends],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    way = way_of(ends(case), case)

    def state(rows: list[dict[str, Any]], as_of: str, engine: str) -> str:
        path = tmp_path / "records.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        options = ["--records", str(path), "--as-of", as_of, "--engine", engine]
        options += [o for term, name in way.story.readings for o in ("--reading", f"{term}={name}")]
        options += [o for text in case.assume for o in ("--assume", text)]
        assert main(["assess", case.agreement, "--format", "json", *options]) == 0
        norms = {n["id"]: n["state"] for n in json.loads(capsys.readouterr().out)["norms"]}
        # An instance that no record has brought about yet is listed by its norm alone.
        found: str = norms.get(case.instance) or norms[case.instance.split("[")[0]]
        return found

    rows = [dict(row) for row in way.story.rows]
    first = next(event.day for event in way.events if not event.ordinary)
    earlier = [row for row in rows if row["at"][:10] < first]
    without_the_last = [row for row in rows if row["at"] != rows[-1]["at"]]
    for engine in ("reference", "columnar"):
        assert state(rows, way.story.as_of, engine) == case.after
    assert state(earlier, f"{first}T00:00:00Z", "columnar") == case.before
    assert state(without_the_last, way.story.as_of, "columnar") != case.after
