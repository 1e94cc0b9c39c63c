"""Numbers of records: what is outstanding, and sums and counts since a commitment is active."""

import pytest

from servanda import asking, library
from servanda.engine.quantities import SINCE, counts_events
from servanda.engine.reason import Reason
from servanda.evidence.instant import parse_period
from servanda.evidence.read import read_text
from servanda.evidence.standard import Role
from servanda.model import condition as c
from tests.engine.test_conditions import READINGS, TEXT, _agreement, _records
from tests.evidence.small import UTC

MORE = """\
define many_attacks as count in (attack) at least 2
"""


def tally(**args: int) -> str:
    import json

    whose = {"holder": "North", "category": "missing"}
    at = "2026-02-02T00:00:00Z"
    return json.dumps({"id": "t", "type": "tally", "at": at, "args": whose | args, "source": "X"})


@pytest.mark.parametrize(
    ("args", "holds", "note"),
    [
        ({"listed": 5, "returned": 2, "declined": 1, "died": 1}, False, "1"),
        ({"listed": 5, "returned": 3, "declined": 1, "died": 1}, True, "0"),
        ({"listed": 5, "returned": 4}, False, "1"),  # what is not told is none
        ({"listed": 5, "returned": 5}, True, "0"),
        ({"listed": 0}, True, "0"),
        ({"returned": 5}, False, "no tally"),  # without a list nobody knows who is missing
    ],
)
def test_outstanding_is_listed_less_returned_declined_and_died(
    args: dict[str, int], holds: bool, note: str
) -> None:
    lib = library.from_text(
        TEXT.replace("{soldier, civilian}", "{missing, remains}")
        + "\ndefine asked as outstanding held(North, missing) at most 0\n"
    )
    rows = read_text(tally(**args), "rows", lib.agreement.record_types, UTC)
    asked, _ = asking.question(lib, rows, as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", READINGS).evaluator
    cond = lib.agreement.definitions["asked"].condition
    at = parse_period("2026-02-02T00:00:00Z", UTC).first
    reason = evaluator.evaluate(cond, {}, at, Role.FULFILLING)
    assert (reason.condition, reason.holds, reason.note) == (cond, holds, note)
    assert [r.id for r in reason.records()] == ([] if note == "no tally" else ["t"])
    assert evaluator.evaluate(cond, {}, at - 1, Role.FULFILLING).note == "no tally"


def since(text: str, day: str, at: str) -> Reason:
    """A condition asked for a commitment that is active from a day on."""
    lib = _agreement(text)
    asked, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", READINGS).evaluator
    env = {SINCE: str(parse_period(day, UTC).first)}
    cond = lib.agreement.definitions["asked"].condition
    instant = parse_period(at, UTC).first
    found = evaluator.evaluate(cond, env, instant, Role.OFFENDING)
    assert evaluator.holds(cond, env, instant, Role.OFFENDING) is found.holds
    return found


@pytest.mark.parametrize(
    ("text", "day", "note"),
    [
        # Attacks come on 1, 3 and 5 February; those before a commitment was active do not count.
        ("count in (attack) at least 2", "2026-02-01", "3"),
        ("count in (attack) at least 2", "2026-02-02", "2"),
        ("count in (attack) at least 2", "2026-02-05", "1"),
        ("count in (attack) at least 2", "2026-02-06", "0"),
        ("count in (attack) within 2 days at least 2", "2026-02-01", "2"),
        ("count in (attack) within 2 days at least 2", "2026-02-05", "1"),
        # What lasts counts all the same.
        ("sum of amount in (pays into Relief) at least 1 USD", "2026-02-09", "300"),
    ],
)
def test_events_count_since_a_commitment_is_active(text: str, day: str, note: str) -> None:
    found = since(text, day, "2026-02-05" if "attack" in text else "2026-02-08")
    assert found.note == note


def test_two_conditions_of_one_agreement_are_told_apart() -> None:
    lib = _agreement("count in (attack) at least 2 or count in (lifts_sanctions) at least 1")
    asked, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", READINGS).evaluator
    either = lib.agreement.definitions["asked"].condition
    assert isinstance(either, c.Or)
    assert [counts_events(evaluator, part) for part in either.parts] == [True, False]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("count in (attack) at least 2", True),
        ("not count in (attack) at least 2", True),
        ("count in (strike(North)) at least 1", True),
        ("many_attacks", True),
        ("sum of amount in (new pays into Relief) at least 1 USD", True),
        ("sum of amount in (pays into Relief) at least 1 USD", False),  # a payment stays made
        ("count in (attack or lifts_sanctions) at least 1", False),
        ("count in (lifts_sanctions) at least 1", False),
        ("attack", False),
    ],
)
def test_sums_of_events_are_told_from_sums_of_what_lasts(text: str, events: bool) -> None:
    lib = library.from_text(f"{TEXT}{MORE}\ndefine asked as {text}\n")
    asked, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", READINGS).evaluator
    cond = lib.agreement.definitions["asked"].condition
    assert counts_events(evaluator, cond) is events
    assert counts_events(evaluator, cond) is events  # kept, and the same
