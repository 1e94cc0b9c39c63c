"""`servanda ledger …`: every example works, errors are explained, assessments are the same."""

import io
import json
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.cli import main
from servanda.cli.ledger import VERBS
from servanda.cli.options import examples

Run = Callable[..., tuple[int, str, str]]
ROWS = """\
{"id":"a1","type":"attack","at":"2026-01-05T10:00:00Z","args":{"by":"A","on":"B"},"source":"B","place":{"name":"M"}}
{"id":"a2","type":"attack","at":"2026-01-05","args":{},"source":"Press","place":{"name":"M"}}
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["ledger", *arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def war(run: Run) -> str:
    assert run("init", "--ledger", "war.ledger", "--title", "A mission")[0] == 0
    return "war.ledger"


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_examples_that_fit_the_terminal(run: Run, verb: str) -> None:
    code, out, _ = run(verb, "--help")
    assert code == 0
    assert "examples:\n  servanda ledger" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_the_examples_work_one_after_another(run: Run) -> None:
    Path("reports.jsonl").write_text(ROWS)
    Path("r.jsonl").write_text("")
    Path("reports.csv").write_text("id,type,at,source\nc1,attack,2026-01-01,B\n")
    Path("row.json").write_text('{"id":"b1",\n"type":"attack","at":"2026-01-02","source":"B"}')
    Path("photo.jpg").write_bytes(b"\xff\xd8\xff\xd9")
    Path("identity.json").write_text('{"name": "Somebody"}')
    order = ("init", "import", "keys", "add", "list", "show", "history", "sign", "export")
    tried = 0
    for verb in (*order, "verify", "redact", "shred", "vault", "stats"):
        lines = re.sub(r"\\\n *", "", examples(f"ledger_{verb}")).splitlines()
        for line in lines:
            words = shlex.split(re.split(r" {3}", line.strip())[0])
            code, out, err = run(*words[2:])
            assert (code, err) == (0, ""), (line, out, err)
            assert out
            wide = [row for row in out.splitlines() if len(row) > 80]
            assert all(max(map(len, row.split())) > 60 for row in wide), wide  # hashes
            tried += 1
    assert tried > 25
    assert run("verify", "--ledger", "war.ledger")[0] == 0


def test_import_names_rows_that_it_refuses_and_shows_both(run: Run, war: str) -> None:
    Path("r.jsonl").write_text(ROWS + "{\n" + ROWS.splitlines()[0].replace('"A"', '"C"') + "\n")
    code, out, err = run("import", "r.jsonl", "--ledger", war)
    assert code == 2
    assert "2 entered, 0 there already, 2 refused" in out
    assert "r.jsonl:3: not entered: not JSON" in err
    assert "r.jsonl:4: not entered: id “a1” stands on line 1 with other content" in err
    assert '"by":"A"' in err
    assert '"by":"C"' in err


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("at", "2026-02-30", "“at”: “2026-02-30”"),
        ("at", "2026-13-01", "“at”"),
        ("at", "2026-02-01T25:00:00Z", "“at”"),
        ("at", "2026-02-01T10:00:00", "names no time zone"),
        ("at", 20260230, "“at”"),
        ("reported", "2026-02-29T10:00:00Z", "“reported”"),
        ("received", "31.02.2026", "“received”"),
        ("args", {"source": "P", "types": ["attack"], "until": "2026-02-30"}, "“args.until”"),
    ],
)
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_import_refuses_dates_that_cannot_be(
    run: Run, war: str, form: str, field: str, value: object, told: str
) -> None:
    """With or without an agreement: line, field and reason; the other rows are entered."""
    kind = "coverage" if field == "args" else "attack"
    row: dict[str, object] = {"id": "x", "type": kind, "at": "2026-02-01", "source": "P"}
    row[field] = value
    good = {"id": "y", "type": "attack", "at": "2026-02-28", "source": "P"}
    file = Path(f"r.{form}")
    if form == "jsonl":
        file.write_text(f"{json.dumps(good)}\n{json.dumps(row)}\n")
    else:
        columns = [*good, *(n for n in row if n not in good)]
        lines = [",".join(columns)]
        for one in (good, row):
            cells = [one.get(c, "") for c in columns]
            texts = [json.dumps(c) if isinstance(c, dict) else str(c) for c in cells]
            lines.append(",".join('"' + text.replace('"', '""') + '"' for text in texts))
        file.write_text("\n".join(lines) + "\n")
    code, out, err = run("import", str(file), "--ledger", war)
    assert code == 2
    assert f"r.{form}:" in err.replace("\n", "")
    number = 2 if form == "jsonl" else 3
    assert f"r.{form}:{number}: not entered: " in err
    assert told in " ".join(err.split())
    assert "1 entered" in out and "1 refused" in out
    code, _, err = run("import", str(file), "--ledger", war, "--agreement", "easter-truce-2025")
    assert code == 2
    assert told in " ".join(err.split())


def test_add_refuses_a_date_that_cannot_be(run: Run, war: str) -> None:
    Path("row.json").write_text('{"id":"x","type":"attack","at":"2026-02-30","source":"B"}')
    code, _, err = run("add", "row.json", "--ledger", war)
    assert code == 2
    assert "2026-02-30" in err


def test_import_tells_fields_that_no_record_has_and_keeps_them(run: Run, war: str) -> None:
    row = {"id": "x", "type": "attack", "at": "2026-02-01", "source": "P", "clamed_by": "B"}
    Path("r.jsonl").write_text(json.dumps(row) + "\n")
    code, out, err = run("import", "r.jsonl", "--ledger", war)
    assert code == 0
    assert "1 entered" in out
    assert "r.jsonl:1: note: “clamed_by” is no field of a record" in err
    assert "did you mean “claimed_by”?" in " ".join(err.split())
    assert '"clamed_by"' in run("show", "x", "--ledger", war, "--format", "json")[1]


def test_import_reads_standard_input(run: Run, war: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(ROWS.encode())

    monkeypatch.setattr(sys, "stdin", Stdin)
    code, out, _ = run("import", "-", "--ledger", war, "--format", "json")
    assert code == 0
    assert json.loads(out)[0]["entered"] == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list"], "Which ledger?"),
        (["list", "--ledger", "absent.ledger"], "There is no ledger absent.ledger"),
        (["list", "--ledger", "notes.txt"], "no ledger here"),
        (["list", "--ledger", "mysql://x/y"], "no store of ledgers"),
        (["list", "--ledger", "postgresql://nobody@127.0.0.1:1/x"], "cannot be reached"),
        (["init", "--ledger", "war.ledger"], "holds a ledger already"),
        (["import", "absent.jsonl", "--ledger", "war.ledger"], "there is no such file"),
        (
            ["import", "notes.txt", "--connector", "x", "--ledger", "war.ledger"],
            "There is no connector",
        ),
        (["show", "zz", "--ledger", "war.ledger"], "There is no record zz"),
        (["show", "#99", "--ledger", "war.ledger"], "There is no entry #99"),
        (["history", "zz", "--ledger", "war.ledger"], "There is no record “zz”"),
        (["verify", "absent"], "there is no such folder"),
        (["verify", "."], "not an export of a ledger"),
        (["add", "notes.txt", "--ledger", "war.ledger"], "not JSON"),
        (["add", "--verify", "a", "--ledger", "war.ledger"], "give --sign"),
        (["add", "--ledger", "war.ledger"], "Give one of"),
        (["redact", "zz", "--field", "at", "--ledger", "war.ledger"], "There is no record"),
        (["shred", "#0", "--ledger", "war.ledger"], "Say --yes"),
        (["sign", "--key", "notes.txt", "--ledger", "war.ledger"], "is no private key"),
        (["keys", "--new", "k.pem", "--ledger", "war.ledger"], "--holder"),
        (["list", "--known-at", "soon", "--ledger", "war.ledger"], "--known-at"),
        (["export", "out", "--close", "id", "--ledger", "war.ledger"], "tells which entry"),
        (["vault", "--list"], "There is no vault"),
    ],
)
def test_bad_input_is_explained(run: Run, war: str, words: list[str], told: str) -> None:
    assert war
    Path("notes.txt").write_text("notes of a person\n")
    code, out, err = run(*words)
    assert code == 2, (out, err)
    assert told in err
    assert not out


def test_verify_exits_with_1_and_names_the_entry(run: Run, war: str) -> None:
    Path("r.jsonl").write_text(ROWS)
    run("import", "r.jsonl", "--ledger", war, "--handling", "public")
    run("export", "out", "--ledger", war)
    path = Path("out/entries.jsonl")
    path.write_text(path.read_text().replace('\\"Press\\"', '\\"Pross\\"'))
    code, out, _ = run("verify", "out")
    assert code == 1
    assert "✗ entry #2: its content" in out
    assert "NOT WHOLE" in out
    code, out, _ = run("verify", "out", "--format", "json")
    assert code == 1
    assert json.loads(out)["failures"][0]["where"] == 2


def test_an_assessment_has_the_same_bytes_from_ledger_file_and_standard_input(
    run: Run,
    war: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from servanda.library import BUNDLED

    name = "energy-moratorium-2025"
    (file,) = (BUNDLED / name / "records").glob("*.jsonl")
    text = file.read_bytes() + b'{"id":"x","type":"flies","at":"2025-04-01","source":"B"}\n{"\n'
    Path("r.jsonl").write_bytes(text)
    assert run("import", "r.jsonl", "--ledger", war)[0] == 2

    class Stdin:
        buffer = io.BytesIO(text)

    monkeypatch.setattr(sys, "stdin", Stdin)
    found = []
    for source in (["--ledger", war], ["--records", "r.jsonl"], ["--records", "-"]):
        assert main(["assess", name, "--format", "json", *source]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]
    assert json.loads(found[1])["refused"]
    same = [json.loads(one) for one in found[1:]]
    for one in same:
        for refused in one["refused"]:
            refused.pop("file")
    assert same[0] == same[1]
    assert main(["assess", name, "--ledger", war, "--records", "r.jsonl"]) == 2


def test_each_writer_has_a_key_of_its_own_and_verify_says_whose(run: Run, war: str) -> None:
    def public(holder: str) -> list[str]:
        rows = json.loads(run("keys", "--ledger", war, "--format", "json")[1])
        return [row["key"] for row in rows if row["holder"] == holder and not row["revoked"]]

    for holder, role in (("B", "source"), ("Panel", "officer")):
        words = ["keys", "--new", f"{holder}.pem", "--holder", holder, "--role", role]
        assert run(*words, "--ledger", war)[0] == 0
    Path("r.jsonl").write_text(ROWS)
    code, out, err = run("import", "r.jsonl", "--ledger", war, "--sign", "B.pem")
    assert code == 2
    assert "1 entered" in out and "1 refused" in out
    assert "of the source “Press” and signed by B, who signs its own" in err
    Path("row.json").write_text(ROWS.splitlines()[1])
    code, _, err = run("add", "row.json", "--ledger", war, "--sign", "B.pem")
    assert (code, "who signs its own" in err) == (2, True)
    assert run("add", "row.json", "--ledger", war, "--sign", "Panel.pem")[0] == 0

    (old,) = public("B")
    code, out, _ = run("keys", "--rotate", old, "--new", "B2.pem", "--ledger", war)
    assert code == 0
    assert out.count("B: source") == 2 and "revoked by #" in out
    (new,) = public("B")
    assert new != old
    assert run("sign", "--key", "B2.pem", "--ledger", war)[0] == 0
    code, _, err = run("sign", "--key", "B.pem", "--ledger", war)
    assert (code, "was revoked" in err) == (2, True)

    code, out, _ = run("verify", "--ledger", war, "--format", "json")
    assert code == 0
    found = {(s["holder"], s["role"], s["key"]): s["entries"] for s in json.loads(out)["signers"]}
    assert found[("B", "source", old)] == found[("B", "source", new)] == 1
    assert found[("Panel", "officer", public("Panel")[0])] == 1
    assert sum(found.values()) == json.loads(out)["signatures"]
    out = run("verify", "--ledger", war)[1]
    assert "1 signature by Panel (officer, " in out
    assert "by the ledger itself (ledger, " in out
    assert run("export", "out", "--ledger", war, "--for", "confidential")[0] == 0
    outside = json.loads(run("verify", "out", "--format", "json")[1])["signers"]
    assert {(s["holder"], s["key"]): s["entries"] for s in outside} == {
        (holder, key): count for (holder, _, key), count in found.items()
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--rotate", "0" * 64, "--new", "x.pem"], "No such key serves here"),
        (["--rotate", "0" * 64], "which key takes its place"),
        (["--rotate", "0" * 64, "--new", "x.pem", "--holder", "B"], "holder and role stay"),
        (["--rotate", "0" * 64, "--register", "1" * 64], "No such key serves here"),
    ],
)
def test_a_rotation_that_cannot_be_leaves_nothing(
    run: Run, war: str, words: list[str], told: str
) -> None:
    code, _, err = run("keys", *words, "--ledger", war)
    assert code == 2
    assert told in err
    assert not Path("x.pem").exists()
