"""Hypothetical courses: both ways round, and refused where they cannot be read."""

from pathlib import Path

import pytest

from servanda import asking, library
from servanda.library import InputError
from servanda.report.cases import docket
from servanda.report.course import both_ways, courses, sides, states
from tests.report.samples import folder

PAID = (
    '{"id":"a","type":"signs","at":"2026-02-01","args":{"party":"Upper"},"source":"Upper"}\n'
    '{"id":"b","type":"signs","at":"2026-02-01","args":{"party":"Lower"},"source":"Lower"}\n'
    '{"id":"c","type":"enacts","at":"2026-02-02","args":{"by":"Upper","act":"truce"},'
    '"source":"Upper"}\n'
)


def _states(result: dict[str, object]) -> dict[str, str]:
    return {n["id"]: n["state"] for n in result["norms"]}  # type: ignore[attr-defined]


def test_swapped_roles_swap_the_result(tmp_path: Path) -> None:
    lib = folder(tmp_path)
    (tmp_path / "courses").mkdir()
    (tmp_path / "courses" / "one.jsonl").write_text(PAID)
    (path,) = courses(lib)
    assert sides(lib) == ("Upper", "Lower")
    told, mirrored = (_states(r) for r in both_ways(lib, path, "2026-02-10"))
    assert (told["v.truce[Upper]"], told["v.truce[Lower]"]) == ("fulfilled", "active")
    assert (mirrored["v.truce[Upper]"], mirrored["v.truce[Lower]"]) == ("active", "fulfilled")


def test_a_course_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path) -> None:
    lib = folder(tmp_path)
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id":"a"}\n')
    with pytest.raises(InputError, match=r"bad\.jsonl:1: "):
        both_ways(lib, bad, "2026-02-10")


def test_roles_can_be_swapped_only_between_two_sides() -> None:
    text = 'agreement one "One"\n  zone UTC\n  draft 2026-01-01\n\nparty Alone\n'
    with pytest.raises(InputError, match="no two sides"):
        sides(library.from_text(text))


def test_every_provision_of_the_flagship_has_its_states_in_the_first_months() -> None:
    lib = library.load("ukraine-28-point")
    path, _ = courses(lib)
    told, mirrored = both_ways(lib, path, "2026-06-30")
    assert len(told["provisions"]) == 28
    for provision in told["provisions"]:
        listed = [name for names in states(told, provision).values() for name in names]
        assert sorted(listed) == sorted(provision["norms"])
    assert _states(told)["p28.ceasefire[Russia]"] == _states(mirrored)["p28.ceasefire[Ukraine]"]


def test_two_complaints_go_the_same_way_in_both_directions() -> None:
    """Whoever complains of whom: the same steps, clocks and reasons."""
    lib = library.load("ukraine-28-point")
    _, path = courses(lib)
    asked, refused = asking.question(lib, [path])
    assert not refused
    one, other = (dict(case) for case in docket(asked)["cases"])
    assert [one["complainant"], one["respondent"]] == [other["respondent"], other["complainant"]]
    for name in ("status", "lacking", "next"):
        assert one[name] == other[name]
    shape = [(s["step"], s["demanded"], s["at"], s["late"]) for s in one["steps"]]
    assert shape == [(s["step"], s["demanded"], s["at"], s["late"]) for s in other["steps"]]
    assert one["findings"][0]["why_not"] == other["findings"][0]["why_not"] != []
