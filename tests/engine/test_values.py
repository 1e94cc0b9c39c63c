"""What a value in a condition stands for: names, variables, sets, disputed terms, groups, lists."""

from dataclasses import replace
from decimal import Decimal

import pytest

from servanda import asking
from servanda.engine.reason import Env
from servanda.engine.reference import Evaluator
from servanda.evidence.standard import Role
from servanda.model import condition as c
from servanda.model.quantity import Comparison, Quantity
from tests.engine.test_conditions import READINGS, _agreement, _records, ask

NORTH = frozenset({"North"})
BOTH = frozenset({"North", "South"})
ENV: Env = {"x": "North", "sides": BOTH}


def evaluator() -> Evaluator:
    lib = _agreement("in_force")
    asked, _ = asking.question(lib, _records(), as_of="2026-12-31", standard="any_claim")
    return replace(asked.run("any_claim", READINGS).evaluator, lists={"areas": ("Kharkiv", "Sumy")})


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (c.Name("North"), NORTH),
        (c.Var("x"), NORTH),
        (c.Var("sides"), BOTH),
        (c.Var("nobody_said"), None),
        (c.SetOf((c.Name("North"), c.Var("x"))), NORTH),
        (c.SetOf((c.Var("x"), c.Name("South"))), BOTH),
        (c.SetOf((c.Name("North"), c.Var("nobody_said"))), NORTH),
        (c.SetOf(()), frozenset()),
        (c.TermValue("who"), NORTH),
        (c.TermValue("clock"), frozenset()),  # its reading is no value
        (c.TermValue("border"), frozenset()),  # its reading says nothing
        (c.MembersOf("Alliance"), frozenset({"East", "West"})),
        (c.ListValue("areas"), frozenset({"Kharkiv", "Sumy"})),
        (c.ListValue("left_open"), None),
        (c.Bound(Comparison.AT_LEAST, Quantity(Decimal(1))), frozenset()),
    ],
)
def test_the_names_that_a_value_stands_for(value: c.Value, names: frozenset[str] | None) -> None:
    asked = evaluator()
    assert asked.names(value, ENV) == names
    assert asked.key_of(value, ENV) == (names or frozenset())


def test_a_list_that_is_filled_in_is_asked_name_by_name() -> None:
    cond = _agreement("in_force").agreement.norms["p.list"].condition
    assert cond is not None
    reason = evaluator().evaluate(cond, {}, 0, Role.FULFILLING)
    assert [dict(part.env) for part in reason.parts] == [{"area": "Kharkiv"}, {"area": "Sumy"}]


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ("strike(North)", {"by_whom": "North"}),
        ("strike({North, South})", {"by_whom": BOTH}),
        ("strike(members of Nobody)", {"by_whom": frozenset()}),
        ("every x in {North} (attack by x)", {"x": "North"}),
        ("some x (attack by x)", {"x": "North"}),
    ],
)
def test_a_reason_says_what_variables_stand_for_in_its_part(text: str, env: object) -> None:
    (part,) = ask(text, "2026-02-01T00:00:00Z").parts
    assert part.env == env


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        # A variable is known wherever one can stand.
        ("attack by {x}", True),
        ("strike(x)", True),
        ("strike({x, West})", True),
        ("x is North", True),
        ("x is South", False),
        ("consent of x by {signs}", True),
        ("guards of x at most 249 people", False),
        ("once (attack by x)", True),
        ("(clock) since (attack by x)", True),
        ("(who is both) since (attack by x)", True),
        ("(not attack by x) since [1 day, *] (clock)", False),
        ("for at least 1 day (attack by x)", False),
        ("count in (attack by x) at least 1", True),
        ("count in (attack by x) at least 2", False),
        ("count in (attack by x) at least guards of x less 249 people", True),
        ("not attack by x", False),
        ("every y in {x, North} (attack by y)", True),
        ("some y (attack by y and y is x)", True),
        ("(attack by x or who is both)", True),
        ("p.hold[x] is breached", True),
        ("(in_force and p.hold[x] is breached)", True),
        ("p.hold[x] has been kept for 1 day", False),
    ],
)
def test_a_variable_is_known_wherever_it_stands(text: str, holds: bool) -> None:
    found = ask(f"every x in {{North}} ({text})", "2026-02-01T00:00:00Z")
    assert found.holds is holds
    if holds:
        assert not ask(f"every x in {{East}} ({text})", "2026-02-01T00:00:00Z").holds
