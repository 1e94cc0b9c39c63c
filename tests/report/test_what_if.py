"""What is supposed is read as any record is, held to limits, and asked beside what is known."""

import json
from typing import Any

import pytest

from servanda import asking, library
from servanda.engine.assess import assess_question
from servanda.evidence.read import Records
from servanda.library import InputError, Library
from servanda.report.what_if import (
    MAX_ASSUMPTIONS,
    MAX_CHARACTERS,
    MAX_RECORDS,
    Supposed,
    effects,
    lines,
    read,
    what_if,
)

TEXT = """\
~~~servanda
agreement valleys "Two valleys"
  zone UTC
  draft 2026-01-01
  in force when 2026-01-01

party Upper
  side
party Lower
  side

body Commission

measure guards "armed guards" in people
~~~

## p1. Peace

Neither valley attacks the other; Upper keeps few guards.

~~~servanda
prohibition p1.peace "neither attacks the other"
  bearer each of {Upper, Lower}
  toward the other
  not attack by bearer on other
  from in_force

obligation p1.cap "Upper keeps few guards"
  bearer Upper
  toward Lower
  maintain guards of Upper at most 600 people
  from in_force
  deadline unspecified
~~~
"""


@pytest.fixture(scope="module")
def valleys(tmp_path_factory: pytest.TempPathFactory) -> Library:
    path = tmp_path_factory.mktemp("valleys") / "valleys.md"
    path.write_text(TEXT, encoding="utf-8")
    return library.load(path)


def _asked(lib: Library, known: Records, told: Supposed, **choices: Any) -> Any:
    found = what_if(lib, known, read(lib, told), told.assume, **choices)
    without, _ = asking.question(lib, known, as_of="2026-03-01")
    return found, without


def test_records_change_states_and_leave_what_is_known_alone(valleys: Library) -> None:
    text = lines(valleys, "attack", ["Upper", "Lower"], "2026-02-01")
    found, without = _asked(valleys, Records(), Supposed(text), as_of="2026-03-01")
    (changed,) = found.states(without)
    assert (changed.instance, changed.before, changed.after, changed.entries) == (
        "p1.peace[Upper]",
        "active",
        "breached",
        1,
    )
    assert not without.inputs.records
    assert not found.refused


def test_assumptions_change_states(valleys: Library) -> None:
    text = lines(valleys, "measure", ["guards", "Upper", "700", "people"], "2026-02-01")
    told = Supposed(text, ("p1.cap.deadline=2026-01-15",))
    found, without = _asked(valleys, Records(), told, as_of="2026-03-01")
    assert {c.instance: c.after for c in found.states(without)} == {"p1.cap": "breached"}
    same = Supposed(text)
    found, without = _asked(valleys, Records(), same, as_of="2026-03-01")
    assert not found.states(without)  # the text leaves open from when it counts


def test_the_instant_is_that_of_the_latest_record_also_a_supposed_one(valleys: Library) -> None:
    text = lines(valleys, "attack", ["Upper", "Lower"], "2026-02-01")
    found = what_if(valleys, Records(), read(valleys, Supposed(text)))
    assert assess_question(found.supposing)["as_of"].startswith("2026-02-01T23:59:59")


def test_a_field_is_written_as_json_has_it(valleys: Library) -> None:
    given = lines(valleys, "measure", ["guards", "Upper", "700", ""], "2026-02-01", place="Kyiv")
    one, other = map(json.loads, given.splitlines())
    assert one["args"] == {"name": "guards", "of": "Upper", "value": 700}
    assert one["place"] == {"name": "Kyiv"}
    assert (one["id"], other["id"]) == ("what-if-1a", "what-if-1b")
    assert one["source"] != other["source"]  # so that it is corroborated
    alone = lines(valleys, "signs", ["Upper"], "2026-02-02", text=given)
    *before, last = map(json.loads, alone.splitlines())
    assert before == [one, other]
    assert (last["id"], last["source"]) == ("what-if-3", "Upper")  # who signs says so itself
    named = lines(valleys, "attack", ["Upper", "Lower"], "2026-02-02", told_by="Lower")
    assert json.loads(named)["source"] == "Lower"
    several = lines(valleys, "concludes", ["pact", "Upper, Lower"], "2026-02-02")
    assert json.loads(several.splitlines()[0])["args"]["parties"] == ["Upper", "Lower"]


def test_what_is_no_number_is_refused_where_it_is_read(valleys: Library) -> None:
    text = lines(valleys, "measure", ["guards", "Upper", "many", ""], "2026-02-01")
    found = what_if(valleys, Records(), read(valleys, Supposed(text)))
    assert [row.line for row in found.refused] == [1, 2]
    assert all("number" in row.reason for row in found.refused)


def test_an_id_that_is_taken_is_refused_with_its_line(valleys: Library) -> None:
    known = valleys.read([])
    first = lines(valleys, "attack", ["Upper", "Lower"], "2026-02-01", told_by="Lower")
    known = read(valleys, Supposed(first))
    other = first.replace("2026-02-01", "2026-02-05")
    found = what_if(valleys, known, read(valleys, Supposed(other)))
    (row,) = found.refused
    assert "other content" in row.reason


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Supposed("x" * (MAX_CHARACTERS + 1)), "40,000"),
        (Supposed("{}\n" * (MAX_RECORDS + 1)), "up to 200 records"),
        (Supposed("", ("a.b=1",) * (MAX_ASSUMPTIONS + 1)), "up to 20 assumptions"),
    ],
)
def test_more_than_is_taken_is_refused(valleys: Library, told: Supposed, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(valleys, told)


def test_a_type_that_is_not_there_is_refused(valleys: Library) -> None:
    with pytest.raises(InputError, match="no record type"):
        lines(valleys, "nothing", [], "2026-01-01")
    with pytest.raises(InputError, match="needs the day"):
        lines(valleys, "attack", ["Upper", "Lower"], " ")


def test_effects_that_stand_otherwise_are_told() -> None:
    before = {"effects": [{"id": "a", "state": "in force"}, {"id": "b", "state": "in force"}]}
    after = {"effects": [{"id": "a", "state": "invoked"}, {"id": "b", "state": "in force"},
                         {"id": "c", "state": "in force"}]}  # fmt: skip
    assert effects(before, after) == [("a", "in force", "invoked"), ("c", None, "in force")]


def test_nothing_supposed_is_nothing() -> None:
    assert not Supposed(" \n") and Supposed("", ("a.b=1",)) and Supposed("{}")
