"""The mutation exam (see exam.py): silence on the clean, the right check on every mutant."""

import pytest

from servanda.checks.frame.run import audit
from servanda.library import load_draft
from tests.checks import exam, operators

SAMPLE = 50


@pytest.mark.parametrize("name", operators.NAMES)
def test_a_clean_agreement_gives_no_warning(name: str) -> None:
    result = audit(load_draft(operators.FOLDER / name), seconds=120)
    assert not result.library.loaded.diagnostics
    assert [f"{w.id}: {w.sentence}" for w in result.warnings] == []
    assert result.undecided == ()


def _passed(marks: list[exam.Mark], capsys: pytest.CaptureFixture[str]) -> None:
    precision, recall = exam.summary(marks)
    with capsys.disabled():
        print(f"\n{exam.told(marks)}")
    missed = [f"{m.mutant.operator}: {m.mutant.what}" for m in marks if not m.caught]
    beside = [
        f"{m.mutant.operator}: {m.mutant.what}: {sorted(m.beside)}" for m in marks if m.beside
    ]
    assert precision >= 0.99, "\n".join(beside)
    assert recall >= 0.98, "\n".join(missed)


def test_a_sample_of_mutants(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = exam.mutants_of_all()
    _passed(exam.mark(chosen[:: len(chosen) // SAMPLE][:SAMPLE]), capsys)


@pytest.mark.long
def test_every_mutant(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = exam.mutants_of_all()
    assert len(chosen) == exam.MANY
    _passed(exam.mark(chosen), capsys)


def test_operators_are_many_and_each_touches_the_text() -> None:
    chosen = exam.mutants_of_all()
    assert len({m.operator for m in chosen}) >= 20
    assert all(m.text != operators.text_of(m.agreement) for m in chosen)
    assert all(m.right for m in chosen)
