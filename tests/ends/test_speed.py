"""Quick enough to be asked for while one drafts (processor time, which what else runs leaves)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.audit_texts import generated as chains
from benchmarks.ends import generated as pacts
from servanda.ends.run import who_ends
from servanda.library import load_draft
from servanda.reason.groups import Settled
from tests.ends.small import PATIENT
from tests.support.pace import soon

FLAGSHIP_SECONDS = 5.0
LARGE_SECONDS = 60.0
LARGE = 200


def _decided(source: str | Path, seconds: float) -> None:
    library = load_draft(source)
    with soon(seconds):
        found = who_ends(library, seconds=PATIENT)
    assert found.undecided == found.readings_cut == ()
    answers = [answer for one in found.commitments for answer in one.answers]
    proved = [answer for answer in answers if answer.settled is Settled.PROVED]
    assert len(proved) > 0.9 * len(answers)


def test_the_flagship_takes_less_than_five_seconds() -> None:
    _decided("ukraine-28-point", FLAGSHIP_SECONDS)


@pytest.mark.parametrize("generated", [pacts, chains], ids=["pacts", "chains"])
def test_two_hundred_norms_take_less_than_a_minute(
    generated: Callable[[int], str], tmp_path: Path
) -> None:
    path = tmp_path / "generated.servanda"
    path.write_text(generated(LARGE), encoding="utf-8")
    assert len(load_draft(path).agreement.norms) == LARGE
    _decided(path, LARGE_SECONDS)
