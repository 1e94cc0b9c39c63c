"""An import as a process of its own, to be killed: says on standard output what is acknowledged.

python -m tests.ledger.importer PLACE KEYS FILE STEP [LARGEST]

No file may grow beyond LARGEST bytes: what a program sees on a full disk.
"""

import resource
import signal
import sys
import time
from pathlib import Path

from servanda.ledger.importing import Import, Progress, Source
from servanda.ledger.ledger import open_ledger
from servanda.ledger.rows import digest_of, rows_of_file
from tests.ledger.conftest import PUBLIC


def main(place: str, keys: str, file: str, step: str, largest: str | None = None) -> None:
    if largest is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
    ledger = open_ledger(place, Path(keys))
    path = Path(file)
    source = Source(path.name, *digest_of(path))
    asked = Import(ledger, source, PUBLIC, lambda: time.time_ns() // 1000, step=int(step))
    asked.run(rows_of_file(path), say)


def say(progress: Progress) -> None:
    print(progress.entered, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
