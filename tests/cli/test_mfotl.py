"""`servanda mfotl` at the command line: verdicts out, every fault of the input said, exit 2."""

import json
from pathlib import Path

import pytest

from servanda.cli import main


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "s").write_text("p(int) r(int,string)")
    (tmp_path / "f").write_text("r(x,y) AND ONCE[1,5] p(x)")
    (tmp_path / "l").write_text('@1 p(1) p(2);\n@3 r(1,"a") r(2,b) r(3,c);\n@9 r(1,"a");\n')
    return tmp_path


def call(folder: Path, *more: str) -> int:
    options = [x for o in ("sig", "formula", "log") for x in (f"--{o}", str(folder / o[0]))]
    return main(["mfotl", *options, *more])


def test_the_peers_form(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(files) == 0
    assert capsys.readouterr().out == '@3 (time point 1): (1,"a") (2,"b")\n'
    assert call(files, "--output", str(files / "out")) == 0
    assert (files / "out").read_text() == '@3 (time point 1): (1,"a") (2,"b")\n'


def test_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(files, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": "servanda.verdicts/1",
        "variables": ["x", "y"],
        "decided": 3,
        "verdicts": [{"time_stamp": 3, "time_point": 1, "values": [[1, "a"], [2, "b"]]}],
    }


def test_what_is_pending_at_an_open_end(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "f").write_text('p(x) AND NOT EVENTUALLY[0,7] r(x,"z")')
    assert call(files) == 0
    assert capsys.readouterr().out == "@1 (time point 0): (1) (2)\n"
    (files / "f").write_text("r(x,y) AND NOT EVENTUALLY[0,7] p(x)")
    assert call(files, "--open-end") == 0
    assert capsys.readouterr().out == ""
    (files / "f").write_text("r(x,y) AND NOT EVENTUALLY p(x)")
    assert call(files, "--open-end") == 0
    assert "no time-point is decided" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("s", "p(int", "s:1:6: A “,” or a “)” is expected here."),
        ("s", "event A { x: int }", "unsupported: JSON logs (s:1:1)"),
        ("f", "r(x,y) AND", "f:1:11: A formula or a term is expected here"),
        ("f", "NOT p(x)", "f:1:1: x could take infinitely many values here"),
        ("f", "r(x,y) AND x = y", "f:1:14: = compares int with string."),
        ("f", 'p("a")', "f:1:1: argument 1 is int, not string."),
        ("f", "p(x) OR r(1,x)", "f:1:9: The alternatives of OR have different types."),
        ("f", "r(x,y) AND p(y)", "f:1:12: y is string beside this and int in it."),
        ("f", "v <- SUM y r(x,y)", "f:1:1: sum of strings has no meaning."),
        ("l", "@1 p(1) q(2)", "l:1:9: q is not in the signature."),
        ("l", "@1 \xff\xfe", "l:1"),
    ],
)
def test_bad_input_is_said_with_its_place(
    files: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, said: str
) -> None:
    (files / file).write_bytes(text.encode("latin-1" if "\xff" in text else "utf-8"))
    assert call(files) == 2
    error = capsys.readouterr().err
    assert error.startswith(said)
    assert "Traceback" not in error


def test_a_file_that_is_not_there(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "sfl":
        content = (files / name).read_bytes()
        (files / name).unlink()
        assert call(files) == 2
        assert "No such file" in capsys.readouterr().err
        (files / name).write_bytes(content)
