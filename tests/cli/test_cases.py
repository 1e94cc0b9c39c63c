"""`servanda cases`: the docket as text, data and calendar."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.docket.proceedings import APPEAL, ATTACKS, STEPS, TEXT, paper

__all__ = ["run"]

Run = Callable[..., tuple[int, str, str]]
ACTION = paper(
    *("t1", "03-16", "action_point", "Commission"),
    body="Commission",
    holder="Upper",
    task="open the mill",
    about=["k1"],
    due="2026-03-30",
)
SUBMITTED = paper("s1", "03-04", "submits", "Lower", by="Lower", case="k1", evidence=["a1", "a2"])
DISSENT = paper("d1", "03-25", "dissents", "Upper", **{"by": "Upper", "from": "f1"})


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.chdir(tmp_path)
    Path("t.servanda").write_text(TEXT)
    rows = (*ATTACKS, *STEPS, SUBMITTED, DISSENT, ACTION, APPEAL)
    Path("r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return ("cases", "t.servanda", "--records", "r.jsonl")


def test_the_docket_is_told_on_a_screen(run: Run, given: tuple[str, ...]) -> None:
    code, out, err = run(*given)
    assert (code, err) == (0, "")
    told = " ".join(out.split())
    for part in (
        "1 of 2026 under appeal",
        "Lower about Upper, on p1.peace (k1, 2026-03-02)",
        "✓ acknowledged 2026-03-03 (k2), too late from 2026-03-06T00:00:00Z",
        "▪ exhibit 2 of Lower: a2, attack 2026-03-01 10:00Z, says Lower (body)",
        "○ f1: breach against Upper, on p1.peace: does not stand; dissent of Upper",
        "the appeal of Upper to Arbiter suspends it until it is decided",
        "vote (majority of members): 2 for, 1 against",
        "asked of Upper by 2026-03-30: open the mill",
        "▸ next: Arbiter: decide the appeal",
    ):
        assert part in told, part
    assert all(len(line) <= 80 for line in out.splitlines())


def test_for_the_parties_evidence_of_the_body_is_withheld(run: Run, given: tuple[str, ...]) -> None:
    _, out, _ = run(*given, "--for", "parties")
    assert "exhibit 2 of Lower: attack, withheld (body)" in out
    assert "a2" not in out
    _, out, _ = run(*given, "--for", "public")
    assert "1 of 2026  under appeal; not for this audience" in out
    assert "Upper" not in out


def test_one_body_alone(run: Run, given: tuple[str, ...]) -> None:
    code, out, _ = run(*given, "--body", "Local", "--format", "json")
    assert (code, json.loads(out)["cases"]) == (0, [])
    code, _, err = run(*given, "--body", "Court")
    assert code == 2
    assert "there is no such institution; there are Local, Commission." in err


def test_before_any_complaint_there_is_nothing(run: Run, given: tuple[str, ...]) -> None:
    Path("r.jsonl").write_text("")
    code, out, _ = run(*given)
    assert code == 0
    assert "no complaint and no finding is on record" in out


def test_what_is_due_as_a_calendar(
    given: tuple[str, ...], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from servanda.cli import main

    assert main([*given, "--as-of", "2026-03-20", "--format", "ics"]) == 0
    out = capfdbinary.readouterr().out
    assert out.startswith(b"BEGIN:VCALENDAR")
    assert b"SUMMARY:1 of 2026: last day" in out


def test_a_finding_under_appeal_is_explained(run: Run, given: tuple[str, ...]) -> None:
    _, out, _ = run("explain", "t.servanda", "p1.peace[Upper]", *given[2:])
    told = " ".join(out.split())
    assert "The finding f1 by Commission on p1.peace does not stand: the appeal of Upper" in told
