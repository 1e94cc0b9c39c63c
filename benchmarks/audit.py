"""How long an audit takes: the bundled agreements, and generated ones of up to 1,000 commitments.

`python -m benchmarks.audit [NORMS…]` prints a table: commitments, seconds on the clock and of the
processor, warnings, undecided.  It runs with the command's own limit for each check.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.audit_texts import chained, copied, disputed, generated
from servanda import library
from servanda.checks.frame.run import audit

SIZES = (100, 1000)


def texts(norms: int) -> Iterator[tuple[str, str]]:
    """Texts of so many commitments with their names; `.md` where they are Markdown."""
    for shape in (generated, chained, disputed):
        yield f"{shape.__name__}-{norms}.servanda", shape(norms)
    for name in ("minsk-2-2015", "ukraine-28-point"):
        yield f"{name}-{norms}.md", copied(name, norms)


def measured(name: str, source: str | Path) -> str:
    start = time.perf_counter()
    loaded = library.load_draft(source)
    read = time.perf_counter() - start
    start, spent = time.perf_counter(), time.process_time()
    result = audit(loaded, progress=lambda title: print(f"  {title}", file=sys.stderr))
    clock, spent = time.perf_counter() - start, time.process_time() - spent
    norms = len(loaded.agreement.norms)
    return (
        f"{name:26} {norms:5} commitments  read {read:5.1f} s  audit {clock:6.1f} s "
        f"({spent:5.1f} s of processor)  {len(result.warnings):5} warnings  "
        f"{len(result.undecided)} undecided"
    )


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or list(SIZES)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    for name in library.bundled():
        print(measured(name, name), flush=True)
    with TemporaryDirectory() as folder:
        for size in sizes:
            for name, text in texts(size):
                path = Path(folder) / name
                path.write_text(text, encoding="utf-8")
                print(measured(path.stem, path), flush=True)


if __name__ == "__main__":
    main()
