"""`servanda records`: overview, doubles, contradictions, coverage; a merge is an entry."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_commands import TRUCE, run

__all__ = ["run"]

Run = Callable[..., tuple[int, str, str]]

ROWS = """\
{"id":"a","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"A"},"source":"B","place":"Kyiv"}
{"id":"b","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"B"},"source":"A","place":"Київ"}
{"id":"c","type":"claim_total","at":"2026-01-05","args":{"by":"A","about":"drones","against":"B","count":3,"period":"x"},"source":"A"}
"""


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.chdir(tmp_path)
    Path("t.servanda").write_text(TRUCE)
    Path("r.jsonl").write_text(ROWS)
    return ("records", "t.servanda", "--records", "r.jsonl")


def test_what_records_hold_and_say(run: Run, given: tuple[str, ...]) -> None:
    code, out, _ = run(*given, "--duplicates", "--least", "0", "--contradictions", "--coverage")
    assert code == 0
    for told in (
        "3 records",
        "1 claim_total (claimed totals: never added to occurrences)",
        "they differ in by",
        "≠ 2026-01-05 10:00Z attack, by",
        "0% of the time",
    ):
        assert told in out or told in " ".join(out.split()), told
    assert all(len(line) <= 80 for line in out.splitlines())
    code, out, _ = run(*given, "--contradictions", "--format", "json")
    (found,) = json.loads(out)["contradictions"]
    assert {p["value"]: p["speakers"] for p in found["positions"]} == {"A": ["B"], "B": ["A"]}


def test_a_merge_is_an_entry_with_author_and_reason(run: Run, given: tuple[str, ...]) -> None:
    code, out, err = run(*given, "--merge", "a", "b")
    assert code == 2
    assert "without author and reason" in err
    code, out, err = run(*given, "--merge", "a", "x", "--author", "N", "--because", "R")
    assert code == 2
    assert "no record x" in err
    code, out, _ = run(*given, "--merge", "a", "b", "--author", "N", "--because", "one crater")
    assert code == 0
    Path("m.jsonl").write_text(out + "nonsense\n")
    code, out, err = run(*given, "--duplicates", "--merges", "m.jsonl", "--least", "0")
    assert "m.jsonl:2: not used" in err
    assert "merged: a, b by N" in out
    assert "none" in out.split("Candidate duplicates")[1]


def test_a_merge_acts_in_an_assessment(run: Run, given: tuple[str, ...]) -> None:
    row = {"type": "attack", "args": {"by": "A", "on": "B"}}
    told = [("p", "2026-01-05T10:00:00Z", "Press"), ("q", "2026-01-05T15:00:00Z", "Radio")]
    rows = [json.dumps({**row, "id": i, "at": at, "source": source}) for i, at, source in told]
    Path("r.jsonl").write_text("\n".join(rows))
    (_, *rest) = given
    code, out, _ = run("assess", *rest, "--format", "json")
    (one, _) = json.loads(out)["norms"]
    assert (code, one["breaches"]) == (0, [])
    _, entry, _ = run(*given, "--merge", "p", "q", "--author", "N", "--because", "one crater")
    unknown = entry.replace('"q"', '"x"')
    Path("m.jsonl").write_text(entry + unknown)
    code, out, err = run("assess", *rest, "--merges", "m.jsonl", "--format", "json")
    result = json.loads(out)
    assert [b["records"] for b in result["norms"][0]["breaches"]] == [["p", "q"]]
    assert [m["author"] for m in result["merges"]] == ["N"]
    assert "m.jsonl:2: not used: there is no record x to be merged" in err
    assert [r["file"] for r in result["refused"]] == ["m.jsonl"]
    code, out, _ = run("assess", *rest, "--merges", "m.jsonl")
    assert "Merged as one occurrence: p, q (by N)." in " ".join(out.split())
    code, _, err = run("assess", *rest, "--merges", "none.jsonl")
    assert (code, "no such file" in err) == (2, True)
