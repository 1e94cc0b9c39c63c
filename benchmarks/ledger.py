"""How the ledger grows with its records, in SQLite and PostgreSQL; prints a table.

    python -m benchmarks.ledger [RECORDS…] [--store sqlite|postgres]

Each line is a process of its own: seconds on the wall and of processor time to import, to verify,
and to give the records of an assessment (first, and again from what the first kept); the highest
memory of the process.  PostgreSQL is a private one with its safe settings on.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.generate import course

SIZES = (10_000, 100_000, 1_000_000)
STORES = ("sqlite", "postgres")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="*", type=int, default=SIZES)
    parser.add_argument("--store", action="append", choices=STORES)
    parser.add_argument("--one", nargs=2, metavar=("FILE", "PLACE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(Path(options.one[0]), options.one[1])))
        return
    titles = ("import", "verify", "read", "again")
    print("store     records  " + "  ".join(f"{t + ' s (cpu)':>16}" for t in titles) + "  MiB")
    for count in options.records:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "r.jsonl"
            with file.open("w") as stream:
                for record in course(count):
                    stream.write(json.dumps(record) + "\n")
            for store in options.store or STORES:
                with place(store, Path(folder)) as where:
                    if where is None:
                        print(f"{store:8} absent")
                        continue
                    command = [sys.executable, "-m", "benchmarks.ledger", "--one", str(file), where]
                    done = subprocess.run(command, capture_output=True, text=True, check=True)
                found: dict[str, Any] = json.loads(done.stdout)
                cells = [f"{found[t][0]:8.2f} ({found[t][1]:5.1f})" for t in titles]
                print(
                    f"{store:8} {count:8,}  {'  '.join(cells)}  {found['memory']:.0f}", flush=True
                )


@contextmanager
def place(store: str, folder: Path) -> Iterator[str | None]:
    """Where a ledger goes; None where that store is absent."""
    if store == "sqlite":
        yield str(folder / "l.ledger")
        return
    from tests.support.postgres import cluster

    try:
        running = cluster(safe=True)
    except LookupError:
        yield None
        return
    try:
        yield running.fresh()
    finally:
        running.stop()


def measure(file: Path, where: str) -> dict[str, Any]:
    """Import, verify and read in this process."""
    from servanda import library
    from servanda.ledger import chain, reading
    from servanda.ledger.handling import Handling
    from servanda.ledger.importing import Import, Source
    from servanda.ledger.ledger import init
    from servanda.ledger.rows import digest_of, rows_of_file

    lib = library.load("ukraine-28-point")
    ledger = init(where, "benchmark", now(), file.with_name(f"{time.time_ns()}.keys"))
    found: dict[str, Any] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        found[name] = (time.perf_counter() - wall, time.process_time() - cpu)
        return result

    source = Source(file.name, *digest_of(file))
    asked = Import(ledger, source, Handling(), now)
    timed("import", lambda: asked.run(rows_of_file(file)))
    assert timed("verify", lambda: chain.verify(ledger)).whole
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    types = lib.agreement.record_types
    for name in ("read", "again"):
        count = len(timed(name, lambda: reading.records(ledger, types, lib.zone)).records)
        assert count
    return found


def now() -> int:
    return time.time_ns() // 1000


if __name__ == "__main__":
    main()
