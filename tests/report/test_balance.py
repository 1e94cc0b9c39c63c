"""The balance lists, and mirrors: whoever stands in the other's place gives and gets the same."""

from servanda import library
from servanda.report.balance import balance, unassigned
from tests.report.samples import VALLEYS

LISTS = ("gives", "gets", "keeps", "irreversible", "moves_first")
ONE_SIDED = VALLEYS.replace(
    "bearer each of {Upper, Lower}\n  toward the other\n  achieve pays",
    "bearer Upper\n  toward Lower\n  achieve pays",
).replace("pays from bearer into", "pays from Upper into")


def _swapped(text: str) -> str:
    return text.replace("Upper", "\0").replace("Lower", "Upper").replace("\0", "Lower")


def _rows(text: str) -> dict[str, dict[str, object]]:
    return {row["party"]: row for row in balance(library.from_text(text))}


def test_in_a_symmetric_agreement_both_sides_have_the_same() -> None:
    rows = _rows(VALLEYS)
    assert [rows["Upper"][name] for name in LISTS] == [rows["Lower"][name] for name in LISTS]
    assert rows["Upper"]["gives"] == ["v.truce", "v.dam", "v.border"]
    assert rows["Upper"]["gets"] == ["v.truce", "v.dam"]


def test_a_one_sided_one_mirrors_when_the_parties_are_swapped() -> None:
    given, mirrored = _rows(ONE_SIDED), _rows(_swapped(ONE_SIDED))
    assert "v.dam" in given["Upper"]["gives"]  # type: ignore[operator]
    assert "v.dam" not in given["Lower"]["gives"]  # type: ignore[operator]
    for name in LISTS:
        assert mirrored["Lower"][name] == given["Upper"][name], name
        assert mirrored["Upper"][name] == given["Lower"][name], name


def test_kept_are_rights_and_what_the_other_may_not_change() -> None:
    assert _rows(VALLEYS)["Lower"]["keeps"] == ["v.border", "v.water"]


def test_a_law_can_be_repealed_and_a_payment_cannot_be_taken_back() -> None:
    assert _rows(VALLEYS)["Upper"]["irreversible"] == ["v.dam"]


def test_first_moves_what_waits_for_nothing_and_others_wait_for_it() -> None:
    upper = _rows(VALLEYS)["Upper"]
    assert upper["moves_first"] == ["v.truce"], "the dam waits for the truce under one reading"
    assert upper["awaited"] == {"v.truce": ["v.dam"]}


def test_the_flagship_has_a_row_for_each_side_and_names_what_nobody_is_named_for() -> None:
    flagship = library.load("ukraine-28-point")
    rows = {row["party"]: row for row in balance(flagship)}
    assert list(rows) == ["Russia", "Ukraine", "United_States", "Europe"]
    assert "p10.guarantee" in rows["United_States"]["gives"]
    assert "p21.recognition" in rows["United_States"]["gives"]
    assert "p10.response" not in rows["Russia"]["gets"], "a response against it is no gain"
    assert rows["Ukraine"]["keeps"] == [
        "p11.eu_right",
        "p21.frozen_lines",
        "p22.no_change_by_force",
    ]
    assert {"p10.compensation", "p13.sanctions_relief", "p12.minerals"} <= set(unassigned(flagship))
    assert "p6.force_cap" not in unassigned(flagship)
    for row in rows.values():
        assert set(row["irreversible"]) | set(row["moves_first"]) <= set(row["gives"])
