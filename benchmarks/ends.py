"""How long it takes to say who can end what: the bundled agreements, and generated ones.

`python -m benchmarks.ends [NORMS…]` prints a table: commitments, answers, how many of them are
proved, seconds to read and to answer.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.audit_texts import generated
from servanda import library
from servanda.ends.run import who_ends
from servanda.reason.groups import Settled

SIZES = (50, 200)


def measured(name: str, source: str | Path) -> str:
    start = time.perf_counter()
    loaded = library.load_draft(source)
    read = time.perf_counter() - start
    start = time.perf_counter()
    found = who_ends(loaded)
    spent = time.perf_counter() - start
    answers = [a for one in found.commitments for a in one.answers]
    proved = sum(a.settled is Settled.PROVED for a in answers)
    return (
        f"{name:24} {len(loaded.agreement.norms):4} norms {len(found.commitments):4} commitments "
        f"{len(answers):5} answers {proved:5} proved {len(found.undecided):3} undecided  "
        f"read {read:5.2f} s  answered {spent:6.2f} s"
    )


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or list(SIZES)
    for name in library.bundled():
        print(measured(name, name))
    with TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"generated-{size}.servanda"
            path.write_text(generated(size), encoding="utf-8")
            print(measured(path.stem, path))


if __name__ == "__main__":
    main()
