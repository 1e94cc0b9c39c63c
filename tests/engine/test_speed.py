"""A thousand records are assessed by the reference evaluator in well under twenty seconds."""

import servanda
from benchmarks.generate import lines
from servanda import library
from servanda.evidence.read import read_text
from tests.support.pace import soon

LIMIT_S = 20


def test_a_thousand_records() -> None:
    lib = library.load("ukraine-28-point")
    read = read_text(lines(1000), "generated", lib.agreement.record_types, lib.zone)
    assert len(read.records) == 1000
    with soon(LIMIT_S):
        result = servanda.assess(lib, read, as_of="2026-12-01")
    assert result["unattributed"]
    assert any(n["breaches"] for n in result["norms"])
