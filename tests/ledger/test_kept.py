"""The copy that is kept of what was read: the same records, gone when something is shredded."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from servanda import library
from servanda.evidence.excerpt import Excerpt
from servanda.evidence.packed import about, pack, unpack
from servanda.evidence.read import Records, read_rows
from servanda.evidence.table import table_of
from servanda.ledger import importing, kept, keys, reading, remarks, shred, signing
from servanda.ledger.handling import Handling
from servanda.ledger.ledger import Ledger, open_ledger
from tests.ledger.conftest import PUBLIC, Clock, Enter

LIB = library.load("ukraine-28-point")
TYPES, ZONE = LIB.agreement.record_types, LIB.zone
MORE: list[dict[str, object]] = [
    {"args": {"by": "Russia", "on": "Ukraine"}, "place": {"lat": 48.1, "lon": 37.5}},
    {"args": {"by": "Russia", "on": "Ukraine"}, "place": {"name": "Kyiv"}, "count": 3},
    {"args": {"by": "Ukraine", "on": "Russia"}, "claimed_by": "Russia", "precision": "day"},
    {"type": "measure", "args": {"name": "armed_forces", "of": "Ukraine", "value": "600_000.50"}},
    {"at": "2026-02", "same_as": "r0;r1", "observed_how": "camera", "received": "2026-05-01"},
    {"type": "measure", "args": {"name": "armed_forces", "of": "Ukraine", "value": 7}},
    {"withdraws": ["r2"], "status": "unconfirmed", "derived_from": "r1"},
    {"type": "no_such_type"},
    {"at": "2026-02-30"},
    {"place": {"lat": 0, "lon": 0}},
    {"place": {"name": "Myrne"}},
]


def row(number: int) -> dict[str, object]:
    usual = {"type": "attack", "at": f"2026-01-05T10:{number % 60:02}:00Z", "source": "OSCE"}
    return {"id": f"r{number}", **usual, **MORE[number % len(MORE)]}


def lines(first: int, last: int) -> str:
    return "".join(json.dumps(row(n)) + "\n" for n in range(first, last))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few records are worth a copy."""
    monkeypatch.setattr(kept, "KEPT_FROM", 5)


@pytest.fixture
def filled(ledger: Ledger, enter: Enter, tmp_path: Path) -> Ledger:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(0, 60))
    enter(ledger, path)
    return ledger


def read(ledger: Ledger, audience: str = "confidential") -> Records:
    return reading.records(ledger, TYPES, ZONE, audience, atlas=LIB.atlas)


def anew(ledger: Ledger, audience: str = "confidential") -> Records:
    """What is read without a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "load", lambda *_: kept.nothing())
        patch.setattr(kept, "save", lambda *_: None)
        return read(ledger, audience)


def came_from_a_copy(ledger: Ledger, audience: str = "confidential") -> bool:
    with ledger.reading() as reader:
        asked = kept.Asked(TYPES, ZONE, audience, "assessment")
        return len(kept.load(ledger, reader, asked).table) > 0


def test_a_table_comes_back_from_its_bytes() -> None:
    records = read_rows([row(n) for n in range(40)], TYPES, ZONE).records
    table = table_of(records)
    found, extra = unpack(data := pack(table, {"file": table.line * 2}, {"a": ["é"]}))
    assert list(Excerpt.whole(found)) == list(records)
    assert (extra["file"] == table.line * 2).all()
    assert about(data) == {"a": ["é"]}
    assert all(str(a) == str(b) for a, b in zip(found.shapes, table.shapes, strict=True))


def test_the_second_reading_gives_what_the_first_gave(filled: Ledger) -> None:
    first = read(filled)
    assert len(first.records) > 30
    assert {r.reason[:12] for r in first.refused} >= {"unknown reco", "“place”: lat"}
    assert came_from_a_copy(filled)
    assert read(filled) == first == anew(filled)


def test_what_came_since_is_added(
    filled: Ledger, enter: Enter, tmp_path: Path, clock: Clock
) -> None:
    read(filled)
    (copy,) = kept.copies(filled)
    before = copy.read_bytes()
    importing.enter(filled, row(99 * 11), PUBLIC, clock())
    assert read(filled) == anew(filled)
    assert copy.read_bytes() == before  # one record is not worth a new copy
    path = tmp_path / "more.jsonl"
    path.write_text(lines(60, 90))
    enter(filled, path)
    assert read(filled) == anew(filled)
    assert copy.read_bytes() != before
    assert read(filled) == anew(filled)


def test_an_officer_is_known_from_the_copy(filled: Ledger, clock: Clock) -> None:
    made = keys.make()
    signing.register(filled, made.public, "The officer", "officer", clock())
    importing.enter(filled, row(11 * 70), PUBLIC, clock(), signer=made)
    assert read(filled).by_officer == {"r770"}
    assert came_from_a_copy(filled)
    assert read(filled).by_officer == {"r770"}


@pytest.mark.parametrize("what", ["handling", "redaction"])
def test_handling_and_redaction_entered_later_count(
    filled: Ledger, clock: Clock, what: str
) -> None:
    for audience in ("public", "confidential"):
        read(filled, audience)
        assert came_from_a_copy(filled, audience)
    if what == "handling":
        remarks.reclassify(filled, ["r0"], Handling("body"), clock())
    else:
        remarks.redact(filled, ["r0"], ["place"], clock())
    for audience in ("public", "confidential"):
        assert not came_from_a_copy(filled, audience)
        assert read(filled, audience) == anew(filled, audience)
    shown = [r.place for r in read(filled, "public").records if r.id == "r0"]
    assert shown == ([] if what == "handling" else [None])


def test_what_was_shredded_is_in_no_copy(
    filled: Ledger, keys: Path, clock: Clock, tmp_path: Path
) -> None:
    """Neither beside the ledger, nor when an older copy is put back in its place."""
    read(filled)
    (copy,) = kept.copies(filled)
    stolen = tmp_path / "stolen"
    shutil.copy(copy, stolen)
    with filled.reading() as reader:
        seq = reader.seq_of("r0")
    assert seq is not None
    shred.shred(filled, [seq], "the source asked", clock())
    assert kept.copies(filled) == []
    shutil.copy(stolen, copy)
    ledger = open_ledger(filled.place, keys)
    assert not came_from_a_copy(ledger)
    assert "r0" not in read(ledger).ids
    assert read(ledger) == anew(ledger)


def test_a_copy_that_was_altered_is_not_used(filled: Ledger) -> None:
    first = read(filled)
    (copy,) = kept.copies(filled)
    sealed = copy.read_bytes()
    for at in (0, 20, len(sealed) // 2, len(sealed) - 1):
        copy.write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
        assert not came_from_a_copy(filled)
        assert read(filled) == first
    copy.write_bytes(b"")
    assert not came_from_a_copy(filled)


def test_a_copy_of_another_chain_is_not_used(filled: Ledger, clock: Clock) -> None:
    """An older backup of the database lies under the copy of a newer one."""
    importing.enter(filled, row(11 * 50), PUBLIC, clock())
    read(filled)
    with filled.reading() as reader:
        asked = kept.Asked(TYPES, ZONE, "confidential", "assessment")
        taken = kept.load(filled, reader, asked)
        kept.save(filled, reader, asked, replace(taken, last=(taken.last[0], bytes(32))))
        assert len(kept.load(filled, reader, asked).table) == 0
        kept.save(filled, reader, asked, replace(taken, last=(taken.last[0] + 9, taken.last[1])))
        assert len(kept.load(filled, reader, asked).table) == 0


def test_each_question_has_its_own_copy_and_they_do_not_pile_up(filled: Ledger) -> None:
    read(filled)
    fewer = {name: kind for name, kind in TYPES.items() if name != "measure"}
    found = reading.records(filled, fewer, ZONE, atlas=LIB.atlas)
    assert {r.type for r in found.records} == {"attack"}
    assert len(kept.copies(filled)) == 2
    for name in ("UTC", "Europe/Kyiv", "Asia/Tokyo", "America/New_York"):
        assert len(reading.records(filled, TYPES, ZoneInfo(name)).records) > 30
    assert len(kept.copies(filled)) == kept.MAX_COPIES
    assert {path.stat().st_mode & 0o777 for path in kept.copies(filled)} == {0o600}


def test_where_no_copy_can_be_written_reading_goes_on(
    filled: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(kept, "write_secret", refuse)
    assert read(filled) == anew(filled)
    assert kept.copies(filled) == []
