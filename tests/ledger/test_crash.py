"""Killed at any instant, full disks, read-only files: nothing acknowledged is lost."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from servanda.ledger import chain, history, shred
from servanda.ledger.errors import Busy, LedgerError
from servanda.ledger.export import Release, export
from servanda.ledger.ledger import Ledger, init, open_ledger
from tests.conftest import ROOT
from tests.ledger.conftest import Clock, Enter
from tests.support.skipping import skip

STEP = 100
PROGRAM = [sys.executable, "-m", "tests.ledger.importer"]


def rows(path: Path, count: int) -> Path:
    line = '{{"id":"r{0}","type":"attack","at":"2026-01-05T10:00:00Z","args":{{}},"source":"B"}}\n'
    path.write_text("".join(line.format(number) for number in range(count)))
    return path


def start(ledger: Ledger, file: Path, *more: str) -> "subprocess.Popen[str]":
    arguments = [ledger.place, str(ledger.keys.path), str(file), str(STEP), *more]
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed(ledger: Ledger, file: Path, rng: random.Random) -> tuple[int, bool]:
    """Start an import, kill it at random: how many rows it acknowledged, whether it was at work."""
    running = start(ledger, file)
    assert running.stdout is not None and running.stderr is not None
    acknowledged = 0
    for _ in range(rng.randint(0, 3)):
        said = running.stdout.readline()
        if not said:
            break
        acknowledged = int(said)
    else:
        time.sleep(rng.uniform(0, 0.01) if acknowledged else rng.uniform(0, 0.5))
    running.send_signal(signal.SIGKILL)
    rest, told = running.communicate()
    assert not told
    at_work = running.returncode == -signal.SIGKILL
    return max([acknowledged, *map(int, rest.split())]), at_work


def crash(ledger: Ledger, tmp_path: Path, times: int) -> None:
    rng = random.Random(times)
    total = times * 20 * STEP
    file = rows(tmp_path / "many.jsonl", total)
    hits = 0
    for _ in range(times):
        acknowledged, at_work = killed(ledger, file, rng)
        hits += at_work
        report = chain.verify(ledger)
        assert report.whole, report.failures[:3]
        there = history.statistics(ledger).kinds.get("record", 0)
        assert there >= acknowledged
        assert there % STEP == 0
    done = start(ledger, file)
    out, told = done.communicate()
    assert (done.returncode, told) == (0, "")
    assert hits >= times // 2, "most were killed when they had ended: nothing was tried"
    assert not out or int(out.split()[-1]) == total  # it may all have been there already
    assert history.statistics(ledger).kinds["record"] == total
    assert chain.verify(ledger).whole


def test_an_import_that_is_killed_loses_nothing_and_resumes(ledger: Ledger, tmp_path: Path) -> None:
    crash(ledger, tmp_path, 10)


@pytest.mark.long
def test_an_import_that_is_killed_a_hundred_times(ledger: Ledger, tmp_path: Path) -> None:
    crash(ledger, tmp_path, 100)


def test_a_full_disk_is_told_and_the_ledger_whole(
    tmp_path: Path, clock: Clock, keys: Path, enter: Enter
) -> None:
    """No file may grow beyond a limit: what SQLite sees on a full disk."""
    ledger = init(str(tmp_path / "l.ledger"), "", clock(), keys)
    file = rows(tmp_path / "many.jsonl", 20 * STEP)
    running = start(ledger, file, "600000")
    out, told = running.communicate()
    assert running.returncode != 0
    assert "the disk is full" in told
    acknowledged = int(out.split()[-1])
    assert chain.verify(ledger).whole
    assert history.statistics(ledger).kinds["record"] >= acknowledged
    assert enter(ledger, file).entered == 20 * STEP


def test_read_only_files_are_told(tmp_path: Path, clock: Clock, keys: Path, file: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir()
    ledger = init(str(folder / "l.ledger"), "", clock(), keys)
    ledger.store.backend.wipe(ledger.store.engine)
    Path(ledger.place).chmod(0o444)
    folder.chmod(0o555)
    program = (
        "import sys, pathlib\n"
        "from tests.ledger import importer\n"
        "from servanda.ledger.ledger import open_ledger\n"
        "from servanda.ledger import chain\n"
        "place, keys, file = sys.argv[1:]\n"
        "print(chain.verify(open_ledger(place, pathlib.Path(keys))).whole)\n"
        "importer.main(place, keys, file, '10')\n"
    )
    mortal: list[str] = []
    if os.geteuid() == 0:  # root writes wherever it likes, unless it gives that up
        if shutil.which("setpriv") is None:
            skip("setpriv is absent (Debian and Ubuntu: apt-get install util-linux)")
        mortal = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        mortal += ["--inh-caps=-dac_override,-dac_read_search"]
    done = subprocess.run(
        [*mortal, sys.executable, "-c", program, ledger.place, str(keys), str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    folder.chmod(0o755)
    assert done.stdout == "True\n", done.stderr
    assert "read-only" in done.stderr.splitlines()[-1]


def test_a_writer_waits_for_a_bounded_time(ledger: Ledger, file: Path, enter: Enter) -> None:
    from dataclasses import replace

    from servanda.ledger.store import open_store

    hasty = replace(ledger, store=open_store(ledger.place, wait=0.2))
    with ledger.writing():
        began = time.monotonic()
        with pytest.raises(Busy, match="somebody else is writing"):
            enter(hasty, file)
        assert time.monotonic() - began < 10
    assert enter(hasty, file).entered == 3


def test_many_writers_make_one_chain(ledger: Ledger, tmp_path: Path, enter: Enter) -> None:
    files = []
    for number in range(4):
        path = rows(tmp_path / f"{number}.jsonl", 300)
        path.write_text(path.read_text().replace('"r', f'"w{number}-'))
        files.append(path)
    wrong: list[Exception] = []

    def work(path: Path) -> None:
        try:
            enter(open_ledger(ledger.place, ledger.keys.path), path, step=20)
        except Exception as error:  # told below, in the thread that can
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert chain.verify(ledger).whole
    assert history.statistics(ledger).kinds == {"genesis": 1, "import": 4, "record": 1200}


def test_a_writer_goes_on_while_another_shreds(
    ledger: Ledger, file: Path, enter: Enter, clock: Clock, tmp_path: Path
) -> None:
    enter(ledger, file)
    other = open_ledger(ledger.place, ledger.keys.path)
    shred.shred(ledger, [1], "", clock())
    assert enter(other, rows(tmp_path / "more.jsonl", 3)).entered == 3
    assert chain.verify(other).whole


def test_a_shredding_that_stops_half_way_leaves_what_can_be_opened(
    ledger: Ledger,
    file: Path,
    enter: Enter,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    enter(ledger, file)

    def stop(*_: object) -> None:
        raise OSError("stopped")

    # before the database has it: the key file holds both wrapping keys
    monkeypatch.setattr("servanda.ledger.shred.wrap", stop)
    with pytest.raises(OSError, match="stopped"):
        shred.shred(ledger, [1], "", clock())
    monkeypatch.undo()
    again = open_ledger(ledger.place, ledger.keys.path)
    assert len(again.keys.wrapping) == 2
    assert chain.verify(again).whole
    # after it, before the old key is destroyed
    monkeypatch.setattr("servanda.ledger.keyfile.KeyFile.only", stop)
    with pytest.raises(OSError, match="stopped"):
        shred.shred(again, [1], "", clock())
    monkeypatch.undo()
    last = open_ledger(ledger.place, ledger.keys.path)
    assert chain.verify(last).whole
    assert chain.verify(last).shredded == 1
    shred.shred(last, [2], "", clock())
    assert len(open_ledger(ledger.place, ledger.keys.path).keys.wrapping) == 1


def test_an_export_that_stops_leaves_nothing(
    ledger: Ledger, file: Path, enter: Enter, clock: Clock, tmp_path: Path
) -> None:
    enter(ledger, file)

    def stop(_: int) -> None:
        raise OSError("stopped")

    before = sorted(tmp_path.iterdir())
    with pytest.raises(OSError, match="stopped"):
        export(ledger, tmp_path / "out", Release("public"), clock(), stop)
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(LedgerError, match="goes into a new folder"):
        export(ledger, tmp_path / "out", Release("public"), clock())
