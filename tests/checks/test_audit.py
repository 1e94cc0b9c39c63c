"""The frame of the audit: stories replay, the data has its schema, files are only proposals."""

import json
import re
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import servanda
from servanda import asking, library
from servanda.checks.frame.context import Context
from servanda.checks.frame.plain import plain
from servanda.checks.frame.run import Audit, audit, checks
from servanda.checks.frame.warning import Severity
from servanda.cli import main
from servanda.evidence.instant import parse_period
from servanda.library import InputError, load_draft
from servanda.reason import extra
from servanda.reason.readings import parted
from servanda.reason.replay import Claim, Story, replays
from tests.checks.operators import FOLDER as CLEAN
from tests.checks.operators import NAMES
from tests.conftest import ROOT

EVERY = library.bundled()


@cache
def audited(name: str) -> Audit:
    return audit(load_draft(name), seconds=120)


every_agreement = pytest.mark.parametrize("name", EVERY)


def test_checks_are_found_by_listing_the_folder() -> None:
    folder = ROOT / "src" / "servanda" / "checks"
    names = {p.stem for p in folder.glob("*.py")} - {"__init__"}
    assert {one.name for one in checks()} == names
    assert [one.order for one in checks()] == list(range(1, len(names) + 1))
    for one in checks():
        assert one.codes
        assert all(code.startswith(f"SA{one.order:02d}") for code in one.codes), one.name


@every_agreement
def test_every_story_replays_in_the_public_evaluator(name: str) -> None:
    """A warning whose example does not replay is a bug: asked again, of `question` itself."""
    result = audited(name)
    told = [w for w in result.warnings if w.story is not None]
    binding = [n for n in result.library.agreement.norms.values() if n.condition is not None]
    assert told or not binding, "only a draft without commitments has no story to tell"
    for warning in told:
        assert warning.story is not None
        wrong = not_borne_out(result, warning.story)
        assert not wrong, f"{warning.id}: {wrong}"


def not_borne_out(result: Audit, story: Story) -> list[str]:
    """The claims that the library's own question does not bear out."""
    lib = result.library
    asked, refused = asking.question(
        lib, list(story.rows), as_of=story.as_of, readings=dict(story.readings)
    )
    assert not refused
    run = asked.run(asked.inputs.standard, dict(story.readings))
    at = parse_period(story.as_of, lib.zone).last
    wrong = []
    for claim in story.shows:
        norm = claim.instance.split("[")[0]
        histories = {h.instance.id: h for h in run.histories(norm)}
        if _shown(histories.get(claim.instance), claim.word, at) is not claim.holds:
            wrong.append(str(claim))
    return wrong


def _shown(history: Any, word: str, at: int) -> bool:
    if history is None:
        return False
    flags = history.at(at)
    special = {
        "running": flags.running,
        "done": flags.fulfilled or flags.cured,
        "clean": flags.running and not history.breaches,
        "found": any(b.basis in ("found", "decided") for b in history.breaches),
        "triggered": history.trigger.state != "none",
        "forfeited": history.forfeiture.state != "none",
    }
    return bool(special[word] if word in special else getattr(flags, word))


def test_a_story_that_claims_something_else_does_not_replay() -> None:
    result = audited("ukraine-28-point")
    warning = next(w for w in result.warnings if w.code == "SA0604")
    assert warning.story is not None
    claim = warning.story.shows[0]
    turned = Claim(claim.instance, claim.word, not claim.holds)
    false = Story(
        warning.story.rows,
        warning.story.told,
        warning.story.as_of,
        warning.story.readings,
        (turned,),
    )
    assert not_borne_out(result, false)
    setting = Context(result.library, 10).ground(dict(false.readings)).setting
    assert not replays(setting, false)


@every_agreement
def test_the_data_has_its_schema_and_is_the_same_every_time(name: str) -> None:
    schema = json.loads((files("servanda") / "schemas" / "audit-1.json").read_text())
    data = plain(audited(name))
    jsonschema.Draft202012Validator(schema).validate(data)
    if name == EVERY[0]:
        assert servanda.audit(name) == data


@every_agreement
def test_every_warning_has_what_a_warning_has(name: str) -> None:
    order = [Severity.BREAKS, Severity.GAP, Severity.RISK]
    result = audited(name)
    ranks = [order.index(w.severity) for w in result.warnings]
    assert ranks == sorted(ranks), "the most severe first"
    for warning in result.warnings:
        assert warning.clauses, warning.id
        assert warning.clauses[0].span.line > 0, warning.id
        assert warning.sentence.endswith("."), warning.id
        assert (warning.story is None) is bool(warning.no_story), warning.id
        assert warning.options, warning.id
        assert all(o.text.startswith("[") and o.text.endswith("]") for o in warning.options)
    assert len({w.id for w in result.warnings}) == len(result.warnings)


def test_readings_that_do_not_matter_are_left_out() -> None:
    results = [
        ({"a": "x", "b": "1"}, True),
        ({"a": "x", "b": "2"}, True),
        ({"a": "y", "b": "1"}, False),
        ({"a": "y", "b": "2"}, False),
    ]
    assert parted(results) == ({"a": "x"},)
    assert parted([(r, True) for r, _ in results]) == ()


# --- the command ----------------------------------------------------------------------------------


def test_the_text_fits_80_columns_and_the_worst_comes_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["audit", "energy-moratorium-2025"]) == 0
    short = capsys.readouterr().out
    assert main(["audit", "energy-moratorium-2025", "--all"]) == 0
    whole = capsys.readouterr().out
    for text in (short, whole):
        assert all(len(line) <= 80 for line in text.splitlines() if "http" not in line)
        assert "HYPOTHETICAL" in text
    assert len(short) < len(whole)


def test_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(CLEAN / NAMES[1]), "--fail-on", "risk"]) == 0
    assert main(["audit", "easter-truce-2025", "--fail-on", "gap"]) == 1
    assert main(["audit", "easter-truce-2025", "--check", "money", "--fail-on", "risk"]) == 0
    assert main(["audit", "easter-truce-2025", "--check", "monney"]) == 2
    said = capsys.readouterr()
    assert "Did you mean money?" in said.err


def test_a_witness_is_a_file_that_explain_and_assess_accept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "course.jsonl"
    asked = ["audit", "ukraine-28-point", "--check", "guarantee"]
    assert main([*asked, "--witness", "SA0604", "--out", str(out)]) == 0
    assert all('"note": "HYPOTHETICAL"' in line for line in out.read_text().splitlines())
    told = capsys.readouterr().out
    assert "servanda explain ukraine-28-point" in told
    assert "--reading p22_exception=either" in told
    readings = dict(re.findall(r"--reading (\w+)=(\w+)", told))
    result = servanda.assess("ukraine-28-point", [str(out)], readings=readings)
    (effect,) = [e for e in result["effects"] if e["id"] == "p10.guarantee"]
    assert effect["forfeiture"]["state"] == "alleged"
    assert effect["forfeiture"]["via"] == "p22"
    assert main([*asked, "--witness", "SA0607"]) == 2
    assert "has no story" in capsys.readouterr().err


def test_fix_writes_brackets_and_changes_no_commitment(tmp_path: Path) -> None:
    path = tmp_path / "proposals.md"
    assert main(["audit", "energy-moratorium-2025", "--fix", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    before, after = library.load("energy-moratorium-2025").agreement, library.load(path).agreement
    assert after.norms == before.norms
    assert after.terms == before.terms
    brackets = [b for p in after.provisions.values() for b in p.brackets]
    assert len(brackets) == text.count('bracket "for the drafters"') > 5
    assert all(b.text[7:].startswith("[") and b.text.endswith("]") for b in brackets)


def test_fix_does_not_write_over_the_agreement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "agreement.md"
    mine.write_text(
        (CLEAN / NAMES[1] / "agreement.md").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert main(["audit", str(tmp_path), "--fix", str(mine)]) == 2
    assert "part of the agreement" in capsys.readouterr().err


# --- bad input ------------------------------------------------------------------------------------


def test_a_draft_with_errors_is_audited_as_far_as_can_be_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (CLEAN / NAMES[1] / "agreement.md").read_text(encoding="utf-8")
    path = tmp_path / "draft.md"
    broken = text.replace("  within 100 days of in_force\n", "").replace(
        "  from b3.law is fulfilled\n", "  from b3.lawe is fulfilled\n"
    )
    path.write_text(broken, encoding="utf-8")
    assert main(["audit", str(path)]) == 2
    said = capsys.readouterr()
    assert "SV0601" in said.err
    assert "audited as far as it could be read" in said.err
    assert "SA0301" in said.out
    assert "b3.law" in said.out


def test_a_circle_through_a_negation_stops_no_check_that_reads_the_text(tmp_path: Path) -> None:
    path = tmp_path / "circle.servanda"
    path.write_text(
        'agreement c "A circle"\n  in force when 2026-01-01\nparty A\nparty B\n'
        'provision p1 "One"\n  text "A."\n'
        "obligation p1.a\n  bearer unspecified\n  achieve enacts by A act x\n"
        "  from not p1.b is active\n  deadline unspecified\n"
        "obligation p1.b\n  bearer B\n  achieve enacts by B act y\n"
        "  from not p1.a is active\n  deadline unspecified\n",
        encoding="utf-8",
    )
    found = audit(load_draft(path))
    assert "SA0804" in {w.code for w in found.warnings}


def test_nothing_that_can_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nothing.md"
    path.write_text("# Nothing\n\nNo agreement.\n", encoding="utf-8")
    with pytest.raises(InputError, match="SV0603"):
        load_draft(path)


def test_a_check_that_runs_out_of_time_says_so_and_claims_no_absence() -> None:
    result = audit(load_draft("ukraine-28-point"), ["terms", "guarantee"], seconds=0.0)
    assert result.undecided
    assert {u.check for u in result.undecided} <= {"terms", "guarantee"}
    assert all(u.tried for u in result.undecided)


def test_a_missing_solver_gives_a_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clingo", None)
    with pytest.raises(extra.MissingExtra, match=r"pip install 'servanda\[audit\]'"):
        extra.clingo()


def test_the_solvers_are_imported_when_they_are_needed() -> None:
    loaded = "any(m in sys.modules for m in ('z3', 'clingo'))"
    program = f"import servanda, servanda.cli, sys; sys.exit({loaded})"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
