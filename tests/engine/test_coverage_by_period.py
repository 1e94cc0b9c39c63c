"""Covered shares month by month, by hand."""

import pytest

from servanda import asking, library
from servanda.engine.coverage_by_period import PeriodCoverage, coverage_by_period
from servanda.engine.silence import types_missed
from servanda.evidence.read import read_text

TRUCE = """\
agreement demo "A truce"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-11

party A
  side
  country UA
party B
  side

prohibition truce.hold "A does not attack in two towns"
  bearer A
  not attack by A at {Kramatorsk, Sloviansk}
  from in_force
"""


def _rows(*watches: tuple[str, str, str, str]) -> str:
    return "\n".join(
        f'{{"id":"w{n}-{source}","type":"coverage","at":"{start}","source":"{source}","args":'
        f'{{"source":"Patrol","types":["{kind}"],"area":"{area}","until":"{end}"}}}}'
        for n, (start, end, area, kind) in enumerate(watches)
        for source in ("Patrol", "Observers")
    )


def _found(*watches: tuple[str, str, str, str]) -> list[PeriodCoverage]:
    lib = library.from_text(TRUCE)
    read = read_text(_rows(*watches), "t", lib.agreement.record_types, lib.zone)
    asked, refused = asking.question(lib, read, as_of="2026-02-28")
    assert not refused
    return list(coverage_by_period(asked, lib.agreement.norms["truce.hold"]))


def test_nobody_watched() -> None:
    assert [(r.period, r.time_share, r.area_share, r.share) for r in _found()] == [
        ("2026-01", 0.0, 0.0, 0.0),
        ("2026-02", 0.0, 0.0, 0.0),
    ]


def test_half_the_area_for_a_part_of_the_time() -> None:
    january, february = _found(
        ("2026-01-11T00:00:00Z", "2026-01-17T23:59:59.999999Z", "Kramatorsk", "attack"),
        ("2026-01-18T00:00:00Z", "2026-01-24T23:59:59.999999Z", "Sloviansk", "attack"),
        ("2026-02-01T00:00:00Z", "2026-02-14T23:59:59.999999Z", "Donetsk", "attack"),
        ("2026-02-15T00:00:00Z", "2026-02-28T23:59:59.999999Z", "Donetsk", "enters"),
    )
    assert january.time_share == pytest.approx(14 / 21)
    assert january.area_share == 1.0, "both towns, but never both at once"
    assert january.share == pytest.approx(7 / 21)
    assert february.instance == "truce.hold"
    assert (february.time_share, february.area_share, february.share) == (0.5, 1.0, 0.5)


# --- where silence matters ------------------------------------------------------------------------

NORMS = """\
agreement demo "Norms of all kinds"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-11

party A
  country UA
party B

measure guards "armed guards" in people
tally held "people held" by {remains}
term near "what is near"
  reading town: {Kramatorsk}
  reading both: {Kramatorsk, Sloviansk}
define fires as attack by A at near
state invades
  begins when enters forces_of A territory_of B
  ends when forces_withdrawn of A from B

prohibition n.defined "through a definition"
  bearer A
  not fires
  from in_force

prohibition n.state "through a state"
  bearer A
  not invades
  from in_force

obligation n.guards "a measure"
  bearer A
  maintain guards of A at most 5 people
  from in_force

obligation n.home "a tally"
  bearer A
  achieve outstanding held(A, remains) exactly 0
  from in_force
  deadline unspecified

obligation n.leave "an act"
  bearer A
  achieve forces_withdrawn of A from Kramatorsk or enacts by A act leave
  from in_force
  deadline unspecified

obligation n.law "saying so"
  bearer A
  achieve enacts by A act law
  from in_force
  deadline unspecified

right n.may "may"
  bearer A
  may attack by A
  from in_force

principle n.aim "an aim"
  bearer A
"""


@pytest.mark.parametrize(
    ("norm", "types"),
    [
        ("n.defined", {"attack"}),
        ("n.state", {"enters", "forces_withdrawn"}),
        ("n.guards", {"measure"}),
        ("n.home", {"tally"}),
        ("n.leave", {"forces_withdrawn"}),
        ("n.law", set()),
        ("n.may", set()),
        ("n.aim", set()),
    ],
)
def test_the_types_whose_absence_matters(norm: str, types: set[str]) -> None:
    agreement = library.from_text(NORMS).agreement
    assert types_missed(agreement.norms[norm], agreement) == types


def test_what_is_owed_is_covered_until_it_is_done() -> None:
    lib = library.from_text(NORMS)
    rows = _rows(
        ("2026-01-11T00:00:00Z", "2026-01-13T23:59:59.999999Z", "Kramatorsk", "forces_withdrawn")
    )
    done = "".join(
        f'\n{{"id":"d-{who}","type":"forces_withdrawn","at":"2026-01-17T00:00:00Z",'
        f'"args":{{"of":"A","from":"Kramatorsk"}},"source":"{who}"}}'
        for who in ("Patrol", "Observers")
    )
    for text, january in ((rows, 3 / 21), (rows + done, 3 / 6)):
        read = read_text(text, "t", lib.agreement.record_types, lib.zone)
        asked, refused = asking.question(lib, read, as_of="2026-02-28")
        assert not refused
        found = coverage_by_period(asked, lib.agreement.norms["n.leave"])
        assert found[0].time_share == pytest.approx(january, abs=1e-6)
        assert found[0].area_share == 1.0, "the town that its argument names"
        assert found[0].by == ("Patrol",)
        assert [row.period for row in found] == (
            ["2026-01", "2026-02"] if text is rows else ["2026-01"]
        )
        assert coverage_by_period(asked, lib.agreement.norms["n.law"]) == ()


def test_the_standard_says_who_counts_as_a_watcher() -> None:
    lib = library.from_text(TRUCE)
    row = _rows(("2026-01-11T00:00:00Z", "2026-01-31T23:59:59Z", "all", "attack")).splitlines()[0]
    read = read_text(row, "t", lib.agreement.record_types, lib.zone)
    for standard, share in (("corroborated", 0.0), ("third_party", 1.0), ("1 monitor", 0.0)):
        asked, _ = asking.question(lib, read, as_of="2026-01-31", standard=standard)
        (found,) = coverage_by_period(asked, lib.agreement.norms["truce.hold"])
        assert found.share == pytest.approx(share, abs=1e-4), standard
