"""Whatever is taken out of the flagship's commitments, or altered in them, is noticed.

Each commitment, and each of its clauses, is taken away: then the text has an error, or a story
about the commitment fails, or the table of what is owed to whom differs.  The long run alters each
clause in every way that tests/support/mutants.py knows; the short one takes a few of those.
"""

from pathlib import Path

import pytest

from tests.support import copies, judges, mutants

ID = "ukraine-28-point"
TEXT = copies.text_of(ID)
JUDGES = judges.Judges(ID, Path(__file__).parent / "flagship_owed.tsv")
NORMS = list(mutants.blocks(TEXT))
every_norm = pytest.mark.parametrize("norm", NORMS)
SAMPLE = 2


def _altered(norm: str) -> list[mutants.Mutant]:
    agreement = JUDGES.original.agreement
    others = {a: "Russia" if a == "Ukraine" else "Ukraine" for a in agreement.actors}
    found = mutants.alterations(TEXT, others, judges.words(JUDGES.original))
    return [m for m in found if m.norm == norm]


def _unnoticed(found: list[mutants.Mutant]) -> list[str]:
    return [f"{m.norm}: {m.what}" for m in found if JUDGES.notices(m) is None]


def test_the_text_as_it_stands_is_what_the_table_says() -> None:
    assert judges.owed(JUDGES.original) == JUDGES.expected
    assert list(JUDGES.original.agreement.norms) == NORMS


@every_norm
def test_every_clause_that_is_taken_away_is_noticed(norm: str) -> None:
    found = [m for m in mutants.removals(TEXT) if m.norm == norm]
    assert len(found) >= 2, "the commitment and at least one clause"
    assert not _unnoticed(found)


@every_norm
def test_an_altered_clause_is_noticed(norm: str) -> None:
    altered = _altered(norm)
    assert not _unnoticed(altered[:: max(1, len(altered) // SAMPLE)])


@pytest.mark.long
@every_norm
def test_every_altered_clause_is_noticed(norm: str) -> None:
    assert not _unnoticed(_altered(norm))


def test_a_story_about_the_commitment_fails_without_it() -> None:
    """Not the reader alone: the state of each commitment is asked for by some story."""
    assert set(JUDGES.sections) == set(NORMS)
