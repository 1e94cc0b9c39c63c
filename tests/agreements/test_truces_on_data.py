"""The two truces on real data: what names nobody breaches nobody, and an empty cell is no zero."""

from pathlib import Path
from typing import Any

import servanda
from servanda import library
from servanda.evidence.read import Records, read_text
from tests.support.data import lines, records_of

VIINA = "viina_infrastructure_2022_2025.csv"
AIR_WAR = "air_war_two_sided_daily.csv"


def _read(lib: library.Library, text: str) -> Records:
    read = read_text(text, "data", lib.agreement.record_types, lib.zone)
    assert not read.refused, read.refused[:3]
    return read


def _norms(result: dict[str, Any]) -> dict[str, Any]:
    return {n["id"]: n for n in result["norms"]}


def test_the_pause_on_reported_strikes(shared: Path) -> None:
    rows = records_of("viina", shared / "data" / VIINA, "energy-moratorium-2025")
    assert len(rows) == 3578
    silent = [r["id"] for r in rows if r["args"]["by"] == "unattributed"]
    lib = library.load("energy-moratorium-2025")
    read = _read(lib, lines(rows))
    result = servanda.assess(lib, read, standard="any_claim", as_of="2025-04-30")
    dated = {r["id"] for r in rows if r["at"] <= "2025-04-30"}
    assert set(result["unattributed"]) == set(silent) & dated
    breached = {
        record
        for norm in result["norms"]
        for breach in norm["breaches"]
        for record in breach["records"]
    }
    assert breached
    assert not breached & set(silent), "what names nobody breaches nobody"
    inside = {r["id"] for r in rows if "2025-03-18" <= r["at"] <= "2025-04-24"}
    assert len(inside) == 8
    assert breached <= inside


def test_fifty_nine_percent_name_no_actor(shared: Path) -> None:
    import csv

    with (shared / "data" / VIINA).open(encoding="utf-8") as stream:
        flags = [(r["a_rus"], r["a_ukr"]) for r in csv.DictReader(stream)]
    assert flags.count(("0", "0")) == 2100
    assert round(2100 / len(flags), 2) == 0.59


def test_the_easter_truce_on_reported_strikes(shared: Path) -> None:
    rows = records_of("viina", shared / "data" / VIINA, "easter-truce-2025")
    rows = [r for r in rows if "2025-04-10" <= r["at"] <= "2025-04-30"]
    lib = library.load("easter-truce-2025")
    result = servanda.assess(lib, _read(lib, lines(rows)), standard="any_claim", as_of="2025-04-25")
    for norm in _norms(result).values():
        assert norm["state"] == "expired"
        assert norm["observed"] == "not monitored"


def test_an_empty_cell_is_no_zero(shared: Path) -> None:
    rows = records_of("air-war", shared / "data" / AIR_WAR, "easter-truce-2025")
    rows = [r for r in rows if r["at"][:7] == "2025-04"]
    lib = library.load("easter-truce-2025")
    result = servanda.assess(lib, _read(lib, lines(rows)), standard="any_claim", as_of="2025-04-30")
    launched = {c["period"]: c["count"] for c in result["claims"] if c["about"] == "launched"}
    assert "2025-04-20" not in launched, "the Ukrainian air force reported nothing on that day"
    assert launched["2025-04-21"] == 107
    claimed = {c["period"]: c["count"] for c in result["claims"] if c["by"] == "Russia"}
    assert claimed["2025-04-20"] == 0, "a claim of none is a claim"
    assert all(not n["breaches"] for n in result["norms"])
