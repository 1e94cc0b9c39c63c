"""Whether one condition follows from another: never said where it does not.

What is said of two conditions is held to their plain definitions on courses of acts: whenever the
first holds there, the second does.  What the form does not show may be left open.
"""

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servanda import library
from servanda.compare.direction import Extent
from servanda.compare.draft import NOTHING, Draft
from servanda.compare.entail import Entailment
from servanda.compare.quantities import bounded, longer
from servanda.compare.simplify import simplified
from servanda.model import condition as c
from servanda.model.quantity import Comparison, Duration, Quantity, Window
from tests.engine.logs import TEXT, UNIT, Log, Plain, conditions, logs


@cache
def logic() -> Entailment:
    draft = Draft(library.from_text(TEXT))
    return Entailment(draft, replace(draft, mark="B"))


def _changed(draw: st.DrawFn, p: c.Condition) -> c.Condition:
    """The condition with one part changed, in a way that may or may not make it wider."""
    further = draw(conditions(0))
    step = draw(st.integers(-2, 2))
    match p:
        case c.And(parts) | c.Or(parts) if draw(st.booleans()):
            kept = draw(st.sampled_from(parts))
            return draw(st.sampled_from((kept, type(p)((*parts, further)))))
        case c.Not(body) if draw(st.booleans()):
            return c.Not(_changed(draw, body))
        case c.Temporal(window=window) if draw(st.booleans()):
            return replace(p, window=_moved(window, step))
        case c.Temporal(body=body) | c.Lasting(body=body) if draw(st.booleans()):
            return replace(p, body=_changed(draw, body))
        case c.Dyadic(left=left) if draw(st.booleans()):
            return replace(p, left=_changed(draw, left))
        case c.Lasting(duration):
            return replace(p, duration=Duration(max(0, duration.amount + step), UNIT))
        case c.Aggregate(quantity=Quantity(amount)):
            return replace(p, quantity=Quantity(max(Decimal(0), amount + step)))
    return draw(st.sampled_from((p, c.Or((p, further)), c.And((p, further)))))


def _moved(window: Window | None, step: int) -> Window | None:
    if window is None or window.upper is None:
        return Window(Duration(0, UNIT), Duration(3 + step, UNIT))
    low = max(0, window.lower.amount - 1)
    return Window(Duration(low, UNIT), Duration(max(low, window.upper.amount + step), UNIT))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[c.Condition, c.Condition]:
    p = draw(conditions(2))
    q = _changed(draw, p)
    return draw(st.sampled_from(((p, q), (q, p))))


def test_what_is_said_to_follow_holds_on_every_course() -> None:
    said = {True: 0, False: 0}

    @settings(max_examples=250)
    @given(pairs(), logs)
    def holds(pair: tuple[c.Condition, c.Condition], log: Log) -> None:
        p, q = pair
        follows = logic().follows(p, q)
        said[follows] += 1
        if follows:
            plain = Plain(log, range(25))
            first, second = plain.table(p), plain.table(q)
            assert all(second[t] for t in plain.domain if first[t])

    holds()
    assert min(said.values()) > 50, "both answers are given often enough to be tried"


@settings(max_examples=100)
@given(conditions(2), logs)
def test_simplifying_changes_nothing(p: c.Condition, log: Log) -> None:
    plain = Plain(log, range(25))
    shorter = simplified(c.And((p, c.Same(c.Name("A"), c.Name("A")))), logic().left.agreement)
    assert plain.table(shorter) == plain.table(p)


@given(
    st.sampled_from(Comparison), st.integers(0, 4), st.sampled_from(Comparison), st.integers(0, 4)
)
def test_bounds_are_those_of_numbers(p: Comparison, a: int, q: Comparison, b: int) -> None:
    """On halves and whole numbers around the bounds: nothing else can tell them apart."""
    numbers = [Decimal(n) / 2 for n in range(-2, 12)]
    x, y = Decimal(a), Decimal(b)
    follows = all(q.holds(n, y) for n in numbers if p.holds(n, x))
    assert bounded(p, Quantity(x), q, Quantity(y)) == follows
    assert not bounded(p, Quantity(x, "EUR"), q, Quantity(y, "USD"))


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        (Duration(30, "days"), Duration(31, "days"), 1),
        (Duration(4, "weeks"), Duration(28, "days"), 0),
        (Duration(1, "months"), Duration(30, "days"), None),
        (Duration(1, "months"), Duration(32, "days"), 1),
        (Duration(2, "years"), Duration(24, "months"), None),
        (Duration(1, "years"), Duration(300, "days"), -1),
        (Duration(3, "steps"), Duration(3, "days"), None),
    ],
)
def test_lengths_of_time(a: Duration, b: Duration, told: int | None) -> None:
    assert longer(a, b) == told
    back = longer(b, a)
    assert back == (None if told is None else -told)


def _extent(first: str, second: str, before: str = "", after: str = "") -> Extent:
    """How two conditions lie to each other in two small drafts, where what they say follows."""
    ground = (
        "party A\nparty B\ngroup G\n  members {A, B}\ngroup H\n  open\n  members {A}\n"
        'place Mill unspecified\nmeasure guards "guards" in people\n'
    )

    def draft(mark: str, condition: str, more: str) -> tuple[Draft, c.Condition]:
        head = f'agreement d{mark.lower()} "D"\n  in force when consent of {{A, B}} by {{signs}}\n'
        norm = f"commitment x.c\n  bearer A\n  not {condition}\n  from in_force\n"
        found = Draft(library.from_text(head + ground + more + norm), mark)
        written = found.norm("x.c").condition
        assert written is not None
        return found, simplified(written, found.agreement)

    one, p = draft("A", first, before)
    other, q = draft("B", second, after)
    return Entailment(one, other).extent(p, q)


@pytest.mark.parametrize(
    ("first", "second", "extent"),
    [
        ("attack by A", "attack by {A, B}", "wider"),
        ("attack by {A, B}", "attack by members of G", "same"),
        ("attack by A", "attack by members of H", "open"),
        ("attack by A at Mill", "attack by A at Mill within 5 km", "wider"),
        ("new forces_withdrawn of A from Mill", "forces_withdrawn of A from Mill", "wider"),
        ("concludes parties {A, B}", "concludes parties {A}", "open"),
        ("every x in {A, B} (attack by x)", "every y in {A} (attack by y)", "wider"),
        ("some x (attack by x on A)", "some y (attack by y on A)", "same"),
        ("consent of {A, B} by {signs}", "in_force", "same"),
        ("consent of {A, B} by {signs}", "consent of {A, B} by {signs, agrees}", "wider"),
        ("consent of {A, B} by {signs}", "consent of {A} by {signs}", "wider"),
        ("2026-02-01", "2026-01-01", "wider"),
        ("once [0 days, 3 days] (attack)", "once [0 days, 9 days] (attack)", "wider"),
        ("not guards of A at most 5 people", "not guards of A at most 9 people", "narrower"),
    ],
)
def test_forms_side_by_side(first: str, second: str, extent: str) -> None:
    assert _extent(first, second) == extent
    turned = {"wider": "narrower", "narrower": "wider"}.get(extent, extent)
    assert _extent(second, first) == turned


def test_what_stands_behind_a_name_is_written_out() -> None:
    quiet = "define quiet as not attack\n"
    loud = "define quiet as not attack weapon drone\n"
    assert _extent("quiet", "not attack", quiet) == "same"
    assert _extent("quiet", "quiet", quiet, loud) == "wider"


def test_a_term_means_the_same_only_with_the_same_readings() -> None:
    one = "term t\n  reading a: A\n  reading b: B\n"
    other = "term t\n  reading a: A\n  reading b: {A, B}\n"
    assert _extent("attack by t", "attack by t", one, one) == "same"
    assert _extent("attack by t", "attack by t", one, other) == "open"
    assert _extent("attack by t", "attack by {A, B}", one) == "wider"


def test_a_state_lasts_longer_where_less_ends_it() -> None:
    state = "state inside(x)\n  begins when enters forces_of x\n"
    more = state + "  ends when forces_withdrawn of x from Mill\n"
    assert _extent("inside(A)", "inside(A)", state, state) == "same"
    assert _extent("inside(A)", "inside(A)", more, state) == "wider"


@pytest.mark.parametrize(
    ("value", "settled"),
    [
        (c.Name("A"), True),
        (c.Name("B"), False),
        (c.SetOf((c.Name("B"), c.Name("A"))), True),
        (c.MembersOf("G"), True),
        (c.MembersOf("H"), None),
        (c.Var("x"), None),
    ],
)
def test_what_is_settled_by_a_name(value: c.Value, settled: bool | None) -> None:
    groups = "party A\nparty B\ngroup G\n  members {A}\ngroup H\n  open\n  members {B}\n"
    agreement = library.from_text(f'agreement g "G"\n{groups}').agreement
    act = c.Pattern("attack")
    same = c.Same(c.Name("A"), value)
    found = simplified(c.And((act, c.Not(c.Not(same)))), agreement)
    wanted = {True: act, False: NOTHING, None: c.And((act, same))}[settled]
    assert found == wanted
