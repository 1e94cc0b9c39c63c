"""Assessments under a standard of one's own: those of the built-in one that it writes; named."""

from pathlib import Path
from typing import Any

import pytest

import servanda
from servanda import library
from servanda.library import InputError, Library
from tests.evidence.test_own_standards import WRITTEN

AGREEMENTS = ("energy-moratorium-2025", "easter-truce-2025")


def without_names(result: Any, own: str | None = None) -> Any:
    """An assessment without what it calls its standard."""
    if isinstance(result, dict):
        left_out = {"standard", own}
        return {k: without_names(v, own) for k, v in result.items() if k not in left_out}
    return [without_names(v, own) for v in result] if isinstance(result, list) else result


@pytest.mark.parametrize("name", [n for n in WRITTEN if not n.startswith("party:")])
@pytest.mark.parametrize("agreement", AGREEMENTS)
def test_assessing_under_the_rule_of_a_standard_is_the_same(agreement: str, name: str) -> None:
    lib = library.load(agreement)
    built_in = servanda.assess(lib, standard=name)
    own = servanda.assess(lib, standard=WRITTEN[name])
    assert without_names(own, own["standard"]) == without_names(built_in)
    for one in own["norms"]:
        states = one["depends_on"]["standards"]
        assert states[own["standard"]] == states[name]
        assert list(states)[-1] == own["standard"]


def test_each_sides_own_account_as_a_rule() -> None:
    lib = library.load("energy-moratorium-2025")
    for party in ("Russia", "Ukraine"):
        own = servanda.assess(lib, standard=f"only party:{party}")
        assert without_names(own, own["standard"]) == without_names(
            servanda.assess(lib, standard=f"party:{party}")
        )


def test_the_standard_is_named_by_its_canonical_text_and_shown_only_when_chosen() -> None:
    lib = library.load("energy-moratorium-2025")
    result = servanda.assess(lib, standard="at least 2 independent source -- of any kind")
    assert result["standard"] == "2 independent sources"
    assert "2 independent sources" in result["norms"][0]["depends_on"]["standards"]
    plain = servanda.assess(lib)["norms"][0]["depends_on"]["standards"]
    assert not [name for name in plain if " " in name]
    assert servanda.assess(lib, standard=" (corroborated) ")["standard"] == "corroborated"


def test_the_matrix_and_explanations_take_it_as_well() -> None:
    lib = library.load("energy-moratorium-2025")
    rule = "1 third_party not kind:media"
    assert servanda.matrix(lib, standard=rule)["standards"][-1] == rule
    (one, _) = servanda.explain(lib, "pause.no_strikes", standard=rule)
    assert one["standard"] == rule
    changes = {c["change"] for c in one["would_change"] if c["kind"] == "standard"}
    assert "the evidence standard is any_claim" in changes


@pytest.mark.parametrize(
    "bad", ["1 kind:medai", "party:Nobody", "", "2 sources or 1 body and 1 monitor", "\ud800"]
)
def test_what_cannot_be_read_is_refused_with_place_and_reason(bad: str) -> None:
    with pytest.raises(InputError, match="why: ") as caught:
        servanda.assess(_small(), standard=bad)
    assert caught.value.diagnostics
    assert "--> --standard:1:" in str(caught.value)


def _small() -> Library:
    return library.from_text('agreement x "x"\n  draft 2026-01-01\nparty A\nparty B\n')


def test_from_a_file_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from servanda.cli import main

    file = tmp_path / "strict.standard"
    file.write_text("2 independent sources -- of different origin\nor 1 monitor\n")
    call = ["assess", "energy-moratorium-2025", "--standard", f"@{file}"]
    assert main(call) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "evidence standard “2 independent sources or 1 monitor”" in out
    for command in ("matrix", "records"):
        assert main([command, "energy-moratorium-2025", "--standard", f"@{file}"]) == 0
        capsys.readouterr()
    file.write_text("2 independent sources\nor 1 montior\n")
    assert main(call) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "strict.standard:2:6" in told.err
    assert "did you mean: monitor?" in told.err
    file.write_bytes(b"1 source:\xff\n")
    assert main(call) == 2
    assert "0xff" in capsys.readouterr().err
    assert main([*call[:-1], f"@{tmp_path}"]) == 2
    assert "no such file" in capsys.readouterr().err


RULES = (
    "2 independent sources and 1 third_party how {camera, seen}",
    "only third_party how camera",
    "1 adverse and not 1 actor_side",
    "2 independent sources including 1 source:Radio",
    "at least 2 of (1 admission, 1 party:B, 1 third_party) with findings",
    "(offending and 2 sources) or (fulfilling and 1 adverse)",
    "only {source, rejected}",
)


@pytest.mark.parametrize("rule", RULES)
def test_both_engines_weigh_alike(rule: str) -> None:
    """Four hundred records, told by all kinds of voices: enough for the columnar way."""
    from random import Random

    rng = Random(7)
    lib = library.from_text(
        'agreement x "x"\n  zone UTC\n  draft 2026-01-01\n  in force when 2026-01-01\n'
        "party A\nparty B\ngroup G\n  side\n  members {M}\n"
        'body Radio\nprohibition t.hold "x"\n  bearer each of {A, B}\n  toward the other\n'
        "  not attack by bearer on other\n  from in_force\n"
    )
    rows: list[dict[str, Any]] = []
    for number in range(400):
        by, on = rng.choice([("A", "B"), ("B", "A"), ("unattributed", "A")])
        row: dict[str, Any] = {
            "id": f"r{number}",
            "type": "attack",
            "at": f"2026-01-{rng.randint(2, 28):02}T{rng.randint(0, 23):02}:00:00Z",
            "args": {"by": by, "on": on},
            "source": rng.choice(["A", "B", "M", "Radio", "Paper"]),
        }
        if rng.random() < 0.5:
            row["observed_how"] = rng.choice(["seen", "camera", "told"])
        if rng.random() < 0.2:
            row["status"] = rng.choice(["rejected", "verified"])
        if number and rng.random() < 0.1:
            row["derived_from"] = [f"r{rng.randrange(number)}"]
        rows.append(row)
    about = {"party": "A", "record": ["r3", "r9"]}
    rows.append(
        {"id": "k", "type": "acknowledges", "at": "2026-01-29", "args": about, "source": "A"}
    )
    for trusted in (False, True):
        plain, quick = (
            servanda.assess(lib, rows, standard=rule, trust_status=trusted, engine=engine)
            for engine in ("reference", "columnar")
        )
        assert quick == plain
        if "findings" not in rule:
            assert any(norm["breaches"] for norm in plain["norms"])
