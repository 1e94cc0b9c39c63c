"""Covered shares month by month, by hand."""

import pytest

from servanda import library
from servanda.engine.coverage_by_period import PeriodCoverage, coverage_by_period
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
    asked, refused = library.question(lib, read, as_of="2026-02-28")
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
