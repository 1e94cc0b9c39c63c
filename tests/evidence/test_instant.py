"""Dates with the precision that their source gave, in the zone of the agreement."""

from zoneinfo import ZoneInfo

import pytest

from servanda.evidence.instant import day_of, iso, parse_period, start_of_day

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-02-01", "2026-01-31T22:00:00Z", "2026-02-01T21:59:59.999999Z"),
        ("2026-02", "2026-01-31T22:00:00Z", "2026-02-28T21:59:59.999999Z"),
        ("2026-12", "2026-11-30T22:00:00Z", "2026-12-31T21:59:59.999999Z"),
        ("2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T20:59:59.999999Z"),  # 23 hours
        ("2026-10-25", "2026-10-24T21:00:00Z", "2026-10-25T21:59:59.999999Z"),  # 25 hours
        ("2026-02-01T10Z", "2026-02-01T10:00:00Z", "2026-02-01T10:59:59.999999Z"),
        ("2026-02-01T10+02:00", "2026-02-01T08:00:00Z", "2026-02-01T08:59:59.999999Z"),
        ("2026-02-01T10:30:00+02:00", "2026-02-01T08:30:00Z", "2026-02-01T08:30:00Z"),
        ("2026-02-01T10:30:00.5Z", "2026-02-01T10:30:00.500000Z", "2026-02-01T10:30:00.500000Z"),
        (" 2026-02-01T10:30:00Z ", "2026-02-01T10:30:00Z", "2026-02-01T10:30:00Z"),
    ],
)
def test_a_date_is_the_period_that_it_may_mean(text: str, first: str, last: str) -> None:
    period = parse_period(text, KYIV)
    assert (iso(period.first), iso(period.last)) == (first, last)
    assert period.exact is (first == last)
    assert period.length == period.last - period.first


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        ("second", "2026-02-01T10:30:20Z", "2026-02-01T10:30:20.999999Z"),
        ("minute", "2026-02-01T10:30:00Z", "2026-02-01T10:30:59.999999Z"),
        ("hour", "2026-02-01T10:00:00Z", "2026-02-01T10:59:59.999999Z"),
        ("day", "2026-01-31T22:00:00Z", "2026-02-01T21:59:59.999999Z"),
        ("month", "2026-01-31T22:00:00Z", "2026-02-28T21:59:59.999999Z"),
        ("exact", "2026-02-01T10:30:20.250000Z", "2026-02-01T10:30:20.250000Z"),
    ],
)
def test_a_stated_precision_widens_an_instant(precision: str, first: str, last: str) -> None:
    period = parse_period("2026-02-01T10:30:20.25Z", KYIV, precision)
    assert (iso(period.first), iso(period.last)) == (first, last)


def test_a_stated_precision_never_narrows() -> None:
    assert parse_period("2026-02", KYIV, "day") == parse_period("2026-02", KYIV)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-02-30", "day"),
        ("2026-13", "month"),
        ("2026-02-01T10:30:00", "names no time zone"),
        ("yesterday", "not an ISO 8601"),
        ("", "not an ISO 8601"),
        ("9999-12-31", "outside the years"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_period(text, KYIV)


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ValueError, match="is none of exact, second"):
        parse_period("2026-02-01", KYIV, "week")


def test_overlap_is_symmetric_and_includes_the_ends() -> None:
    day = parse_period("2026-02-01", KYIV)
    last = parse_period("2026-02-01T21:59:59.999999Z", KYIV)
    after = parse_period("2026-02-01T22:00:00Z", KYIV)
    assert day.overlaps(last)
    assert last.overlaps(day)
    assert not day.overlaps(after)
    assert not after.overlaps(day)


def test_years_before_the_epoch_and_before_1000_are_written_whole() -> None:
    assert iso(parse_period("1915-05-01T00:00:00Z", KYIV).first) == "1915-05-01T00:00:00Z"
    assert iso(parse_period("0990-05-01T00:00:00Z", KYIV).first) == "0990-05-01T00:00:00Z"


def test_a_day_begins_in_its_zone() -> None:
    start = start_of_day(day_of(0, KYIV), KYIV)
    assert iso(start) == "1969-12-31T21:00:00Z"
    assert day_of(start - 1, KYIV).isoformat() == "1969-12-31"
