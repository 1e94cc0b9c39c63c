"""The flagship on generated years of monitoring; prints a table.

    python -m benchmarks.assess [RECORDS…]

Each line is a process of its own, from a Parquet file: seconds of processor time and, in brackets,
on the clock, to read the records, to group them into occurrences, to work out all commitments under
one standard and one reading of each term, the same again with one record more that comes late, to
explain the commitment that most records are about (the second time it is asked), and to assess all
under all standards and all readings; the most memory until one standard was worked out, and in all.
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servanda.cli import GATHERING

if TYPE_CHECKING:
    from servanda.engine.question import Question

AGREEMENT = "ukraine-28-point"
SIZES = (10_000, 100_000, 1_000_000)
STAGES = ("read", "group", "one", "late", "explain", "all")
MOST = "p28.ceasefire"  # what most records are about


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="*", type=int, default=SIZES)
    parser.add_argument("--one", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(Path(options.one))))
        return
    stages = "  ".join(f"{s + ' s':>14}" for s in STAGES)
    print(f"{'records':>10}  {stages}     MiB  all MiB  entries")
    for count in options.records:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "records.parquet"
            subprocess.run(
                [sys.executable, "-m", "benchmarks.monitored", str(count), str(file)], check=True
            )
            command = [sys.executable, "-m", "benchmarks.assess", "--one", str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        cells = [f"{found[s][0]:6.2f} ({found[s][1]:5.2f})" for s in STAGES]
        sizes = f"{found['memory']:6.0f}  {found['most']:7.0f}  {found['entries']:7,}"
        print(f"{count:10,}  {'  '.join(cells)}  {sizes}", flush=True)


def measure(file: Path) -> dict[str, Any]:
    """All stages in this process, which looks for what is no longer used as every command does."""
    gc.set_threshold(*GATHERING)
    from servanda import asking, library
    from servanda.engine.assess import assess_question
    from servanda.engine.explain import explain
    from servanda.engine.variants import later

    found: dict[str, Any] = {}
    began = time.process_time(), time.perf_counter()

    def stage(name: str) -> None:
        nonlocal began
        now = time.process_time(), time.perf_counter()
        found[name] = now[0] - began[0], now[1] - began[1]
        began = now

    asked, _ = asking.question(library.load(AGREEMENT), [file])
    stage("read")
    len(asked.world.by_type)
    stage("group")
    found["entries"] = _worked_out(asked)
    stage("one")
    found["memory"] = _most_memory()
    attack = next(r for r in asked.inputs.records if r.type == "attack")
    stage("")
    _worked_out(later(asked, [replace(attack, id="late")]))
    stage("late")
    explain(asked, MOST)
    stage("")
    explain(asked, MOST)
    stage("explain")
    json.dumps(assess_question(asked))
    stage("all")
    found["most"] = _most_memory()
    return found


def _most_memory() -> float:
    """In MiB, until now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _worked_out(asked: "Question") -> int:
    """All commitments under one standard and one reading of each term; the number of breaches."""
    readings = {term: asked.readings_of(term)[0] for term in asked.agreement.terms}
    run = asked.run(asked.inputs.standard, readings)
    return sum(len(h.breaches) for n in asked.agreement.norms for h in run.histories(n))


if __name__ == "__main__":
    main()
