"""Hand-written pairs of clauses, and to the letter which way each goes and for whom."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servanda import library
from servanda.compare.result import compare
from tests.compare.turned import turned

PAGE = Path(__file__).with_name("pairs.md")
_BLOCK = re.compile(r"```servanda (\w+)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class PairOfClauses:
    base: str
    instead_of: str
    stands: str
    told: tuple[str, ...]

    def texts(self, ground: str, clause: str) -> tuple[str, str]:
        """Both drafts; ` & ` parts several replacements, `; ` opens further clauses."""
        after = clause
        for old, new in zip(self.instead_of.split(" & "), self.stands.split(" & "), strict=True):
            assert after.count(old) == 1, (self.base, old)
            after = after.replace(old, new.replace("; ", "\n  "))
        return f"{ground}\n{clause}", f"{ground}\n{after}"


def _read() -> tuple[dict[str, str], list[PairOfClauses]]:
    text = PAGE.read_text(encoding="utf-8")
    blocks = dict(_BLOCK.findall(text))
    pairs, base = [], ""
    for line in text.splitlines():
        if found := re.fullmatch(r"```servanda (\w+)", line):
            base = found[1]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "instead of":
            old, new, told = cells
            pairs.append(PairOfClauses(base, old, new, tuple(told.split(" / ")) if told else ()))
    return blocks, pairs


BLOCKS, PAIRS = _read()
every_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p.base}: {p.stands}")


def _clause(before: str, after: str) -> Any:
    found = compare(library.from_text(before), library.from_text(after))
    (one,) = [c for c in found["comparisons"][0]["clauses"] if c["before"]["id"].startswith("x.")]
    return one


def test_there_are_enough_of_them() -> None:
    assert len(PAIRS) >= 70
    assert {pair.base for pair in PAIRS} == set(BLOCKS) - {"ground"}


@every_pair
def test_what_is_told(pair: PairOfClauses) -> None:
    before, after = pair.texts(BLOCKS["ground"], BLOCKS[pair.base])
    one = _clause(before, after)
    assert tuple(one["told"]) == pair.told
    assert one["fate"] == ("changed" if pair.told else "same")


@every_pair
def test_the_other_way_round_it_is_the_opposite(pair: PairOfClauses) -> None:
    before, after = pair.texts(BLOCKS["ground"], BLOCKS[pair.base])
    assert turned(_clause(after, before)) == turned(turned(_clause(before, after)))


def test_the_example_of_the_cap_word_for_word() -> None:
    found = compare("ukraine-28-point", "e3-counter-draft")
    clauses = found["comparisons"][0]["clauses"]
    (cap,) = [c for c in clauses if c["before"] and c["before"]["id"] == "p6.force_cap"]
    assert cap["told"] == ["cap from 600,000 to 800,000 and only in peacetime: weaker for Ukraine"]
