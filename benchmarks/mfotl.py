"""`servanda mfotl` on logs of 100,000 to 10,000,000 events, beside a hand-written answer.

Whole processes, from a file to tuples in a file, all in one run: seconds on the clock, seconds of
processor time (which other programs on the machine disturb less), highest memory, growth from one
size to the next, and the ratio to `by_hand` from the same Parquet file.  Prints a table, writes
JSON beside the logs.  `python -m benchmarks.mfotl [FOLDER] [--sizes N…] [--rounds N]`.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import mfotl_logs

SIZES = (100_000, 1_000_000, 10_000_000)
FORMS = ("parquet", "csv", "log")
DUTIES = "P(int) R(int) Q(int,int) S(int,int)"
BANK = "trans(int,int,int) report(int) auth(int,int)"
PUBLISHING = "publish(int,int) approve(int,int) acc_S(int) acc_F(int) mgr_S(int,int) mgr_F(int,int)"
# Name, kind of log, signature, formula.
FORMULAS = (
    ("f1", "duties", DUTIES, "Q(x,y) AND ONCE[0,100] P(x)"),
    ("f2", "duties", DUTIES, "P(x) AND NOT EVENTUALLY[0,10] R(x)"),
    ("f3", "duties", DUTIES, "S(x,v) AND ((NOT R(x)) SINCE[11,200] P(x))"),
    ("f4", "duties", DUTIES, "(s <- SUM v; x (ONCE[0,100] S(x,v))) AND s > 2500"),
    ("f5", "duties", DUTIES, "(Q(x,y) AND (ONCE[1,50] Q(x,z))) AND NOT (y = z)"),
    ("f6", "duties", DUTIES, "S(x,v) AND NOT ((NOT R(x)) SINCE[0,*] P(x))"),
    (
        "P1",
        "publishing",
        PUBLISHING,
        "NOT (publish(a,f) IMPLIES (NOT acc_F(a) SINCE acc_S(a)) AND ONCE[0,10] "
        "(EXISTS m. (NOT mgr_F(m,a) SINCE mgr_S(m,a)) AND approve(m,f)))",
    ),
    ("P2", "bank", BANK, "(trans(c,t,a) AND 2000 < a) AND NOT EVENTUALLY[0,6) report(t)"),
    ("P3", "bank", BANK, "trans(c,t,a) AND 2000 < a AND NOT ONCE[2,21) (EXISTS e. auth(e,t))"),
)


@dataclass(frozen=True)
class Measured:
    """One whole process: the best of the rounds."""

    formula: str
    events: int
    form: str
    seconds: float
    processor: float
    mebibytes: float
    tuples: int


def measured(command: Sequence[str], rounds: int) -> tuple[float, float, float]:
    """Seconds on the clock, of processor time, and MiB; the least of the rounds."""
    clock, processor, memory = [], [], []
    for _ in range(rounds):
        start = time.perf_counter()
        child = subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        clock.append(time.perf_counter() - start)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0, command
        processor.append(used.ru_utime + used.ru_stime)
        memory.append(used.ru_maxrss / 1024)
    return min(clock), min(processor), min(memory)


def _environment() -> dict[str, str]:
    """Modules are compiled once, as where a program is installed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    kept.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "servanda-bench-pyc"))
    return kept


def _written(kind: str, events: int, folder: Path) -> dict[str, Path]:
    """The logs, made in a process of their own.

    What this process has held would be counted as memory of the children that it starts.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(mfotl_logs.write, (kind, events, folder))


def run(folder: Path, sizes: Sequence[int], rounds: int, names: Sequence[str]) -> list[Measured]:
    found: list[Measured] = []
    chosen = [f for f in FORMULAS if not names or f[0] in names]
    for name, kind, signature, formula in chosen:
        (folder / f"{name}.sig").write_text(signature)
        (folder / f"{name}.mfotl").write_text(formula)
        for events in sizes:
            files = _written(kind, events, folder)
            out = folder / "out"
            mine = None
            for form in FORMS:
                command = [sys.executable, "-m", "servanda.cli", "mfotl"]
                command += ["--sig", str(folder / f"{name}.sig")]
                command += ["--formula", str(folder / f"{name}.mfotl")]
                command += ["--log", str(files[form]), "--output", str(out)]
                times = measured(command, rounds)
                tuples = out.read_bytes().count(b" (") - out.read_bytes().count(b" (time point")
                mine = tuples if mine is None else mine
                assert tuples == mine, f"{name}: {form} gives {tuples} tuples, not {mine}"
                found.append(Measured(name, events, form, *times, tuples))
            hand = [
                sys.executable,
                "-m",
                "benchmarks.by_hand",
                name,
                str(files["parquet"]),
                str(out),
            ]
            times = measured(hand, rounds)
            tuples = out.read_bytes().count(b"\n")
            assert tuples == mine, f"{name}: by hand {tuples} tuples, not {mine}"
            found.append(Measured(name, events, "by hand", *times, tuples))
            print("\n".join(table(found[-4:], found)), flush=True)
    return found


HEAD = "formula    events  form       clock s    cpu s  to hand  growth    MiB    tuples"


def table(rows: Sequence[Measured], all_of_them: Sequence[Measured]) -> list[str]:
    known = {(m.formula, m.events, m.form): m for m in all_of_them}
    lines = []
    for m in rows:
        hand = known[m.formula, m.events, "by hand"]
        smaller = known.get((m.formula, m.events // 10, m.form))
        growth = f"{m.processor / smaller.processor:.1f}" if smaller else ""
        ratio = "" if m is hand else f"{m.processor / hand.processor:.2f}"
        lines.append(
            f"{m.formula:7} {m.events:10,} {m.form:8} {m.seconds:9.2f} {m.processor:8.2f} "
            f"{ratio:>8} {growth:>7} {m.mebibytes:6.0f} {m.tuples:9,}"
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[], help="formulas, such as f1 P1")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        cores, load = os.cpu_count(), os.getloadavg()[0]
        print(f"{cores} cores, load {load:.1f}; the best of {options.rounds} rounds")
        print(HEAD)
        found = run(folder, options.sizes, options.rounds, options.only)
        result: dict[str, Any] = {"cores": cores, "load": load, "runs": [asdict(m) for m in found]}
        (folder / "mfotl.json").write_text(json.dumps(result, indent=1))
        if options.folder:
            print(f"written to {folder / 'mfotl.json'}")


if __name__ == "__main__":
    main()
