"""What an edition says, what it never says, and how late it says it."""

import json
from collections import Counter
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.evidence.instant import day_of
from servanda.library import InputError
from servanda.report import map_layers as m
from servanda.report.edition.document import digest_of, edition, text_of, under
from servanda.report.edition.occurrences import DELAY_DAYS, WEEKS, told_until, weeks
from servanda.report.edition.states import BASES, STATES, by_reading, state_of, violations_of
from servanda.report.edition.suppress import SMALL
from servanda.report.judged import CLAIMED, judge
from tests.report.edition.samples import FLAGSHIP, LATE, PAUSE, asked, made

SCHEMA = json.loads((files("servanda") / "schemas" / "edition-1.json").read_text(encoding="utf-8"))
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize("name", [PAUSE, FLAGSHIP, "easter-truce-2025", "minsk-2-2015"])
def test_it_has_the_form_that_its_schema_says(name: str) -> None:
    jsonschema.validate(made(name), SCHEMA)


def test_the_same_input_gives_the_same_bytes() -> None:
    one, other = made(), made()
    assert text_of(one) == text_of(other)
    assert digest_of(one) == digest_of(json.loads(text_of(other)))
    assert digest_of(one) != digest_of(made(standard="corroborated"))


@pytest.mark.parametrize("name", [PAUSE, FLAGSHIP])
def test_no_record_no_source_and_no_time_of_day_stands_in_it(name: str) -> None:
    question, result = asked(name)
    found = edition(question, result, LATE)
    kept = {k: v for k, v in found.items() if k not in ("as_of", "known_at")}
    text = text_of(kept).decode()
    parties = {a.id for a in question.agreement.actors.values()}
    records = question.inputs.records
    assert len(records) > 20
    for record in records:
        assert f'"{record.id}"' not in text
        if record.source is not None and record.source not in parties:
            assert f'"{record.source}"' not in text
    for word in ("records", "speaker", "patrol", "can_end", "assum", "T0", "T1", "T2"):
        assert word not in text, word


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"standard": "party:Ukraine"}, "no side’s own account"),
        ({"standard": "2 independent sources"}, "no side’s own account"),
    ],
)
def test_one_sides_account_is_no_edition(choices: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        made(**choices)


def test_what_is_only_supposed_is_no_edition() -> None:
    question, result = asked(FLAGSHIP, assume=["p6.force_cap.deadline=2026-07-01"])
    with pytest.raises(InputError, match="assumes nothing"):
        edition(question, result, LATE)


@given(days, days, days)
def test_only_whole_weeks_that_are_over_long_enough_are_told(
    first: date, as_of: date, made_on: date
) -> None:
    until = told_until(as_of, made_on)
    found = list(weeks(first, until))
    assert len(found) <= WEEKS
    for begin, end in found:
        assert begin.weekday() == 0 and end == begin + timedelta(6)
        assert end <= as_of
        assert (made_on - end).days >= DELAY_DAYS
    for (_, end), (begin, _) in pairwise(found):
        assert begin - end == timedelta(1)
    if found:
        assert found[0][0] + timedelta(6) >= first  # no week before the first day
        assert (until - found[-1][1]).days < 7  # and none is left out at the end


def test_what_is_too_new_is_not_told() -> None:
    everything = made()["occurrences"]
    assert everything["until"] == "2025-04-27"
    made_then = made(day=date(2025, 4, 12))["occurrences"]
    assert made_then["until"] == "2025-03-30"
    assert made(day=date(2025, 3, 20))["occurrences"] is None


def test_counts_are_those_of_the_records() -> None:
    """Worked out again, one by one, from the occurrences of the map."""
    question, result = asked()
    found = edition(question, result, LATE)["occurrences"]
    types = m.types_of(question)
    first = date.fromisoformat(found["from"])
    true: Counter[tuple[str | None, int]] = Counter()
    for one in judge(question, types):
        if one.status != CLAIMED:
            week = (day_of(one.at, question.zone) - first).days // 7
            true[m.place(question, one).unit, week] += 1
    shown = 0
    for unit in found["units"]:
        for week, count in enumerate(unit["by_week"]):
            assert count is None or count == true[unit["unit"], week]
            assert count is None or not 0 < count < SMALL
            shown += count is not None
        assert unit["occurrences"] in (
            None, sum(n for (u, _), n in true.items() if u == unit["unit"])
        )  # fmt: skip
    assert shown > 0
    assert found["total"] == sum(true.values()) == 39


def test_every_count_has_how_much_was_observed_beside_it() -> None:
    found = made(FLAGSHIP)["occurrences"]
    for one in (*found["weeks"], *found["units"]):
        assert "observed" in one
        assert one["observed"] is None or 0 <= one["observed"] <= 1


def test_what_nobody_watches_is_named() -> None:
    found = made()
    assert found["not_monitored"] == ["pause.no_strikes[Russia]", "pause.no_strikes[Ukraine]"]


def test_every_day_that_a_disputed_clock_could_give_is_told() -> None:
    (clock, *_) = [
        one for one in made(FLAGSHIP, standard="corroborated")["deadlines"] if len(one["days"]) > 1
    ]
    assert all(day["if"] for day in clock["days"])
    assert len({day["last_day"] for day in clock["days"]}) == len(clock["days"])


def test_alleged_found_and_decided_are_told_apart() -> None:
    def row(**more: Any) -> dict[str, Any]:
        return {"id": "a", "kind": "prohibition", "state": "breached", "breaches": [], **more}

    breaches = [{"basis": basis} for basis in ("alleged", "decided", "alleged", "found")]
    assert violations_of(row(breaches=breaches)) == list(BASES)
    parted = [
        {"basis": "alleged", "readings": [{"t": "a"}]},
        {"basis": "found", "readings": [{"t": "b"}]},
    ]
    told = by_reading(
        row(
            state="depends",
            breaches=parted,
            by_reading=[
                {"readings": {"t": name}, "state": state}
                for name, state in (("a", "breached"), ("b", "breached"), ("c", "active"))
            ],
        )
    )
    assert [(one["state"], one["violations"]) for one in told] == [
        ("violated", ["alleged"]), ("violated", ["found"]), ("active", []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"state": "active"}, "active"),
        ({"state": "active", "overdue": True}, "overdue"),
        ({"state": "active", "observed": "not monitored"}, "not monitored"),
        ({"state": "active", "observed": "not observed"}, "expectation not met"),
        ({"state": "inactive"}, "not yet active"),
        ({"state": "breached"}, "violated"),
        ({"state": "depends"}, "depends on a reading"),
        ({"state": "active", "kind": "principle"}, "statement of principle"),
        ({"state": "breached", "kind": "principle"}, "violated"),
    ],
)
def test_states_are_from_a_closed_list(row: dict[str, Any], state: str) -> None:
    assert state_of({"kind": "duty", **row}) == state
    assert state in STATES


def test_readings_are_told_by_what_is_disputed() -> None:
    found = made()
    assert under(found, [{"start": "on_18_march"}]) == "when the pause began: on 18 march"
    assert under(found, [{"start": "on_18_march"}, {"start": "on_25_march"}]) == ""
