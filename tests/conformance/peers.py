"""Cases from the test suites of the peers: reading them, and answers that compare as sets."""

import gzip
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from servanda.engine.columns.monitor import monitor
from servanda.language.mfotl.check import check
from servanda.language.mfotl.columns import columns_of, constants
from servanda.language.mfotl.formula import parse_formula
from servanda.language.mfotl.lexer import Text
from servanda.language.mfotl.log import read_text
from servanda.language.mfotl.signature import parse_signature
from servanda.language.mfotl.write import written

Answers = dict[int, frozenset[tuple[float | str, ...]]]


@dataclass(frozen=True)
class Case:
    name: str
    features: frozenset[str]
    args: str
    sig: str
    formula: str
    log: str
    expected: str


def cases(folder: Path) -> list[Case]:
    with gzip.open(
        folder / "conformance" / "mfotl_cases.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        return [
            Case(
                c["case"],
                frozenset(c["features"]),
                c["args"],
                c["sig"],
                c["formula"],
                c["log"],
                c["expected"],
            )
            for c in map(json.loads, lines)
        ]


def expected(case: Case) -> Answers:
    """What a peer printed: `@10 (time point 0): (1,2) (3,4)`, with -verbose `((1,2),(3,4))`."""
    found: Answers = {}
    for line in case.expected.splitlines():
        match = re.match(r"@\d+ \(time point (\d+)\): ?(.*)$", line)
        if match is None:
            continue
        at, rest = int(match[1]), match[2].strip()
        if rest == "true":
            found[at] = frozenset({()})
        elif rest not in ("false", "()", ""):
            inside = rest[1:-1] if rest.startswith("((") else rest
            tuples = re.findall(r'\(((?:"[^"]*"|[^()"])*)\)', inside)
            found[at] = frozenset(tuple(map(_value, _values(t))) for t in tuples)
    return found


def _values(text: str) -> list[str]:
    return re.findall(r'"[^"]*"|[^,]+', text)


def _value(text: str) -> float | str:
    return text[1:-1] if text.startswith('"') else round(float(text), 9)


def answered(case: Case) -> Answers:
    """What Servanda says, as it would be printed; raises MfotlError, Unsafe or PlanError."""
    signature = parse_signature(Text(case.sig, "signature"))
    source = Text(case.formula)
    formula = parse_formula(source)
    check(formula, signature, source)
    log = columns_of(read_text(case.log, "log", signature), signature, constants(formula))
    assert not log.problems
    verdicts = monitor(formula, log, open_end="-nonewlastts" in case.args)
    found: dict[int, set[tuple[float | str, ...]]] = defaultdict(set)
    for i, at in enumerate(verdicts.at.tolist()):
        row = []
        for column, kind in zip(verdicts.columns, verdicts.kinds, strict=True):
            value = column[i].item()
            if kind == "string":
                row.append(log.strings[value])
            else:
                row.append(_value(written(value, kind)))
        found[at].add(tuple(row))
    return {at: frozenset(rows) for at, rows in found.items()}
