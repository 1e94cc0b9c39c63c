"""A form as a row: what was left empty is left out, and the same, sent twice, is one record."""

from servanda.evidence.checked import to_record
from servanda.evidence.form import arguments, derived_id, many, row_of, withdrawal
from servanda.model.record_type import ArgKind
from tests.docket.proceedings import valleys

LIB = valleys()
TYPES = LIB.agreement.record_types


def test_a_form_makes_a_row_that_can_be_read() -> None:
    row = row_of(
        TYPES["attack"],
        {
            "args.by": ["Upper"],
            "args.on": [" Lower "],
            "args.weapon": [""],
            "at": ["2026-03-05"],
            "place.lat": ["48.1"],
            "place.lon": ["11.5"],
            "count": ["3"],
            "source": ["Lower"],
            "derived_from": ["a1, a2;a1"],
            "note": ["two  shells\nfell"],
            "unknown": ["x"],
        },
    )
    assert row["args"] == {"by": "Upper", "on": "Lower"}
    assert row["place"] == {"lat": "48.1", "lon": "11.5"}
    assert row["derived_from"] == ["a1", "a2"]
    assert row["note"] == "two shells fell"
    assert "unknown" not in row
    record = to_record(row, TYPES, LIB.zone)
    assert (record.id, record.word("by")) == (row["id"], "Upper")
    assert record.count == 3


def test_the_id_follows_from_what_it_says_unless_one_is_given() -> None:
    given = {"args.by": ["Upper"], "at": ["2026-03-05"], "source": ["Lower"]}
    one, again = (row_of(TYPES["attack"], given) for _ in range(2))
    other = row_of(TYPES["attack"], {**given, "at": ["2026-03-06"]})
    assert one == again
    assert one["id"] != other["id"]
    assert one["id"].startswith("attack-") and not any(c.isdigit() for c in one["id"])
    assert row_of(TYPES["attack"], {**given, "id": ["x1"]})["id"] == "x1"
    assert derived_id({"type": "a"}) != derived_id({"type": "b"})


def test_lists_come_from_several_fields_or_from_one() -> None:
    assert many({"x": ["a", "b"]}, "x") == many({"x": ["a, b"]}, "x") == ["a", "b"]
    row = row_of(TYPES["submits"], {"args.evidence": ["a1", "a2, a3"], "args.case": ["k1"]})
    assert row["args"] == {"case": "k1", "evidence": ["a1", "a2", "a3"]}


def test_a_place_by_its_name_or_by_a_point_that_is_whole_or_refused_later() -> None:
    named = row_of(TYPES["attack"], {"place.name": ["Mill"], "at": ["2026-03-05"]})
    assert named["place"] == {"name": "Mill"}
    half = row_of(TYPES["attack"], {"place.name": ["Mill"], "place.lat": ["48"]})
    assert half["place"] == {"lat": "48"}  # the reader says that the other number is missing


def test_taking_a_record_back_is_a_record_that_needs_no_date() -> None:
    given = {"source": ["Lower"], "note": ["a mistake"]}
    row = withdrawal(given, TYPES["attack"], "a1", "2026-03-09T12:00:00Z")
    record = to_record(row, TYPES, LIB.zone)
    assert (record.withdraws, record.at, record.type) == (("a1",), None, "attack")
    later = withdrawal(given, TYPES["attack"], "a1", "2026-03-10T12:00:00Z")
    assert later["id"] == row["id"]  # the same, sent later, is the same


def test_the_fields_of_a_type_are_its_arguments() -> None:
    assert arguments(TYPES["attack"]) == {
        "args.by": ArgKind.ACTOR,
        "args.on": ArgKind.ACTOR,
        "args.weapon": ArgKind.WORD,
        "args.target": ArgKind.WORD,
    }
