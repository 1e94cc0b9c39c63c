"""Converting files: counts, what is kept beside, going on after an interruption, leaving out."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.cli import main
from servanda.cli.convert import settings_of
from servanda.connect import convert as conversion
from servanda.connect import find
from servanda.connect.convert import Target, convert
from servanda.connect.provenance import of_file
from tests.connect.test_connectors import ACLED

Run = Callable[..., tuple[int, str, str]]

MAPPING = "csv: {id: 'r-{no}', type: attack, source: Press, at: {column: day}}\n"
ROWS = 5000


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.yaml").write_text(MAPPING)
    file = tmp_path / "t.csv"
    days = ("2026-01-05", "2026-01-06", "soon")
    file.write_text("no,day\n" + "".join(f"{n % 4000},{days[n % 3]}\n" for n in range(ROWS)))
    return file


ARGUMENTS = ("convert", "--connector", "csv", "--mapping", "m.yaml", "t.csv")


def test_counts_and_what_is_kept_beside(run: Run, table: Path) -> None:
    code, out, _ = run(*ARGUMENTS, "--to", "r.jsonl", "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert told["read"] == ROWS == told["accepted"] + told["rejected"] + told["merged"]
    accepted = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    rejected = [json.loads(line) for line in Path("r.rejected.jsonl").read_text().splitlines()]
    assert (len(accepted), len(rejected)) == (told["accepted"], told["rejected"])
    assert rejected[0] == {
        "file": "t.csv",
        "line": 4,
        "column": None,
        "reason": "“at”: “soon” is not an ISO 8601 date or instant, such as 2026-06-12",
        "row": {"no": "2", "day": "soon"},
    }
    assert accepted[0]["read_from"]["line"] == 2
    (provenance,) = json.loads(Path("r.provenance.json").read_text())
    assert provenance["sha256"] == accepted[0]["read_from"]["sha256"]
    assert provenance["retrieved_by"] == "time of the file"
    assert provenance["licence"]["name"]
    assert not Path("r.state.json").exists()
    assert run(*ARGUMENTS, "--to", "r.jsonl", "--fail-on", "rejected")[0] == 1


def test_going_on_after_an_interruption_gives_the_same(run: Run, table: Path) -> None:
    run(*ARGUMENTS, "--to", "whole.jsonl")
    source = (table, of_file("csv", find("csv").licence, table, None))
    settings = settings_of(None, "m.yaml", "csv")

    class Stop(Exception):
        pass

    def stop(_: int, rows: int) -> None:
        if rows > 2000:
            raise Stop

    with Path("r.jsonl").open("w") as records, Path("r.rejected.jsonl").open("w") as rejected:
        target = Target(records, rejected, Path("r.state.json"))
        with pytest.raises(Stop):
            convert(find("csv"), [source], settings, target, tick=stop)
    state = conversion.load_state(Path("r.state.json"))
    assert 2000 < state.tally.read < ROWS
    with Path("r.jsonl").open("a") as records:
        records.write('{"half a rec')  # what an interruption may leave behind
    code, out, _ = run(*ARGUMENTS, "--to", "r.jsonl", "--resume", "--format", "json")
    assert code == 0
    assert json.loads(out)["read"] == ROWS
    for name in ("{}.jsonl", "{}.rejected.jsonl"):
        assert Path(name.format("r")).read_text() == Path(name.format("whole")).read_text()


def test_a_file_that_breaks_off_keeps_what_was_read(run: Run, table: Path) -> None:
    whole = gzip.compress(table.read_bytes())
    Path("t.csv.gz").write_bytes(whole[: len(whole) // 2])
    code, out, _ = run(*ARGUMENTS[:-1], "t.csv.gz", "--to", "r.jsonl", "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert 0 < told["accepted"] < ROWS
    last = json.loads(Path("r.rejected.jsonl").read_text().splitlines()[-1])
    assert "the file breaks off" in last["reason"]


def test_what_may_not_be_passed_on_is_left_out_and_counted(run: Run, table: Path) -> None:
    Path("a.csv").write_text(",".join(ACLED) + "\n" + ",".join(ACLED.values()) + "\n")
    arguments = ("convert", "--connector", "acled", "a.csv", "--to", "a.jsonl")
    code, out, _ = run(*arguments)
    assert code == 0
    assert "Not to be passed on" in out
    assert json.loads(Path("a.jsonl").read_text())["pass_on"] is False
    code, out, _ = run(*arguments, "--public")
    assert Path("a.jsonl").read_text() == ""
    assert "1 left out, not to be passed on" in out


def test_records_go_to_standard_output_and_the_summary_beside(run: Run, table: Path) -> None:
    code, out, err = run(*ARGUMENTS)
    assert code == 0
    assert all(json.loads(line)["type"] == "attack" for line in out.splitlines())
    assert "5,000 rows read" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("convert",), "Name the connector"),
        (("convert", "--connector", "cvs", "t.csv"), "Did you mean csv"),
        (("convert", "--connector", "csv", "t.csv"), "needs a mapping file"),
        ((*ARGUMENTS[:-1], "absent.csv"), "no such file"),
        ((*ARGUMENTS, "--resume"), "--resume needs --to"),
        ((*ARGUMENTS, "--to", "x.jsonl", "--resume"), "nothing to resume"),
        ((*ARGUMENTS, "--format", "json"), "needs --to"),
        (("convert", "--connector", "ucdp", "t.csv"), "lacks the columns id"),
        (("convert", "--connector", "csv", "--mapping", "t.csv", "t.csv"), "no mapping"),
        (("convert", "--connector", "csv", "--mapping", "n.yaml", "t.csv"), "no such file"),
    ],
)
def test_bad_input_is_explained(
    run: Run, table: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert told in err
    assert "Traceback" not in err


def test_an_agreement_brings_its_mapping(run: Run, table: Path, shared: Path) -> None:
    file = shared / "data" / "air_war_two_sided_daily.csv"
    code, out, _ = run(
        *("convert", "--connector", "air-war", "--agreement", "energy-moratorium-2025"),
        *(str(file), "--to", "w.jsonl", "--format", "json"),
    )
    assert code == 0
    assert json.loads(out)["accepted"] == len(Path("w.jsonl").read_text().splitlines())
    code, _, _ = run("assess", "energy-moratorium-2025", "--records", "w.jsonl", "--only", "pause")
    assert code == 0


def test_far_from_the_base_map_nothing_looks_swapped(table: Path) -> None:
    """The base map's area says nothing about an agreement whose parties are elsewhere."""
    here = "agreement a 'A'\n  zone UTC\n  draft 2026-01-01\n  in force when 2026-01-01\n"
    Path("a.servanda").write_text(here.replace("'", '"') + "\nparty North\n  country IQ\n")
    assert settings_of("a.servanda", "m.yaml", "csv").expected is None
    box = settings_of("easter-truce-2025", "m.yaml", "csv").expected
    assert box is not None
    assert box.holds(48.0, 37.8)
