"""`servanda mfotl` on logs of 100,000 to 10,000,000 events, beside others.

Whole processes, from a file to tuples in a file, all in one run: seconds on the clock, seconds of
processor time (which other programs on the machine disturb less), highest memory, growth from one
size to ten times that size, and the ratio to `by_hand`, a NumPy answer written for that formula
alone, from the same Parquet file.  On logs of one agent rtamt answers too (`benchmarks/peers.py`).
Answers must be equal, or the run stops.  Prints tables, writes JSON beside the logs.
`python -m benchmarks.mfotl [FOLDER] [--sizes N…] [--rounds N] [--only FORMULA…]`.
"""

import argparse
import json
import multiprocessing
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import mfotl_logs, peers
from benchmarks.processes import Spent, TooLong, least, machine

SIZES = (100_000, 1_000_000, 10_000_000)
ALONE = (10_000, 100_000, 1_000_000)
PATIENCE = 60.0  # seconds that a peer is given
FORMS = ("parquet", "csv", "log")
HAND = "by hand"
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
    """One whole process: the best of the rounds; None for one that took too long."""

    formula: str
    events: int
    form: str
    spent: Spent | None
    tuples: int

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "spent": None if self.spent is None else asdict(self.spent)}


def written(kind: str, events: int, folder: Path) -> dict[str, Path]:
    """The logs, made in a process of their own.

    What this process has held would be counted as memory of the children that it starts.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(mfotl_logs.write, (kind, events, folder))


def ours(name: str, log: Path, out: Path) -> list[str]:
    command = [sys.executable, "-m", "servanda.cli", "mfotl"]
    command += ["--sig", str(log.with_name(f"{name}.sig"))]
    command += ["--formula", str(log.with_name(f"{name}.mfotl"))]
    return [*command, "--log", str(log), "--output", str(out)]


def theirs(module: str, name: str, log: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", f"benchmarks.{module}", name, str(log), str(out)]


def run(folder: Path, sizes: Sequence[int], rounds: int, names: Sequence[str]) -> list[Measured]:
    """The engine from every form of a log, and what was written by hand."""
    found: list[Measured] = []
    out = folder / "out"
    for name, kind, signature, formula in FORMULAS:
        if names and name not in names:
            continue
        (folder / f"{name}.sig").write_text(signature)
        (folder / f"{name}.mfotl").write_text(formula)
        for events in sizes:
            files = written(kind, events, folder)
            answers: dict[str, int] = {}
            for form in FORMS:
                spent = least(ours(name, files[form], out), rounds)
                answers[form] = out.read_bytes().count(b" (") - out.read_bytes().count(b" (time")
                found.append(Measured(name, events, form, spent, answers[form]))
            spent = least(theirs("by_hand", name, files["parquet"], out), rounds)
            answers[HAND] = out.read_bytes().count(b"\n")
            found.append(Measured(name, events, HAND, spent, answers[HAND]))
            assert len(set(answers.values())) == 1, f"{name}: {answers}"
            print("\n".join(table(found[-4:], found)), flush=True)
    return found


def run_alone(
    folder: Path, sizes: Sequence[int], rounds: int, names: Sequence[str]
) -> list[Measured]:
    """The engine, what was written by hand, and rtamt, on logs of a single agent."""
    found: list[Measured] = []
    out = folder / "out"
    for name, _, signature, formula in FORMULAS:
        if name not in peers.FORMULAS or (names and name not in names):
            continue
        (folder / f"{name}.sig").write_text(signature)
        (folder / f"{name}.mfotl").write_text(formula)
        for events in sizes:
            log = written("alone", events, folder)["parquet"]
            spent = least(ours(name, log, out), rounds)
            mine = _points(out, r"@\d+ \(time point (\d+)\)")
            found.append(Measured(name, events, "parquet", spent, len(mine)))
            spent = least(theirs("by_hand", name, log, out), rounds)
            assert _points(out, r"(\d+),") == mine, f"{name}: by hand differs"
            found.append(Measured(name, events, HAND, spent, len(mine)))
            peer: Spent | None
            try:
                peer = least(theirs("peers", name, log, out), 1, PATIENCE)
            except TooLong:
                peer = None
            else:
                assert _points(out, r"(\d+)") == mine, f"{name}: {peers.RTAMT} differs"
            found.append(Measured(name, events, peers.RTAMT, peer, len(mine)))
            print("\n".join(table(found[-3:], found)), flush=True)
    return found


def _points(out: Path, pattern: str) -> set[int]:
    """The time-points of an answer, one a line."""
    return {int(n) for n in re.findall(rf"^{pattern}", out.read_text(), re.MULTILINE)}


HEAD = "formula    events  form       clock s    cpu s  to hand  growth    MiB    tuples"


def table(rows: Sequence[Measured], all_of_them: Sequence[Measured]) -> list[str]:
    known = {(m.formula, m.events, m.form): m.spent for m in all_of_them}
    lines = []
    for m in rows:
        start = f"{m.formula:7} {m.events:10,} {m.form:8}"
        if m.spent is None:
            lines.append(
                f"{start} {f'over {PATIENCE:.0f}':>9} {'':8} {'':8} {'':7} {'':6}         "
            )
            continue
        hand = known[m.formula, m.events, HAND]
        smaller = known.get((m.formula, m.events // 10, m.form))
        growth = f"{m.spent.processor / smaller.processor:.1f}" if smaller else ""
        ratio = "" if hand in (None, m.spent) else f"{m.spent.processor / hand.processor:.2f}"
        lines.append(
            f"{start} {m.spent.clock:9.2f} {m.spent.processor:8.2f} "
            f"{ratio:>8} {growth:>7} {m.spent.mebibytes:6.0f} {m.tuples:9,}"
        )
    return [line.rstrip() for line in lines]


def reported(found: Sequence[Measured]) -> list[str]:
    """Beside what three monitors took for a million events on another machine: ratios only."""
    million = {(m.formula, m.form): m.spent.clock for m in found if m.events == 10**6 and m.spent}
    lines = [f"formula  {'here, text':>10}  " + "  ".join(f"{m:>9}" for m in peers.MONITORS)]
    for name, times in peers.REPORTED.items():
        if (mine := million.get((name, "log"))) is not None:
            cells = "  ".join(f"{told:>9}" for told in times)
            lines.append(f"{name:7}  {mine:10.2f}  {cells}".rstrip())
    return lines if len(lines) > 1 else []


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--alone", nargs="*", type=int, default=ALONE, help="sizes for one agent")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[], help="formulas, such as f1 P1")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{machine()}; the best of {options.rounds} rounds")
        print(HEAD)
        found = run(folder, options.sizes, options.rounds, options.only)
        alone: list[Measured] = []
        if not peers.installed():
            print(f"\nLogs of one agent, beside {peers.RTAMT}: left out. {peers.ABSENT}")
        elif options.alone:
            print(f"\nLogs of one agent, beside {peers.RTAMT} (which knows signals and no data)")
            print(HEAD)
            alone = run_alone(folder, options.alone, options.rounds, options.only)
        if lines := reported(found):
            print("\nSeconds for a million events, as others took on another machine (ratios only)")
            print("\n".join(lines))
        result = {
            "machine": machine(),
            "runs": [m.plain() for m in found],
            "alone": [m.plain() for m in alone],
        }
        (folder / "mfotl.json").write_text(json.dumps(result, indent=1))
        if options.folder:
            print(f"written to {folder / 'mfotl.json'}")


if __name__ == "__main__":
    main()
