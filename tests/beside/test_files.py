"""Files beside an agreement: read inside its folder alone, refused with place and cure."""

import os
from pathlib import Path

import pytest

from servanda import library
from servanda.beside import InputError
from servanda.cli import main

TRUCE = """\
agreement demo "A truce"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-01

party A
party B

zone belt from "zones.geojson#belt"

provision p1 "Truce"

prohibition p1.hold "neither side attacks"
  bearer each of {A, B}
  toward the other
  not attack by bearer on other
  from in_force
"""
ZONES = (
    '{"features":[{"id":"belt","geometry":{"type":"Polygon","coordinates":'
    "[[[30,50],[31,50],[31,51],[30,50]]]}}]}"
)
SECRET = "root:x:0:0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An agreement with everything beside it, in order; a secret lies outside."""
    (tmp_path / "secret").write_text(f"{SECRET}\n- {SECRET}\n", encoding="utf-8")
    found = tmp_path / "demo"
    (found / "records").mkdir(parents=True)
    (found / "agreement.md").write_text(f"# A truce\n\n```servanda\n{TRUCE}```\n", encoding="utf-8")
    (found / "zones.geojson").write_text(ZONES, encoding="utf-8")
    (found / "sources.yaml").write_text("sources:\n- id: Press\n", encoding="utf-8")
    (found / "negotiation.yaml").write_text("statements: []\n", encoding="utf-8")
    (found / "positions.yaml").write_text("- party: A\n", encoding="utf-8")
    (found / "records" / "r.jsonl").write_text("", encoding="utf-8")
    return found


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command says on standard error when it ends with 2, without a traceback."""
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "Traceback" not in err
    assert "fault in Servanda" not in err
    assert SECRET not in err
    return err


def test_everything_in_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("check", "assess", "show"):
        assert main([command, str(folder)]) == 0
    assert library.load(folder).atlas.shape_of("belt") is not None
    assert not capsys.readouterr().err


BESIDE = ("sources.yaml", "negotiation.yaml", "positions.yaml", "zones.geojson")
ODD = {
    "utf-16": ("a: b".encode("utf-16"), "SV0102"),
    "latin-1": ("a: é".encode("latin-1"), "SV0102"),
    "a zero byte": (b"a: \0", "SV0103"),
    "an escape sequence": (b"a: \x1b[31mred", "SV0103"),
    "a C1 control": ("a: \x9b31m".encode(), "SV0103"),
    "an override": ("a: \u202ered".encode(), "SV0103"),
    "a zero-width space": ("a: r\u200bed".encode(), "SV0103"),
    "marks piled up": (("a: e" + "\u0301" * 31).encode(), "SV0103"),
    "too large": (b"#" * 5_000_001, "SV0104"),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", BESIDE)
def test_bytes_that_are_no_text(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, odd: str
) -> None:
    data, code = ODD[odd]
    (folder / name).write_bytes(data)
    err = refused(capsys, "check", str(folder))
    assert f"error {code}: " in err
    assert f"--> {name}:1:" in err
    assert "  fix: " in err
    refused(capsys, "show", str(folder))


@pytest.mark.parametrize("name", [*BESIDE, "agreement.md", "records/r.jsonl", "records"])
@pytest.mark.parametrize("far", ["../secret", "/dev/zero", "itself"])
def test_links_that_lead_out(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, far: str
) -> None:
    path = folder / name
    if path.is_dir():
        (path / "r.jsonl").unlink()
        path.rmdir()
        far = ".." if far == "../secret" else far
        (folder.parent / "r.jsonl").write_text(SECRET, encoding="utf-8")
    else:
        path.unlink()
    target = {"itself": path.name, "..": str(folder.parent)}.get(far, far)
    path.symlink_to(folder.parent / "secret" if far == "../secret" else target)
    if name == "records" and far != "..":
        return  # a folder that cannot be listed holds no records
    err = refused(capsys, "show" if name in BESIDE else "assess", str(folder))
    assert "SV0106" in err or (name == "agreement.md" and far == "itself")
    assert path.name in err


@pytest.mark.parametrize("name", [*BESIDE, "agreement.md", "records/r.jsonl"])
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    path = folder / name
    path.unlink()
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    err = refused(capsys, "show" if name in BESIDE else "assess", str(folder))
    assert "SV0101" in err
    assert name in err


def test_a_link_inside_the_folder_is_fine(folder: Path) -> None:
    (folder / "sources.yaml").rename(folder / "list.yaml")
    (folder / "sources.yaml").symlink_to("list.yaml")
    assert set(library.load(folder).sources) == {"Press"}


def test_a_file_given_by_name_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(folder / "agreement.md")
    assert library.check(link).agreement is not None


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_a_pipe_in_place_of_an_agreement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "pipe.md" in refused(capsys, command, str(tmp_path / "pipe.md"))


def test_fmt_refuses_what_is_no_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.md").write_bytes("é".encode("latin-1"))
    assert "SV0102" in refused(capsys, "fmt", str(tmp_path / "t.md"))
    assert (tmp_path / "t.md").read_bytes() == "é".encode("latin-1")


def test_a_name_of_a_file_that_a_terminal_would_obey(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "\x1b[31mred.servanda"
    path.write_text("prty", encoding="utf-8")
    assert "\x1b" not in refused(capsys, "check", str(path))


NEGOTIATION = {
    "a text where a mapping is needed": "statements: [one]\n",
    "a list where a text is needed": "meetings:\n- date: [2026-01-01]\n",
    "a check that is none": "statements:\n- id: a\n  check: [place]\n",
    "wordings that are none": "differences:\n- wordings: [will not]\n",
    "nothing in a list": "aims:\n- \n",
    "a number as contested_by": "involvement:\n- contested_by: 5\n",
}


@pytest.mark.parametrize("given", NEGOTIATION)
def test_a_record_of_a_negotiation_of_the_wrong_form(
    folder: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    (folder / "negotiation.yaml").write_text(NEGOTIATION[given], encoding="utf-8")
    for command in ("check", "show"):
        err = refused(capsys, command, str(folder))
        assert "SV0805" in err
        assert "--> negotiation.yaml:" in err


UNKNOWN = {
    "an unknown check": "statements:\n- id: a\n  check: {kind: weather}\n",
    "an unknown entry of the baseline": (
        "statements:\n- id: a\n  date: 2026-01-01\n  check: {kind: years, years: 5, since: [war]}\n"
    ),
    "a day that is none": (
        "statements:\n- id: a\n  date: soon\n  check: {kind: years, years: 5, since: [war]}\n"
        "baseline:\n- id: war\n  date: 2020-13\n"
    ),
    "a line that is not on the map": "map:\n- line: nowhere\n  seen_from: A\n  units: [B]\n",
    "an area in place of a line": "map:\n- line: belt\n  seen_from: belt\n  units: [belt]\n",
    "a map without units": "map:\n- line: belt\n",
}


@pytest.mark.parametrize("given", UNKNOWN)
def test_a_record_of_a_negotiation_with_unknown_names(
    folder: Path, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    (folder / "negotiation.yaml").write_text(UNKNOWN[given], encoding="utf-8")
    err = refused(capsys, "show", str(folder))
    assert "SV0806" in err or "SV0805" in err
    assert "--> negotiation.yaml:" in err


def test_an_error_carries_its_messages(folder: Path) -> None:
    (folder / "sources.yaml").write_text("sources: 5\n", encoding="utf-8")
    with pytest.raises(InputError) as found:
        library.load(folder)
    (one,) = found.value.diagnostics
    assert (one.code, one.span.file, one.span.line) == ("SV0805", "sources.yaml", 1)
