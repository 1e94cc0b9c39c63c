"""`servanda plan`: how a commitment is worked out."""

import json

import pytest

from benchmarks.generate import lines
from servanda.cli import main
from tests.support.engines import in_columns

COMMITMENT = "p28.ceasefire"


@pytest.fixture
def records(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("plan") / "r.jsonl"
    file.write_text(lines(120))
    return str(file)


def _planned(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["plan", "ukraine-28-point", COMMITMENT, *options]) == 0
    return capsys.readouterr().out


def test_counts_are_those_of_the_assessment(
    records: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with in_columns():
        found = json.loads(_planned(capsys, "--records", records, "--format", "json"))
    assert main(["assess", "ukraine-28-point", "--records", records, "--format", "json"]) == 0
    norms = json.loads(capsys.readouterr().out)["norms"]
    entries = sum(len(n["breaches"]) for n in norms if n["id"].startswith(COMMITMENT))
    assert found["entries"] == entries > 0
    assert found["columns"] and found["instances"] == 2
    (acts,) = [c["steps"] for c in found["clauses"] if c["clause"] == "not, or may"]
    told = {step["what"]: step for step in acts}
    attacks = told["attack by Russia on Ukraine"]
    assert attacks["facts"] > 0 and attacks["flips"] <= 2 * attacks["facts"]


def test_few_records_go_the_plain_way(records: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = _planned(capsys, "--records", records)
    assert "the plain way" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_an_unknown_commitment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "ukraine-28-point", "p28.ceasefir"]) == 2
    assert "Did you mean p28.ceasefire" in capsys.readouterr().err
