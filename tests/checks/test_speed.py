"""An audit is quick enough to be asked for while one drafts (processor time)."""

import time
from pathlib import Path

import pytest

from benchmarks.audit import generated
from servanda.checks.frame.run import audit, checks
from servanda.library import load_draft

FLAGSHIP_SECONDS = 10.0
LARGE_SECONDS = 120.0


def _spent(source: str | Path, told: list[str]) -> float:
    library = load_draft(source)
    start = time.process_time()
    audit(library, seconds=60, progress=told.append)
    return time.process_time() - start


def test_the_flagship_is_audited_in_seconds() -> None:
    told: list[str] = []
    assert _spent("ukraine-28-point", told) < FLAGSHIP_SECONDS
    assert told == [one.title for one in checks()]


@pytest.mark.long
def test_a_thousand_commitments_are_audited_in_two_minutes(tmp_path: Path) -> None:
    path = tmp_path / "generated.servanda"
    path.write_text(generated(1000), encoding="utf-8")
    told: list[str] = []
    assert _spent(path, told) < LARGE_SECONDS
    assert len(told) == len(checks())
