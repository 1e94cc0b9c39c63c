"""The result as plain data: schema, alignment, what is known, ranking, positions, endings."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from servanda import library
from servanda.compare.result import compare
from servanda.ends.told import enders
from servanda.library import InputError

FLAGSHIP = "ukraine-28-point"
DRAFTS = (FLAGSHIP, "e3-counter-draft", "europe-24-point", "geneva-19-point", "framework-20-point")
ONE = """\
agreement one "One"
  in force when 2026-01-01

party A
  side
party B
  side

obligation x.cap "few guards"
  bearer A
  toward B
  achieve forces_withdrawn of A from B
  from in_force
  deadline unspecified

obligation x.pay "B pays"
  bearer B
  toward A
  achieve pays from B into A
  from in_force
  deadline unspecified
"""
TWO = ONE.replace("agreement one", "agreement two").replace("x.", "y.")


@pytest.fixture(scope="module")
def five() -> Any:
    return compare(*DRAFTS)


def _pair(found: Any) -> dict[str, tuple[str, str]]:
    return {
        c["before"]["id"]: (c["after"]["id"], c["aligned"]["how"])
        for c in found["comparisons"][0]["clauses"]
        if c["aligned"]
    }


def test_it_follows_its_schema(five: Any) -> None:
    schema = json.loads((files("servanda") / "schemas" / "comparison-1.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(five)
    assert json.loads(json.dumps(five)) == five
    assert not validator.is_valid({**five, "winner": "A"})


def test_five_drafts_are_compared_two_by_two_and_in_one_table(five: Any) -> None:
    assert [(c["before"], c["after"]) for c in five["comparisons"]][:4] == [
        ("A", "B"),
        ("A", "C"),
        ("A", "D"),
        ("A", "E"),
    ]
    assert len(five["comparisons"]) == 10
    (cap,) = [row for row in five["table"] if "p6.force_cap" in row["A"]["clauses"]]
    assert [cap[letter]["number"] for letter in "ABCDE"] == [1, 2, None, None, 2]
    assert [cap[letter]["lacks"] for letter in "ABCDE"] == [False, False, True, True, False]
    listed = [
        (letter, c) for row in five["table"] for letter in row for c in row[letter]["clauses"]
    ]
    assert len(listed) == len(set(listed))
    assert len(listed) == sum(len(library.load(name).agreement.norms) for name in DRAFTS)


def test_the_package_is_what_is_called() -> None:
    import servanda.compare.align

    assert servanda.compare(FLAGSHIP, FLAGSHIP)["schema"] == "servanda.comparison/1"


@pytest.mark.parametrize("names", [(), (FLAGSHIP,), (FLAGSHIP,) * 27])
def test_two_drafts_are_needed_and_no_more_than_letters(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="Between 2 and 26 drafts"):
        compare(*names)


# --- which clause answers which ---------------------------------------------------------------


def test_by_content_with_a_score() -> None:
    found = compare(library.from_text(ONE), library.from_text(TWO))
    assert _pair(found) == {"x.cap": ("y.cap", "content"), "x.pay": ("y.pay", "content")}
    scores = [c["aligned"]["score"] for c in found["comparisons"][0]["clauses"]]
    assert scores == [1.0, 1.0]


def test_what_is_declared_goes_before_content() -> None:
    crossed = TWO.replace('"few guards"\n', '"few guards"\n  descends from one x.pay\n')
    found = compare(library.from_text(ONE), library.from_text(crossed))
    assert _pair(found) == {"x.pay": ("y.cap", "declared")}, "what says whence it comes is no other"


def test_two_that_descend_from_one_clause_of_a_third() -> None:
    def heir(text: str, norm: str) -> library.Library:
        head = f'obligation {norm} "'
        changed = text.replace(head, head.replace('"', '"another wording of ', 1))
        title = changed.split(head)[1].split('"')[0]
        line = f'{head}{title}"\n'
        return library.from_text(changed.replace(line, f"{line}  descends from zero z.cap\n"))

    found = compare(heir(ONE, "x.cap"), heir(TWO, "y.pay"))
    assert _pair(found)["x.cap"] == ("y.pay", "common ancestor")


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "set.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_persons_word_stands_against_all_others(tmp_path: Path) -> None:
    a, b = library.from_text(ONE), library.from_text(TWO)
    path = _file(tmp_path, "together:\n- {one: x.cap, B: y.pay}\nalone:\n- {A: x.pay}\n")
    found = compare(a, b, align_file=path)
    assert _pair(found) == {"x.cap": ("y.pay", "by hand")}
    back = compare(b, a, align_file=_file(tmp_path, "together:\n- {one: x.cap, two: y.pay}\n"))
    assert _pair(back)["y.pay"] == ("x.cap", "by hand")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("together:\n- {three: x.cap, two: y.cap}\n", "called `three`"),
        ("together:\n- {one: x.cup, two: y.cap}\n", "no commitment `x.cup` in one"),
        ("together: x.cap\n", "a list is needed"),
        ("- x.cap\n", "a mapping is needed"),
        ("together:\n- {one: x.cap\n", "SV0801"),
    ],
)
def test_a_file_of_alignment_that_cannot_be_used(tmp_path: Path, text: str, told: str) -> None:
    a, b = library.from_text(ONE), library.from_text(TWO)
    with pytest.raises(InputError, match=r"set\.yaml") as refused:
        compare(a, b, align_file=_file(tmp_path, text))
    assert told in str(refused.value)
    with pytest.raises(InputError, match="no such file"):
        compare(a, b, align_file=tmp_path / "absent.yaml")


def test_a_descent_that_leads_nowhere_is_told() -> None:
    astray = TWO.replace('"few guards"\n', '"few guards"\n  descends from one x.cup\n')
    found = compare(library.from_text(ONE), library.from_text(astray))
    assert found["comparisons"][0]["descents_not_found"] == [
        {"draft": "two", "clause": "y.cap", "names": "x.cup"}
    ]


# --- what is known of a draft -----------------------------------------------------------------


def test_what_an_incomplete_draft_does_not_have_is_not_told() -> None:
    rest, _, _ = TWO.partition("obligation y.pay")
    complete = compare(library.from_text(ONE), library.from_text(rest))
    assert complete["comparisons"][0]["counts"]["removed"] == 1
    part = rest.replace('"One"\n', '"One"\n  incomplete "a part"\n')
    silent = compare(library.from_text(ONE), library.from_text(part))
    assert silent["comparisons"][0]["counts"]["removed"] == 0
    assert silent["comparisons"][0]["counts"]["not told after"] == 1
    dropped = part + 'provision y "Y"\n  text "Y"\n  drops one x.pay "left to a letter"\n'
    told = compare(library.from_text(ONE), library.from_text(dropped))
    (gone,) = [c for c in told["comparisons"][0]["clauses"] if c["fate"] == "removed"]
    assert gone["why"] == "left to a letter"
    assert gone["told"] == ["obligation to achieve removed (“left to a letter”): weaker for B"]


# --- ranking, positions, ends -----------------------------------------------------------------


def test_a_ranking_is_the_users_own_and_adds_nothing_up(tmp_path: Path) -> None:
    path = _file(tmp_path, 'by: "one delegation"\norder: [y.pay, x.cap]\n')
    found = compare(library.from_text(ONE), library.from_text(TWO), rank_file=path)["ranking"]
    assert found["by"] == "one delegation"
    assert "user's own" in found["note"]
    assert [(row["rank"], row["clauses"]["A"]) for row in found["rows"]] == [
        (1, ["x.pay"]),
        (2, ["x.cap"]),
    ]
    assert found["rows"][0]["parties"] == {
        "A": {"A": ["gets"], "B": ["gets"]},
        "B": {"A": ["gives"], "B": ["gives"]},
    }
    with pytest.raises(InputError, match=r"no commitment `z\.cap` in the drafts compared"):
        compare(
            library.from_text(ONE),
            library.from_text(TWO),
            rank_file=_file(tmp_path, "by: us\norder: [z.cap]\n"),
        )


def test_positions_stand_with_the_draft_they_were_said_of(five: Any) -> None:
    rows = five["positions"]
    assert [r["draft"] for r in rows if r["party"] == "Russia" and r["position"] == "reject"] == [
        "A",
        "B",
    ], "what it said of a declaration that is not compared stands with that"
    assert all(row["sources"] and row["date"] for row in rows)
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    told = {
        (row["party"], row["earlier"]["draft"], row["later"]["draft"], row["later"]["position"])
        for row in five["said_before"]
    }
    assert told == {("Ukraine", "A", "A", "accept"), ("Ukraine", "A", "E", "accept")}


def test_each_draft_sticks_where_somebodys_latest_word_is_not_yes(five: Any) -> None:
    sticking = five["sticking_points"]
    assert [row["point"] for row in sticking["B"]] == ["whole"]
    assert sticking["B"][0]["said"]["Russia"] == "reject"
    assert {"p12", "p14", "p18"} <= {row["point"] for row in sticking["E"]}
    assert sticking["C"] == []


def test_the_balance_is_that_of_each_draft(five: Any) -> None:
    by_party = {row["party"]: row["drafts"] for row in five["balance"]}
    assert list(by_party) == ["Russia", "Ukraine", "United_States", "Europe"]
    assert "p6.force_cap" in by_party["Ukraine"]["A"]["gives"]
    assert "p6.force_cap" in by_party["Ukraine"]["B"]["gives"]
    assert by_party["Ukraine"]["D"]["gives"] == []
    assert "p21.withdrawal" in by_party["Ukraine"]["A"]["irreversible"]


def test_who_can_end_what_comes_from_elsewhere() -> None:
    ways = {"one": {"x.cap": ["A alone, by leaving"]}, "two": {"y.cap": ["A and B together"]}}
    found = compare(
        library.from_text(ONE),
        library.from_text(TWO),
        who_ends=lambda lib: ways[lib.agreement.id],
    )
    (cap,) = [c for c in found["comparisons"][0]["clauses"] if c["fate"] == "changed"]
    (part,) = cap["parts"]
    assert (part["aspect"], part["before"], part["after"]) == (
        "who can end it",
        "A alone, by leaving",
        "A and B together",
    )
    assert part["on_ending"]


def test_who_can_end_what_is_worked_out_for_both_drafts() -> None:
    leaving = "  deadline unspecified\n  terminated when withdraws_consent party A\n"
    later = TWO.replace("  deadline unspecified\n", leaving, 1)
    found = compare(library.from_text(ONE), library.from_text(later), who_ends=enders)
    parts = [p for c in found["comparisons"][0]["clauses"] for p in c["parts"]]
    (part,) = [p for p in parts if p["aspect"] == "who can end it"]
    assert (part["before"], part["after"]) == (None, "A alone: end (withdraws consent)")
