"""Quick enough to be asked for while one drafts (processor time, which what else runs leaves)."""

import time
from pathlib import Path

from benchmarks.audit_texts import generated
from servanda.ends.run import who_ends
from servanda.library import load_draft

FLAGSHIP_SECONDS = 5.0
LARGE_SECONDS = 60.0


def _spent(source: str | Path) -> float:
    library = load_draft(source)
    start = time.process_time()
    assert not who_ends(library).undecided
    return time.process_time() - start


def test_the_flagship_takes_less_than_five_seconds() -> None:
    assert _spent("ukraine-28-point") < FLAGSHIP_SECONDS


def test_two_hundred_commitments_take_less_than_a_minute(tmp_path: Path) -> None:
    path = tmp_path / "generated.servanda"
    path.write_text(generated(200), encoding="utf-8")
    assert _spent(path) < LARGE_SECONDS
