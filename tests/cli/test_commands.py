"""The command line: output, exit codes, and errors that people can act on."""

import io
import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from servanda.cli import COMMANDS, main
from servanda.cli.options import examples

Run = Callable[..., tuple[int, str, str]]

TRUCE = """\
agreement demo "A truce"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-01

party A
  side
party B
  side

prohibition truce.hold "neither side attacks"
  bearer each of {A, B}
  toward the other
  not attack by bearer on other
  from in_force
"""
RECORDS = """\
{"id":"a1","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"A","on":"B"},"source":"B"}
{"id":"a2","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"A","on":"B"},"source":"Press"}
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(list(arguments))
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def truce(tmp_path: Path) -> str:
    file = tmp_path / "truce.servanda"
    file.write_text(TRUCE)
    (tmp_path / "records.jsonl").write_text(RECORDS)
    return str(file)


def records(truce: str) -> str:
    return str(Path(truce).with_name("records.jsonl"))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_fit_the_terminal(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "examples:\n  servanda" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_every_example_of_a_bundled_agreement_is_a_command_that_works(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that need a file of one's own get an empty one."""
    monkeypatch.chdir(tmp_path)
    Path("r.jsonl").touch()
    Path("reports.jsonl").touch()
    Path("reports.csv").write_text("number,date\n1,2026-01-05\n")
    Path("m.yaml").write_text(
        "csv: {id: 'r-{number}', type: attack, source: Press, at: {column: date}}\n"
    )
    Path("patrols.jsonl").touch()
    Path("w.csv").write_text("d,launched\n2026-01-05,3\n")
    Path("my-truce.md").write_text("# T\n\n```servanda\n" + TRUCE + "```\n")
    Path("together.yaml").write_text("alone: [{A: truce.hold}]\n")
    Path("ours.yaml").write_text("by: us\norder: [truce.hold]\n")
    Path("p.sig").write_text("p(int)")
    Path("p.mfotl").write_text("ONCE[0,5] p(x)")
    Path("events.log").write_text("@1 p(1) p(2);\n@9 p(3);\n")
    Path("events.csv").write_text("ts,rel,a\n1,p,1\n1,p,2\n9,p,3\n")
    pl.read_csv("events.csv").write_parquet("events.parquet")
    tried = 0
    for command in COMMANDS:
        if command in ("tour", "serve"):  # long, and without an end; they have tests of their own
            continue
        for line in examples(command).replace("\\\n", " ").splitlines():
            words = shlex.split(re.split(r" {3}|[|>]", line)[0])
            assert words[0] == "servanda"
            code, out, err = run(*words[1:])
            assert code in (0, 1), (line, err)
            assert out or err or "--check" in line or "--output" in line
            tried += 1
    assert tried > 15


def test_check_says_what_an_agreement_holds(run: Run, truce: str) -> None:
    code, out, _ = run("check", truce)
    assert code == 0
    assert "demo: 0 provisions, 1 commitment, 0 disputed terms; 0 errors" in out


def test_check_refuses_with_place_reason_and_cure(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.servanda"
    bad.write_text(TRUCE.replace("bearer each of {A, B}", "bearer each of {A, C}"))
    code, out, err = run("check", str(bad))
    assert code == 2
    assert "bad.servanda:12" in err
    assert "`C`" in err
    assert "fix:" in err
    assert "Traceback" not in out + err


def test_assess_in_text_and_json_say_the_same(run: Run, truce: str) -> None:
    code, out, _ = run("assess", truce, "--records", records(truce))
    assert code == 0
    assert "breached truce.hold[A]" in out
    code, out, _ = run("assess", truce, "--records", records(truce), "--format", "json")
    norms = {n["id"]: n["state"] for n in json.loads(out)["norms"]}
    assert norms == {"truce.hold[A]": "breached", "truce.hold[B]": "active"}


def test_same_input_same_bytes(run: Run, truce: str) -> None:
    outputs = {
        run("assess", truce, "--records", records(truce), "--format", "json")[1] for _ in range(2)
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(("named", "code"), [("breach", 1), ("depends", 0), ("refused", 0)])
def test_fail_on(run: Run, truce: str, named: str, code: int) -> None:
    assert run("assess", truce, "--records", records(truce), "--fail-on", named)[0] == code


def test_rows_that_cannot_be_used_are_named_and_the_rest_goes_on(run: Run, truce: str) -> None:
    file = Path(records(truce))
    file.write_text('{"id":"x"\n' + RECORDS + '{"id":"y","type":"flies","at":"2026-01-01"}\n')
    code, out, err = run(
        "assess", truce, "--records", str(file), "--format", "json", "--fail-on", "refused"
    )
    assert code == 1
    assert json.loads(out)["norms"][0]["state"] == "breached"
    assert [r["line"] for r in json.loads(out)["refused"]] == [1, 4]
    assert "records.jsonl:1: not used:" in err
    assert "records.jsonl:4: not used:" in err


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        (["--reading", "x=y"], "no disputed term"),
        (["--reading", "nonsense"], "TERM=NAME"),
        (["--standard", "hearsay"], "no evidence standard"),
        (["--as-of", "yesterday"], "as_of"),
        (["--as-of", "2026-01-05T10:00:00"], "time zone"),
        (["--assume", "truce.hold.colour=red"], "colour"),
        (["--assume", "truce.hald.deadline=2026-01-01"], "did you mean truce.hold"),
        (["--records", "absent.jsonl"], "no such file"),
    ],
)
def test_bad_options_are_explained(run: Run, truce: str, extra: list[str], told: str) -> None:
    code, out, err = run("assess", truce, *extra)
    assert code == 2
    assert told in err
    assert not out
    assert "Traceback" not in err


def test_an_unknown_agreement_is_explained(run: Run) -> None:
    code, _, err = run("assess", "ukraine-28-pont")
    assert code == 2
    assert "Did you mean ukraine-28-point?" in err


def test_explain_names_clause_records_and_what_would_change(run: Run, truce: str) -> None:
    code, out, _ = run("explain", truce, "truce.hold[A]", "--records", records(truce))
    assert code == 0
    for part in ("neither side attacks", "a1", "Press", "truce.servanda:11"):
        assert part in out, part


def test_explain_an_unknown_commitment(run: Run, truce: str) -> None:
    code, _, err = run("explain", truce, "truce.hald")
    assert code == 2
    assert "truce.hold" in err


def test_matrix_shows_what_parts(run: Run, truce: str) -> None:
    code, out, _ = run("matrix", truce, "--records", records(truce))
    assert code == 0
    assert "which evidence standard counts" in out
    assert "The same under every reading and standard: truce.hold[B]." in out


def test_fmt_writes_and_checks(run: Run, truce: str) -> None:
    file = Path(truce)
    file.write_text(TRUCE.replace("not attack by", "not   attack  by"))
    assert run("fmt", truce, "--check")[0] == 1
    assert run("fmt", truce, "--write")[0] == 0
    assert run("fmt", truce, "--check")[0] == 0
    assert "not attack by bearer on other" in file.read_text()


def test_no_control_characters_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "t.servanda"
    file.write_text(TRUCE)
    (tmp_path / "positions.yaml").write_text(
        '- {party: A, point: truce, position: accept, paraphrase: "\\e[31mred", date: 2026-01-01}\n'
    )
    code, out, err = run("show", str(file), "--part", "positions")
    assert code == 2
    assert "SV0103" in err
    assert "positions.yaml:1" in err
    assert "\x1b" not in out + err


def test_the_tour_marks_what_never_happened(run: Run) -> None:
    code, out, _ = run("tour")
    assert code == 0
    third = out.split("── 3 ")[1].split("── Next")[0].splitlines()[1:]
    lines = [line for line in third if line]
    assert len(lines) > 40
    assert all(line.startswith("HYPOTHETICAL ") for line in lines)
    for number in range(1, 29):
        assert any(line.startswith(f"HYPOTHETICAL p{number} ") for line in lines), number
    assert "30 by Russia" in out
    assert "100 by Ukraine" in out
    assert "not in force" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_records_named_without_their_option(run: Run, truce: str) -> None:
    code, _, told = run("assess", truce, "reports.jsonl")
    assert code == 2
    assert "records are given with --records FILE" in told


def test_what_stands_on_standard_input_is_refused_with_its_place_too(
    run: Run, truce: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = RECORDS.splitlines()[0].replace('"a1"', '"b"')
    nowhere = nowhere.replace('"source"', '"place":{"lat":0,"lon":0},"source"')
    Path(records(truce)).write_text(RECORDS + nowhere)
    named = run("assess", truce, "--records", records(truce), "--format", "json")[1]
    stdin = io.TextIOWrapper(io.BytesIO((RECORDS + nowhere).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    piped = run("assess", truce, "--records", "-", "--format", "json")[1]
    (refused,) = json.loads(named)["refused"]
    assert (refused["file"], refused["line"]) == ("records.jsonl", 3)
    assert piped.replace("standard input", "records.jsonl") == named
