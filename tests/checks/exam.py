"""The mutation exam: clean agreements, altered one step at a time, and which checks notice.

An operator (operators.py) says which check is to catch its mutant, and which others may warn as
well; every other check has to stay silent.  `python -m tests.checks.exam [HOW MANY]` prints
precision and recall, and every mutant that was missed or told of by a check that should be silent.
"""

import random
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from servanda.checks.frame.run import audit
from servanda.library import InputError, load_draft
from tests.checks.operators import FOLDER, NAMES, Mutant, everything

SEED = 28
MANY = 500


@cache
def mutants_of_all() -> tuple[Mutant, ...]:
    """MANY mutants, drawn with SEED where the operators make more."""
    found = [m for name in NAMES for m in everything(name)]
    distinct = list({(m.agreement, m.text): m for m in found}.values())
    if len(distinct) > MANY:
        chosen = random.Random(SEED).sample(range(len(distinct)), MANY)
        distinct = [distinct[i] for i in sorted(chosen)]
    return tuple(distinct)


def caught_by(mutant: Mutant) -> frozenset[str] | None:
    """The checks that warn; None where nothing of the text can be read."""
    with tempfile.TemporaryDirectory() as folder:
        for file in (FOLDER / mutant.agreement).iterdir():
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        (Path(folder) / "agreement.md").write_text(mutant.text, encoding="utf-8")
        try:
            result = audit(load_draft(Path(folder)), seconds=60)
        except InputError:
            return None
    by_code = {code: one.name for one in result.checks for code in one.codes}
    return frozenset(by_code[w.code] for w in result.warnings)


@dataclass(frozen=True, slots=True)
class Mark:
    mutant: Mutant
    warned: frozenset[str]

    @property
    def caught(self) -> bool:
        return bool(self.warned & self.mutant.right)

    @property
    def beside(self) -> frozenset[str]:
        """Checks that warn and should be silent."""
        return self.warned - self.mutant.right - self.mutant.also


def mark(found: tuple[Mutant, ...]) -> list[Mark]:
    return [Mark(m, caught_by(m) or frozenset()) for m in found]


def summary(marks: list[Mark]) -> tuple[float, float]:
    """(precision, recall): of the checks that warn, those that may; of mutants, those caught."""
    right = sum(len(m.warned - m.beside) for m in marks)
    warned = sum(len(m.warned) for m in marks)
    return (right / warned if warned else 1.0, sum(m.caught for m in marks) / len(marks))


def alone(marks: list[Mark]) -> float:
    """The share of mutants at which no other check warned, not even one that may."""
    return sum(not m.warned - m.mutant.right for m in marks) / len(marks)


def told(marks: list[Mark]) -> str:
    precision, recall = summary(marks)
    return (
        f"{len(marks)} mutants: precision {precision:.3f}, recall {recall:.3f}, "
        f"the right check alone {alone(marks):.3f}"
    )


def main() -> None:
    chosen = mutants_of_all()
    if len(sys.argv) > 1:
        step = max(1, len(chosen) // int(sys.argv[1]))
        chosen = chosen[::step]
    marks = mark(chosen)
    for one in marks:
        if not one.caught or one.beside:
            print(
                "missed" if not one.caught else "beside",
                one.mutant.operator,
                "|",
                one.mutant.what,
                "| right",
                sorted(one.mutant.right),
                "| warned",
                sorted(one.warned),
                "| beside",
                sorted(one.beside),
            )
    print(told(marks))


if __name__ == "__main__":
    main()
