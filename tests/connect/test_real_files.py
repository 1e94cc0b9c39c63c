"""The real files: every row is accepted, rejected or merged, and nothing is filled in."""

import csv
import gzip
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from servanda import library
from servanda.cli.convert import FILE, settings_of
from servanda.connect import Accepted, Merged, Rejected, Row, Settings, find, read

VIINA = "viina_infrastructure_2022_2025.csv"
ALERTS = "air_raid_official_2022_2023.csv.gz"
AIR_WAR = "air_war_two_sided_daily.csv"
# Agreements that say what the words of data sets mean in them.
WITH_MAPPING = [a for a in library.bundled() if (library.BUNDLED / a / FILE).is_file()]
ALERT = """\
agreement alerts "Alerts"
  zone Europe/Kyiv
  draft 2022-01-01
  in force when 2022-01-01

party A
party B

record alert "an air-raid alert: a warning, not a strike"
  arg level word optional one of {oblast, raion, hromada}
  arg until text optional
  event
"""


def _rows(file: Path) -> list[dict[str, str]]:
    """The file as the standard library alone reads it."""
    if file.suffix == ".gz":
        with gzip.open(file, "rt", encoding="utf-8") as zipped:
            return list(csv.DictReader(zipped))
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _counts(rows: list[Row]) -> tuple[int, int, int]:
    kinds = Counter(type(row) for row in rows)
    return kinds[Accepted], kinds[Rejected], kinds[Merged]


def _records(rows: list[Row]) -> list[Any]:
    return [r.record for r in rows if isinstance(r, Accepted)]


@pytest.mark.parametrize("agreement", WITH_MAPPING)
def test_viina(shared: Path, agreement: str) -> None:
    file = shared / "data" / VIINA
    settings = settings_of(agreement, None, "viina")
    given, found = _rows(file), list(read(find("viina"), file, settings))
    assert _counts(found) == (len(given), 0, 0)
    records = _records(found)
    silent = sum((r["a_rus"], r["a_ukr"]) in (("0", "0"), ("1", "1")) for r in given)
    assert sum(r["args"]["by"] == "unattributed" for r in records) == silent
    assert [r["at"].replace("-", "") for r in records] == [r["date"] for r in given]
    assert all(len(r["at"]) == len("2022-02-24") for r in records), "day stays day"
    assert not any("weapon" in r["args"] for r in records), "the file names no weapon"
    for row, record in zip(given, records, strict=True):
        assert (record["place"]["lat"], record["place"]["lon"]) == (
            float(row["latitude"]),
            float(row["longitude"]),
        )


def test_a_single_report_of_a_state_medium_is_its_word(shared: Path) -> None:
    file = shared / "data" / VIINA
    settings = settings_of("energy-moratorium-2025", None, "viina")
    records = _records(list(read(find("viina"), file, settings)))
    alone = [r for r in _rows(file) if r["sources_matching"] == "ria" and r["n_reports"] == "1"]
    assert alone
    assert sum(r.get("claimed_by") == "RIA_Novosti" for r in records) == len(alone)
    assert all(r["reports"] == "1" for r in records if "claimed_by" in r)


def test_without_a_mapping_nobody_is_named(shared: Path) -> None:
    settings = settings_of(None, None, "viina")
    records = _records(list(read(find("viina"), shared / "data" / VIINA, settings)))
    assert {r["args"]["by"] for r in records} == {"unattributed"}
    assert {tuple(r["args"]) for r in records} == {("by",)}


def test_the_same_file_again_is_merged(shared: Path) -> None:
    settings, seen = settings_of("energy-moratorium-2025", None, "viina"), dict[str, bytes]()
    first = list(read(find("viina"), shared / "data" / VIINA, settings, seen=seen))
    again = list(read(find("viina"), shared / "data" / VIINA, settings, seen=seen))
    assert _counts(again) == (0, 0, len(first))


def test_alerts_are_no_strikes(shared: Path) -> None:
    file = shared / "data" / ALERTS
    found = list(read(find("air-raid"), file, settings_of("ukraine-28-point", None, "air-raid")))
    assert _counts(found) == (0, len(_rows(file)), 0)
    assert {r.reason for r in found if isinstance(r, Rejected)} == {
        "an alert is no strike, and the agreement declares no record type `alert`"
    }


def test_alerts_where_the_agreement_declares_them(shared: Path) -> None:
    file = shared / "data" / ALERTS
    lib = library.from_text(ALERT)
    settings = Settings(lib.agreement.record_types, lib.zone, lib.atlas)
    given, found = _rows(file), list(read(find("air-raid"), file, settings))
    assert _counts(found) == (len(given), 0, 0)
    records = _records(found)
    assert sum("until" not in r["args"] for r in records) == sum(
        not r["finished_at"] for r in given
    )
    whole = [r["place"]["name"] for r in records if r["args"]["level"] == "oblast"]
    known = [name for name in whole if name in lib.atlas.unit_ids()]
    assert len(known) == len(whole), "every oblast that had an alert is on the map"


def test_the_air_war_day_by_day(shared: Path) -> None:
    file = shared / "data" / AIR_WAR
    settings = settings_of("ukraine-28-point", None, "air-war")
    columns = list(settings.mapping["columns"])
    given, found = _rows(file), list(read(find("air-war"), file, settings))
    cells = [(r["d"], c, r[c]) for r in given for c in columns if r[c] != ""]
    assert _counts(found) == (len(cells), 0, 0), "a statement a filled cell"
    assert [(r["at"], float(r["args"]["count"])) for r in _records(found)] == [
        (day, float(value)) for day, _, value in cells
    ]
    assert {r["type"] for r in _records(found)} == {"claim_total"}
