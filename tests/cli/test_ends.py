"""`servanda ends`: 80 columns, one commitment, one actor, three formats, exit codes, bad input."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.cli import main

Run = Callable[..., tuple[int, str, str]]
TRUCE = "energy-moratorium-2025"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["ends", *arguments])
        return code, *capsys.readouterr()

    return call


@pytest.mark.parametrize(
    "more", [(), ("p10",), ("--actor", "Ukraine")], ids=["all", "point", "actor"]
)
def test_it_fits_eighty_columns(run: Run, more: tuple[str, ...]) -> None:
    code, out, err = run("ukraine-28-point", *more)
    assert (code, err) == (0, "")
    assert not [line for line in out.splitlines() if len(line) > 80]
    assert "None" not in out


def test_a_commitment_comes_with_its_courses(run: Run) -> None:
    _, out, _ = run(TRUCE, "pause.no_strikes[Russia]", "--reading", "release=for_good")
    told = " ".join(out.split())
    assert "› Ukraine alone; for good" in told
    assert "an attack by one side on another: by Ukraine" in told
    assert "= no other group can, by any course of events" in told


def test_one_actor(run: Run) -> None:
    _, out, _ = run("ukraine-28-point", "--actor", "Ukraine")
    assert "p11.market_access, for good" in out
    code, _, err = run(TRUCE, "--actor", "Ukrane")
    assert code == 2
    assert "Did you mean Ukraine?" in err


def test_json_and_nothing_else(run: Run) -> None:
    code, out, err = run(TRUCE, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["schema"] == "servanda.ends/1"


def test_markdown(run: Run) -> None:
    _, out, _ = run(TRUCE, "--format", "markdown")
    assert out.startswith("# ")
    assert "\n## What each can by its own acts, or by not acting\n" in out
    assert "pause.no\\_strikes" in out


def test_bad_input_is_explained(run: Run) -> None:
    code, out, err = run(TRUCE, "pause.no_strike")
    assert (code, out) == (2, "")
    assert "Did you mean pause.no_strikes?" in err
    assert run(TRUCE, "--reading", "release=always")[0] == 2
    assert run(TRUCE, "--assume", "pause.no_strikes.colour=red")[0] == 2
    assert run(TRUCE, "--standard", "hearsay")[0] == 2
    assert run("nothing-of-the-kind")[0] == 2
    for seconds in ("nan", "-1", "inf"):
        code, out, err = run(TRUCE, f"--seconds={seconds}")
        assert (code, out) == (2, "")
        assert "give a number of seconds" in err


def test_a_draft_with_errors_is_answered_as_far_as_it_goes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "draft.servanda"
    path.write_text(
        'agreement d "A draft"\n  zone UTC\n  in force when 2026-01-01\nparty A\nparty B\n'
        "prohibition d.peace\n  bearer A\n  not attack by A on B\n  from in_force\n"
        "  until 2026-05-01\n  colour red\n",
        encoding="utf-8",
    )
    code, out, err = run(str(path))
    assert code == 2
    assert "colour" in err
    assert "end: no act of anybody (time passes), for good" in out


def test_what_was_not_decided_can_fail_a_build(run: Run) -> None:
    assert run(TRUCE, "--fail-on", "undecided")[0] == 0
    code, out, _ = run(TRUCE, "--fail-on", "undecided", "--seconds", "0")
    assert code == 1
    assert "Not decided" in out


def test_without_time_nothing_is_told_as_absent(run: Run) -> None:
    """Neither that nobody can, nor that only those listed can, nor that a block holds."""
    claims = ("nobody can", "no group can", "no other group", "nobody (", "What no clause")
    _, whole, _ = run(TRUCE, "--seconds", "0")
    fixed = ("--reading", "release=for_good")
    _, one, _ = run(TRUCE, "pause.no_strikes[Russia]", "--seconds", "0", *fixed)
    for out in (whole, one):
        told = " ".join(out.split())
        assert [claim for claim in claims if claim in told] == []
        assert "not decided" in told
    assert "end: whether anybody can was not decided" in whole
    assert "questions were not decided in the time given: see the end" in " ".join(whole.split())
    assert run(TRUCE, "--seconds", "0", "--format", "json")[0] == 0
