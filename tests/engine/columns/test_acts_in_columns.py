"""Acts and what they bind, in columns: the same as one by one."""

import pytest

from servanda import asking, library
from servanda.engine.columns import few
from servanda.engine.columns.evaluator import ColumnEvaluator
from servanda.engine.question import COLUMNAR, REFERENCE
from servanda.engine.reference import Evaluator
from servanda.evidence.instant import parse_period
from servanda.evidence.read import read_text
from servanda.evidence.standard import Role
from servanda.model import condition as c
from tests.engine.test_acts import AT_FORCE, FIXED, LATER, MORE
from tests.engine.test_conditions import ROWS, TEXT
from tests.evidence.small import UTC

DAYS = [f"2026-02-{day:02}T00:00:00Z" for day in range(1, 29)]


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few, "RECORDS", 0)


def asked(text: str, engine: str) -> tuple[Evaluator, c.Condition]:
    lib = library.from_text(f"{TEXT}{MORE}\ndefine asked as {text}\n")
    rows = read_text(ROWS + AT_FORCE + LATER, "rows", lib.agreement.record_types, UTC)
    question, _ = asking.question(
        lib, rows, as_of="2026-12-31", standard="any_claim", engine=engine
    )
    return question.run("any_claim", FIXED).evaluator, lib.agreement.definitions["asked"].condition


@pytest.mark.parametrize(
    "text",
    [
        "attack by North",
        "attack by North or attack on South",
        "strike(North)",
        "some x (strike(x))",
        "some x (attack by x and p.hold[x] is breached)",
        "some x (strike(x) and p.hold[x] is breached)",
        "some x (quarrel(x, North) and p.hold[x] is breached)",
        "some x (attack by x and quarrel(x, South))",
        "guards of North at most 199 people",
        "guards of South at most 1 people",
    ],
)
def test_they_are_those_of_the_reference(text: str) -> None:
    (plain, cond), (columns, same) = asked(text, REFERENCE), asked(text, COLUMNAR)
    assert not isinstance(plain, ColumnEvaluator)
    assert isinstance(columns, ColumnEvaluator)
    for role in Role:
        acts = sorted((fact.at, fact.ids) for fact, _ in plain.acts(cond, {}, role))
        found = columns.acting(same, {}, role).merged
        assert [(fact.at, fact.ids) for fact in found] == acts
        for day in DAYS:
            at = parse_period(day, UTC).first
            assert columns.holds(same, {}, at, role) is plain.holds(cond, {}, at, role)


def test_a_guard_is_judged_for_whom_it_is_asked() -> None:
    """The act beside it may be the same for all."""
    evaluator, cond = asked(
        "every x in {North, South} (attack and p.hold[x] is breached)", COLUMNAR
    )
    assert isinstance(evaluator, ColumnEvaluator)
    assert isinstance(cond, c.Every)
    for whose, ids in (("North", ["a2", "a3", "a4"]), ("South", ["a3", "a4"])):
        found = evaluator.acting(cond.body, {"x": whose}, Role.OFFENDING).merged
        assert [fact.ids[0] for fact in found] == ids
