"""Whether the agreement is in force, by the readings of the words that it hangs on."""

from typing import Any

from servanda import asking, library
from servanda.engine.in_force import in_force

TEXT = """\
agreement pact "Pact"
  zone UTC
  in force when consent of whose by {signs}

party Upper
  side

party Lower
  side

term whose "whose consent is needed"
  reading one: {Upper}
  reading both: {Upper, Lower}
  decided by unspecified
"""


def _signs(party: str, day: str) -> dict[str, Any]:
    return {"id": party, "type": "signs", "at": day, "args": {"party": party}, "source": party}


def _rows(*records: dict[str, Any], **choices: Any) -> list[tuple[Any, ...]]:
    lib = library.from_text(TEXT)
    asked, _ = asking.question(lib, list(records), as_of="2026-03-01", **choices)
    return [(row.readings, row.holds, row.records) for row in in_force(asked)]


def test_readings_part_where_one_consent_is_missing() -> None:
    assert _rows(_signs("Upper", "2026-01-01")) == [
        (({"whose": "one"},), True, ("Upper",)),
        (({"whose": "both"},), False, ()),
    ]


def test_readings_that_say_the_same_share_a_row() -> None:
    assert _rows(_signs("Lower", "2026-01-01")) == [
        (({"whose": "one"}, {"whose": "both"}), False, ())
    ]


def test_a_fixed_reading_is_the_only_one() -> None:
    found = _rows(_signs("Upper", "2026-01-01"), readings={"whose": "both"})
    assert found == [(({"whose": "both"},), False, ())]


def test_since_when_is_the_last_consent_that_is_needed() -> None:
    lib = library.from_text(TEXT)
    records = [_signs("Upper", "2026-01-01"), _signs("Lower", "2026-02-01")]
    asked, _ = asking.question(lib, records, as_of="2026-03-01")
    since = {row.readings[0]["whose"]: row.since for row in in_force(asked)}
    day = 86_400_000_000
    assert since["both"] is not None and since["one"] is not None
    assert since["both"] - since["one"] == 31 * day


def test_a_text_that_does_not_say_has_no_row() -> None:
    lib = library.from_text('agreement a "A"\n  zone UTC\n')
    asked, _ = asking.question(lib, [])
    assert in_force(asked) == ()
