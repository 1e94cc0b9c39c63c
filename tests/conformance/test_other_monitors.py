"""Where rtamt and the engine can say the same, they answer the same at every time-point."""

from pathlib import Path

import pytest

from benchmarks import peers
from benchmarks.mfotl import HAND, run_alone


def test_rtamt_answers_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not peers.installed():  # of the extra `bench`, which a test run does not set up
        pytest.skip(peers.ABSENT)
    found = run_alone(tmp_path, [500], 1, [])  # stops where two answers differ
    assert len(found) == 3 * len(peers.FORMULAS)
    assert all(m.spent is not None and m.tuples for m in found)
    assert {m.form for m in found} == {"parquet", HAND, peers.RTAMT}
    assert "rtamt" in capsys.readouterr().out
