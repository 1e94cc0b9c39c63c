"""Records told as sentences."""

from zoneinfo import ZoneInfo

from servanda.engine.phrase import record
from servanda.evidence.instant import Period
from servanda.evidence.record import Record

UTC = ZoneInfo("UTC")


def test_what_says_nothing_more_leaves_no_gap() -> None:
    """As a withdrawal without a date."""
    assert record(Record("w", "attack", "UN", 0, None), UTC) == "w: UN says attack, undated"


def test_what_is_said_comes_before_place_and_date() -> None:
    told = Record("a", "attack", "UN", 0, Period(0, 0), {"by": "North"}, "Mill")
    assert record(told, UTC).startswith("a: UN says attack by North, at Mill, ")
