"""Whoever alters an export or a database is found out; an outsider needs the export alone."""

import contextlib
import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servanda.ledger import attachments, chain, importing, keys, outsider, remarks, signing
from servanda.ledger.errors import LedgerError
from servanda.ledger.export import Release, export
from servanda.ledger.ledger import Ledger, init, open_ledger
from servanda.ledger.restoring import restore
from tests.ledger.conftest import PUBLIC, Clock, Enter

Lines = list[dict[str, Any]]
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xe1\x00\x0eExif\x00\x00GPS!!\x00"
    b"\xff\xda\x00\x02\x12\x34\xff\x00\x56\xff\xd9trailing"
)


@pytest.fixture
def made(tmp_path: Path, clock: Clock, enter: Enter, file: Path) -> Ledger:
    ledger = init(str(tmp_path / "l.ledger"), "A mission", clock(), tmp_path / "l.keys")
    enter(ledger, file)
    verifier = keys.make()
    signing.register(ledger, verifier.public, "Panel", "verifier", clock())
    remarks.verification(ledger, ["a1"], verifier, clock())
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(JPEG)
    row = {"id": "p1", "type": "attack", "at": "2026-02-01", "args": {}, "source": "B"}
    importing.enter(ledger, row, PUBLIC, clock(), None, [attachments.read(photo)])
    signing.seal(ledger, None, clock())
    return ledger


@pytest.fixture
def out(made: Ledger, tmp_path: Path, clock: Clock) -> Path:
    folder = tmp_path / "out"
    export(made, folder, Release("public"), clock())
    return folder


def lines_of(folder: Path) -> Lines:
    text = (folder / "entries.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def write(folder: Path, lines: Lines) -> None:
    text = "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
    )
    (folder / "entries.jsonl").write_text(text, encoding="utf-8")


def mend(folder: Path) -> None:
    """What a forger does who knows the format: all files and counts fit again, unsigned."""
    manifest = json.loads((folder / "manifest.json").read_text())
    lines = lines_of(folder)
    manifest["entries"], manifest["head"] = len(lines), lines[-1]["hash"]
    manifest["files"] = {n: outsider.hash_file(str(folder / n)) for n in manifest["files"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def found(folder: Path) -> dict[int | str, str]:
    failures, _, _ = outsider.verify(str(folder))
    told: dict[int | str, str] = {}
    for where, how in failures:
        told[where] = f"{told[where]}; {how}" if where in told else how
    return told


def test_an_export_is_whole(out: Path) -> None:
    assert found(out) == {}


def change_content(lines: Lines) -> Lines:
    fields = lines[2]["fields"]
    at = next(i for i, f in enumerate(fields) if '"args"' in f[1])
    fields[at][1] = fields[at][1].replace('"on":"B"', '"on":"A"')
    return lines


def change_hash(lines: Lines) -> Lines:
    lines[2]["hash"] = "0" * 64
    return lines


def swap(lines: Lines) -> Lines:
    lines[1], lines[2] = lines[2], lines[1]
    return lines


def swap_and_renumber(lines: Lines) -> Lines:
    lines[1], lines[2] = {**lines[2], "seq": 1}, {**lines[1], "seq": 2}
    return lines


def insert(lines: Lines) -> Lines:
    new = json.loads(json.dumps(lines[1]).replace("a1", "a9"))
    rest = [{**line, "seq": line["seq"] + 1} for line in lines[2:]]
    return [*lines[:2], {**new, "seq": 2}, *rest]


def remove(lines: Lines) -> Lines:
    return [*lines[:2], *({**line, "seq": line["seq"] - 1} for line in lines[3:])]


def replay(lines: Lines) -> Lines:
    return [*lines, {**lines[1], "seq": len(lines)}]


def swap_fields(lines: Lines) -> Lines:
    one, other = lines[1]["fields"], lines[2]["fields"]
    one[6], other[6] = other[6], one[6]
    return lines


def close_wrongly(lines: Lines) -> Lines:
    lines[2]["fields"][5] = "0" * 64
    return lines


def same_salt_other_signature(lines: Lines) -> Lines:
    fields = next(line for line in lines if "verification" in str(line["fields"][0]))["fields"]
    given = json.loads("{" + fields[-1][1] + "}")["entry.signature"]
    first = int(given["signature"][:2], 16) ^ 1  # another one, whatever it was
    forged = {**given, "signature": f"{first:02x}{given['signature'][2:]}"}
    fields[-1][1] = '"entry.signature":' + json.dumps(forged, separators=(",", ":"))
    return lines


@pytest.mark.parametrize(
    ("alter", "where", "how"),
    [
        (change_content, 2, "was altered"),
        (change_hash, 2, "its hash was altered; its content fits the next entry"),
        (swap, 1, "entry 2 stands here"),
        (swap_and_renumber, 1, "was altered"),
        (insert, 2, "was altered"),
        (remove, 2, "was altered"),
        (replay, 9, "the id stands in entry 1: a replay"),
        (swap_fields, 1, "was altered"),
        (close_wrongly, 2, "was altered"),
        (same_salt_other_signature, 6, "its signature does not fit"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_what_was_altered_is_named(
    out: Path, alter: Callable[[Lines], Lines], where: int, how: str
) -> None:
    write(out, alter(lines_of(out)))
    mend(out)
    failures = found(out)
    assert how in failures[where], failures
    assert "not signed by the ledger" in failures["manifest"]
    clean = {seq for seq in failures if isinstance(seq, int)} - {where, where + 1, 9}
    if alter in (change_content, change_hash, close_wrongly):
        assert not clean, "entries that nobody touched do not fail"


def test_a_forger_who_makes_the_chain_fit_again_cannot_sign(out: Path) -> None:
    """Every hash is computed anew: signatures and what they sign give it away."""
    lines = change_content(lines_of(out))
    previous = outsider.BEFORE
    for line in lines:
        commitments, _ = outsider.commitments_of(line)
        assert commitments is not None
        previous = outsider.link(previous, line["seq"], outsider.root_of(commitments))
        line["hash"] = previous.hex()
    write(out, lines)
    mend(out)
    failures = found(out)
    assert "the last hash of its batch is not that of entry 3" in failures[4]
    assert "not signed by the ledger" in failures["manifest"]
    assert "differs from the records" in failures["records.jsonl"]


def test_a_chain_that_was_cut_off_is_found_out(out: Path) -> None:
    write(out, lines_of(out)[:-1])
    assert "there are 8" in str(outsider.verify(str(out))[0])
    mend(out)
    assert "not signed by the ledger" in found(out)["manifest"]


def test_closing_what_the_ledger_showed_is_found_out(out: Path) -> None:
    """A go-between hides a verification: the chain fits, the signed manifest does not."""
    lines = lines_of(out)
    found_, _ = outsider.commitments_of(lines[6])
    assert found_ is not None
    root = outsider.root_of(found_).hex()
    lines[6] = {"seq": 6, "hash": lines[6]["hash"], "root": root}
    write(out, lines)
    assert "was altered" in found(out)["entries.jsonl"]
    mend(out)
    assert "not signed by the ledger" in found(out)["manifest"]


def test_a_forger_with_a_key_of_his_own_founds_another_ledger(
    out: Path, made: Ledger, tmp_path: Path, clock: Clock, enter: Enter, file: Path
) -> None:
    other = init(str(tmp_path / "o.ledger"), "A mission", clock(), tmp_path / "o.keys")
    enter(other, file)
    export(other, tmp_path / "forged", Release("public"), clock())
    failures, _, _ = outsider.verify(str(tmp_path / "forged"), ledger=made.id.hex())
    assert failures == [("manifest", f"this is not the ledger {made.id.hex()}")]


def test_a_later_export_continues_an_earlier_one(
    out: Path, made: Ledger, tmp_path: Path, clock: Clock
) -> None:
    signing.seal(made, None, clock())
    export(made, tmp_path / "later", Release("parties"), clock())
    assert outsider.verify(str(tmp_path / "later"), extends=str(out))[0] == []
    ((where, how),) = outsider.verify(str(out), extends=str(tmp_path / "later"))[0]
    assert (where, how[:23]) == ("older export", "it holds more entries t")


@pytest.mark.parametrize("name", ["records.jsonl", "README.txt", "verify.py"])
def test_every_file_is_held_to_its_hash(out: Path, name: str) -> None:
    with (out / name).open("a") as stream:
        stream.write("\n")
    assert "was altered" in found(out)[name] or "differs" in found(out)[name]


def test_files_that_are_missing_or_added_are_named(out: Path) -> None:
    (attached,) = (out / "attachments").iterdir()
    attached.unlink()
    (out / "extra.txt").write_text("x")
    failures = found(out)
    assert "missing" in failures[f"attachments/{attached.name}"]
    assert "not named" in failures["extra.txt"]


def test_a_manifest_leads_nowhere_outside(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["files"]["../l.keys"] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert "outside the export" in found(out)["../l.keys"]


def test_a_released_picture_has_lost_its_metadata(out: Path) -> None:
    (attached,) = (out / "attachments").iterdir()
    data = attached.read_bytes()
    assert b"GPS" not in data
    assert b"trailing" not in data
    assert b"\x12\x34\xff\x00\x56" in data
    manifest = json.loads((out / "manifest.json").read_text())
    (one,) = manifest["attachments"]
    assert one["sha256"] == hashlib.sha256(JPEG).hexdigest()
    assert one["stripped"] is True


@pytest.mark.parametrize("noise", ["{", "[]", '{"seq":0}', '{"seq":0,"hash":"zz"}', "\x00"])
def test_noise_is_no_traceback(out: Path, noise: str) -> None:
    path = out / "entries.jsonl"
    path.write_text(noise + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "not readable" in found(out)[0]


def test_an_export_that_fails_is_not_imported(out: Path, tmp_path: Path) -> None:
    write(out, change_content(lines_of(out)))
    with pytest.raises(LedgerError, match="does not verify, nothing was imported"):
        restore(out, str(tmp_path / "copy.ledger"))
    assert not (tmp_path / "copy.ledger").exists()


def test_the_verifier_in_the_export_needs_python_alone(out: Path, tmp_path: Path) -> None:
    """Run without site-packages: no library of signatures, none of ours."""
    alone = tmp_path / "alone"
    shutil.copytree(out, alone)
    command = [sys.executable, "-I", "-S", str(alone / "verify.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nwhole\n" in done.stdout
    write(alone, same_salt_other_signature(lines_of(alone)))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "entry 6: its signature does not fit its content" in done.stdout


def test_somebody_else_gets_the_same_hashes_from_the_description_alone(out: Path) -> None:
    """As docs/ledger-format.md tells it, written anew."""
    previous = hashlib.sha256(b"servanda.ledger/1").digest()
    for line in lines_of(out):
        pile = b"\x01"
        for salt, member in line["fields"]:
            pile += hashlib.sha256(b"\x00" + bytes.fromhex(salt) + member.encode()).digest()
        place = line["seq"].to_bytes(8, "big")
        root = hashlib.sha256(pile).digest()
        previous = hashlib.sha256(b"\x02" + previous + place + root).digest()
        assert previous.hex() == line["hash"]


def test_plain_and_library_signatures_agree() -> None:
    signer = keys.make()
    for length in (0, 1, 100):
        message = b"m" * length
        signature = bytes.fromhex(signer.sign(message))
        public = bytes.fromhex(signer.public)
        assert outsider.plain_signature_holds(public, message, signature)
        assert outsider.signature_holds(public, message, signature)
        assert not outsider.plain_signature_holds(public, message + b"x", signature)
        assert not outsider.signature_holds(public, message + b"x", signature)
        assert not outsider.plain_signature_holds(b"\xff" * 32, message, signature)


def test_no_damage_to_an_export_is_a_traceback_or_passes(out: Path) -> None:
    rng = random.Random(7)
    for name in ("manifest.json", "entries.jsonl", "records.jsonl"):
        path = out / name
        whole = path.read_bytes()
        for _ in range(60):
            at = rng.randrange(len(whole))
            noise = rng.choice([b"", b"0", b'"', b"[", b"null", b"\xff", b"9" * 30, b"}"])
            path.write_bytes(whole[:at] + noise + whole[at + rng.randint(0, 3) :])
            if path.read_bytes() != whole:
                with contextlib.suppress(outsider.Bad):
                    failures = outsider.verify(str(out))[0]
                    assert failures or _same(name, path.read_bytes(), whole)
        path.write_bytes(whole)
    assert found(out) == {}


def _same(name: str, one: bytes, other: bytes) -> bool:
    """Whether a manifest says the same: where spaces stand in it is not signed."""
    return name == "manifest.json" and json.loads(one) == json.loads(other)


# --- the database ---------------------------------------------------------------------------------


def alter(ledger: Ledger, *statements: str) -> dict[int | str, str]:
    """What somebody does who has the file and no scruples."""
    with sqlite3.connect(ledger.place) as connection:
        connection.execute("DROP TRIGGER entries_keep")
        connection.execute("DROP TRIGGER entries_stay")
        for statement in statements:
            connection.execute(statement)
    connection.close()
    report = chain.verify(open_ledger(ledger.place, ledger.keys.path))
    return {f.where: f.how for f in reversed(report.failures)}


@pytest.mark.parametrize(
    ("statement", "where", "how"),
    [
        ("UPDATE entries SET body = body || x'00' WHERE seq = 2", 2, "sealed content was altered"),
        ("UPDATE entries SET root = zeroblob(32) WHERE seq = 2", 2, "does not fit its root"),
        ("UPDATE entries SET hash = zeroblob(32) WHERE seq = 2", 2, "its hash was altered"),
        ("UPDATE entries SET kind = 'finding' WHERE seq = 2", 2, "columns do not say"),
        ("UPDATE entries SET handling = 'public' WHERE seq = 4", 4, "columns do not say"),
        ("UPDATE entries SET recorded = 1 WHERE seq = 2", 2, "columns do not say"),
        ("UPDATE entries SET token = zeroblob(16) WHERE seq = 2", 2, "columns do not say"),
        ("UPDATE entries SET body = NULL WHERE seq = 2", 2, "no entry says that it was shredded"),
        ("DELETE FROM entries WHERE seq = 2", 3, "entries 2 are missing"),
        ("DELETE FROM entries WHERE seq >= 7", "chain", "cut off: it ends at 6 and came as far"),
    ],
)
def test_what_was_altered_in_the_database_is_named(
    made: Ledger, statement: str, where: int | str, how: str
) -> None:
    if "handling" in statement:
        statement = statement.replace("'public'", "'body'")
    failures = alter(made, statement)
    assert how in failures[where], failures


def test_triggers_keep_what_was_entered(made: Ledger) -> None:
    connection = made.store.engine.raw_connection()
    for statement in (
        "DELETE FROM entries WHERE seq = 2",
        "UPDATE entries SET body = x'00' WHERE seq = 2",
        "REPLACE INTO entries (seq, root, hash) VALUES (2, x'00', x'00')",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.cursor().execute(statement)
    connection.close()
    assert chain.verify(made).whole


def test_an_attachment_that_is_missing_or_altered_is_named(made: Ledger) -> None:
    (path,) = attachments.folder(made).iterdir()
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"?")
    assert "was altered" in chain.verify(made).failures[0].how
    path.unlink()
    assert "missing" in chain.verify(made).failures[0].how


def test_a_key_file_of_another_ledger_is_refused(
    made: Ledger, tmp_path: Path, clock: Clock
) -> None:
    init(str(tmp_path / "o.ledger"), "", clock(), tmp_path / "o.keys")
    with pytest.raises(LedgerError, match="key file of another ledger"):
        open_ledger(made.place, tmp_path / "o.keys")
    with pytest.raises(LedgerError, match="There is no key file"):
        open_ledger(made.place, tmp_path / "absent.keys")
