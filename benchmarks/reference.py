"""How the assessment by the reference evaluator grows with the records; prints a table.

Each line is measured in this run: wall time of `assess` with all readings and standards, the
ratio to the line before, and the highest memory of the process so far.
"""

import resource
import time

import servanda
from benchmarks.generate import lines
from servanda import library
from servanda.evidence.read import read_text

SIZES = (125, 250, 500, 1000, 2000)
AS_OF = "2026-12-01"


def main() -> None:
    lib = library.load("ukraine-28-point")
    print(f"{len(lib.agreement.norms)} norms, {len(lib.agreement.terms)} disputed terms")
    print("records    read s  assess s   ratio   memory MiB")
    before = None
    for size in SIZES:
        start = time.perf_counter()
        read = read_text(lines(size), "generated", lib.agreement.record_types, lib.zone)
        reading = time.perf_counter() - start
        start = time.perf_counter()
        servanda.assess(lib, read, as_of=AS_OF, engine="reference")
        taken = time.perf_counter() - start
        ratio = "" if before is None else f"{taken / before:.2f}"
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:7d}  {reading:8.2f}  {taken:8.2f}  {ratio:>6}  {memory:11.0f}")
        before = taken


if __name__ == "__main__":
    main()
