"""No wrong answer among the cases of the peers; what is refused is refused by its name."""

from collections import Counter
from pathlib import Path

from servanda.language.mfotl.lexer import Unsupported
from tests.conformance import peers

# What may be refused, by its name in the message.
MAY_BE_REFUSED = {"FRZ", "string functions", "calendar conversions", "JSON logs"}


def test_the_answers_are_those_of_the_peers(shared: Path) -> None:
    wrong: list[str] = []
    refused: Counter[str] = Counter()
    passed = 0
    for case in peers.cases(shared):
        try:
            found = peers.answered(case)
        except Unsupported as error:
            refused[str(error).removeprefix("unsupported: ").split(" (")[0]] += 1
            continue
        if found == peers.expected(case):
            passed += 1
        else:
            wrong.append(
                f"{case.name}: {case.formula.strip()}\n  {found}\n  {peers.expected(case)}"
            )
    print(f"{passed} cases pass; refused: {dict(refused)}")
    assert not wrong, "\n".join(wrong)
    assert set(refused) <= MAY_BE_REFUSED
    assert passed >= 400, "of the 400 that use nothing else"
