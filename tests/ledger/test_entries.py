"""What is entered stands, once, in a chain that verifies; the same on both stores."""

import json
from pathlib import Path

import pytest

from servanda import asking, library
from servanda.ledger import chain, history, importing, keys, reading, remarks, shred, signing
from servanda.ledger.errors import LedgerError, ReadOnly
from servanda.ledger.export import Release, export
from servanda.ledger.handling import Handling
from servanda.ledger.ledger import Ledger, open_ledger
from servanda.ledger.restoring import restore
from tests.ledger.conftest import PUBLIC, ROWS, Clock, Enter

TRUCE = """\
agreement demo "A truce"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-01

party A
  side
party B
  side

measure guards "guards" in people

prohibition truce.hold "neither side attacks"
  bearer each of {A, B}
  toward the other
  not attack by bearer on other
  from in_force
"""


@pytest.fixture(scope="module")
def truce() -> library.Library:
    return library.from_text(TRUCE)


def ids(ledger: Ledger, audience: str = "confidential") -> list[str | None]:
    found = history.listed(ledger, history.Chosen(count=1000), audience)
    return [one.entry.id for one in found if one.entry is not None and one.entry.id]


def failures(ledger: Ledger) -> list[tuple[int | str, str]]:
    return [(f.where, f.how) for f in chain.verify(ledger).failures]


def test_an_import_is_a_chain_that_verifies(ledger: Ledger, enter: Enter, file: Path) -> None:
    done = enter(ledger, file)
    assert (done.entered, done.already, done.refused) == (3, 0, [])
    report = chain.verify(ledger)
    assert report.whole
    assert (report.entries, report.open, report.signatures) == (5, 5, 1)
    assert ids(ledger) == ["a1", "a2", "m1"]


def test_the_same_record_twice_is_one_entry(
    ledger: Ledger, enter: Enter, file: Path, tmp_path: Path
) -> None:
    enter(ledger, file)
    again = enter(ledger, file)
    assert (again.finished, again.seq) == (True, None)
    other = tmp_path / "other.jsonl"
    other.write_text(ROWS + ROWS.splitlines()[0].replace('"by":"A"', '"by": "A"') + "\n")
    done = enter(ledger, other)
    assert (done.entered, done.already, done.refused) == (0, 4, [])
    assert ids(ledger) == ["a1", "a2", "m1"]


def test_a_known_id_with_other_content_is_refused_with_both_shown(
    ledger: Ledger, enter: Enter, file: Path, tmp_path: Path
) -> None:
    enter(ledger, file)
    other = tmp_path / "other.jsonl"
    other.write_text(ROWS.splitlines()[0].replace('"on":"B"', '"on":"C"') + "\n")
    (clash,) = enter(ledger, other).refused
    assert clash.reason == "id “a1” stands in entry 1 with other content"
    assert clash.shown is not None
    assert '"on":"B"' in clash.shown[0]
    assert '"on":"C"' in clash.shown[1]


def test_what_cannot_be_entered_is_kept_apart_and_the_rest_goes_on(
    ledger: Ledger, enter: Enter, tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    lines = ROWS.encode().splitlines()
    path.write_bytes(
        b"\n".join([b'{"id":', lines[0], b'{"id":"\xff"}', b'{"type":"attack"}', b"[1]", lines[1]])
    )
    done = enter(ledger, path)
    assert done.entered == 2
    assert [(r.line, r.reason.split(":")[0]) for r in done.refused] == [
        (1, "not JSON at column 7"),
        (3, "not UTF-8 text"),
        (4, "without id and source"),
        (5, "a record is a JSON object { … }"),
    ]
    assert failures(ledger) == []


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_from_ledger_and_from_file_the_same_records(
    ledger: Ledger, enter: Enter, truce: library.Library, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"rows.{ending}"
    rows = [json.loads(line) for line in ROWS.splitlines()]
    if ending == "jsonl":
        extra = '{"id":"x","type":"flies","at":"2026-01-01","source":"B"}\n{"id":"a1"\n'
        clash = ROWS.splitlines()[0].replace('"on":"B"', '"on":"A"')
        path.write_text(extra + ROWS + clash + "\n", encoding="utf-8")
    elif ending == "csv":
        path.write_text(
            "id,type,at,args.by,args.on,source,args\n"
            + "a1,attack,2026-01-05T10:00:00Z,A,B,B,\n"
            + "x,flies,2026-01-05,A,B,B,\n"
            + 'm1,measure,2026-01-05,,,B,"{""name"":""guards"",""value"":2}"\n'
        )
    else:
        import polars

        polars.DataFrame([{**r, "args": json.dumps(r["args"])} for r in rows[:1]]).write_parquet(
            path
        )
    enter(ledger, path)
    types, zone = truce.agreement.record_types, truce.zone
    from_file, from_ledger = (
        truce.read([path]),
        reading.records(ledger, types, zone, atlas=truce.atlas),
    )
    assert from_ledger.records == from_file.records
    assert from_ledger.refused == from_file.refused
    assert asking.assess(truce, from_ledger) == asking.assess(truce, from_file)


def test_several_files_are_read_as_their_files_would_be(
    ledger: Ledger, enter: Enter, truce: library.Library, file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "s.jsonl"
    other.write_text(
        ROWS.splitlines()[0].replace('"a1"', '"b1"') + '\n{"id":"x","type":"q","at":"2026-01-01"}\n'
    )
    enter(ledger, file)
    enter(ledger, other)
    from_file = truce.read([file, other])
    found = reading.records(ledger, truce.agreement.record_types, truce.zone, atlas=truce.atlas)
    assert (found.records, found.refused) == (from_file.records, from_file.refused)


def test_an_import_resumes_after_the_last_step_that_stands(
    ledger: Ledger, clock: Clock, file: Path
) -> None:
    class Cut(Exception):
        pass

    def stop(_: importing.Progress) -> None:
        raise Cut

    source = importing.Source(file.name, "digest", 1)
    asked = importing.Import(ledger, source, PUBLIC, clock, step=2)
    from servanda.ledger.rows import rows_of_file

    with pytest.raises(Cut):
        asked.run(rows_of_file(file), stop)
    done = asked.run(rows_of_file(file))
    assert (done.resumed, done.entered) == (2, 3)
    assert ids(ledger) == ["a1", "a2", "m1"]
    assert failures(ledger) == []


def test_an_export_gives_the_same_hashes_and_the_same_assessment(
    ledger: Ledger,
    enter: Enter,
    truce: library.Library,
    file: Path,
    tmp_path: Path,
    clock: Clock,
) -> None:
    enter(ledger, file)
    export(ledger, tmp_path / "out", Release("confidential"), clock())
    copy = restore(tmp_path / "out", str(tmp_path / "copy.ledger"))
    heads = [history.statistics(one).head for one in (ledger, copy)]
    assert heads[0] == heads[1]
    assert failures(copy) == []
    types, zone = truce.agreement.record_types, truce.zone
    assert reading.records(copy, types, zone, atlas=truce.atlas) == reading.records(
        ledger, types, zone, atlas=truce.atlas
    )
    with pytest.raises(ReadOnly):
        enter(copy, file)


def test_an_audience_sees_its_classes_and_an_export_closes_the_others(
    ledger: Ledger, enter: Enter, file: Path, tmp_path: Path, clock: Clock
) -> None:
    enter(ledger, file)
    importing.enter(ledger, {**row("s1"), "note": "seen"}, Handling("confidential"), clock())
    importing.enter(ledger, row("p1"), Handling("parties"), clock())
    assert ids(ledger, "public") == ["a1", "a2", "m1"]
    assert ids(ledger, "parties") == ["a1", "a2", "m1", "p1"]
    made = export(ledger, tmp_path / "out", Release("parties"), clock())
    assert (made.entries, made.records) == (7, 4)
    copy = restore(tmp_path / "out", str(tmp_path / "copy.ledger"))
    assert ids(copy) == ["a1", "a2", "m1", "p1"]
    assert failures(copy) == []


def test_a_use_that_is_not_permitted_closes_an_entry(
    ledger: Ledger, tmp_path: Path, clock: Clock
) -> None:
    importing.enter(ledger, row("r"), Handling("public", "informed", ("reporting",)), clock())
    importing.enter(ledger, row("w"), Handling("public", "withdrawn", ("reporting",)), clock())
    for use, count in (("reporting", 1), ("research", 0), (None, 2)):
        made = export(ledger, tmp_path / str(use), Release("public", use), clock())
        assert made.records == count, use


def test_a_redacted_field_is_closed_and_the_chain_whole(
    ledger: Ledger, enter: Enter, file: Path, tmp_path: Path, clock: Clock
) -> None:
    enter(ledger, file)
    remarks.redact(ledger, ["a2"], ["place"], clock(), "names a house")
    export(ledger, tmp_path / "out", Release("public"), clock())
    text = (tmp_path / "out" / "entries.jsonl").read_text()
    assert "48.10" not in text
    assert "37.5" not in text
    (seen,) = [s for s in [history.shown(ledger, "a2", "public")] if s.entry]
    assert seen.entry is not None
    assert "place" not in seen.entry.row
    copy = restore(tmp_path / "out", str(tmp_path / "copy.ledger"))
    assert failures(copy) == []
    with pytest.raises(LedgerError, match="tells which entry"):
        remarks.redact(ledger, ["a2"], ["id"], clock())
    with pytest.raises(LedgerError, match="no field"):
        remarks.redact(ledger, ["a2"], ["plaice"], clock())


def test_a_shredded_record_is_gone_and_the_chain_whole(
    ledger: Ledger, enter: Enter, file: Path, keys: Path, clock: Clock, tmp_path: Path
) -> None:
    enter(ledger, file)
    before = history.statistics(ledger).head
    shred.shred(ledger, [2], "the source asked", clock())
    ledger = open_ledger(ledger.place, keys)
    report = chain.verify(ledger)
    assert report.whole
    assert report.shredded == 1
    assert ids(ledger) == ["a1", "m1"]
    assert before in {one.hash.hex() for one in history.listed(ledger, history.Chosen(), "public")}
    with pytest.raises(LedgerError, match="gone already"):
        shred.shred(ledger, [2], "", clock())
    with pytest.raises(LedgerError, match="only records are shredded"):
        shred.shred(ledger, [0], "", clock())
    other = tmp_path / "again.jsonl"
    other.write_text(ROWS + "\n")
    (back,) = enter(ledger, other).refused
    assert "was shredded" in back.reason
    export(ledger, tmp_path / "out", Release("confidential"), clock())
    assert "48.10" not in (tmp_path / "out" / "entries.jsonl").read_text()


def test_an_older_copy_of_the_store_opens_nothing_after_a_shredding(
    tmp_path: Path, enter: Enter, file: Path, clock: Clock
) -> None:
    import shutil

    from servanda.ledger.ledger import init

    place, keys_file = tmp_path / "x.ledger", tmp_path / "x.keys"
    ledger = init(str(place), "", clock(), keys_file)
    enter(ledger, file)
    backup = tmp_path / "backup.ledger"
    ledger.store.backend.wipe(ledger.store.engine)
    shutil.copy(place, backup)
    with ledger.reading() as reader:
        (body,) = reader.connection.exec_driver_sql("SELECT body FROM entries WHERE seq = 1").one()
    assert body in place.read_bytes()
    shred.shred(ledger, [1], "", clock())
    assert body not in place.read_bytes()
    with pytest.raises(LedgerError, match="lacks wrapping key"):
        history.listed(open_ledger(str(backup), keys_file), history.Chosen(), "confidential")


def row(identity: str, **more: object) -> dict[str, object]:
    """One record as a person would enter it."""
    return {
        "id": identity,
        "type": "attack",
        "at": "2026-02-01T10:00:00Z",
        "args": {"by": "A", "on": "B"},
        "source": "B",
        **more,
    }


def state(truce: library.Library, ledger: Ledger, **choices: str) -> str:
    found = reading.records(ledger, truce.agreement.record_types, truce.zone, atlas=truce.atlas)
    result = asking.assess(truce, found, as_of="2026-03-01", **choices)
    return str(next(n["state"] for n in result["norms"] if n["id"] == "truce.hold[A]"))


def key(ledger: Ledger, role: str, clock: Clock) -> keys.Signer:
    made = keys.make()
    signing.register(ledger, made.public, f"The {role}", role, clock())
    return made


def test_a_verification_by_a_registered_verifier_corroborates(
    ledger: Ledger, truce: library.Library, clock: Clock
) -> None:
    importing.enter(ledger, row("b1"), PUBLIC, clock())
    assert state(truce, ledger) == "active"
    with pytest.raises(LedgerError, match="not registered"):
        remarks.verification(ledger, ["b1"], keys.make(), clock())
    with pytest.raises(LedgerError, match="takes verifier"):
        remarks.verification(ledger, ["b1"], key(ledger, "officer", clock), clock())
    remarks.verification(ledger, ["b1"], key(ledger, "verifier", clock), clock())
    assert state(truce, ledger) == "breached"
    assert state(truce, ledger, known_at="2025-01-01") == "active"
    assert failures(ledger) == []


def test_an_officer_may_withdraw_what_others_may_not(
    ledger: Ledger, truce: library.Library, clock: Clock
) -> None:
    importing.enter(ledger, row("b1"), PUBLIC, clock())
    importing.enter(ledger, row("b2", source="Press"), PUBLIC, clock())
    assert state(truce, ledger) == "breached"
    back = {"type": "attack", "source": "Office", "reported": "2026-02-02", "withdraws": ["b1"]}
    importing.enter(ledger, {"id": "w1", **back}, PUBLIC, clock())
    assert state(truce, ledger) == "breached"
    officer = key(ledger, "officer", clock)
    importing.enter(ledger, {"id": "w2", **back}, PUBLIC, clock(), officer)
    assert state(truce, ledger) == "active"
    told = [one.entry.kind for one in history.history(ledger, "b1", "public") if one.entry]
    assert told == ["record", "withdrawal", "withdrawal"]


def test_a_merge_makes_one_occurrence(ledger: Ledger, truce: library.Library, clock: Clock) -> None:
    importing.enter(ledger, row("b1"), PUBLIC, clock())
    apart = row("b2", source="Press", at="2026-02-09T10:00:00Z")
    importing.enter(ledger, apart, PUBLIC, clock())
    assert state(truce, ledger) == "active"
    remarks.merge(ledger, ["b1", "b2"], key(ledger, "verifier", clock), clock())
    assert state(truce, ledger) == "breached"


def test_a_revoked_key_signs_nothing_more(ledger: Ledger, clock: Clock) -> None:
    importing.enter(ledger, row("b1"), PUBLIC, clock())
    verifier = key(ledger, "verifier", clock)
    remarks.verification(ledger, ["b1"], verifier, clock())
    signing.revoke(ledger, verifier.public, clock())
    assert failures(ledger) == []
    with pytest.raises(LedgerError, match="revoked"):
        remarks.verification(ledger, ["b1"], verifier, clock())


def test_what_was_known_by_an_instant_can_be_listed(ledger: Ledger, clock: Clock) -> None:
    first = clock()
    importing.enter(ledger, row("b1"), PUBLIC, first)
    importing.enter(ledger, row("b2"), PUBLIC, clock())
    found = history.listed(ledger, history.Chosen(("record",), known_at=first), "public")
    assert [one.entry.id for one in found if one.entry] == ["b1"]


def test_numbers_keep_the_digits_of_their_source(
    ledger: Ledger, enter: Enter, file: Path, tmp_path: Path, clock: Clock
) -> None:
    enter(ledger, file)
    export(ledger, tmp_path / "out", Release("public"), clock())
    assert (tmp_path / "out" / "records.jsonl").read_text(encoding="utf-8") == ROWS


def test_what_takes_a_shown_record_back_is_shown_to_that_extent(
    ledger: Ledger, tmp_path: Path, clock: Clock
) -> None:
    importing.enter(ledger, row("b1"), PUBLIC, clock())
    importing.enter(ledger, row("b2"), Handling("body"), clock())
    for target in ("b1", "b2"):
        back = row(f"w-{target}", withdraws=[target], note="a reason that is not for all")
        importing.enter(ledger, back, Handling("confidential"), clock())
    export(ledger, tmp_path / "out", Release("public"), clock())
    lines = [json.loads(x) for x in (tmp_path / "out" / "entries.jsonl").read_text().splitlines()]
    shown = [f[1] for f in lines[3]["fields"] if isinstance(f, list)]
    assert [text.partition(":")[0] for text in shown] == [
        '"entry.kind"',
        '"entry.recorded"',
        '"withdraws"',
    ]
    assert "root" in lines[2]
    assert "root" in lines[4], "about a record that is not shown nothing is told"
    copy = restore(tmp_path / "out", str(tmp_path / "copy.ledger"))
    assert failures(copy) == []
    told = [one.seq for one in history.history(copy, "b1", "confidential")]
    assert told == [1, 3]


def test_a_ledger_that_was_not_founded_to_the_end_is_founded_again(
    place: str, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from servanda.ledger import ledger as founding

    def stop(*_: object) -> None:
        raise OSError("stopped")

    monkeypatch.setattr(founding, "_settle", stop)
    with pytest.raises(OSError, match="stopped"):
        founding.init(place, "", 0, keys)
    monkeypatch.undo()
    with pytest.raises(LedgerError, match="not founded to the end"):
        open_ledger(place, keys)
    assert failures(founding.init(place, "", 0, keys)) == []


def test_handling_that_changes_counts_from_then_on(ledger: Ledger, clock: Clock) -> None:
    importing.enter(ledger, row("b1"), PUBLIC, clock())
    importing.enter(ledger, row("b2", note="seen by Mr Example"), Handling("body"), clock())
    remarks.reclassify(ledger, ["b1"], Handling("confidential"), clock(), "asked for")
    assert ids(ledger, "body") == ["b2"]
    with pytest.raises(LedgerError, match="“note” seems to name a person"):
        remarks.reclassify(ledger, ["b2"], PUBLIC, clock())
    remarks.reclassify(ledger, ["b1"], PUBLIC, clock())
    assert ids(ledger, "public") == ["b1"]
    assert failures(ledger) == []
