"""Quick enough to be asked for while one drafts (processor time, which what else runs leaves)."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.audit_texts import generated as chains
from benchmarks.ends import generated as pacts
from servanda.ends.run import who_ends
from servanda.library import load_draft
from servanda.reason.groups import Settled
from tests.ends.small import PATIENT

FLAGSHIP_SECONDS = 5.0
LARGE_SECONDS = 60.0
LARGE = 200


def _spent(source: str | Path) -> float:
    library = load_draft(source)
    start = time.process_time()
    found = who_ends(library, seconds=PATIENT)
    spent = time.process_time() - start
    assert found.undecided == found.readings_cut == ()
    answers = [answer for one in found.commitments for answer in one.answers]
    proved = [answer for answer in answers if answer.settled is Settled.PROVED]
    assert len(proved) > 0.9 * len(answers)
    return spent


def test_the_flagship_takes_less_than_five_seconds() -> None:
    assert _spent("ukraine-28-point") < FLAGSHIP_SECONDS


@pytest.mark.parametrize("generated", [pacts, chains], ids=["pacts", "chains"])
def test_two_hundred_norms_take_less_than_a_minute(
    generated: Callable[[int], str], tmp_path: Path
) -> None:
    path = tmp_path / "generated.servanda"
    path.write_text(generated(LARGE), encoding="utf-8")
    assert len(load_draft(path).agreement.norms) == LARGE
    assert _spent(path) < LARGE_SECONDS
