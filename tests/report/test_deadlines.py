"""The calendar of deadlines, read back: last days, readings, stable bytes, nothing unescaped."""

from datetime import date
from typing import Any

import icalendar
import pytest

from servanda import asking, library
from servanda.engine.question import Question
from servanda.evidence.read import read_text
from servanda.library import Library
from servanda.report.deadlines import calendar, deadlines
from tests.report.samples import VALLEYS


def _record(number: int, kind: str, day: str, speaker: str, **args: str) -> str:
    told = ",".join(f'"{n}":"{v}"' for n, v in args.items())
    return (
        f'{{"id":"r{number}","type":"{kind}","at":"{day}","args":{{{told}}},"source":"{speaker}"}}'
    )


def _asked(lib: Library, records: list[str], **choices: Any) -> Question:
    read = read_text("\n".join(records), "course", lib.agreement.record_types, lib.zone)
    assert not read.refused
    return asking.question(lib, read, **choices)[0]


def _valleys(*more: str, **choices: Any) -> Question:
    signed = [
        _record(n, "signs", "2026-02-01", party, party=party)
        for n, party in enumerate(("Upper", "Lower"))
    ]
    return _asked(library.from_text(VALLEYS), [*signed, *more], **choices)


def _events(question: Question) -> list[Any]:
    return list(icalendar.Calendar.from_ical(calendar(question)).walk("VEVENT"))


def test_a_deadline_is_a_whole_day_and_says_when_it_is_too_late() -> None:
    asked = _valleys(as_of="2026-02-02", readings={"start": "on_signature"})
    assert [(d.instance, d.last_day) for d in deadlines(asked)] == [
        ("v.dam[Lower]", date(2026, 2, 11)),
        ("v.dam[Upper]", date(2026, 2, 11)),
    ]
    for event in _events(asked):
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event.decoded("dtstart") == date(2026, 2, 11)
        assert event.decoded("dtend") == date(2026, 2, 12)
        assert "Too late from 2026-02-11T23:00:00Z" in event["description"], "midnight in Vienna"


def test_without_a_reading_each_event_says_which_it_is_for() -> None:
    truce = [
        _record(n, "enacts", "2026-02-10", party, by=party, act="truce")
        for n, party in enumerate(("Upper", "Lower"), 5)
    ]
    events = _events(_valleys(*truce, as_of="2026-02-11"))
    told = {(str(e.decoded("dtstart")), e["description"].split("\n")[1]) for e in events}
    assert told == {
        ("2026-02-11", "If read as: start = on_signature."),
        ("2026-02-20", "If read as: start = on_truce."),
    }
    assert len({str(e["uid"]) for e in events}) == 4, "one for each party and reading"


def test_what_is_met_or_has_no_date_is_no_event() -> None:
    paid = _record(
        9,
        "pays",
        "2026-02-03",
        "Upper",
        **{"from": "Upper", "into": "Commission", "amount": "5", "currency": "EUR"},
    )
    asked = _valleys(paid, as_of="2026-02-05", readings={"start": "on_signature"})
    assert [d.instance for d in deadlines(asked)] == ["v.dam[Lower]"]
    assert not deadlines(_valleys(as_of="2026-02-05", readings={"start": "on_truce"}))


@pytest.mark.parametrize(
    ("day", "left", "told"),
    [
        ("2026-02-02", 9, "9 days left, as of 2026-02-02"),
        ("2026-02-10", 1, "1 day left"),
        ("2026-02-11", 0, "0 days left"),
        ("2026-02-14", -3, "3 days past it"),
    ],
)
def test_the_days_are_counted_down(day: str, left: int, told: str) -> None:
    asked = _valleys(as_of=day, readings={"start": "on_signature"})
    assert {one.days_left for one in deadlines(asked)} == {left}
    assert all(told in event["description"] for event in _events(asked))


def test_commas_and_semicolons_come_through_escaped() -> None:
    asked = _valleys(as_of="2026-02-02", readings={"start": "on_signature"})
    written = calendar(asked)
    assert b"each pays\\, for the dam\\; and" in written.replace(b"\r\n ", b"")
    assert str(_events(asked)[0]["summary"]).endswith("each pays, for the dam; and says so")
    name = icalendar.Calendar.from_ical(written)["x-wr-calname"]
    assert str(name) == "Two valleys; upper, lower: deadlines (tabled)"
    assert all(len(line) <= 75 for line in written.split(b"\r\n")), "folded as RFC 5545 asks"


def test_the_same_question_gives_the_same_bytes() -> None:
    assert calendar(_valleys(as_of="2026-02-02")) == calendar(_valleys(as_of="2026-02-02"))


@pytest.mark.parametrize(
    ("reading", "last_day"),
    [("on_agreement", date(2026, 4, 20)), ("on_ceasefire", date(2026, 5, 13))],
)
def test_elections_of_the_flagship_by_the_start_of_the_clock(reading: str, last_day: date) -> None:
    """In force on 10 January; both have pulled back on 2 February: a hundred days from either."""
    acts = [
        _record(n, "agrees", "2026-01-10", party, party=party)
        for n, party in enumerate(("Russia", "Ukraine"))
    ]
    back = [
        _record(n, "forces_withdrawn", "2026-02-02", source, of=party, **{"from": "agreed_points"})
        for n, (party, source) in enumerate(
            [(p, s) for p in ("Russia", "Ukraine") for s in ("Reuters", "AFP")], 10
        )
    ]
    chosen = {
        "consent_of": "both",
        "clock_start": reading,
        "ceasefire_start": "after_withdrawal",
    }
    asked = _asked(
        library.load("ukraine-28-point"),
        [*acts, *back],
        as_of="2026-02-10",
        readings=chosen,
        only=["p25"],
    )
    (found,) = deadlines(asked)
    assert (found.instance, found.last_day) == ("p25.elections", last_day)
