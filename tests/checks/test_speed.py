"""An audit is quick enough to be asked for while one drafts: on the clock, whatever else runs here.

Every check has to decide, within the time that the command gives it.
"""

import time
from pathlib import Path

import pytest

from benchmarks.audit_texts import chained, copied, disputed, generated
from servanda.checks.frame.run import audit, checks
from servanda.library import load_draft

FLAGSHIP_SECONDS = 10.0
LARGE_SECONDS = 120.0
MANY = 1000


def _decided(source: str | Path, limit: float) -> None:
    library = load_draft(source)
    told: list[str] = []
    start = time.perf_counter()
    result = audit(library, progress=told.append)
    assert time.perf_counter() - start < limit
    assert told == [one.title for one in checks()], "progress is told, check by check"
    assert result.undecided == ()
    assert result.warnings


def test_the_flagship_is_audited_in_seconds() -> None:
    _decided("ukraine-28-point", FLAGSHIP_SECONDS)


def test_a_thousand_commitments_are_audited_in_two_minutes(tmp_path: Path) -> None:
    path = tmp_path / "generated.servanda"
    path.write_text(generated(MANY), encoding="utf-8")
    _decided(path, LARGE_SECONDS)


@pytest.mark.long
@pytest.mark.parametrize("shape", ["chained", "disputed", "copied"])
def test_other_shapes_are_decided_as_well(shape: str, tmp_path: Path) -> None:
    made = {
        "chained": lambda: chained(MANY),
        "disputed": lambda: disputed(MANY),
        "copied": lambda: copied("minsk-2-2015", MANY),
    }
    path = tmp_path / f"{shape}.{'md' if shape == 'copied' else 'servanda'}"
    path.write_text(made[shape](), encoding="utf-8")
    _decided(path, LARGE_SECONDS)
