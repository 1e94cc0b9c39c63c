"""From a pattern to what is asked of the records, and whether any reading could find one."""

import pytest

from servanda import asking, library
from servanda.engine.facts import Ground, Unbound
from servanda.engine.reference import Evaluator
from servanda.evidence.standard import Role
from servanda.model import condition as c
from tests.engine.test_conditions import READINGS, TEXT, _records

MORE = """\
term spot "where it happened"
  reading camp: Camp
  reading town: Sumy
"""
NORTH = frozenset({"North"})


def asked(text: str, border: str = "maps") -> tuple[Evaluator, c.Pattern]:
    lib = library.from_text(f"{TEXT}{MORE}\ndefine asked as {text}\n")
    question, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    readings = {**READINGS, "spot": "town", "border": border}
    cond = lib.agreement.definitions["asked"].condition
    while not isinstance(cond, c.Pattern):
        assert isinstance(cond, c.Some)
        cond = cond.body
    return question.run("any_claim", readings).evaluator, cond


@pytest.mark.parametrize(
    ("text", "finds", "conceivable"),
    [
        ("lifts_sanctions by East", True, True),
        ("lifts_sanctions by West", False, False),
        # Some reading of a term, or of whose territory a place is, could find a record …
        ("lifts_sanctions by who", False, True),
        ("enters forces_of South territory_of South", False, True),
        ("attack by North at spot", False, True),
        ("attack by North at spot within 1 km", False, True),
        # … unless none can match what is certain.
        ("lifts_sanctions by who on North", False, False),
        ("enters forces_of East territory_of South", False, False),
        ("enters forces_of South territory_of who at Camp", False, False),
        ("attack by East at spot", False, False),
        ("attack by who at Sumy", False, False),
        ("attack by who on North at Camp within 3 km", False, True),
        ("attack by who on North at Camp within 2 km", False, False),
    ],
)
def test_whether_any_reading_could_find_a_record(text: str, finds: bool, conceivable: bool) -> None:
    evaluator, pattern = asked(text)
    for role in Role:
        found = evaluator.facts.find(evaluator.ground(pattern, {}), role)
        assert bool(found) is finds
        assert evaluator.conceivable(pattern, {}, role) is conceivable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attack", Ground("attack", ())),
        ("new lifts_sanctions", Ground("lifts_sanctions", (), new=True)),
        ("attack by who", Ground("attack", (("by", NORTH),))),
        ("some x (attack by x)", Ground("attack", (("by", Unbound("x")),))),
        ("attack at spot", Ground("attack", (), frozenset({"Sumy"}))),
        ("attack at Camp within 3 km", Ground("attack", (), frozenset({"Camp"}), 3.0)),
        ("attack at Camp within 500 m", Ground("attack", (), frozenset({"Camp"}), 0.5)),
    ],
)
def test_what_is_asked_of_the_records(text: str, expected: Ground) -> None:
    evaluator, pattern = asked(text, border="facts")
    assert evaluator.ground(pattern, {}) == expected


def test_a_number_is_asked_for_beside_a_name() -> None:
    evaluator, pattern = asked("enters people at least 1_000 forces_of North")
    people, whose = evaluator.ground(pattern, {}).args
    assert isinstance(people[1], c.Bound)
    assert whose == ("forces_of", NORTH)


def test_whose_territory_is_which_is_asked_only_where_an_argument_is_one() -> None:
    counts = ((frozenset({"Crimea"}), "South"),)
    evaluator, pattern = asked("enters forces_of South", border="facts")
    assert evaluator.ground(pattern, {}).territory == counts
    evaluator, pattern = asked("enters forces_of South", border="maps")
    assert evaluator.ground(pattern, {}).territory == ()
    evaluator, pattern = asked("attack by South", border="facts")
    assert evaluator.ground(pattern, {}).territory == ()


def test_a_place_may_be_a_variable() -> None:
    evaluator, pattern = asked("some x (attack by North at {x, Kharkiv})")
    assert evaluator.ground(pattern, {"x": "Sumy"}).places == frozenset({"Sumy", "Kharkiv"})
