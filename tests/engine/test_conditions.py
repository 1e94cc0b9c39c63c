"""Each form of condition on a few records: when it holds, on what, and that it says so in time.

A row gives a condition as it is written, an instant, whether it holds there, and the records that
the reason rests on.  Truth without reasons and the boundaries are held to the same rows.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from servanda import asking, library
from servanda.engine.axis import LATEST
from servanda.engine.facts import Fact
from servanda.engine.reason import Reason
from servanda.evidence.instant import parse_period
from servanda.evidence.read import Records, read_text
from servanda.evidence.standard import Role
from servanda.model import condition as c
from tests.evidence.small import UTC

TEXT = """\
agreement small "Conditions"
  zone Europe/Kyiv
  draft 2026-01-01
  in force when consent of {North, South} by {signs} withdrawn by {withdraws_consent}
      with capacity {full_powers, ratifying}

party North
  country UA
party South
  country RU
group Alliance
  side
  members {East, West}
group Nobody
  open

place Camp 50.0 36.0
measure guards "guards" in people
measure total "all there is" in USD
tally held "people held" by {soldier, civilian}
fund Relief in USD

term clock "when it starts"
  reading early: 2026-01-05
  reading signed: in_force
term who "whom it covers"
  reading one: North
  reading both: {North, South}
term border "where it runs"
  reading maps
  reading facts: counts {Crimea} as South

define strike(by_whom) as attack by by_whom on South
define quiet as not attack
state inside(invader)
  begins when in_force and enters forces_of invader
  ends when forces_withdrawn of invader from Kharkiv or forces_withdrawn of invader from South

prohibition p.hold
  bearer each of {North, South}
  not attack by bearer
  from in_force

obligation p.list
  bearer North
  list areas unspecified
  achieve every area in areas (control_change from South to North place area)
  from in_force
  deadline unspecified
"""

ROWS = """\
{"id":"s1","type":"signs","at":"2026-01-10T00:00:00Z","args":{"party":"North"},"source":"North"}
{"id":"s2","type":"signs","at":"2026-01-12T00:00:00Z","args":{"party":"South"},"source":"South"}
{"id":"a1","type":"attack","at":"2026-02-01T00:00:00Z","args":{"by":"North","on":"South","weapon":"drone"},"place":{"name":"Kharkiv"},"source":"X"}
{"id":"a2","type":"attack","at":"2026-02-03T00:00:00Z","args":{"by":"South","on":"North","weapon":"missile"},"place":{"lat":50.02,"lon":36.0},"source":"X"}
{"id":"a3","type":"attack","at":"2026-02-05T00:00:00Z","args":{"by":"unattributed","on":"South"},"source":"X"}
{"id":"e1","type":"enters","at":"2026-02-10T00:00:00Z","args":{"forces_of":"South","territory_of":"North","people":1500},"place":{"name":"Kharkiv"},"source":"X"}
{"id":"e2","type":"enters","at":"2026-02-11T00:00:00Z","args":{"forces_of":"South","territory_of":"North"},"place":{"name":"Sumy"},"source":"X"}
{"id":"e3","type":"enters","at":"2026-02-12T00:00:00Z","args":{"forces_of":"North","territory_of":"South"},"place":{"name":"Crimea"},"source":"X"}
{"id":"w1","type":"forces_withdrawn","at":"2026-02-20T00:00:00Z","args":{"of":"South","from":"Kharkiv"},"place":{"name":"Kharkiv"},"source":"X"}
{"id":"w2","type":"forces_withdrawn","at":"2026-02-25T00:00:00Z","args":{"of":"South","from":"South"},"source":"X"}
{"id":"m1","type":"measure","at":"2026-02-01T00:00:00Z","args":{"name":"guards","of":"North","value":250,"unit":"people"},"source":"X"}
{"id":"m2","type":"measure","at":"2026-02-04T00:00:00Z","args":{"name":"guards","of":"North","value":200,"unit":"people"},"source":"X"}
{"id":"m3","type":"measure","at":"2026-02-06T00:00:00Z","args":{"name":"total","of":"Relief","value":1000,"unit":"USD"},"source":"X"}
{"id":"m4","type":"measure","at":"2026-02-05T00:00:00Z","args":{"name":"total","of":"North","value":999,"unit":"USD"},"source":"X"}
{"id":"m5","type":"measure","at":"2026-02-05T00:00:00Z","args":{"name":"guards","of":"North"},"source":"X"}
{"id":"t1","type":"tally","at":"2026-02-01T00:00:00Z","args":{"holder":"North","category":"missing","listed":5,"returned":2,"declined":1,"died":1},"source":"X"}
{"id":"t2","type":"tally","at":"2026-02-03T00:00:00Z","args":{"holder":"North","category":"missing","listed":5,"returned":3,"declined":1,"died":1},"source":"X"}
{"id":"d1","type":"pays","at":"2026-02-07T00:00:00Z","args":{"from":"North","into":"Relief","amount":"300","currency":"USD"},"source":"X"}
{"id":"d2","type":"pays","at":"2026-02-09T00:00:00Z","args":{"from":"South","into":"Relief","amount":"500.50","currency":"USD"},"source":"X"}
{"id":"d3","type":"pays","at":"2026-02-09T06:00:00Z","args":{"from":"South","into":"Relief","amount":"900","currency":"EUR"},"source":"X"}
{"id":"l1","type":"lifts_sanctions","at":"2026-02-02T00:00:00Z","args":{"by":"East","on":"South","class":"banking"},"source":"X"}
{"id":"l2","type":"reinstates_sanctions","at":"2026-02-08T00:00:00Z","args":{"by":"East","on":"South","class":"banking"},"source":"X"}
"""


def whole(reason: Reason) -> None:
    """Every part of a reason says of which condition, with what facts and notes."""
    assert isinstance(reason.condition, c.Condition)
    assert isinstance(reason.note, str)
    assert reason.at is None or isinstance(reason.at, int)
    assert all(isinstance(fact, Fact) for fact in reason.facts)
    assert all(isinstance(name, str) for name in reason.env)
    for part in reason.parts:
        whole(part)


READINGS = {"clock": "early", "who": "one", "border": "maps"}


@cache
def _records() -> Records:
    found = read_text(ROWS, "rows", _agreement("in_force").agreement.record_types, UTC)
    assert not found.refused, found.refused
    return found


@cache
def _agreement(text: str) -> library.Library:
    return library.from_text(TEXT + f"\ndefine asked as {text}\n")


def ask(text: str, at: str, **readings: str) -> Reason:
    """The reason at an instant; the other ways to ask must agree with it."""
    lib = _agreement(text)
    asked, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", {**READINGS, **readings}).evaluator
    cond = lib.agreement.definitions["asked"].condition
    instant = parse_period(at, UTC).first
    role = Role.OFFENDING
    found = evaluator.evaluate(cond, {}, instant, role)
    assert found.condition is cond
    whole(found)
    assert evaluator.holds(cond, {}, instant, role) is found.holds
    edges = [e for e in evaluator.boundaries(cond, {}, role) if e <= instant]
    assert all(e < LATEST for e in evaluator.boundaries(cond, {}, role))
    if edges:  # nothing changes between two boundaries
        assert evaluator.holds(cond, {}, max(edges), role) is found.holds
    return found


def told(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    return [pytest.param(*row, id=f"{row[0]} @ {row[1]}") for row in rows]


@pytest.mark.parametrize(
    ("text", "at", "holds", "ids"),
    told(
        [
            # An act holds at its instant alone; a state from its act until what ends it.
            ("attack", "2026-02-01T00:00:00Z", True, ["a1"]),
            ("attack", "2026-02-01T00:00:00.000001Z", False, []),
            ("attack by North", "2026-02-03T00:00:00Z", False, []),
            ("attack by South on North", "2026-02-03T00:00:00Z", True, ["a2"]),
            ("attack by {North, South}", "2026-02-03T00:00:00Z", True, ["a2"]),
            ("attack weapon missile", "2026-02-01T00:00:00Z", False, []),
            ("attack by North", "2026-02-05T00:00:00Z", False, []),  # names nobody
            ("attack on South", "2026-02-05T00:00:00Z", True, ["a3"]),
            ("lifts_sanctions by East", "2026-02-07T23:59:59Z", True, ["l1"]),
            ("lifts_sanctions by East", "2026-02-08T00:00:00Z", False, []),
            ("lifts_sanctions by Alliance", "2026-02-03T00:00:00Z", True, ["l1"]),
            ("lifts_sanctions by members of Alliance", "2026-02-03T00:00:00Z", True, ["l1"]),
            ("lifts_sanctions by West", "2026-02-03T00:00:00Z", False, []),
            ("new lifts_sanctions by East", "2026-02-02T00:00:00Z", True, ["l1"]),
            ("new lifts_sanctions by East", "2026-02-02T00:00:01Z", False, []),
            ("attack or lifts_sanctions", "2026-02-03T00:00:00Z", True, ["a2", "l1"]),
            # Where.
            ("attack at Kharkiv", "2026-02-01T00:00:00Z", True, ["a1"]),
            ("attack at Sumy", "2026-02-01T00:00:00Z", False, []),
            ("attack at Camp within 3 km", "2026-02-03T00:00:00Z", True, ["a2"]),
            ("attack at Camp within 2 km", "2026-02-03T00:00:00Z", False, []),
            ("enters forces_of South people at least 1_000", "2026-02-10T00:00:00Z", True, ["e1"]),
            ("enters forces_of South people at least 1_501", "2026-02-10T00:00:00Z", False, []),
            ("enters forces_of South people at least 1", "2026-02-11T00:00:00Z", False, []),
            ("enters territory_of North", "2026-02-10T00:00:00Z", True, ["e1"]),
            ("enters territory_of South", "2026-02-10T00:00:00Z", False, []),
            # Beginnings: entry into force, consent, dates.
            ("in_force", "2026-01-11T23:59:59Z", False, []),
            ("in_force", "2026-01-12T00:00:00Z", True, ["s1", "s2"]),
            ("in_force", "2026-09-01T00:00:00Z", True, ["s1", "s2"]),
            ("consent of {North} by {signs}", "2026-01-10T00:00:00Z", True, ["s1"]),
            ("consent of {North} by {signs}", "2026-01-09T00:00:00Z", False, []),
            ("consent of {North} by {ratifies}", "2026-05-01T00:00:00Z", False, []),
            ("2026-01-05", "2026-01-04T22:00:00Z", True, []),  # midnight in Kyiv
            ("2026-01-05", "2026-01-04T21:59:59.999999Z", False, []),
            ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00Z", True, []),
            ("2026-01-05T10:00:00Z", "2026-01-05T09:59:59Z", False, []),
            ("5 days after in_force", "2026-01-17T21:59:59.999999Z", False, []),
            ("5 days after in_force", "2026-01-17T22:00:00Z", True, []),
            ("5 days after acquires_nuclear_weapons", "2026-09-01T00:00:00Z", False, []),
            # Quantities.
            ("guards of North at most 200 people", "2026-01-31T00:00:00Z", True, []),
            ("guards of North at most 200 people", "2026-02-01T00:00:00Z", False, ["m1"]),
            ("guards of North at most 200 people", "2026-02-04T00:00:00Z", True, ["m2"]),
            # A later one that gives no value, and another quantity, say nothing about it.
            ("guards of North at most 199 people", "2026-02-07T00:00:00Z", False, ["m2"]),
            ("guards of North less than 200 people", "2026-02-04T00:00:00Z", False, ["m2"]),
            ("guards of South at most 1 people", "2026-02-04T00:00:00Z", True, []),
            ("guards of North more than 249 people", "2026-02-03T00:00:00Z", True, ["m1"]),
            ("outstanding held(North, soldier) at most 9", "2026-02-04T00:00:00Z", False, []),
            (
                "every x in {North} (guards of x at most 200 people)",
                "2026-02-02T00:00:00Z",
                False,
                ["m1"],
            ),
            (
                "every x in {South} (guards of x at most 200 people)",
                "2026-02-02T00:00:00Z",
                True,
                [],
            ),
            # Sums and counts.
            ("count in (attack) at least 2", "2026-02-02T00:00:00Z", False, ["a1"]),
            ("count in (attack) at least 2", "2026-02-03T00:00:00Z", True, ["a1", "a2"]),
            (
                "count in (attack) within 2 days at least 2",
                "2026-02-03T00:00:00Z",
                True,
                ["a1", "a2"],
            ),
            ("count in (attack) within 1 day at least 2", "2026-02-03T00:00:00Z", False, ["a2"]),
            (
                "sum of amount in (pays into Relief) exactly 800.50 USD",
                "2026-02-09T00:00:00Z",
                True,
                ["d1", "d2"],
            ),
            (
                "sum of amount in (pays into Relief) exactly 800.50 USD",
                "2026-02-10T00:00:00Z",
                True,
                ["d1", "d2", "d3"],  # what was paid in another currency is seen and not added
            ),
            (
                "sum of amount in (pays from North into Relief) at least 301 USD",
                "2026-02-10T00:00:00Z",
                False,
                ["d1"],
            ),
            (
                "min of amount in (pays into Relief) exactly 300 USD",
                "2026-02-10T00:00:00Z",
                True,
                ["d1", "d2", "d3"],
            ),
            (
                "max of amount in (pays into Relief) exactly 500.50 USD",
                "2026-02-10T00:00:00Z",
                True,
                ["d1", "d2", "d3"],
            ),
            (
                "average of amount in (pays into Relief) exactly 400.25 USD",
                "2026-02-10T00:00:00Z",
                True,
                ["d1", "d2", "d3"],
            ),
            (
                "max of amount in (pays into Relief) at most 900 USD",
                "2026-02-06T00:00:00Z",
                False,  # of nothing there is no largest
                [],
            ),
            (
                "sum of amount in (pays into Relief) at least 80 percent of total of Relief",
                "2026-02-09T00:00:00Z",
                True,
                ["d1", "d2", "m3"],
            ),
            (
                "sum of amount in (pays into Relief) at least 81 percent of total of Relief",
                "2026-02-09T00:00:00Z",
                False,
                ["d1", "d2", "m3"],
            ),
            (
                "sum of amount in (pays into Relief) at least total of Relief less 200 USD",
                "2026-02-09T00:00:00Z",
                True,
                ["d1", "d2", "m3"],
            ),
            (
                "sum of amount in (pays into Relief) at least total of Relief less 2_000 USD",
                "2026-02-05T00:00:00Z",
                False,  # nothing measured yet to compare with
                [],
            ),
            (
                "sum of amount in (pays into Relief) exactly 80.05 percent of total of Relief",
                "2026-02-09T00:00:00Z",
                True,
                ["d1", "d2", "m3"],
            ),
            (
                "sum of amount in (pays into Relief) at least total of Relief",
                "2026-02-05T00:00:00Z",
                False,
                [],
            ),
            (
                "count in (attack) at least total of Relief",
                "2026-02-05T00:00:00Z",
                False,
                ["a1", "a2", "a3"],
            ),
            ("min of amount in (pays) at most 9 USD", "2026-02-06T00:00:00Z", False, []),
            ("average of amount in (pays) at most 9 USD", "2026-02-06T00:00:00Z", False, []),
            ("sum of amount in (pays) at most 9 USD", "2026-02-06T00:00:00Z", True, []),
            # Definitions, states, variables.
            ("strike(North)", "2026-02-01T00:00:00Z", True, ["a1"]),
            ("strike(South)", "2026-02-01T00:00:00Z", False, []),
            ("strike(members of Nobody)", "2026-02-01T00:00:00Z", False, []),
            ("strike(who)", "2026-02-01T00:00:00Z", True, ["a1"]),
            ("quiet", "2026-02-01T00:00:00Z", False, ["a1"]),
            ("inside(South)", "2026-02-09T00:00:00Z", False, []),
            ("inside(South)", "2026-02-10T00:00:00Z", True, ["e1"]),
            ("inside(South)", "2026-02-15T00:00:00Z", True, ["e1", "e2"]),
            ("inside(South)", "2026-02-21T00:00:00Z", True, ["e2"]),  # left one place only
            ("inside(South)", "2026-02-25T00:00:00Z", False, []),
            ("inside(North)", "2026-02-26T00:00:00Z", True, ["e3"]),
            ("some x (strike(x))", "2026-02-01T00:00:00Z", True, ["a1"]),
            ("some x (strike(x))", "2026-02-05T00:00:00Z", False, []),  # names nobody
            (
                "some x (once (strike(x)) and attack on x)",
                "2026-02-03T00:00:00Z",
                True,
                ["a1", "a2"],
            ),
            ("some u (enters unit u and attack unit u)", "2026-02-10T00:00:00Z", False, ["e1"]),
            (
                "some u (enters unit u and once [0 days, 20 days] (attack unit u))",
                "2026-02-10T00:00:00Z",
                True,
                ["a2", "e1"],
            ),
            (
                "some u (enters unit u and once [0 days, 20 days] (attack unit u))",
                "2026-02-11T00:00:00Z",
                False,
                ["e2"],
            ),
            ("every x in {East} (lifts_sanctions by x)", "2026-02-03T00:00:00Z", True, ["l1"]),
            (
                "every x in members of Alliance (lifts_sanctions by x)",
                "2026-02-03T00:00:00Z",
                False,
                ["l1"],
            ),
            # Readings.
            ("who is one", "2026-02-01T00:00:00Z", True, []),
            ("who is both", "2026-02-01T00:00:00Z", False, []),
            ("clock", "2026-01-06T00:00:00Z", True, []),
            ("attack by who", "2026-02-03T00:00:00Z", False, []),
        ]
    ),
)
def test_a_condition_at_an_instant(text: str, at: str, holds: bool, ids: Sequence[str]) -> None:
    found = ask(text, at)
    assert found.holds is holds
    assert [r.id for r in found.records()] == list(ids)


@pytest.mark.parametrize(
    ("text", "at", "readings", "holds"),
    [
        ("clock", "2026-01-06T00:00:00Z", {"clock": "signed"}, False),
        ("clock", "2026-01-12T00:00:00Z", {"clock": "signed"}, True),
        ("attack by who", "2026-02-03T00:00:00Z", {"who": "both"}, True),
        ("who is both", "2026-02-01T00:00:00Z", {"who": "both"}, True),
        ("enters territory_of North", "2026-02-12T00:00:00Z", {}, True),
        ("enters territory_of South", "2026-02-12T00:00:00Z", {}, False),
        ("enters territory_of North", "2026-02-12T00:00:00Z", {"border": "facts"}, False),
        ("enters territory_of South", "2026-02-12T00:00:00Z", {"border": "facts"}, True),
        ("enters territory_of North", "2026-02-10T00:00:00Z", {"border": "facts"}, True),
    ],
)
def test_a_condition_under_another_reading(
    text: str, at: str, readings: dict[str, str], holds: bool
) -> None:
    assert ask(text, at, **readings).holds is holds


def test_a_kept_commitment_is_that_of_its_key() -> None:
    assert ask("p.hold[North] has been kept for 3 days", "2026-02-05").holds
    assert not ask("p.hold has been kept for 3 days", "2026-02-05").holds


def test_the_reason_of_a_term_is_that_of_its_reading() -> None:
    found = ask("clock", "2026-02-05", clock="signed")
    assert [r.id for r in found.records()] == ["s1", "s2"]


@pytest.mark.parametrize("text", ["attack and who is both", "attack or who is one", "strike(West)"])
def test_what_is_settled_changes_nowhere(text: str) -> None:
    lib = _agreement(text)
    asked, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", READINGS).evaluator
    assert (
        evaluator.boundaries(lib.agreement.definitions["asked"].condition, {}, Role.OFFENDING) == ()
    )


def test_a_list_left_open_is_never_done_and_says_so() -> None:
    lib = _agreement("in_force")
    asked, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    evaluator = asked.run("any_claim", READINGS).evaluator
    cond = lib.agreement.norms["p.list"].condition
    assert isinstance(cond, c.Every)
    reason = evaluator.evaluate(cond, {}, 0, Role.FULFILLING)
    assert reason.condition is cond
    assert (reason.holds, reason.note) == (False, "the list is left open")


def test_conditions_without_an_entry_into_force_say_so() -> None:
    lib = library.from_text('agreement a "A"\n  zone UTC\nparty North\ndefine asked as in_force\n')
    asked, _ = asking.question(lib, Records(), as_of="2026-12-31")
    evaluator = asked.run("any_claim", {}).evaluator
    reason = evaluator.evaluate(c.InForce(), {}, 0, Role.FULFILLING)
    assert reason.condition == c.InForce()
    assert (reason.holds, reason.note) == (False, "nothing says when it enters into force")


@pytest.mark.parametrize(
    ("text", "at", "note", "since"),
    [
        ("guards of North at most 200 people", "2026-02-01T00:00:00Z", "250", None),
        (
            "guards of North at most 200 people",
            "2026-01-31T00:00:00Z",
            "no measure is no breach",
            None,
        ),
        ("outstanding held(North, soldier) at most 9", "2026-02-04T00:00:00Z", "no tally", None),
        ("count in (attack) at least 2", "2026-02-03T00:00:00Z", "2", None),
        (
            "sum of amount in (pays into Relief) at least 1 USD",
            "2026-02-09T00:00:00Z",
            "800.50",
            None,
        ),
        ("max of amount in (pays into Relief) at most 9 USD", "2026-02-06T00:00:00Z", "", None),
        (
            "sum of amount in (pays into Relief) at least total of Relief",
            "2026-02-05T00:00:00Z",
            "nothing measured yet to compare with",
            None,
        ),
        ("in_force", "2026-02-05T00:00:00Z", "", "2026-01-12T00:00:00Z"),
        (
            "p.hold[North] has been kept for 3 days",
            "2026-02-05T00:00:00Z",
            "",
            "2026-02-01T00:00:00Z",
        ),
        ("consent of {North} by {signs}", "2026-02-05T00:00:00Z", "", "2026-01-10T00:00:00Z"),
        ("5 days after in_force", "2026-02-05T00:00:00Z", "", "2026-01-12T00:00:00Z"),
    ],
)
def test_a_reason_tells_the_number_or_since_when(
    text: str, at: str, note: str, since: str | None
) -> None:
    found = ask(text, at)
    assert found.note == note
    assert found.at == (None if since is None else parse_period(since, UTC).first)
