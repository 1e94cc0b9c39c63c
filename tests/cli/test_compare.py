"""`servanda compare`: a summary first, every part within 80 columns, exit codes, bad options."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.cli import main
from servanda.cli.compared import PARTS
from servanda.library import BUNDLED

Run = Callable[..., tuple[int, str, str]]
TWO = ("ukraine-28-point", "e3-counter-draft")
FIVE = (*TWO, "europe-24-point", "geneva-19-point", "framework-20-point")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["compare", *arguments])
        return code, *capsys.readouterr()

    return call


@pytest.mark.parametrize("drafts", [TWO, FIVE], ids=["two", "five"])
def test_every_part_fits_eighty_columns(run: Run, drafts: tuple[str, ...]) -> None:
    code, out, err = run(*drafts, "--part", "all")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert not [line for line in lines if len(line) > 80]
    assert not [line for line in lines if "None" in line]
    assert set(PARTS) - {"summary"} <= set(lines)


def test_it_opens_with_the_drafts_and_a_summary_of_a_few_lines(run: Run) -> None:
    _, out, _ = run(*TWO)
    head, _, rest = out.partition("\nchanges\n")
    assert len(head.splitlines()) < 20
    assert "not all of it is known" in head
    assert "no judgement" in " ".join(head.split())
    told = " ".join(rest.split())
    assert "cap from 600,000 to 800,000 and only in peacetime: weaker for Ukraine" in told
    assert "not told what B says of: p11.eu_right" in told


def test_several_drafts_come_in_one_table(run: Run) -> None:
    _, out, _ = run(*FIVE)
    (row,) = [line for line in out.splitlines() if line.startswith("  p6.force_cap")]
    assert row.split()[-5:] == ["1", "2", "–", "–", "2"]


def test_json_and_nothing_else(run: Run) -> None:
    code, out, err = run(*TWO, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["schema"] == "servanda.comparison/1"


@pytest.mark.parametrize(("drafts", "code"), [(TWO, 1), ((TWO[0], TWO[0]), 0)])
def test_fail_on_a_difference(run: Run, drafts: tuple[str, ...], code: int) -> None:
    assert run(*drafts, "--fail-on", "difference")[0] == code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((TWO[0],), "Between 2 and 26 drafts"),
        ((TWO[0], "e3-counter-daft"), "Did you mean e3-counter-draft?"),
        ((*TWO, "--part", "balanc"), "Did you mean balance?"),
        ((*TWO, "--rank", "absent.yaml"), "no such file"),
    ],
)
def test_bad_input_is_explained(run: Run, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert told in err
    assert not out


def test_a_ranking_is_shown_without_being_asked_for(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("by: a delegation\norder: [p6.force_cap]\n")
    _, out, _ = run(*TWO, "--rank", str(path))
    assert "Ranked by a delegation: the order is the user's own" in out


def test_what_to_ask_for_next_names_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(BUNDLED / name) for name in TWO]
    assert main(["compare", *paths]) == 0
    told = "".join(capsys.readouterr().out.split())
    assert "".join(f"More: servanda compare {' '.join(paths)} --part".split()) in told
